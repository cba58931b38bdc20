"""
What every watch store, its outbox and its reader do (`core/protocols.py`), wherever they keep what they are given.

Another store is another parameter of `place`. What is saved is read back by the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Protocol

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.core.builders import BROKEN, NOON, message, play, price, watch
from tests.store.cluster.places import WATCHES, holding, opened, the_fence
from watcher.core.check import CheckFailure, Decision, OutboxEntry, Past, Peak, Progress, Suspect, Verdict, WatchState
from watcher.core.page_profile import Profile, Taken, packed_profile
from watcher.core.protocols import Outbox, WatchReader, WatchStore
from watcher.core.values import SINGLE, Money, Stock, Value
from watcher.core.witness import Label, Witness, packed
from watcher.errors import StaleDecisionError
from watcher.store.cluster.watch_reader import ClusterWatchReader
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import open_watch_store


class Opened(Struct, frozen=True, kw_only=True):
    """A store that is open, and its outbox."""

    store: WatchStore
    outbox: Outbox


class Place(Protocol):
    """Where a store keeps what it is given."""

    def open(self) -> AbstractAsyncContextManager[Opened]:
        """Open what is here, as a start does, and close it as a stop does."""

    def reader(self) -> WatchReader:
        """Return what reads it, whether it is open or not."""


class Directory:
    """A directory of this machine."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Opened]:
        store, is_lost = await open_watch_store(self._directory)
        assert not is_lost
        try:
            yield Opened(store=store, outbox=store.outbox)
        finally:
            await store.close()

    def reader(self) -> WatchReader:
        return DiskWatchReader(self._directory)


class Cluster:
    """A database that processes share; this one holds all of it."""

    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Opened]:
        async with opened(self._url, holding(WATCHES)) as store:
            yield Opened(store=store, outbox=store.outbox.of(0, the_fence("topics:0")))

    def reader(self) -> WatchReader:
        return ClusterWatchReader(self._url)


@pytest.fixture(params=["directory", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place where nothing is kept yet."""
    if request.param == "directory":
        return Directory(tmp_path)
    return Cluster(request.getfixturevalue("lone_url"))


async def states_in(place: Place) -> Mapping[str, WatchState]:
    """Return the states that a start finds."""
    async with place.open() as opened:
        return await opened.store.states()


async def waiting_in(place: Place) -> Sequence[OutboxEntry]:
    """Return the messages that a start finds waiting."""
    async with place.open() as opened:
        return await opened.outbox.waiting()


def summaries(entries: Sequence[OutboxEntry]) -> list[str]:
    return [each.message.summary for each in entries]


# States


async def test_a_place_where_nothing_is_kept_has_no_state_and_an_epoch_that_lasts(place: Place) -> None:
    async with place.open() as opened:
        epoch = opened.store.epoch
        assert (await opened.store.states(), await opened.outbox.waiting()) == ({}, [])
    async with place.open() as again:
        assert again.store.epoch == epoch


FULL = WatchState(
    sequence=1,
    progress={"a": {"CS1": Progress(streak=2, has_fired=True, told_at=NOON)}, "b": {}},
    told={"CS1": {"seats": 3, "until": date(2026, 12, 12), "at": datetime(2026, 12, 12, 9, 30, tzinfo=UTC)}},
    peaks={"CS1": {"price": Peak(low=Decimal("8.50"), high=Decimal("1E+3"), currency="€")}},
    pasts={
        "price new low in 30d": {SINGLE: (Past(value=Decimal("8.5"), until=NOON), Past(value=Decimal(9), until=NOON))}
    },
    recent="price=120.00@29412345,115.00@29416789",
    fresh={"CS1": {"price": 2}},
    row_count=40,
    empty=("note",),
    profile=packed_profile(
        Taken(Profile(characters=900, links=30, heads=b"a" * 8, marks=b"0" * 48), NOON - timedelta(hours=3))
    ),
    witnesses=packed({"price": Witness(label=Label("Price", "span", 1), path="div>span", own=b"\x00\xff")}),
    prefix_kib=4,
    is_closed=True,
    suspect=Suspect(odd="d1", checks=2, is_accepted=True),
    failures=3,
    failure=CheckFailure(kind="suspicious", text="half of the rows are gone"),
    failing_since=NOON - timedelta(hours=1),
    is_error_told=True,
    good_at=NOON - timedelta(hours=2),
    checked_at=NOON,
    changed_at=NOON - timedelta(days=1),
    next_check_at=NOON + timedelta(minutes=10),
)


async def test_everything_that_is_remembered_is_read_back(place: Place) -> None:
    async with place.open() as opened:
        await opened.store.commit([Decision(watch="dune", verdict=Verdict.FAILED, state=FULL)])
    assert await states_in(place) == {"dune": FULL}


async def test_values_of_every_type_are_read_back(place: Place) -> None:
    values: dict[str, Value] = {
        "text": "有票",
        "integer": 3,
        "number": Decimal("1.50"),
        "money": Money(amount=Decimal("12.00"), currency="€"),
        "bare": Money(amount=Decimal("1E+2")),
        "date": date(2026, 12, 12),
        "time": datetime(2026, 12, 12, 9, 30, tzinfo=UTC),
        "stock": Stock.IN_STOCK,
        "absent": None,
    }
    async with place.open() as opened:
        await opened.store.commit(play(watch(), price(1), price(2, **values)))
    state = (await states_in(place))["dune"]
    assert state.snapshot is not None
    assert state.snapshot.observation.rows == {SINGLE: {"price": 2, **values}}


async def test_text_that_is_half_a_surrogate_pair_is_kept(place: Place) -> None:
    odd = CheckFailure(kind="body", text="image/\udce9 is no text")
    async with place.open() as opened:
        await opened.store.commit(play(watch(), odd))
    assert (await states_in(place))["dune"].failure == odd


async def test_text_that_has_the_character_zero_is_kept(place: Place) -> None:
    steps = play(watch(), price(1, note="a\0b"), price(2, note="c\0\ud83c"))
    odd = replace(message(1), summary="\0", content="\ude00 \0")
    async with place.open() as opened:
        await opened.store.commit(steps)
        await opened.outbox.add([odd])
        assert [each.message for each in await opened.outbox.waiting()][-1] == odd
    reader = place.reader()
    assert await states_in(place) == {"dune": steps[-1].state}
    assert list(reader.changes("dune")) == [step.change for step in steps if step.change]
    assert [each.event for each in reader.each_event()] == [event for step in steps for event in step.events]


async def test_several_decisions_of_one_watch_are_saved_in_their_order(place: Place) -> None:
    decisions = play(watch(), price(1), price(2), price(3))
    async with place.open() as opened:
        await opened.store.commit(decisions)
        waiting = await opened.outbox.waiting()
    assert await states_in(place) == {"dune": decisions[-1].state}
    assert summaries(waiting) == ["Dune 1 → 2 (+100%)", "Dune 2 → 3 (+50%)"]


async def test_the_times_of_an_unchanged_check_are_saved_without_its_state(place: Place) -> None:
    first, same = play(watch(), price(1), price(1))
    async with place.open() as opened:
        await opened.store.commit([first])
        await opened.store.commit([same])
    state = (await states_in(place))["dune"]
    assert (state.sequence, state.checked_at) == (1, NOON + timedelta(minutes=10))


async def test_a_stale_decision_is_refused_and_nothing_of_its_group_is_saved(place: Place) -> None:
    first, second = play(watch(), price(1), price(2))
    async with place.open() as opened:
        with pytest.raises(StaleDecisionError, match="does not follow"):
            await opened.store.commit([replace(first, watch="other"), second])
        assert await opened.outbox.waiting() == []
    assert await states_in(place) == {}


async def test_two_decisions_from_one_state_are_refused_together(place: Place) -> None:
    (first,) = play(watch(), price(1))
    async with place.open() as opened:
        with pytest.raises(StaleDecisionError, match="decision 1 does not follow 1"):
            await opened.store.commit([first, first])
    assert await states_in(place) == {}


async def test_a_decision_is_stale_for_another_start_too(place: Place) -> None:
    first, second = play(watch(), price(1), price(2))
    async with place.open() as opened:
        await opened.store.commit([first, second])
    async with place.open() as again:
        with pytest.raises(StaleDecisionError):
            await again.store.commit([second])


async def test_a_refusal_does_not_hinder_what_follows(place: Place) -> None:
    first, second = play(watch(), price(1), price(2))
    async with place.open() as opened:
        with pytest.raises(StaleDecisionError):
            await opened.store.commit([second])
        await opened.store.commit([first])
    assert await states_in(place) == {"dune": first.state}


async def test_a_caller_that_is_cancelled_while_it_saves_leaves_no_doubt(place: Place) -> None:
    first, second = play(watch(), price(1), price(2))
    async with place.open() as opened:
        saving = asyncio.create_task(opened.store.commit([first]))
        await asyncio.sleep(0)
        saving.cancel()
        await asyncio.wait([saving], timeout=10)
        assert saving.cancelled()
        await opened.store.commit([second])
    assert await states_in(place) == {"dune": second.state}


# The outbox


async def test_messages_wait_in_their_order_over_starts(place: Place) -> None:
    for decision in play(watch(), price(1), price(2), price(3)):
        async with place.open() as opened:
            await opened.store.commit([decision])
    assert summaries(await waiting_in(place)) == ["Dune 1 → 2 (+100%)", "Dune 2 → 3 (+50%)"]


async def test_what_is_settled_is_gone_and_what_failed_stands_as_it_is_now(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(2)])
        first, second = await opened.outbox.waiting()
        later = replace(second, attempts=1, due_at=NOON + timedelta(seconds=1))
        await opened.outbox.settle([first.message.id], [later], [message(3)])
        waiting = await opened.outbox.waiting()
        assert [each.message.id for each in waiting] == [message(2).id, message(3).id]
        assert waiting[0] == later
    assert await waiting_in(place) == waiting


async def test_what_is_settled_again_is_passed_over(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(2)])
        for _ in range(2):
            await opened.outbox.settle([message(1).id, "unknown"], [], [])
    assert [each.message for each in await waiting_in(place)] == [message(2)]


async def test_a_message_that_lives_here_is_not_added_again(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(1)])
        (entry,) = await opened.outbox.waiting()
        tried = replace(entry, attempts=1)
        await opened.outbox.settle([], [tried], [])
        await opened.outbox.add([message(1)])
        assert await opened.outbox.waiting() == [tried]


async def test_a_message_may_be_held(place: Place) -> None:
    held = replace(message(1), hold_until=NOON + timedelta(hours=1))
    async with place.open() as opened:
        await opened.outbox.add([held])
    assert [each.message for each in await waiting_in(place)] == [held]


async def test_a_dead_message_stays_and_is_tried_no_more_until_it_lives_again(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(2)])
        first, _ = await opened.outbox.waiting()
        dead = replace(first, dead="refused")
        await opened.outbox.settle([], [dead], [])
    async with place.open() as again:
        assert [each.message for each in await again.outbox.waiting()] == [message(2)]
        assert await again.outbox.entries([message(1).id, "unknown"]) == [dead]
        await again.outbox.settle([], [first], [])
        assert [each.message for each in await again.outbox.waiting()] == [message(1), message(2)]


async def test_what_is_dropped_is_gone_dead_or_alive(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(2), message(3)])
        first, second, _ = await opened.outbox.waiting()
        await opened.outbox.settle([], [replace(first, dead="refused")], [])
        found = await opened.outbox.entries([message(1).id, message(2).id])
        assert [each.order for each in found] == [first.order, second.order]
        for _ in range(2):
            await opened.outbox.drop(found)
        assert await opened.outbox.entries([message(1).id, message(2).id]) == []
    assert [each.message for each in await waiting_in(place)] == [message(3)]


async def test_the_place_of_a_message_that_left_is_not_taken_by_one_before_it(place: Place) -> None:
    async with place.open() as opened:
        await opened.outbox.add([message(1), message(2)])
        await opened.outbox.settle([message(2).id], [], [])
        await opened.outbox.add([message(3)])
        waiting = await opened.outbox.waiting()
    assert [each.message.id for each in waiting] == [message(1).id, message(3).id]
    assert waiting[0].order < waiting[1].order


async def test_decisions_and_settlements_at_the_same_time_lose_no_message(place: Place) -> None:
    async with place.open() as opened:
        for step, decision in enumerate(play(watch(), *map(price, range(20)))):
            await asyncio.gather(opened.store.commit([decision]), opened.outbox.add([message(step)]))
    found = summaries(await waiting_in(place))
    assert len(found) == len(set(found)) == 39


# Reading, beside the writer


async def test_where_nothing_is_kept_there_is_nothing_to_read(place: Place) -> None:
    reader = place.reader()
    assert (list(reader.each_state()), reader.state("dune"), reader.outbox(), reader.events()) == ([], None, [], [])
    assert (reader.first_event(), reader.last_event(), list(reader.changes("dune"))) == (0, 0, [])


async def test_what_is_saved_can_be_read_at_once(place: Place) -> None:
    decisions = play(watch(confirm=2), price(1), price(2), price(2), BROKEN)
    async with place.open() as opened:
        await opened.store.commit(decisions)
        reader = place.reader()
        assert reader.epoch() == opened.store.epoch
        assert (dict(reader.each_state()), reader.state("dune")) == ({"dune": decisions[-1].state}, decisions[-1].state)
        assert list(reader.changes("dune")) == [each.change for each in decisions if each.change]
        assert [each.event for each in reader.each_event()] == [event for each in decisions for event in each.events]
        assert reader.outbox() == await opened.outbox.waiting()


async def test_watches_are_read_by_id_a_page_at_a_time(place: Place) -> None:
    (first,) = play(watch(), price(1))
    ids = ["a", "a-1", "ab", "b", "店", "𝒜"]
    async with place.open() as opened:
        await opened.store.commit([replace(first, watch=one) for one in reversed(ids)])
        await opened.store.commit([replace(same, watch="b") for same in play(watch(), price(1), price(1))[1:]])
    reader, found = place.reader(), dict[str, WatchState]()
    while page := list(islice(reader.each_state(after=max(found, default="")), 2)):
        assert len(page) <= 2
        found.update(page)
    assert list(found) == ids
    assert found == {one: reader.state(one) for one in ids}
    assert found["b"].checked_at == NOON + timedelta(minutes=10)
    assert list(reader.each_state(after="aa")) == [(one, found[one]) for one in ids[2:]]


async def test_changes_and_events_are_read_from_anywhere_on(place: Place) -> None:
    async with place.open() as opened:
        for decision in play(watch(), *map(price, range(6))):
            await opened.store.commit([decision])
    reader = place.reader()
    changes, events = list(reader.changes("dune")), list(reader.each_event())
    assert [each.sequence for each in changes] == sorted(each.sequence for each in changes)
    assert list(reader.changes("dune", after=changes[2].sequence)) == changes[3:]
    assert reader.newest_changes("dune", before=changes[3].sequence, limit=2) == [changes[2], changes[1]]
    assert list(reader.each_event(after=events[1].number)) == events[2:]
    assert reader.events(after=events[1].number, limit=1) == [reader.with_change(events[2])]
    assert reader.newest_events("dune", limit=2) == [events[-1], events[-2]]
    assert (reader.first_event(), reader.last_event()) == (events[0].number, events[-1].number)
    assert (list(reader.changes("dun")), reader.newest_events("dun", limit=9)) == ([], [])
