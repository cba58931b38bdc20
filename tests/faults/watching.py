"""
Workers, servers and a `watcher run` on one PostgreSQL, or one on files, and a site that knows the truth.

Pages change by chance; the files of some machines (of one, on files) are edited meanwhile; two readers follow
everything, each at any server. What they were told is compared with what the site showed and was asked (`chains.py`).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, TCPConnector

from tests import postgresql
from tests.faults.altered import altered
from tests.faults.chains import SURELY, Books
from tests.faults.nursery import Nursery, open_nursery
from tests.faults.processes import Database, Process, Processes, Role, State, home_of, some_processes
from tests.faults.receiver import TROUBLE
from tests.faults.recording_site import RecordingSite, address, serve_recording_site
from tests.faults.servers import look_at_tables_often
from tests.faults.strikes import Faults, Heal, nothing
from tests.faults.traffic import Program
from tests.faults.trial import Plan
from tests.faults.watch_files import EVERY_SECONDS, File
from tests.running import meanwhile
from watcher.core.push import NewSubscriber
from watcher.core.settings import Settings
from watcher.runtime.serving.service import push_service
from watcher.store.cluster.declaring import FILES

_ORIGINS: Final = ("east", "west")
"""Of files that are applied by a command."""
_PAGES_OF_A_HOST: Final = 1.5
_STAY_SECONDS: Final = 12.0
"""How long a version is shown, on average."""
_READERS: Final = 2
_LOOK_SECONDS: Final = 0.1
_BASELINE_SECONDS: Final = 120.0
_APPLY_TRIES: Final = 5
_APPLIED_SECONDS: Final = 30.0
_DECLARED: Final = f"SELECT watch, host FROM watcher.declaration WHERE origin = '{FILES}' AND NOT is_gone"


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

    def __init__(self, around: _Around, processes: Processes, plan: Plan) -> None:
        self.is_alone = processes.database is None
        self._around = around
        self._processes = processes
        self._chance = random.Random(plan.seed)
        self.faults = Faults(
            processes=processes,
            chance=self._chance,
            besides=[self._apply] if self.is_alone else [self._apply, self._apply_at_once],
            leaves_one=not self.is_alone,
            only=plan.only,
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
        """Return after how many seconds each duty is done, and each page that is declared was looked at since."""
        took = await self._processes.until_done()
        return took + await self.until_looked_at(since=time.monotonic())

    async def until_looked_at(self, *, since: float) -> float:
        """Return how long after that moment each page that is declared now had been looked at, as a whole."""
        wanted = {(stay.page, stay.host) for stay in self.books.declared if stay.until == inf}
        while not wanted <= self._around.site.record.seen_since(since):  # noqa: ASYNC110 - other processes ask
            await asyncio.sleep(_LOOK_SECONDS)
        return time.monotonic() - since

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

    async def apply(self, file: File) -> None:
        """Let a file be taken: by a command, or by the process that reads it."""
        database, reader = self._processes.database, self._reader_of(file)
        if database is not None:
            is_taken = self._has_applied(file, database) if reader is None else _is_declared(file, database)
            if not await is_taken:
                log = _log_of(file) if reader is None else reader.log
                self._processes.troubles.append(f"{file.origin} was not applied: {log.read_text()[-800:]}")
        file.end_stays()

    async def _apply(self) -> Heal:
        await self._edit_and_apply(self._chance.choice(self._files_to_apply))
        return nothing

    async def _apply_at_once(self) -> Heal:
        files = self._files_to_apply
        await asyncio.gather(*map(self._edit_and_apply, self._chance.sample(files, k=min(2, len(files)))))
        return nothing

    async def _edit_and_apply(self, file: File) -> None:
        file.edit()
        await self.apply(file)

    @property
    def _files_to_apply(self) -> Sequence[File]:
        """Those that somebody can take now; a watcher that is alone takes its own when it is back."""
        readers = {file.origin: self._reader_of(file) for file in self._around.files}
        out = [] if self.is_alone else [one for one, reader in readers.items() if reader and reader.state is State.OUT]
        return [file for file in self._around.files if file.origin not in out]

    def _reader_of(self, file: File) -> Process | None:
        return next((each for each in self._processes.all if each.directory == file.path.parent), None)

    async def _has_applied(self, file: File, database: Database) -> bool:
        nursery = self._around.nursery
        for _ in range(_APPLY_TRIES):
            pid = await nursery.start(
                ["apply", "--origin", file.origin],
                cwd=file.path.parent,
                log=_log_of(file),
                WATCHER_DATABASE=database.url(),
                **altered(self._processes.lease_seconds),
            )
            if await nursery.end_of(pid) == 0:
                return True
            await asyncio.sleep(self._processes.lease_seconds / 2)
        return False


async def _is_declared(file: File, database: Database) -> bool:
    """Return whether the process that reads this file has applied it, in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_APPLIED_SECONDS):
            while {*await database.ask(_DECLARED)} != file.pages:  # noqa: ASYNC110 - the database says so
                await asyncio.sleep(_LOOK_SECONDS)
            return True
    return False


def _log_of(file: File) -> Path:
    return file.path.parent / "apply.log"


@asynccontextmanager
async def cluster_trial(plan: Plan, directory: Path) -> AsyncIterator[WatchTrial]:
    """Set up workers and servers on a PostgreSQL of their own."""
    async with AsyncExitStack() as stack:
        postgres = stack.enter_context(postgresql.running(is_durable=plan.is_durable))
        look_at_tables_often(postgres)
        database = Database(postgres=postgres, name=postgres.new_database())
        settings = Settings(data=directory / "made", database=database.url())
        homes = {origin: directory / origin for origin in _ORIGINS}
        if Role.RUN in plan.roles:
            homes[FILES] = directory / home_of(Role.RUN, plan.roles.index(Role.RUN))
        around = await stack.enter_async_context(_around(plan, homes, settings))
        yield await stack.enter_async_context(_trial(plan, around, directory, plan.roles, database))


@asynccontextmanager
async def files_trial(plan: Plan, directory: Path) -> AsyncIterator[WatchTrial]:
    """Set up one `watcher run` on a data directory."""
    home = directory / home_of(Role.RUN, 0)
    async with (
        _around(plan, {FILES: home}, Settings(data=home / ".watcher")) as around,
        _trial(plan, around, directory, [Role.RUN], None) as trial,
    ):
        yield trial


@asynccontextmanager
async def _around(plan: Plan, homes: Mapping[str, Path], settings: Settings) -> AsyncIterator[_Around]:
    chance = random.Random(plan.seed)
    hosts = [address(number) for number in range(plan.hosts)]
    async with (
        open_nursery() as nursery,
        ClientSession(connector=TCPConnector(limit=0)) as session,
        serve_recording_site(hosts, chance) as site,
    ):
        files = []
        for origin, home in homes.items():
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
        trial = WatchTrial(around, processes, plan)
        for file in around.files:
            await trial.apply(file)
        async with asyncio.timeout(_BASELINE_SECONDS):
            await trial.until_well()
            for _ in range(SURELY - 1):
                await trial.until_looked_at(since=time.monotonic())
        for reader in trial.readers:
            await stack.enter_async_context(meanwhile(reader.run()))
        yield trial
