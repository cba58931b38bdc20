"""
A connection, as the nouns speak over it within one transaction.

SQLite blocks, so a connection speaks in a thread of its own. Going there and back costs more than most statements: work
that looks at nothing but what it is given goes there as a whole (`apart`); other work stays on the event loop, and goes
there for each statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, TypeAlias, TypeVar

import sqlalchemy
from sqlalchemy import CursorResult, Executable, Result, ScalarResult

T = TypeVar("T")
_Values: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Connection:
    """One connection of the push database. The rows that a statement gives are read in the connection's thread."""

    __slots__ = ("_blocking", "_thread")

    def __init__(self, blocking: sqlalchemy.Connection, thread: Executor | None) -> None:
        """
        Args:
            thread: where statements are run; None: where they are awaited.
        """
        self._blocking = blocking
        self._thread = thread

    async def execute(self, statement: Executable, values: _Values = None) -> Result[Any]:
        """Run a statement, once for each of the values where they are a list, and return its rows."""
        return await self._rows(lambda blocking: blocking.execute(statement, values))

    async def scalars(self, statement: Executable, values: _Values = None) -> ScalarResult[Any]:
        """Do the same, and return the first column."""
        return (await self.execute(statement, values)).scalars()

    async def scalar(self, statement: Executable) -> Any:
        """Do the same, and return the first column of the first row; None where there is none."""
        return (await self.execute(statement)).scalar()

    async def change(self, statement: Executable, values: _Values = None) -> int:
        """Run a statement that gives no rows, and return how many it changed."""
        return await self.run(lambda blocking: int(blocking.execute(statement, values).rowcount))

    async def exec_driver_sql(self, sql: str, values: tuple[object, ...] = ()) -> Result[Any]:
        """Run SQL as it is, and return its rows."""
        return await self._rows(lambda blocking: blocking.exec_driver_sql(sql, values))

    async def run(self, work: Callable[[sqlalchemy.Connection], T]) -> T:
        """Return what `work` returns, done over the blocking connection in its thread."""
        if self._thread is None:
            return work(self._blocking)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._blocking)

    async def apart(self, work: Callable[[Connection], Coroutine[Any, Any, T]]) -> T:
        """
        Return what `work` returns, done as a whole in the connection's thread.

        Nothing but the connection may be awaited in it, and what others change meanwhile not be looked at.
        """
        return await self.run(lambda blocking: _finish(work(Connection(blocking, None))))

    async def _rows(self, ask: Callable[[sqlalchemy.Connection], CursorResult[Any]]) -> Result[Any]:
        if self._thread is None:
            return ask(self._blocking)
        return await self.run(lambda blocking: _read(ask(blocking)))


def _read(result: CursorResult[Any]) -> Result[Any]:
    """Read all rows now."""
    return result.freeze()() if result.returns_rows else result


def _finish(work: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns that never waits. Raises RuntimeError when it does."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("something other than the database was awaited in a transaction apart from the event loop")
