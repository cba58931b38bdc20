"""
Short transactions over one connection, one after another, in a thread of their own.

A connection may be lost at any moment, and then the work is done once more over another one. Where only the answer to
COMMIT was lost it is done twice, which must do no harm: who compares what is stored with what it decided from finds
what it saved itself (`watch_commits.py`).
PostgreSQL is not asked what became of the transaction, by its number: a crash may give that to another one, for it is
given again where no log on the disk has it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import failures, is_undone, may_be_repeated
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.schemas import CLUSTER
from watcher.store.threads import Threads

T = TypeVar("T")
_TURN_SECONDS: Final = 10.0


class Transactions:
    """One connection of this process to a cluster's database. Used from one event loop."""

    def __init__(self, url: str, *, name: str) -> None:
        """
        `name`: of its thread.

        Raises ConfigError: the URL names no database.
        """
        self._url = parse(url)
        self._engine = open_engine(self._url, schema=CLUSTER, connections=1, are_reading=False)
        late = f"{name_of(self._url)}: the statement before did not end within {_TURN_SECONDS:.0f} s"
        self._thread = Threads(1, name=name, seconds=_TURN_SECONDS, late=late)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns, which is one transaction; done twice it must do no harm. Raises StoreError."""
        return await self._thread.run(partial(self._in, work))

    async def aclose(self) -> None:
        """Close the connection and end the thread. Nothing may be run after."""
        try:
            await self._thread.run(self._engine.dispose)
        finally:
            self._thread.close()

    # In the thread

    def _in(self, work: Callable[[Connection], T]) -> T:
        """Do it in a transaction; once more where it was undone, for the connection was lost or others were slow."""
        with failures(self._url):
            try:
                return self._once(work)
            except DBAPIError as error:
                if not (may_be_repeated(error) or is_undone(error) or isinstance(error.orig, LockNotAvailable)):
                    raise
            return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            result = work(connection)  # which may roll back, to see what was there before
            connection.commit()
            return result
