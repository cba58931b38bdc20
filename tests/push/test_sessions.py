"""In which browsers somebody is signed in, where clocks are wrong, and who did what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.push.builders import NOON
from tests.push.prepared import place_tables
from watcher.core.acts import Act, Actor
from watcher.push.actor import acting
from watcher.push.opening import open_push_service
from watcher.push.service import PushService

PASSWORD = "correct horse battery staple"


@dataclass(slots=True)
class Clock:
    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def push(tmp_path: Path, clock: Clock) -> AsyncIterator[PushService]:
    service = await open_push_service(await place_tables(tmp_path / "push.sqlite3"), now=clock)
    await service.operator.set_password(PASSWORD)
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
