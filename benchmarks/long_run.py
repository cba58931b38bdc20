"""
What one more check costs in a process that has been running for a while: `watcher run`, beside the floor.

The two take turns over the same site, each for a long run through all phases: A B A B.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.costs import LEAST_CPU_SECONDS, Running, running
from benchmarks.pages import Layout, Phase
from benchmarks.passes import PHASES
from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from benchmarks.serving import SiteProcess, serving
from benchmarks.tables import NOT_MEASURED, PHASE_NAMES
from benchmarks.targets import OF_FLOOR
from benchmarks.tools.floor import Floor
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import LongRunner, Place

_LIMIT_SECONDS: Final = 120
_LOOK_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """
    How much is to be done.

    Attributes:
        name: in the tables, and in the names of figures.
        every_seconds: how often each watch is due.
        is_paced: false: more is due than one core can check, so the floor never waits.
        checks: how many are measured in each phase.
        turns: of the watcher, and of the floor.
        targets: how many times the floor's CPU time ours may be.
    """

    name: str
    watches: int
    every_seconds: int
    checks: Mapping[Phase, int]
    is_paced: bool = False
    turns: int = 1
    layout: Layout = Layout.EARLY
    phases: Sequence[Phase] = PHASES
    targets: Mapping[Phase, float] | None = None


MANY: Final = "as many as one core can"
_CHECKS: Final = {Phase.NOT_MODIFIED: 20_000, Phase.SAME: 20_000, Phase.PARSED: 5_000, Phase.CHANGED: 5_000}
"""Seconds of each: the site is asked 20 times a second how often it was asked, and of half a second that is a tenth."""
_LOADS: Final = (
    Load(name=MANY, watches=5_000, every_seconds=1, checks=_CHECKS, turns=2, targets=OF_FLOOR),
    Load(name="500 a second", watches=1_000, every_seconds=2, is_paced=True, checks=dict.fromkeys(Phase, 3_000)),
)
_QUICK: Final = (
    Load(
        name="50 a second",
        watches=50,
        every_seconds=1,
        is_paced=True,
        checks=dict.fromkeys(Phase, 50),
        targets=OF_FLOOR,
    ),
)
Costs = Mapping[Phase, float]
"""Of one more check in each phase, in milliseconds of CPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marginal:
    """What one more check cost under a load, in each turn."""

    load: Load
    ours: Sequence[Costs]
    floor: Sequence[Costs]

    def rows(self) -> list[list[str]]:
        """Return ours, the floor, and how they compare."""
        name = self.load.name
        rows = [
            [f"CPU ms a check, {name}", *self._cells(lambda phase: f"{_middle(self.ours, phase):.3f}")],
            [f"the floor, {name}", *self._cells(lambda phase: f"{_middle(self.floor, phase):.3f}")],
            ["a check costs times the floor", *self._cells(lambda phase: f"{self.ratio(phase):.2f}")],
        ]
        if targets := self.load.targets:
            rows.append(["wanted", *self._cells(lambda phase: f"≤ {targets[phase]:g}")])
            rows.append(
                ["reached", *self._cells(lambda phase: verdict(is_reached=self.ratio(phase) <= targets[phase]))]
            )
        return rows

    def figures(self) -> dict[str, float]:
        """Return the figures by name."""
        found: dict[str, float] = {}
        for phase in self.load.phases:
            name = f"marginal {self.load.name} {phase}"
            found[f"{name} cpu_ms"] = _middle(self.ours, phase)
            found[f"{name} floor cpu_ms"] = _middle(self.floor, phase)
            found[f"{name} floor ratio"] = self.ratio(phase)
        return found

    def ratio(self, phase: Phase) -> float:
        """Return how many times the floor's CPU time ours is: the median of the pairs of turns."""
        pairs = zip(self.ours, self.floor, strict=True)
        return statistics.median(ours[phase] / floor[phase] for ours, floor in pairs)

    def _cells(self, cell: Callable[[Phase], str]) -> list[str]:
        return [cell(phase) if phase in self.load.phases else NOT_MEASURED for phase in Phase]


def _middle(turns: Sequence[Costs], phase: Phase) -> float:
    return statistics.median(costs[phase] for costs in turns)


async def measure(bench: Bench) -> Section:
    """Return the marginal cost of a check in each phase, under each load. Raises UnverifiedError."""
    loads = _QUICK if bench.is_quick else _LOADS
    measured = [await measure_load(bench, load) for load in loads]
    return Section(
        title="The marginal check",
        tables=[marginal_table("One more check in a long run", measured)],
        figures={name: figure for each in measured for name, figure in each.figures().items()},
    )


def marginal_table(title: str, measured: Sequence[Marginal]) -> Table:
    """Return what one more check costs under these loads."""
    return Table(
        title=title, header=["", *PHASE_NAMES.values()], rows=[row for each in measured for row in each.rows()]
    )


async def measure_load(bench: Bench, load: Load) -> Marginal:
    """Return what one more check costs ours, and the floor. Raises UnverifiedError."""
    bench.tell(f"{load.name}: {load.watches:,} watches, each every {load.every_seconds} s")
    ours: list[Costs] = []
    floor: list[Costs] = []
    async with serving() as site:

        def place(*name: object) -> Place:
            directory = bench.room("run", load.layout, load.watches, *name)
            return Place(directory=directory, urls=site.pages(load.watches, load.layout), layout=load.layout)

        for turn in range(load.turns):
            watcher = Watcher(place=place("watcher", turn), every=f"{load.every_seconds}s")
            ours.append(await _long_run(bench, site, watcher, load))
            bare = Floor(place=place("floor", turn), every_seconds=load.every_seconds if load.is_paced else 0)
            floor.append(await _long_run(bench, site, bare, load))
    return Marginal(load=load, ours=ours, floor=floor)


async def _long_run(bench: Bench, site: SiteProcess, tool: LongRunner, load: Load) -> Costs:
    await tool.prepare()
    await site.show(load.phases[0])
    async with running(tool.long_run(), limit_seconds=_LIMIT_SECONDS) as process:
        costs = {phase: await _phase(site, tool, process, load, phase) for phase in load.phases}
    bench.tell(f"  {tool.name}: {', '.join(f'{phase} {cost:.3f} ms' for phase, cost in costs.items())}")
    return costs


async def _phase(site: SiteProcess, tool: LongRunner, process: Running, load: Load, phase: Phase) -> float:
    """Return what a check costs in a phase, in milliseconds of CPU."""
    await site.show(phase)
    try:
        # Twice in the first one, which begins with watches that know no page.
        warm = load.watches * (2 if phase is load.phases[0] else 1)
        before = await process.during(site.was_asked(warm, limit_seconds=_LIMIT_SECONDS))
        began = process.cpu_seconds()
        enough = before.requests + load.checks[phase]
        after = await process.during(site.was_asked(enough, limit_seconds=_LIMIT_SECONDS))
        cpu_seconds = max(process.cpu_seconds() - began, LEAST_CPU_SECONDS)
        if phase is Phase.CHANGED:
            await _has_delivered(tool, after.requests)
    except TimeoutError:
        said = process.command.last_words()
        raise UnverifiedError(f"{tool.name}, {phase}: not done after {_LIMIT_SECONDS} s; it said: {said}") from None
    requests = after.requests - before.requests
    not_modified = after.not_modified - before.not_modified
    if not_modified != (requests if phase is Phase.NOT_MODIFIED else 0):
        raise UnverifiedError(f"{tool.name}, {phase}: {not_modified:,} of {requests:,} answers were 304")
    return cpu_seconds / requests * 1000


async def _has_delivered(tool: LongRunner, changes: int) -> None:
    """Wait until so many changes are where the tool keeps them."""
    async with asyncio.timeout(_LIMIT_SECONDS):
        while await asyncio.to_thread(tool.delivered) < changes:  # noqa: ASYNC110 another process delivers
            await asyncio.sleep(_LOOK_SECONDS)
