"""What the tests of the push service are told with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from watcher.core.accounts import Purpose, Registration
from watcher.core.databases import ClusterDatabase
from watcher.core.push import App, AppProfile, Draft, InboxItem, PushTopic, Subscriber, TopicDraft
from watcher.core.watch import Topic
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def a_draft(text: str = "Dune 12.00 → 8.50") -> Draft:
    return Draft(summary=text, content=text)


def to_topic(topic: str | int, *, key: str = "k1", text: str = "news") -> TopicDraft:
    return TopicDraft(idempotency_key=key, topic=topic, draft=a_draft(text))


async def an_app(service: PushService, name: str = "shop") -> App:
    app, _ = await service.apps.add(AppProfile(name=name))
    return app


async def a_declared_topic(service: PushService, key: str = "deals", name: str = "Deals") -> PushTopic:
    await service.topics.declare([Topic(key=key, name=name)])
    return await the_topic(service, key)


async def the_topic(service: PushService, key: str) -> PushTopic:
    [topic] = [topic for topic in await service.topics.all() if topic.key == key]
    return topic


async def a_reader(service: PushService, *, topics: tuple[int, ...] = (), apps: tuple[int, ...] = ()) -> Subscriber:
    return (await service.subscribers.add(topic_ids=topics, app_ids=apps)).subscriber


async def texts(service: PushService, reader: Subscriber) -> list[str]:
    return [item.message.draft.content for item in await service.inbox.items(reader)]


async def an_owner(service: PushService, name: str = "Grace") -> int:
    """Let somebody register; return their account."""
    code = await service.sign_in_codes.make(Purpose.SIGN_IN, kind="", address="")
    await service.registrations.register(code.code, name, Registration.OPEN, kind="", replacing=None)
    account = (await service.accounts.all())[-1]
    assert account.id is not None
    return account.id


async def tell_news(place: Path | ClusterDatabase, *texts: str) -> Sequence[InboxItem]:
    """Send texts to the one subscriber of a push database, who is made at first; return what the inbox has now."""
    service = await open_push_service(place, now=lambda: NOON)
    try:
        topic = await a_declared_topic(service)
        everybody = await service.subscribers.all()
        reader = everybody[0][0] if everybody else await a_reader(service, topics=(topic.id,))
        await service.messages.publish([to_topic(topic.key or "", key=text, text=text) for text in texts])
        return await service.inbox.items(reader)
    finally:
        await service.close()
