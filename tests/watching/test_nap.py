from __future__ import annotations

import asyncio
import time

import pytest

from watcher.watching import nap
from watcher.watching.nap import Nap

_LONG = 1_000.0
_SECONDS = 5


@pytest.fixture
def taken() -> Nap:
    return Nap(time.monotonic)


async def test_it_ends_when_something_is_due(taken: Nap) -> None:
    began = time.monotonic()
    await taken.take(began + 0.05)
    assert 0.05 <= time.monotonic() - began < _SECONDS


async def test_it_does_not_begin_when_something_is_overdue(taken: Nap) -> None:
    async with asyncio.timeout(_SECONDS):
        await taken.take(time.monotonic() - _LONG)


@pytest.mark.parametrize("until", [None, _LONG], ids=["nothing is due", "it is due later"])
async def test_it_has_a_longest_time(taken: Nap, until: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nap, "LONGEST_NAP_SECONDS", 0.01)
    async with asyncio.timeout(_SECONDS):
        await taken.take(until and time.monotonic() + until)


async def test_whoever_has_something_sooner_ends_it(taken: Nap) -> None:
    napping = asyncio.create_task(taken.take(time.monotonic() + 20))
    await asyncio.sleep(0)
    taken.end_by(time.monotonic() + 25)
    await asyncio.sleep(0)
    assert not napping.done()
    taken.end_by(time.monotonic() + 15)
    await asyncio.wait_for(napping, _SECONDS)


async def test_a_call_between_two_naps_is_not_lost_and_counts_once(taken: Nap) -> None:
    taken.end()
    await asyncio.wait_for(taken.take(None), _SECONDS)
    napping = asyncio.create_task(taken.take(None))
    await asyncio.sleep(0)
    assert not napping.done()
    taken.end()
    await asyncio.wait_for(napping, _SECONDS)
