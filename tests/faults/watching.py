"""
One `watcher run` on files, and a site that knows the truth.

Pages change by chance, the file of watches is edited meanwhile, and two readers follow everything.
What they were told is compared with what the site showed and was asked (`chains.py`).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, TCPConnector

from tests.faults.chains import SURELY, Books
from tests.faults.nursery import Nursery, open_nursery
from tests.faults.processes import Database, Processes, Role, some_processes
from tests.faults.receiver import TROUBLE
from tests.faults.recording_site import RecordingSite, address, serve_recording_site
from tests.faults.strikes import Faults, Heal, nothing
from tests.faults.traffic import Program
from tests.faults.trial import Plan
from tests.faults.watch_files import EVERY_SECONDS, File
from tests.running import meanwhile
from watcher.core.push import NewSubscriber
from watcher.core.settings import Settings
from watcher.runtime.service import push_service

_ORIGINS: Final = ("east", "west")
_PAGES_OF_A_HOST: Final = 1.5
_STAY_SECONDS: Final = 12.0
"""How long a version is shown, on average."""
_READERS: Final = 2
_LOOK_SECONDS: Final = 0.1
_BASELINE_SECONDS: Final = 120.0


@dataclass(frozen=True, kw_only=True)
class _Around:
    """
    What is there before the processes are.

    Attributes:
        readers: who follow everything.
    """

    nursery: Nursery
    session: ClientSession
    site: RecordingSite
    files: Sequence[File]
    readers: Sequence[NewSubscriber]


class WatchTrial:
    """Strikes what watches a site (`trial.Trial`)."""

    def __init__(self, around: _Around, processes: Processes, seed: int) -> None:
        self.is_alone = processes.database is None
        self._around = around
        self._processes = processes
        self._chance = random.Random(seed)
        self.faults = Faults(
            processes=processes, chance=self._chance, besides=[self._apply], leaves_one=not self.is_alone
        )
        self.readers = [Program(around.session, processes.urls, reader) for reader in around.readers]

    @property
    def most_seconds(self) -> float:
        return EVERY_SECONDS + self._processes.most_seconds

    @property
    def books(self) -> Books:
        """All that is known outside of the processes, as of now."""
        return Books(
            record=self._around.site.record,
            declared=[stay for file in self._around.files for stay in file.declared],
            unrest=self.faults.unrest,
            patience_seconds=self.most_seconds,
        )

    @property
    def figures(self) -> Mapping[str, int]:
        record = self._around.site.record
        return {
            "requests": len(record.visits),
            "versions": sum(len(shown) for shown in record.shown_at.values()),
            "messages": len(self.readers[0].items),
        }

    def load(self) -> AbstractAsyncContextManager[None]:
        return meanwhile(self._around.site.keep_changing(_STAY_SECONDS))

    async def until_well(self) -> float:
        """Return after how many seconds each page was answered that is declared now, and each duty is done."""
        began_at = time.monotonic()
        await self._processes.until_done()
        wanted = {(stay.page, stay.host) for stay in self.books.declared if stay.until == float("inf")}
        while not wanted <= self._around.site.record.seen_since(began_at):  # noqa: ASYNC110 - other processes ask
            await asyncio.sleep(_LOOK_SECONDS)
        return time.monotonic() - began_at

    async def has_arrived(self) -> bool:
        books = self.books
        return not any(books.untold(reader.items) for reader in self.readers)

    async def complaints(self) -> Sequence[str]:
        try:
            inboxes = {f"inbox {number}": await reader.all_items() for number, reader in enumerate(self.readers)}
        except TROUBLE as error:
            return [f"an inbox cannot be read: {error!r}"]
        others = [
            f"reader {number} was given {len(reader.items)} items in another order than its inbox has {len(inbox)}"
            for number, (reader, inbox) in enumerate(zip(self.readers, inboxes.values(), strict=True))
            if reader.ids != [item["id"] for item in inbox]
        ]
        return [*others, *self.books.complaints(inboxes)]

    async def _apply(self) -> Heal:
        file = self._chance.choice(self._around.files)
        file.edit()
        file.end_stays()
        return nothing


@asynccontextmanager
async def files_trial(plan: Plan, directory: Path) -> AsyncIterator[WatchTrial]:
    """Set up one `watcher run` on a data directory."""
    home = directory / f"{Role.RUN}-0"
    async with (
        _around(plan, [home], Settings(data=home / ".watcher")) as around,
        _trial(plan, around, directory, [Role.RUN], None) as trial,
    ):
        yield trial


@asynccontextmanager
async def _around(plan: Plan, homes: Sequence[Path], settings: Settings) -> AsyncIterator[_Around]:
    chance = random.Random(plan.seed)
    hosts = [address(number) for number in range(plan.hosts)]
    async with (
        open_nursery() as nursery,
        ClientSession(connector=TCPConnector(limit=0)) as session,
        serve_recording_site(hosts, chance) as site,
    ):
        files = []
        for origin, home in zip(_ORIGINS, homes, strict=False):
            home.mkdir()
            file = File(origin=origin, path=home / "watches.yaml", site=site, hosts=hosts, chance=chance)
            file.begin(round(plan.hosts * _PAGES_OF_A_HOST / len(homes)))
            files.append(file)
        async with push_service(settings, [topic for file in files for topic in file.topics]) as service:
            ids = [topic.id for topic in await service.topics.all()]
            readers = [await service.subscribers.add(topic_ids=ids) for _ in range(_READERS)]
        yield _Around(nursery=nursery, session=session, site=site, files=files, readers=readers)


@asynccontextmanager
async def _trial(
    plan: Plan, around: _Around, directory: Path, roles: Sequence[Role], database: Database | None
) -> AsyncIterator[WatchTrial]:
    """Let them run, each page with a baseline, and the readers read."""
    processes = Processes(
        nursery=around.nursery, database=database, lease_seconds=plan.lease_seconds, taken_away=plan.taken_away
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(some_processes(processes, directory, roles))
        trial = WatchTrial(around, processes, plan.seed)
        async with asyncio.timeout(_BASELINE_SECONDS):
            for _ in range(SURELY):
                await trial.until_well()
        for reader in trial.readers:
            await stack.enter_async_context(meanwhile(reader.run()))
        yield trial
