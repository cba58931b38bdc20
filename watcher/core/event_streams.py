"""
How the streams of events are read as one, by somebody who remembers how far they came.

| found                                           | becomes                                                       |
|-------------------------------------------------|---------------------------------------------------------------|
| numbers that follow the cursor's                | events                                                        |
| a first number that does not follow it          | `dropped`, with how many are gone; then events                |
| another epoch: the state was replaced, or lost  | `dropped`, without a number; then all that there is, once more |

Within a stream the order is that of the numbers, across streams that of time, as far as the clock was right.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from operator import itemgetter
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from watcher.core.check import NotedEvent
from watcher.core.event_kinds import Stream
from watcher.core.push import DeliveryEvent, MessageEvent


class Position(Struct, frozen=True, kw_only=True):
    """
    How far somebody came in a stream.

    Attributes:
        epoch: of the state that gave the numbers; empty: nothing was read yet.
        number: of the last event that was read; 0: there was none yet, and without an epoch: read from the oldest that
            is kept.
    """

    epoch: str = ""
    number: int = 0

    def number_in(self, epoch: str) -> int:
        """Return after which event to read on where this epoch is: from the oldest on in another one."""
        return self.number if self.epoch in ("", epoch) else 0


class Cursor(Struct, frozen=True, kw_only=True):
    """How far somebody came in all streams. A stream that is missing was not read yet."""

    positions: Mapping[Stream, Position] = field(default_factory=dict)

    def of(self, stream: Stream) -> Position:
        """Return how far they came in one."""
        return self.positions.get(stream, Position())

    def moved(self, stream: Stream, position: Position) -> Cursor:
        """Return the same with another position in one stream."""
        return replace(self, positions={**self.positions, stream: position})


class Dropped(Struct, frozen=True, kw_only=True):
    """
    Events that are gone.

    Attributes:
        at: when that was noticed.
        count: None when it is not known.
    """

    stream: Stream
    at: datetime
    count: int | None


Numbered: TypeAlias = NotedEvent | MessageEvent | DeliveryEvent
Event: TypeAlias = Numbered | Dropped


class Stretch(Struct, frozen=True, kw_only=True):
    """
    What comes next in one stream.

    Attributes:
        epoch: of the state that gave the numbers.
        number: of the last event before these.
        dropped: what is missing before them.
        has_more: others may follow at once.
    """

    stream: Stream
    epoch: str
    number: int
    events: Sequence[Numbered]
    dropped: Dropped | None = None
    has_more: bool = False


def stretch(
    stream: Stream, found: Sequence[Numbered], before: Position, *, epoch: str, limit: int, now: datetime
) -> Stretch:
    """
    Return what was found in a stream, with what is missing before it.

    Args:
        found: with numbers above that of `before`, or, in another epoch, from the oldest on.
        limit: as many as were asked for.
    """
    number = before.number_in(epoch)
    is_replaced = before.epoch not in ("", epoch)
    missing = found[0].number - number - 1 if found and (number or before.epoch == epoch) else 0
    dropped = None
    if is_replaced or missing > 0:
        dropped = Dropped(stream=stream, at=now, count=missing or None)
    return Stretch(
        stream=stream,
        epoch=epoch,
        number=number + max(missing, 0),
        events=found,
        dropped=dropped,
        has_more=len(found) >= limit,
    )


def merged(stretches: Sequence[Stretch]) -> tuple[Sequence[Event], Mapping[Stream, Position]]:
    """
    Return the events of streams in the order of time, and how far that is in each.

    Where a stream goes on, those of others that are later than its last wait for what comes next of it.
    """
    horizon = min((each.events[-1].at for each in stretches if each.has_more), default=None)
    taken = [each.events if each.has_more else _until(each.events, horizon) for each in stretches]
    positions = {
        each.stream: Position(epoch=each.epoch, number=events[-1].number if events else each.number)
        for each, events in zip(stretches, taken, strict=True)
    }
    dropped = [each.dropped for each in stretches if each.dropped]
    in_order = heapq.merge(*map(_timed, taken), key=itemgetter(0))
    return [*dropped, *(event for _, event in in_order)], positions


def _until(events: Sequence[Numbered], horizon: datetime | None) -> Sequence[Numbered]:
    return events if horizon is None else list(takewhile(lambda event: event.at <= horizon, events))


def _timed(events: Sequence[Numbered]) -> Iterator[tuple[datetime, Numbered]]:
    """Yield each with its time, or that of a later one before it: a clock that was set back changes no order."""
    latest: datetime | None = None
    for event in events:
        latest = event.at if latest is None else max(latest, event.at)
        yield latest, event
