"""Followers as the owners of applications see them: remarks, counts, lists, and what was just ended."""

from __future__ import annotations

import pytest

from tests.push.builders import NOON, a_draft, a_reader, an_app, an_owner, texts
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.locale import Locale
from watcher.core.push import (
    App,
    AppProfile,
    DeliveryState,
    FollowerFilter,
    Place,
    PushTopic,
    Slice,
    SubscriptionState,
    TopicFilter,
    TopicMode,
)
from watcher.errors import RefusedError
from watcher.push.service import PushService

_ALL = Slice(limit=100, is_newest_first=True)


async def _owned(service: PushService, name: str) -> App:
    return (await service.apps.add(AppProfile(name=name), account_id=await an_owner(service, name)))[0]


async def _waiting(service: PushService, topic: PushTopic) -> int:
    await service.subscriptions.follow(await a_reader(service), topic_id=topic.id)
    found = await service.audience.of_topic(topic.id, tuple(SubscriptionState), _ALL)
    return found[0].id


async def _acts(service: PushService) -> list[str]:
    return [entry.act for entry in await service.acts.latest()]


async def test_topics_are_found_by_account_application_name_and_key(service: PushService) -> None:
    mine, other = await _owned(service, "mine"), await _owned(service, "others")
    names = ["Book 100%", "book_club", "Films"]
    made = [await service.topics.add(name, app_id=mine.id) for name in names]
    await service.topics.add("Books of others", app_id=other.id)

    async def found(only: TopicFilter, cut: Slice = _ALL) -> list[str]:
        return [topic.name for topic in await service.topics.page(only, cut)]

    assert await found(TopicFilter(account_id=mine.account_id)) == names[::-1]
    assert await found(TopicFilter(search="BOOK")) == ["Books of others", "book_club", "Book 100%"]
    assert await found(TopicFilter(account_id=mine.account_id, search="0%")) == ["Book 100%"]
    assert await found(TopicFilter(search="k_c")) == ["book_club"]
    assert await found(TopicFilter(app_id=mine.id, not_id=made[2].id)) == names[1::-1]
    assert await found(
        TopicFilter(account_id=mine.account_id), Slice(after=made[1].id, limit=9, is_newest_first=True)
    ) == [names[0]]
    assert await found(TopicFilter(account_id=mine.account_id), Slice(after=made[1].id, limit=9)) == [names[2]]


async def test_an_owners_list_has_what_is_followed_of_theirs_alone(service: PushService) -> None:
    mine, other = await _owned(service, "mine"), await _owned(service, "others")
    topics = [await service.topics.add(f"t{number}", app_id=mine.id) for number in range(6)]
    foreign = await service.topics.add("foreign", app_id=other.id)
    both = await a_reader(service, topics=(*(topic.id for topic in topics), foreign.id), apps=(mine.id, other.id))
    stranger = await a_reader(service, topics=(foreign.id,))
    await service.audience.set_remark(mine.id, both, "  Ann\nof  sales ")
    await service.audience.set_remark(other.id, both, "a secret of others")

    for only in (FollowerFilter(account_id=mine.account_id), FollowerFilter(app_id=mine.id)):
        [found] = await service.audience.page(only, _ALL)
        assert found.subscriber == both
        assert found.total == 7
        assert [each.place for each in found.subscriptions] == ["mine", "t0", "t1", "t2"]
    assert found.remark == "Ann of sales"
    assert await service.audience.page(FollowerFilter(account_id=mine.account_id, search="secret"), _ALL) == []
    assert await service.audience.page(FollowerFilter(app_id=mine.id, search=stranger.uid), _ALL) == []
    assert len(await service.audience.page(FollowerFilter(account_id=mine.account_id, search="ann"), _ALL)) == 1
    assert len(await service.audience.page(FollowerFilter(app_id=mine.id, search=both.uid[4:12]), _ALL)) == 1
    assert await service.audience.page(FollowerFilter(app_id=mine.id, topic_id=foreign.id), _ALL) == []
    everybody = await service.audience.page(FollowerFilter(), _ALL)
    assert [each.subscriber for each in everybody] == [stranger, both]
    assert await service.audience.knows(mine.id, both)
    assert not await service.audience.knows(mine.id, stranger)


async def test_a_remark_is_set_changed_and_taken_away(service: PushService) -> None:
    app, reader = await an_app(service), await a_reader(service)
    for remark in ("Ann", "Bob"):
        await service.audience.set_remark(app.id, reader, remark)
        assert await service.audience.remarks(app.id, [reader]) == {reader.id: remark}
    await service.audience.set_remark(app.id, reader, " \n")
    assert await service.audience.remarks(app.id, [reader]) == {}
    with pytest.raises(RefusedError, match="101 characters; at most 100"):
        await service.audience.set_remark(app.id, reader, "a" * 101)
    assert (await _acts(service)).count("remark_set") == 3


async def test_an_application_that_is_removed_takes_its_remarks_along(service: PushService) -> None:
    app, reader = await an_app(service), await a_reader(service)
    await service.audience.set_remark(app.id, reader, "Ann")
    await service.apps.remove(app.id)
    assert await service.audience.remarks(app.id, [reader]) == {}


async def test_two_who_have_the_inbox_alone_are_counted_as_two(service: PushService) -> None:
    topic = await service.topics.add("news", app_id=(await an_app(service)).id)
    for _ in range(2):
        await a_reader(service, topics=(topic.id,))
    assert repr((await service.audience.counts(topic.id)).inbox_only) == "2"


async def test_an_audience_is_counted_by_state_and_channel(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id, mode=TopicMode.APPROVAL)
    alone, phone, both, gone, lonely = [await a_reader(service, topics=(topic.id,)) for _ in range(5)]
    await _waiting(service, topic)
    for reader, channel in ((phone, ChannelName.WEB_PUSH), (both, ChannelName.WEB_PUSH), (both, ChannelName.EMAIL)):
        draft = AddressDraft(channel=channel, fingerprint=f"{reader.id}{channel}", value="v")
        await service.addresses.add(reader, draft)
    for number, reader in enumerate([alone, phone, both, gone, lonely]):
        found = await service.subscriptions.find(reader, topic_id=topic.id)
        assert found is not None
        await service.subscriptions.approve(found.id)
        if number == 3:
            await service.subscriptions.reject(found.id)
    await service.messages.send(app, a_draft(), topic_ids=[topic.id])
    counts = await service.audience.counts(topic.id)
    assert (counts.following, counts.waiting, counts.rejected) == (4, 1, 1)
    assert counts.by_channel == {ChannelName.WEB_PUSH: 2, ChannelName.EMAIL: 1}
    assert (counts.inbox_only, counts.messages) == (2, 1)
    assert await service.audience.channels(both) == [ChannelName.WEB_PUSH, ChannelName.EMAIL]


async def test_what_an_owner_ended_is_restored_as_it_was(service: PushService) -> None:
    topic = await service.topics.add("news", mode=TopicMode.APPROVAL)
    ended = await service.subscriptions.remove(await _waiting(service, topic))
    reader, place = ended.subscriber, Place(topic_id=topic.id)
    assert await service.subscriptions.find(reader, topic_id=topic.id) is None
    assert [each.place for each in await service.subscriptions.removed(reader, [place])] == ["news"]
    assert await service.subscriptions.undo_removal(reader, place)
    again = await service.subscriptions.find(reader, topic_id=topic.id)
    assert again is not None
    assert (again.state, again.created_at) == (SubscriptionState.WAITING, NOON)
    assert not await service.subscriptions.undo_removal(reader, place)
    assert not await service.subscriptions.removed(reader, [place])


async def test_who_was_forgotten_meanwhile_is_not_restored(service: PushService) -> None:
    topic = await service.topics.add("news", mode=TopicMode.APPROVAL)
    ended = await service.subscriptions.remove(await _waiting(service, topic))
    await service.subscribers.forget(ended.subscriber)
    with pytest.raises(RefusedError, match="no such subscriber"):
        await service.subscriptions.undo_removal(ended.subscriber, Place(topic_id=topic.id))


async def test_all_who_wait_are_approved_at_once_and_the_rejected_are_not(service: PushService) -> None:
    topic = await service.topics.add("news", mode=TopicMode.APPROVAL)
    rejected = await _waiting(service, topic)
    await service.subscriptions.reject(rejected)
    for _ in range(3):
        await _waiting(service, topic)
    assert await service.subscriptions.approve_all(topic.id) == 3
    assert await service.subscriptions.approve_all(topic.id) == 0
    counts = await service.audience.counts(topic.id)
    assert (counts.following, counts.waiting, counts.rejected) == (3, 0, 1)


async def test_receipts_are_of_one_application_with_the_state_of_each(service: PushService) -> None:
    app, other = await an_app(service), await an_app(service, "other")
    reader = await a_reader(service, apps=(app.id, other.id))
    for each, text in ((app, "first"), (other, "secret"), (app, "second")):
        await service.messages.send(each, a_draft(text), uids=[reader.uid])
    assert len(await texts(service, reader)) == 3
    first = (await service.inbox.items(reader))[0]
    await service.inbox.mark_opened(reader, [first.id])
    receipts = await service.audience.receipts(app.id, reader)
    assert [(each.message.draft.summary, each.state) for each in receipts] == [
        ("second", DeliveryState.SENT),
        ("first", DeliveryState.OPENED),
    ]


async def test_what_is_done_to_topics_and_subscribers_is_noted(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("news", app_id=app.id, mode=TopicMode.APPROVAL)
    other = await service.topics.add("old", app_id=app.id)
    await service.topics.edit(topic.id, name="novels", language=Locale.CHINESE)
    await service.topics.edit(topic.id, name="novels")
    await service.topics.rotate(topic.id)
    await service.merge_topics(other.id, topic.id)
    waiting = await _waiting(service, topic)
    await service.subscriptions.approve(waiting)
    await service.subscriptions.reject(waiting)
    await service.subscriptions.reject(waiting, is_rejected=False)
    await service.subscriptions.remove(waiting)
    await service.topics.remove(topic.id)
    entries = [entry for entry in await service.acts.latest() if not entry.act.startswith("app_")][::-1]
    assert [entry.act for entry in entries] == [
        "topic_made",
        "topic_made",
        "topic_edited",
        "topic_code_changed",
        "topic_merged",
        "subscriber_approved",
        "subscriber_rejected",
        "subscriber_readmitted",
        "subscriber_removed",
        "topic_removed",
    ]
    assert {entry.app_id for entry in entries} == {app.id}
    assert [entry.subject for entry in entries[2:5]] == ["news → novels", "novels", "old → novels"]
