"""When a loop takes its turns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.running import meanwhile
from watcher.background import loop as loops
from watcher.background.loop import BackgroundLoop
from watcher.errors import StoreError

BOUND_SECONDS = 30


class Turns:
    """The turns that a loop took; each returns what it is told to, or does it."""

    def __init__(self, loop: BackgroundLoop, *results: float | Exception | Callable[[], float] | None) -> None:
        self.loop = loop
        self.count = 0
        self._results = list(results)
        self._taken = asyncio.Event()

    async def __call__(self) -> float | None:
        self.count += 1
        self._taken.set()
        result = self._results.pop(0) if self._results else BOUND_SECONDS
        if isinstance(result, Exception):
            raise result
        return result() if callable(result) else result

    async def become(self, count: int) -> None:
        """Wait until so many were taken."""
        async with asyncio.timeout(BOUND_SECONDS):
            while self.count < count:
                self._taken.clear()
                await self._taken.wait()


@asynccontextmanager
async def running(*results: float | Exception | Callable[[], float] | None) -> AsyncIterator[Turns]:
    turns = Turns(BackgroundLoop("is tested"), *results)
    async with meanwhile(turns.loop.run(turns)):
        await turns.become(1)
        yield turns


async def test_a_turn_follows_when_something_is_due() -> None:
    async with running(0.01) as turns:
        await turns.become(2)


async def test_a_turn_follows_at_once_when_something_is_overdue() -> None:
    async with running(-5.0, 0.0) as turns:
        await turns.become(3)


async def test_a_loop_looks_anyway_after_its_longest_wait() -> None:
    loop = BackgroundLoop("is tested", longest_wait=0.01)
    turns = Turns(loop, float("inf"))
    async with meanwhile(loop.run(turns)):
        await turns.become(3)


async def test_a_loop_whose_store_refuses_says_truly_when_it_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    loop = BackgroundLoop("is tested", longest_wait=0.25)
    turns = Turns(loop, StoreError("full"))
    async with meanwhile(loop.run(turns)):
        await turns.become(2)
    assert "tries again in 0.25 s" in caplog.text


async def test_a_wake_up_begins_the_next_turn_once() -> None:
    async with running() as turns:
        await asyncio.sleep(0)
        turns.loop.wake()
        turns.loop.wake()
        await turns.become(2)
        for _ in range(5):
            await asyncio.sleep(0)
        assert turns.count == 2


async def test_a_wake_up_amid_a_turn_is_not_missed() -> None:
    def woken() -> float:
        loop.wake()
        return BOUND_SECONDS

    loop = BackgroundLoop("is tested")
    turns = Turns(loop, woken)
    async with meanwhile(loop.run(turns)):
        await turns.become(2)


async def test_only_what_comes_sooner_ends_a_wait() -> None:
    async with running() as turns:
        await asyncio.sleep(0)
        turns.loop.wake_within(2 * BOUND_SECONDS)
        for _ in range(5):
            await asyncio.sleep(0)
        assert turns.count == 1
        turns.loop.wake_within(0.001)
        await turns.become(2)


async def test_what_is_due_sooner_than_the_shortest_wait_is_done_together_and_a_wake_up_waits_for_nothing() -> None:
    loop = BackgroundLoop("is tested", shortest_wait=BOUND_SECONDS)
    turns = Turns(loop, 0.001)
    async with meanwhile(loop.run(turns)):
        await turns.become(1)
        await asyncio.sleep(0)
        loop.wake_within(0.001)
        for _ in range(5):
            await asyncio.sleep(0)
        assert turns.count == 1
        loop.wake()
        await turns.become(2)


async def test_a_turn_that_says_so_is_the_last() -> None:
    async with asyncio.timeout(BOUND_SECONDS):
        loop = BackgroundLoop("is tested")
        await loop.run(Turns(loop, 0.0, None))


@pytest.mark.parametrize(
    ("error", "level", "said"),
    [
        (StoreError("the disk is full"), logging.ERROR, "the store refused: the disk is full"),
        (ZeroDivisionError(), logging.ERROR, "a defect in watcher: the loop that is tested"),
    ],
)
async def test_a_loop_goes_on_after_an_error_and_a_pause(
    error: Exception, level: int, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loops, "PAUSE_SECONDS", 0.01)
    async with running(error) as turns:
        await turns.become(2)
    [record] = caplog.records
    assert (record.levelno, said in record.getMessage()) == (level, True)


async def test_a_loop_that_comes_round_is_not_stuck() -> None:
    now = asyncio.get_running_loop().time
    assert BackgroundLoop("never began").pulse.is_stuck(now())
    async with running() as turns:
        assert not turns.loop.pulse.is_stuck(now())
        assert turns.loop.pulse.is_stuck(now() + 1_000)
        assert turns.loop.pulse.what == "the loop that is tested"


async def test_a_loop_whose_turns_end_in_a_defect_counts_as_stuck_until_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loops, "PAUSE_SECONDS", 0.01)
    loop = BackgroundLoop("is tested", longest_wait=0.01, stuck_seconds=0.1)
    is_broken = True

    async def turn() -> float:
        loop.beat()  # as a long turn does
        if is_broken:
            raise ZeroDivisionError
        return 0.01

    async def becomes(stuck: bool) -> None:
        async with asyncio.timeout(BOUND_SECONDS):
            while loop.pulse.is_stuck(asyncio.get_running_loop().time()) is not stuck:  # noqa: ASYNC110 - time decides
                await asyncio.sleep(0.01)

    async with meanwhile(loop.run(turn)):
        await becomes(stuck=True)
        is_broken = False
        await becomes(stuck=False)


async def test_a_store_that_refuses_makes_no_loop_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "PAUSE_SECONDS", 0.01)
    loop = BackgroundLoop("is tested", stuck_seconds=0.2)
    turns = Turns(loop, *[StoreError("the disk is full")] * 50)
    async with meanwhile(loop.run(turns)):
        await turns.become(50)
        assert not loop.pulse.is_stuck(asyncio.get_running_loop().time())
