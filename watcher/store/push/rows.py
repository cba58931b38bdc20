"""What the tables share: their connection, and how rows are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select
from sqlalchemy.sql.base import Executable

from watcher.core.push import Slice

T = TypeVar("T")


class Rows:
    """The tables of one resource, within one transaction."""

    __slots__ = ("_connection", "_run")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._run = connection.execute

    def _first(self, query: Executable) -> Row[Any] | None:
        row: Row[Any] | None = self._run(query).first()
        return row

    def _one(self, query: Executable, read: Callable[[Row[Any]], T]) -> T | None:
        """Return the first row as `read` gives it; None where there is none."""
        row = self._first(query)
        return None if row is None else read(row)

    def _all(self, query: Executable, read: Callable[[Row[Any]], T]) -> list[T]:
        """Return each row as `read` gives it, in order."""
        return [read(row) for row in self._run(query)]


def stretch(query: Select[Any], id_: ColumnElement[int], cut: Slice) -> Select[Any]:
    """Ask for the part of a query's rows that a slice names, in the order of their ids."""
    if not cut.is_newest_first:
        return query.where(id_ > cut.after).order_by(id_).limit(cut.limit)
    known = query.where(id_ < cut.after) if cut.after else query
    return known.order_by(id_.desc()).limit(cut.limit)
