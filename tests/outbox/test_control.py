"""What the operator does with the outbox, beside the dispatcher that publishes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, message
from tests.outbox.recording import BOUND_SECONDS, Clock, RecordingPublisher
from watcher.core.check import OutboxAct, OutboxMessage
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError
from watcher.outbox.control import OutboxControl
from watcher.outbox.dispatch import Dispatcher
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore, open_watch_store

REFUSED = PermanentPublishError("wrong token")
DOWN = PassingPublishError("the server is down")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


class SlowPublisher(RecordingPublisher):
    """One that answers when it is told to."""

    def __init__(self, error: PublishError | None) -> None:
        super().__init__(lambda _: error)
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        self.has_begun.set()
        await self.may_end.wait()
        return await super().publish(messages)


def at_work(store: DiskWatchStore, publisher: RecordingPublisher) -> tuple[Dispatcher, OutboxControl]:
    clock = Clock()
    work = Dispatcher(store.outbox, publisher, now=clock.now, chance=lambda: 0.0)
    return work, OutboxControl(store.outbox, work, now=clock.now)


def on_disk(tmp_path: Path) -> list[tuple[str, str | None]]:
    return [(entry.message.summary, entry.dead) for entry in DiskWatchReader(tmp_path).outbox()]


async def test_what_was_given_up_is_tried_again_and_taken(store: DiskWatchStore, tmp_path: Path) -> None:
    await store.outbox.add([message(1)])
    publisher = RecordingPublisher(lambda _: REFUSED)
    work, control = at_work(store, publisher)
    await work.publish_due()
    letter = next(entry for entry in DiskWatchReader(tmp_path).outbox() if entry.dead)
    publisher.answer = lambda _: None
    assert await control.do(OutboxAct.TRY, [letter.message.id]) == [letter.message.id]
    assert store.outbox.dead == 0
    while await work.publish_due():
        pass
    assert "news 1" in publisher.summaries
    assert on_disk(tmp_path) == []


async def test_what_waits_is_tried_at_once(store: DiskWatchStore) -> None:
    await store.outbox.add([message(1)])
    publisher = RecordingPublisher(lambda _: DOWN)
    work, control = at_work(store, publisher)
    await work.publish_due()
    publisher.answer = lambda _: None
    assert not await work.publish_due()
    await control.do(OutboxAct.TRY, [message(1).id])
    assert await work.publish_due() == 1


@pytest.mark.parametrize("error", [None, REFUSED, DOWN], ids=["taken", "refused", "down"])
async def test_what_is_dropped_while_it_is_published_does_not_come_back(
    store: DiskWatchStore, tmp_path: Path, error: PublishError | None
) -> None:
    await store.outbox.add([message(1)])
    publisher = SlowPublisher(error)
    work, control = at_work(store, publisher)
    publishing = asyncio.create_task(work.publish_due())
    await asyncio.wait_for(publisher.has_begun.wait(), BOUND_SECONDS)
    dropping = asyncio.create_task(control.do(OutboxAct.DROP, [message(1).id]))
    await asyncio.sleep(0)
    publisher.may_end.set()
    await asyncio.wait_for(asyncio.gather(publishing, dropping), BOUND_SECONDS)
    assert "news 1" not in [summary for summary, _ in on_disk(tmp_path)]
    assert message(1).id not in [entry.message.id for entry in store.outbox.living]


async def test_what_was_given_up_can_be_dropped(store: DiskWatchStore, tmp_path: Path) -> None:
    await store.outbox.add([message(1), message(2)])
    [first, _] = DiskWatchReader(tmp_path).outbox()
    await store.outbox.settle([], [replace(first, dead="HTTP 401")], [])
    _, control = at_work(store, RecordingPublisher())
    await control.do(OutboxAct.DROP, [first.message.id])
    assert on_disk(tmp_path) == [("news 2", None)]
    assert store.outbox.dead == 0
    assert await control.do(OutboxAct.DROP, [first.message.id]) == []


async def test_a_held_message_goes_on_waiting_for_others(store: DiskWatchStore) -> None:
    held = replace(message(1), hold_until=NOON.replace(hour=18))
    await store.outbox.add([held])
    _, control = at_work(store, RecordingPublisher())
    assert await control.do(OutboxAct.TRY, [held.id]) == []
    [entry] = await store.outbox.waiting()
    assert entry.message == held
