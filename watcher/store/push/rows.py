"""What the tables share: their connection, and reading one row or none."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select


class Rows:
    """The tables of one noun, within one transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _first(self, query: Select[Any]) -> Row[Any] | None:
        row: Row[Any] | None = self._connection.execute(query).first()
        return row
