"""The workers of a cluster and its PostgreSQL, as processes of this machine: what they cost, and what they have."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.costs import Command, Cost, Running, run
from benchmarks.readiness import started
from benchmarks.report import UnverifiedError
from benchmarks.tools.ours import watcher_command
from tests import postgresql
from tests.running import free_port
from watcher.core.shards import HOST_SHARDS

LIMIT_SECONDS: Final = 600
_LOOK_SECONDS: Final = 0.5
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_OWNERS: Final = "SELECT owner FROM watcher.lease WHERE owner IS NOT NULL AND name LIKE 'hosts:%'"
_WATCHES: Final = "watcher_watches"


@dataclass(frozen=True, slots=True)
class Memory:
    """
    What processes take of it, in bytes, together.

    Attributes:
        resident: what each has of it, so what several share counts for each.
        proportional: of what several share each has its part.
    """

    resident: int
    proportional: int

    def __str__(self) -> str:
        return f"{self.resident / 1e6:,.0f} MB ({self.proportional / 1e6:,.0f} MB where what is shared counts once)"


def memory_of(processes: Iterable[int]) -> Memory:
    """Return what these take together (proc_pid_smaps(5))."""
    rolled_up = [Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8") for pid in processes]
    return Memory(*(sum(_bytes(each, field) for each in rolled_up) for field in ("Rss", "Pss")))


def _bytes(rolled_up: str, field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB", rolled_up, re.MULTILINE)
    assert found is not None, rolled_up
    return int(found[1]) * 1024


def processes_of(postmaster: int) -> Sequence[int]:
    """Return the processes of a PostgreSQL."""
    stats = {int(pid.name): _stat(pid) for pid in Path("/proc").iterdir() if pid.name.isdecimal()}
    return [pid for pid, fields in stats.items() if pid == postmaster or fields[1:2] == [str(postmaster)]]


def spent_by(postmaster: int) -> float:
    """Return the seconds of a processor that a PostgreSQL has spent, in all of its processes."""
    spent = 0
    for pid in processes_of(postmaster):
        fields = _stat(Path("/proc", str(pid))) or ["0"] * 15
        own, ended = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
        spent += own + (ended if pid == postmaster else 0)
    return spent / _TICKS


def _stat(process: Path) -> list[str]:
    """Return the fields after the process' name; none when it has ended."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A worker that runs. `url`: of its figures."""

    running: Running
    url: str

    async def watches(self, client: aiohttp.ClientSession) -> int:
        """Return how many watches it checks."""
        async with client.get(self.url) as response:
            response.raise_for_status()
            families = text_string_to_metric_families(await response.text())
        return int(sum(sample.value for each in families for sample in each.samples if sample.name == _WATCHES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """
    A cluster, by its database.

    Attributes:
        directory: where commands run, with the file of watches and the data directory.
    """

    server: postgresql.Server
    url: str
    directory: Path

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database answers."""
        return self.server.ask(statement, database=self.url.rpartition("/")[2])

    async def do(self, *words: str) -> Cost:
        """Run a command of watcher there to its end, which has to be a good one; return what it cost."""
        return await done(self._command(self.directory, *words))

    @asynccontextmanager
    async def working(self, number: int) -> AsyncIterator[Sequence[Worker]]:
        """Run so many workers until the end of the block, begun one after the other."""
        async with AsyncExitStack() as stack:
            yield [await stack.enter_async_context(self._worker(one)) for one in range(number)]

    @asynccontextmanager
    async def _worker(self, number: int) -> AsyncIterator[Worker]:
        room, address = self.directory / f"worker-{number}", f"127.0.0.1:{free_port()}"
        room.mkdir(exist_ok=True)
        command = self._command(room, "worker", "--health", address)
        async with started(command, limit_seconds=LIMIT_SECONDS) as (running, _):
            yield Worker(running=running, url=f"http://{address}/metrics")

    def _command(self, directory: Path, *words: str) -> Command:
        command = watcher_command(directory, *words)
        return replace(command, environment={**command.environment, "WATCHER_DATABASE": self.url})

    async def until_held(self, workers: Sequence[Worker], watches: int) -> None:
        """Return when these hold all shards of hosts, each its quota, and check all watches."""
        async with asyncio.timeout(LIMIT_SECONDS), aiohttp.ClientSession() as client:
            while not await self._are_held(client, workers, watches):  # noqa: ASYNC110 other processes hold them
                await asyncio.sleep(_LOOK_SECONDS)

    async def _are_held(self, client: aiohttp.ClientSession, workers: Sequence[Worker], watches: int) -> bool:
        quotas = Counter(owner for (owner,) in self.ask(_OWNERS)).values()
        if len(quotas) != len(workers) or sum(quotas) != HOST_SHARDS or max(quotas) - min(quotas) > 1:
            return False
        return sum([await worker.watches(client) for worker in workers]) == watches


async def done(command: Command) -> Cost:
    """Run a command to its end, which has to be a good one; return what it cost. Raises UnverifiedError."""
    cost = await run(command, limit_seconds=LIMIT_SECONDS)
    if cost.status != 0:
        raise UnverifiedError(f"{' '.join(command.line[2:])}: it said: {command.last_words()}")
    return cost
