"""Publishing to a real push service in this process."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, message
from tests.push.prepared import place_tables
from watcher.core.push import AppProfile
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, StoreError
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

DEALS = Topic(key="deals", name="Deals")


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    opened = await open_push_service(await place_tables(tmp_path / "push.db"), now=lambda: NOON)
    await opened.topics.declare([DEALS])
    yield opened
    await opened.close()


def publisher(service: PushService, *topics: Topic) -> EmbeddedPublisher:
    async def open_service() -> PushService:
        return service

    return EmbeddedPublisher(open_service, {topic.key: topic for topic in topics or (DEALS,)})


async def contents(service: PushService) -> list[str]:
    return [report.message.draft.content for report in await service.messages.reports()]


async def test_messages_reach_the_subscribers_of_their_topic_in_order(service: PushService) -> None:
    (topic,) = await service.topics.all()
    reader = (await service.subscribers.add(topic_ids=[topic.id])).subscriber
    assert await publisher(service).publish([message(1), message(2)]) == [None, None]
    assert [item.message.draft.summary for item in await service.inbox.items(reader)] == ["news 1", "news 2"]


async def test_a_repeat_is_taken_and_not_sent_again(service: PushService) -> None:
    for _ in range(2):
        assert await publisher(service).publish([message(1)]) == [None]
    assert len(await contents(service)) == 1


async def test_a_repeat_that_another_release_words_anew_is_taken_and_told_once(service: PushService) -> None:
    anew = replace(message(1), content="news 1, worded anew")
    assert [await publisher(service).publish([each]) for each in (message(1), anew)] == [[None], [None]]
    assert await contents(service) == ["news 1\nin full"]


async def test_on_a_phone_a_message_may_take_the_place_of_an_earlier_one_of_the_same_watch(
    service: PushService, tmp_path: Path
) -> None:
    other = replace(message(3), watch="another")
    assert await publisher(service).publish([message(1), message(2), other]) == [None] * 3
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection:
        first, second, third = connection.execute("SELECT collapse_key FROM messages ORDER BY id")
    assert first == second != third


async def test_what_is_refused_is_dead_and_the_others_of_its_batch_are_not(service: PushService) -> None:
    unfit = replace(message(2), url="javascript:alert(1)")
    answers = await publisher(service).publish([message(1), unfit, message(3, topic="unknown"), message(4)])
    assert [type(answer) for answer in answers] == [
        type(None),
        PermanentPublishError,
        PermanentPublishError,
        type(None),
    ]
    assert "is not a link" in str(answers[1])
    assert "unknown" in str(answers[2])
    assert await contents(service) == ["news 1\nin full", "news 4\nin full"]


async def test_a_topic_may_be_named_by_its_number(service: PushService) -> None:
    (topic,) = await service.topics.all()
    by_number = Topic(key="numbered", name="Numbered", id=topic.id)
    assert await publisher(service, by_number).publish([message(1, topic="numbered")]) == [None]


async def test_a_topic_of_another_application_is_told_there(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="ops"))
    named = await service.topics.add("alerts", app_id=app.id)
    reader = (await service.subscribers.add(topic_ids=[named.id])).subscriber
    work = publisher(service, Topic(key="alerts", name="alerts", app="ops"), DEALS)
    sent = [message(1, topic="alerts"), message(2), message(3, topic="alerts")]
    for _ in range(2):  # a repeat is taken and not sent again
        assert await work.publish(sent) == [None, None, None]
    assert [item.message.draft.summary for item in await service.inbox.items(reader)] == ["news 1", "news 3"]
    assert {report.message.app_name for report in await service.messages.reports()} == {"ops", "watcher"}


async def test_an_application_that_is_gone_is_a_permanent_failure_of_its_own_messages(service: PushService) -> None:
    work = publisher(service, Topic(key="alerts", name="alerts", app="ops"), DEALS)
    refused, taken = await work.publish([message(1, topic="alerts"), message(2)])
    assert isinstance(refused, PermanentPublishError)
    assert "there is no application ops; applications: watcher; `watcher apps add" in str(refused)
    assert taken is None


async def test_a_service_that_cannot_be_opened_is_a_passing_failure() -> None:
    async def open_service() -> PushService:
        raise StoreError("the disk is full")

    answers = await EmbeddedPublisher(open_service, {}).publish([message(1), message(2)])
    assert [type(answer) for answer in answers] == [PassingPublishError] * 2
    assert "the disk is full" in str(answers[0])
