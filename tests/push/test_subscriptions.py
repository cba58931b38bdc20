from __future__ import annotations

import dataclasses
import hmac
from urllib.parse import parse_qsl, urlsplit

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON, a_declared_topic, a_draft, a_reader, an_app, texts
from watcher.core.acts import Act
from watcher.core.callbacks import Source
from watcher.core.push import App, AppProfile, Place, PushTopic, Slice, Subscriber, SubscriptionState, TopicMode
from watcher.errors import RefusedError
from watcher.push.apps import settings_link
from watcher.push.commands import CommandResult
from watcher.push.sending import SimpleSendRequest
from watcher.push.service import PushService

FOLLOWING, WAITING, REJECTED = SubscriptionState.FOLLOWING, SubscriptionState.WAITING, SubscriptionState.REJECTED


async def a_topic(service: PushService, mode: TopicMode = TopicMode.OPEN) -> tuple[App, PushTopic]:
    app = await an_app(service)
    return app, await service.topics.add("News", app_id=app.id, mode=mode)


async def its_id(service: PushService, reader: Subscriber, topic: PushTopic) -> int:
    found = await service.subscriptions.find(reader, topic_id=topic.id)
    assert found is not None
    return found.id


async def told(service: PushService, app: App, topic: PushTopic, reader: Subscriber) -> bool:
    """Send to the topic, and return whether the reader got it."""
    before = len(await texts(service, reader))
    await service.messages.send(app, a_draft(), topic_ids=[topic.id])
    return len(await texts(service, reader)) > before


# Who may follow


async def test_who_follows_a_topic_with_approval_waits_and_gets_nothing_until_then(service: PushService) -> None:
    app, topic = await a_topic(service, TopicMode.APPROVAL)
    ann = await a_reader(service)
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is WAITING
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is WAITING
    assert await service.subscriptions.following(ann) == ([], [])
    assert not await told(service, app, topic, ann)
    assert (await service.topics.all())[0].subscribers == 0
    approved = await service.subscriptions.approve(await its_id(service, ann, topic))
    assert approved.state is FOLLOWING
    assert await told(service, app, topic, ann)
    assert (await service.topics.all())[0].subscribers == 1


async def test_nobody_new_follows_a_closed_topic_and_nobody_leaves_for_it(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann, bob = await a_reader(service, topics=(topic.id,)), await a_reader(service)
    closed = await service.topics.edit(topic.id, mode=TopicMode.CLOSED)
    assert (closed.mode, closed.name) == (TopicMode.CLOSED, "News")
    with pytest.raises(RefusedError, match="takes no new subscribers"):
        await service.subscriptions.follow(bob, topic_id=topic.id)
    with pytest.raises(RefusedError, match="takes no new subscribers"):
        await service.subscribers.add(topic_ids=[topic.id])
    assert len(await service.subscribers.all()) == 2
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is FOLLOWING
    assert await told(service, app, topic, ann)


@pytest.mark.parametrize("mode", TopicMode)
async def test_the_operator_lets_anyone_in(service: PushService, mode: TopicMode) -> None:
    _, topic = await a_topic(service, mode)
    ann = await a_reader(service)
    assert await service.subscriptions.follow(ann, topic_id=topic.id, is_approved=True) is FOLLOWING
    new = await service.subscribers.add(topic_ids=[topic.id], is_approved=True)
    assert (await service.subscriptions.following(new.subscriber))[0][0].id == topic.id


async def test_a_link_that_was_rotated_leads_nowhere_and_subscribers_stay(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    rotated = await service.topics.rotate(topic.id)
    assert await service.topics.of_slug(topic.slug) is None
    assert await service.topics.of_slug(rotated.slug) == rotated
    assert await told(service, app, topic, ann)


async def test_the_words_of_a_declared_topic_are_those_of_the_file(service: PushService) -> None:
    topic = await a_declared_topic(service)
    with pytest.raises(RefusedError, match=r"watches\.yaml"):
        await service.topics.edit(topic.id, name="Other")
    assert (await service.topics.edit(topic.id, mode=TopicMode.CLOSED)).mode is TopicMode.CLOSED
    await a_declared_topic(service, name="Renamed in the file")
    assert [(each.name, each.mode) for each in await service.topics.all()] == [
        ("Renamed in the file", TopicMode.CLOSED)
    ]


# Remove and reject


async def test_a_rejected_user_gets_nothing_and_cannot_come_back(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    number = await its_id(service, ann, topic)
    rejected = await service.subscriptions.reject(number)
    assert (rejected.state, rejected.rejected_at) == (REJECTED, NOON)
    assert await service.subscriptions.find(ann, topic_id=topic.id) == rejected
    assert not await told(service, app, topic, ann)
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    with pytest.raises(RefusedError, match="does not let you follow"):
        await service.subscriptions.follow(ann, topic_id=topic.id)
    with pytest.raises(RefusedError, match="is rejected"):
        await service.subscriptions.approve(number)


async def test_a_rejection_taken_back_is_as_before_but_for_who_had_left(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann, bob = await a_reader(service, topics=(topic.id,)), await a_reader(service, topics=(topic.id,))
    for reader in (ann, bob):
        await service.subscriptions.reject(await its_id(service, reader, topic))
    await service.subscriptions.unfollow(bob, topic_id=topic.id)
    for reader in (ann, bob):
        back = await service.subscriptions.reject(await its_id(service, reader, topic), is_rejected=False)
        assert (back.state, back.rejected_at) == (FOLLOWING, None)
    assert await told(service, app, topic, ann)
    assert await texts(service, bob) == []


async def test_who_left_while_rejected_follows_again_once_that_is_taken_back_and_gets_messages(
    service: PushService,
) -> None:
    app, topic = await a_topic(service)
    bob = await a_reader(service, topics=(topic.id,))
    number = await its_id(service, bob, topic)
    await service.subscriptions.reject(number)
    await service.subscriptions.unfollow(bob, topic_id=topic.id)
    await service.subscriptions.reject(number, is_rejected=False)
    assert not await told(service, app, topic, bob)
    assert await service.subscriptions.follow(bob, topic_id=topic.id) is FOLLOWING
    assert await told(service, app, topic, bob)


async def test_the_operator_switches_nothing_on_that_a_subscriber_switched_off(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.subscriptions.set_receiving(ann, False, topic_id=topic.id)
    assert await service.subscriptions.follow(ann, topic_id=topic.id, is_approved=True) is FOLLOWING
    assert not await told(service, app, topic, ann)


async def test_who_waits_need_not_wait_for_a_topic_that_was_opened(service: PushService) -> None:
    app, topic = await a_topic(service, TopicMode.APPROVAL)
    ann = await a_reader(service, topics=(topic.id,))
    await service.topics.edit(topic.id, mode=TopicMode.CLOSED)
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is WAITING
    await service.topics.edit(topic.id, mode=TopicMode.OPEN)
    assert not await told(service, app, topic, ann)
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is FOLLOWING
    assert await told(service, app, topic, ann)


async def test_a_rejected_subscriber_comes_back_by_no_way_and_other_places_are_others(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann = await a_reader(service, apps=(app.id,))
    found = await service.subscriptions.find(ann, app_id=app.id)
    assert found is not None
    await service.subscriptions.reject(found.id)
    code = await service.codes.add(app, "desk 3")
    for way in (
        lambda: service.subscriptions.follow(ann, app_id=app.id),
        lambda: service.subscriptions.follow(ann, app_id=app.id, is_approved=True),
        lambda: service.subscriptions.follow_app(ann, app.id, Source.SCAN),
        lambda: service.codes.scan(code.slug, ann),
    ):
        with pytest.raises(RefusedError, match="does not let you follow"):
            await way()
    assert (await service.commands.run(ann, f"#{app.id}")).result is CommandResult.REJECTED
    assert (await service.commands.run(ann, f"#{app.id} hello")).result is CommandResult.STRANGER
    scanned = await service.codes.of_code(code.code)
    assert scanned is not None
    assert scanned.uid is None
    [result] = await service.messages.send(app, a_draft(), uids=[ann.uid])
    assert (result.code, "已被你拉黑" in result.status) == (1001, True)
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is FOLLOWING


async def test_a_rejection_of_one_who_waits_taken_back_is_a_yes(service: PushService) -> None:
    _, topic = await a_topic(service, TopicMode.APPROVAL)
    ann = await a_reader(service, topics=(topic.id,))
    number = await its_id(service, ann, topic)
    assert (await service.subscriptions.reject(number, is_rejected=False)).state is WAITING
    assert (await service.subscriptions.reject(number)).state is REJECTED
    assert (await service.subscriptions.reject(number, is_rejected=False)).state is FOLLOWING


async def test_who_is_removed_may_follow_again_a_rejected_one_too(service: PushService) -> None:
    _, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    number = await its_id(service, ann, topic)
    await service.subscriptions.reject(number)
    await service.subscriptions.remove(number)
    assert await service.subscriptions.find(ann, topic_id=topic.id) is None
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is FOLLOWING
    assert await its_id(service, ann, topic) > number


@pytest.mark.parametrize("number", [0, 99, -(2**80), 2**80])
async def test_a_subscription_that_is_not_there_or_another_ones_is_not_touched(
    service: PushService, number: int
) -> None:
    _, topic = await a_topic(service)
    other = await an_app(service, "other")
    ann = await a_reader(service, topics=(topic.id,))
    mine = await its_id(service, ann, topic)
    for act in (service.subscriptions.remove, service.subscriptions.reject, service.subscriptions.approve):
        with pytest.raises(RefusedError, match="id: "):
            await act(number)
        with pytest.raises(RefusedError, match="id: "):
            await act(mine, app_id=other.id)
    assert await service.subscriptions.following(ann) == ([replace(topic, subscribers=1)], [])


# The subscriber's own switches


async def test_a_switched_off_subscription_gets_nothing_and_others_go_on(service: PushService) -> None:
    app, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,), apps=(app.id,))
    await service.subscriptions.set_receiving(ann, False, topic_id=topic.id)
    assert not await told(service, app, topic, ann)
    [result] = await service.messages.send(app, a_draft("to you"), uids=[ann.uid])
    assert result.code == 1000
    await service.subscriptions.set_receiving(ann, True, topic_id=topic.id)
    assert await told(service, app, topic, ann)


async def test_who_switched_everything_off_gets_nothing_by_any_way(service: PushService) -> None:
    app, topic = await a_topic(service)
    new = await service.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    ann = new.subscriber
    await service.subscribers.describe(ann, nickname="Ann", is_receiving=False)
    assert not await told(service, app, topic, ann)
    [by_uid] = await service.messages.send(app, a_draft(), uids=[ann.uid])
    [by_spt] = (await service.messages.send_simple(SimpleSendRequest(spts=[new.spt], draft=a_draft()))).results
    assert {by_uid.status, by_spt.status} == {f"用户UID=[{ann.uid}]已关闭消息接收"}
    known = await service.subscribers.of_uid(ann.uid)
    assert known == replace(ann, nickname="Ann", is_receiving=False)


async def test_what_is_not_followed_cannot_be_switched(service: PushService) -> None:
    _, topic = await a_topic(service)
    with pytest.raises(RefusedError, match="no such subscription"):
        await service.subscriptions.set_receiving(await a_reader(service), False, topic_id=topic.id)


# The settings page of an application


@pytest.mark.parametrize("url", ["https://x.example/s", "https://x.example/s?lang=zh#top"])
async def test_a_settings_link_says_who_comes_and_is_signed(service: PushService, url: str) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", settings_url=url))
    ann = await a_reader(service, apps=(app.id,))
    link = service.apps.settings_link(app, ann)
    assert link is not None
    parts = urlsplit(link)
    given = dict(parse_qsl(parts.query))
    given.pop("lang", None)
    sign = given.pop("sign")
    signed = "&".join(f"{name}={given[name]}" for name in ("nonce", "sv", "ts", "uid"))
    assert app.signing_key is not None
    assert sign == hmac.digest(app.signing_key.encode(), signed.encode(), "sha256").hex()
    assert (given["uid"], given["ts"], given["sv"]) == (ann.uid, str(int(NOON.timestamp() * 1000)), "1")
    assert service.apps.settings_link(app, ann) != link


async def test_a_settings_link_without_a_key_says_who_comes_and_without_an_address_is_none(
    service: PushService,
) -> None:
    app, _ = await service.apps.add(AppProfile(name="shop", settings_url="https://x.example/s"))
    ann = await a_reader(service)
    bare = dataclasses.replace(app, signing_key=None)
    assert settings_link(bare, ann, now=NOON, nonce="n") == f"https://x.example/s?uid={ann.uid}"
    assert service.apps.settings_link(await an_app(service), ann) is None


# Leaving, and coming back


async def test_who_has_just_left_comes_back_as_it_was(service: PushService) -> None:
    app, topic = await a_topic(service, TopicMode.APPROVAL)
    ann = await a_reader(service)
    await service.subscriptions.follow(ann, topic_id=topic.id)
    await service.subscriptions.approve(await its_id(service, ann, topic))
    await service.topics.edit(topic.id, mode=TopicMode.CLOSED)
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert not await told(service, app, topic, ann)
    assert service.subscriptions.has_left(ann, topic_id=topic.id)
    assert await service.subscriptions.undo_leaving(ann, topic_id=topic.id)
    assert await told(service, app, topic, ann)
    assert not await service.subscriptions.undo_leaving(ann, topic_id=topic.id)


async def test_who_has_followed_again_has_nothing_to_come_back_to(service: PushService) -> None:
    _, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    await service.subscriptions.follow(ann, topic_id=topic.id)
    assert not await service.subscriptions.undo_leaving(ann, topic_id=topic.id)
    assert (await service.topics.all())[0].subscribers == 1


async def left_and_waits_again(service: PushService) -> tuple[PushTopic, Subscriber]:
    _, topic = await a_topic(service, TopicMode.APPROVAL)
    ann = await a_reader(service)
    await service.subscriptions.follow(ann, topic_id=topic.id, is_approved=True)
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert await service.subscriptions.follow(ann, topic_id=topic.id) is WAITING
    return topic, ann


async def test_whom_the_owner_removed_does_not_come_back_without_approval(service: PushService) -> None:
    topic, ann = await left_and_waits_again(service)
    await service.subscriptions.remove(await its_id(service, ann, topic))
    assert not service.subscriptions.has_left(ann, topic_id=topic.id)
    assert not await service.subscriptions.undo_leaving(ann, topic_id=topic.id)
    assert await service.subscriptions.find(ann, topic_id=topic.id) is None


async def test_who_waits_again_and_leaves_comes_back_waiting(service: PushService) -> None:
    topic, ann = await left_and_waits_again(service)
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert await service.subscriptions.undo_leaving(ann, topic_id=topic.id)
    found = await service.subscriptions.find(ann, topic_id=topic.id)
    assert found is not None
    assert found.state is WAITING


async def test_who_was_rejected_and_leaves_does_not_come_back(service: PushService) -> None:
    _, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.subscriptions.reject(await its_id(service, ann, topic))
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert not await service.subscriptions.undo_leaving(ann, topic_id=topic.id)


async def test_what_is_gone_brings_nobody_back(service: PushService) -> None:
    _, topic = await a_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    await service.topics.remove(topic.id)
    with pytest.raises(RefusedError):
        await service.subscriptions.undo_leaving(ann, topic_id=topic.id)


async def test_whom_an_owner_removed_and_who_left_since_is_not_brought_back(service: PushService) -> None:
    _, topic = await a_topic(service)
    ann, place = await a_reader(service, topics=(topic.id,)), Place(topic_id=topic.id)
    await service.subscriptions.remove(await its_id(service, ann, topic))
    await service.subscriptions.follow(ann, topic_id=topic.id)
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert not await service.subscriptions.removed(ann, [place])
    assert not await service.subscriptions.undo_removal(ann, place)
    assert await service.subscriptions.find(ann, topic_id=topic.id) is None


async def test_whom_an_owner_removed_and_who_left_without_having_come_back_is_not_brought_back(
    service: PushService,
) -> None:
    _, topic = await a_topic(service)
    ann, place = await a_reader(service, topics=(topic.id,)), Place(topic_id=topic.id)
    await service.subscriptions.remove(await its_id(service, ann, topic))
    await service.subscriptions.unfollow(ann, topic_id=topic.id)
    assert not await service.subscriptions.undo_removal(ann, place)


async def test_who_scanned_a_code_after_an_owner_removed_them_is_not_said_to_be_brought_back(
    service: PushService,
) -> None:
    app = await an_app(service)
    ann, place = (await service.subscribers.add(app_ids=[app.id])).subscriber, Place(app_id=app.id)
    found = await service.subscriptions.find(ann, app_id=app.id)
    assert found is not None
    await service.subscriptions.remove(found.id)
    await service.codes.scan((await service.codes.add(app, "x")).slug, ann)
    assert not await service.subscriptions.undo_removal(ann, place)
    assert (await service.acts.latest(Slice(limit=1, is_newest_first=True)))[0].act == Act.SUBSCRIBER_REMOVED


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_pages_of_several_places_and_states_are_one_list_by_id(service: PushService, size: int) -> None:
    app = await an_app(service)
    topics = [await service.topics.add(f"topic {number}", app_id=app.id) for number in range(3)]
    await service.topics.add("of nobody", app_id=app.id)
    for number in range(7):
        reader = await a_reader(service, topics=(topics[number % 3].id,), apps=(app.id,) if number % 2 else ())
        found = await service.subscriptions.find(reader, topic_id=topics[number % 3].id)
        assert found is not None
        if number in (1, 4):
            await service.subscriptions.reject(found.id)
    other = await an_app(service, "other")
    await a_reader(service, apps=(other.id,))
    whole = (await service.subscriptions.page(app_id=app.id)).subscriptions
    assert len(whole) == 10
    assert [each.id for each in whole] == sorted(each.id for each in whole)
    for page in range(1, 12):
        got = await service.subscriptions.page(app_id=app.id, page=page, page_size=size)
        assert got.total == 10
        assert [each.id for each in got.subscriptions] == [each.id for each in whole[(page - 1) * size : page * size]]
    of_topics = await service.subscriptions.page(app_id=app.id, to_topics=True)
    assert [each.id for each in of_topics.subscriptions] == [each.id for each in whole if each.topic_id is not None]
    of_app = await service.subscriptions.page(app_id=app.id, to_topics=False)
    assert [each.id for each in of_app.subscriptions] == [each.id for each in whole if each.app_id is not None]
    nobody = await service.subscriptions.page(app_id=app.id, states=())
    assert (nobody.total, nobody.subscriptions) == (0, [])
