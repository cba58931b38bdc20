"""
The watches of a data directory as a side of a copy (`watch_copying.py`).

What comes here is built aside and renamed. A kill between that and the end of the whole copy leaves a directory that
says where its watches still are, so nobody goes on with it, and the same command ends what was begun.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, assert_never

import msgspec
from diskcache import Cache, Timeout
from msgspec import Struct
from sqlalchemy import Connection

from watcher.core.kept_page import KeptPage
from watcher.errors import DamagedError, StoreError
from watcher.store import records
from watcher.store.commits import open_read_only
from watcher.store.damage import WATCHES, WATCHES_EPOCH, loss_of
from watcher.store.files import make_private_directory, sync, touch_private_database, write_durably
from watcher.store.kept_pages import PAGES, KeptPages
from watcher.store.moves import drop_stage, fresh_stage, make_moves, staged
from watcher.store.old_place import WATCHES_MOVED, forget_moved, moved_to, note_moved
from watcher.store.watch_copying import Kind, Row
from watcher.store.watch_database import insert_texts, open_cache, reason_of
from watcher.store.watch_reader import SQLITE_ERRORS, DiskWatchReader

_WATCHES: Final = "watches"
_LOOK_SECONDS: Final = 2.0
_BUSY_SECONDS: Final = 10.0
_FAILURES: Final = (*SQLITE_ERRORS, Timeout, OSError)
_RECORDS: Final = "SELECT key, value FROM Cache WHERE key >= ? AND key < ? ORDER BY key"
_CHECKED: Final = """
SELECT state.key, state.value, checked.key, checked.value FROM Cache AS state
LEFT JOIN Cache AS checked ON checked.key = 'checked/' || substr(state.key, 7) AND checked.raw = state.raw
WHERE state.key >= 'state/' AND state.key < 'state0'
UNION ALL
SELECT NULL, NULL, key, value FROM Cache AS checked WHERE key >= 'checked/' AND key < 'checked0'
AND NOT EXISTS (SELECT 1 FROM Cache AS state WHERE state.key = 'state/' || substr(checked.key, 9))
"""
"""The times of each watch that has a state, or was checked without coming to one."""
_NO_TIMES: Final = "{}"
_PREFIXES: Final = {Kind.STATE: "state/", Kind.CHANGE: "change/", Kind.OUTBOX: "outbox/", Kind.EVENT: "event/"}
_log = logging.getLogger(__name__)


class _Sequence(Struct):
    sequence: int


class DirectoryWatches:
    """The watches of a data directory, whose roles the caller holds."""

    def __init__(self, data: Path) -> None:
        self.shown = str(data.absolute())
        self._data = data
        self._at = data
        """Where rows are read: the data directory, or what is built aside."""
        self._building: Cache | None = None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Throw away what was built and has not arrived. The lock of the directory's watcher is the caller's."""
        try:
            yield
        finally:
            self._end_building()
            if self._at != self._data:
                drop_stage(self._data)

    def hold(self, connection: Connection | None) -> None:
        """Nobody writes there, for a lock keeps watchers away."""

    def moved_to(self, connection: Connection | None) -> str | None:  # noqa: ARG002 - it stands beside
        """Return where its watches went; None: they are here."""
        return moved_to(self._data, WATCHES_MOVED)

    def is_there(self, connection: Connection | None) -> bool:  # noqa: ARG002 - it is in files
        """Return whether anything is remembered of watches here. Raises StoreError: it cannot be copied as it is."""
        if not (self._at / WATCHES).exists() and not (self._at / WATCHES_EPOCH).exists():
            return False
        if loss := loss_of(self._at, WATCHES, seconds=_LOOK_SECONDS):
            raise DamagedError(f"{loss}; `watcher run` or `watcher check` mends it, then copy it")
        meta = DiskWatchReader(self._at / _WATCHES).meta()
        if int(meta.get("schema", records.SCHEMA)) > records.SCHEMA:
            raise StoreError(f"the watches of {self.shown} were written by a newer watcher; upgrade this one")
        return bool(meta.get("epoch"))

    def epoch(self, connection: Connection | None) -> str:  # noqa: ARG002 - it is in files
        """Return the epoch of the states; nothing where there is none."""
        return DiskWatchReader(self._at / _WATCHES).epoch()

    def count(self, connection: Connection | None, kind: Kind) -> int:
        """Return how many rows there are."""
        return sum(1 for _ in self.rows(connection, kind))

    def rows(self, connection: Connection | None, kind: Kind) -> Iterator[Row]:  # noqa: ARG002 - it is in files
        """Yield the rows. Raises StoreError: one that has to be right is damaged."""
        match kind:
            case Kind.STATE:
                return self._states()
            case Kind.CHECKED:
                return self._checked()
            case Kind.CHANGE:
                return self._changes()
            case Kind.OUTBOX:
                return self._outbox()
            case Kind.EVENT:
                return self._events()
            case Kind.PAGE:
                return self._pages()
            case _:
                assert_never(kind)

    def begin(self, connection: Connection | None, epoch: str) -> None:  # noqa: ARG002 - it is in files
        """Begin anew aside, with this epoch and no rows."""
        with self._failures():
            self._at = fresh_stage(self._data)
            make_private_directory(self._at / _WATCHES)
            make_private_directory(self._at / PAGES)
            touch_private_database(self._at / WATCHES)
            self._building = open_cache(self._at / _WATCHES)
            write_durably(self._at / WATCHES_EPOCH, f"{epoch}\n")
            meta = records.write_meta({"schema": records.SCHEMA, "epoch": epoch})
            self._insert([(records.META, meta)])

    def put(self, connection: Connection | None, kind: Kind, rows: Sequence[Row]) -> None:  # noqa: ARG002 - as above
        """Store these too."""
        with self._failures():
            if kind is Kind.PAGE:
                pages = KeptPages(self._at)
                for row in rows:
                    pages.keep(_page_of(row))
            else:
                self._insert([_written(kind, row) for row in rows])

    def arrive(self, connection: Connection | None, source: str) -> None:  # noqa: ARG002 - it is in files
        """Put what was built in its place; the directory says where its watches are until `settle`."""
        if self._at == self._data:
            return
        with self._failures():
            self._end_building()
            sync(self._at / WATCHES)
            sync(self._at / _WATCHES)
            note_moved(self._data, source, WATCHES_MOVED)
        before = [name for name in (_WATCHES, PAGES) if (self._data / name).exists()]
        moves = [(name, staged(f"before/{name}")) for name in before]
        moves += [(staged(name), name) for name in (_WATCHES, PAGES)]
        self._at = self._data
        make_moves(self._data, moves)

    def settle(self) -> None:
        """The whole copy has ended: the watches are here now."""
        forget_moved(self._data, WATCHES_MOVED)

    def leave(self, connection: Connection | None, to: str) -> None:  # noqa: ARG002 - it stands beside
        """Remember that the watches are elsewhere from now on, if there were any."""
        if (self._data / WATCHES).exists():
            note_moved(self._data, to, WATCHES_MOVED)

    # What is there

    def _states(self) -> Iterator[Row]:
        for key, stored in self._records(Kind.STATE):
            text = self._text(key, stored)
            yield key.removeprefix("state/"), _sequence_in(text), text

    def _checked(self) -> Iterator[Row]:
        for state_key, state, key, stored in self._select(_CHECKED):
            sequence = 0 if state_key is None else _sequence_in(self._text(state_key.decode(), state))
            if key is None:
                yield state_key.decode().removeprefix("state/"), sequence, _NO_TIMES
            else:
                text = self._text_if_sound(key.decode(), stored)
                yield key.decode().removeprefix("checked/"), sequence, text or _NO_TIMES

    def _changes(self) -> Iterator[Row]:
        for key, stored in self._records(Kind.CHANGE):
            watch, _, sequence = key.removeprefix("change/").rpartition("/")
            if text := self._text_if_sound(key, stored):
                yield watch, int(sequence), text

    def _outbox(self) -> Iterator[Row]:
        for key, stored in self._records(Kind.OUTBOX):
            entry = records.read_entry(self._text(key, stored))
            yield entry.order, records.write_entry(entry)

    def _events(self) -> Iterator[Row]:
        for key, stored in self._records(Kind.EVENT):
            if text := self._text_if_sound(key, stored):
                for number, event in enumerate(records.read_events(text), records.number_of(key)):
                    yield number, event.watch, records.write_event(event)

    def _pages(self) -> Iterator[Row]:
        for page in KeptPages(self._at).all():
            yield page.watch, msgspec.json.encode(page)

    def _records(self, kind: Kind) -> Iterator[tuple[str, object]]:
        prefix = _PREFIXES[kind]
        for key, stored in self._select(_RECORDS, (prefix, prefix + "\U0010ffff")):
            yield key.decode(), stored

    def _select(self, statement: str, values: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
        if not (self._at / WATCHES).exists():
            return
        with self._failures(), closing(open_read_only(self._at / WATCHES, busy_seconds=_BUSY_SECONDS)) as connection:
            connection.text_factory = bytes  # text that is no UTF-8 any more is one damaged record, and no error
            yield from connection.execute(statement, values)

    def _text(self, key: str, stored: object) -> str:
        try:
            return records.unsealed(key, stored)
        except ValueError as error:
            raise DamagedError(
                f"{self._at / WATCHES}: the record {key} is damaged ({error}); `watcher run` or `watcher check` mends "
                "it, then copy it"
            ) from error

    def _text_if_sound(self, key: str, stored: object) -> str | None:
        """Return a record that no start mends: what cannot be read is left behind, as it is shown to nobody."""
        try:
            return records.unsealed(key, stored)
        except ValueError as error:
            _log.warning("%s: the record %s is damaged, and not copied: %s", self._at / WATCHES, key, error)
            return None

    # What comes

    def _insert(self, texts: Sequence[tuple[str, str]]) -> None:
        assert self._building is not None  # noqa: S101 - since `begin`
        insert_texts(self._building, texts)

    def _end_building(self) -> None:
        cache, self._building = self._building, None
        if cache is not None:
            cache.close()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            raise StoreError(f"cannot copy the watches of {self.shown}: {reason_of(error)}") from error


def _written(kind: Kind, row: Row) -> tuple[str, str]:
    """Return the key of a row and its text, as a data directory keeps them."""
    name, text = row[0], str(row[-1])
    match kind:
        case Kind.STATE:
            return records.state_key(str(name)), text
        case Kind.CHECKED:
            return records.checked_key(str(name)), text
        case Kind.CHANGE:
            return records.change_key(str(name), int(row[1])), text
        case Kind.OUTBOX:
            return records.outbox_key(int(name)), text
        case Kind.EVENT:
            return records.event_key(int(name)), records.write_events([records.read_event(text)])
        case Kind.PAGE:
            raise AssertionError("a page is a file")
        case _:
            assert_never(kind)


def _page_of(row: Row) -> KeptPage:
    _, page = row
    assert isinstance(page, bytes)  # noqa: S101 - by its kind
    return msgspec.json.decode(page, type=KeptPage)


def _sequence_in(text: str) -> int:
    return msgspec.json.decode(text, type=_Sequence).sequence
