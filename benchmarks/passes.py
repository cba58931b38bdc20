"""
Passes of several tools over the same watches, in turns, each of them verified.

Turns A B A B share what the machine does meanwhile, so the median of the ratios of pairs says more than a ratio of
medians. A pass counts only when the site was asked as often as there are watches, and the tool says of them what the
site did.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.costs import Command, Cost, run
from benchmarks.pages import Phase
from benchmarks.report import Bench, UnverifiedError
from benchmarks.serving import Counted, SiteProcess
from benchmarks.tools.tool import Said, Tool

_LIMIT_SECONDS: Final = 600
PHASES: Final = tuple(Phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A tool, and how it is measured."""

    tool: Tool
    turns: int
    phases: Sequence[Phase] = PHASES


Turns = Mapping[tuple[str, Phase], Sequence[Cost]]
"""What each turn of a tool, by its name, cost in a phase."""


async def measure_in_turns(bench: Bench, site: SiteProcess, contenders: Sequence[Contender], watches: int) -> Turns:
    """Let all tools make their state, then measure them in turns, phase by phase. Raises UnverifiedError."""
    for contender in contenders:
        await contender.tool.prepare()
        await _pass(site, contender.tool, Phase.NOT_MODIFIED, watches, is_first=True)
        bench.tell(f"  {contender.tool.name} knows {watches:,} watches")
    costs: dict[tuple[str, Phase], list[Cost]] = {}
    for phase in PHASES:
        taking_part = [each for each in contenders if phase in each.phases]
        if not taking_part:
            continue
        for contender in taking_part:
            if phase in contender.tool.settles_in:
                await _pass(site, contender.tool, phase, watches)
        for turn in range(max(each.turns for each in taking_part)):
            for contender in taking_part:
                if turn < contender.turns:
                    cost = await _pass(site, contender.tool, phase, watches)
                    costs.setdefault((contender.tool.name, phase), []).append(cost)
        bench.tell(f"  {phase}: {_told(costs, taking_part, phase, watches)}")
    return costs


async def _pass(site: SiteProcess, tool: Tool, phase: Phase, watches: int, *, is_first: bool = False) -> Cost:
    command = tool.one_pass()
    await site.show(phase)
    cost = await run(command, limit_seconds=_LIMIT_SECONDS)
    if cost.status != 0:
        raise UnverifiedError(f"{tool.name}, {phase}: status {cost.status}; it said: {command.last_words()}")
    said = tool.said(command.output.read_text(encoding="utf-8", errors="replace"))
    is_answered_304 = phase is Phase.NOT_MODIFIED and not is_first
    claim = Claim(name=tool.name, phase=phase, watches=watches, is_answered_304=is_answered_304)
    claim.verify(await site.counted(), said, command)
    return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a pass of a tool claims to be."""

    name: str
    phase: Phase
    watches: int
    is_answered_304: bool

    def verify(self, counted: Counted, said: Said, command: Command) -> None:
        """Raise UnverifiedError when it was not that."""
        problem = self.problem(counted, said)
        if problem is not None:
            where = f"{self.name}, {self.phase}, {self.watches:,} watches"
            raise UnverifiedError(f"{where}: {problem}; it said: {command.last_words()}")

    def problem(self, counted: Counted, said: Said) -> str | None:
        """Return why it was not that; None when it was."""
        not_modified = self.watches if self.is_answered_304 else 0
        changed = self.watches if self.phase is Phase.CHANGED else 0
        if counted.requests != self.watches:
            return f"{counted.requests:,} pages were asked for"
        if counted.not_modified != not_modified:
            return f"{counted.not_modified:,} answers were 304, not {not_modified:,}"
        if said.failed:
            return f"by its own account {said.failed:,} watches failed"
        if said.changed != changed:
            return f"by its own account {said.changed:,} watches changed, not {changed:,}"
        return None


def cpu_ms(costs: Iterable[Cost], watches: int) -> float:
    """Return the median CPU time of a check, in milliseconds."""
    return statistics.median(each.cpu_seconds for each in costs) / watches * 1000


def checks_per_second(costs: Iterable[Cost], watches: int) -> float:
    """Return the median rate, by the clock."""
    return watches / statistics.median(each.seconds for each in costs)


def ratios(ours: Sequence[Cost], theirs: Sequence[Cost]) -> list[float]:
    """Return how many times our CPU time theirs is, of each pair of turns, from the least to the most."""
    return sorted(their.cpu_seconds / our.cpu_seconds for our, their in zip(ours, theirs, strict=False))


def _told(costs: Turns, contenders: Sequence[Contender], phase: Phase, watches: int) -> str:
    names = [each.tool.name for each in contenders]
    return ", ".join(f"{name} {cpu_ms(costs[name, phase], watches):.2f} ms" for name in names)
