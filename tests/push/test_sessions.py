"""In which browsers somebody is signed in, where clocks are wrong, and who did what."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.push.builders import NOON, an_owner
from tests.push.prepared import place_tables
from watcher.core.acts import Act, Actor
from watcher.core.push import AppProfile, Slice
from watcher.push.actor import acting
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.store.push.acts import KEPT

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def push(tmp_path: Path, clock: Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(await place_tables(tmp_path / "push.db", password=PASSWORD), now=clock)
    yield service
    await service.close()


@pytest.mark.parametrize(
    ("set_back", "is_good"),
    [
        pytest.param(timedelta(hours=1), True, id="an hour"),
        pytest.param(timedelta(days=400), False, id="from a clock that was a year ahead"),
    ],
)
async def test_a_session_from_the_future_ends_where_it_would_last_too_long(
    push: PushService, clock: Clock, set_back: timedelta, is_good: bool
) -> None:
    token = await push.operator.log_in(PASSWORD)
    assert token is not None
    clock.at -= set_back
    assert (await push.sessions.known(token) is not None) is is_good


@pytest.mark.parametrize(
    ("passed", "is_recent"),
    [(timedelta(minutes=9), True), (timedelta(minutes=10), False), (-timedelta(minutes=10), False)],
    ids=["9 minutes", "10 minutes", "a clock that was set back"],
)
async def test_who_signed_in_is_recent_for_ten_minutes(
    push: PushService, clock: Clock, passed: timedelta, is_recent: bool
) -> None:
    token = await push.operator.log_in(PASSWORD)
    assert token is not None
    clock.at += passed
    known = await push.sessions.known(token)
    assert known is not None
    assert push.sessions.is_recent(known[1]) is is_recent


async def test_what_is_done_is_noted_with_who_did_it(push: PushService) -> None:
    with acting(None, "Firefox · Linux"):
        assert await push.operator.log_in(PASSWORD, kind="Firefox · Linux")
    assert await push.operator.log_in(PASSWORD)
    noted = [(entry.act, entry.actor) for entry in await push.acts.latest()]
    assert noted == [
        (Act.LOGGED_IN, Actor(account_id=None, by="command")),
        (Act.LOGGED_IN, Actor(account_id=None, by="Firefox · Linux")),
    ]


@pytest.mark.on_sqlite("looks into the file")
async def test_an_owner_who_does_much_pushes_nothing_out_of_the_log_but_their_own(
    push: PushService, tmp_path: Path
) -> None:
    await push.acts.note(Act.TOPIC_REMOVED, "the operator's")
    with acting(2, "Chrome"):
        await push.acts.note(Act.TOPIC_REMOVED, "another's")
    with closing(sqlite3.connect(tmp_path / "push.db")) as connection, connection:
        row = (int(NOON.timestamp() * 1_000_000), 1, "Chrome", "account_renamed", "x")
        connection.executemany(
            "INSERT INTO acts (at, account_id, by, act, subject) VALUES (?, ?, ?, ?, ?)", [row] * (KEPT + 10)
        )
    with acting(1, "Chrome"):
        await push.acts.note(Act.ACCOUNT_RENAMED, "the last")
    assert len(await push.acts.latest(Slice(limit=2 * KEPT, is_newest_first=True), account_id=1)) == KEPT
    others = [
        entry
        for entry in await push.acts.latest(Slice(limit=2 * KEPT, is_newest_first=True))
        if entry.actor.account_id != 1
    ]
    assert [entry.subject for entry in others[:2]] == ["another's", "the operator's"]


async def test_what_changes_nothing_is_not_in_the_log(push: PushService) -> None:
    owner = await an_owner(push, "Grace")
    app, _ = await push.apps.add(AppProfile(name="Shop"), account_id=owner)
    before = await push.acts.latest(Slice(limit=1, is_newest_first=True))
    await push.accounts.rename(owner, "Grace")
    await push.apps.edit(app.id, name="Shop")
    assert await push.acts.latest(Slice(limit=1, is_newest_first=True)) == before
