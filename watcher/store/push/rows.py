"""What the nouns share: the connection they speak over, and one row or none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select

from watcher.store.push.connection import Connection


class Rows:
    """The rows of one noun, within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def _first(self, query: Select[Any]) -> Row[Any] | None:
        row: Row[Any] | None = (await self._connection.execute(query)).first()
        return row
