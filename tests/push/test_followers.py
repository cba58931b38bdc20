"""What people do in WeChat, and who they are here."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.push.builders import NOON, a_declared_topic, a_reader, an_app, texts, to_topic
from watcher.core.channels import ChannelName
from watcher.core.databases import DatabasePlace
from watcher.core.push import AppProfile, PushTopic, Subscriber, SubscriptionState, TopicMode
from watcher.errors import RefusedError
from watcher.push.channels.wechat.scan_results import ScanOutcome, ScanResult
from watcher.push.channels.wechat.scenes import Scene, SceneKind
from watcher.push.claims import CLAIM_LIFE
from watcher.push.commands import CommandResult
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

OPENID = "oA-1_b"


def to(topic: PushTopic) -> Scene:
    return Scene(kind=SceneKind.TOPIC, slug=topic.slug)


async def addresses(service: PushService, subscriber: Subscriber | None) -> list[str]:
    assert subscriber is not None
    found = await service.addresses.of(subscriber)
    assert {address.channel for address in found} <= {ChannelName.WECHAT}
    return [address.value for address in found]


async def followed(service: PushService, subscriber: Subscriber | None) -> list[str]:
    assert subscriber is not None
    topics, apps = await service.subscriptions.following(subscriber)
    return [topic.name for topic in topics] + [app.profile.name for app in apps]


async def test_who_scans_a_topics_code_is_a_subscriber_who_follows_it(service: PushService) -> None:
    topic = await a_declared_topic(service)

    result = await service.followers.arrive(OPENID, to(topic))

    assert (result.outcome, result.place) == (ScanOutcome.FOLLOWING, "Deals")
    assert await followed(service, result.subscriber) == ["Deals"]
    assert await addresses(service, result.subscriber) == [OPENID]
    await service.messages.publish([to_topic("deals")])
    assert result.subscriber is not None
    assert await texts(service, result.subscriber) == ["news"]


async def test_who_scans_again_is_the_same_subscriber(service: PushService) -> None:
    topic = await a_declared_topic(service)
    first = await service.followers.arrive(OPENID, to(topic))

    assert await service.followers.arrive(OPENID, to(topic)) == first

    assert await addresses(service, first.subscriber) == [OPENID]
    assert len(await service.subscribers.all()) == 1


async def test_two_openids_are_two_subscribers(service: PushService) -> None:
    topic = await a_declared_topic(service)
    one, other = [await service.followers.arrive(openid, to(topic)) for openid in ("oOne", "oOther")]
    assert one.subscriber != other.subscriber


async def test_an_applications_owner_is_told_once_of_who_scanned(service: PushService) -> None:
    profile = AppProfile(name="shop", callback_url="https://shop.example/cb", follow_prompt="Your id: {UID}")
    app, _ = await service.apps.add(profile)
    scene = Scene(kind=SceneKind.APP, slug=app.slug)

    results = [await service.followers.arrive(OPENID, scene) for _ in range(2)]

    [told] = await service.callbacks.newest(app.id)
    who = json.loads(told.body)
    [(subscriber, _, _)] = await service.subscribers.all()
    uid = subscriber.uid
    assert (who["action"], who["data"]["source"], who["data"]["uid"]) == ("app_subscribe", "scan", uid)
    assert {result.prompt for result in results} == {f"Your id: {uid}"}
    assert results[0].place == "shop"


async def test_a_topics_follower_reads_what_its_application_has_to_say(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", follow_prompt="Hello {UID}"))
    topic = await service.topics.add("Books", app_id=app.id)
    result = await service.followers.arrive(OPENID, to(topic))
    assert result.subscriber is not None
    assert result.prompt == f"Hello {result.subscriber.uid}"


@pytest.mark.parametrize(
    ("mode", "outcome", "follows"),
    [
        (TopicMode.OPEN, ScanOutcome.FOLLOWING, ["News"]),
        (TopicMode.APPROVAL, ScanOutcome.WAITING, []),
        (TopicMode.CLOSED, ScanOutcome.CLOSED, []),
    ],
)
async def test_the_topics_own_rules_hold(
    service: PushService, mode: TopicMode, outcome: ScanOutcome, follows: list[str]
) -> None:
    topic = await service.topics.add("News", mode=mode)
    result = await service.followers.arrive(OPENID, to(topic))
    assert (result.outcome, result.place) == (outcome, "News")
    assert await followed(service, result.subscriber) == follows
    assert await addresses(service, result.subscriber) == [OPENID]


async def test_who_was_rejected_does_not_come_back_by_a_code(service: PushService) -> None:
    topic = await service.topics.add("News")
    await service.followers.arrive(OPENID, to(topic))
    [subscription] = (await service.subscriptions.page()).subscriptions
    await service.subscriptions.reject(subscription.id)

    result = await service.followers.arrive(OPENID, to(topic))

    assert result.outcome is ScanOutcome.REJECTED
    [subscription] = (await service.subscriptions.page()).subscriptions
    assert subscription.state is SubscriptionState.REJECTED


async def test_who_left_and_scans_again_waits_for_the_owner_anew(service: PushService) -> None:
    topic = await service.topics.add("News", mode=TopicMode.APPROVAL)
    reader = (await service.followers.arrive(OPENID, to(topic))).subscriber
    assert reader is not None
    await service.subscriptions.follow(reader, topic_id=topic.id, is_approved=True)
    await service.subscriptions.unfollow(reader, topic_id=topic.id)
    await service.followers.arrive(OPENID, to(topic))
    assert not await service.subscriptions.undo_leaving(reader, topic_id=topic.id)


async def test_a_code_whose_topic_got_another_link_leads_nowhere(service: PushService) -> None:
    topic = await service.topics.add("News")
    await service.topics.rotate(topic.id)
    result = await service.followers.arrive(OPENID, to(topic))
    assert (result.outcome, await followed(service, result.subscriber)) == (ScanOutcome.MISSING, [])


async def test_the_slug_of_a_topic_is_none_of_an_application(service: PushService) -> None:
    topic = await service.topics.add("News")
    result = await service.followers.arrive(OPENID, Scene(kind=SceneKind.APP, slug=topic.slug))
    assert result.outcome is ScanOutcome.MISSING


async def test_who_comes_without_a_code_is_reached_and_follows_nothing(service: PushService) -> None:
    result = await service.followers.arrive(OPENID, None)
    assert result.outcome is ScanOutcome.WELCOME
    assert await addresses(service, result.subscriber) == [OPENID]
    assert await followed(service, result.subscriber) == []


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
    assert await service.subscribers.all() == []


async def _scene(service: PushService, owner: Subscriber) -> Scene:
    return Scene(kind=SceneKind.CLAIM, slug=await service.claims.add_for_wechat(owner))


async def _answered(service: PushService, text: str, openid: str = OPENID) -> ScanOutcome | CommandResult:
    reply = await service.followers.say(openid, text)
    return reply.outcome if isinstance(reply, ScanResult) else reply.result


async def _linked(service: PushService, owner: Subscriber) -> ScanOutcome | CommandResult:
    """Scan the code of the inbox, and say yes."""
    asked = await service.followers.arrive(OPENID, await _scene(service, owner))
    return await _answered(service, asked.answer)


async def test_a_scan_of_an_inboxs_code_links_nothing_before_the_scanner_says_yes(service: PushService) -> None:
    topic = await a_declared_topic(service)
    owner = await a_reader(service, topics=(topic.id,))

    asked = await service.followers.arrive(OPENID, await _scene(service, owner))

    assert await addresses(service, owner) == []
    assert (asked.outcome, asked.subscriber) == (ScanOutcome.ASKED, None)
    assert asked.inbox is not None
    assert (asked.inbox.subscriber, asked.inbox.follows, asked.inbox.more) == (owner, ["Deals"], 0)
    assert await _answered(service, f" {asked.answer}\n") is ScanOutcome.LINKED
    assert await addresses(service, owner) == [OPENID]
    assert len(await service.subscribers.all()) == 1


async def test_who_scans_a_strangers_code_keeps_address_and_topics(service: PushService) -> None:
    topic = await a_declared_topic(service)
    victim, attacker = (await service.followers.arrive(OPENID, to(topic))).subscriber, await a_reader(service)
    assert victim is not None

    scene = await _scene(service, attacker)
    outcome = (await service.followers.arrive(OPENID, scene)).outcome
    later = await service.followers.arrive(OPENID, to(await a_declared_topic(service, "later", "Later")))

    assert (await addresses(service, victim), await addresses(service, attacker)) == ([OPENID], [])
    assert outcome is ScanOutcome.TAKEN
    assert later.subscriber == victim
    assert await followed(service, victim) == ["Deals", "Later"]
    assert await followed(service, attacker) == []
    # Nor is the code used up for the one whom it was made for.
    assert (await service.followers.arrive("oOther", scene)).outcome is ScanOutcome.ASKED


async def test_a_yes_takes_nothing_from_who_got_an_inbox_of_their_own_meanwhile(service: PushService) -> None:
    topic, attacker = await a_declared_topic(service), await a_reader(service)
    asked = await service.followers.arrive(OPENID, await _scene(service, attacker))
    own = (await service.followers.arrive(OPENID, to(topic))).subscriber
    assert own is not None

    assert await _answered(service, asked.answer) is ScanOutcome.TAKEN

    assert (await addresses(service, own), await addresses(service, attacker)) == ([OPENID], [])
    assert (await service.followers.arrive(OPENID, to(topic))).subscriber == own


async def test_who_left_the_account_may_link_another_inbox_and_is_told_what_stays_behind(service: PushService) -> None:
    topic = await a_declared_topic(service)
    old, owner = (await service.followers.arrive(OPENID, to(topic))).subscriber, await a_reader(service)
    assert old is not None
    await service.followers.leave(OPENID)

    asked = await service.followers.arrive(OPENID, await _scene(service, owner))
    assert (asked.outcome, asked.leaves, await addresses(service, old)) == (ScanOutcome.ASKED, old.uid, [])
    assert await _answered(service, asked.answer) is ScanOutcome.LINKED

    assert await addresses(service, owner) == [OPENID]
    assert (await service.followers.arrive(OPENID, to(topic))).subscriber == owner
    assert await followed(service, old) == ["Deals"]


async def test_a_question_is_answered_by_who_was_asked_with_its_own_number_and_once(service: PushService) -> None:
    owner = await a_reader(service)
    asked = await service.followers.arrive(OPENID, await _scene(service, owner))

    wrong = f"{(int(asked.answer) + 1) % 10**6:06}"
    assert [await _answered(service, text) for text in (wrong, "yes", "好")] == [ScanOutcome.UNCLEAR] * 3
    assert await _answered(service, asked.answer, "oOther") is CommandResult.NOWHERE
    assert await addresses(service, owner) == []

    assert await _answered(service, asked.answer) is ScanOutcome.LINKED
    assert await _answered(service, asked.answer) is CommandResult.NOWHERE
    assert await addresses(service, owner) == [OPENID]


async def test_a_command_is_one_while_a_question_is_open(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", callback_url="https://shop.example/cb"))
    await service.followers.arrive(OPENID, await _scene(service, await a_reader(service)))
    assert await _answered(service, f"#{app.id}") is CommandResult.FOLLOWED
    assert await _answered(service, "two books") is CommandResult.SENT


async def test_a_scan_that_wechat_tells_again_is_asked_again(service: PushService) -> None:
    owner = await a_reader(service)
    scene = await _scene(service, owner)
    asked = [await service.followers.arrive(OPENID, scene) for _ in range(3)]
    assert {each.outcome for each in asked} == {ScanOutcome.ASKED}
    assert await _answered(service, asked[-1].answer) is ScanOutcome.LINKED


async def test_who_is_linked_to_the_inbox_already_is_told_so(service: PushService) -> None:
    owner = await a_reader(service)
    assert await _linked(service, owner) is ScanOutcome.LINKED
    scene = await _scene(service, owner)
    assert (await service.followers.arrive(OPENID, scene)).outcome is ScanOutcome.LINKED
    assert (await service.followers.arrive("oOther", scene)).outcome is ScanOutcome.ASKED


async def test_the_code_of_an_inbox_is_the_firsts_who_scans_it(service: PushService) -> None:
    owner = await a_reader(service)
    scene = await _scene(service, owner)
    asked = await service.followers.arrive(OPENID, scene)

    assert (await service.followers.arrive("oOther", scene)).outcome is ScanOutcome.EXPIRED
    assert await _answered(service, asked.answer) is ScanOutcome.LINKED
    assert (await service.followers.arrive("oThird", scene)).outcome is ScanOutcome.EXPIRED

    assert await addresses(service, owner) == [OPENID]
    assert len(await service.subscribers.all()) == 1


async def test_the_code_of_an_inbox_makes_no_device(service: PushService) -> None:
    claim = await service.claims.add_for_wechat(await a_reader(service))
    assert not await service.claims.inbox_of(claim)
    with pytest.raises(RefusedError):
        await service.claims.take(claim)


async def test_a_code_and_a_question_expire(place: DatabasePlace) -> None:
    at: list[datetime] = [NOON]
    service = await open_push_service(place, now=lambda: at[0])
    try:
        owner = await a_reader(service)
        scene = await _scene(service, owner)
        asked = await service.followers.arrive(OPENID, scene)
        at[0] += CLAIM_LIFE
        assert (await service.followers.arrive("oOther", scene)).outcome is ScanOutcome.EXPIRED
        assert await _answered(service, asked.answer) is CommandResult.NOWHERE
        assert await addresses(service, owner) == []
    finally:
        await service.close()


async def test_what_a_follower_writes_is_an_up_command(service: PushService) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", callback_url="https://shop.example/cb"))

    replies = [await _answered(service, text) for text in (f"#{app.id}", f"#{app.id} two books")]

    assert replies == [CommandResult.FOLLOWED, CommandResult.SENT]
    said, followed_by = await service.callbacks.newest(app.id)
    assert json.loads(said.body)["data"]["content"] == "two books"
    assert json.loads(followed_by.body)["data"]["source"] == "command"
    [(subscriber, _, _)] = await service.subscribers.all()
    assert await addresses(service, subscriber) == [OPENID]


async def test_who_removed_wechat_from_the_list_is_not_reached_there_for_writing(service: PushService) -> None:
    await an_app(service)
    reader = (await service.followers.arrive(OPENID, None)).subscriber
    assert reader is not None
    [address] = await service.addresses.of(reader)
    await service.addresses.remove(reader, address.id)

    await service.followers.say(OPENID, "hello")

    assert await addresses(service, reader) == []
    assert len(await service.subscribers.all()) == 1
