"""
One SQLite file: who may read and write it, and when.

| | connection | transaction | waits for |
|---|---|---|---|
| write | the one writer of this process | BEGIN IMMEDIATE | this process' other writes, then other processes' |
| read | a small pool | BEGIN: one snapshot | nothing (WAL) |

All that a connection does is done in one thread, one thing after the other: where a caller is cancelled amid a
statement, the rollback comes after it.

Each commit that changed something is counted (`store/commits.py`), so that a log that is lost is noticed; when none
came for a while, the log is emptied into the database.

A transaction that began IMMEDIATE cannot be refused later, so only its beginning is tried again.

Where a disk refuses for a moment to open the files for writing, SQLite opens them for reading, and all connections of a
process share that (sqlite.org/walformat.html, the wal-index). So after such a refusal all are closed, and opened anew.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import sqlalchemy
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from watcher.core.files import ADVICE
from watcher.errors import DamagedError, StoreError
from watcher.store.commits import PUSH_COMMITS, CommitNotes, checkpoint
from watcher.store.files import is_out_of_files, touch_private_database
from watcher.store.push.connection import Connection
from watcher.store.resting import REST_SECONDS, RestingCheckpoint

_BUSY_SECONDS: Final = 5.0
_ATTEMPTS: Final = 4
_TURN_SECONDS: Final = 60.0
"""Longer than one begin can take (busy time x attempts), so that a waiter sees a real failure first."""
_READERS: Final = 4
_READ_SECONDS: Final = 30.0
_HAS_COUNT: Final = "SELECT 1 FROM sqlite_master WHERE name = 'commits'"
_RAISE_COUNT: Final = (
    "INSERT INTO commits (single, number) VALUES (1, 1) ON CONFLICT (single) DO UPDATE SET number = number + 1"
)
_log = logging.getLogger(__name__)


class Database:
    """The engines of one database file. Used from one event loop."""

    def __init__(self, path: Path, *, busy_seconds: float, read_seconds: float, rest_seconds: float) -> None:
        self._path = path
        self._notes = CommitNotes(path.with_name(f"{path.stem}.commits"))
        self._changes_before = 0
        self._has_changed = False
        self._is_counted = False
        self._resting = RestingCheckpoint(self._checkpoint, rest_seconds=rest_seconds)
        self._writer = _engine(path, begin="BEGIN IMMEDIATE", connections=1, busy_seconds=busy_seconds)
        self._readers = _engine(path, begin="BEGIN", connections=_READERS, busy_seconds=busy_seconds)
        self._read_seconds = read_seconds
        self._writing = _thread()
        self._threads = [_thread() for _ in range(_READERS)]
        self._reading: asyncio.LifoQueue[Executor] = asyncio.LifoQueue()
        for thread in self._threads:
            self._reading.put_nowait(thread)
        self._turn = asyncio.Lock()
        self._seen_version: int | None = None
        self._reads = 0
        self._read_ended = asyncio.Event()
        self._renewal = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """
        Run the body as one transaction; it is on the disk when the body's `async with` ends.

        Raises:
            StoreError: the disk or the database refused, or another process wrote for 20 s on end;
                nothing was saved.
        """
        async with self._turns():
            try:
                with self._failures():
                    async with _connected(
                        self._writer, self._writing, begin=self._begin, end=self._commit
                    ) as connection:
                        yield connection
                    if self._has_changed:
                        self._resting.wrote()
            except StoreError as error:
                if _is(_origin(error.__cause__), sqlite3.SQLITE_READONLY):
                    await self._open_anew()
                raise

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """Run the body on one snapshot, without waiting for writers. Raises StoreError."""
        async with self._renewal:
            self._reads += 1
        try:
            async with self._reader_threads() as thread:
                with self._failures():
                    async with _connected(self._readers, thread) as connection:
                        yield connection
        finally:
            self._reads -= 1
            self._read_ended.set()

    async def foreign_commit(self) -> bool:
        """
        Return whether another process has written since the last call; at the first: since the opening.

        The number is asked on the writer's own connection, whose own commits do not change it
        (sqlite.org/pragma.html#pragma_data_version).
        """
        async with self._turns():
            version = await self._data_version()
        changed, self._seen_version = version != self._seen_version, version
        return changed

    async def remember_version(self) -> None:
        """Take the database as it is now for what has been seen."""
        async with self._turns():  # a checkpoint may be under way, on the same connection
            self._seen_version = await self._data_version()

    async def close(self) -> None:
        """Empty the log into the database, close all connections, end their threads. Nothing may be called after."""
        await self._resting.close()
        await self._dispose()
        for thread in (self._writing, *self._threads):
            thread.shutdown(wait=False)

    async def _open_anew(self) -> None:
        """Close all connections, while none reads; those that come open others. Else it stays as it is for now."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TURN_SECONDS), self._renewal:
                while self._reads:
                    self._read_ended.clear()
                    await self._read_ended.wait()
                await self._dispose()

    async def _dispose(self) -> None:
        loop = asyncio.get_running_loop()
        for engine in (self._readers, self._writer):
            await loop.run_in_executor(self._writing, engine.dispose)
        await loop.run_in_executor(self._writing, self._notes.close)

    def _begin(self, connection: sqlalchemy.Connection) -> None:
        _begin(connection)
        self._changes_before = _driver(connection).total_changes

    def _commit(self, connection: sqlalchemy.Connection) -> None:
        """Commit, and count that where anything was changed."""
        driver = _driver(connection)
        self._has_changed = driver.total_changes != self._changes_before
        if not self._has_changed:
            connection.commit()
            return
        self._is_counted = self._is_counted or driver.execute(_HAS_COUNT).fetchone() is not None
        number = _count(driver) if self._is_counted else None
        connection.commit()
        if number is not None:
            self._notes.note(number)

    async def _checkpoint(self) -> bool:
        """Bring the log into the database; return whether all of it is there. One that cannot be now waits."""
        try:
            async with self._turns():
                with self._failures():
                    async with _connected(self._writer, self._writing) as connection:
                        return await connection.run(lambda blocking: checkpoint(_driver(blocking)))
        except StoreError as error:
            _log.info("no checkpoint was made: %s", error)
            return False

    async def _data_version(self) -> int:
        with self._failures():
            async with _connected(self._writer, self._writing) as connection:
                return await connection.run(_data_version)

    @asynccontextmanager
    async def _reader_threads(self) -> AsyncIterator[Executor]:
        try:
            async with asyncio.timeout(self._read_seconds):
                thread = await self._reading.get()
        except TimeoutError as error:
            raise StoreError(f"{self._path}: {_READERS} readers are busy, and none ended in time") from error
        try:
            yield thread
        finally:
            self._reading.put_nowait(thread)

    @asynccontextmanager
    async def _turns(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreError(f"{self._path}: another write did not end within {_TURN_SECONDS:.0f} s") from error
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            origin = _origin(error)
            kind = DamagedError if _is_damage(origin) else StoreError
            raise kind(f"{self._path}: {origin}{_why_not_opened(origin)}") from error


async def open_database(
    path: Path,
    *,
    busy_seconds: float = _BUSY_SECONDS,
    read_seconds: float = _READ_SECONDS,
    rest_seconds: float = REST_SECONDS,
) -> Database:
    """
    Open the file, made private (0600, in a directory 0700) where it is missing. The tables are not looked at.

    Args:
        busy_seconds: how long one of four attempts waits for another process' write.
        read_seconds: how long a reader waits, when all four read, until one of them ends.
        rest_seconds: so long after the last commit the write-ahead log is emptied into the database.

    Raises:
        StoreError: it cannot be made, or is no database.
    """
    try:
        await asyncio.to_thread(_prepare, path)
    except (OSError, sqlite3.Error) as error:
        kind = DamagedError if _is_damage(error) else StoreError
        raise kind(f"{path}: cannot open the push database: {error}") from error
    return Database(path, busy_seconds=busy_seconds, read_seconds=read_seconds, rest_seconds=rest_seconds)


def _prepare(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    touch_private_database(path)
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not (_is_busy(error) and attempts_left):
                    raise
            else:
                return


def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="push-store")


@asynccontextmanager
async def _connected(
    engine: Engine,
    thread: Executor,
    *,
    begin: Callable[[sqlalchemy.Connection], None] | None = None,
    end: Callable[[sqlalchemy.Connection], None] | None = None,
) -> AsyncIterator[Connection]:
    """
    Borrow a connection of the engine, to be used in this thread; what was not committed is rolled back.

    Args:
        begin: is done on the way there.
        end: is done on the way back, unless the body failed.
    """

    def connect() -> sqlalchemy.Connection:
        with ExitStack() as on_failure:
            blocking = on_failure.enter_context(engine.connect())
            if begin is not None:
                begin(blocking)
            on_failure.pop_all()
        return blocking

    def give_back() -> None:
        with closing(blocking):
            if end is not None and is_whole:
                end(blocking)

    loop = asyncio.get_running_loop()
    blocking = await loop.run_in_executor(thread, connect)
    is_whole = False
    try:
        yield Connection(blocking, thread)
        is_whole = True
    finally:
        await loop.run_in_executor(thread, give_back)


def _driver(connection: sqlalchemy.Connection) -> sqlite3.Connection:
    """Return the driver's own connection: for what is done at each commit, its statements cost a tenth."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def _count(driver: sqlite3.Connection) -> int:
    """Return the number of this commit (`store/commits.py`)."""
    driver.execute(_RAISE_COUNT)
    (number,) = driver.execute(PUSH_COMMITS).fetchone()
    return int(number)


def _origin(error: BaseException | None) -> BaseException | None:
    """Return what SQLite said, from within what SQLAlchemy made of it."""
    return error.orig if isinstance(error, DBAPIError) else error


def _data_version(connection: sqlalchemy.Connection) -> int:
    connection.execution_options(begin="BEGIN")
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())


def _begin(connection: sqlalchemy.Connection) -> None:
    for attempts_left in reversed(range(_ATTEMPTS)):
        try:
            connection.begin()
        except OperationalError as error:
            if not (_is_busy(error.orig) and attempts_left):
                raise
        else:
            return


def _is_busy(error: BaseException | None) -> bool:
    return _is(error, sqlite3.SQLITE_BUSY)


def _is(error: BaseException | None, code: int) -> bool:
    """Return whether SQLite said this, in whatever detail (sqlite.org/rescode.html)."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == code


def _why_not_opened(error: BaseException | None) -> str:
    is_ours = _is(error, sqlite3.SQLITE_CANTOPEN) and is_out_of_files()
    return f"; this process can open no more files: {ADVICE}" if is_ours else ""


def _is_damage(error: BaseException | None) -> bool:
    """Return whether the file is not what was written. A table that is not there may be a defect of ours."""
    codes = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in codes


def _engine(path: Path, *, begin: str, connections: int, busy_seconds: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # Statements carry hashes of tokens and bodies of messages, and error texts end in logs.
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        # Transactions are begun by the event below, never by the driver's guess.
        # A connection goes from one reader's thread to another's between two transactions.
        connect_args={"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", begin))

    return engine
