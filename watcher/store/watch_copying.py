"""
Copying what is remembered of watches from a data directory to a PostgreSQL, and back: the other half of a copy.

| kind | a row is |
|---|---|
| state, checked, change | what a data directory has under one key, its text as it is |
| outbox | an entry, living or dead, with its place in the order |
| event | one event, with its number; a data directory keeps those of a transaction together |
| page | a page that is kept |

The epoch goes along, so the ids of messages go on, and no watch begins anew. What is compared of a kind is the number
of its rows and a sum of their digests, which is the same in whatever order two places keep them.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Final, Protocol, TypeAlias

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from watcher.errors import StoreError, UsageError
from watcher.store.old_place import watches_moved_error

SLICE_ROWS: Final = 500
_DIGEST_BYTES: Final = 16
_MODULUS: Final = 1 << (8 * _DIGEST_BYTES)

Row: TypeAlias = tuple[str | int | bytes, ...]


class Kind(enum.Enum):
    """What is kept of watches; the value is what people are shown, and the name of its table."""

    STATE = "state"
    """Id, sequence, record."""
    CHECKED = "checked"
    """Id, sequence, record of the times."""
    CHANGE = "change"
    """Id, sequence, record."""
    OUTBOX = "outbox"
    """Place, record."""
    EVENT = "event"
    """Number, id, record."""
    PAGE = "page"
    """Id, JSON."""


class WatchSide(Protocol):
    """A place that watches are copied from or to. The connection is the one of the push service's half there."""

    @property
    def shown(self) -> str:
        """The place, as messages and the old place show it."""

    def alone(self) -> AbstractContextManager[None]:
        """Let nobody who checks use it. Raises LockedError, StoreError."""

    def hold(self, connection: Connection | None) -> None:
        """Let nobody write there until the transaction ends."""

    def moved_to(self, connection: Connection | None) -> str | None:
        """Return where its watches went; None: they are here."""

    def is_there(self, connection: Connection | None) -> bool:
        """Return whether anything is remembered of watches here. Raises StoreError: it cannot be copied as it is."""

    def epoch(self, connection: Connection | None) -> str:
        """Return the epoch of the states; nothing where there is none."""

    def count(self, connection: Connection | None, kind: Kind) -> int:
        """Return how many rows there are."""

    def rows(self, connection: Connection | None, kind: Kind) -> Iterator[Row]:
        """Yield the rows, in any order."""

    def begin(self, connection: Connection | None, epoch: str) -> None:
        """Begin anew, with this epoch and no rows; `rows` are those that `put` stores from now on."""

    def put(self, connection: Connection | None, kind: Kind, rows: Sequence[Row]) -> None:
        """Store these too."""

    def arrive(self, connection: Connection | None, source: str) -> None:
        """Have what was stored be what is here, once the transaction ends; a kill until `settle` is a copy again."""

    def settle(self) -> None:
        """The transaction has ended: this is the place now."""

    def leave(self, connection: Connection | None, to: str) -> None:
        """Remember that the watches are elsewhere from now on; in a database once the transaction ends."""


class Sum(Struct, frozen=True):
    """What is compared of a kind."""

    rows: int
    digest: int


class WatchCopy:
    """A copy of watches from one side to another, step by step, within that of subscribers and messages."""

    def __init__(self, source: WatchSide, target: WatchSide) -> None:
        self.source = source
        self.target = target

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody who checks use either side. Raises LockedError, StoreError."""
        with self.source.alone(), self.target.alone():
            yield

    def hold(self, old: Connection | None, new: Connection | None) -> None:
        """Let nobody write at either side until the transactions end."""
        self.source.hold(old)
        self.target.hold(new)

    def is_wanted(self, old: Connection | None) -> bool:
        """
        Return whether there are watches to be copied.

        Raises:
            ConfigError: they are in another place than the target.
            StoreError: they cannot be read.
        """
        place = self.source.moved_to(old)
        if place is not None and place != self.target.shown:
            raise watches_moved_error(self.source.shown, place)
        return place is None and self.source.is_there(old)

    def require_target(self, old: Connection | None, new: Connection | None) -> None:
        """Raise UsageError where the target has watches that the copy would replace; StoreError."""
        epoch = self.target.epoch(new)
        is_old_place = self.target.moved_to(new) is not None and epoch == self.source.epoch(old)
        if is_old_place or not self.target.is_there(new) or self._has_all(old, new):
            return
        counts = ", ".join(f"{number} {name}" for name, number in self._counts(self.target, new).items() if number)
        raise UsageError(
            f"{self.target.shown} has watch states of its own ({counts}), and a copy from {self.source.shown} would "
            "replace them: name an empty database or directory"
        )

    def counts(self, old: Connection | None) -> Mapping[str, int]:
        """Return how many rows of each kind there are to be copied."""
        return self._counts(self.source, old)

    def copy(self, old: Connection | None, new: Connection | None, advance: Callable[[], None]) -> Mapping[str, int]:
        """Copy all rows, compare them, and return how many of each kind there were. Raises StoreError."""
        if self._has_all(old, new):
            return self._counts(self.target, new)
        self.target.begin(new, self.source.epoch(old))
        return {kind.value: self._copy(kind, old, new, advance) for kind in Kind}

    def _copy(self, kind: Kind, old: Connection | None, new: Connection | None, advance: Callable[[], None]) -> int:
        def store(rows: Sequence[Row]) -> None:
            self.target.put(new, kind, rows)
            advance()

        given = sum_of(self.source.rows(old, kind), then=store)
        stored = sum_of(self.target.rows(new, kind), then=lambda _: advance())
        if given != stored:
            raise StoreError(
                f"{self.target.shown} has stored other rows of {kind.value} than it was given "
                f"({given.rows} given, {stored.rows} stored): nothing was copied"
            )
        return given.rows

    def _has_all(self, old: Connection | None, new: Connection | None) -> bool:
        """Return whether everything was copied before, by a copy that ended before the old place knew it."""
        epoch = self.source.epoch(old)
        if not epoch or epoch != self.target.epoch(new):
            return False
        return all(sum_of(self.source.rows(old, kind)) == sum_of(self.target.rows(new, kind)) for kind in Kind)

    def _counts(self, side: WatchSide, connection: Connection | None) -> Mapping[str, int]:
        return {kind.value: side.count(connection, kind) for kind in Kind}


def sum_of(rows: Iterable[Row], then: Callable[[Sequence[Row]], None] = lambda _: None) -> Sum:
    """Return what is compared of rows; each slice of them is handed on."""
    number, digest, left = 0, 0, iter(rows)
    while some := tuple(islice(left, SLICE_ROWS)):
        number += len(some)
        digest = (digest + sum(map(_digest, some))) % _MODULUS
        then(some)
    return Sum(number, digest)


def _digest(row: Row) -> int:
    digest = hashlib.blake2b(msgspec.msgpack.encode(row), digest_size=_DIGEST_BYTES)
    return int.from_bytes(digest.digest(), "big")
