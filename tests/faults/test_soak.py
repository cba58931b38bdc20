"""
Checks without end: memory, descriptors, tasks and the disk stay as they are, and every change arrives.

The runner, a site on loopback that errs one time in ten, the store on disk and the push service with an inbox are real.
Each sample is taken between checks: the next ones are held before they ask the site, and the outbox is empty. What
checks under way hold depends on how busy the machine is, and would be taken for a leak or hide one.

| what fills              | up to                                                       | full after    |
|-------------------------|-------------------------------------------------------------|---------------|
| SQLite's cache of pages | 2 MB for each connection to push.db or to the watch store   | 7,000 changes |
| caches of objects       | the watches, their queries and hosts, SQL statements        | 10,000 checks |
| aiohttp's pools         | as many connections as watches may ask at a time            | 10,000 checks |

`SOAK_CHECKS=1000000` makes it run for 20 minutes of CPU time, a millisecond a check.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import os
import random
import re
import sys
import time
from array import array
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import linear_regression

import pytest

from tests.faults.tally import IS_FULL, Tally, sized
from tests.fetch import site as raw
from tests.running import meanwhile
from watcher.core.check import Decision
from watcher.core.page import NotModified, Response, Validators
from watcher.core.protocols import Fetcher
from watcher.core.settings import Settings
from watcher.core.watch import (
    Condition,
    Lane,
    Operator,
    Query,
    Request,
    Rule,
    Selector,
    Topic,
    Values,
    Watch,
)
from watcher.fetch import HttpFetcher, Lanes
from watcher.net import Sessions
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.push.service import PushService
from watcher.runtime.serving.service import push_service
from watcher.runtime.settings import utc_now
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

pytestmark = pytest.mark.faults

CHECKS = int(os.environ.get("SOAK_CHECKS", sized(quick=1_000, full=150_000)))
WATCHES = 100
EVERY_SECONDS = 0.1
CHANGES_EVERY = 5
"""So many good answers, the page is another one."""
SAMPLES = sized(quick=5, full=30)
WARM_UP = 0.5
"""Part of the checks after which caches are full, see the table."""
MOST_MEGABYTES = sized(quick=400.0, full=1.0)
"""Of growth in 100,000 checks. In the quick part the caches still fill."""
MOST_BLOCKS = 2_000
"""More in 100,000 checks. An object kept of each error would be 10,000."""
MOST_SPREAD = 10
"""Of descriptors, and of tasks: a connection that ended and was not opened again yet."""
MOST_WAL_MEGABYTES = 16.0
MOST_BUSY_SECONDS = sized(quick=1.0, full=0.2)
_TICK_SECONDS = 0.02
_MB = 1_048_576
_RESIDENT = re.compile(r"RssAnon:\s+(\d+) kB")
"""Memory of our own; the pages of files that are mapped are the system's to take back."""


@dataclass
class Shop:
    """Each page shows another price every CHANGES_EVERY times it is asked for, and errs one time in ten."""

    asked: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    heads: list[str] = field(default_factory=list)

    async def handle(self, head: str, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        self.heads.clear()  # a site remembers what it was asked
        path = head.split()[1]
        if random.random() < 0.1:
            self.errors += 1
            writer.write(random.choice(_ERRORS))
            return
        self.asked[path] += 1
        version = self.asked[path] // CHANGES_EVERY
        tag = f'"{version}"'
        if f"If-None-Match: {tag}" in head and random.random() < 0.5:
            writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode())
            return
        body = f"<h1>A page</h1><p class=price>{version}</p>{_FILLER}".encode()
        writer.write(raw.page(body, headers={"ETag": tag}))


_FILLER = "<p>some text</p>" * 300
_ERRORS = (
    raw.page(b"gone", "404 Not Found"),
    raw.page(b"oops", "500 Internal Server Error"),
    raw.page(b"<p>no price here, and nothing that is any use to anybody who looks for one</p>" * 5),
    raw.page(b"<title>Just a moment...</title><div id=challenge-form>", "403 Forbidden"),
)


class Counting(Committer):
    """A committer that counts the checks that it saves."""

    checks = 0
    changes = 0

    async def save(self, decision: Decision) -> None:
        """Save it."""
        await super().save(decision)
        self.checks += 1
        self.changes += decision.change is not None


class Gate:
    """A fetcher that lets all checks through to the site, or none."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.held = 0
        self._fetcher = fetcher
        self._open = asyncio.Event()
        self._open.set()

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        """Wait while the gate is closed, then fetch."""
        self.held += 1
        await self._open.wait()
        self.held -= 1
        return await self._fetcher.fetch(request, validators)

    @contextmanager
    def closed(self) -> Iterator[None]:
        """Hold those that come, until the end of the block."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How things stand after so many checks; sizes in MB. `blocks`: of Python's allocator, each about an object."""

    checks: int
    changes: int
    memory: float
    blocks: int
    descriptors: int
    tasks: int
    disk: float
    wal: float


def sample(committer: Counting, directory: Path) -> Sample:
    """Look around, when what is free was given back: what is left is kept by somebody."""
    gc.collect()
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
    sizes = {file: file.stat().st_size / _MB for file in directory.rglob("*") if file.is_file()}
    return Sample(
        checks=committer.checks,
        changes=committer.changes,
        memory=int(_RESIDENT.findall(Path("/proc/self/status").read_text())[0]) / 1024,
        blocks=sys.getallocatedblocks(),
        descriptors=len(os.listdir("/proc/self/fd")),
        tasks=len(asyncio.all_tasks()),
        disk=sum(sizes.values()),
        wal=max((size for file, size in sizes.items() if file.name.endswith("-wal")), default=0.0),
    )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory and descriptors are read from /proc")
@pytest.mark.alone
async def test_a_soak_leaves_memory_descriptors_tasks_and_disk_as_they_are(tally: Tally, tmp_path: Path) -> None:
    tally.what = "checks of a soak, one in ten of an error, changes among them delivered to an inbox"
    with unlogged():
        async with soaking(tmp_path) as soak:
            samples = [found async for found in soak.samples(tmp_path)]
            received = await soak.received()
    warm = [each for each in samples if each.checks >= WARM_UP * CHECKS]
    slope = linear_regression([each.checks for each in warm], [each.memory for each in warm]).slope * 100_000
    blocks = linear_regression([each.checks for each in warm], [each.blocks for each in warm]).slope * 100_000
    first, last = warm[0], warm[-1]
    late, busy = _p99(soak.lags.late), _p99(soak.lags.busy)
    disk = (last.disk - first.disk) * 1024 / max(last.changes - first.changes, 1)
    tally.tried = last.checks
    tally.figures = {
        "errors": f"{soak.shop.errors:,}",
        "changes": f"{soak.committer.changes:,}",
        "received": f"{received:,}",
        "memory": f"{first.memory:.1f} to {last.memory:.1f} MB",
        "memory per 100,000": f"{slope:+.2f} MB",
        "blocks per 100,000": f"{blocks:+,.0f}",
        "descriptors": _range([each.descriptors for each in warm]),
        "tasks": _range([each.tasks for each in warm]),
        "disk per change": f"{disk:.1f} KB",
        "largest WAL": f"{max(each.wal for each in samples):.1f} MB",
        "loop lag p99": f"{late * 1000:.0f} ms",
        "of its own work": f"{busy * 1000:.0f} ms",
        "CPU per check": f"{soak.cpu_seconds / last.checks * 1000:.2f} ms",
        "checks per second": f"{last.checks / soak.seconds:,.0f}",
    }
    figures = str(tally.figures)
    tally.failed = abs(soak.committer.changes - received)
    assert received == soak.committer.changes, figures
    assert slope <= MOST_MEGABYTES, figures
    assert not IS_FULL or blocks <= MOST_BLOCKS, figures
    assert _spread([each.descriptors for each in warm]) <= MOST_SPREAD, figures
    assert _spread([each.tasks for each in warm]) <= MOST_SPREAD, figures
    assert max(each.wal for each in samples) <= MOST_WAL_MEGABYTES, figures
    assert busy <= MOST_BUSY_SECONDS, figures


def _p99(numbers: array[float]) -> float:
    return sorted(numbers)[int(0.99 * len(numbers))]


def _range(numbers: list[int]) -> str:
    return f"{min(numbers)} to {max(numbers)}"


def _spread(numbers: list[int]) -> int:
    return max(numbers) - min(numbers)


@contextmanager
def unlogged() -> Iterator[None]:
    """Log nothing: what pytest keeps of the log of so many errors would be the leak that is found."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _floats() -> array[float]:
    return array("d")  # a list of floats would be a slope of its own


@dataclass(kw_only=True)
class Lags:
    """
    How long the event loop kept others waiting, each time, in seconds.

    Attributes:
        late: by which a task that was due came late. Whatever else the machine does is in it.
        busy: CPU time that this process spent between two turns of that task. Nothing else is in it.
    """

    late: array[float] = field(default_factory=_floats)
    busy: array[float] = field(default_factory=_floats)

    async def feel(self) -> None:
        """Note them until cancelled."""
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(_TICK_SECONDS)
            self.late.append(time.perf_counter() - began - _TICK_SECONDS)
            self.busy.append(time.process_time() - worked)


@dataclass(kw_only=True)
class Soak:
    """
    The parts at work.

    Attributes:
        seconds, cpu_seconds: that all checks took, the samples included.
    """

    shop: Shop
    gate: Gate
    store: DiskWatchStore
    committer: Counting
    dispatcher: Dispatcher
    runner: Runner
    service: PushService
    device_token: str
    lags: Lags = field(default_factory=Lags)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self) -> None:
        """Check and publish until the runner is stopped; then deliver the rest."""
        async with meanwhile(self.dispatcher.run()):
            await self.runner.run()
        await self.dispatcher.drain()
        self.is_over.set()

    async def samples(self, directory: Path) -> AsyncIterator[Sample]:
        """Yield SAMPLES samples in as many checks as there are to be."""
        began, worked = time.monotonic(), time.process_time()
        for number in range(1, SAMPLES + 1):
            await self._have_checked(CHECKS * number / SAMPLES)
            with self.gate.closed():
                await _until(lambda: self.gate.held == WATCHES and not self.store.outbox.living)
                found = sample(self.committer, directory)
            yield found
        self.seconds, self.cpu_seconds = time.monotonic() - began, time.process_time() - worked

    async def _have_checked(self, times: float) -> None:
        await _until(lambda: self.committer.checks >= times)

    async def received(self) -> int:
        """Stop, and return how many items the inbox has when everything is delivered."""
        self.runner.stop()
        await self.is_over.wait()
        device = await self.service.devices.owner(self.device_token)
        assert device is not None
        newest = count = 0
        while items := await self.service.inbox.items(device, after=newest, limit=1000):
            newest = items[-1].id
            count += len(items)
        return count


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - a look now and then is enough
        await asyncio.sleep(0.01)


@asynccontextmanager
async def soaking(directory: Path) -> AsyncIterator[Soak]:
    """Let everything work; at the end no check is under way any more."""
    async with AsyncExitStack() as stack:
        shop = Shop()
        site = await stack.enter_async_context(raw.serving(shop.handle))
        shop.heads = site.heads
        store, _ = await open_watch_store(directory / "watches")
        stack.push_async_callback(store.close)
        topics = {key: Topic(key=key, name=key) for key in ("deals", "admin")}
        service = await stack.enter_async_context(push_service(Settings(data=directory), topics.values()))
        deals = next(topic for topic in await service.topics.all() if topic.key == "deals")
        device = await service.subscribers.add(topic_ids=[deals.id])

        async def opened() -> PushService:
            return service

        dispatcher = Dispatcher(store.outbox, EmbeddedPublisher(opened, topics), now=utc_now, chance=random.random)
        committer = Counting(store, store.outbox, on_messages=dispatcher.loop.wake, late_seconds=1)
        readers = await stack.enter_async_context(PagePool())
        sessions = await stack.enter_async_context(Sessions())
        # A host that errs is given pauses, which is not what is measured.
        lanes = Lanes(monotonic=time.monotonic, random=lambda: 0.0)
        gate = Gate(HttpFetcher(sessions, lanes, now=utc_now))
        tools = CheckTools(fetcher=gate, readers=readers, epoch=lambda: store.epoch)
        watches = {watch.id: watch for watch in (watch_of(site, number) for number in range(WATCHES))}
        runner = Runner(watches, {}, tools, committer, Clocks(now=utc_now, chance=random.random))
        soak = Soak(
            shop=shop,
            gate=gate,
            store=store,
            committer=committer,
            dispatcher=dispatcher,
            runner=runner,
            service=service,
            device_token=device.device_token,
        )
        async with meanwhile(soak.lags.feel()), meanwhile(committer.run()), meanwhile(soak.work()):
            yield soak


def watch_of(site: raw.Site, number: int) -> Watch:
    """A watch of a price; ten share a host."""
    return Watch(
        id=f"w{number}",
        name=f"Watch {number}",
        request=Request(
            url=site.url(f"/{number}", host=f"127.0.1.{number // 10 + 1}"),
            allow_private=True,
            lane=Lane(concurrency=10, min_delay=timedelta(0)),
        ),
        topics=("deals",),
        extraction=Values(selectors={"price": Selector(query=Query.css(".price"))}),
        rules=(Rule(conditions=(Condition(operator=Operator.CHANGES),)),),
        every=timedelta(seconds=EVERY_SECONDS),
    )
