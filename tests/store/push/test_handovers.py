"""The queue of what is handed to addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.databases import DatabasePlace
from watcher.core.handovers import GivenUp, Handover, HandoverOutcome, Looked, Onward, Settled, Taken, Waiting
from watcher.core.pace import FAILOVER_AFTER, LEAST_FAILOVER_AFTER
from watcher.core.push import GOOD, AppProfile, Draft, Place, SubscriptionState
from watcher.push.ids import new_record_id
from watcher.store.push.records import NewMessage, NewTarget
from watcher.store.push.store import PushStore, Transaction, open_push_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MAIL, PHONE = ChannelName.EMAIL, ChannelName.WEB_PUSH
BOTH = (MAIL, PHONE)


@pytest.fixture
async def store(place: DatabasePlace) -> AsyncIterator[PushStore]:
    """A store with application 1, which has topic 1."""
    opened = await open_push_store(place)
    await opened.write(lambda tx: tx.apps.add(AppProfile(name="app"), slug="a", created_at=NOW))
    await opened.write(lambda tx: tx.topics.add(app_id=1, slug="t", name="t", description="", created_at=NOW))
    yield opened
    await opened.close()


def a_follower(tx: Transaction, uid: str, **addresses: int) -> int:
    """Make one who follows the topic, and is reached over channels at these places."""
    reader = tx.subscribers.add(uid=uid, spt_hash=uid, created_at=NOW)
    tx.subscriptions.add(reader.id, Place(topic_id=1), state=SubscriptionState.FOLLOWING, created_at=NOW)
    for channel, place in addresses.items():
        an_address(tx, reader.id, f"{uid} {channel}", ChannelName(channel), place)
    return reader.id


def an_address(tx: Transaction, reader: int, value: str, channel: ChannelName = PHONE, place: int = 0) -> int:
    made = tx.addresses.put(
        reader,
        AddressDraft(channel=channel, fingerprint=value, value=value, label="", bound_to=""),
        place=place,
        at=NOW,
    )
    return made.id


def a_message(tx: Transaction, slug: str) -> int:
    """Put a message into the inboxes of the topic's followers."""
    target = NewTarget(topic_id=1, code=GOOD, status="")
    new = NewMessage(slug=slug, idempotency_key=None, draft=Draft(summary="s", content=slug), targets=[target])
    [message_id] = tx.messages.add(1, [new], created_at=NOW, new_record_id=new_record_id).answers
    tx.deliveries.fan_out([message_id], at=NOW)
    return message_id


def queue(tx: Transaction, message_id: int) -> bool:
    return tx.handovers.queue([message_id], at=NOW, expires_at=LATER)


def heads(tx: Transaction, *, now: datetime = NOW, lane: str = "lane") -> Sequence[Handover]:
    unsorted = tx.handovers.unsorted(limit=100)
    tx.handovers.sort({address.id: "lane" for address in unsorted})
    return tx.handovers.heads(lane, limit=100, now=now)


def settle(tx: Transaction, handover: Handover, outcome: HandoverOutcome) -> None:
    settled = Settled(handover=handover, outcome=outcome, at=NOW)
    tx.handovers.settle([settled], Onward(at=NOW, channels=BOTH, look_at=NOW + FAILOVER_AFTER))


def rows(tx: Transaction, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in tx.handovers._connection.execute(text(query))]


DELIVERIES = "SELECT subscriber_id, channel, state, reason FROM deliveries WHERE channel <> 'inbox' ORDER BY id"
WAITING = "SELECT value FROM handovers JOIN addresses ON addresses.id = address_id ORDER BY handovers.id"


async def test_the_first_channel_of_each_reader_is_queued_for_all_its_addresses(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=1, email=0)
        eve = a_follower(tx, "eve", webpush=0, email=1)
        a_follower(tx, "bob")
        an_address(tx, eve, "eve's other phone")
        assert queue(tx, a_message(tx, "m"))
        assert rows(tx, DELIVERIES) == [(ann, "email", "queued", None), (eve, "webpush", "queued", None)]
        assert rows(tx, WAITING) == [("ann email",), ("eve webpush",), ("eve's other phone",)]

    await store.write(work)


async def test_several_messages_are_queued_at_once_each_in_its_turn(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=0)
        eve = a_follower(tx, "eve", email=0)
        first, second, other = [a_message(tx, slug) for slug in "123"]
        assert tx.handovers.queue([first, second], at=NOW, expires_at=LATER)
        queued = "SELECT message_id, subscriber_id FROM deliveries WHERE channel <> 'inbox' ORDER BY id"
        assert rows(tx, queued) == [(first, ann), (first, eve), (second, ann), (second, eve)]
        assert rows(tx, WAITING) == [("ann webpush",), ("eve email",)] * 2
        assert tx.handovers.queue([other], at=NOW, expires_at=LATER)
        assert len(rows(tx, WAITING)) == 6

    await store.write(work)


async def test_only_readers_in_the_range_who_got_it(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        first, *_, last = [a_follower(tx, uid, webpush=0, email=1) for uid in ("1", "2", "3", "4")]
        message_id = a_message(tx, "m")
        tx.handovers._connection.execute(text("UPDATE deliveries SET state = 'failed' WHERE subscriber_id = 2"))
        assert tx.handovers.queue([message_id], after=first, until=last - 1, at=NOW, expires_at=LATER)
        assert rows(tx, DELIVERIES) == [(3, "webpush", "queued", None)]

    await store.write(work)


async def test_where_nobody_has_an_address_it_costs_one_statement(store: PushStore) -> None:
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    def work(tx: Transaction) -> None:
        a_follower(tx, "ann")
        message_id = a_message(tx, "m")
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert not queue(tx, message_id)
            assert len(statements) == 1
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    await store.write(work)


async def test_what_many_took_is_saved_in_as_many_statements_as_what_one_took(store: PushStore) -> None:
    runs: list[bool] = []

    def note(*args: object) -> None:
        runs.append(bool(args[5]))  # whether it is run once for each of many parameters

    def runs_for(tx: Transaction, slug: str) -> int:
        queue(tx, a_message(tx, slug))
        taken = [
            Settled(handover=each, outcome=Taken(at=NOW + minute, look_at=LATER + minute), at=NOW)
            for each, minute in zip(heads(tx), (timedelta(minutes=number) for number in range(20)), strict=False)
        ]
        runs.clear()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            tx.handovers.settle(taken, Onward(at=NOW, channels=BOTH, look_at=LATER))
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(runs)

    def work(tx: Transaction) -> None:
        a_follower(tx, "ann", webpush=0)
        of_one = runs_for(tx, "1")
        for number in range(19):
            a_follower(tx, f"{number}", webpush=0)
        assert runs_for(tx, "2") == of_one
        assert not any(runs)
        times = "SELECT count(DISTINCT sent_at), count(DISTINCT look_at) FROM deliveries WHERE message_id = 2"
        assert rows(tx, f"{times} AND channel <> 'inbox' AND state = 'sent'") == [(20, 20)]

    await store.write(work)


async def test_no_statement_is_compiled_anew_for_each_value_that_it_is_given(store: PushStore) -> None:
    """SQLite does so where a value is bound to what a partial index asks for: to another `state <> …`."""
    statements: list[str] = []

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=0)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            queue(tx, a_message(tx, "m"))
            tx.deliveries.inbox(ann, after=0, limit=10)
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    await store.write(work)
    assert any("state != 'failed'" in statement for statement in statements)
    assert not [statement for statement in statements if "state != ?" in statement]


async def test_the_heads_are_the_oldest_of_each_address_that_are_due(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        for uid in ("ann", "eve"):
            a_follower(tx, uid, webpush=0)
        for slug in ("1", "2"):
            queue(tx, a_message(tx, slug))
        first = heads(tx)
        assert [(each.address.value, each.message.draft.content) for each in first] == [
            ("ann webpush", "1"),
            ("eve webpush", "1"),
        ]
        settle(tx, first[0], Waiting(attempts=1, due_at=LATER))
        settle(tx, first[1], Taken(at=NOW, look_at=LATER))
        [second] = heads(tx)
        assert (second.address.value, second.message.draft.content) == ("eve webpush", "2")
        busy = tx.handovers.heads("lane", limit=9, now=LATER, busy=[second.address.id])
        assert [(each.address.value, each.attempts) for each in busy] == [("ann webpush", 1)]

    await store.write(work)


async def test_a_lane_where_all_wait_costs_nothing_until_something_is_due(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        a_follower(tx, "ann", webpush=0)
        queue(tx, a_message(tx, "1"))
        [head] = heads(tx)
        assert tx.handovers.overview(now=NOW).lanes == ["lane"]
        settle(tx, head, Waiting(attempts=1, due_at=LATER))
        assert tx.handovers.overview(now=NOW).lanes == []
        assert tx.handovers.overview(now=LATER).lanes == ["lane"]

    await store.write(work)


async def test_lanes_are_asked_once_for_each_address_and_again_when_it_is_renewed(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann, eve = [a_follower(tx, uid, webpush=0) for uid in ("ann", "eve")]
        queue(tx, a_message(tx, "1"))
        assert tx.handovers.overview(now=NOW).has_unsorted
        found = {address.subscriber_id: address.id for address in tx.handovers.unsorted(limit=9)}
        tx.handovers.sort({found[ann]: "b"})
        tx.handovers.sort({found[eve]: "a"}, is_lasting=False)
        overview = tx.handovers.overview(now=NOW)
        assert (overview.lanes, overview.has_unsorted) == (["a", "b"], False)
        assert overview.look_at == NOW + LEAST_FAILOVER_AFTER
        queue(tx, a_message(tx, "2"))
        assert [address.id for address in tx.handovers.unsorted(limit=9)] == [found[eve]]
        an_address(tx, ann, "ann webpush")
        queue(tx, a_message(tx, "3"))
        assert {address.id for address in tx.handovers.unsorted(limit=9)} == {*found.values()}

    await store.write(work)


async def test_a_delivery_fails_with_its_last_address_and_goes_on_to_the_next_channel(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=0, email=1)
        an_address(tx, ann, "ann's other phone")
        queue(tx, a_message(tx, "m"))
        first, second = heads(tx)
        settle(tx, first, GivenUp(reason="no", goes_on=True))
        assert rows(tx, DELIVERIES) == [(ann, "webpush", "queued", None)]
        settle(tx, second, GivenUp(reason="no again", goes_on=True))
        assert rows(tx, DELIVERIES) == [(ann, "webpush", "failed", "no again"), (ann, "email", "queued", None)]
        [last] = heads(tx)
        assert (last.address.channel, last.expires_at) == (MAIL, LATER)
        settle(tx, last, GivenUp(reason="no mail", goes_on=True))
        assert len(rows(tx, DELIVERIES)) == 2

    await store.write(work)


async def test_settling_twice_is_settling_once(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=0)
        queue(tx, a_message(tx, "m"))
        [head] = heads(tx)
        settle(tx, head, Taken(at=NOW, look_at=LATER))
        settle(tx, head, GivenUp(reason="too late"))
        assert rows(tx, DELIVERIES) == [(ann, "webpush", "sent", None)]

    await store.write(work)


async def test_a_look_goes_on_where_nothing_was_seen_and_only_to_channels_not_yet_tried(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        ann = a_follower(tx, "ann", webpush=0, email=1)
        queue(tx, a_message(tx, "m"))
        [head] = heads(tx)
        settle(tx, head, Taken(at=NOW, look_at=LATER))
        for _ in range(2):
            [look] = tx.handovers.looks(now=LATER, limit=9)
            onward = Onward(at=LATER, channels=BOTH, look_at=LATER)
            tx.handovers.settle_looks([Looked(look=look, goes_on=True)], onward)
        assert rows(tx, DELIVERIES) == [(ann, "webpush", "sent", None), (ann, "email", "queued", None)]
        assert tx.handovers.looks(now=LATER, limit=9) == []

    await store.write(work)


async def test_a_message_that_is_forgotten_takes_along_what_waits_of_it(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        a_follower(tx, "ann", webpush=0)
        old, new = [a_message(tx, slug) for slug in ("old", "new")]
        for message_id in (old, new):
            queue(tx, message_id)
        tx.handovers.forget([old])
        tx.deliveries.forget([old])
        tx.messages.forget([old])
        assert [head.message.id for head in heads(tx)] == [new]

    await store.write(work)


async def test_times_of_a_clock_that_was_wrong_are_brought_near(store: PushStore) -> None:
    def work(tx: Transaction) -> None:
        a_follower(tx, "ann", webpush=0)
        queue(tx, a_message(tx, "m"))
        before = NOW - timedelta(days=300)
        assert heads(tx, now=before) == []
        tx.handovers.mend(now=before)
        assert len(heads(tx, now=before)) == 1
        assert tx.handovers.overview(now=before).look_at == before

    await store.write(work)
