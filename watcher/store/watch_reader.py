"""
Reads the watch store without being its writer.

A second `diskcache.Cache` on a directory would rewrite the first one's settings, so commands read the SQLite file
itself, read-only. The writer uses the same reader once, at its start.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

from watcher.core.check import Change, OutboxEntry, WatchState
from watcher.errors import DamagedError, StoreError
from watcher.store.records import change_key, checked_key, read_change, read_entry, read_state, state_key

DATABASE = "cache.db"
"""The file that diskcache keeps in its directory."""
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a database raises: the driver cannot decode what SQLite says of a schema that is damaged."""
_BUSY_SECONDS = 10
_T = TypeVar("_T")


class WatchReader:
    """Reads the watch states, changes and outbox below a data directory; empty where nothing was written yet."""

    def __init__(self, directory: Path, database: str = DATABASE) -> None:
        self._database = directory / database

    def states(self) -> dict[str, WatchState]:
        """Return every watch's state by watch id. Raises StoreError when the database cannot be read."""
        return dict(self.each_state())

    def each_state(self) -> Iterator[tuple[str, WatchState]]:
        """Yield every watch with its state, by id, one at a time. Raises StoreError, at any of them."""
        with (
            closing(self._each_record(state_key(""))) as states,
            closing(self._each_record(checked_key(""))) as checked,
        ):
            known, times = next(checked, ("", ""))
            for key, text in states:
                watch = sys.intern(key.removeprefix(state_key("")))
                while "" < known < checked_key(watch):  # both come in the order of the ids
                    known, times = next(checked, ("", ""))
                is_its_own = known == checked_key(watch)
                yield watch, self._parsed(key, partial(read_state, text, times if is_its_own else None))

    def state(self, watch: str) -> WatchState | None:
        """Return one watch's state. Raises StoreError when the database cannot be read."""
        times = dict(self._records(checked_key(watch)))
        for key, text in self._records(state_key(watch)):
            if key == state_key(watch):
                return self._parsed(key, partial(read_state, text, times.get(checked_key(watch))))
        return None

    def changes(self, watch: str, *, after: int = 0) -> Iterator[Change]:
        """
        Yield a watch's changes with a sequence above `after`, oldest first, one at a time.

        A history of years need not fit into memory.

        Raises StoreError, at any of them, when the database cannot be read.
        """
        prefix = change_key(watch, 0)[:-12]
        for key, text in self._each_record(prefix, start=change_key(watch, after + 1)):
            yield self._parsed(key, partial(read_change, watch, text))

    def outbox(self) -> list[OutboxEntry]:
        """Return every outbox entry, the dead ones included, in order. Raises StoreError when it cannot be read."""
        return [self._parsed(key, partial(read_entry, text)) for key, text in self._records("outbox/")]

    def meta(self) -> str | None:
        """Return the `meta` record."""
        return next((text for key, text in self._records("meta") if key == "meta"), None)

    def _parsed(self, key: str, read: Callable[[], _T]) -> _T:
        try:
            return read()
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise DamagedError(f"{self._database}: the record {key} is damaged: {error!r}") from error

    def _records(self, prefix: str) -> Sequence[tuple[str, str]]:
        return list(self._each_record(prefix))

    def _each_record(self, prefix: str, *, start: str | None = None) -> Generator[tuple[str, str]]:
        if not self._database.exists():
            return
        try:
            with closing(self._connect()) as connection:
                yield from _select(connection, prefix, start or prefix)
        except SQLITE_ERRORS as error:
            kind = DamagedError if is_damage(error) else StoreError
            raise kind(f"cannot read {self._database}: {reason_of(error)}") from error

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self._database.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)


def is_damage(error: BaseException) -> bool:
    """
    Return whether SQLite says that the file is not what was written, and not that it cannot get at it now.

    A table that is not there (SQLITE_ERROR) is damage too; text that is no UTF-8 has no code at all.
    """
    if not isinstance(error, SQLITE_ERRORS):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def reason_of(error: BaseException) -> str:
    """Return what SQLite said, without the text that it could not decode: that is of a page or a message."""
    return str(error).partition(" with text")[0] if isinstance(error, sqlite3.Error) else "its text is no UTF-8"


def _select(connection: sqlite3.Connection, prefix: str, start: str) -> Iterator[tuple[str, str]]:
    """
    Yield the keys with this prefix in order, from `start` on, with their text.

    diskcache makes the table with its first open.
    """
    tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'Cache'").fetchall()
    if not tables:
        return
    yield from connection.execute(
        "SELECT key, value FROM Cache WHERE key >= ? AND key < ? ORDER BY key", (start, prefix + "\U0010ffff")
    )
