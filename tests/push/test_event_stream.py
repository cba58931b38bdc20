"""What the push service did, as events; that none is missing is asked after each test of `test_delivering`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.push.builders import NOON, a_declared_topic, a_draft, a_reader, an_app, to_topic
from watcher.core.databases import DatabasePlace
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.core.push import DeliveryEvent, MessageEvent, PushEvents
from watcher.push.opening import open_push_service
from watcher.push.service import PushService


async def since(service: PushService, *, message: int = 0, delivery: int = 0, limit: int = 100_000) -> PushEvents:
    """Ask for events."""
    return await service.events.since(message=message, delivery=delivery, limit=limit)


def steps(events: Sequence[DeliveryEvent]) -> list[tuple[int, str | None, str]]:
    """Number, channel and state."""
    return [(each.number, each.channel, each.state.value) for each in events]


def sent(events: Sequence[MessageEvent]) -> list[tuple[int, str, int | None]]:
    """Number, summary and how many inboxes."""
    return [(each.number, each.message.draft.summary, each.inboxes) for each in events]


async def test_a_message_and_what_becomes_of_it(service: PushService) -> None:
    topic = await a_declared_topic(service)
    reader = await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals")])
    [item] = await service.inbox.items(reader)
    for _ in range(2):
        await service.inbox.mark_shown(reader, [item.id])
    for _ in range(2):
        await service.inbox.mark_opened(reader, [item.id])
    found = await since(service)
    assert sent(found.messages) == [(item.message.id, "news", 1)]
    assert found.messages[0].key == "k1"
    assert steps(found.deliveries) == [(1, "inbox", "shown"), (2, "inbox", "opened")]
    shown = found.deliveries[0]
    assert (shown.uid, shown.topic, shown.summary, shown.at) == (reader.uid, "Deals", "news", NOON)
    assert steps((await since(service, message=item.message.id, delivery=1)).deliveries) == [(2, "inbox", "opened")]


async def test_others_cannot_mark_what_is_not_theirs(service: PushService) -> None:
    topic = await a_declared_topic(service)
    reader, other = await a_reader(service, topics=(topic.id,)), await a_reader(service)
    await service.messages.publish([to_topic("deals")])
    [item] = await service.inbox.items(reader)
    await service.inbox.mark_opened(other, [item.id])
    assert (await since(service)).deliveries == []


async def test_what_is_over_the_quota_has_failed(place: DatabasePlace) -> None:
    service = await open_push_service(place, now=lambda: NOON, daily_messages=1)
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id)
    await a_reader(service, topics=(topic.id,))
    for text in ("one", "two"):
        await service.messages.send(app, a_draft(text), topic_ids=[topic.id])
    found = await since(service)
    assert [count for _, _, count in sent(found.messages)] == [1, 0]
    assert [(each.state, each.summary) for each in found.deliveries] == [("failed", "two")]
    assert "daily limit" in str(found.deliveries[0].reason)
    await service.close()


async def test_nothing_is_said_of_who_is_gone_or_of_what_was_taken_back(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id)
    reader = await a_reader(service, topics=(topic.id,))
    [result] = await service.messages.send(app, a_draft("secret"), topic_ids=[topic.id])
    [item] = await service.inbox.items(reader)
    await service.inbox.mark_opened(reader, [item.id])
    await service.messages.delete(app, result.message_id or 0)
    await service.subscribers.forget(reader)
    found = await since(service)
    assert (found.messages[0].is_deleted, found.messages[0].message.draft.summary) == (True, "")
    assert [(each.number, each.uid, each.summary) for each in found.deliveries] == [(1, None, None)]


@pytest.mark.on_sqlite("sets its counter")
async def test_only_the_newest_are_kept_and_no_number_is_given_twice(service: PushService) -> None:
    topic = await a_declared_topic(service)
    reader = await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals", key=str(number)) for number in range(3)])
    items = await service.inbox.items(reader)
    await service.inbox.mark_shown(reader, [item.id for item in items])
    await service._store.write(
        lambda tx: tx.events._connection.exec_driver_sql(
            # As if so many had come.
            f"UPDATE sqlite_sequence SET seq = {KEPT_EVENTS + 1} WHERE name = 'delivery_events'"
        )
    )
    await service.inbox.mark_opened(reader, [items[0].id])
    assert [each.number for each in (await since(service)).deliveries] == [3, KEPT_EVENTS + 2]


@pytest.mark.faults
async def test_who_reads_by_number_misses_nothing_of_two_processes_that_write_at_once(place: DatabasePlace) -> None:
    path = place
    services = [await open_push_service(path, now=lambda: NOON) for _ in range(3)]
    reading, *writing = services
    topic = await a_declared_topic(reading)
    readers = [await a_reader(reading, topics=(topic.id,)) for _ in range(2)]

    async def write(service: PushService, name: str) -> None:
        for number in range(20):
            await service.messages.publish([to_topic("deals", key=f"{name}{number}")])
            for reader in readers:
                newest = (await service.inbox.recent(reader, limit=1))[0]
                await service.inbox.mark_shown(reader, [newest.id])

    messages, deliveries = list[int](), list[int]()

    async def read() -> None:
        found = await since(reading, message=max(messages, default=0), delivery=max(deliveries, default=0), limit=7)
        messages.extend(each.number for each in found.messages)
        deliveries.extend(each.number for each in found.deliveries)

    work = asyncio.gather(*(write(service, str(number)) for number, service in enumerate(writing)))
    async with asyncio.timeout(timedelta(seconds=30).total_seconds()):
        while not work.done():
            await read()
        for _ in range(20):
            await read()
    await work
    assert messages == list(range(1, 41))
    assert deliveries == list(range(1, len(deliveries) + 1))
    assert len(deliveries) > 20
    for service in services:
        await service.close()
