from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from tests.push.builders import NOON
from watcher.push.channels.wechat.answers import AccessToken, Failure, Taken, Trouble
from watcher.push.channels.wechat.tokens import FORCE_EVERY, RENEW_EARLY, Tokens

REFUSED = Failure(trouble=Trouble.TOKEN, reason="WeChat 40001")
DOWN = Failure(trouble=Trouble.UNREACHABLE, reason="no answer")
TWO_HOURS = timedelta(hours=2)


class Account:
    """Gives the tokens out that it is told to, in order, and the last one again and again."""

    def __init__(self, *gives: str | Failure, lasts: timedelta = TWO_HOURS) -> None:
        self.gives = deque(gives)
        self.lasts = lasts
        self.asked: list[bool] = []
        self.now: datetime = NOON
        self.gate = asyncio.Event()
        self.gate.set()
        self.tokens = Tokens(self.fetch, now=lambda: self.now)

    async def fetch(self, force: bool) -> AccessToken | Failure:
        self.asked.append(force)
        await asyncio.sleep(0)
        await self.gate.wait()
        given = self.gives.popleft() if len(self.gives) > 1 else self.gives[0]
        return given if isinstance(given, Failure) else AccessToken(value=given, lasts=self.lasts)


def accepting(*good: str) -> Callable[[str], Awaitable[str | Failure]]:
    """Return a call that answers with its token, and refuses others."""

    async def call(token: str) -> str | Failure:
        await asyncio.sleep(0)
        return token if token in good else REFUSED

    return call


async def crowd(account: Account, call: Callable[[str], Awaitable[str | Failure]], number: int = 100) -> set[object]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(account.tokens.use(call)) for _ in range(number)]
    return {task.result() for task in tasks}


async def test_a_hundred_callers_share_one_request() -> None:
    account = Account("a")
    assert await crowd(account, accepting("a")) == {"a"}
    assert account.asked == [False]


async def test_a_hundred_callers_share_one_failure_and_the_next_one_asks_again() -> None:
    account = Account(DOWN, "a")
    assert await crowd(account, accepting("a")) == {DOWN}
    assert account.asked == [False]
    assert await account.tokens.use(accepting("a")) == "a"


async def test_a_token_is_renewed_five_minutes_before_it_ends() -> None:
    account = Account("a", "b")
    call = accepting("a", "b")
    assert await account.tokens.use(call) == "a"
    account.now = NOON + TWO_HOURS - RENEW_EARLY - timedelta(seconds=1)
    assert await account.tokens.use(call) == "a"
    account.now = NOON + TWO_HOURS - RENEW_EARLY
    assert await account.tokens.use(call) == "b"
    assert account.asked == [False, False]


async def test_a_token_with_little_time_left_is_used_for_half_of_it() -> None:
    account = Account("a", "b", lasts=timedelta(seconds=60))
    call = accepting("a", "b")
    assert await account.tokens.use(call) == "a"
    account.now = NOON + timedelta(seconds=29)
    assert await account.tokens.use(call) == "a"
    account.now = NOON + timedelta(seconds=30)
    assert await account.tokens.use(call) == "b"


async def test_a_refused_token_is_replaced_once_for_all_and_nothing_is_forced() -> None:
    account = Account("a", "b")
    await account.tokens.use(accepting("a"))
    assert await crowd(account, accepting("b")) == {"b"}
    assert account.asked == [False, False]


async def test_a_new_token_is_forced_once_when_the_refused_one_is_given_again() -> None:
    account = Account("a", "a", "b")
    await account.tokens.use(accepting("a"))
    assert await crowd(account, accepting("b")) == {"b"}
    assert account.asked == [False, False, True]


async def test_another_one_is_not_forced_before_its_time() -> None:
    account = Account("a")
    assert await account.tokens.use(accepting()) == REFUSED
    assert account.asked == [False, False, True]
    answer = await account.tokens.use(accepting())
    assert isinstance(answer, Failure)
    assert answer.trouble is Trouble.BUSY
    assert account.asked.count(True) == 1
    account.now = NOON + FORCE_EVERY
    await account.tokens.use(accepting())
    assert account.asked.count(True) == 2


async def test_forcing_stays_within_twenty_a_day() -> None:
    account = Account("a")
    for minute in range(24 * 60):
        account.now = NOON + timedelta(minutes=minute)
        await account.tokens.use(accepting())
    assert account.asked.count(True) <= 20


async def test_a_call_that_is_refused_twice_is_not_made_a_third_time() -> None:
    account = Account("a", "b", "c")
    made: list[str] = []

    async def call(token: str) -> Taken | Failure:
        made.append(token)
        return REFUSED

    assert await account.tokens.use(call) == REFUSED
    assert made == ["a", "b"]


async def test_who_gives_up_waiting_takes_the_token_from_nobody() -> None:
    account = Account("a")
    account.gate.clear()
    first = asyncio.create_task(account.tokens.use(accepting("a")))
    second = asyncio.create_task(account.tokens.use(accepting("a")))
    await asyncio.sleep(0)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    account.gate.set()
    async with asyncio.timeout(10):
        assert await second == "a"


async def test_a_token_that_was_asked_for_in_the_future_is_asked_for_again() -> None:
    """The clock was set back, so nobody knows how long it lasts."""
    account = Account("a", "b")
    assert await account.tokens.use(accepting("a")) == "a"
    account.now -= timedelta(hours=1)
    assert await account.tokens.use(accepting("a", "b")) == "b"
    assert account.asked == [False, False]
