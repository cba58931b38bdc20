"""Hostile pages through real checks: each ends in time, and neither the loop nor the next page feels it."""

from __future__ import annotations

import asyncio
import gc
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from msgspec.structs import replace

from tests.faults.tally import IS_FULL, Tally, sized
from watcher.core.check import WatchState
from watcher.core.values import SINGLE, ValueType
from watcher.core.watch import (
    Condition,
    Extraction,
    Items,
    Lane,
    Language,
    Operator,
    Query,
    Request,
    Rule,
    Selector,
    Values,
    Watch,
)
from watcher.extract.plan import plan
from watcher.fetch import HttpFetcher, Lanes
from watcher.net import Sessions
from watcher.watching.check import CheckTools, check
from watcher.watching.page_pool import PagePool

pytestmark = pytest.mark.faults

DEADLINE = timedelta(seconds=sized(1, 2))
QUICK = timedelta(seconds=sized(0.2, 1))
SLACK_SECONDS = 10
"""Transport, the start of a worker, and neighbours on the same processors."""
BOUND_SECONDS = (QUICK + DEADLINE).total_seconds() + SLACK_SECONDS
LEAST_PAGES = sized(3, 60)
MAX_LAG_SECONDS = sized(0.3, 0.1)
MAX_GROWTH_KB = 30_000
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def one(query: Query | None = None, **more: object) -> Values:
    return Values(selectors={"x": replace(Selector(query=query), **more)})


def rows(query: Query, key: Query, **fields: Query) -> Items:
    return Items(
        query=query,
        key=Selector(query=key),
        fields={name: Selector(query=field, optional=True) for name, field in fields.items()},
    )


_PATH, _DATA, _FEED = Language.XPATH, Language.JSONPATH, Language.FEED
WATCHES: dict[str, Extraction] = {
    "text": one(),
    "plain": one(Query.css("p ~ p ~ .a, div b[a], :has(> i)")),
    "rows": rows(Query.css(".row"), Query.css("td"), text=Query.css("td + td")),
    "soup": one(Query.css("p:has(~ p:nth-last-child(2n of .a)):-soup-contains('y'), :empty:root")),
    "xpath": one(Query(_PATH, "//p[contains(., 'y')]/ancestor::div[count(.//b) > 2]")),
    "small xpath": one(Query(_PATH, "//td[.='7']")),
    "jsonpath": one(Query(_DATA, "$..[?@.a > 1]")),
    "small jsonpath": one(Query(_DATA, "$[0].a")),
    "feed": rows(Query(_FEED, ""), Query(_FEED, "id"), title=Query(_FEED, "title")),
    "product": one(Query(Language.PRODUCT, "price"), type=ValueType.MONEY),
    "regex": one(regex="(x|xx)+[yz]"),
    "money": one(type=ValueType.MONEY),
    "date": one(type=ValueType.DATE),
    "stock": one(type=ValueType.STOCK),
    "rule": replace(rows(Query.css(".row"), Query.css("td"), text=Query.css("td + td"))),
}
QUICK_WATCHES = ("text", "soup", "regex", "rule")
QUICK_PAGES = frozenset({"deep divs", "formatting made anew", "deep JSON"})


def watch_of(url: str, name: str, extraction: Extraction) -> Watch:
    slow = Condition(operator=Operator.MATCHES, subject="text", operand=("(x|xx)+[yz]",))
    changes = Condition(operator=Operator.CHANGES)
    return Watch(
        id=name,
        name=name,
        request=Request(
            url=url,
            timeout=timedelta(seconds=30),
            allow_private=True,
            lane=Lane(concurrency=100, min_delay=timedelta(0)),
        ),
        topics=("deals",),
        extraction=extraction,
        rules=(Rule(conditions=(slow if name == "rule" else changes,)),),
    )


@contextmanager
def hostile_site(names: Iterable[str]) -> Iterator[str]:
    """Run it; yield its URL. See `hostile_pages`."""
    command = [sys.executable, "-m", "tests.faults.hostile_pages", *names]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as site:
        assert site.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(site.stdout.readline())}"
        finally:
            site.kill()


async def page_names(url: str) -> AsyncIterator[str]:
    """Have the site show one page after the other; yield their names."""
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{url}/next") as answer:
                name = await answer.text()
            if not name:
                return
            yield name


class Lag:
    """How long the loop was busy at most, in seconds of this thread's own processor time and of the clock."""

    def __init__(self) -> None:
        self.worst, self.where, self.at = 0.0, "", ""

    async def probe(self) -> None:
        while True:
            busy = time.thread_time()
            await asyncio.sleep(0.005)
            lag = time.thread_time() - busy
            if lag > self.worst:
                self.worst, self.where = lag, self.at


@contextmanager
def probed(tasks: asyncio.TaskGroup) -> Iterator[Lag]:
    lag = Lag()
    task = tasks.create_task(lag.probe())
    try:
        yield lag
    finally:
        task.cancel()


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Keep the collector off what is there before: to go through all that pytest has takes 100 ms by itself."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def memory_kb() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.alone
async def test_hostile_pages_end_in_time_and_nothing_else_feels_them(tally: Tally) -> None:
    tally.what = "checks of hostile pages"
    failures: list[str] = []
    slowest, pages, growth = 0.0, 0, 0
    async with (
        Sessions() as sessions,
        PagePool(deadline=DEADLINE, quick=QUICK) as pool,
        asyncio.TaskGroup() as tasks,
    ):
        lanes = Lanes(monotonic=time.monotonic, random=random.random)
        tools = CheckTools(fetcher=HttpFetcher(sessions, lanes, now=lambda: NOW), readers=pool, epoch=lambda: "epoch")
        with hostile_site(() if IS_FULL else QUICK_PAGES) as url:
            good = watch_of(f"{url}/good", "good", one(Query.css(".good:not(:empty)")))
            for name in WATCHES if IS_FULL else QUICK_WATCHES:  # each imports what it needs
                await _checked(tools, watch_of(good.request.url, name, WATCHES[name]))
            await _checked(tools, good)
            before = memory_kb()
            with probed(tasks) as lag, frozen_heap():
                async for page in page_names(url):
                    pages += 1
                    for name in [*WATCHES][pages % 5 :: 5] if IS_FULL else QUICK_WATCHES:  # three of them, in turn
                        lag.at = f"{page} × {name}"
                        tally.tried += 1
                        seconds, state = await _checked(tools, watch_of(f"{url}/page", name, WATCHES[name]))
                        slowest = max(slowest, seconds)
                        growth = max(growth, memory_kb() - before)
                        if seconds > BOUND_SECONDS:
                            failures.append(f"{lag.at}: {seconds:.1f} s")
                        if state.failure and state.failure.kind == "defect":
                            failures.append(f"{lag.at}: {state.failure.text}")
                    seconds, state = await _checked(tools, good)
                    if _found(state) != "12" or seconds > BOUND_SECONDS:
                        failures.append(f"the good page after {lag.at}: {state.failure}, {seconds:.1f} s")
    tally.failed = len(failures)
    tally.figures = {
        "pages": f"{pages}",
        "slowest check": f"{slowest:.1f} s",
        "worst lag": f"{lag.worst * 1000:.0f} ms ({lag.where})",
        "memory": f"+{growth / 1000:.0f} MB",
    }
    assert failures == []
    assert pages >= LEAST_PAGES
    assert lag.worst <= MAX_LAG_SECONDS, tally.figures
    assert growth <= MAX_GROWTH_KB, tally.figures


async def _checked(tools: CheckTools, watch: Watch) -> tuple[float, WatchState]:
    """Check a watch; return how long that took, and its state then."""
    start = time.monotonic()
    decision = await check(tools, watch, plan(watch.extraction, None), WatchState(), now=NOW)
    return time.monotonic() - start, decision.state


def _found(state: WatchState) -> object:
    return state.snapshot.observation.rows.get(SINGLE, {}).get("x") if state.snapshot else None
