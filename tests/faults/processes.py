"""Processes on one PostgreSQL, each behind a network of its own, or on files: what they are told, and how they are."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from tests import postgresql
from tests.faults.altered import Protection, altered
from tests.faults.link import Link, a_link
from tests.faults.nursery import Nursery
from tests.running import free_port

DUTIES: Final = frozenset({"callbacks", "changes", "deliverer", "fan-out", "housekeeping"})
"""Of servers, from their first start on; others are known once somebody had their lease."""
SPARE_SECONDS: Final = 5.0
_SERVING: Final = ("--call-limit", "1000000", "--max-connections-per-address", "10000", "--private-callbacks")
_FEW_SHARDS: Final = 8
_LOOK_SECONDS: Final = 0.2
_READY_SECONDS: Final = 60.0
_SHOWN_CHARS: Final = 800
_LEASES: Final = "SELECT name, owner, since, renewed, clock_timestamp() FROM watcher.lease"
_DEFECT: Final = "Traceback"
_NOW: Final = "SELECT clock_timestamp()"


class Role(StrEnum):
    """What a process is told to be."""

    SERVE = "serve"
    WORKER = "worker"
    SMALL_WORKER = "small-worker"
    """one that takes on a few shards alone"""
    RUN = "run"
    """all in one process; over a database, too"""

    @property
    def serves(self) -> bool:
        return self in {Role.SERVE, Role.RUN}

    @property
    def works(self) -> bool:
        return self is not Role.SERVE

    def is_replaced_by(self, others: Collection[Role]) -> bool:
        """Return whether processes like these do all that one like this did."""
        is_served = not self.serves or any(each.serves for each in others)
        return is_served and (not self.works or any(each in {Role.WORKER, Role.RUN} for each in others))


class State(StrEnum):
    """How a process is."""

    WELL = "well"
    OUT = "out"
    """dead, frozen or cut off: it does no duty"""


@dataclass(kw_only=True)
class Process:
    """
    One that is told to run.

    Attributes:
        link: to its database; None: it has files.
        pid: of what was started last.
        starts: so far.
    """

    role: Role
    directory: Path
    port: int
    link: Link | None
    state: State = State.OUT
    pid: int = 0
    starts: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def arguments(self) -> Sequence[str]:
        match self.role:
            case Role.WORKER:
                return [self.role]
            case Role.SMALL_WORKER:
                return [Role.WORKER, "--max-shards", str(_FEW_SHARDS)]
            case Role.SERVE | Role.RUN:
                return [self.role, "--port", str(self.port), *_SERVING]

    @property
    def log(self) -> Path:
        """What the last start said: one line when it is ready."""
        return self.directory / f"{self.starts}.log"

    @property
    def has_spoken(self) -> bool:
        return self.log.exists() and self.log.stat().st_size > 0


@dataclass(frozen=True, kw_only=True)
class Database:
    """One of a PostgreSQL."""

    postgres: postgresql.Server
    name: str

    def url(self, port: int | None = None) -> str:
        """Return where it is: at the PostgreSQL's own port, or by way of another one."""
        return f"postgresql://{postgresql.ROLE}@127.0.0.1:{port or self.postgres.port}/{self.name}"

    async def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what it answers, past the processes."""
        return await asyncio.to_thread(self.postgres.ask, statement, database=self.name)


@dataclass(kw_only=True)
class Processes:
    """
    All of one database, or of one data directory.

    Attributes:
        database: None: they have files.
        lease_seconds: so long after its last renewal a lease is its owner's.
        taken_away: what all of them lack.
        environment: of each of them, besides the database.
        troubles: what ended, and should not have.
    """

    nursery: Nursery
    database: Database | None = None
    lease_seconds: float
    taken_away: Protection | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    all: list[Process] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def urls(self) -> Sequence[str]:
        """Of those that serve."""
        return [each.url for each in self.all if each.role.serves]

    @property
    def most_seconds(self) -> float:
        """Within so long another process does what one did."""
        return 2 * self.lease_seconds + SPARE_SECONDS

    @property
    def well(self) -> Sequence[Process]:
        return [each for each in self.all if each.state is State.WELL]

    async def start(self, process: Process) -> None:
        """Start one, and return when it is ready."""
        process.starts += 1
        process.pid = await self.nursery.start(
            process.arguments, cwd=process.directory, log=process.log, **self.environment_of(process)
        )
        async with asyncio.timeout(_READY_SECONDS):
            while not process.has_spoken and not await self.nursery.has_ended(process.pid):  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_SECONDS)
        process.state = State.WELL
        if not process.has_spoken:
            self.troubles.append(f"{process.directory.name} did not start: {_end_of(process.log)}")

    def environment_of(self, process: Process) -> Mapping[str, str]:
        """Return what a process finds in its environment."""
        where = {}
        if self.database is not None and process.link is not None:
            where["WATCHER_DATABASE"] = self.database.url(process.link.port)
        return {**where, **self.environment, **altered(self.lease_seconds, self.taken_away)}

    async def kill(self, process: Process) -> None:
        """Kill one, whatever its state."""
        process.state = State.OUT
        status = await self.nursery.kill(process.pid)
        if status != -signal.SIGKILL:
            self.troubles.append(f"{process.directory.name} ended with {status}: {_end_of(process.log)}")

    async def stop(self, process: Process) -> None:
        """Ask one to end, and wait until it has."""
        process.state = State.OUT
        os.kill(process.pid, signal.SIGTERM)
        async with asyncio.timeout(_READY_SECONDS):
            status = await self.nursery.end_of(process.pid)
        if await self.nursery.kill(process.pid) != 0:
            self.troubles.append(f"{process.directory.name} stopped with {status}: {_end_of(process.log)}")

    async def owners(self) -> Mapping[str, Process | None]:
        """Return who has each duty's lease; None: nobody, or a process that is no more."""
        if self.database is None:
            return {}
        by_pid = {each.pid: each for each in self.all}
        return {name: by_pid.get(_pid_of(owner)) for name, owner, *_ in await self.database.ask(_LEASES)}

    async def until_done(self) -> float:
        """Return after how many seconds each duty is done by a process that is well, and said so since now."""
        began_at = time.monotonic()
        if self.database is not None:
            (since,) = (await self.database.ask(_NOW))[0]
            while not await self._are_done(self.database, since):  # noqa: ASYNC110 - the database says so
                await asyncio.sleep(_LOOK_SECONDS)
        return time.monotonic() - began_at

    async def _are_done(self, database: Database, since: Any) -> bool:
        well, done, wanted = {each.pid for each in self.well}, set(), set(DUTIES)
        for name, owner, taken_at, renewed_at, now in await database.ask(_LEASES):
            wanted.add(name)
            # Who takes a lease that was not given back waits for half of its time before it begins.
            has_begun = taken_at < since or (now - taken_at).total_seconds() > self.lease_seconds / 2
            if _pid_of(owner) in well and renewed_at > since and has_begun:
                done.add(name)
        return done == wanted

    def defects(self) -> Sequence[str]:
        """Return what the processes said with a traceback."""
        logs = [log for each in self.all for log in sorted(each.directory.glob("*.log"))]
        said = {log: log.read_text(encoding="utf-8", errors="replace") for log in logs}
        return [f"{log}: {text[text.index(_DEFECT) :][:2_000]}" for log, text in said.items() if _DEFECT in text]


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_SHOWN_CHARS:]


def _pid_of(owner: str | None) -> int:
    return 0 if owner is None else int(owner.split(":")[-2])


def home_of(role: Role, number: int) -> str:
    """Return the name of the directory of a process, the nth of all."""
    return f"{role}-{number}"


@asynccontextmanager
async def some_processes(processes: Processes, directory: Path, roles: Sequence[Role]) -> AsyncIterator[None]:
    """Let a process of each of these roles run while the context lasts, each in a directory of its own."""
    async with AsyncExitStack() as stack:
        for number, role in enumerate(roles):
            link = None
            if processes.database is not None:
                link = await stack.enter_async_context(a_link(processes.database.postgres.port))
            home = directory / home_of(role, number)
            home.mkdir(exist_ok=True)
            processes.all.append(Process(role=role, directory=home, port=free_port(), link=link))
        for process in processes.all:
            await processes.start(process)
        yield
        for process in processes.all:
            if process.link is not None:
                process.link.mend()
            await processes.kill(process)
