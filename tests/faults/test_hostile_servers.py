"""
Checks of pages whose servers turn hostile: each fails in time, and takes nothing with it.

The servers are a process of their own (`hostile.py`), so that what is measured here is the checks alone.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from tests.faults.hostile import HOSTILE
from tests.faults.lag import Lag, measured_lag
from tests.faults.tally import IS_FULL, Tally, sized
from tests.fetch.conftest import NOW, fetcher_of
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.watch import Watch
from watcher.net import Sessions
from watcher.watching.check import CheckTools, check
from watcher.watching.page_pool import PagePool

pytestmark = pytest.mark.faults

_SECONDS: Final = sized(0.6, 2.0)
"""The timeout of each watch."""
_OVER_SECONDS: Final = sized(3.0, 1.0)
"""How much later a check may end on a machine that has other things to do."""
_AT_ONCE: Final = sized(24, 1)
"""Alone, where time is measured."""
_TRIES: Final = 4
"""Of one whose lag was that of the machine: others run on it, too."""
_WORST_LAG: Final = 0.1
_MORE_MEMORY: Final = 30_000_000
_MORE_AT_THE_PEAK: Final = 100_000_000
"""While pages of up to 10 MB, the default cap, are held and inflated."""
_SOME: Final = list(HOSTILE)[:: sized(4, 1)]
_HONEST: Final = "honest for ever"
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def hostile_servers() -> Iterator[int]:
    """Run them; yield their port, at which each has an address of its own."""
    command = [sys.executable, "-m", "tests.faults.hostile"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as servers:
        assert servers.stdout is not None
        try:
            yield int(servers.stdout.readline())
        finally:
            servers.kill()


@asynccontextmanager
async def some_tools() -> AsyncIterator[CheckTools]:
    async with Sessions() as sessions, PagePool() as pool:
        yield CheckTools(fetcher=fetcher_of(sessions), readers=pool, epoch=lambda: "epoch")


def a_watch(number: int, name: str, port: int) -> Watch:
    """A watch with a host of its own, so that none waits for another's lane."""
    watch = watch_of(Shop(), f"w{number}")
    url = f"http://127.0.1.{number + 1}:{port}/{quote(name)}"
    return replace(watch, request=replace(watch.request, url=url, timeout=timedelta(seconds=_SECONDS)))


class Trial:
    """Checks, and what is wrong with how they went."""

    def __init__(self, tools: CheckTools, lag: Lag) -> None:
        self._tools = tools
        self._lag = lag
        self.wrong: list[str] = []
        self.lags: dict[str, tuple[float, float]] = {}

    async def decide(self, watch: Watch, state: WatchState) -> Decision:
        return await check(self._tools, watch, "plan", state, now=NOW)

    async def hold(self, name: str, watch: Watch, before: WatchState) -> None:
        """Check a page that was honest once, until the lag is its own."""
        for _ in range(_TRIES if IS_FULL else 1):
            self._lag.forget()
            began = time.monotonic()
            try:
                async with asyncio.timeout(_SECONDS + 2 * _OVER_SECONDS):
                    decision = await self.decide(watch, before)
            except TimeoutError:
                self.wrong.append(f"{name}: hangs")
                return
            seconds = time.monotonic() - began
            await asyncio.sleep(0)
            best = self.lags.get(name, (float("inf"), float("inf")))
            self.lags[name] = min(best[0], self._lag.wall), min(best[1], self._lag.busy)
            self._judge(name, before, decision, seconds)
            if self.lags[name][0] <= _WORST_LAG:
                break

    def _judge(self, name: str, before: WatchState, decision: Decision, seconds: float) -> None:
        failure = decision.state.failure
        if decision.verdict is not Verdict.FAILED or failure is None or failure.kind == "defect":
            self.wrong.append(f"{name}: {decision.verdict} ({failure})")
        elif decision.state.snapshot != before.snapshot or any(one.topic == "deals" for one in decision.messages):
            self.wrong.append(f"{name}: the snapshot changed, or subscribers are told")
        elif seconds > _SECONDS + _OVER_SECONDS:
            self.wrong.append(f"{name}: took {seconds:.1f} s")
        elif len(failure.text) > 300 or not failure.text.isprintable():
            self.wrong.append(f"{name}: said {failure.text[:400]!r}")


def _memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def _peak_since_forgotten() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.alone
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is read where Linux says it")
async def test_a_hostile_server_costs_one_failed_check_and_nothing_else(tally: Tally) -> None:
    tally.what = "hostile servers"
    accidents: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: accidents.append(context))
    with hostile_servers() as port:
        async with some_tools() as tools, measured_lag() as lag:
            trial = Trial(tools, lag)
            watches = {name: a_watch(number, name, port) for number, name in enumerate([*_SOME, _HONEST])}
            states = {name: (await trial.decide(watch, WatchState())).state for name, watch in watches.items()}
            assert all(state.snapshot is not None for state in states.values())
            with suppress(OSError):
                Path("/proc/self/clear_refs").write_text("5")
            memory = _memory()
            names = iter(_SOME)

            async def work() -> None:
                for name in names:
                    await trial.hold(name, watches[name], states[name])

            await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
            tally.tried, tally.failed = len(_SOME), len(trial.wrong)
            peak, after = _peak_since_forgotten() - memory, _memory() - memory
            worst = max(trial.lags, key=lambda name: trial.lags[name][0])
            wall, busy = trial.lags[worst][0], max(one for _, one in trial.lags.values())
            tally.figures["worst lag"] = f"{wall * 1_000:.0f} ms ({worst}), {busy * 1_000:.0f} ms of them our own"
            tally.figures["memory"] = f"+{after / 1e6:.0f} MB, +{peak / 1e6:.0f} MB at the peak"
            honest = await trial.decide(watches[_HONEST], states[_HONEST])
    assert trial.wrong == []
    assert accidents == []
    assert honest.verdict is Verdict.UNCHANGED
    assert tally.tried == len(_SOME) >= sized(20, 40)
    assert after <= _MORE_MEMORY
    assert peak <= _MORE_AT_THE_PEAK
    # With two dozen at once it is the sum of theirs.
    assert busy <= sized(1.0, _WORST_LAG)
