"""Streams of events read as one: the table of `watcher.core.event_streams`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.builders import NOON
from watcher.core.check import NotedEvent, WatchEvent
from watcher.core.event_kinds import EventKind, Stream
from watcher.core.event_streams import Dropped, Event, Position, Stretch, merged, stretch

MINUTE = timedelta(minutes=1)


def noted(number: int, minute: int, watch: str = "w") -> NotedEvent:
    """An event so many minutes after noon."""
    event = WatchEvent(kind=EventKind.TOLD, at=NOON + minute * MINUTE, watch=watch)
    return NotedEvent(number=number, event=event)


def found(*numbers: int, before: Position, epoch: str = "e", limit: int = 10) -> Stretch:
    """What comes after a position."""
    events = [noted(number, number) for number in numbers]
    return stretch(Stream.WATCHES, events, before, epoch=epoch, limit=limit, now=NOON)


def drops(count: int | None) -> Dropped:
    """The notice of it."""
    return Dropped(stream=Stream.WATCHES, at=NOON, count=count)


@pytest.mark.parametrize(
    ("got", "dropped", "after"),
    [
        (found(1, 2, before=Position()), None, 2),
        (found(7, 8, before=Position()), None, 8),
        (found(4, 5, before=Position(epoch="e", number=3)), None, 5),
        (found(before=Position(epoch="e", number=3)), None, 3),
        (found(7, 8, before=Position(epoch="e", number=3)), drops(3), 8),
        (found(1, 2, before=Position(epoch="e")), None, 2),
        (found(5001, before=Position(epoch="e")), drops(5000), 5001),
        (found(1, 2, before=Position(epoch="old", number=3)), drops(None), 2),
        (found(before=Position(epoch="old", number=3)), drops(None), 0),
    ],
    ids=[
        "the first",
        "from the oldest on",
        "the next",
        "none",
        "some are gone",
        "the first of all",
        "the first of all are gone",
        "another past",
        "an empty one",
    ],
)
def test_the_table(got: Stretch, dropped: Dropped | None, after: int) -> None:
    events, positions = merged([got])
    assert [event for event in events if isinstance(event, Dropped)] == ([dropped] if dropped else [])
    assert positions == {Stream.WATCHES: Position(epoch="e", number=after)}


def side_by_side(*streams: tuple[list[NotedEvent], bool]) -> tuple[list[str], list[int]]:
    """The events of streams, each with whether it goes on: who came in which order, and how far that is in each."""
    stretches = [
        Stretch(
            stream=stream, epoch="e", number=events[0].number - 1 if events else 0, events=events, has_more=has_more
        )
        for stream, (events, has_more) in zip(Stream, streams, strict=False)
    ]
    events, positions = merged(stretches)
    return [_name(event) for event in events], [position.number for position in positions.values()]


def _name(event: Event) -> str:
    assert isinstance(event, NotedEvent)
    return event.event.watch


def test_streams_come_in_the_order_of_time() -> None:
    one = [noted(1, 1, "a"), noted(2, 4, "c")]
    other = [noted(5, 2, "b"), noted(6, 4, "d")]
    assert side_by_side((one, False), (other, False)) == (["a", "b", "c", "d"], [2, 6])


def test_what_is_later_waits_for_a_stream_that_goes_on() -> None:
    one = [noted(1, 1, "a"), noted(2, 3, "c")]
    other = [noted(5, 2, "b"), noted(6, 4, "d")]
    assert side_by_side((one, True), (other, False)) == (["a", "b", "c"], [2, 5])
    assert side_by_side((one, True), ([noted(5, 9, "z")], False)) == (["a", "c"], [2, 4])


def test_a_clock_that_was_set_back_changes_no_order_within_a_stream() -> None:
    one = [noted(1, 5, "a"), noted(2, 1, "b")]
    other = [noted(1, 3, "x"), noted(2, 6, "y")]
    assert side_by_side((one, False), (other, False)) == (["x", "a", "b", "y"], [2, 2])
