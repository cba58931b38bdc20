"""Tables and figures of what passes cost, phase by phase."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.costs import Cost
from benchmarks.pages import Phase
from benchmarks.passes import Turns, checks_per_second, cpu_ms, ratios
from benchmarks.report import Chart, Table, verdict

OURS: Final = "watcher"
_AIMED_AT: Final = "urlwatch"
"""The peer that the targets are of: the cheapest of those that ask on condition."""
PHASE_NAMES: Final = {
    Phase.NOT_MODIFIED: "304",
    Phase.SAME: "same bytes",
    Phase.PARSED: "parsed, unchanged",
    Phase.CHANGED: "changed",
}
NOT_MEASURED: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    Passes over so many watches, by several tools.

    Attributes:
        name: in the names of figures, such as `fresh`.
        targets: how many times our CPU time urlwatch's should be, in each phase.
    """

    name: str
    watches: int
    turns: Turns
    targets: Mapping[Phase, float] = field(default_factory=dict)

    @property
    def tools(self) -> list[str]:
        """Their names, in the order in which they took turns; ours is the first."""
        return list(dict.fromkeys(tool for tool, _ in self.turns))

    def cpu_table(self, title: str, note: str = "") -> Table:
        """Return what a check costs, and how many times ours the others cost."""
        rows = [[f"{tool}, CPU ms a check", *self._cells(tool, self._cpu_cell)] for tool in self.tools]
        for peer in self.tools:
            if peer != OURS:
                rows += self._comparison(peer)
        return Table(title=title, header=["", *PHASE_NAMES.values()], rows=rows, note=note)

    def rates(self) -> list[list[str]]:
        """Return rows of the checks in a second."""
        return [[f"{tool}, {self.watches:,} watches", *self._cells(tool, self._rate_cell)] for tool in self.tools]

    def memory(self) -> list[list[str]]:
        """Return rows of the peak memory."""
        return [[f"{tool}, {self.watches:,} watches", *self._cells(tool, self._memory_cell)] for tool in self.tools]

    def chart(self, name: str, title: str) -> Chart:
        """Return what a check costs, as bars."""
        series = {
            tool: [cpu_ms(costs, self.watches) if (costs := self.turns.get((tool, phase))) else None for phase in Phase]
            for tool in self.tools
        }
        return Chart(name=name, title=title, unit="CPU ms a check", groups=list(PHASE_NAMES.values()), series=series)

    def figures(self) -> dict[str, float]:
        """Return the figures by name."""
        found: dict[str, float] = {}
        for (tool, phase), costs in self.turns.items():
            name = f"{self.name} {self.watches} {phase} {tool}"
            found[f"{name} cpu_ms"] = cpu_ms(costs, self.watches)
            found[f"{name} checks_per_second"] = checks_per_second(costs, self.watches)
            found[f"{name} memory_bytes"] = max(each.memory_bytes for each in costs)
            if tool != OURS:
                found[f"{name} ratio"] = self.ratio(tool, phase)
        return found

    def ratio(self, peer: str, phase: Phase) -> float:
        """Return how many times our CPU time a peer's is: the median of the pairs of turns."""
        return statistics.median(ratios(self.turns[OURS, phase], self.turns[peer, phase]))

    def _comparison(self, peer: str) -> list[list[str]]:
        measured = [phase for phase in Phase if (peer, phase) in self.turns]
        times = {phase: self._ratio_text(peer, phase) for phase in measured}
        rows = [[f"{peer} costs times ours", *(times.get(phase, NOT_MEASURED) for phase in Phase)]]
        targets = self.targets if peer == _AIMED_AT else {}
        if targets:
            wanted = {phase: f"≥ {targets[phase]:g}" for phase in measured if phase in targets}
            said = {phase: verdict(is_reached=self.ratio(peer, phase) >= targets[phase]) for phase in wanted}
            rows += [["wanted", *(wanted.get(phase, "") for phase in Phase)]]
            rows += [["reached", *(said.get(phase, "") for phase in Phase)]]
        return rows

    def _ratio_text(self, peer: str, phase: Phase) -> str:
        pairs = ratios(self.turns[OURS, phase], self.turns[peer, phase])
        middle = times(statistics.median(pairs))
        return middle if len(pairs) == 1 else f"{middle} ({times(pairs[0])} to {times(pairs[-1])})"

    def _cells(self, tool: str, cell: Callable[[Sequence[Cost]], str]) -> list[str]:
        return [cell(costs) if (costs := self.turns.get((tool, phase))) else NOT_MEASURED for phase in Phase]

    def _cpu_cell(self, costs: Sequence[Cost]) -> str:
        return f"{cpu_ms(costs, self.watches):.2f}"

    def _rate_cell(self, costs: Sequence[Cost]) -> str:
        return f"{checks_per_second(costs, self.watches):,.0f}"

    def _memory_cell(self, costs: Sequence[Cost]) -> str:
        return f"{max(each.memory_bytes for each in costs) / 1_000_000:.0f}"


def times(ratio: float) -> str:
    """Return how many times one is of another, with the digits that count."""
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"
