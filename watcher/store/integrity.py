"""
Whether a database file is sound: the look at each start, at each backup and before a backup is put in its place.

SQLite keeps no checksums, so `PRAGMA integrity_check` finds broken pages and indexes that disagree (`quick_check` does
not), and not a changed letter elsewhere. Of the watch store every record is read too, which has its own checksum: one
that is damaged is told, and the database is sound all the same. Of the push database only the tables are checked.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from watcher.errors import DamagedError, StoreError
from watcher.store.commits import open_read_only
from watcher.store.watch_reader import DATABASE, SQLITE_ERRORS, DiskWatchReader, is_damage, reason_of

_BUSY_SECONDS: Final = 5.0
_STEPS: Final = 100_000
"""Of SQLite's virtual machine between two looks at the clock: some milliseconds."""


def require_sound(database: Path, name: str) -> None:
    """
    Look at all of a database that is there, without changing it.

    Args:
        name: `push.db` or `watches/cache.db`: what it should be.

    Raises:
        DamagedError: it is damaged; the message says how.
        StoreError: it cannot be read for another reason.
    """
    require_pages(database, seconds=None)
    if name == "push.db":
        with reading(database):
            _require_tables(database)
    else:
        _require_records(DiskWatchReader(database.parent, database.name))


def require_pages(database: Path, *, seconds: float | None) -> None:
    """
    Look at the pages of a database alone, for so long at most; None: as long as it takes.

    Raises DamagedError, StoreError, as `require_sound` does.
    """
    with reading(database):
        problems = integrity_check(database, seconds=seconds)
    if problems is not None and problems != ["ok"]:
        raise DamagedError(f"{database} is damaged: {problems[0]}")


def roll_back(database: Path) -> None:
    """
    Undo what a kill left half done in a database that had no write-ahead log yet: in its first milliseconds.

    SQLite does so by itself, but not for who may only read (sqlite.org/lockingv3.html#hot_journals).
    Raises sqlite3.Error.
    """
    if database.with_name(f"{database.name}-journal").exists():
        with closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()


@contextmanager
def reading(database: Path) -> Iterator[None]:
    """Turn what SQLite raises within into DamagedError when the file is damaged, else StoreError."""
    try:
        yield
    except SQLITE_ERRORS as error:
        kind = DamagedError if is_damage(error) else StoreError
        raise kind(f"{database} cannot be read: {reason_of(error)}") from error


def integrity_check(
    database: Path, *, seconds: float | None, clock: Callable[[], float] = time.monotonic
) -> Sequence[str] | None:
    """
    Return what SQLite says, `["ok"]` when all is well; None when time was up. Raises sqlite3.Error.

    Args:
        clock: a monotonic one.
    """
    ends_at = None if seconds is None else clock() + seconds
    with closing(open_read_only(database)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if ends_at is not None:
            connection.set_progress_handler(lambda: clock() > ends_at, _STEPS)
        try:
            return [str(row[0]).splitlines()[-1] for row in connection.execute("PRAGMA integrity_check(1)")]
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                return None
            raise


def revision_of(database: Path) -> str | None:
    """Return the revision of the tables; None of a database that is new, or damaged, which opening it says."""
    try:
        return _revision(database)
    except sqlite3.Error:
        return None


def _revision(database: Path) -> str | None:
    with closing(open_read_only(database)) as connection:
        found: tuple[str] | None = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else found[0]


def _require_tables(database: Path) -> None:
    if _revision(database) is None:
        raise DamagedError(f"{database} is damaged: it has no revision")


def _require_records(reader: DiskWatchReader) -> None:
    """Read every state and outbox entry; a damaged one costs no more than itself. Raises StoreError, DamagedError."""
    if not reader.meta().get("epoch"):
        raise DamagedError(f"{DATABASE}: the record `meta` is damaged or gone")
    for _ in reader.each_state():
        pass  # one at a time: a watcher that makes a backup need not hold all states twice
    reader.outbox()
