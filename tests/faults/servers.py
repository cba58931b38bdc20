"""Servers on one PostgreSQL, each behind a network of its own: what becomes of them, and which has which duty."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests import postgresql
from tests.faults.altered import Protection, altered
from tests.faults.link import Link, a_link
from tests.faults.nursery import Nursery
from tests.running import free_port

DUTIES: Final = frozenset({"callbacks", "deliverer", "fan-out", "housekeeping"})
SPARE_SECONDS: Final = 5.0
_OPTIONS: Final = ("--call-limit", "1000000", "--max-connections-per-address", "10000", "--private-callbacks")
_LOOK_SECONDS: Final = 0.1
_READY_SECONDS: Final = 60.0
_SHOWN_CHARS: Final = 800
_LEASES: Final = "SELECT name, owner, since, renewed, clock_timestamp() FROM watcher.lease"
_DEFECT: Final = "Traceback"
_NOW: Final = "SELECT clock_timestamp()"
_BREAK_OFF: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()
"""

Heal: TypeAlias = Callable[[], Awaitable[None]]
"""Ends a fault."""


class State(StrEnum):
    """How a server is."""

    WELL = "well"
    OUT = "out"
    """dead, frozen or cut off: it does no duty"""


@dataclass(kw_only=True)
class Server:
    """
    One that is told to run.

    Attributes:
        pid: of the process that was started last.
        starts: so far.
    """

    directory: Path
    port: int
    link: Link
    state: State = State.OUT
    pid: int = 0
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the last start said: one line when it is ready."""
        return self.directory / f"{self.starts}.log"

    @property
    def has_spoken(self) -> bool:
        return self.log.exists() and self.log.stat().st_size > 0


class Servers:
    """
    All of one database.

    Attributes:
        lease_seconds: so long after its last renewal a lease is its owner's.
        troubles: what ended, and should not have.
    """

    def __init__(
        self,
        postgres: postgresql.Server,
        database: str,
        nursery: Nursery,
        *,
        lease_seconds: float,
        taken_away: Protection | None = None,
        environment: Mapping[str, str],
    ) -> None:
        """
        Args:
            taken_away: what all of them lack.
            environment: of each of them, besides the database.
        """
        self.all: list[Server] = []
        self.postgres = postgres
        self.database = database
        self.lease_seconds = lease_seconds
        self.troubles: list[str] = []
        self._nursery = nursery
        self._environment = {**environment, **altered(lease_seconds, taken_away)}

    @property
    def urls(self) -> Sequence[str]:
        return [server.url for server in self.all]

    @property
    def most_seconds(self) -> float:
        """Within so long another server does what one did."""
        return 2 * self.lease_seconds + SPARE_SECONDS

    @property
    def well(self) -> Sequence[Server]:
        return [server for server in self.all if server.state is State.WELL]

    async def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database answers, past the servers."""
        return await asyncio.to_thread(self.postgres.ask, statement, database=self.database)

    async def start(self, server: Server) -> None:
        """Start one, and return when it is ready."""
        server.starts += 1
        url = f"postgresql://{postgresql.ROLE}@127.0.0.1:{server.link.port}/{self.database}"
        arguments = ["serve", "--port", str(server.port), *_OPTIONS]
        server.pid = await self._nursery.start(
            arguments, cwd=server.directory, log=server.log, WATCHER_DATABASE=url, **self._environment
        )
        async with asyncio.timeout(_READY_SECONDS):
            while not server.has_spoken and not await self._nursery.has_ended(server.pid):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS)
        server.state = State.WELL
        if not server.has_spoken:
            self.troubles.append(f"{server.directory.name} did not start: {server.log.read_text()[-_SHOWN_CHARS:]}")

    async def kill(self, server: Server) -> None:
        """Kill one, whatever its state."""
        server.state = State.OUT
        status = await self._nursery.kill(server.pid)
        if status != -signal.SIGKILL:
            self.troubles.append(
                f"{server.directory.name} ended with {status}: {server.log.read_text()[-_SHOWN_CHARS:]}"
            )

    async def stop(self, server: Server) -> None:
        """Ask one to end, and wait until it has."""
        server.state = State.OUT
        os.kill(server.pid, signal.SIGTERM)
        async with asyncio.timeout(_READY_SECONDS):
            status = await self._nursery.end_of(server.pid)
        if await self._nursery.kill(server.pid) != 0:
            self.troubles.append(
                f"{server.directory.name} stopped with {status}: {server.log.read_text()[-_SHOWN_CHARS:]}"
            )

    async def owners(self) -> Mapping[str, Server | None]:
        """Return who has each duty's lease; None: nobody, or a process that is no more."""
        by_pid = {server.pid: server for server in self.all}
        rows = await self.ask(_LEASES)
        return {name: by_pid.get(_pid_of(owner)) for name, owner, *_ in rows}

    async def until_done(self) -> float:
        """Return after how many seconds each duty is done by a server that is well, and said so since now."""
        began_at, (since,) = time.monotonic(), (await self.ask(_NOW))[0]
        while not await self._are_done(since):  # noqa: ASYNC110 - the database says so
            await asyncio.sleep(_LOOK_SECONDS)
        return time.monotonic() - began_at

    async def _are_done(self, since: Any) -> bool:
        well, done = {server.pid for server in self.well}, set()
        for name, owner, taken_at, renewed_at, now in await self.ask(_LEASES):
            # Who takes a lease that was not given back waits for half of its time before it begins.
            has_begun = taken_at < since or (now - taken_at).total_seconds() > self.lease_seconds / 2
            if _pid_of(owner) in well and renewed_at > since and has_begun:
                done.add(name)
        return done >= DUTIES

    def defects(self) -> Sequence[str]:
        """Return what the servers said with a traceback."""
        logs = [log for server in self.all for log in sorted(server.directory.glob("*.log"))]
        said = {log: log.read_text(encoding="utf-8", errors="replace") for log in logs}
        return [f"{log}: {text[text.index(_DEFECT) :][:2_000]}" for log, text in said.items() if _DEFECT in text]


def _pid_of(owner: str | None) -> int:
    return 0 if owner is None else int(owner.split(":")[-2])


@asynccontextmanager
async def some_servers(servers: Servers, directory: Path, number: int) -> AsyncIterator[None]:
    """Let so many servers run while the context lasts."""
    async with AsyncExitStack() as stack:
        for each in range(number):
            link = await stack.enter_async_context(a_link(servers.postgres.port))
            home = directory / f"server-{each}"
            home.mkdir()
            servers.all.append(Server(directory=home, port=free_port(), link=link))
        for server in servers.all:
            await servers.start(server)
        yield
        for server in servers.all:
            server.link.mend()
            await servers.kill(server)


@dataclass(kw_only=True)
class Faults:
    """
    What becomes of servers and their database, by chance.

    Attributes:
        struck: the names of the faults that were made.
    """

    servers: Servers
    chance: random.Random
    struck: list[str] = field(default_factory=list)

    async def strike(self) -> Heal:
        """Make one fault; return what ends it. One server at least stays well."""
        of_one = [self._kill, self._kill, self._freeze, self._doze, self._cut, self._stand_still, self._restart]
        of_all = [self._break_off, self._stop_database, self._crash_database, self._kill_database]
        most = len(of_one) if len(self.servers.well) > 1 else 0
        number = self.chance.randrange(most + len(of_all))
        if number < most:
            self._note(of_one[number])
            return await of_one[number](await self._one())
        self._note(of_all[number - most])
        return await of_all[number - most]()

    def _note(self, fault: Callable[..., Awaitable[Heal]]) -> None:
        self.struck.append(fault.__name__.strip("_").replace("_", " "))

    async def _one(self) -> Server:
        """Choose one that is well; more often than not, one that has a duty."""
        well, owners = self.servers.well, await self.servers.owners()
        busy = [server for server in well if server in owners.values()]
        return self.chance.choice(busy if busy and self.chance.random() < 0.6 else well)

    async def _kill(self, server: Server) -> Heal:
        await self.servers.kill(server)
        return partial(self.servers.start, server)

    async def _restart(self, server: Server) -> Heal:
        await self.servers.stop(server)
        return partial(self.servers.start, server)

    async def _freeze(self, server: Server) -> Heal:
        """Until another one has its duties, and longer than a lease lasts."""
        server.state = State.OUT
        os.kill(server.pid, signal.SIGSTOP)
        until = time.monotonic() + self.servers.lease_seconds * self.chance.uniform(1.1, 2.0)
        return partial(self._wake, server, until)

    async def _wake(self, server: Server, until: float) -> None:
        await asyncio.sleep(until - time.monotonic())
        os.kill(server.pid, signal.SIGCONT)
        server.state = State.WELL

    async def _doze(self, server: Server) -> Heal:
        """Shorter than a lease lasts."""
        os.kill(server.pid, signal.SIGSTOP)
        await asyncio.sleep(self.servers.lease_seconds * self.chance.random())
        os.kill(server.pid, signal.SIGCONT)
        return _nothing

    async def _cut(self, server: Server) -> Heal:
        server.state = State.OUT
        server.link.cut()
        return partial(self._mend, server)

    async def _stand_still(self, server: Server) -> Heal:
        server.state = State.OUT
        server.link.stand_still()
        return partial(self._mend, server)

    async def _mend(self, server: Server) -> None:
        server.link.mend()
        server.state = State.WELL

    async def _break_off(self) -> Heal:
        await self.servers.ask(_BREAK_OFF.format(self.servers.database))
        return _nothing

    async def _stop_database(self) -> Heal:
        await asyncio.to_thread(self.servers.postgres.stop)
        return await self._start_database()

    async def _crash_database(self) -> Heal:
        await asyncio.to_thread(self.servers.postgres.stop, mode="immediate")
        return await self._start_database()

    async def _kill_database(self) -> Heal:
        self.servers.postgres.kill()
        return await self._start_database()

    async def _start_database(self) -> Heal:
        await asyncio.sleep(self.chance.random() * self.servers.lease_seconds)
        await asyncio.to_thread(self.servers.postgres.start)
        return _nothing


async def _nothing() -> None:
    """It ended by itself."""
