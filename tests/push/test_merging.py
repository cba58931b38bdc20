"""Two topics that become one: who follows it then, what still arrives, and where the old names lead."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.push.builders import a_declared_topic, a_draft, a_reader, an_app, texts, the_topic, to_topic
from tests.push.relays import Relay, a_room
from watcher.core.push import SubscriptionState, TopicMode
from watcher.core.watch import ADMIN_TOPIC, Topic
from watcher.errors import ConflictError, RefusedError
from watcher.push.sending import SendRequest
from watcher.push.service import PushService


async def test_everybody_follows_the_other_one_and_nobody_gets_a_message_twice(service: PushService) -> None:
    old, new = await a_declared_topic(service, "sales"), await a_declared_topic(service, "deals")
    one, both, other = [await a_reader(service, topics=ids) for ids in ((old.id,), (old.id, new.id), (new.id,))]
    merged = await service.merge_topics(old.id, new.id)
    assert (merged.topic.id, merged.moved, merged.into.subscribers) == (old.id, 1, 3)
    await service.messages.publish([to_topic("deals")])
    assert [await texts(service, reader) for reader in (one, both, other)] == [["news"]] * 3
    assert [topic.id for topic in await service.topics.all()] == [new.id]
    assert (await service.operator.totals()).topics == 1


async def test_the_old_link_number_and_key_lead_to_the_other_one_whatever_it_is_merged_into_later(
    service: PushService,
) -> None:
    first, second, third = [await a_declared_topic(service, key) for key in ("first", "second", "third")]
    await service.topics.edit(first.id, by_number=True)
    await service.merge_topics(first.id, second.id)
    await service.merge_topics(second.id, third.id)
    reader = await a_reader(service, topics=(third.id,))
    found = [await service.topics.of_slug(first.slug), await service.topics.of_number(first.id)]
    assert [topic and topic.id for topic in found] == [third.id, third.id]
    assert await service.topics.of_number(second.id) is None
    assert await service.topics.of_id(first.id) is None
    # As a watch tells it, and as a program does.
    await service.topics.declare([Topic(key="first", name="First")])
    await service.messages.publish([to_topic("first", key="k1", text="by key")])
    own = await service.apps.of_id(third.app_id)
    assert own is not None
    [sent] = await service.messages.send(own, a_draft("by number"), topic_ids=[first.id])
    assert sent.code == 1000
    assert await texts(service, reader) == ["by key", "by number"]
    assert [topic.key for topic in await service.topics.all()] == ["third"]


async def test_a_send_to_both_numbers_is_answered_for_each_and_arrives_once(service: PushService) -> None:
    app = await an_app(service)
    old, new = [await service.topics.add(name, app_id=app.id) for name in ("Sales", "Deals")]
    reader = await a_reader(service, topics=(new.id,))
    await service.merge_topics(old.id, new.id)
    request = SendRequest(
        draft=a_draft("both"), topic_ids=[old.id, new.id], idempotency_key="once", request_digest="the same"
    )
    first, repeat = [await service.messages.send_request(app, request) for _ in range(2)]
    assert [(result.topic_id, result.code) for result in first.results] == [(old.id, 1000), (new.id, 1000)]
    assert repeat.is_repeat
    assert repeat.results == first.results
    assert await texts(service, reader) == ["both"]


async def test_what_is_queued_for_another_channel_still_arrives(tmp_path: Path) -> None:
    async with a_room(tmp_path) as room:
        old, new = [await room.service.topics.add(name, app_id=room.app.id) for name in ("Sales", "Deals")]
        reader = await a_reader(room.service, topics=(old.id,))
        await room.reach(reader, "phone@a")
        await room.service.messages.send(room.app, a_draft("queued"), topic_ids=[old.id])
        await room.service.merge_topics(old.id, new.id)
        relay = Relay()
        async with room.delivering(relay):
            await room.quiet()
    assert relay.got == [("queued", "phone@a")]


async def test_each_subscription_stands_as_it_did(service: PushService) -> None:
    old = await service.topics.add("Sales")
    new = await service.topics.add("Deals", mode=TopicMode.APPROVAL)
    waits, kept_out, moved_out = [await a_reader(service, topics=(old.id,)) for _ in range(3)]
    await service.subscriptions.follow(waits, topic_id=new.id)
    await service.subscriptions.follow(kept_out, topic_id=new.id)
    for reader, topic in ((kept_out, new), (moved_out, old)):
        subscription = await service.subscriptions.find(reader, topic_id=topic.id)
        assert subscription is not None
        await service.subscriptions.reject(subscription.id)
    await service.merge_topics(old.id, new.id)
    found = [await service.subscriptions.find(reader, topic_id=new.id) for reader in (waits, kept_out, moved_out)]
    assert [subscription and subscription.state for subscription in found] == [
        SubscriptionState.FOLLOWING,
        SubscriptionState.REJECTED,
        SubscriptionState.REJECTED,
    ]


async def test_a_removed_topic_takes_along_what_was_merged_into_it(service: PushService) -> None:
    old, new = await a_declared_topic(service, "sales"), await a_declared_topic(service, "deals")
    await service.merge_topics(old.id, new.id)
    await service.topics.remove(new.id)
    assert await service.topics.of_slug(old.slug) is None
    assert (await a_declared_topic(service, "sales")).slug != old.slug


@pytest.mark.on_sqlite("looks into the file")
async def test_what_cannot_be_merged_is_refused_and_nothing_changes(service: PushService, tmp_path: Path) -> None:
    topic, admin = await a_declared_topic(service, "sales"), await a_declared_topic(service, ADMIN_TOPIC)
    foreign = await service.topics.add("Sales", app_id=(await an_app(service)).id)
    for ids, why in (
        ((topic.id, topic.id), "into itself"),
        ((topic.id, foreign.id), "of two applications"),
        ((admin.id, topic.id), "told what goes wrong"),
        ((topic.id, 99), "there is no topic 99"),
    ):
        with pytest.raises(RefusedError, match=why):
            await service.merge_topics(*ids)
    await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("sales")])
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection, connection:
        connection.execute("INSERT INTO fan_outs (message_id) SELECT id FROM messages")
    with pytest.raises(ConflictError, match="still being brought"):
        await service.merge_topics(topic.id, admin.id)
    assert (await the_topic(service, "sales")).subscribers == 1
