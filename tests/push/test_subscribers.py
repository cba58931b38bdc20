from __future__ import annotations

import pytest

from tests.push.builders import a_declared_topic, a_reader, an_app, the_topic
from watcher.errors import RefusedError
from watcher.push.service import PushService


async def test_a_device_opens_its_own_inbox_and_the_uid_opens_nothing(service: PushService) -> None:
    new = await service.subscribers.add()
    assert await service.devices.owner(new.device_token) == new.subscriber
    assert await service.devices.owner(new.subscriber.uid) is None
    assert await service.devices.owner(new.spt) is None


async def test_following_is_shown_and_can_be_ended(service: PushService) -> None:
    topic, app = await a_declared_topic(service), await an_app(service)
    reader = await a_reader(service)
    await service.subscriptions.follow(reader, topic_id=topic.id)
    await service.subscriptions.follow(reader, app_id=app.id)
    [followed], apps = await service.subscriptions.following(reader)
    assert (followed.id, followed.subscribers, apps) == (topic.id, 1, [app])

    await service.subscriptions.unfollow(reader, topic_id=topic.id)
    assert await service.subscriptions.following(reader) == ([], [app])


async def test_following_twice_and_leaving_twice_are_no_errors(service: PushService) -> None:
    topic = await a_declared_topic(service)
    reader = await a_reader(service, topics=(topic.id, topic.id))
    await service.subscriptions.follow(reader, topic_id=topic.id)
    assert (await the_topic(service, "deals")).subscribers == 1
    await service.subscriptions.unfollow(reader, topic_id=topic.id)
    await service.subscriptions.unfollow(reader, topic_id=topic.id)
    assert (await the_topic(service, "deals")).subscribers == 0


async def test_leaving_a_topic_leaves_its_application_followed(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("News", app_id=app.id)
    reader = await a_reader(service, topics=(topic.id,), apps=(app.id,))
    await service.subscriptions.unfollow(reader, topic_id=topic.id)
    assert await service.subscriptions.following(reader) == ([], [app])


async def test_all_subscribers_are_listed_with_what_they_follow(service: PushService) -> None:
    topic, app = await a_declared_topic(service), await an_app(service)
    both = await a_reader(service, topics=(topic.id,), apps=(app.id,))
    nothing = await a_reader(service)
    listed = await service.subscribers.all()
    assert [(one, [each.id for each in topics], apps) for one, topics, apps in listed] == [
        (both, [topic.id], [app]),
        (nothing, [], []),
    ]


@pytest.mark.parametrize("number", [0, 99, -(2**80), 2**80])
async def test_what_does_not_exist_cannot_be_followed_and_nothing_is_made(service: PushService, number: int) -> None:
    reader = await a_reader(service)
    with pytest.raises(RefusedError, match=f"no topic {number}"):
        await service.subscriptions.follow(reader, topic_id=number)
    with pytest.raises(RefusedError, match=f"no application {number}"):
        await service.subscribers.add(app_ids=[number])
    assert len(await service.subscribers.all()) == 1


async def test_one_follows_exactly_one_place_at_a_time(service: PushService) -> None:
    reader = await a_reader(service)
    with pytest.raises(ValueError, match="exactly one"):
        await service.subscriptions.follow(reader)
    with pytest.raises(ValueError, match="exactly one"):
        await service.subscriptions.unfollow(reader, topic_id=1, app_id=1)
