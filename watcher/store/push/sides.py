"""
The two sides of a copy: a data directory (here) or a database of PostgreSQL (`server_side.py`).

Each side is used by nobody else meanwhile, in one transaction that excludes other writers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection

from watcher.errors import StoreError, UsageError
from watcher.store.commits import checkpoint
from watcher.store.damage import COMMITS, POSTGRESQL_EPOCH, PUSH, PUSH_EPOCH, WATCHES
from watcher.store.files import make_private_directory, write_durably
from watcher.store.lock import RoleLock
from watcher.store.moves import finish_moves
from watcher.store.old_place import forget_moved, moved_to, note_moved
from watcher.store.push import sqlite
from watcher.store.push.epoch import refuse_lost
from watcher.store.push.tables import metadata

HOLDER: Final = "watcher database copy"
_ACTS: Final = ("INSERT", "UPDATE", "DELETE")


class Side(Protocol):
    """A place that subscribers and messages are copied from or to."""

    @property
    def shown(self) -> str:
        """The place, as messages and the old place show it."""

    def require_there(self) -> None:
        """Raise UsageError when there is nothing to copy from."""

    def has_left_for(self, target: Side) -> bool:
        """Return whether its rows are at the target already, or it has watches alone. Raises StoreError."""

    def alone(self) -> AbstractContextManager[None]:
        """Let no server and no watcher use it meanwhile. Raises LockedError, StoreError."""

    def looking(self) -> AbstractContextManager[Connection | None]:
        """Give a connection that writes nothing; None: nothing is there. Raises StoreError."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give a transaction that excludes other writers; without `arrive` or `leave` it changes nothing."""

    def moved_to(self, connection: Connection) -> str | None:
        """Return where its rows went; None: they are here."""

    def admit(self, connection: Connection) -> None:
        """Let rows be written here, which an old place refuses."""

    def commit(self, connection: Connection) -> None:
        """Commit what was written beside the rows."""

    def arrive(self, connection: Connection, epoch: int) -> None:
        """Commit the rows that are here from now on."""

    def leave(self, connection: Connection, to: Side, epoch: int) -> None:
        """
        Remember, on the disk, that the rows are elsewhere from now on.

        Whoever opened the place before, and waits to write, is refused by triggers.
        """


class FileSide:
    """The database of a data directory."""

    def __init__(self, data: Path) -> None:
        self.shown = str(data.absolute())
        self._data = data
        self._path = data / PUSH

    def require_there(self) -> None:
        """Raise UsageError when there is nothing to copy from."""
        if not self._path.exists():
            raise UsageError(f"there is nothing to copy in {self._data}: it has no {PUSH}")

    def has_left_for(self, target: Side) -> bool:
        """Return whether its rows are at the target already, or it has watches alone. Raises StoreError."""
        if (place := moved_to(self._data)) is not None:
            return place == target.shown
        return (self._data / WATCHES).exists() and not self._path.exists()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no server and no watcher use it meanwhile. Raises LockedError, StoreError."""
        make_private_directory(self._data)
        with RoleLock(self._data, "server", HOLDER), RoleLock(self._data, "watcher", HOLDER):
            finish_moves(self._data)
            if moved_to(self._data) is None:
                refuse_lost(self._path)
            yield

    @contextmanager
    def looking(self) -> Iterator[Connection | None]:
        """Give a connection that writes nothing; None: nothing is there. Raises StoreError."""
        if not self._path.exists():
            yield None
            return
        engine = sqlite.open_read_only(self._path)
        try:
            with sqlite.failures(self._path), engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that excludes other writers; without `arrive` it changes nothing."""
        sqlite.prepare(self._path)
        engine = sqlite.open_engine(self._path, connections=1, busy_seconds=sqlite.BUSY_SECONDS)
        try:
            with sqlite.failures(self._path), engine.connect() as connection, sqlite.writing(connection):
                yield connection
        finally:
            engine.dispose()

    def moved_to(self, connection: Connection) -> str | None:  # noqa: ARG002 - it stands beside the database
        """Return where its rows went; None: they are here."""
        return moved_to(self._data)

    def admit(self, connection: Connection) -> None:
        """Let rows be written here, which an old place refuses."""
        for table in metadata.tables:
            for act in _ACTS:
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS moved_{table}_{act}")

    def commit(self, connection: Connection) -> None:
        """Commit what was written beside the rows: nothing, in a file of its own."""
        connection.commit()

    def arrive(self, connection: Connection, epoch: int) -> None:
        """Commit the rows, and bring them from the log into the database: this commit was not counted."""
        connection.commit()
        checkpoint(sqlite.driver_of(connection))
        with self._writing_beside():
            (self._data / COMMITS[PUSH]).unlink(missing_ok=True)
            write_durably(self._data / PUSH_EPOCH, f"{epoch}\n")
        forget_moved(self._data)

    def leave(self, connection: Connection, to: Side, epoch: int) -> None:
        """Remember that the rows are elsewhere from now on, and which database the watches here go on with."""
        with self._writing_beside():
            write_durably(self._data / POSTGRESQL_EPOCH, f"{epoch}\n")
        note_moved(self._data, to.shown)
        self.admit(connection)
        where = to.shown.replace("'", "''")
        for table in metadata.tables:
            for act in _ACTS:
                connection.exec_driver_sql(
                    f"CREATE TRIGGER moved_{table}_{act} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'its rows were moved to {where}'); END"
                )
        connection.commit()
        checkpoint(sqlite.driver_of(connection))

    @contextmanager
    def _writing_beside(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"cannot write in {self._data}: {error.strerror}") from error
