"""
What a check costs a processor from end to end, in a worker of a cluster and in its PostgreSQL together, and in one
process on files: the same watches, on the same site, one after the other; meant are at most 0.2 ms more.

More is due than one core can check, so one check follows another. A change is told to one subscriber, and counted when
it is in the inbox: that costs more over PostgreSQL, for a send asks it nine times, and is printed alone.
Counted is the time of a processor. Beside other work a check takes longer all the same, for caches are shared: run it
on a quiet machine, in 5 minutes:

    FIGURES=full pytest -rP tests/figures/test_cluster_checks.py
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.costs import Running
from benchmarks.many import write_watches
from benchmarks.pages import Phase
from benchmarks.readiness import started
from benchmarks.serving import SiteProcess, serving
from benchmarks.tools.ours import watcher_command
from tests import postgresql
from tests.figures.cluster_processes import LIMIT_SECONDS, Cluster, done, spent_by
from tests.sizes import FIGURES

_WATCHES, _HOSTS = FIGURES.sized((100, 20), (2_000, 120))
_CHECKS: Final = FIGURES.sized(
    {Phase.NOT_MODIFIED: 500, Phase.SAME: 500, Phase.CHANGED: 100},
    {Phase.NOT_MODIFIED: 20_000, Phase.SAME: 20_000, Phase.CHANGED: 4_000},
)
_MEASURED: Final = (Phase.NOT_MODIFIED, Phase.SAME)
"""Phases in which nothing is told."""
_MOST_MORE_MS: Final = 0.2
_TOLD: Final = "SELECT count(*) FROM {}deliveries WHERE state = 'sent'"
_ADD: Final = ("subscribers", "add", "--topic", "prices")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contender:
    """
    What checks.

    Attributes:
        spent: the seconds of a processor that it and what it works with have spent.
        told: how many messages were delivered.
    """

    running: Running
    spent: Callable[[], float]
    told: Callable[[], int]

    async def cost(self, site: SiteProcess, phase: Phase, *, warm: int) -> float:
        """Return the milliseconds that a check costs in a phase, whose first checks do not count."""
        await site.show(phase)
        before = await self._asked(site, warm)
        told, began = self.told(), self.spent()
        after = await self._asked(site, before + _CHECKS[phase])
        if phase is Phase.CHANGED:
            await self._have_told(told + after - before)
        return (self.spent() - began) * 1_000 / (after - before)

    async def _asked(self, site: SiteProcess, requests: int) -> int:
        counted = await self.running.during(site.was_asked(requests, limit_seconds=LIMIT_SECONDS))
        return counted.requests

    async def _have_told(self, messages: int) -> None:
        async with asyncio.timeout(LIMIT_SECONDS):
            while await asyncio.to_thread(self.told) < messages:  # noqa: ASYNC110 another process tells
                await asyncio.sleep(0.05)


async def test_what_a_check_costs_in_a_worker_and_in_postgresql_together(
    tmp_path: Path, postgresql_url: str, postgresql_server: postgresql.Server
) -> None:
    async with serving(hosts=_HOSTS) as site:
        on_files = await _costs(site, lambda stack: _on_files(tmp_path / "files", site, stack))
        cluster = Cluster(server=postgresql_server, url=postgresql_url, directory=tmp_path / "cluster")
        together = await _costs(site, lambda stack: _in_a_worker(cluster, site, stack))
    for phase, mine in on_files.items():
        more = together[phase] - mine
        print(f"{phase}: {mine:.3f} ms on files, {together[phase]:.3f} ms in a worker and PostgreSQL: {more:+.3f} ms")
        assert phase not in _MEASURED or more < _MOST_MORE_MS


async def _costs(site: SiteProcess, opened: Callable[[AsyncExitStack], Awaitable[_Contender]]) -> Mapping[Phase, float]:
    async with AsyncExitStack() as stack:
        contender = await opened(stack)
        await contender.running.during(site.was_asked(_WATCHES, limit_seconds=LIMIT_SECONDS))  # a first state of each
        return {phase: await contender.cost(site, phase, warm=_WATCHES) for phase in _CHECKS}


async def _on_files(directory: Path, site: SiteProcess, stack: AsyncExitStack) -> _Contender:
    directory.mkdir()
    write_watches(directory, site.places, _WATCHES, every="1s")
    await done(watcher_command(directory, *_ADD))
    await site.show(Phase.NOT_MODIFIED)
    running, _ = await stack.enter_async_context(
        started(watcher_command(directory, "run", "--port", "0"), limit_seconds=LIMIT_SECONDS)
    )

    def told() -> int:
        with closing(sqlite3.connect(f"file:{directory}/.watcher/push.db?mode=ro", uri=True)) as connection:
            return int(connection.execute(_TOLD.format("")).fetchone()[0])

    return _Contender(running=running, spent=running.cpu_seconds, told=told)


async def _in_a_worker(cluster: Cluster, site: SiteProcess, stack: AsyncExitStack) -> _Contender:
    cluster.directory.mkdir()
    write_watches(cluster.directory, site.places, _WATCHES, every="1s")
    await cluster.do("apply")
    await cluster.do(*_ADD)
    await site.show(Phase.NOT_MODIFIED)
    [worker] = await stack.enter_async_context(cluster.working(1))
    await cluster.until_held([worker], _WATCHES)
    pid = cluster.server.pid

    def told() -> int:
        return int(cluster.ask(_TOLD.format("push."))[0][0])

    return _Contender(running=worker.running, spent=lambda: worker.running.cpu_seconds() + spent_by(pid), told=told)
