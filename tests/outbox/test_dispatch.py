"""The dispatcher, over a real store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.core.builders import NOON, message
from tests.outbox.recording import BOUND_SECONDS, Clock, RecordingPublisher
from tests.store.around import AroundOutbox
from watcher.core.check import OutboxEntry, OutboxMessage
from watcher.core.protocols import Outbox
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError, StoreError
from watcher.outbox.dispatch import Dispatcher
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store

DOWN = PassingPublishError("the server is down")
REFUSED = PermanentPublishError("wrong token")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


class FullDisk(AroundOutbox):
    """An outbox that refuses to settle so many times."""

    def __init__(self, outbox: Outbox, refusals: int) -> None:
        super().__init__(outbox)
        self.refusals = refusals

    async def settle(self, settled: Sequence[str], failed: Sequence[OutboxEntry], new: Sequence[OutboxMessage]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreError("the disk is full")
        await super().settle(settled, failed, new)


def dispatcher(outbox: Outbox, publisher: RecordingPublisher, clock: Clock | None = None) -> Dispatcher:
    return Dispatcher(outbox, publisher, now=(clock or Clock()).now, chance=lambda: 0.0)


@asynccontextmanager
async def running(work: Dispatcher) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=BOUND_SECONDS)


async def save(outbox: Outbox, *messages: OutboxMessage) -> None:
    await outbox.add(messages)


def to(topic: str, error: PublishError) -> Callable[[OutboxMessage], PublishError | None]:
    return lambda message: error if message.topic == topic else None


async def standing(outbox: Outbox) -> list[tuple[str, int, float]]:
    """Return the living entries as (summary, attempts, seconds until due after noon)."""
    return [
        (entry.message.summary, entry.attempts, (entry.due_at - NOON).total_seconds())
        for entry in await outbox.waiting()
    ]


async def test_what_is_taken_leaves_the_outbox_in_order(store: DiskWatchStore) -> None:
    await save(store.outbox, message(1), message(2, topic="books"), message(3))
    publisher = RecordingPublisher()
    work = dispatcher(store.outbox, publisher)
    assert await work.publish_due()
    assert publisher.summaries == ["news 1", "news 2", "news 3"]
    assert not await store.outbox.waiting()
    assert not await work.publish_due()


class Looks(AroundOutbox):
    """An outbox that counts how often it is read."""

    count = 0

    async def waiting(self) -> Sequence[OutboxEntry]:
        self.count += 1
        return await super().waiting()


async def test_a_batch_costs_one_look_at_the_outbox(store: DiskWatchStore) -> None:
    await save(store.outbox, message(1), message(2))
    looks = Looks(store.outbox)
    await dispatcher(looks, RecordingPublisher()).publish_due()
    assert looks.count == 1


async def test_a_topic_that_fails_keeps_its_order_and_holds_no_other_back(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher(to("deals", DOWN))
    await save(store.outbox, message(1), message(2), message(3, topic="books"))
    work = dispatcher(store.outbox, publisher, clock)
    await work.publish_due()
    assert publisher.summaries == ["news 3"]
    assert await standing(store.outbox) == [("news 1", 1, 1.0), ("news 2", 0, 0.0)]

    publisher.attempts.clear()
    assert not await work.publish_due()
    clock.turn(1)
    await work.publish_due()
    assert await standing(store.outbox) == [("news 1", 2, 3.0), ("news 2", 0, 0.0)]

    publisher.answer = lambda _: None
    clock.turn(2)
    await save(store.outbox, message(4))
    while await work.publish_due():
        pass
    assert publisher.summaries == ["news 3", "news 1", "news 2", "news 4"]


async def test_a_message_that_died_lets_the_next_one_through_and_the_operator_is_told_once(
    store: DiskWatchStore, tmp_path: Path
) -> None:
    await save(store.outbox, message(1), message(2))
    publisher = RecordingPublisher(lambda told: REFUSED if told.summary == "news 1" else None)
    work = dispatcher(store.outbox, publisher)
    while await work.publish_due():
        pass
    assert [(told.topic, told.summary) for told in publisher.taken] == [
        ("deals", "news 2"),
        ("admin", "Not delivered: news 1"),
    ]
    assert "wrong token" in publisher.taken[1].content
    assert [entry.dead for entry in DiskWatchReader(tmp_path).outbox()] == ["wrong token"]


async def test_a_dead_word_to_the_operator_makes_no_further_one(store: DiskWatchStore, tmp_path: Path) -> None:
    await save(store.outbox, message(1))
    publisher = RecordingPublisher(lambda _: REFUSED)
    work = dispatcher(store.outbox, publisher)
    while await work.publish_due():
        pass
    assert [told.topic for told in publisher.attempts] == ["deals", "admin"]
    assert len(DiskWatchReader(tmp_path).outbox()) == 2


async def test_a_receiver_that_is_down_for_days_gets_everything_once_and_in_order(store: DiskWatchStore) -> None:
    clock, publisher = Clock(), RecordingPublisher(lambda _: DOWN)
    work = dispatcher(store.outbox, publisher, clock)
    await save(store.outbox, *(message(number) for number in range(120)))
    while clock.now() < NOON + timedelta(days=2, hours=23):
        await work.publish_due()
        clock.turn(900)
    publisher.answer = lambda _: None
    while await work.publish_due():
        pass
    assert publisher.summaries == [f"news {number}" for number in range(120)]
    assert publisher.attempts.count(message(0)) < 300


async def test_a_full_disk_neither_loses_nor_repeats_a_message(store: DiskWatchStore) -> None:
    await save(store.outbox, message(1))
    publisher = RecordingPublisher()
    full = FullDisk(store.outbox, refusals=3)
    work = dispatcher(full, publisher)
    for _ in range(3):
        with pytest.raises(StoreError, match="full"):
            await work.publish_due()
    await save(store.outbox, message(2))
    while await work.publish_due():
        pass
    assert publisher.summaries == ["news 1", "news 2"]
    assert not await store.outbox.waiting()


async def test_a_failure_that_could_not_be_saved_still_counts(store: DiskWatchStore) -> None:
    await save(store.outbox, message(1))
    publisher = RecordingPublisher(lambda _: REFUSED)
    work = dispatcher(FullDisk(store.outbox, refusals=1), publisher)
    with pytest.raises(StoreError):
        await work.publish_due()
    while await work.publish_due():
        pass
    assert [told.topic for told in publisher.attempts] == ["deals", "admin"]


async def test_the_loop_publishes_when_it_is_woken(store: DiskWatchStore) -> None:
    publisher = RecordingPublisher()
    work = dispatcher(store.outbox, publisher)
    async with running(work):
        for number in (1, 2):
            await save(store.outbox, message(number))
            work.loop.wake()
            await publisher.until_attempts(number)
    assert publisher.summaries == ["news 1", "news 2"]


async def test_what_comes_right_after_a_batch_gathers_and_goes_as_one(store: DiskWatchStore) -> None:
    publisher = RecordingPublisher()
    work = Dispatcher(store.outbox, publisher, now=Clock().now, chance=lambda: 0.0, gather_seconds=2 * BOUND_SECONDS)
    await save(store.outbox, message(0))
    async with running(work):
        await publisher.until_attempts(1)
        for number in range(1, 10):
            await save(store.outbox, message(number))
            work.loop.wake()
    async with asyncio.timeout(BOUND_SECONDS):
        await work.drain()
    assert [len(batch) for batch in publisher.batches] == [1, 9]


async def test_full_batches_follow_one_another_at_once(store: DiskWatchStore) -> None:
    publisher = RecordingPublisher()
    work = Dispatcher(store.outbox, publisher, now=Clock().now, chance=lambda: 0.0, gather_seconds=2 * BOUND_SECONDS)
    await save(store.outbox, *(message(number) for number in range(2 * publisher.batch + 1)))
    async with running(work):
        await publisher.until_attempts(2 * publisher.batch + 1)
    assert [len(batch) for batch in publisher.batches] == [publisher.batch, publisher.batch, 1]


async def test_the_loop_outlives_a_full_disk(store: DiskWatchStore, caplog: pytest.LogCaptureFixture) -> None:
    await save(store.outbox, message(1))
    publisher = RecordingPublisher()
    full = FullDisk(store.outbox, refusals=1)
    work = dispatcher(full, publisher)
    async with running(work):
        await publisher.until_attempts(1)
        await save(store.outbox, message(2))
        work.loop.wake()
        await publisher.until_attempts(2)
    assert publisher.summaries == ["news 1", "news 2"]
    assert "the store refused: the disk is full" in caplog.text


async def test_the_loop_outlives_a_defect_and_says_so(store: DiskWatchStore, caplog: pytest.LogCaptureFixture) -> None:
    def trip(_: OutboxMessage) -> None:
        reached.set()
        raise KeyError("a defect")

    reached = asyncio.Event()
    await save(store.outbox, message(1))
    publisher = RecordingPublisher(trip)
    work = dispatcher(store.outbox, publisher)
    with caplog.at_level(logging.ERROR):
        async with running(work) as task, asyncio.timeout(BOUND_SECONDS):
            await reached.wait()
            publisher.answer = lambda _: None
            work.loop.wake()
            await publisher.until_attempts(1)
            assert not task.done()
    assert publisher.summaries == ["news 1"]
    assert "KeyError: 'a defect'" in caplog.text


async def test_draining_ends_when_nothing_lives(store: DiskWatchStore) -> None:
    await save(store.outbox, message(1), message(2, topic="books"))
    publisher = RecordingPublisher(to("books", REFUSED))
    async with asyncio.timeout(BOUND_SECONDS):
        await dispatcher(store.outbox, publisher).drain()
    assert publisher.summaries == ["news 1", "Not delivered: news 2"]


async def test_a_stop_between_publishing_and_saving_is_made_good(store: DiskWatchStore) -> None:
    """`check` cancels the loop and then drains: what was saved in the meantime is not published again."""
    await save(store.outbox, message(1))
    publisher = RecordingPublisher()
    work = dispatcher(store.outbox, publisher)
    async with running(work):
        await publisher.until_attempts(1)
    async with asyncio.timeout(BOUND_SECONDS):
        await work.drain()
    assert publisher.summaries == ["news 1"]


class SlowPublisher(RecordingPublisher):
    """Takes messages, and answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        answers = await super().publish(messages)
        await self.may_answer.wait()
        return answers


async def test_one_that_is_stopped_waits_for_the_answer_so_that_nothing_is_told_twice(store: DiskWatchStore) -> None:
    publisher = SlowPublisher()
    await store.outbox.add([message(1)])
    async with running(dispatcher(store.outbox, publisher)) as task:
        await publisher.until_attempts(1)
        task.cancel()
        await asyncio.sleep(0)
        publisher.may_answer.set()
        await asyncio.wait([task], timeout=BOUND_SECONDS)
        assert task.cancelled()
    assert await store.outbox.waiting() == []


async def test_one_that_is_stopped_waits_only_a_little(store: DiskWatchStore) -> None:
    publisher = SlowPublisher()
    await store.outbox.add([message(1)])
    work = Dispatcher(store.outbox, publisher, now=Clock().now, chance=lambda: 0.0, grace_seconds=0.01)
    async with running(work) as task:
        await publisher.until_attempts(1)
        task.cancel()
        await asyncio.wait([task], timeout=BOUND_SECONDS)
        assert task.cancelled()
    assert [entry.message for entry in await store.outbox.waiting()] == [message(1)]
