"""What people do in WeChat, and who they are here."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.push.builders import NOON, a_declared_topic, a_reader, an_app, texts, to_topic
from watcher.core.channels import ChannelName
from watcher.core.push import AppProfile, PushTopic, Subscriber, SubscriptionState, TopicMode
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.commands import CommandResult
from watcher.push.followers import Arrival, Outcome
from watcher.push.reach import CLAIM_LIFE
from watcher.push.service import PushService, open_push_service

OPENID = "oA-1_b"


def to(topic: PushTopic) -> Scene:
    return Scene(kind=SceneKind.TOPIC, slug=topic.slug)


async def addresses(service: PushService, subscriber: Subscriber) -> list[str]:
    found = await service.reach.addresses(subscriber)
    assert {address.channel for address in found} <= {ChannelName.WECHAT}
    return [address.value for address in found]


async def followed(service: PushService, subscriber: Subscriber) -> list[str]:
    topics, apps = await service.following(subscriber)
    return [topic.name for topic in topics] + [app.profile.name for app in apps]


async def test_who_scans_a_topics_code_is_a_subscriber_who_follows_it(service: PushService) -> None:
    topic = await a_declared_topic(service)

    arrival = await service.followers.arrive(OPENID, to(topic))

    assert (arrival.outcome, arrival.place) == (Outcome.FOLLOWING, "Deals")
    assert await followed(service, arrival.subscriber) == ["Deals"]
    assert await addresses(service, arrival.subscriber) == [OPENID]
    await service.publish([to_topic("deals")])
    assert await texts(service, arrival.subscriber) == ["news"]


async def test_who_scans_again_is_the_same_subscriber(service: PushService) -> None:
    topic = await a_declared_topic(service)
    first = await service.followers.arrive(OPENID, to(topic))

    assert await service.followers.arrive(OPENID, to(topic)) == first

    assert await addresses(service, first.subscriber) == [OPENID]
    assert len(await service.subscribers()) == 1


async def test_two_openids_are_two_subscribers(service: PushService) -> None:
    topic = await a_declared_topic(service)
    one, other = [await service.followers.arrive(openid, to(topic)) for openid in ("oOne", "oOther")]
    assert one.subscriber != other.subscriber


async def test_an_applications_owner_is_told_once_of_who_scanned(service: PushService) -> None:
    profile = AppProfile(name="shop", callback_url="https://shop.example/cb", follow_prompt="Your id: {UID}")
    app, _ = await service.add_app(profile)
    scene = Scene(kind=SceneKind.APP, slug=app.slug)

    arrivals = [await service.followers.arrive(OPENID, scene) for _ in range(2)]

    [told] = await service.callbacks(app.id)
    who = json.loads(told.body)
    uid = arrivals[0].subscriber.uid
    assert (who["action"], who["data"]["source"], who["data"]["uid"]) == ("app_subscribe", "scan", uid)
    assert {arrival.prompt for arrival in arrivals} == {f"Your id: {uid}"}
    assert arrivals[0].place == "shop"


async def test_a_topics_follower_reads_what_its_application_has_to_say(service: PushService) -> None:
    app, _ = await service.add_app(AppProfile(name="shop", follow_prompt="Hello {UID}"))
    topic = await service.add_topic("Books", app_id=app.id)
    arrival = await service.followers.arrive(OPENID, to(topic))
    assert arrival.prompt == f"Hello {arrival.subscriber.uid}"


@pytest.mark.parametrize(
    ("mode", "outcome", "follows"),
    [
        (TopicMode.OPEN, Outcome.FOLLOWING, ["News"]),
        (TopicMode.APPROVAL, Outcome.WAITING, []),
        (TopicMode.CLOSED, Outcome.CLOSED, []),
    ],
)
async def test_the_topics_own_rules_hold(
    service: PushService, mode: TopicMode, outcome: Outcome, follows: list[str]
) -> None:
    topic = await service.add_topic("News", mode=mode)
    arrival = await service.followers.arrive(OPENID, to(topic))
    assert (arrival.outcome, arrival.place) == (outcome, "News")
    assert await followed(service, arrival.subscriber) == follows
    assert await addresses(service, arrival.subscriber) == [OPENID]


async def test_who_was_rejected_does_not_come_back_by_a_code(service: PushService) -> None:
    topic = await service.add_topic("News")
    await service.followers.arrive(OPENID, to(topic))
    [subscription] = (await service.subscriptions()).subscriptions
    await service.reject_subscription(subscription.id)

    arrival = await service.followers.arrive(OPENID, to(topic))

    assert arrival.outcome is Outcome.REJECTED
    [subscription] = (await service.subscriptions()).subscriptions
    assert subscription.state is SubscriptionState.REJECTED


async def test_a_code_whose_topic_got_another_link_leads_nowhere(service: PushService) -> None:
    topic = await service.add_topic("News")
    await service.rotate_topic(topic.id)
    arrival = await service.followers.arrive(OPENID, to(topic))
    assert (arrival.outcome, await followed(service, arrival.subscriber)) == (Outcome.MISSING, [])


async def test_the_slug_of_a_topic_is_none_of_an_application(service: PushService) -> None:
    topic = await service.add_topic("News")
    arrival = await service.followers.arrive(OPENID, Scene(kind=SceneKind.APP, slug=topic.slug))
    assert arrival.outcome is Outcome.MISSING


async def test_who_comes_without_a_code_is_reached_and_follows_nothing(service: PushService) -> None:
    arrival = await service.followers.arrive(OPENID, None)
    assert arrival.outcome is Outcome.WELCOME
    assert await addresses(service, arrival.subscriber) == [OPENID]
    assert await followed(service, arrival.subscriber) == []


async def test_who_left_is_reached_no_more_and_is_the_same_one_after_coming_back(service: PushService) -> None:
    topic = await a_declared_topic(service)
    before = await service.followers.arrive(OPENID, to(topic))

    await service.followers.leave(OPENID)
    await service.followers.leave(OPENID)
    assert await addresses(service, before.subscriber) == []
    assert await followed(service, before.subscriber) == ["Deals"]

    after = await service.followers.arrive(OPENID, None)
    assert after.subscriber == before.subscriber
    assert await addresses(service, after.subscriber) == [OPENID]


async def test_a_stranger_who_leaves_changes_nothing(service: PushService) -> None:
    await service.followers.leave(OPENID)
    assert await service.subscribers() == []


async def _linked(service: PushService, reader: Subscriber) -> Arrival:
    claim = await service.followers.new_claim(reader)
    return await service.followers.arrive(OPENID, Scene(kind=SceneKind.CLAIM, slug=claim))


async def test_a_claim_brings_its_subscriber_to_wechat(service: PushService) -> None:
    reader = await a_reader(service)
    arrival = await _linked(service, reader)
    assert (arrival.outcome, arrival.subscriber) == (Outcome.LINKED, reader)
    assert await addresses(service, reader) == [OPENID]


async def test_by_a_claim_the_openid_is_no_longer_whose_it_was(service: PushService) -> None:
    topic = await a_declared_topic(service)
    old, reader = (await service.followers.arrive(OPENID, to(topic))).subscriber, await a_reader(service)

    await _linked(service, reader)

    assert await addresses(service, old) == []
    assert await addresses(service, reader) == [OPENID]
    assert (await service.followers.arrive(OPENID, to(topic))).subscriber == reader


async def test_a_claim_is_good_once(service: PushService) -> None:
    reader = await a_reader(service)
    scene = Scene(kind=SceneKind.CLAIM, slug=await service.followers.new_claim(reader))
    await service.followers.arrive(OPENID, scene)

    late = await service.followers.arrive("oOther", scene)

    assert late.outcome is Outcome.EXPIRED
    assert late.subscriber != reader
    assert await addresses(service, reader) == [OPENID]


async def test_a_claim_expires(tmp_path: Path) -> None:
    at: list[datetime] = [NOON]
    service = await open_push_service(tmp_path / "push.db", now=lambda: at[0])
    try:
        scene = Scene(kind=SceneKind.CLAIM, slug=await service.followers.new_claim(await a_reader(service)))
        at[0] += CLAIM_LIFE
        assert (await service.followers.arrive(OPENID, scene)).outcome is Outcome.EXPIRED
    finally:
        await service.close()


async def test_what_a_follower_writes_is_an_up_command(service: PushService) -> None:
    app, _ = await service.add_app(AppProfile(name="shop", callback_url="https://shop.example/cb"))

    replies = [await service.followers.say(OPENID, text) for text in (f"#{app.id}", f"#{app.id} two books")]

    assert [reply.result for reply in replies] == [CommandResult.FOLLOWED, CommandResult.SENT]
    said, followed_by = await service.callbacks(app.id)
    assert json.loads(said.body)["data"]["content"] == "two books"
    assert json.loads(followed_by.body)["data"]["source"] == "command"
    [(subscriber, _, _)] = await service.subscribers()
    assert await addresses(service, subscriber) == [OPENID]


async def test_who_removed_wechat_from_the_list_is_not_reached_there_for_writing(service: PushService) -> None:
    await an_app(service)
    reader = (await service.followers.arrive(OPENID, None)).subscriber
    [address] = await service.reach.addresses(reader)
    await service.reach.remove_address(reader, address.id)

    await service.followers.say(OPENID, "hello")

    assert await addresses(service, reader) == []
    assert len(await service.subscribers()) == 1
