"""
How many commits a database has had: a number in the database, raised by each, and in a file beside it.

A write-ahead log is half of a database: without it, or with one that is cut or has a changed byte, SQLite opens an
older state without a word (sqlite.org/walformat.html: a log ends before the first frame that does not fit).

| the number in the file | means                                                                                 |
|------------------------|---------------------------------------------------------------------------------------|
| at most the database's | nothing is missing; the file is written after the commit, without a sync, and may lag |
| above it               | so many commits are missing                                                           |
| none                   | nothing is known: the database is of an older version, or the power went              |

It never leads: a commit is on the disk (`synchronous=FULL`) before its number is handed to the file. Each is written at
one of eight places with a checksum of its own, so a process that is late with its number replaces none of the last
seven, and what a power loss tears is one that counts for nothing.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

_PLACES: Final = 8
_PLACE_BYTES: Final = 30
PUSH_COMMITS: Final = "SELECT number FROM commits"
WATCH_COMMITS: Final = "SELECT value FROM Settings WHERE key = 'commits'"
_CHECKPOINT_MILLISECONDS: Final = 100
"""How long a checkpoint waits for those who read; the next one takes what is left."""


class CommitNotes:
    """The file beside a database, for who writes the database; any number of processes. Used in one thread."""

    def __init__(self, path: Path) -> None:
        """
        Nothing is opened or made before the first commit.

        Attributes:
            last: the number that was noted last; of a database with one writer, who sets it first, that of the last.
        """
        self.last = 0
        self._path = path
        self._file: int | None = None

    def note(self, number: int) -> None:
        """Remember the number of a commit that is on the disk. Raises nothing: where it cannot be written it lags."""
        self.last = number
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.pwrite(self._file, _place(number), number % _PLACES * _PLACE_BYTES)
        except OSError:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        opened, self._file = self._file, None
        if opened is not None:
            with suppress(OSError):
                os.close(opened)


def _place(number: int) -> bytes:
    digits = b"%020d" % number
    return b"%b %08x\n" % (digits, zlib.crc32(digits))


def noted_commits(path: Path) -> int | None:
    """Return the highest number that a file beside a database knows; None when it knows none. Raises OSError."""
    try:
        content = path.read_bytes()[: _PLACES * _PLACE_BYTES]
    except FileNotFoundError:
        return None
    places = [content[start : start + _PLACE_BYTES] for start in range(0, len(content), _PLACE_BYTES)]
    return max((int(place[:20]) for place in places if _is_whole(place)), default=None)


def _is_whole(place: bytes) -> bool:
    digits = place[:20]
    return digits.isdigit() and place == _place(int(digits))


def open_read_only(database: Path, *, how: str = "mode=ro", busy_seconds: float = 5.0) -> sqlite3.Connection:
    """
    Return a connection that writes nothing.

    Args:
        how: it is opened (sqlite.org/uri.html); `immutable=1` leaves its log out.
        busy_seconds: how long to wait for who writes.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    return sqlite3.connect(f"{database.resolve().as_uri()}?{how}", uri=True, timeout=busy_seconds)


def commits_in(connection: sqlite3.Connection, query: str) -> int:
    """
    Return how many commits a database has had; 0 for one that counts none.

    Args:
        query: `PUSH_COMMITS` or `WATCH_COMMITS`.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    try:
        found = connection.execute(query).fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # there is no such table
            return 0
        raise
    return int(found[0]) if found else 0


def missing_commits(database: Path, notes: Path, query: str) -> int:
    """
    Return how many commits a database lacks that it has had, as far as the file beside it knows.

    Nothing is changed: above all no log is replayed or removed. Raises OSError, sqlite3.Error.
    """
    noted = noted_commits(notes)  # first, for others may commit meanwhile
    if noted is None or not database.exists():
        return 0
    with closing(open_read_only(database)) as connection:
        try:
            found = commits_in(connection, query)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY:
                return 0  # it was being made, and had no log yet (`integrity.roll_back`)
            raise
    is_still_noted = found >= noted or noted_commits(notes) is not None  # else it was just replaced, by a restore
    return max(0, noted - found) if is_still_noted else 0


def behind(missing: int) -> str:
    """Return in words that so many commits are missing, to stand after the name of a database."""
    changes = f"{missing} change{'s' if missing > 1 else ''}"
    return f"lacks its last {changes}: its write-ahead log (-wal) is gone, cut short or damaged"


def checkpoint(connection: sqlite3.Connection) -> bool:
    """
    Bring what is in a database's log into the database, and empty the log; return whether all of it was.

    Whoever reads may hold a part of it back. Raises sqlite3.Error.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MILLISECONDS}")
    try:
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(patience)}")
    return not is_busy


def checkpoint_file(database: Path) -> None:
    """Do the same for a database that others may have open; where that cannot be, its log stays as it is."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, isolation_level=None)) as connection:
        checkpoint(connection)
