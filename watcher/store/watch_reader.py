"""
Reads the watch store without being its writer.

A second `diskcache.Cache` on a directory would rewrite the first one's settings, so commands read the SQLite file
itself, read-only. The writer uses the same reader once, at its start.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from watcher.core.check import Change, CheckFailure, NotedEvent, OutboxEntry, OutboxMessage, WatchEvent, WatchState
from watcher.core.event_kinds import KEPT_EVENTS, EventKind
from watcher.errors import DamagedError, StoreError
from watcher.store.commits import open_read_only
from watcher.store.records import (
    EVENTS,
    META,
    change_key,
    checked_key,
    event_key,
    number_of,
    read_change,
    read_entry,
    read_events,
    read_meta,
    read_state,
    state_key,
    unsealed,
)

DATABASE = "cache.db"
"""The file that diskcache keeps in its directory."""
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a database raises: the driver cannot decode what SQLite says of a schema that is damaged."""
_BUSY_SECONDS = 10
_RECORDS: Final = "SELECT key, value FROM Cache WHERE key >= ? AND key < ? ORDER BY key"
_RECORDS_BACKWARDS: Final = "SELECT key, value FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC"
_NAMING_BACKWARDS: Final = (
    "SELECT key, value FROM Cache WHERE key >= ? AND key < ? AND instr(CAST(value AS BLOB), ?) ORDER BY key DESC"
)
"""Those that hold some bytes: SQLite passes over 10,000 in a few milliseconds, and no other is parsed."""
_ENCODED: Final = json.JSONEncoder(ensure_ascii=False).encode
_KEYS: Final = "SELECT key, NULL FROM Cache WHERE key >= ? AND key < ? ORDER BY key"
_KEYS_BACKWARDS: Final = "SELECT key, NULL FROM Cache WHERE key >= ? AND key < ? ORDER BY key DESC"
_UNKNOWN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NO_STATE: Final = WatchState(
    failures=1,
    failure=CheckFailure(
        kind="damaged", text="what the disk has of its state is damaged; the next start begins it anew"
    ),
)
_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_U = TypeVar("_U")


class DiskWatchReader:
    """
    Reads the watch states, changes and outbox below a data directory; empty where nothing was written yet.

    A record that is not what was written is never believed, and hides no other: it is logged, and kept in `damaged`.
    """

    def __init__(self, directory: Path, database: str = DATABASE) -> None:
        self._database = directory / database
        self._damaged: dict[str, str] = {}

    @property
    def damaged(self) -> Mapping[str, str]:
        """The keys of the damaged records among those that were read so far, each with what is wrong."""
        return self._damaged

    def states(self) -> dict[str, WatchState]:
        """Return every watch's state by watch id. Raises StoreError when the database cannot be read."""
        return dict(self.each_state())

    def each_state(self, *, after: str = "") -> Iterator[tuple[str, WatchState]]:
        """
        Yield every watch that follows `after` with its state, by id, one at a time; a damaged one fails and says so.

        Raises StoreError, at any of them.
        """
        with (
            closing(self._each_record(state_key(""), start=_behind(state_key(after)))) as states,
            closing(self._each_record(checked_key(""), start=_behind(checked_key(after)))) as checked,
        ):
            known, times = next(checked, ("", None))
            for key, stored in states:
                watch = sys.intern(key.removeprefix(state_key("")))
                of_watch = checked_key(watch)
                while "" < known < of_watch:  # both come in the order of the ids
                    known, times = next(checked, ("", None))
                yield watch, self._state(watch, stored, times if known == of_watch else None)

    def state(self, watch: str) -> WatchState | None:
        """Return one watch's state, as `states` does. Raises StoreError when the database cannot be read."""
        times = dict(self._records(checked_key(watch)))
        for key, stored in self._records(state_key(watch)):
            if key == state_key(watch):
                return self._state(watch, stored, times.get(checked_key(watch)))
        return None

    def changes(self, watch: str, *, after: int = 0) -> Iterator[Change]:
        """
        Yield a watch's changes with a sequence above `after`, oldest first, one at a time, without damaged ones.

        A history of years need not fit into memory.

        Raises StoreError, at any of them, when the database cannot be read.
        """
        for key, stored in self._each_record(change_key(watch, 0)[:-12], start=change_key(watch, after + 1)):
            change = self._read(key, stored, partial(read_change, watch), lambda: None)
            if change is not None:
                yield change

    def newest_changes(
        self, watch: str, *, before: int = 0, limit: int, most_bytes: int = 2_000_000
    ) -> Sequence[Change]:
        """
        Return a watch's changes with a sequence below `before` (0: all), newest first, without damaged ones.

        At most `limit`, and about so many bytes: one change of a list of 3,000 rows has 430 KB. Raises StoreError.
        """
        prefix = change_key(watch, 0)[:-12]
        end = change_key(watch, before) if before else None
        found: list[Change] = []
        with closing(self._each_record(prefix, end=end, query=_RECORDS_BACKWARDS)) as records:
            for key, stored in records:
                change = self._read(key, stored, partial(read_change, watch), lambda: None)
                found += [change] if change is not None else []
                most_bytes -= len(stored) if isinstance(stored, bytes) else 0
                if len(found) >= limit or most_bytes <= 0:
                    break
        return found

    def newest_events(self, watch: str, *, limit: int) -> Sequence[NotedEvent]:
        """Return a watch's events, newest first, without what a change brought. Raises StoreError."""
        found: list[NotedEvent] = []
        with closing(self._each_record(EVENTS, query=_NAMING_BACKWARDS, naming=_ENCODED(watch).encode())) as records:
            for key, stored in records:
                noted = enumerate(self._read(key, stored, read_events, tuple), number_of(key))
                of_watch = [NotedEvent(number=number, event=each) for number, each in noted if each.watch == watch]
                found += reversed(of_watch)
                if len(found) >= limit:
                    break
        return found[:limit]

    def last_sequence(self, watch: str) -> int:
        """Return the sequence of a watch's last change that is kept; 0 when there is none. Raises StoreError."""
        last = 0
        for key, _ in self._each_record(change_key(watch, 0)[:-12]):
            digits = key.rpartition("/")[2]
            last = int(digits) if digits.isdecimal() else last
        return last

    def outbox(self) -> list[OutboxEntry]:
        """
        Return every outbox entry, the dead ones included, in order.

        A damaged one is a dead one that has its key as id. Raises StoreError when the database cannot be read.
        """
        return [
            self._read(key, stored, read_entry, partial(_unreadable, key, stored))
            for key, stored in self._records("outbox/")
        ]

    def epoch(self) -> str:
        """Return the epoch of this state; nothing where there is none. Raises StoreError."""
        return str(self.meta().get("epoch", ""))

    def event_numbers(self) -> list[int]:
        """Return the numbers with which the records of events begin, oldest first. Raises StoreError."""
        return [number_of(key) for key, _ in self._each_record(EVENTS, query=_KEYS)]

    def last_event(self) -> int:
        """Return the number of the last event; 0 when there was none. Raises StoreError."""
        for key, stored in self._each_record(EVENTS, query=_RECORDS_BACKWARDS):
            count = len(self._read(key, stored, read_events, tuple)) or KEPT_EVENTS  # damaged: no number is given twice
            return number_of(key) + count - 1
        return 0

    def events(self, *, after: int = 0, limit: int = 1_000) -> Sequence[NotedEvent]:
        """
        Return events with a number above `after`, oldest first, and with a change what it brought.

        At least `limit`, where there are so many, for those of a transaction come together. Raises StoreError.
        """
        found: list[NotedEvent] = []
        with closing(self._each_events(after)) as records:
            for events in records:
                found += events
                if len(found) >= limit:
                    break
        return [self.with_change(each) for each in found]

    def each_event(self, *, after: int = 0) -> Generator[NotedEvent]:
        """Yield events with a number above `after`, oldest first, without what a change brought. Raises StoreError."""
        with closing(self._each_events(after)) as records:
            for events in records:
                yield from events

    def first_event(self) -> int:
        """Return the number of the oldest event that is kept; 0 when there is none. Raises StoreError."""
        with closing(self._each_record(EVENTS, query=_KEYS)) as records:
            return next((number_of(key) for key, _ in records), 0)

    def with_change(self, noted: NotedEvent) -> NotedEvent:
        """Return the event with what it says to have changed, while the history has it. Raises StoreError."""
        return replace(noted, change=self._change_of(noted.event))

    def _each_events(self, after: int) -> Generator[list[NotedEvent]]:
        """Yield the events of each transaction with a number above `after`, oldest first."""
        with closing(self._each_record(EVENTS, start=self._record_of(after + 1))) as records:
            for key, stored in records:
                noted = enumerate(self._read(key, stored, read_events, tuple), number_of(key))
                yield [NotedEvent(number=number, event=event) for number, event in noted if number > after]

    def _record_of(self, number: int) -> str:
        """Return the key of the record that holds the event, or that of the event if none is kept."""
        for key, _ in self._each_record(EVENTS, end=event_key(number + 1), query=_KEYS_BACKWARDS):
            return key
        return event_key(number)

    def _change_of(self, event: WatchEvent) -> Change | None:
        """Return what an event says to have changed, while the history has it."""
        if event.kind not in (EventKind.CHANGED, EventKind.BASELINE):
            return None
        key = change_key(event.watch, event.sequence)
        for _, stored in self._each_record(key):
            return self._read(key, stored, partial(read_change, event.watch), lambda: None)
        return None

    def meta(self) -> Mapping[str, Any]:
        """Return the `meta` record; nothing where there is none, or a damaged one. Raises StoreError."""
        stored = next((stored for key, stored in self._records(META) if key == META), b"{}")
        return self._read(META, stored, read_meta, dict)

    def _state(self, watch: str, stored: object, times: object) -> WatchState:
        checked = None if times is None else self._read(checked_key(watch), times, str, lambda: None)
        return self._read(state_key(watch), stored, lambda text: read_state(text, checked), lambda: _NO_STATE)

    def _read(self, key: str, stored: object, read: Callable[[str], _T], instead: Callable[[], _U]) -> _T | _U:
        try:
            return read(unsealed(key, stored))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            what = str(error) if isinstance(error, ValueError) else repr(error)
            if key not in self._damaged:
                _log.warning("%s: the record %s is damaged: %s", self._database, key, what)
            self._damaged[key] = what
            return instead()

    def _records(self, prefix: str) -> Sequence[tuple[str, object]]:
        return list(self._each_record(prefix))

    def _each_record(
        self,
        prefix: str,
        *,
        start: str | None = None,
        end: str | None = None,
        query: str = _RECORDS,
        naming: bytes | None = None,
    ) -> Generator[tuple[str, object]]:
        if not self._database.exists():
            return
        try:
            with closing(self._connect()) as connection:
                between = (start or prefix, end or prefix + "\U0010ffff")
                yield from _select(connection, query, between if naming is None else (*between, naming))
        except SQLITE_ERRORS as error:
            kind = DamagedError if is_damage(error) else StoreError
            raise kind(f"cannot read {self._database}: {reason_of(error)}") from error

    def _connect(self) -> sqlite3.Connection:
        connection = open_read_only(self._database, busy_seconds=_BUSY_SECONDS)
        connection.text_factory = bytes  # text that is no UTF-8 any more is one damaged record, and no error
        return connection


def _behind(key: str) -> str:
    """Return the first key that follows this one."""
    return key + "\0"


def _unreadable(key: str, stored: object) -> OutboxEntry:
    """Return the dead letter that stands for a damaged entry; its content is the damaged record."""
    digits = key.rpartition("/")[2]
    return OutboxEntry(
        message=OutboxMessage(
            id=key,
            watch="",
            topic="",
            summary="(cannot be read)",
            content=stored.decode(errors="replace") if isinstance(stored, bytes) else "",
            url=None,
            created_at=_UNKNOWN,
        ),
        order=int(digits) if digits.isdecimal() else 0,
        attempts=0,
        due_at=_UNKNOWN,
        dead="its record on the disk is damaged",
    )


def is_damage(error: BaseException) -> bool:
    """
    Return whether SQLite says that the file is damaged, and not that it cannot be read now.

    A table that is not there (SQLITE_ERROR) is damage too; text that is no UTF-8 has no code at all.
    """
    if not isinstance(error, SQLITE_ERRORS):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def reason_of(error: BaseException) -> str:
    """Return what SQLite said, without the text that it could not decode: that is of a page or a message."""
    return str(error).partition(" with text")[0] if isinstance(error, sqlite3.Error) else "its text is no UTF-8"


def _select(connection: sqlite3.Connection, query: str, asked: tuple[str | bytes, ...]) -> Iterator[tuple[str, object]]:
    """
    Yield the keys from the first to before the second in order, with their text as bytes.

    diskcache makes the table with its first open.
    """
    tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'Cache'").fetchall()
    if not tables:
        return
    for key, value in connection.execute(query, asked):
        yield key.decode(errors="replace"), value
