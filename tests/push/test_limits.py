"""How much an owner may have, and what a blocked one may still do: nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.clock import Clock
from tests.push.builders import NOON, an_owner
from watcher.core.access import Scope
from watcher.core.accounts import AccountLimits, LimitOverrides, Purpose
from watcher.core.databases import DatabasePlace
from watcher.core.push import GOOD, AppProfile, MessageFilter, Slice, TopicDraft
from watcher.errors import RefusedError
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.queues import Queues
from watcher.push.service import PushService

_LIMITS = AccountLimits(apps=2, topics=2, messages=3)


@pytest.fixture
async def push(place: DatabasePlace, clock: Clock) -> AsyncIterator[PushService]:
    path = place
    service = await open_push_service(path, now=clock, account_limits=_LIMITS)
    yield service
    await service.close()


async def test_an_owner_makes_as_many_applications_as_they_may(push: PushService) -> None:
    owner = await an_owner(push)
    for name in ("One", "Two"):
        await push.apps.add(AppProfile(name=name), account_id=owner)
    with pytest.raises(RefusedError, match="2 applications are all"):
        await push.apps.add(AppProfile(name="Three"), account_id=owner)
    await push.apps.add(AppProfile(name="The operator's"))
    await push.accounts.set_limits(owner, LimitOverrides(apps=3))
    await push.apps.add(AppProfile(name="Three"), account_id=owner)


async def test_topics_are_counted_over_all_applications(push: PushService) -> None:
    owner = await an_owner(push)
    one, two = [(await push.apps.add(AppProfile(name=name), account_id=owner))[0] for name in ("One", "Two")]
    await push.topics.add("News", app_id=one.id)
    await push.topics.add("News", app_id=two.id)
    with pytest.raises(RefusedError, match="2 topics are all"):
        await push.topics.add("More", app_id=one.id)
    await push.topics.add("The operator's")


async def test_messages_are_counted_over_a_day_and_a_repeat_is_none(push: PushService, clock: Clock) -> None:
    owner = await an_owner(push)
    app, _ = await push.apps.add(AppProfile(name="One"), account_id=owner)
    topic = await push.topics.add("News", app_id=app.id)

    async def send(key: str) -> None:
        await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id], idempotency_key=key)

    for key in ("1", "2", "3"):
        await send(key)
    with pytest.raises(RefusedError, match="3 messages were sent in 24 hours"):
        await send("4")
    await send("3")
    clock.at += timedelta(days=1)
    await send("4")


async def test_a_blocked_owner_s_applications_send_nothing_and_their_tokens_open_nothing(push: PushService) -> None:
    owner = await an_owner(push)
    app, app_token = await push.apps.add(AppProfile(name="One"), account_id=owner)
    topic = await push.topics.add("News", app_id=app.id)
    _, token = await push.tokens.add("robot", [Scope.TOPICS_READ], app_id=app.id, account_id=owner)
    assert await push.tokens.caller(token) is not None
    assert await push.tokens.caller(app_token) is not None
    await push.accounts.block(owner)
    assert await push.tokens.caller(token) is None
    assert await push.tokens.caller(app_token) is None
    assert await push.apps.of_token(app_token) is None
    with pytest.raises(RefusedError, match="account is blocked"):
        await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    await push.accounts.approve(owner)
    assert await push.tokens.caller(token) is not None
    await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])


@pytest.mark.on_sqlite("looks into the file")
async def test_what_a_blocked_owner_sent_and_nobody_has_yet_is_withdrawn(push: PushService, tmp_path: Path) -> None:
    grace, linus = await an_owner(push), await an_owner(push, "Linus")
    await _queue_something(push, tmp_path / "push.db", grace, linus)
    await push.accounts.block(grace)
    assert await push.queues() == Queues(fan_outs=1, handovers=1, callbacks=1, full=0)  # those of Linus
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection:
        states = connection.execute(
            "SELECT state, reason FROM deliveries WHERE channel = 'webpush' ORDER BY id"
        ).fetchall()
    assert states == [("failed", "its sender's account was blocked"), ("queued", None)]
    await push.accounts.approve(grace)
    assert (await push.queues()).handovers == 1


@pytest.mark.on_sqlite("opens the file again")
async def test_what_was_sent_before_a_hand_over_goes_on_to_its_readers(push: PushService, tmp_path: Path) -> None:
    grace, linus = await an_owner(push), await an_owner(push, "Linus")
    await _queue_something(push, tmp_path / "push.db", grace)
    await push.accounts.hand_over(grace, linus)
    assert await push.queues() == Queues(fan_outs=1, handovers=1, callbacks=0, full=0)


async def _queue_something(push: PushService, database: Path, *owners: int) -> None:
    """Let a callback of each wait, and a message for more readers and for the browser of one."""
    sent = [await _send_something(push, owner) for owner in owners]
    at = int(NOON.timestamp() * 1_000_000)
    with closing(sqlite3.connect(database)) as connection, connection:
        for message, reader in sent:
            connection.execute("INSERT INTO fan_outs (message_id) VALUES (?)", (message,))
            address = connection.execute(
                "INSERT INTO addresses "
                "(subscriber_id, channel, fingerprint, value, label, place, bound_to, created_at) "
                "VALUES (?, 'webpush', ?, '{}', '', 0, '', ?)",
                (reader, str(reader), at),
            ).lastrowid
            delivery = connection.execute(
                "INSERT INTO deliveries (message_id, subscriber_id, channel, state) VALUES (?, ?, 'webpush', 'queued')",
                (message, reader),
            ).lastrowid
            connection.execute(
                "INSERT INTO handovers (delivery_id, address_id, due_at, expires_at) VALUES (?, ?, ?, ?)",
                (delivery, address, at, at),
            )


async def _send_something(push: PushService, owner: int) -> tuple[int | None, int]:
    app, _ = await push.apps.add(AppProfile(name="One", callback_url="https://x.example/"), account_id=owner)
    topic = await push.topics.add("News", app_id=app.id)
    reader = (await push.subscribers.add(topic_ids=[topic.id])).subscriber
    [sent] = await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    await push.callbacks.send_test(app.id)
    return sent.message_id, reader.id


async def test_what_was_handed_over_is_beyond_the_tokens_of_before(push: PushService) -> None:
    grace, linus = await an_owner(push), await an_owner(push, "Linus")
    app, app_token = await push.apps.add(AppProfile(name="One"), account_id=grace)
    _, token = await push.tokens.add("robot", [Scope.TOPICS_READ], app_id=app.id, account_id=grace)
    _, ours = await push.tokens.add("the operator's", [Scope.TOPICS_READ], app_id=app.id)
    with pytest.raises(RefusedError, match="has 1 application"):
        await push.accounts.remove(grace)
    assert await push.accounts.hand_over(grace, linus) == 1
    assert [await push.tokens.caller(each) is not None for each in (app_token, token, ours)] == [False, False, True]
    await push.accounts.hand_over(linus, grace)
    assert await push.tokens.caller(token) is None, "what ended does not come back with the application"


async def test_a_blocked_owner_sends_nothing_by_what_was_handed_over(push: PushService) -> None:
    grace = await an_owner(push)
    app, old = await push.apps.add(AppProfile(name="One"), account_id=grace)
    new = await push.apps.reset_token(app.id, grace=timedelta(days=1))
    await push.accounts.block(grace)
    await push.accounts.hand_over(grace, None)
    assert [await push.apps.of_token(token) for token in (old, new)] == [None, None]
    assert await push.apps.of_token(await push.apps.reset_token(app.id)) is not None


@pytest.mark.parametrize("to", ["itself", "nobody", "blocked"])
async def test_applications_go_to_an_active_account_or_the_operator(push: PushService, to: str) -> None:
    grace, linus = await an_owner(push), await an_owner(push, "Linus")
    await push.accounts.block(linus)
    with pytest.raises(RefusedError):
        await push.accounts.hand_over(grace, {"itself": grace, "nobody": 999, "blocked": linus}[to])


async def test_a_message_that_is_sent_again_counts_as_one(push: PushService) -> None:
    owner = await an_owner(push)
    app, _ = await push.apps.add(AppProfile(name="One"), account_id=owner)
    topic = await push.topics.add("News", app_id=app.id)
    for key in ("1", "2", "3"):
        await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id], idempotency_key=key)
    await push.subscribers.add(topic_ids=[topic.id])
    [report, *_] = await push.messages.slice(Slice(limit=1), MessageFilter(app_id=app.id))
    with pytest.raises(RefusedError, match="3 messages were sent in 24 hours"):
        await push.message_log.send_again(report.message, "key")
    await push.accounts.set_limits(owner, LimitOverrides(messages=4))
    assert await push.message_log.send_again(report.message, "key") is not None


async def test_an_owners_application_is_none_that_watches_yaml_names(push: PushService) -> None:
    """Else whoever calls theirs alike would silence the watches, or be told what they find."""
    grace = await an_owner(push)
    theirs, _ = await push.apps.add(AppProfile(name="ops"), account_id=grace)
    await push.topics.add("alarms", app_id=theirs.id)
    draft = TopicDraft(idempotency_key="1", topic="alarms", app="ops", draft=make_draft("Hello"))
    [answer] = await push.messages.publish([draft])
    assert answer.code != GOOD
    assert "there is no application ops" in answer.status
    ours, _ = await push.apps.add(AppProfile(name="ops"))
    await push.topics.add("alarms", app_id=ours.id)
    [answer] = await push.messages.publish([replace(draft, idempotency_key="2")])
    assert answer.code == GOOD


@pytest.mark.parametrize("how", ["a new password", "signed out everywhere"])
async def test_a_code_that_lets_a_device_approve_ends_with_what_it_was_made_by(push: PushService, how: str) -> None:
    code = await push.sign_in_codes.make(Purpose.APPROVER, kind="", address="", account_id=None)
    if how == "a new password":
        await push.operator.set_password("correct horse battery")
    else:
        await push.sessions.end_all(None)
    with pytest.raises(RefusedError, match="expired or was used"):
        await push.approvers.let_approve_by(code.code, kind="", replacing=None)


async def test_a_device_is_let_approve_for_no_account_that_is_not_active(push: PushService) -> None:
    owner = await an_owner(push)
    before = await push.approvers.of_account(owner)
    await push.accounts.block(owner)
    with pytest.raises(RefusedError, match="not active"):
        await push.approvers.let_approve(owner, kind="Safari", replacing=None)
    assert await push.approvers.of_account(owner) == before


async def test_an_owner_has_fifty_tokens_at_most(push: PushService) -> None:
    grace, linus = await an_owner(push), await an_owner(push, "Linus")
    app, _ = await push.apps.add(AppProfile(name="One"), account_id=grace)
    made = [await push.tokens.add("robot", [Scope.APPS_READ], app_id=app.id, account_id=grace) for _ in range(50)]
    with pytest.raises(RefusedError, match="50 tokens are all"):
        await push.tokens.add("robot", [Scope.APPS_READ], app_id=app.id, account_id=grace)
    await push.tokens.remove(made[0][0].id)
    await push.tokens.add("robot", [Scope.APPS_READ], app_id=app.id, account_id=grace)
    others, _ = await push.apps.add(AppProfile(name="Two"), account_id=linus)
    await push.tokens.add("robot", [Scope.APPS_READ], app_id=others.id, account_id=linus)
    await push.tokens.add("operator's", [Scope.APPS_READ])
