"""
What a part of the benchmarks comes to, in the one shape that the terminal, the page and the JSON are made from.

A section is a module of this package with one function, and is listed in `benchmarks.__main__`:

    async def measure(bench: Bench) -> Section

It raises `UnverifiedError` when what ran was not what its figures would say. A figure that falls short of its target is
no error: its cell says so (`verdict`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class UnverifiedError(Exception):
    """A pass was not what it claims to be, so there is nothing to report. Says in one line what was wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """
    What a section is given.

    Attributes:
        workshop: an empty directory of its own, removed afterwards.
        is_quick: tiny sizes, to see in seconds that the section works; its figures mean nothing.
        tell: prints a line of progress.
        peers: a directory with an environment for each peer, which `make bench` makes.
    """

    workshop: Path
    is_quick: bool
    tell: Callable[[str], None]
    peers: Path = Path(".venv-bench")

    def bin_of(self, peer: str) -> Path:
        """Return the directory with the programs of a peer. Raises UnverifiedError when it is not there."""
        found = (self.peers / peer / "bin").absolute()
        if not (found / peer).exists():
            raise UnverifiedError(f"there is no {peer} in {self.peers}; `make bench` installs it there")
        return found

    def room(self, *names: object) -> Path:
        """Make a new directory in the workshop, and return it."""
        made = self.workshop.joinpath("-".join(map(str, names)))
        made.mkdir()
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as they are read. The first column stands left, the others right."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """
    Bars in groups, written to `docs/images/performance-{name}.svg`.

    Attributes:
        unit: of the values, such as `CPU ms a check`.
        groups: what stands below each group of bars.
        series: the name of each bar of a group, as the legend has it, and its value in each group; None: not measured.
        is_logarithmic: for values that lie far apart.
        advice: how to read it.
    """

    name: str
    title: str
    unit: str
    groups: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    is_logarithmic: bool = True
    advice: str = "less is better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """
    What was measured.

    Attributes:
        text: what the tables do not say, as Markdown; one sentence a line.
        figures: by name, for `--json`; each name ends in its unit.
    """

    title: str
    tables: Sequence[Table]
    charts: Sequence[Chart] = ()
    text: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def verdict(*, is_reached: bool) -> str:
    """Return what a table says of a figure beside its target."""
    return "ok" if is_reached else "**short**"
