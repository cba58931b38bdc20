"""
A disk whose syncs fail while it can be written, as of a full volume or one that dies; then the process ends somehow.

Each change of 24 pages is told once, to the inbox and to a webhook, and is once in the history; each message that was
acknowledged to a sender is once in the inbox. A page shows its next version only after this one was received, so a
page that was lost stands still, and is found. A power cut takes all that no sync made sure of, and what was written
before a failed sync is not made sure of by the next one.
The control believes what it keeps in memory after a failed commit, as an earlier version did.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession

from tests.cli.command import eventually
from tests.faults.altered import Protection, altered
from tests.faults.failing_disk import FailingDisk, Ill, a_failing_disk
from tests.faults.receiver import PAUSE_SECONDS
from tests.faults.tally import Tally, sized
from tests.faults.test_random_kills import Books, House, Service, differences, furnish
from tests.push.callback_server import CallbackServer, a_callback_server
from tests.running import meanwhile
from tests.site import serve_site
from watcher.core.settings import Settings
from watcher.core.values import SINGLE, show
from watcher.core.webhooks import WebhookEvent
from watcher.runtime.serving.service import push_service
from watcher.store.watch_reader import DiskWatchReader

pytestmark = pytest.mark.faults

_PAGES: Final = 24
_ROUNDS: Final = sized(1, 3)
_ILL_SECONDS: Final = sized(2.0, 8.0)
_LATEST_SECONDS: Final = 4.0
_SECONDS: Final = 60.0
_LEASE_SECONDS: Final = 20.0
_START: Final = """
import os
from tests.faults.altered import alter
from watcher.cli.app import main

alter(os.environ)
main()
"""


class End(StrEnum):
    """How a process ends whose disk fails."""

    STOPPED = "SIGTERM"
    KILLED = "kill -9"
    POWER = "kill -9 and a power cut"


class UnevenBooks(Books):
    """Pages that show their next versions after a while, each at a moment of its own: so commits are small and many."""

    def _show(self, page: str) -> None:
        seconds = random.uniform(0, _LATEST_SECONDS) if self.versions[page] > 1 else 0.0
        asyncio.get_running_loop().call_later(seconds, super()._show, page)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A house whose disk fails, and where its webhook goes."""

    house: House
    disk: FailingDisk
    hooks: CallbackServer
    taken_away: Protection | None

    @property
    def service(self) -> Service:
        return self.house.services[0]

    @property
    def reader(self) -> DiskWatchReader:
        return DiskWatchReader(self.service.directory / ".watcher" / "watches")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Let it run, once it said that it is ready; what is still there is killed."""
        environment = {**os.environ, **self.disk.environment, **altered(_LEASE_SECONDS, self.taken_away)}
        environment["PYTHONPATH"] = os.getcwd()
        with self.service.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", _START, *self.service.arguments),
                cwd=self.service.directory,
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(_SECONDS):
                assert await process.stdout.readline(), self.service.log.read_text()[-2000:]
            async with meanwhile(drained(process.stdout)):
                yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def take_baseline(self) -> None:
        """Let it look at each page once, and let these change from then on."""

        async def has_looked() -> bool:
            return len(self.reader.states()) == _PAGES

        async with self.running() as process:
            await eventually(has_looked)
            process.terminate()
            await process.wait()
        self.house.books.begin()

    async def hears(self, more: int) -> None:
        """Return when the device was told of so many more changes, or long enough."""
        wanted = len(self.house.books.seen) + more
        with suppress(TimeoutError):
            async with asyncio.timeout(_SECONDS):
                while len(self.house.books.seen) < wanted:  # noqa: ASYNC110 - another process works
                    await asyncio.sleep(PAUSE_SECONDS)

    async def send(self) -> None:
        """Let the senders send until the books are closed, and return when their last message was acknowledged."""
        books = self.house.books
        await asyncio.gather(*(sender.run(lambda: books.is_closed) for sender in self.house.senders))

    async def failures(self) -> Sequence[str]:
        """Return what is wrong with the inbox, the history and what the webhook was told."""
        found = self.house.failures(await self.house.receiver.all_items())
        for page, expected in self.house.books.expected.items():
            noted = [show(change.new[SINGLE]["value"]) for change in self.reader.changes(page) if change.old]
            found += [] if noted == expected else [f"history of {page}: {noted[-5:]}, not {expected[-5:]}"]
        return [*found, *(f"webhook: {line}" for line in differences(sorted(self.told.values()), self.wanted))]

    @property
    def told(self) -> Mapping[str, str]:
        """The value that the webhook was told, by the id of what told it."""
        bodies = {call.headers["webhook-id"]: call.said for call in self.hooks.calls}
        return {name: body["data"]["new"][SINGLE]["value"] for name, body in bodies.items()}

    @property
    def wanted(self) -> Sequence[str]:
        """Every value that is to be told."""
        return sorted(value for values in self.house.books.expected.values() for value in values)


async def drained(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass


@asynccontextmanager
async def a_place(tmp_path: Path, taken_away: Protection | None = None) -> AsyncIterator[Place]:
    """Furnish one, with a baseline of each page."""
    (tmp_path / "disk").mkdir()
    async with serve_site() as site, ClientSession() as session, a_callback_server() as hooks:
        furniture = await furnish(UnevenBooks(site, "a"), session, tmp_path / "home", pages=_PAGES, lists=0)
        await tell(tmp_path / "home", hooks.url)
        disk = a_failing_disk(tmp_path / "home" / ".watcher", tmp_path / "disk")
        arguments = ["run", *furniture.serving, "--private-callbacks"]
        house = furniture.house(Service(arguments=arguments, directory=tmp_path / "home"))
        place = Place(house=house, disk=disk, hooks=hooks, taken_away=taken_away)
        await place.take_baseline()
        async with meanwhile(house.receiver.run()):
            yield place


async def tell(home: Path, url: str) -> None:
    """Let a webhook be told of changes."""
    async with push_service(Settings(data=home / ".watcher"), []) as service:
        await service.webhooks.add(service.webhooks.own_app_id, url, [WebhookEvent.CHANGE])


async def struck(place: Place, times: int, end: End, ill: Ill, *, every: int = 1) -> Sequence[str]:
    """Strike so often, while there are senders, and let it live in peace then; return what is wrong."""
    sending = asyncio.create_task(place.send())
    try:
        for _ in range(times):
            await strike(place, end, ill, every=every)
        return await live_in_peace(place, sending)
    finally:
        sending.cancel()


async def strike(place: Place, end: End, ill: Ill, *, every: int = 1) -> None:
    """Let it work, then with a disk that fails, and then end it."""
    async with place.running() as process:
        await place.hears(_PAGES)
        place.disk.orders.fail(ill, every=every)
        await asyncio.sleep(_ILL_SECONDS)
        process.send_signal(signal.SIGTERM if end is End.STOPPED else signal.SIGKILL)
        async with asyncio.timeout(_SECONDS):
            await process.wait()
    place.disk.orders.heal()
    if end is End.POWER:
        place.disk.cut_power()


async def live_in_peace(place: Place, sending: asyncio.Task[None]) -> Sequence[str]:
    """Let it run with a disk that is well until all has arrived, or long enough; return what is wrong."""
    async with place.running():
        await place.hears(_PAGES)
        place.house.books.is_closed = True

        async def has_arrived() -> bool:
            return place.house.has_all_arrived and {*place.wanted} <= {*place.told.values()}

        with suppress(TimeoutError):
            await asyncio.wait([sending], timeout=_SECONDS)
            await eventually(has_arrived)
        return await place.failures()


@pytest.mark.parametrize("end", End)
async def test_changes_of_pages_outlive_a_disk_whose_syncs_fail_and_are_told_once(
    tmp_path: Path, tally: Tally, end: End
) -> None:
    tally.what = f"changes of pages amid syncs that fail for {_ILL_SECONDS:g} s, then {end}"
    async with a_place(tmp_path) as place:
        failures = await struck(place, _ROUNDS, end, Ill.SYNC)
        noted(tally, place, failures)
    assert not failures, "\n".join(failures[:20])
    assert place.disk.orders.refused > _ROUNDS


@pytest.mark.parametrize("ill", [Ill.WRITE, Ill.SHORT, Ill.FULL, Ill.READ_ONLY], ids=lambda ill: ill.name)
async def test_changes_of_pages_outlive_a_disk_that_refuses_writes(tmp_path: Path, tally: Tally, ill: Ill) -> None:
    tally.what = f"changes of pages amid one in three calls refused ({ill.name}), then a power cut"
    async with a_place(tmp_path) as place:
        failures = await struck(place, _ROUNDS, End.POWER, ill, every=3)
        noted(tally, place, failures)
    assert not failures, "\n".join(failures[:20])


@pytest.mark.control
async def test_without_the_renewal_changes_are_seen_to_be_lost(tmp_path: Path, tally: Tally) -> None:
    tally.what = "control: the same, where what is kept in memory is believed after a commit that failed"
    async with a_place(tmp_path, Protection.RENEWAL) as place:
        failures = await struck(place, 1, End.KILLED, Ill.SYNC)
    tally.tried, tally.failed = 1, int(not failures)
    tally.figures["found"] = f"{len(failures):,}"
    assert any("lost" in failure for failure in failures), failures


def noted(tally: Tally, place: Place, failures: Sequence[str]) -> None:
    tally.tried = sum(map(len, place.house.books.expected.values()))
    tally.failed = len(failures)
    sent = sum(len(each.acknowledged) for each in place.house.senders)
    tally.figures |= {
        "messages of senders": f"{sent:,}",
        "calls refused": f"{place.disk.orders.refused:,}",
        "webhook calls": f"{len(place.hooks.calls):,}",
    }
