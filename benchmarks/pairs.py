"""
Measures this checkout beside an older one: has it become slower?

    python -m benchmarks.pairs REV [--pairs 10] [--watches 1000] [--layout early] [--only NAME …]
    make pairs REV=…

Passes (304, same, parsed, changed) with the memory at their peak, single sends and messages to a topic of 10,000, each
in turns A B A B: the median of the ratios of pairs holds where a machine's speed drifts. A ratio over 1 is worse now.
It judges nothing by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Final

from benchmarks.costs import Cost
from benchmarks.pages import Layout, Phase
from benchmarks.passes import PHASES, Contender, measure_in_turns
from benchmarks.report import Bench
from benchmarks.serving import serving
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place

_CHECKOUT: Final = Path(__file__).parents[1]
_SENDS: Final = _CHECKOUT / "benchmarks" / "sends.py"
_KINDS: Final = ("single", "fan-out")
_SECONDS: Final = 300
_NAMES: Final = (*PHASES, *_KINDS)
_MEASURES: Final[Mapping[str, Callable[[Cost], float]]] = {
    "CPU": lambda cost: cost.cpu_seconds,
    "MB": lambda cost: cost.memory_bytes / 1_000_000,
}


@dataclass(slots=True, kw_only=True)
class Before(Watcher):
    """An older checkout's watcher, by the same Python."""

    name: ClassVar = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What something cost now and before, pair by pair: seconds of CPU, or MB."""

    name: str
    now: Sequence[float]
    before: Sequence[float]

    def row(self) -> str:
        """Return a row of a Markdown table."""
        ratios = sorted(now / before for now, before in zip(self.now, self.before, strict=True))
        return (
            f"| {self.name} | {median(self.before):.3f} | {median(self.now):.3f} | **{median(ratios):.3f}** | "
            f"{ratios[0]:.2f}–{ratios[-1]:.2f} |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says."""
    wanted = _parser().parse_args(arguments)
    print("| CPU seconds, or MB | before | now | now ÷ before, median | all |\n|---|---|---|---|---|", flush=True)
    with checkout_of(wanted.revision) as older:
        phases = [phase for phase in PHASES if phase in wanted.only]
        passes = Passes(phases=phases, watches=wanted.watches, layout=wanted.layout, pairs=wanted.pairs)
        for pairs in asyncio.run(passes.measure(older)):
            print(pairs.row(), flush=True)
        for kind in _KINDS:
            if kind in wanted.only:
                print(_sends(older, kind, wanted.pairs).row(), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs", description="Measure beside an older checkout.")
    parser.add_argument("revision", help="of git, such as HEAD~20")
    parser.add_argument("--pairs", type=int, default=10, metavar="N", help="of each (default: 10)")
    parser.add_argument("--watches", type=int, default=1_000, metavar="N", help="in a pass (default: 1000)")
    parser.add_argument(
        "--layout",
        type=Layout,
        choices=list(Layout),
        default=Layout.EARLY,
        help="of the pages (default: early)",
    )
    parser.add_argument("--only", nargs="+", choices=_NAMES, default=_NAMES, metavar="NAME", help=", ".join(_NAMES))
    return parser


@contextmanager
def checkout_of(revision: str) -> Iterator[Path]:
    """Check a revision out beside this one, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="watcher-before-") as made:
        place = Path(made) / "before"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", place, revision], cwd=_CHECKOUT, check=True)
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=_CHECKOUT, check=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """Passes of both over pages of one layout."""

    phases: Sequence[Phase]
    watches: int
    layout: Layout
    pairs: int

    async def measure(self, older: Path) -> Sequence[Pairs]:
        """Return the CPU and the memory of each phase, beside those of another checkout."""
        if not self.phases:
            return []
        with tempfile.TemporaryDirectory(prefix="watcher-pairs-") as workshop:
            bench = Bench(workshop=Path(workshop), is_quick=False, tell=_tell)
            async with serving() as site:
                urls = site.pages(self.watches, self.layout)
                tools = [
                    Watcher(place=Place(directory=bench.room("now"), urls=urls, layout=self.layout)),
                    Before(place=Place(directory=bench.room("before"), urls=urls, layout=self.layout), checkout=older),
                ]
                contenders = [Contender(tool=tool, turns=self.pairs, phases=self.phases) for tool in tools]
                turns = await measure_in_turns(bench, site, contenders, self.watches)
        return [
            self._pairs(phase, measure, turns[Watcher.name, phase], turns[Before.name, phase])
            for phase in self.phases
            for measure in _MEASURES
        ]

    def _pairs(self, phase: Phase, measure: str, now: Sequence[Cost], before: Sequence[Cost]) -> Pairs:
        of = _MEASURES[measure]
        name = f"{self.watches:,} watches, {self.layout}, {phase}: {measure}"
        return Pairs(name=name, now=list(map(of, now)), before=list(map(of, before)))


def _sends(older: Path, kind: str, pairs: int) -> Pairs:
    turns = [(_cost(_CHECKOUT, kind), _cost(older, kind)) for _ in range(pairs)]
    return Pairs(name=kind, now=[now for now, _ in turns], before=[before for _, before in turns])


def _cost(checkout: Path, kind: str) -> float:
    figures: Mapping[str, float] = measured_by(_SENDS, kind, checkout)
    return figures["cpu_seconds"]


def measured_by(script: Path, kind: str, checkout: Path) -> Any:
    """Return the JSON that a script of ours prints of this kind of work, done by the code of a checkout."""
    said = subprocess.run(
        [sys.executable, "-P", script, kind],
        env={**os.environ, "PYTHONPATH": str(checkout)},
        cwd=checkout,
        stdout=subprocess.PIPE,
        timeout=_SECONDS,
        check=True,
    )
    return json.loads(said.stdout)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
