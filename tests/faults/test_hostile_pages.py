"""Hostile pages through real checks: each ends in time, and neither the loop nor the next page feels it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from aiohttp import web

from tests.faults.hostile_pages import Hostile, hostile_pages
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
from watcher.watching.check import Bench, check
from watcher.watching.workers import Workers

DEADLINE = timedelta(seconds=4)
SLACK_SECONDS = 10
"""Transport, the start of a worker, and neighbours on the same processors."""
MAX_LAG_SECONDS = sized(1.0, 0.1)
MAX_GROWTH_KB = 30_000
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def one(query: Query | None = None, **more: object) -> Values:
    return Values(selectors={"x": replace(Selector(query=query), **more)})  # type: ignore[arg-type]


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
    "feed": rows(Query(_FEED, ""), Query(_FEED, "key"), title=Query(_FEED, "title")),
    "product": one(Query(Language.PRODUCT, "price"), type=ValueType.MONEY),
    "regex": one(regex="(x|xx)+[yz]"),
    "money": one(type=ValueType.MONEY),
    "date": one(type=ValueType.DATE),
    "stock": one(type=ValueType.STOCK),
    "rule": replace(rows(Query.css(".row"), Query.css("td"), text=Query.css("td + td"))),
}
QUICK_WATCHES = ("text", "plain", "soup", "jsonpath", "regex", "rule")
QUICK_PAGES = frozenset({"deep divs", "formatting made anew", "attributes of html", "one line", "deep JSON"})


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


class Site:
    """Answers `/page` with what is shown, and `/good` with a good page."""

    def __init__(self) -> None:
        self.url = ""
        self.shown = Hostile(name="", body=b"")

    async def answer(self, request: web.Request) -> web.Response:
        if request.path == "/good":
            return web.Response(text="<p class=good>12</p>", content_type="text/html")
        return web.Response(body=self.shown.body, headers={"Content-Type": self.shown.type, **self.shown.headers})


@asynccontextmanager
async def open_site() -> AsyncIterator[Site]:
    site = Site()
    server = web.Server(site.answer)  # type: ignore[arg-type]
    runner = web.ServerRunner(server)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        site.url = f"http://{host}:{port}"
        yield site
    finally:
        await runner.cleanup()


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


def memory_kb() -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1])


@pytest.mark.alone
async def test_hostile_pages_end_in_time_and_nothing_else_feels_them(tally: Tally) -> None:
    tally.what = "checks of hostile pages"
    failures: list[str] = []
    slowest, pages, growth = 0.0, 0, 0
    async with open_site() as site, Sessions() as sessions, Workers(deadline=DEADLINE) as workers:
        lanes = Lanes(monotonic=time.monotonic, random=random.random)
        bench = Bench(fetcher=HttpFetcher(sessions, lanes, now=lambda: NOW), readers=workers, epoch="epoch")
        good = watch_of(f"{site.url}/good", "good", one(Query.css(".good:not(:empty)")))
        await _seconds_of(bench, good)
        async with asyncio.TaskGroup() as tasks:
            with probed(tasks) as lag:
                before = 0
                for site.shown in hostile_pages():
                    if not IS_FULL and site.shown.name not in QUICK_PAGES:
                        continue
                    pages += 1
                    for name in [*WATCHES][pages % 5 :: 5] if IS_FULL else QUICK_WATCHES:  # three of them, in turn
                        lag.at = f"{site.shown.name} × {name}"
                        tally.tried += 1
                        seconds, _ = await _seconds_of(bench, watch_of(f"{site.url}/page", name, WATCHES[name]))
                        slowest = max(slowest, seconds)
                        if seconds > DEADLINE.total_seconds() + SLACK_SECONDS:
                            failures.append(f"{lag.at}: {seconds:.1f} s")
                    if (await _seconds_of(bench, good))[1] != "12":
                        failures.append(f"the good page after {lag.at}")
                    before = before or memory_kb()
                    growth = max(growth, memory_kb() - before)
    tally.failed = len(failures)
    tally.figures = {
        "pages": f"{pages}",
        "slowest check": f"{slowest:.1f} s",
        "worst lag": f"{lag.worst * 1000:.0f} ms ({lag.where})",
        "memory": f"+{growth / 1000:.0f} MB",
    }
    assert failures == []
    assert lag.worst <= MAX_LAG_SECONDS, tally.figures
    assert growth <= MAX_GROWTH_KB, tally.figures


async def _seconds_of(bench: Bench, watch: Watch) -> tuple[float, object]:
    """Check a watch; return how long that took, and the value that was found."""
    start = time.monotonic()
    checked = await check(bench, watch, plan(watch.extraction, None), WatchState(), now=NOW)
    snapshot = checked.decision.state.snapshot
    found = snapshot.observation.rows.get(SINGLE, {}).get("x") if snapshot else None
    return time.monotonic() - start, found


def test_there_are_enough_hostile_pages() -> None:
    assert len({page.name for page in islice(hostile_pages(), 200)}) >= 60
