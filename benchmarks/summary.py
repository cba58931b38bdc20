"""All that is wanted of a check, in one line each: beside the peers, and beside the floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks import layouts, long_run
from benchmarks.pages import Phase
from benchmarks.report import Section, Table, verdict
from benchmarks.tables import NOT_MEASURED, PHASE_NAMES, times
from benchmarks.targets import OF_FLOOR, OF_URLWATCH

OF_SECTIONS: Final = frozenset({"beside", "connections", "long-run", "layouts"})
"""Whose figures it is made of; one run has to have measured them all."""
_HEADER: Final = (
    *("", "the best peer costs times ours", "urlwatch costs times ours", "wanted", "reached"),
    *("ours costs times the floor", "wanted", "reached"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """
    One line.

    Attributes:
        trial: the name and size of the passes beside peers.
        load: the name of the long run beside the floor.
    """

    name: str
    phase: Phase
    trial: str = ""
    load: str = ""

    def row(self, figures: Mapping[str, float]) -> list[str]:
        """Return its cells."""
        urlwatch = figures.get(f"{self.trial} {self.phase} urlwatch ratio")
        floor = figures.get(f"marginal {self.load} {self.phase} floor ratio")
        most = OF_FLOOR[self.phase] if self.load == long_run.MANY else None
        return [
            self.name,
            self._best_peer(figures),
            *_beside_urlwatch(urlwatch, OF_URLWATCH.get(self.trial, {}).get(self.phase)),
            *_beside_floor(floor, most),
        ]

    def _best_peer(self, figures: Mapping[str, float]) -> str:
        begin, end = f"{self.trial} {self.phase} ", " ratio"
        peers = {name[len(begin) : -len(end)]: of for name, of in figures.items() if _is_between(name, begin, end)}
        if not peers:
            return NOT_MEASURED
        best = min(peers, key=peers.__getitem__)
        return f"{times(peers[best])} ({best})"


def _is_between(name: str, begin: str, end: str) -> bool:
    return name.startswith(begin) and name.endswith(end)


def _beside_urlwatch(ratio: float | None, least: float | None) -> list[str]:
    measured = NOT_MEASURED if ratio is None else times(ratio)
    return [measured, *_aim("≥", least, None if ratio is None or least is None else ratio >= least)]


def _beside_floor(ratio: float | None, most: float | None) -> list[str]:
    measured = NOT_MEASURED if ratio is None else f"{ratio:.2f}"
    return [measured, *_aim("≤", most, None if ratio is None or most is None else ratio <= most)]


def _aim(sign: str, wanted: float | None, is_reached: bool | None) -> list[str]:
    if wanted is None:
        return ["", ""]
    return [f"{sign} {wanted:g}", NOT_MEASURED if is_reached is None else verdict(is_reached=is_reached)]


_LINES: Final = (
    *(_Line(name=PHASE_NAMES[each], phase=each, trial="whole 1000", load=long_run.MANY) for each in Phase),
    *(_Line(name=f"fresh connections: {PHASE_NAMES[each]}", phase=each, trial="fresh 1000") for each in Phase),
    _Line(name="200 watches: 304", phase=Phase.NOT_MODIFIED, trial="whole 200"),
    *(
        _Line(name=f"{layouts.LATE}: {PHASE_NAMES[each]}", phase=each, trial="late 1000", load=layouts.LATE)
        for each in (Phase.PARSED, Phase.CHANGED)
    ),
    *(
        _Line(name=f"{layouts.ROWS}: {PHASE_NAMES[each]}", phase=each, load=layouts.ROWS)
        for each in (Phase.PARSED, Phase.CHANGED)
    ),
)


def summary(sections: Mapping[str, Section]) -> Section:
    """Return the lines, of the figures of these sections."""
    figures = {name: figure for section in sections.values() for name, figure in section.figures.items()}
    rows = [line.row(figures) for line in _LINES]
    return Section(title="In one line each", tables=[Table(title="CPU time of a check", header=_HEADER, rows=rows)])
