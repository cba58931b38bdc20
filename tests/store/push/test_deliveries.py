from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime
from itertools import chain, count
from typing import TypeVar

import pytest
from sqlalchemy import Connection, insert, literal, select, true, update

from watcher.core.databases import DatabasePlace
from watcher.core.push import GOOD, AppProfile, DeliveryCounts, DeliveryState, Draft, MessageFilter, Slice, TargetResult
from watcher.errors import StoreError
from watcher.store.push.database import Database
from watcher.store.push.records import NewMessage, NewTarget, Reached
from watcher.store.push.store import Transaction, open_database
from watcher.store.push.tables import deliveries, subscribers, subscriptions, topics

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CROWD = 10_000
T = TypeVar("T")


@pytest.fixture
async def database(place: DatabasePlace) -> AsyncIterator[Database]:
    """One with application 1, topics 1 and 2, and a crowd that follows both topics."""
    opened = await open_database(place)
    await opened.write(add_crowd)
    yield opened
    await opened.close()


def add_crowd(connection: Connection) -> None:
    tx = Transaction(connection)
    tx.apps.add(AppProfile(name="app"), slug="a", created_at=NOW)
    for slug in "xy":
        tx.topics.add(app_id=1, slug=slug, name=slug, description="", created_at=NOW)
    crowd = [{"uid": f"UID_{number}", "spt_hash": str(number), "created_at": NOW} for number in range(CROWD)]
    connection.execute(insert(subscribers), crowd)
    followed_at = literal(NOW, subscribers.c.created_at.type)
    each = (
        select(subscribers.c.id, topics.c.id, followed_at).join(topics, true()).order_by(topics.c.id, subscribers.c.id)
    )
    connection.execute(insert(subscriptions).from_select(["subscriber_id", "topic_id", "created_at"], each))


async def written(database: Database, work: Callable[[Transaction], T]) -> T:
    return await database.write(lambda connection: work(Transaction(connection)))


async def read(database: Database, work: Callable[[Transaction], T]) -> T:
    return await database.read(lambda connection: work(Transaction(connection)))


def a_message(slug: str, *targets: NewTarget) -> NewMessage:
    return NewMessage(slug=slug, idempotency_key=None, draft=Draft(summary="s", content=slug), targets=targets)


def drawing(*first: int) -> Callable[[], int]:
    """Draw these, then 1, 2, 3, …"""
    numbers = chain(first, count(1))
    return lambda: next(numbers)


def topic(topic_id: int, code: int = GOOD) -> NewTarget:
    return NewTarget(topic_id=topic_id, code=code, status="")


async def test_each_of_ten_thousand_subscribers_gets_each_message_once(database: Database) -> None:
    by_uid = NewTarget(uid="UID_7", code=GOOD, status="")
    new = [a_message("1", by_uid, topic(1), topic(2)), a_message("2", topic(2))]

    def send(tx: Transaction) -> tuple[list[int], Collection[int]]:
        added = tx.messages.add(1, new, created_at=NOW, new_record_id=drawing()).answers
        return [*added], tx.deliveries.fan_out(added, at=NOW).subscriber_ids

    (first, second), reached = await written(database, send)
    assert len(reached) == CROWD
    counts = await read(database, lambda tx: tx.deliveries.counts([first, second]))
    inbox = await read(database, lambda tx: tx.deliveries.inbox(8, after=0, limit=10))
    assert counts == dict.fromkeys((first, second), DeliveryCounts(sent=CROWD))
    assert [item.message.id for item in inbox] == [first, second]


async def test_ids_rise_with_the_order_of_messages_and_of_targets_however_many(database: Database) -> None:
    uids = [f"UID_{number}" for number in reversed(range(2_000))]
    to_many = [NewTarget(uid=uid, code=GOOD, status="") for uid in uids]
    new = [a_message("many", *to_many), *(a_message(str(number), topic(1)) for number in range(1_500))]
    sent = await written(database, lambda tx: tx.messages.add(1, new, created_at=NOW, new_record_id=drawing()))
    added = sent.answers
    first, *_, last = added
    newest = await read(database, lambda tx: tx.messages.slice(Slice(limit=len(new)), MessageFilter()))
    answered = await read(database, lambda tx: tx.messages.answers([first]))
    assert list(added) == sorted(added)
    assert [message.slug for message in newest] == [message.slug for message in new]
    assert [target.uid for target in added[first]] == uids
    assert answered[first] == added[first]
    assert [target.topic_id for target in added[last]] == [1]


@pytest.mark.parametrize("targets", [1, 2_000])
async def test_a_record_id_that_is_taken_is_drawn_again(database: Database, targets: int) -> None:
    numbers = [*range(100, 99 + targets), 7, *range(5_000, 9_000)]  # the last of many is taken
    new = a_message("2", *(NewTarget(uid=f"UID_{number}", code=GOOD, status="") for number in range(targets)))

    def send(tx: Transaction) -> Sequence[TargetResult]:
        tx.messages.add(1, [a_message("1", topic(1))], created_at=NOW, new_record_id=drawing(7))
        [answers] = tx.messages.add(1, [new], created_at=NOW, new_record_id=drawing(*numbers)).answers.values()
        return answers

    answers = await written(database, send)
    [again] = (await read(database, lambda tx: tx.messages.answers([2]))).values()
    assert await read(database, lambda tx: tx.deliveries.states_of_record(7, at=NOW)) == set()
    assert await read(database, lambda tx: tx.deliveries.states_of_record(100, at=NOW)) is None
    assert [answer.send_record_id for answer in answers] == [*range(5_000, 5_000 + targets)]
    assert [answer.uid for answer in answers] == [f"UID_{number}" for number in range(targets)]
    assert again == answers


async def test_numbers_without_chance_end_in_an_error(database: Database) -> None:
    new = [a_message(slug, topic(1)) for slug in "12"]
    with pytest.raises(StoreError, match="record_id"):
        await written(database, lambda tx: tx.messages.add(1, new, created_at=NOW, new_record_id=lambda: 7))


async def test_a_target_that_failed_reaches_nobody(database: Database) -> None:
    new = [a_message("1", topic(1, code=1001))]
    sent = await written(database, lambda tx: tx.messages.add(1, new, created_at=NOW, new_record_id=drawing()))
    assert await written(database, lambda tx: tx.deliveries.fan_out(sent.answers, at=NOW)) == Reached()
    assert await read(database, lambda tx: tx.deliveries.states_of_record(1, at=NOW)) is None


@pytest.mark.faults
@pytest.mark.parametrize("state", DeliveryState)
async def test_a_record_to_one_user_stands_as_that_users_deliveries(database: Database, state: DeliveryState) -> None:
    new = [a_message("1", NewTarget(uid="UID_7", code=GOOD, status=""), topic(1))]
    sent = await written(database, lambda tx: tx.messages.add(1, new, created_at=NOW, new_record_id=drawing()))
    await written(database, lambda tx: tx.deliveries.fan_out(sent.answers, at=NOW))
    change = update(deliveries).where(deliveries.c.subscriber_id == 8).values(state=state)
    await database.write(lambda connection: connection.execute(change).rowcount)
    assert await read(database, lambda tx: tx.deliveries.states_of_record(1, at=NOW)) == {state}
    assert await read(database, lambda tx: tx.deliveries.states_of_record(2, at=NOW)) == {state, DeliveryState.SENT}


async def test_news_behind_deleted_messages_are_found(database: Database) -> None:
    """However many were deleted since somebody was last told: who reads a few at a time would stop there."""

    def work(tx: Transaction) -> None:
        new = [a_message(slug, topic(1)) for slug in ("a", "b", "c")]
        first, second, third = tx.messages.add(1, new, created_at=NOW, new_record_id=drawing()).answers
        tx.deliveries.fan_out([first, second, third], at=NOW)
        for message_id in (first, second):
            tx.messages.delete(1, message_id, at=NOW)
        found = tx.deliveries.news({7: 0}, limit=2)
        assert [(subscriber_id, item.message.id) for subscriber_id, item in found] == [(7, third)]

    await written(database, work)
