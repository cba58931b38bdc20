"""
One database file: who may read and write it, and when.

| | connection | transaction | waits for |
|---|---|---|---|
| write | the one writer of this process | excludes other writers | this process' other writes, then other processes' |
| read | a small pool | one snapshot | nothing (WAL) |

A transaction is a plain function of a connection. It runs as a whole in a thread, for the database blocks: there and
back once, however many statements it has.

Writes that come while another is synced to the disk are committed together (a group commit), for the sync costs more
than all their statements. Each has a savepoint, so one that fails takes nothing else back, unless SQLite takes back
the whole transaction; none is told that it is saved before all are.

Each commit that changed something is counted (`store/commits.py`), so that a log that is lost is noticed; when none
came for a while, the log is emptied into the database.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from watcher.core.wakeups import Woken
from watcher.errors import StoreError
from watcher.store.commits import PUSH_COMMITS, CommitNotes, checkpoint
from watcher.store.log_renewal import renew_log
from watcher.store.push import sqlite
from watcher.store.push.read_gate import ReadGate
from watcher.store.resting import REST_SECONDS, RestingCheckpoint
from watcher.store.threads import Job, Threads

T = TypeVar("T")
_TURN_SECONDS: Final = 60.0
"""Longer than one begin can take (busy time x attempts), so that a waiter sees a real failure first."""
_TOGETHER_SECONDS: Final = 0.02
_READERS: Final = 4
_READ_SECONDS: Final = 30.0
_RENEWAL_SECONDS: Final = 30.0
"""How long an opening anew waits for those who read; in vain, the connections stay."""
_HAS_COUNT: Final = "SELECT 1 FROM sqlite_master WHERE name = 'commits'"
_RAISE_COUNT: Final = (
    "INSERT INTO commits (single, number) VALUES (1, 1) ON CONFLICT (single) DO UPDATE SET number = number + 1"
)
_log = logging.getLogger(__name__)


class FileDatabase:
    """The engines of one database file. Used from one event loop."""

    def __init__(
        self, path: Path, *, busy_seconds: float, read_seconds: float, rest_seconds: float, together_seconds: float
    ) -> None:
        self._path = path
        self._notes = CommitNotes(path.with_name(f"{path.stem}.commits"))
        self._is_counted = False
        self._is_in_doubt = False
        self._together_seconds = together_seconds
        self._resting = RestingCheckpoint(self._checkpoint, rest_seconds=rest_seconds)
        self._writer = sqlite.open_engine(path, connections=1, busy_seconds=busy_seconds)
        self._readers = sqlite.open_engine(path, connections=_READERS, busy_seconds=busy_seconds)
        self._writing = Threads(
            1,
            name="push-writer",
            seconds=_TURN_SECONDS,
            late=f"{path}: another write did not end within {_TURN_SECONDS:.0f} s",
        )
        self._reading = Threads(
            _READERS,
            name="push-reader",
            seconds=read_seconds,
            late=f"{path}: {_READERS} readers are busy, and none ended in time",
        )
        self._seen_version: int | None = None
        self._gate = ReadGate()
        self._has_committed = False

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        wakes: Callable[[T], Woken] | None = None,  # noqa: ARG002 - others look, and hear nothing
        then: Callable[[T], object] | None = None,
        is_send: bool = False,  # noqa: ARG002 - a file has one writer
    ) -> T:
        """Return what `work` returns, done as one transaction and saved; as `Database.write`."""

        def end(result: T) -> None:
            if self._has_committed:
                self._has_committed = False
                self._resting.wrote()
            if then is not None:
                then(result)

        return await self._writing.run(partial(self._transact, work), then=end, together=self._write_together)

    async def read(
        self,
        work: Callable[[Connection], T],
        *,
        is_one_statement: bool = False,  # noqa: ARG002 - to begin takes no way to a server
    ) -> T:
        """Return what `work` returns, all of it from one snapshot, without waiting for writers. Raises StoreError."""
        return await self._reading.run(partial(self._read, work))

    async def foreign_commit(self, *, are_heard: bool = False) -> bool:  # noqa: ARG002 - as above
        """
        Return whether another process has written since the last call; at the first: since the opening.

        The number is asked on the writer's own connection, whose own commits do not change it
        (sqlite.org/pragma.html#pragma_data_version).
        """
        version = await self._writing.run(self._data_version)
        changed, self._seen_version = version != self._seen_version, version
        return changed

    def is_own(self, sender: str) -> bool:  # noqa: ARG002 - as above
        """Return False: nobody says anything."""
        return False

    async def remember_version(self) -> None:
        """Take the database as it is now for what has been seen."""
        self._seen_version = await self._writing.run(self._data_version)

    async def close(self) -> None:
        """Empty the log into the database, close all connections, end their threads. Nothing may be called after."""
        await self._resting.close()
        try:
            await self._writing.run(self._dispose)
        finally:
            self._writing.close()
            self._reading.close()

    async def _checkpoint(self) -> bool:
        """Bring the log into the database; return whether all of it is there. One that cannot be now waits."""
        try:
            return await self._writing.run(self._empty_log)
        except StoreError as error:
            _log.info("no checkpoint was made: %s", error)
            return False

    # In the threads

    def _write_together(self, jobs: Iterator[Job[Any]]) -> None:
        try:
            self._end_doubt()
            with (
                sqlite.failures(self._path),
                self._writer.connect() as connection,
                sqlite.writing(connection) as driver,
            ):
                changes_before = driver.total_changes
                self._do(jobs, connection)
                self._commit(connection, changes_before)
        except StoreError as error:
            self._is_in_doubt = True
            if sqlite.cannot_write(error.__cause__):
                self._open_anew()
            raise

    def _end_doubt(self) -> None:
        """After a commit that failed, have what is there on the disk. Raises StoreError."""
        if self._is_in_doubt:
            try:
                renew_log(self._path)
            except (sqlite3.Error, OSError) as error:
                raise sqlite.to_store_error(self._path, error) from error
            self._is_in_doubt = False

    def _do(self, jobs: Iterator[Job[Any]], connection: Connection) -> None:
        """Do the jobs that wait, each at a savepoint of its own. Raises what became of all of them."""
        driver, ends_at = sqlite.driver_of(connection), None
        for job in jobs:
            sqlite.set_savepoint(driver)
            job.do(connection)
            # Some errors end the whole transaction (sqlite.org/lang_transaction.html).
            if job.error is not None and (not driver.in_transaction or sqlite.cannot_write(job.error.__cause__)):
                raise StoreError(f"{self._path}: the transaction was taken back") from job.error.__cause__
            sqlite.end_savepoint(driver, is_kept=job.error is None)
            now = time.monotonic()
            ends_at = now + self._together_seconds if ends_at is None else ends_at
            if now > ends_at:
                return

    def _transact(self, work: Callable[[Connection], T], connection: Connection) -> T:
        with sqlite.failures(self._path):
            return work(connection)

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self._gate.reading(), sqlite.failures(self._path), self._readers.connect() as connection:
            sqlite.begin_read(connection)
            return work(connection)

    def _commit(self, connection: Connection, changes_before: int) -> None:
        """Commit, and count that where anything was changed."""
        driver = sqlite.driver_of(connection)
        has_changed = driver.total_changes != changes_before
        number = None
        if has_changed:
            self._is_counted = self._is_counted or driver.execute(_HAS_COUNT).fetchone() is not None
            number = _count(driver) if self._is_counted else None
        connection.commit()
        self._has_committed |= has_changed
        if number is not None:
            self._notes.note(number)

    def _open_anew(self) -> None:
        """Close all connections, while nobody reads; those that come open others."""
        with self._gate.closed(_RENEWAL_SECONDS) as is_empty:
            if is_empty:
                self._dispose()

    def _empty_log(self) -> bool:
        with sqlite.failures(self._path), self._writer.connect() as connection:
            return checkpoint(sqlite.driver_of(connection))

    def _data_version(self) -> int:
        with sqlite.failures(self._path), self._writer.connect() as connection:
            return sqlite.data_version(connection)

    def _dispose(self) -> None:
        for engine in (self._readers, self._writer):
            engine.dispose()
        self._notes.close()


async def open_file(
    path: Path,
    *,
    busy_seconds: float = sqlite.BUSY_SECONDS,
    read_seconds: float = _READ_SECONDS,
    rest_seconds: float = REST_SECONDS,
    together_seconds: float = _TOGETHER_SECONDS,
) -> FileDatabase:
    """
    Open the file, made private (0600, in a directory 0700) where it is missing. The tables are not looked at.

    Args:
        busy_seconds: how long one of four attempts waits for another process' write.
        read_seconds: how long a reader waits, when all four read, until one of them ends.
        rest_seconds: so long after the last commit the write-ahead log is emptied into the database.
        together_seconds: how long a group takes further writes; the first waits that long for the last.

    Raises:
        StoreError: it cannot be made, or is no database.
    """
    await asyncio.to_thread(sqlite.prepare, path)
    return FileDatabase(
        path,
        busy_seconds=busy_seconds,
        read_seconds=read_seconds,
        rest_seconds=rest_seconds,
        together_seconds=together_seconds,
    )


def _count(driver: sqlite3.Connection) -> int:
    """Return the number of this commit (`store/commits.py`)."""
    driver.execute(_RAISE_COUNT)
    (number,) = driver.execute(PUSH_COMMITS).fetchone()
    return int(number)
