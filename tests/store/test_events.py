"""The events of watches, saved with the decisions that they tell of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import BROKEN, NOON, entry, play, price, watch
from watcher.core.check import Decision, NotedEvent, Verdict
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.core.noting import of_pause
from watcher.core.pausing import PauseAct
from watcher.errors import StaleDecisionError
from watcher.store.event_numbers import EventNumbers
from watcher.store.pruning import AT_ONCE
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    """A store in an empty directory."""
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


def numbers(events: Sequence[NotedEvent]) -> list[int]:
    """Their numbers."""
    return [each.number for each in events]


async def test_an_event_is_read_back_with_what_changed(store: DiskWatchStore, tmp_path: Path) -> None:
    decisions = play(watch(), price(12), price(9), BROKEN)
    await store.commit(decisions)
    changed, failing = DiskWatchReader(tmp_path).events()
    assert (changed.event, changed.change) == (decisions[1].events[0], decisions[1].change)
    assert (failing.event, failing.change) == (decisions[2].events[0], None)


async def test_a_decision_that_is_not_saved_leaves_no_event(store: DiskWatchStore, tmp_path: Path) -> None:
    baseline, changed = play(watch(), price(12), price(9))
    await store.commit([baseline])
    with pytest.raises(StaleDecisionError):
        await store.commit([changed, changed])
    assert DiskWatchReader(tmp_path).events() == []
    await store.commit([changed])
    assert numbers(DiskWatchReader(tmp_path).events()) == [1]


async def test_numbers_rise_by_one_over_transactions_and_starts(tmp_path: Path) -> None:
    for start in range(3):
        store, _ = await open_watch_store(tmp_path)
        for group in range(2):
            decisions = [_changes(f"w{start}-{group}-{number}") for number in range(group + 1)]
            await store.commit([each for pair in decisions for each in pair])
        await store.close()
    reader = DiskWatchReader(tmp_path)
    assert numbers(reader.events()) == list(range(1, 10))
    assert reader.last_event() == 9
    for after in range(10):
        assert numbers(reader.events(after=after)) == list(range(after + 1, 10))


async def test_whoever_reads_in_stretches_misses_none(store: DiskWatchStore, tmp_path: Path) -> None:
    for number in range(7):
        await store.commit([each for half in ("a", "b") for each in _changes(f"{number}{half}")])
    reader, seen, last = DiskWatchReader(tmp_path), list[int](), 0
    while events := reader.events(after=last, limit=3):
        seen += numbers(events)
        last = seen[-1]
    assert seen == list(range(1, 15))


async def test_a_message_that_is_given_up_is_an_event(store: DiskWatchStore, tmp_path: Path) -> None:
    await store.outbox.settle([], [entry(1)], [])
    await store.outbox.settle([], [replace(entry(1), dead="refused")], [])
    [noted] = DiskWatchReader(tmp_path).events()
    assert noted.event.kind == "undelivered"


def test_only_the_newest_are_kept_and_old_ones_go_little_by_little() -> None:
    known = EventNumbers([1, 4], last=5)
    known.add(KEPT_EVENTS - 5)
    assert known.old(2) == []  # the third event would be kept
    assert known.old(3) == [1]
    known.add(3)
    assert (known.old(1), known.old(2)) == ([], [4])
    single = EventNumbers(range(1, KEPT_EVENTS + 1), last=KEPT_EVENTS)
    assert list(single.old(1)) == [1]
    assert len(single.old(256)) == AT_ONCE


async def test_what_goes_is_gone_from_the_disk(tmp_path: Path) -> None:
    store, _ = await open_watch_store(tmp_path)
    await store.commit(_changes("a"))
    await store.commit(_changes("b"))
    store._events.last += KEPT_EVENTS - 1  # as if so many had come
    await store.commit(_changes("c"))
    await store.close()
    assert [each.event.watch for each in DiskWatchReader(tmp_path).events()] == ["b", "c"]


def _changes(name: str) -> list[Decision]:
    """A first look at a watch, and a change of it."""
    return play(replace(watch(), id=name), price(12), price(9))


async def test_what_people_did_and_a_new_baseline_are_read_back(store: DiskWatchStore, tmp_path: Path) -> None:
    decisions = play(watch(), price(12), replace(price(9), plan="another"))
    state = decisions[-1].state
    paused = replace(state, sequence=state.sequence + 1, paused_until=NOON)
    event = of_pause("dune", PauseAct.PAUSE, paused, until=NOON, by="command", now=NOON)
    pausing = Decision(watch="dune", verdict=Verdict.UNCHANGED, state=paused, events=(event,))
    await store.commit([*decisions, pausing])
    baseline, noted = DiskWatchReader(tmp_path).events()
    assert (baseline.event.kind, baseline.change) == ("baseline", decisions[1].change)
    assert baseline.change is not None
    assert baseline.change.is_baseline
    assert noted.event == event
