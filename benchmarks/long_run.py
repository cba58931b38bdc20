"""What one more check costs in a process that has been running for a while: `watcher run`, with its push service."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from benchmarks.costs import Running, running
from benchmarks.pages import Phase
from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from benchmarks.serving import SiteProcess, serving
from benchmarks.tables import PHASE_NAMES
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place

_TARGETS_MS: Final = {Phase.NOT_MODIFIED: 0.12, Phase.SAME: 0.2, Phase.PARSED: 0.9, Phase.CHANGED: 1.2}
_LIMIT_SECONDS: Final = 120
_WARM_UP_ROUNDS: Final = 2
_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    watches: int
    every: str
    checks: int


_SIZE: Final = _Size(watches=1_000, every="2s", checks=10_000)
_QUICK: Final = _Size(watches=50, every="1s", checks=50)


async def measure(bench: Bench) -> Section:
    """Return the marginal cost of a check in each phase. Raises UnverifiedError."""
    size = _QUICK if bench.is_quick else _SIZE
    async with serving() as site:
        tool = Watcher(place=Place(directory=bench.room("run"), urls=site.pages(size.watches)), every=size.every)
        await tool.prepare()
        await site.show(Phase.NOT_MODIFIED)
        async with running(tool.command("run", "--port", "0"), limit_seconds=_LIMIT_SECONDS) as process:
            costs = {phase: await _phase(bench, site, tool, process, size, phase) for phase in Phase}
    return _section(size, costs)


async def _phase(bench: Bench, site: SiteProcess, tool: Watcher, process: Running, size: _Size, phase: Phase) -> float:
    """Return what a check costs in a phase, in milliseconds of CPU."""
    await site.show(phase)
    try:
        warm = _WARM_UP_ROUNDS * size.watches
        before = await process.during(site.was_asked(warm, limit_seconds=_LIMIT_SECONDS))
        began = process.cpu_seconds()
        enough = before.requests + size.checks
        after = await process.during(site.was_asked(enough, limit_seconds=_LIMIT_SECONDS))
        cpu_seconds = process.cpu_seconds() - began
        if phase is Phase.CHANGED:
            await _has_delivered(tool, after.requests)
    except TimeoutError:
        said = process.command.last_words()
        raise UnverifiedError(f"watcher run, {phase}: not done after {_LIMIT_SECONDS} s; it said: {said}") from None
    requests = after.requests - before.requests
    not_modified = after.not_modified - before.not_modified
    if not_modified != (requests if phase is Phase.NOT_MODIFIED else 0):
        raise UnverifiedError(f"watcher run, {phase}: {not_modified:,} of {requests:,} answers were 304")
    cost_ms = cpu_seconds / requests * 1000
    bench.tell(f"  {phase}: {cost_ms:.3f} ms")
    return cost_ms


async def _has_delivered(tool: Watcher, changes: int) -> None:
    """Wait until the inbox holds so many changes."""
    async with asyncio.timeout(_LIMIT_SECONDS):
        while await asyncio.to_thread(tool.delivered) < changes:  # noqa: ASYNC110 another process delivers
            await asyncio.sleep(_LOOK_SECONDS)


def _section(size: _Size, costs: dict[Phase, float]) -> Section:
    rows = [
        ["CPU ms a check", *(f"{costs[phase]:.3f}" for phase in Phase)],
        ["wanted", *(f"≤ {_TARGETS_MS[phase]:g}" for phase in Phase)],
        ["reached", *(verdict(is_reached=costs[phase] <= _TARGETS_MS[phase]) for phase in Phase)],
    ]
    title = f"One more check in a long run: {size.watches:,} watches, each every {size.every}"
    return Section(
        title="The marginal check",
        tables=[Table(title=title, header=["", *PHASE_NAMES.values()], rows=rows)],
        figures={f"marginal {phase} cpu_ms": cost for phase, cost in costs.items()},
    )
