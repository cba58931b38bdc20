"""
What SQLite has of its own: how a file is opened and a transaction begun, its pragmas and its errors.

The statements of the push store are neutral, with the few words of `dialect.py` that differ.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from watcher.core.files import ADVICE
from watcher.errors import DamagedError, StoreError
from watcher.store import commits
from watcher.store.files import is_out_of_files, touch_private_database
from watcher.store.log_renewal import renew_log

BUSY_SECONDS: Final = 5.0
"""How long one attempt to begin a write waits for another process' write."""
ATTEMPTS: Final = 4


def prepare(path: Path) -> None:
    """
    Make the file where it is missing, private (0600, in a directory 0700), and let it have a write-ahead log.

    What is in a log that is there is on the disk then (`log_renewal.py`).

    Raises StoreError; DamagedError where it is no database.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        touch_private_database(path)
        _renew_log(path)
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            _insist(connection, "PRAGMA journal_mode = WAL")
    except (OSError, sqlite3.Error) as error:
        kind = DamagedError if _is_damage(error) else StoreError
        raise kind(f"{path}: cannot open the push database: {error}") from error


def _renew_log(path: Path) -> None:
    try:
        renew_log(path)
    except sqlite3.OperationalError as error:
        if not _is(error, sqlite3.SQLITE_BUSY):  # a process that writes for so long did so at its own opening
            raise


def _insist(connection: sqlite3.Connection, statement: str) -> None:
    """Execute it; while another process writes, try again."""
    for attempts_left in reversed(range(ATTEMPTS)):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if not (_is(error, sqlite3.SQLITE_BUSY) and attempts_left):
                raise
        else:
            return


def open_engine(path: Path, *, connections: int, busy_seconds: float) -> Engine:
    """Return an engine over so many connections. Its transactions are begun by `begin_read` and `writing`."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # Statements carry hashes of tokens and bodies of messages, and error texts end in logs.
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        # Transactions are never begun by the driver's guess.
        # A connection goes from one reader's thread to another's between two transactions.
        connect_args={"timeout": busy_seconds, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    return engine


def open_read_only(path: Path) -> Engine:
    """Return an engine over one connection that writes nothing."""
    return create_engine("sqlite://", creator=lambda: commits.open_read_only(path), poolclass=StaticPool)


def open_empty() -> Engine:
    """Return an engine over an empty database in memory."""
    return create_engine("sqlite://", poolclass=StaticPool)


def begin_read(connection: sqlalchemy.Connection) -> None:
    """Begin a transaction that sees one snapshot."""
    driver_of(connection).execute("BEGIN")


@contextmanager
def writing(connection: sqlalchemy.Connection) -> Iterator[sqlite3.Connection]:
    """
    Begin a transaction that excludes other writers, to be committed within; while another process writes, try again.

    Only its beginning can be refused for another's sake, and nothing later. An error takes all of it back.
    """
    driver = driver_of(connection)
    _insist(driver, "BEGIN IMMEDIATE")
    connection.begin()
    try:
        yield driver
    except BaseException:
        if driver.in_transaction:  # SQLAlchemy leaves open what a failed commit left open
            driver.rollback()
        raise


def set_savepoint(driver: sqlite3.Connection) -> None:
    """Begin a part of the transaction that can be taken back without the rest; none within another."""
    driver.execute("SAVEPOINT part")


def end_savepoint(driver: sqlite3.Connection, *, is_kept: bool) -> None:
    """Keep that part, or take it back."""
    if not is_kept:
        driver.execute("ROLLBACK TO part")
    driver.execute("RELEASE part")


def driver_of(connection: sqlalchemy.Connection) -> sqlite3.Connection:
    """Return the driver's own connection: for what is done at each commit, its statements cost a tenth."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def data_version(connection: sqlalchemy.Connection) -> int:
    """Return a number that other processes' commits change, and those of this connection do not."""
    return int(driver_of(connection).execute("PRAGMA data_version").fetchone()[0])


def epoch_of(connection: sqlalchemy.Connection) -> int:
    """Return the number in the file's header that SQLite leaves to us (`PRAGMA user_version`); 0 when none was set."""
    return int(driver_of(connection).execute("PRAGMA user_version").fetchone()[0])


def set_epoch(connection: sqlalchemy.Connection, epoch: int) -> None:
    """Set that number."""
    driver_of(connection).execute(f"PRAGMA user_version = {epoch:d}")


@contextmanager
def failures(path: Path) -> Iterator[None]:
    """Raise what the database in this file refuses as StoreError."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise to_store_error(path, error) from error


def to_store_error(path: Path, error: Exception) -> StoreError:
    """Return what to raise for an error of the database in this file."""
    origin = _origin(error)
    kind = DamagedError if _is_damage(origin) else StoreError
    is_ours = _is(origin, sqlite3.SQLITE_CANTOPEN) and is_out_of_files()
    advice = f"; this process can open no more files: {ADVICE}" if is_ours else ""
    return kind(f"{path}: {origin}{advice}")


def cannot_write(error: BaseException | None) -> bool:
    """
    Return whether the file can only be read.

    Where a disk refuses for a moment to open the files for writing, SQLite opens them for reading, and all connections
    of a process share that (sqlite.org/walformat.html, the wal-index).
    """
    return _is(_origin(error), sqlite3.SQLITE_READONLY)


def _origin(error: BaseException | None) -> BaseException | None:
    """Return what SQLite said, from within what SQLAlchemy made of it."""
    return error.orig if isinstance(error, DBAPIError) else error


def _is(error: BaseException | None, code: int) -> bool:
    """Return whether SQLite said this, in whatever detail (sqlite.org/rescode.html)."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == code


def _is_damage(error: BaseException | None) -> bool:
    """Return whether the file is not what was written. A table that is not there may be a defect of ours."""
    return _is(error, sqlite3.SQLITE_CORRUPT) or _is(error, sqlite3.SQLITE_NOTADB)
