"""
Short transactions over one connection, one after another, in a thread of their own.

A connection may be lost at any moment, and then it matters when: before COMMIT nothing was saved, and it is done once
more over another connection. Where the answer to COMMIT is what was lost, PostgreSQL is asked what became of the
transaction, by its number.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from watcher.errors import StoreError
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import failures, may_be_repeated
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.schemas import CLUSTER
from watcher.store.threads import Threads

T = TypeVar("T")
_TURN_SECONDS: Final = 10.0
_FATE_SECONDS: Final = 10.0
"""How long to ask what became of a transaction; PostgreSQL ends one whose client is gone after 3 s."""
_LOOK_SECONDS: Final = 0.1
_NUMBER: Final = "SELECT pg_current_xact_id_if_assigned()::text"
_FATE: Final = "SELECT pg_xact_status(%(number)s::text::xid8)"


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
        """
        Return what `work` returns, which is one transaction. `work` may be called twice; it is saved once.

        Raises StoreError: nothing was saved, or nobody knows, and it says so.
        """
        return await self._thread.run(partial(self._in, work))

    async def aclose(self) -> None:
        """Close the connection and end the thread. Nothing may be run after."""
        try:
            await self._thread.run(self._engine.dispose)
        finally:
            self._thread.close()

    # In the thread

    def _in(self, work: Callable[[Connection], T]) -> T:
        """Do it in a transaction; once more where the connection was lost and nothing saved."""
        with failures(self._url):
            try:
                return self._once(work)
            except DBAPIError as error:
                if not may_be_repeated(error):
                    raise
            return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        number: str | None = None
        try:
            with self._engine.connect() as connection:
                result = work(connection)
                number = connection.exec_driver_sql(_NUMBER).scalar_one()
                connection.commit()
        except DBAPIError as error:
            if number is None or not error.connection_invalidated or not self._was_committed(number):
                raise
        return result

    def _was_committed(self, number: str) -> bool:
        """Return what became of a transaction. Raises StoreError: nobody says."""
        ends_at = time.monotonic() + _FATE_SECONDS
        while (fate := self._fate(number)) in (None, "in progress"):
            if time.monotonic() > ends_at:
                raise StoreError(f"{name_of(self._url)}: the answer to a commit was lost, so it may have been saved")
            time.sleep(_LOOK_SECONDS)
        return fate == "committed"

    def _fate(self, number: str) -> str | None:
        """Return what PostgreSQL says of a transaction; None: nothing, for now."""
        try:
            with self._engine.connect() as connection:
                fate: str | None = connection.exec_driver_sql(_FATE, {"number": number}).scalar_one()
                return fate
        except DBAPIError:
            return None
