"""What one more check costs in a process that has been running for a while: `watcher run`, with its push service."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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
_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """
    How much is to be done.

    Attributes:
        checks: how many are measured in each phase.
        has_targets: it is what the targets are meant for.
    """

    name: str
    watches: int
    every: str
    checks: int
    has_targets: bool = False


_LOADS: Final = (
    _Load(name="as many as one core can", watches=5_000, every="1s", checks=5_000, has_targets=True),
    _Load(name="500 a second", watches=1_000, every="2s", checks=3_000),
)
_QUICK: Final = (_Load(name="50 a second", watches=50, every="1s", checks=50, has_targets=True),)
Costs = Mapping[Phase, float]


async def measure(bench: Bench) -> Section:
    """Return the marginal cost of a check in each phase, under each load. Raises UnverifiedError."""
    loads = _QUICK if bench.is_quick else _LOADS
    return _section({load: await _under(bench, load) for load in loads})


async def _under(bench: Bench, load: _Load) -> Costs:
    bench.tell(f"{load.name}: {load.watches:,} watches, each every {load.every}")
    async with serving() as site:
        place = Place(directory=bench.room("run", load.watches), urls=site.pages(load.watches))
        tool = Watcher(place=place, every=load.every)
        await tool.prepare()
        await site.show(Phase.NOT_MODIFIED)
        async with running(tool.command("run", "--port", "0"), limit_seconds=_LIMIT_SECONDS) as process:
            return {phase: await _phase(bench, site, tool, process, load, phase) for phase in Phase}


async def _phase(bench: Bench, site: SiteProcess, tool: Watcher, process: Running, load: _Load, phase: Phase) -> float:
    """Return what a check costs in a phase, in milliseconds of CPU."""
    await site.show(phase)
    try:
        # Twice in the first one, which begins with watches that know no page.
        warm = load.watches * (2 if phase is Phase.NOT_MODIFIED else 1)
        before = await process.during(site.was_asked(warm, limit_seconds=_LIMIT_SECONDS))
        began = process.cpu_seconds()
        enough = before.requests + load.checks
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


def _section(costs: Mapping[_Load, Costs]) -> Section:
    rows: list[Sequence[str]] = []
    for load, each in costs.items():
        rows.append([f"CPU ms a check, {load.name}", *(f"{each[phase]:.3f}" for phase in Phase)])
        if load.has_targets:
            rows.append(["wanted", *(f"≤ {_TARGETS_MS[phase]:g}" for phase in Phase)])
            rows.append(["reached", *(verdict(is_reached=each[phase] <= _TARGETS_MS[phase]) for phase in Phase)])
    return Section(
        title="The marginal check",
        tables=[Table(title="One more check in a long run", header=["", *PHASE_NAMES.values()], rows=rows)],
        figures={
            f"marginal {load.name} {phase} cpu_ms": cost for load, each in costs.items() for phase, cost in each.items()
        },
    )
