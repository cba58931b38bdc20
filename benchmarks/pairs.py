"""
Measures this checkout beside an older one: has it become slower?

    python -m benchmarks.pairs REV [--pairs 10] [--watches 1000] [--only NAME …]      (make pairs REV=…)

Passes (304, same, parsed, changed), single sends and messages to a topic of 10,000, each in turns A B A B: the median
of the ratios of pairs holds where a machine's speed drifts. A ratio over 1 is slower now. It judges nothing by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Final

from benchmarks.pages import Phase
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


@dataclass(slots=True, kw_only=True)
class Before(Watcher):
    """An older checkout's watcher, by the same Python."""

    name: ClassVar = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What something cost now and before, in seconds of CPU, pair by pair."""

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
    print("| CPU seconds | before | now | now ÷ before, median of pairs | all |\n|---|---|---|---|---|", flush=True)
    with checkout_of(wanted.revision) as older:
        phases = [phase for phase in PHASES if phase in wanted.only]
        for pairs in asyncio.run(_passes(older, phases, wanted.watches, wanted.pairs)):
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


async def _passes(older: Path, phases: Sequence[Phase], watches: int, pairs: int) -> Sequence[Pairs]:
    if not phases:
        return []
    with tempfile.TemporaryDirectory(prefix="watcher-pairs-") as workshop:
        bench = Bench(workshop=Path(workshop), is_quick=False, tell=_tell)
        async with serving() as site:
            urls = site.pages(watches)
            tools = [
                Watcher(place=Place(directory=bench.room("now"), urls=urls)),
                Before(place=Place(directory=bench.room("before"), urls=urls), checkout=older),
            ]
            contenders = [Contender(tool=tool, turns=pairs, phases=phases) for tool in tools]
            costs = await measure_in_turns(bench, site, contenders, watches)
    cpu = {key: [cost.cpu_seconds for cost in turns] for key, turns in costs.items()}
    return [
        Pairs(name=f"{watches:,} watches, {phase}", now=cpu[Watcher.name, phase], before=cpu[Before.name, phase])
        for phase in phases
    ]


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
