"""A message to many readers: stored and answered at once, brought to them chunk by chunk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_draft, a_reader, an_app, texts
from tests.push.prepared import place_tables
from watcher.core.push import App, PushTopic, SendStatus, TargetResult
from watcher.core.wakeups import Wakeup
from watcher.errors import StoreError
from watcher.push.background.fan_out import CHUNK
from watcher.push.opening import open_push_service
from watcher.push.sending import READERS_IN_THE_SEND
from watcher.push.service import PushService

MANY = CHUNK + READERS_IN_THE_SEND


@dataclass(slots=True)
class Town:
    """A topic with many readers."""

    path: Path
    service: PushService
    app: App
    topic: PushTopic
    woken: list[int] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, subscriber_ids: Sequence[int] | None) -> None:
        self.woken.extend(subscriber_ids or ())
        self.news.set()

    async def hears(self, deliveries: int) -> None:
        """Wait until so many deliveries are made."""
        async with asyncio.timeout(30):
            while len(self.woken) < deliveries:
                self.news.clear()
                await self.news.wait()

    async def send(self, text: str) -> Sequence[TargetResult]:
        return await self.service.messages.send(self.app, a_draft(text), topic_ids=[self.topic.id])

    def deliveries(self) -> list[tuple[int, int]]:
        """Message and subscriber of each, in the order they were made."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute("SELECT message_id, subscriber_id FROM deliveries ORDER BY id").fetchall()


def _settle(path: Path, topic: PushTopic) -> None:
    numbers = range(1, MANY + 1)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO subscribers (id, uid, spt_hash, created_at) VALUES (?, ?, ?, 0)",
            [(number, f"UID_{number:028d}", f"{number:064d}") for number in numbers],
        )
        connection.executemany(
            "INSERT INTO subscriptions (subscriber_id, topic_id, created_at) VALUES (?, ?, 0)",
            [(number, topic.id) for number in numbers],
        )


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    path = tmp_path / "push.db"
    service = await open_push_service(await place_tables(path), now=lambda: NOON, daily_messages=2)
    app = await an_app(service)
    topic = await service.topics.add("News", app_id=app.id)
    await asyncio.to_thread(_settle, path, topic)
    town = Town(path=path, service=service, app=app, topic=topic)
    service.wakeups.on(Wakeup.DELIVERY, town.note)
    yield town
    await service.close()


async def test_everybody_gets_it_once(town: Town) -> None:
    await town.send("one")

    assert sorted(subscriber for _, subscriber in town.deliveries()) == [*range(1, MANY + 1)]
    assert sorted(town.woken) == [*range(1, MANY + 1)]


async def test_in_the_background_it_is_answered_before_anybody_has_it(town: Town) -> None:
    may_begin = asyncio.Event()

    def listening() -> Sequence[int]:
        if not may_begin.is_set():
            raise StoreError("the fan-out waits until the answer was looked at")
        return ()

    async with town.service.messages.fanning_out(listening):
        [result] = await town.send("one")

        assert (result.code, town.deliveries()) == (1000, [])
        assert result.send_record_id is not None
        assert await town.service.deliveries.status(result.send_record_id) is SendStatus.WAITING
        may_begin.set()
        town.service.wakeups.wake({Wakeup.FAN_OUT: None})
        await town.hears(MANY)
        assert await town.service.deliveries.status(result.send_record_id) is SendStatus.SENT


async def test_where_another_process_may_have_the_fan_out_a_send_leaves_it_to_that_one(town: Town) -> None:
    town.service.messages.share_fan_out()
    [result] = await town.send("one")
    assert (result.code, town.deliveries()) == (1000, [])
    async with town.service.messages.fanning_out(lambda: ()):
        await town.hears(MANY)


async def test_what_another_process_sent_to_many_is_brought_once_that_is_heard(town: Town) -> None:
    async with town.service.messages.fanning_out(lambda: ()):
        await town.send("one")
        await town.hears(MANY)
        other = await open_push_service(town.path, now=lambda: NOON)
        other.messages.share_fan_out()
        await other.messages.send(town.app, a_draft("two"), topic_ids=[town.topic.id])
        await other.close()
        assert await town.service.foreign_commit()
        await town.hears(2 * MANY)


async def test_whoever_has_the_inbox_open_comes_first(town: Town) -> None:
    listening = [MANY, 17, 1_000_000]

    async with town.service.messages.fanning_out(lambda: listening):
        await town.send("one")
        await town.hears(MANY)

    assert {subscriber for _, subscriber in town.deliveries()[:2]} == {17, MANY}


async def test_messages_come_in_the_order_in_which_they_were_sent_those_to_few_as_well(town: Town) -> None:
    small = await town.service.topics.add("Small", app_id=town.app.id)
    both = await town.service.subscribers.of_uid(f"UID_{MANY:028d}")
    assert both is not None
    await town.service.subscriptions.follow(both, topic_id=small.id)

    async with town.service.messages.fanning_out(lambda: ()):
        await town.send("one")
        await town.service.messages.send(town.app, a_draft("two"), topic_ids=[small.id])
        await town.hears(MANY + 1)

    assert await texts(town.service, both) == ["one", "two"]


async def test_what_was_not_brought_to_all_goes_on_after_a_restart(town: Town) -> None:
    async with town.service.messages.fanning_out(lambda: ()):
        await town.send("one")
        await town.hears(1)

    async with town.service.messages.fanning_out(lambda: ()):
        await town.hears(MANY)

    assert len(set(town.deliveries())) == MANY


async def test_who_follows_meanwhile_is_no_reader_of_what_was_sent_before(town: Town) -> None:
    later = await open_push_service(town.path, now=lambda: NOON.replace(hour=13))
    try:
        async with town.service.messages.fanning_out(lambda: ()):
            await town.send("one")
            late = await a_reader(later, topics=(town.topic.id,))
            await town.hears(MANY)
    finally:
        await later.close()

    assert await texts(town.service, late) == []


async def test_the_daily_limit_holds_for_each_of_them(town: Town) -> None:
    first = await town.service.subscribers.of_uid(f"UID_{1:028d}")
    assert first is not None

    for text in ("one", "two", "three"):
        await town.send(text)

    assert await texts(town.service, first) == ["one", "two"]
