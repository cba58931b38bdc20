"""
Who uses a database of PostgreSQL: any number of servers, or somebody alone.

A server has a shared lock for as long as it runs, and a command that needs the database without any server takes the
same one for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError

from watcher.errors import LockedError, StoreError
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.errors import failures, may_be_repeated
from watcher.store.postgresql.urls import name_of
from watcher.store.push.dialect import LOCKS, SERVER_LOCK
from watcher.store.schemas import PUSH

_BE_A_SERVER: Final = f"SELECT pg_try_advisory_lock_shared({LOCKS}, {SERVER_LOCK})"
_BE_ALONE: Final = f"SELECT pg_try_advisory_lock({LOCKS}, {SERVER_LOCK})"
_SNAPSHOT: Final = "SELECT pg_current_snapshot()"
"""Which transactions have ended: another one after each that has written."""


@contextmanager
def without_servers(url: URL) -> Iterator[None]:
    """Let no server use a database meanwhile. Raises LockedError: one does now; StoreError."""
    engine = open_engine(url, schema=PUSH, connections=1, are_reading=True).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    try:
        with failures(url), engine.connect() as connection:
            if not connection.exec_driver_sql(_BE_ALONE).scalar_one():
                raise LockedError(f"{name_of(url)}: a server uses it now; stop all of them first")
            yield
    finally:
        engine.dispose()


class Presence:
    """
    A server's presence in a database, over a connection of its own. Used in one thread at a time.

    As long as that lasts, nobody has the database alone; by the way it sees whether anybody has written.
    """

    def __init__(self, url: URL, *, is_server: bool, answer_seconds: float) -> None:
        """`is_server`: else it keeps nobody from having the database alone."""
        self._url = url
        self._is_server = is_server
        engine = open_engine(url, schema=PUSH, connections=1, are_reading=True, answer_seconds=answer_seconds)
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: Connection | None = None
        self._seen: str | None = None

    def has_changed(self) -> bool:
        """
        Return whether anybody has written in this PostgreSQL since the last call, this process included.

        Raises:
            DBAPIError: it cannot be asked.
            StoreError: somebody has the database alone.
        """
        before, self._seen = self._seen, str(self.ask(_SNAPSHOT)[0])
        return self._seen != before

    def ask(self, statement: str) -> Sequence[Any]:
        """Return the one row of the answer; a connection that was lost is replaced. Raises as `has_changed`."""
        try:
            return self._ask(statement)
        except DBAPIError as error:
            if not may_be_repeated(error):
                raise
        return self._ask(statement)

    def _ask(self, statement: str) -> Sequence[Any]:
        if self._connection is None:
            self._connection = self._connect()
        try:
            return self._connection.exec_driver_sql(statement).one()
        except DBAPIError as error:
            if error.connection_invalidated:
                self._forget()
            raise

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        try:
            self._enter(connection)
        except BaseException:
            connection.invalidate()  # it may have the lock
            connection.close()
            raise
        return connection

    def _enter(self, connection: Connection) -> None:
        if self._is_server and not connection.exec_driver_sql(_BE_A_SERVER).scalar_one():
            raise StoreError(f"{name_of(self._url)}: a command needs it without any server; start when it has ended")

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._forget()
        self._engine.dispose()
