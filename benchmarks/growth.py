"""What 1,000, 10,000 and 100,000 watches cost: to start with, while they wait, and while they are checked."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.costs import Cost, Running
from benchmarks.many import check_first, spread, write_watches
from benchmarks.pages import Phase
from benchmarks.readiness import started
from benchmarks.report import Bench, Chart, Section, Table, UnverifiedError, verdict
from benchmarks.serving import SiteProcess, serving
from benchmarks.tools.ours import watcher_command
from watcher.config import load
from watcher.store.backups import DAILY, keep_backup

_LIMIT_SECONDS: Final = 240
_START_SECONDS: Final = 3.0
_START_WATCHES: Final = 10_000
_MEMORY_MB: Final = 400
_IDLE_SHARE: Final = 0.02
_LAG_SECONDS: Final = 1.0
_WARM_UP_SECONDS: Final = 5
_PERCENT: Final = 0.99
_FULL_SHARE: Final = 0.95
"""Of the checks that are due each second; jitter makes the intervals 5 % longer."""
_Buckets: TypeAlias = Mapping[tuple[str, float], float]
"""Histogram and upper bound → how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """
    How much is measured.

    Attributes:
        hosts: that are checked.
        pause_seconds: for all that stands between a start and the first due time, besides two starts.
        seconds: how long those that wait are watched, and checks are counted.
    """

    watches: Sequence[int]
    every_seconds: int
    hosts: int
    pause_seconds: float
    seconds: float


_SIZE: Final = _Size(watches=(1_000, 10_000, 100_000), every_seconds=200, hosts=500, pause_seconds=20, seconds=45)
_QUICK: Final = _Size(watches=(20, 50), every_seconds=10, hosts=10, pause_seconds=2, seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Idle:
    """How a watcher does that waits. `share`: of a core; `memory_bytes`: resident, and at the peak."""

    start: Cost
    share: float
    memory_bytes: int
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checking:
    """How a watcher does that checks. Lags: how late 99 % of checks began, or the event loop came back, at most."""

    checks: int
    seconds: float
    cpu_seconds: float
    memory_bytes: int
    lag_seconds: float
    check_seconds: float
    loop_lag_seconds: float


async def measure(bench: Bench) -> Section:
    """Return what many watches cost. Raises UnverifiedError."""
    size = _QUICK if bench.is_quick else _SIZE
    async with serving(hosts=size.hosts) as site:
        await site.show(Phase.NOT_MODIFIED)
        places = {watches: bench.room("growth", watches) for watches in size.watches}
        for watches, place in places.items():
            bench.tell(f"  {watches:,} watches: their first check …")
            await _prepare(place, site, watches)
        idle = await _idle(bench, places, size)
        most = size.watches[-1]
        checking = await _checking(bench, places[most], site, size, idle[most].start)
    return _section(size, idle, checking)


async def _prepare(place: Path, site: SiteProcess, watches: int) -> None:
    """Make a place in which each watch was checked well once, and is not due for hours."""
    file = write_watches(place, site.places, watches, every="12h")
    data = place / ".watcher"
    await check_first(data, (), due_after=timedelta(hours=5))
    keep_backup(data, DAILY, now=datetime.now(UTC), holder="a benchmark")  # or one is made while we measure
    await check_first(data, load(file, {}).watches.values(), due_after=timedelta(hours=5))


async def _idle(bench: Bench, places: Mapping[int, Path], size: _Size) -> Mapping[int, _Idle]:
    """Start watchers of all sizes, one after the other, and see what they do while nothing is due."""
    async with AsyncExitStack() as stack:
        begun: dict[int, tuple[Running, Cost]] = {}
        for watches, place in places.items():
            begun[watches] = await stack.enter_async_context(_watching(place))
            bench.tell(f"  {watches:,} watches: ready after {begun[watches][1].seconds:.2f} s")
        await asyncio.sleep(2)  # what a start leaves behind
        before, began = {one: process.cpu_seconds() for one, (process, _) in begun.items()}, time.monotonic()
        await asyncio.sleep(size.seconds)
        seconds = time.monotonic() - began
        return {
            one: _Idle(
                start=cost,
                share=(process.cpu_seconds() - before[one]) / seconds,
                memory_bytes=process.resident_bytes(),
                peak_bytes=process.memory_bytes(),
            )
            for one, (process, cost) in begun.items()
        }


def _watching(place: Path) -> AbstractAsyncContextManager[tuple[Running, Cost]]:
    return started(watcher_command(place, "run", "--port", "0"), limit_seconds=_LIMIT_SECONDS)


async def _checking(bench: Bench, place: Path, site: SiteProcess, size: _Size, start: Cost) -> _Checking:
    """Let all watches be due, evenly spread over their interval, and count while they are checked."""
    write_watches(place, site.places, size.watches[-1], every=f"{size.every_seconds}s")
    begin = datetime.now(UTC) + timedelta(seconds=2 * start.seconds + size.pause_seconds)
    await spread(place / ".watcher", begin=begin, within=timedelta(seconds=size.every_seconds))
    async with _watching(place) as (process, _), aiohttp.ClientSession() as client:
        url = _metrics_url(process)
        left = (begin - datetime.now(UTC)).total_seconds()
        if left < 0:
            raise UnverifiedError("the start took so long that watches were overdue at its end")
        await process.during(asyncio.sleep(left + _WARM_UP_SECONDS))
        before, cpu, began = await _figures(client, url), process.cpu_seconds(), time.monotonic()
        await site.show(Phase.NOT_MODIFIED)
        await process.during(asyncio.sleep(size.seconds))
        after, counted = await _figures(client, url), await site.counted()
        seconds, cpu_seconds = time.monotonic() - began, process.cpu_seconds() - cpu
        memory_bytes = process.resident_bytes()
    if counted.not_modified != counted.requests:
        raise UnverifiedError(f"{counted.not_modified:,} of {counted.requests:,} answers were 304")
    checked = _Checking(
        checks=counted.requests,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        memory_bytes=memory_bytes,
        lag_seconds=_most(before, after, "watcher_schedule_lag_seconds"),
        check_seconds=_most(before, after, "watcher_check_duration_seconds"),
        loop_lag_seconds=_most(before, after, "watcher_event_loop_lag_seconds"),
    )
    bench.tell(f"  {checked.checks / seconds:.0f} checks a second, {cpu_seconds / checked.checks * 1000:.3f} ms each")
    return checked


def _metrics_url(process: Running) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", process.command.output.read_text(encoding="utf-8"))
    if found is None:
        raise UnverifiedError(f"watcher run did not say where it listens; it said: {process.command.last_words()}")
    return f"{found[0]}/metrics"


async def _figures(client: aiohttp.ClientSession, url: str) -> _Buckets:
    """Return of each histogram how many were at most so long."""
    async with client.get(url) as response:
        response.raise_for_status()
        families = text_string_to_metric_families(await response.text())
    return {
        (sample.name.removesuffix("_bucket"), float(sample.labels["le"])): sample.value
        for family in families
        for sample in family.samples
        if sample.name.endswith("_bucket") and set(sample.labels) == {"le"}
    }


def _most(before: _Buckets, after: _Buckets, name: str) -> float:
    """Return what 99 % of those between were at most, as a bound of a bucket."""
    between = {bound: count - before.get((name, bound), 0) for (of, bound), count in after.items() if of == name}
    wanted = _PERCENT * between[float("inf")]
    return min(bound for bound, count in between.items() if count >= wanted)


def _section(size: _Size, idle: Mapping[int, _Idle], checking: _Checking) -> Section:
    rate, cost_ms = checking.checks / checking.seconds, checking.cpu_seconds / checking.checks * 1000
    per_second = size.watches[-1] / size.every_seconds
    checks = [
        _row("checks a second", f"{rate:.0f}", f"{per_second:.0f}", is_reached=rate >= per_second * _FULL_SHARE),
        _row(
            "due-time error, 99 % at most, s",
            f"{checking.lag_seconds:g}",
            f"≤ {_LAG_SECONDS:g}",
            is_reached=checking.lag_seconds <= _LAG_SECONDS,
        ),
        _row(
            "memory, MB",
            f"{checking.memory_bytes / 1e6:.0f}",
            f"≤ {_MEMORY_MB}",
            is_reached=checking.memory_bytes <= _MEMORY_MB * 1e6,
        ),
        ["CPU ms a check", f"{cost_ms:.3f}", "", ""],
        ["share of a core", f"{checking.cpu_seconds / checking.seconds:.0%}", "", ""],
        ["from due to judged, 99 % at most, s", f"{checking.check_seconds:g}", "", ""],
        ["the event loop is late by, 99 % at most, s", f"{checking.loop_lag_seconds:g}", "", ""],
    ]
    title = f"{size.watches[-1]:,} watches on {size.hosts} hosts, each checked every {size.every_seconds} s, all 304"
    return Section(
        title="Many watches",
        tables=[
            Table(
                title="Waiting: every watch was checked well before, and none is due",
                header=["watches", "ready after, s", "CPU s", "memory, MB", "peak, MB", "idle, % of a core", "reached"],
                rows=[_idle_row(watches, of) for watches, of in idle.items()],
                note=f"Wanted: {_START_WATCHES:,} watches are ready in less than {_START_SECONDS:g} s; "
                f"at the most watches, at most {_MEMORY_MB} MB and {_IDLE_SHARE:.0%} of a core.\n"
                "The daily backup does not fall into it.",
            ),
            Table(title=title, header=["", "measured", "wanted", "reached"], rows=checks),
        ],
        charts=[
            Chart(
                name="growth",
                title="Memory of a watcher that waits",
                unit="MB",
                groups=[f"{watches:,} watches" for watches in idle],
                series={"watcher": [of.memory_bytes / 1e6 for of in idle.values()]},
                is_logarithmic=False,
            )
        ],
        figures={
            **{f"growth {watches} ready seconds": of.start.seconds for watches, of in idle.items()},
            **{f"growth {watches} ready cpu_seconds": of.start.cpu_seconds for watches, of in idle.items()},
            **{f"growth {watches} memory bytes": of.memory_bytes for watches, of in idle.items()},
            **{f"growth {watches} idle cpu_share": of.share for watches, of in idle.items()},
            "growth checking per_second": rate,
            "growth checking cpu_ms": cost_ms,
            "growth checking lag_p99_seconds": checking.lag_seconds,
            "growth checking memory bytes": checking.memory_bytes,
        },
    )


def _idle_row(watches: int, idle: _Idle) -> list[str]:
    is_reached = (
        idle.memory_bytes <= _MEMORY_MB * 1e6
        and idle.share <= _IDLE_SHARE
        and (watches > _START_WATCHES or idle.start.seconds < _START_SECONDS)
    )
    return [
        f"{watches:,}",
        f"{idle.start.seconds:.2f}",
        f"{idle.start.cpu_seconds:.2f}",
        f"{idle.memory_bytes / 1e6:.0f}",
        f"{idle.peak_bytes / 1e6:.0f}",
        f"{idle.share:.2%}",
        verdict(is_reached=is_reached),
    ]


def _row(what: str, measured: str, wanted: str, *, is_reached: bool) -> list[str]:
    return [what, measured, wanted, verdict(is_reached=is_reached)]
