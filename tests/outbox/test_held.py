"""Messages that wait for others of their topic: one process, a real store, and kills in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, message
from tests.outbox.recording import BOUND_SECONDS, Clock, RecordingPublisher
from tests.outbox.test_dispatch import DOWN, FullDisk, dispatcher, running, save, standing
from watcher.core.check import OutboxMessage
from watcher.errors import StoreError
from watcher.outbox.held import merge, release
from watcher.store.watch_store import DiskWatchStore, open_watch_store

HOUR = timedelta(hours=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


def held(number: int, *, minutes: float = 60, topic: str = "deals", watch: str = "dune") -> OutboxMessage:
    """A message that may wait so many minutes after noon."""
    made = message(number, topic=topic)
    return replace(made, watch=watch, hold_until=NOON + timedelta(minutes=minutes))


async def settle_all(store: DiskWatchStore, publisher: RecordingPublisher, clock: Clock) -> list[OutboxMessage]:
    """Publish whatever is due; return what was taken since the last time."""
    work = dispatcher(store.outbox, publisher, clock)
    publisher.taken.clear()
    while await work.publish_due():
        pass
    return list(publisher.taken)


async def test_a_held_message_waits_for_its_time_and_goes_as_it_is(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher()
    await save(store.outbox, held(1))
    assert await settle_all(store, publisher, clock) == []
    clock.turn(3599)
    assert await settle_all(store, publisher, clock) == []
    clock.turn(1)
    assert await settle_all(store, publisher, clock) == [message(1)]
    assert await store.outbox.waiting() == []


async def test_all_held_ones_of_a_topic_travel_as_one_when_the_first_comes_due(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher()
    await save(store.outbox, held(1, minutes=60), held(2, minutes=30), held(3, minutes=90), held(4, topic="books"))
    clock.turn(1800)
    (told,) = await settle_all(store, publisher, clock)
    assert (told.topic, told.watch, told.hold_until) == ("deals", "dune", None)
    assert "3" in told.summary
    assert all(f"news {number}\nin full" in told.content for number in (1, 2, 3))
    assert await standing(store.outbox) == [("news 4", 0, 0.0)]


async def test_what_is_not_held_does_not_wait_for_what_is(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher()
    await save(store.outbox, held(1), message(2), held(3), message(4))
    assert [told.summary for told in await settle_all(store, publisher, clock)] == ["news 2", "news 4"]
    assert await standing(store.outbox) == [("news 1", 0, 0.0), ("news 3", 0, 0.0)]


async def test_a_message_that_was_attempted_is_not_merged_with_later_ones(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher(lambda _: DOWN)
    await save(store.outbox, held(1))
    clock.turn(3600)
    await settle_all(store, publisher, clock)
    await save(store.outbox, held(2), held(3, minutes=61))
    publisher.answer = lambda _: None
    clock.turn(60)
    first, second = await settle_all(store, publisher, clock)
    assert (first.summary, first.id) == ("news 1", message(1).id)
    assert "news 2" in second.content
    assert "news 3" in second.content


def test_the_id_of_a_merged_message_depends_on_its_parts_and_their_order() -> None:
    parts = [held(1), held(2)]
    one = merge(parts, now=NOON)
    assert len(one.id) == 32
    assert int(one.id, 16)
    assert merge(parts, now=NOON + HOUR).id == one.id
    assert merge(parts[::-1], now=NOON).id != one.id
    assert merge([*parts, held(3)], now=NOON).id != one.id


def test_a_merged_message_of_several_watches_names_none() -> None:
    assert merge([held(1), held(2)], now=NOON).watch == "dune"
    assert merge([held(1), held(2, watch="emma")], now=NOON).watch == ""


async def test_a_kill_between_merging_and_publishing_loses_and_doubles_nothing(tmp_path: Path) -> None:
    clock = Clock()
    clock.turn(3600)
    killed, _ = await open_watch_store(tmp_path)
    await save(killed.outbox, held(1), held(2))
    found = release(await killed.outbox.waiting(), now=clock.now(), is_last_chance=False)
    assert found is not None
    await killed.outbox.settle(found.merged_away, found.released, found.merged)
    await killed.close()

    again, _ = await open_watch_store(tmp_path)
    publisher = RecordingPublisher()
    await save(again.outbox, held(3, minutes=60))
    first, second = await settle_all(again, publisher, clock)
    assert first.id == merge([held(1), held(2)], now=NOON).id
    assert second.summary == "news 3"
    assert await again.outbox.waiting() == []
    await again.close()


async def test_a_kill_between_publishing_and_saving_brings_the_same_message_again(tmp_path: Path) -> None:
    """The push service knows its id. A new held message does not join it, for then it would come under another one."""
    clock = Clock()
    clock.turn(3600)
    killed, _ = await open_watch_store(tmp_path)
    await save(killed.outbox, held(1))
    publisher = RecordingPublisher()
    full = FullDisk(killed.outbox, refusals=0)

    def full_from_now_on(_: OutboxMessage) -> None:
        full.refusals = 1

    publisher.answer = full_from_now_on
    with pytest.raises(StoreError, match="full"):
        await dispatcher(full, publisher, clock).publish_due()
    assert publisher.summaries == ["news 1"]
    await killed.close()
    publisher.answer = lambda _: None

    again, _ = await open_watch_store(tmp_path)
    await save(again.outbox, held(2))
    first, second = await settle_all(again, publisher, clock)
    assert (first.id, second.id) == (message(1).id, message(2).id)
    await again.close()


async def test_a_full_disk_while_merging_loses_and_doubles_nothing(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher()
    clock.turn(3600)
    await save(store.outbox, held(1), held(2))
    work = dispatcher(FullDisk(store.outbox, refusals=2), publisher, clock)
    for _ in range(2):
        with pytest.raises(StoreError, match="full"):
            await work.publish_due()
    while await work.publish_due():
        pass
    assert [told.id for told in publisher.taken] == [merge([held(1), held(2)], now=NOON).id]


async def test_draining_sends_held_messages_at_once_as_one(store: DiskWatchStore) -> None:
    publisher = RecordingPublisher()
    await save(store.outbox, held(1), held(2, minutes=600), held(3, topic="books"), message(4))
    async with asyncio.timeout(BOUND_SECONDS):
        await dispatcher(store.outbox, publisher).drain()
    assert sorted(told.topic for told in publisher.taken) == ["books", "deals", "deals"]
    assert await store.outbox.waiting() == []


async def test_the_loop_sends_a_held_message_when_its_time_comes(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher()
    work = dispatcher(store.outbox, publisher, clock)
    async with running(work):
        await save(store.outbox, held(1), message(2))
        work.loop.wake()
        await publisher.until_attempts(1)
        assert publisher.summaries == ["news 2"]
        clock.turn(3600)
        work.loop.wake()
        await publisher.until_attempts(2)
    assert publisher.summaries == ["news 2", "news 1"]


async def test_the_loop_sleeps_until_the_first_held_message_comes_due(store: DiskWatchStore) -> None:
    work = dispatcher(store.outbox, RecordingPublisher())
    for minutes, seconds in ((600, 36_000.0), (0.25, 15.0), (0.5, 15.0)):
        await save(store.outbox, held(int(minutes * 100), minutes=minutes))
        assert await work._seconds_until_due() == seconds


async def test_a_message_that_was_made_in_the_future_is_not_held(store: DiskWatchStore) -> None:
    clock, publisher = Clock(NOON - timedelta(days=400)), RecordingPublisher()
    await save(store.outbox, held(1))
    assert len(await settle_all(store, publisher, clock)) == 1
