from __future__ import annotations

import sqlite3
from collections.abc import Collection
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, event

from tests.push.builders import NOON, a_declared_topic, a_draft, a_reader, an_app, texts, to_topic
from watcher.core.databases import DatabasePlace
from watcher.core.push import ContentType, DeliveryCounts, DeliveryState, Draft, SendStatus, TargetResult
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.opening import open_push_service
from watcher.push.sending import SendRequest, SimpleSendRequest, status_of
from watcher.push.service import PushService

NOT_FOLLOWING = "用户UID=[{}]未关注应用，需要用户关注你创建的应用，你才可以给他推送消息"


def outcome(result: TargetResult) -> tuple[str | int | None, int]:
    return result.uid or result.topic_id, result.code


# Sending


async def test_each_target_is_answered_uids_first_in_the_order_asked(service: PushService) -> None:
    app = await an_app(service)
    first, second = await service.topics.add("a", app_id=app.id), await service.topics.add("b", app_id=app.id)
    ann, bob = await a_reader(service, apps=(app.id,)), await a_reader(service, apps=(app.id,))
    results = await service.messages.send(
        app, a_draft(), uids=[bob.uid, "UID_nobody", ann.uid], topic_ids=[second.id, 999, first.id]
    )
    assert [outcome(result) for result in results] == [
        (bob.uid, 1000),
        ("UID_nobody", 1001),
        (ann.uid, 1000),
        (second.id, 1000),
        (999, 1001),
        (first.id, 1000),
    ]
    good = [result for result in results if result.code == 1000]
    assert {result.status for result in good} == {"创建发送任务成功"}
    assert {result.message_id for result in good} == {1}
    assert len({result.send_record_id for result in good}) == 4
    bad = [result for result in results if result.code != 1000]
    assert [(result.message_id, result.send_record_id) for result in bad] == [(None, None)] * 2
    assert [result.status for result in bad] == [NOT_FOLLOWING.format("UID_nobody"), "主题topicId=[999]不存在"]


async def test_whoever_is_reached_by_uid_and_by_topics_reads_it_once(service: PushService) -> None:
    app = await an_app(service)
    first, second = await service.topics.add("a", app_id=app.id), await service.topics.add("b", app_id=app.id)
    ann = await a_reader(service, apps=(app.id,), topics=(first.id, second.id))
    results = await service.messages.send(
        app, a_draft("once"), uids=[ann.uid, ann.uid], topic_ids=[first.id, second.id]
    )
    assert [outcome(result) for result in results] == [(ann.uid, 1000), (first.id, 1000), (second.id, 1000)]
    assert len({result.send_record_id for result in results}) == 3
    assert await texts(service, ann) == ["once"]


async def test_a_subscriber_of_one_of_its_topics_is_not_reached_by_uid(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("a", app_id=app.id)
    ann = await a_reader(service, topics=(topic.id,))
    [result] = await service.messages.send(app, a_draft(), uids=[ann.uid])
    assert (result.code, result.status) == (1001, NOT_FOLLOWING.format(ann.uid))


async def test_a_topic_of_another_application_fails_as_a_missing_one_does(service: PushService) -> None:
    app, other = await an_app(service), await an_app(service, "other")
    foreign = await service.topics.add("a", app_id=other.id)
    ann = await a_reader(service, topics=(foreign.id,))
    [result] = await service.messages.send(app, a_draft(), topic_ids=[foreign.id])
    assert result.status == f"主题topicId=[{foreign.id}]不存在"
    assert await texts(service, ann) == []


async def test_a_failing_target_harms_no_other_and_a_send_without_a_good_one_stores_nothing(
    service: PushService,
) -> None:
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    await service.messages.send(app, a_draft("one"), uids=["UID_x", ann.uid])
    await service.messages.send(app, a_draft("two"), uids=["UID_x"], topic_ids=[2**70])
    assert await texts(service, ann) == ["one"]
    assert len(await service.messages.reports()) == 1


async def test_the_same_key_gets_the_first_answer_and_sends_nothing(service: PushService) -> None:
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    late = await a_reader(service)
    first = await service.messages.send(app, a_draft("one"), uids=[late.uid, ann.uid], idempotency_key="k")
    await service.subscriptions.follow(late, app_id=app.id)
    again = await service.messages.send(app, a_draft("two"), uids=[late.uid, ann.uid], idempotency_key="k")
    assert again == first
    assert [result.code for result in again] == [1001, 1000]
    assert await texts(service, ann) == ["one"]
    assert await texts(service, late) == []


async def test_a_key_that_came_without_a_digest_is_repeated_by_any_request(service: PushService) -> None:
    """Those of before the digest was kept, and of our own outbox."""
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    first = await service.messages.send(app, a_draft("one"), uids=[ann.uid], idempotency_key="k")
    request = SendRequest(draft=a_draft("two"), uids=[ann.uid], idempotency_key="k", request_digest="d" * 32)
    again = await service.messages.send_request(app, request)
    assert (again.is_repeat, again.results) == (True, first)
    assert await texts(service, ann) == ["one"]


async def test_our_own_outbox_takes_a_known_key_for_delivered_whatever_it_says_now(service: PushService) -> None:
    topic = await a_declared_topic(service, "deals")
    ann = await a_reader(service, topics=(topic.id,))
    [first] = await service.messages.publish([to_topic("deals", key="k", text="one")])
    assert await service.messages.publish([to_topic("deals", key="k", text="worded anew")]) == [first]
    assert await texts(service, ann) == ["one"]


async def test_a_key_belongs_to_its_application(service: PushService) -> None:
    one, two = await an_app(service), await an_app(service, "two")
    ann = await a_reader(service, apps=(one.id, two.id))
    for app in (one, two):
        await service.messages.send(app, a_draft(app.profile.name), uids=[ann.uid], idempotency_key="k")
    assert await texts(service, ann) == ["shop", "two"]


async def test_a_key_under_which_nothing_was_stored_may_be_used_again(service: PushService) -> None:
    app = await an_app(service)
    ann = await a_reader(service)
    await service.messages.send(app, a_draft(), uids=[ann.uid], idempotency_key="k")
    await service.subscriptions.follow(ann, app_id=app.id)
    [result] = await service.messages.send(app, a_draft(), uids=[ann.uid], idempotency_key="k")
    assert result.code == 1000


@pytest.mark.parametrize(
    ("uids", "topic_ids", "text"),
    [([], [], "both are empty"), (["U"] * 2001, [], "2001; at most 2000"), ([], [1] * 6, "6; at most 5")],
)
async def test_too_few_and_too_many_targets_are_refused(
    service: PushService, uids: list[str], topic_ids: list[int], text: str
) -> None:
    with pytest.raises(RefusedError, match=text):
        await service.messages.send(await an_app(service), a_draft(), uids=uids, topic_ids=topic_ids)


@pytest.mark.parametrize("odd", ["", "\ud800", "a\nb", "x" * 256])
async def test_an_odd_uid_or_key_is_malformed(service: PushService, odd: str) -> None:
    app = await an_app(service)
    with pytest.raises(InvalidRequestError, match="uids"):
        await service.messages.send(app, a_draft(), uids=[odd])
    with pytest.raises(InvalidRequestError, match="Idempotency-Key"):
        await service.messages.send(app, a_draft(), uids=["UID_x"], idempotency_key=odd)


async def test_two_thousand_uids_are_one_send(service: PushService) -> None:
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    results = await service.messages.send(app, a_draft(), uids=[f"UID_{number}" for number in range(1999)] + [ann.uid])
    assert [result.code for result in results] == [1001] * 1999 + [1000]


# Publishing


async def test_a_batch_arrives_in_order_and_a_missing_topic_harms_no_other(service: PushService) -> None:
    topic = await a_declared_topic(service, "deals")
    ann = await a_reader(service, topics=(topic.id,))
    results = await service.messages.publish(
        [
            to_topic("deals", key="1", text="one"),
            to_topic("gone", key="2"),
            to_topic(topic.id, key="3", text="two"),
            to_topic(2**70, key="4"),
        ]
    )
    assert [outcome(result) for result in results] == [(topic.id, 1000), (None, 1001), (topic.id, 1000), (2**70, 1001)]
    assert results[1].status == "主题topicId=[gone]不存在"
    assert await texts(service, ann) == ["one", "two"]


async def test_a_published_key_is_published_once_within_a_batch_and_over_batches(service: PushService) -> None:
    topic = await a_declared_topic(service, "deals")
    ann = await a_reader(service, topics=(topic.id,))
    first, second = await service.messages.publish([to_topic("deals", text="one"), to_topic("deals", text="again")])
    [third, new] = await service.messages.publish(
        [to_topic("deals", text="later"), to_topic("deals", key="k2", text="two")]
    )
    assert first == second == third
    assert new != first
    assert await texts(service, ann) == ["one", "two"]


async def test_a_message_to_a_missing_topic_goes_out_once_the_topic_is_there(service: PushService) -> None:
    [refused] = await service.messages.publish([to_topic("deals")])
    await a_declared_topic(service, "deals")
    [taken] = await service.messages.publish([to_topic("deals")])
    assert (refused.code, taken.code) == (1001, 1000)


async def test_a_topic_of_another_application_is_not_the_watchers(service: PushService) -> None:
    foreign = await service.topics.add("a", app_id=(await an_app(service)).id)
    [result] = await service.messages.publish([to_topic(foreign.id)])
    assert result.code == 1001


async def test_an_empty_batch_is_no_error(service: PushService) -> None:
    assert await service.messages.publish([]) == []


async def test_a_message_keeps_all_that_was_sent(service: PushService) -> None:
    topic = await a_declared_topic(service, "deals", "Price drops")
    ann = await a_reader(service, topics=(topic.id,))
    draft = Draft(summary="s", content="<b>😀</b>", content_type=ContentType.HTML, url="https://x.example/")
    app = (await service.apps.all())[0]
    await service.messages.send(app, draft, topic_ids=[topic.id])
    [item] = await service.inbox.items(ann)
    message = item.message
    assert replace(message.draft, rendered=None) == draft
    assert (message.topic, message.app_name) == ("Price drops", "watcher")
    assert message.created_at == NOON
    assert await service.messages.of_slug(message.slug) == message


# Status


@pytest.mark.parametrize(
    ("states", "status"),
    [
        (set(), SendStatus.SENT),
        ({DeliveryState.QUEUED}, SendStatus.WAITING),
        ({DeliveryState.QUEUED, DeliveryState.FAILED}, SendStatus.WAITING),
        ({DeliveryState.FAILED}, SendStatus.FAILED),
        ({DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.QUEUED}, SendStatus.SENT),
        ({DeliveryState.SHOWN}, SendStatus.SENT),
    ],
)
def test_a_target_stands_as_its_best_delivery(states: Collection[DeliveryState], status: SendStatus) -> None:
    assert status_of(states) is status


async def test_every_told_record_has_a_status_and_no_other_number_has(service: PushService) -> None:
    app = await an_app(service)
    topic = await service.topics.add("nobody listens", app_id=app.id)
    ann = await a_reader(service, apps=(app.id,))
    results = await service.messages.send(app, a_draft(), uids=["UID_x", ann.uid], topic_ids=[topic.id])
    told = {result.send_record_id for result in results} - {None}
    for number in [*range(-1, 6), 2**63, 2**100]:
        assert await service.deliveries.status(number) == (SendStatus.SENT if number in told else None)


async def test_reports_count_deliveries_by_state_oldest_first(service: PushService) -> None:
    topic = await a_declared_topic(service, "deals")
    ann = await a_reader(service, topics=(topic.id,))
    await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals", key=str(number), text=str(number)) for number in range(3)])
    newest = (await service.inbox.recent(ann))[0]
    await service.inbox.mark_shown(ann, [newest.id])
    reports = await service.messages.reports(limit=2)
    assert [(report.message.draft.content, report.deliveries) for report in reports] == [
        ("1", DeliveryCounts(sent=2)),
        ("2", DeliveryCounts(sent=1, shown=1)),
    ]


# Simple pushes


async def test_a_simple_push_reaches_the_owner_of_the_token(service: PushService) -> None:
    ann, bob = await service.subscribers.add(), await service.subscribers.add()
    spts = [ann.spt, "SPT_x", bob.spt, ann.spt]
    results = (await service.messages.send_simple(SimpleSendRequest(spts=spts, draft=a_draft("hi")))).results
    assert [outcome(result) for result in results] == [
        (ann.subscriber.uid, 1000),
        (None, 1001),
        (bob.subscriber.uid, 1000),
    ]
    [item] = await service.inbox.items(ann.subscriber)
    assert (item.message.draft.content, item.message.app_name) == ("hi", "simple push")


async def test_tokens_that_nobody_has_are_refused_and_make_nothing(service: PushService) -> None:
    with pytest.raises(RefusedError, match="SPT不正确"):
        await service.messages.send_simple(SimpleSendRequest(spts=["SPT_x"], draft=a_draft()))
    assert len(await service.apps.all()) == 1


async def test_a_key_of_a_simple_push_belongs_to_its_tokens(service: PushService) -> None:
    ann, bob = await service.subscribers.add(), await service.subscribers.add()
    orders = [
        SimpleSendRequest(spts=[whose.spt], draft=a_draft(text), idempotency_key="k")
        for whose, text in ((ann, "one"), (ann, "two"), (bob, "three"))
    ]
    first, again, _ = [await service.messages.send_simple(order) for order in orders]
    assert again.results == first.results
    assert await texts(service, ann.subscriber) == ["one"]
    assert await texts(service, bob.subscriber) == ["three"]


# Deleting and forgetting


@pytest.mark.on_sqlite("looks into the file")
async def test_a_deleted_message_says_nothing_any_more_and_its_key_holds(service: PushService, tmp_path: Path) -> None:
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    first = await service.messages.send(app, a_draft("secret words"), uids=[ann.uid], idempotency_key="k")
    assert first[0].message_id is not None
    assert await service.messages.delete(app, first[0].message_id)
    assert await service.messages.delete(app, first[0].message_id)
    assert await service.messages.send(app, a_draft("again"), uids=[ann.uid], idempotency_key="k") == first
    assert await texts(service, ann) == []
    assert await service.inbox.recent(ann) == []
    assert await service.messages.reports() == []
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection:
        assert "secret words" not in "\n".join(connection.iterdump())


@pytest.mark.parametrize("number", [0, 99, 2**80, -(2**80)])
async def test_a_message_that_is_not_there_or_anothers_is_not_deleted(service: PushService, number: int) -> None:
    app, other = await an_app(service), await an_app(service, "other")
    ann = await a_reader(service, apps=(app.id,))
    [sent] = await service.messages.send(app, a_draft("kept"), uids=[ann.uid])
    assert sent.message_id is not None
    assert not await service.messages.delete(app, number)
    assert not await service.messages.delete(other, sent.message_id)
    assert await texts(service, ann) == ["kept"]


async def test_old_messages_are_removed_oldest_first_and_none_younger_than_a_week(place: DatabasePlace) -> None:
    now = [NOON]
    service = await open_push_service(place, now=lambda: now[0])
    app = await an_app(service)
    ann = await a_reader(service, apps=(app.id,))
    for text in ("one", "two", "three"):
        await service.messages.send(app, a_draft(text), uids=[ann.uid])
        now[0] += timedelta(days=4)
    assert await service.messages.forget_old(timedelta(days=1), limit=1) == 1
    assert await texts(service, ann) == ["two", "three"]
    assert await service.messages.forget_old(timedelta(days=1)) == 1
    assert await service.messages.forget_old(timedelta(days=1)) == 0
    assert await texts(service, ann) == ["three"]
    await service.close()


# The daily limit


async def test_over_the_daily_limit_a_user_gets_nothing_and_the_sender_is_told(place: DatabasePlace) -> None:
    now = [NOON]
    service = await open_push_service(place, now=lambda: now[0], daily_messages=2)
    app, other = await an_app(service), await an_app(service, "other")
    topic = await service.topics.add("a", app_id=app.id)
    ann = await a_reader(service, apps=(app.id, other.id), topics=(topic.id,))
    bob = await a_reader(service, topics=(topic.id,))
    await service.messages.send(app, a_draft("1"), uids=[ann.uid])
    await service.messages.send(app, a_draft("2"), uids=[ann.uid], topic_ids=[topic.id])
    by_uid, by_topic = await service.messages.send(app, a_draft("3"), uids=[ann.uid], topic_ids=[topic.id])
    assert (by_uid.code, "24小时内已收到2条消息" in by_uid.status) == (1001, True)
    assert by_topic.code == 1000
    assert await texts(service, ann) == ["1", "2"]
    assert await texts(service, bob) == ["2", "3"]
    assert (await service.messages.reports())[-1].deliveries == DeliveryCounts(sent=1, failed=1)
    await service.messages.send(other, a_draft("other"), uids=[ann.uid])
    now[0] += timedelta(days=1)
    await service.messages.send(app, a_draft("4"), topic_ids=[topic.id])
    assert await texts(service, ann) == ["1", "2", "other", "4"]
    await service.close()


async def test_what_the_watcher_publishes_is_not_limited(place: DatabasePlace) -> None:
    service = await open_push_service(place, now=lambda: NOON, daily_messages=1)
    topic = await a_declared_topic(service)
    ann = await a_reader(service, topics=(topic.id,))
    await service.messages.publish([to_topic("deals", key=str(number), text=str(number)) for number in range(3)])
    assert await texts(service, ann) == ["0", "1", "2"]
    await service.close()


async def test_a_send_to_one_reader_takes_few_statements(service: PushService) -> None:
    """Each is a way to the server and back where that is PostgreSQL, of which four serve its locks and notices."""
    app = await an_app(service)
    reader = await a_reader(service, apps=(app.id,))
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await service.messages.send(app, a_draft(), uids=[reader.uid])
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    inserts = [statement.split()[2] for statement in asked if statement.startswith("INSERT")]
    assert inserts == ["messages", "targets", "deliveries"]
    assert len(asked) <= 7


@pytest.mark.on_sqlite("asks for its plan")
async def test_one_message_of_an_application_is_found_without_a_list_of_all_that_it_sent(service: PushService) -> None:
    app, other = await an_app(service), await an_app(service)
    reader = await a_reader(service, apps=(app.id,))
    [sent] = await service.messages.send(app, a_draft(), uids=[reader.uid])
    assert sent.message_id is not None
    plans: list[str] = []

    def note(_: object, cursor: Any, statement: str, asked: tuple[object, ...], *__: object) -> None:
        plans.extend(row[3] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", asked))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        found = await service.messages.report(sent.message_id, app_id=app.id)
        assert await service.messages.report(sent.message_id, app_id=other.id) is None
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert found is not None
    assert plans
    assert not [plan for plan in plans if "LIST SUBQUERY" in plan or "SCAN" in plan]
