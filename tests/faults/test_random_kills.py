"""
The whole service under load, killed at random moments: each change is received once, in order, and nothing else.

Three houses stand side by side, each with pages that change, senders, and a device that reads its inbox all along and
is never killed: `run` with the push service in it; `run --push` with a `serve` elsewhere; `serve`, and one
`check` after the other, on the same data. Each of the five processes is killed again and again.

The books are exact. A page with one value shows the next version only after this one was received, so each must come.
A list only ever grows, so each row must come. A sender goes on to the next message only when this one was acknowledged.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.faults.nursery import Nursery, open_nursery
from tests.faults.receiver import PAUSE_SECONDS, Receiver, Sender
from tests.faults.tally import Tally, sized
from tests.running import free_port, meanwhile
from tests.site import Site, serve_site
from watcher.core.check import OutboxEntry
from watcher.core.push import AppProfile
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.runtime.serving.service import push_service
from watcher.store.watch_reader import DiskWatchReader

pytestmark = pytest.mark.faults

KILLS = sized(quick=4, full=250)
PAGES = sized(quick=4, full=25)
LISTS = sized(quick=2, full=8)
LONGEST_LIFE_SECONDS = 1.5
"""After it is ready."""
LONGEST_START_SECONDS = 0.4
"""One in four is killed while it starts, or soon after."""
SECONDS = sized(quick=60, full=300)
"""For what is on its way to arrive once nothing is killed any more."""
MOST_UNTOLD_ROWS = 3
"""So many are named where the inbox lists a message."""
_NEWS = re.compile(r"\b(\w+?)v(\d+) → \1v(\d+)")
_ROW = re.compile(r"\+ (\w+r\d+)")
_VERSION = re.compile(r"\b(\w+?)v(\d+)\b")
_ANY_ROW = re.compile(r"\b\w+?r\d+\b")

WATCHES = """
topics:
  news: {topic}
defaults:
  topic: news
  allow_private: true
  every: 1s
  per_host: {{concurrency: 8, min_delay: 0s}}
watches:
"""


@dataclass
class Books:
    """What one house was shown, and what its device was told of it."""

    site: Site
    name: str
    versions: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    is_closed: bool = False

    def open(self, pages: int, lists: int) -> None:
        """Show the first version of everything."""
        self.versions = {f"{self.name}p{number}": 1 for number in range(pages)}
        self.rows = {f"{self.name}l{number}": [] for number in range(lists)}
        for page in self.versions:
            self._show(page)
        for page in self.rows:
            self.grow(page)

    def begin(self) -> None:
        """Let each page, of which there is a baseline, show its second version."""
        for page in self.versions:
            self.versions[page] = 2
            self._show(page)

    def yaml(self, topic: str) -> str:
        """Return the file of watches."""
        single = "".join(f"  {page}: {{url: {self.site.url}/{page}, extract: h1}}\n" for page in self.versions)
        listed = "".join(
            f"  {page}: {{url: {self.site.url}/{page}, items: {{css: li, key: b}}, notify_when: added}}\n"
            for page in self.rows
        )
        return WATCHES.format(topic=topic) + single + listed

    def hear(self, text: str) -> None:
        """Note what came, and let the pages go on."""
        for page, version in _VERSION.findall(text):
            if self.versions.get(page) == int(version) and not self.is_closed:
                self.versions[page] += 1
                self._show(page)
        self.seen.update(_ANY_ROW.findall(text), (f"{page}v{version}" for page, version in _VERSION.findall(text)))

    def grow(self, page: str) -> None:
        """Add a row to a list."""
        self.rows[page].append(f"{page}r{len(self.rows[page])}")
        self.site.show(f"/{page}", "<ul>" + "".join(f"<li><b>{row}</b></li>" for row in self.rows[page]) + "</ul>")

    async def keep_growing(self) -> None:
        """Add rows until cancelled, not too many ahead of what was told."""
        while True:
            await asyncio.sleep(random.uniform(0.05, 0.3))
            page = random.choice(list(self.rows))
            if len(self.rows[page]) - 1 - len(self.seen & set(self.rows[page])) < MOST_UNTOLD_ROWS:
                self.grow(page)

    @property
    def expected(self) -> dict[str, list[str]]:
        """What must be told, in order, of each page."""
        single = {page: [f"{page}v{n}" for n in range(2, last + 1)] for page, last in self.versions.items()}
        return single | {page: rows[1:] for page, rows in self.rows.items()}

    @property
    def is_all_seen(self) -> bool:
        return all(told in self.seen for each in self.expected.values() for told in each)

    def _show(self, page: str) -> None:
        self.site.show(f"/{page}", f"<h1>{page}v{self.versions[page]}</h1>")


@dataclass(frozen=True, kw_only=True)
class Service:
    """One process of a house: what `watcher` is told, and where it runs."""

    arguments: Sequence[str]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_pass(self) -> bool:
        """It ends by itself."""
        return self.arguments[0] == "check"

    @property
    def log(self) -> Path:
        return self.directory / f"{self.arguments[0]}.log"

    @property
    def has_spoken(self) -> bool:
        """It says one line when it is ready."""
        return self.log.exists() and self.log.stat().st_size > 0

    @property
    def outbox(self) -> list[OutboxEntry]:
        return DiskWatchReader(self.directory / ".watcher" / "watches").outbox()


@dataclass(frozen=True, kw_only=True)
class House:
    """Some processes, of which the last one checks, and what stands around them."""

    books: Books
    receiver: Receiver
    senders: Sequence[Sender]
    services: Sequence[Service]

    @property
    def has_all_arrived(self) -> bool:
        return self.books.is_all_seen and not any(service.outbox for service in self.services)

    def failures(self, items: Sequence[dict[str, Any]]) -> list[str]:
        """Return what is wrong with the whole inbox, one line each."""
        told, strange = _told(items)
        expected = self.books.expected
        for sender in self.senders:
            expected[sender.name] = sender.acknowledged
        found = [f"invented: {text!r}" for text in strange]
        for page in expected.keys() | told.keys():
            found += differences(told.get(page, []), expected.get(page, []))
        received = self.receiver.ids
        if received != [item["id"] for item in items]:
            found.append(
                f"the device was given {len(received)} items, {len(set(received))} different ones, "
                f"{'' if received == sorted(received) else 'not '}in order; its inbox has {len(items)}"
            )
        waiting = [entry for service in self.services for entry in service.outbox]
        return found + [f"still in the outbox: {entry.message.summary!r}, {entry.dead}" for entry in waiting]


def _told(items: Iterable[dict[str, Any]]) -> tuple[dict[str, list[str]], list[str]]:
    """Return what was told of each page and by each sender, in order; and messages that tell nothing of the sort."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    strange: list[str] = []
    for item in items:
        text = f"{item['summary']}\n{item['content']}"  # what the one says whole, the other does not repeat
        if news := _NEWS.search(text):
            page, old, new = news.groups()
            told[page].append(f"{page}v{new}")
            if int(new) != int(old) + 1:
                strange.append(text)
        elif rows := _ROW.findall(text):
            told[rows[0].rpartition("r")[0]] += rows
        elif sent := re.fullmatch(r"(\w+?)n\d+", item["content"]):
            told[sent[1]].append(sent[0])
        else:
            strange.append(text)
    return told, strange


def differences(told: Sequence[str], expected: Sequence[str]) -> list[str]:
    lost, more = Counter(expected) - Counter(told), Counter(told) - Counter(expected)
    found = [f"lost: {one}" for one in lost]
    found += [f"{'twice' if one in expected else 'invented'}: {one}" for one in more]
    if not found and list(told) != list(expected):
        found.append(f"out of order: {told}")
    return found


@dataclass
class Killer:
    """
    Kills processes until there were enough.

    Attributes:
        kills: so far, `starting` of them before the process said that it was ready.
        troubles: what ended by itself and should not have.
    """

    nursery: Nursery
    kills: int = 0
    starting: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return self.kills >= KILLS

    async def haunt(self, service: Service) -> None:
        """Start one service again and again, and kill it at random moments."""
        while not self.is_done:
            pid = await self._start(service)
            if random.random() < 0.25:
                await asyncio.sleep(random.uniform(0, LONGEST_START_SECONDS))
            else:
                await self._ready(pid, service)
                await asyncio.sleep(random.uniform(0, LONGEST_LIFE_SECONDS))
            is_starting = not (service.is_pass or service.has_spoken)
            status = await self.nursery.kill(pid)
            self._note(status, service)
            if status < 0:
                self.kills += 1
                self.starting += is_starting

    async def let_live(self, service: Service) -> None:
        """Keep one service running until cancelled."""
        while True:
            pid = await self._start(service)
            try:
                await self.nursery.end_of(pid)
            finally:
                self._note(await self.nursery.kill(pid), service)

    async def _start(self, service: Service) -> int:
        return await self.nursery.start(
            service.arguments, cwd=service.directory, log=service.log, **service.environment
        )

    async def _ready(self, pid: int, service: Service) -> None:
        while not (service.is_pass or service.has_spoken or await self.nursery.has_ended(pid)):  # noqa: ASYNC110
            await asyncio.sleep(PAUSE_SECONDS)

    def _note(self, status: int, service: Service) -> None:
        """A `check` may end by itself: with 1, too, when a message that it waits for is another try away."""
        if status > service.is_pass or (status == 0 and not service.is_pass):
            self.troubles.append(f"{service.arguments[0]} ended with {status}: {service.log.read_text()[-500:]}")


async def test_random_kills_of_the_whole_service_under_load_lose_invent_and_double_nothing(
    tally: Tally, tmp_path: Path
) -> None:
    tally.what = "random kills of the whole service under load, with a device that is never killed"
    async with serve_site() as site, ClientSession() as session, open_nursery() as nursery:
        houses = [
            await embedded_house(Books(site, "a"), session, tmp_path),
            await split_house(Books(site, "b"), session, tmp_path),
            await cron_house(Books(site, "c"), session, tmp_path),
        ]
        killer = Killer(nursery)
        for house in houses:
            await take_baseline(nursery, house)
            house.books.begin()
        async with AsyncExitStack() as stack:
            for house in houses:
                await stack.enter_async_context(meanwhile(house.receiver.run()))
            sending = await under_load(killer, houses)
            inboxes = await in_peace(killer, houses, sending)
    failures = [*killer.troubles]
    for house, inbox in zip(houses, inboxes, strict=True):
        failures += house.failures(inbox)
    tally.tried, tally.failed = killer.kills, len(failures)
    changes = sum(len(each) for house in houses for each in house.books.expected.values())
    sent = [sender for house in houses for sender in house.senders]
    tally.figures = {
        "while starting": f"{killer.starting:,}",
        "changes": f"{changes:,}",
        "messages of senders": f"{sum(len(each.acknowledged) for each in sent):,}",
        "in calls": f"{sum(each.tries for each in sent):,}",
        "items received": f"{sum(map(len, inboxes)):,}",
    }
    assert not failures, "\n".join(failures[:50])
    assert changes > KILLS / 10  # they did work between the kills


async def under_load(killer: Killer, houses: Sequence[House]) -> list[asyncio.Task[None]]:
    """Kill until it was often enough, while pages change and senders send; return the senders, whose last may wait."""
    sending = [asyncio.create_task(sender.run(lambda: killer.is_done)) for house in houses for sender in house.senders]
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as killers:
        for house in houses:
            await stack.enter_async_context(meanwhile(house.books.keep_growing()))
            for service in house.services:
                killers.create_task(killer.haunt(service))
    return sending


async def in_peace(
    killer: Killer, houses: Sequence[House], sending: Sequence[asyncio.Task[None]]
) -> list[list[dict[str, Any]]]:
    """Let all live until what was shown and sent has arrived, or long enough; return the inboxes."""
    for house in houses:
        house.books.is_closed = True
    async with AsyncExitStack() as stack:
        for house in houses:
            for service in house.services:
                await stack.enter_async_context(meanwhile(killer.let_live(service)))
        with suppress(TimeoutError):  # what is missing is found in the books
            async with asyncio.timeout(SECONDS):
                await asyncio.wait(sending)
                while not all(house.has_all_arrived for house in houses):  # noqa: ASYNC110 - other processes work
                    await asyncio.sleep(PAUSE_SECONDS)
        for task in sending:
            task.cancel()
        return [await house.receiver.all_items() for house in houses]


async def take_baseline(nursery: Nursery, house: House) -> None:
    """Check once: what is shown now is told to nobody."""
    service = house.services[-1]
    whither = service.arguments[-2:] if "--push" in service.arguments else []
    pid = await nursery.start(["check", *whither], cwd=service.directory, log=service.log, **service.environment)
    assert await nursery.end_of(pid) == 0, service.log.read_text()


# The houses


async def embedded_house(books: Books, session: ClientSession, tmp_path: Path) -> House:
    """`run` with the push service in it."""
    here = tmp_path / "embedded"
    furniture = await furnish(books, session, here)
    return furniture.house(Service(arguments=["run", *furniture.serving], directory=here))


async def split_house(books: Books, session: ClientSession, tmp_path: Path) -> House:
    """`run --push`, and a `serve` elsewhere."""
    here, there = tmp_path / "watching", tmp_path / "serving"
    here.mkdir()
    furniture = await furnish(books, session, there)
    (here / "watches.yaml").write_text(books.yaml(f"{{id: {furniture.topic_id}}}"), encoding="utf-8")
    return furniture.house(
        Service(arguments=["serve", *furniture.serving], directory=there),
        Service(
            arguments=["run", "--port", "0", "--push", furniture.url],
            directory=here,
            environment={"WATCHER_APP_TOKEN": furniture.app_token},
        ),
    )


async def cron_house(books: Books, session: ClientSession, tmp_path: Path) -> House:
    """`serve`, and one `check` after the other."""
    here = tmp_path / "cron"
    furniture = await furnish(books, session, here)
    return furniture.house(
        Service(arguments=["serve", *furniture.serving], directory=here),
        Service(arguments=["check"], directory=here),
    )


@dataclass(frozen=True, kw_only=True)
class Furniture:
    """
    What a house needs that is there before its processes.

    Attributes:
        topic_id: of the application whose token this is; the device follows it.
    """

    books: Books
    session: ClientSession
    port: int
    app_token: str
    topic_id: int
    device_token: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def serving(self) -> list[str]:
        """The options of the process that serves."""
        return ["--port", str(self.port), "--call-limit", "1000000"]

    def house(self, *services: Service) -> House:
        body = {"appToken": self.app_token, "topicIds": [self.topic_id]}
        senders = [Sender(self.session, [self.url], body, f"{self.books.name}s{number}") for number in range(2)]
        receiver = Receiver(self.session, [self.url], self.device_token, self.books.hear)
        return House(books=self.books, receiver=receiver, senders=senders, services=services)


async def furnish(
    books: Books, session: ClientSession, directory: Path, *, pages: int = PAGES, lists: int = LISTS
) -> Furniture:
    """Make a push service with an application and a device that follows all topics, and the file of watches."""
    directory.mkdir()
    books.open(pages, lists)
    (directory / "watches.yaml").write_text(books.yaml("{name: news}"), encoding="utf-8")
    async with push_service(Settings(data=directory / ".watcher"), [Topic(key="news", name="news")]) as service:
        app, app_token = await service.apps.add(AppProfile(name="sender"))
        topic = await service.topics.add("sent", app_id=app.id)
        device = await service.subscribers.add(topic_ids=[each.id for each in await service.topics.all()])
    return Furniture(
        books=books,
        session=session,
        port=free_port(),
        app_token=app_token,
        topic_id=topic.id,
        device_token=device.device_token,
    )
