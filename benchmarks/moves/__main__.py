"""
`make moves`: 200 jobs of each tool on a changing site, 20 steps, the tool and an import of its jobs side by side.

At each step it is noted which jobs told a change, there and here. A difference that the report of the import had not
named, in its line for the job, is an error; so is a key that a tool documents and tests/config/importing/tools.json has
not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.moves import jobs as all_jobs
from benchmarks.moves.contenders import Batch, Ours, Rounds
from benchmarks.moves.site import Site, serving
from benchmarks.report import UnverifiedError

_PEERS: Final = ("urlwatch", "webchanges", "changedetection.io")
_KNOWN_KEYS: Final = Path(__file__).parents[2] / "tests" / "config" / "importing" / "tools.json"
_ASKING: Final = Path(__file__).with_name("documented_keys.py")
_TARGET: Final = 0.95


@dataclass(slots=True)
class Agreement:
    """
    What a tool and ours told, over all steps.

    Attributes:
        both, theirs, ours: alerts that both gave, or one alone.
        differing: the jobs that ever differed, with how often.
        fates: of each job, by the report.
    """

    both: int = 0
    theirs: int = 0
    ours: int = 0
    differing: Counter[str] = field(default_factory=Counter)
    fates: Mapping[str, str] = field(default_factory=dict)

    def note(self, theirs: set[str], ours: set[str]) -> None:
        """Add one step."""
        self.both += len(theirs & ours)
        self.theirs += len(theirs - ours)
        self.ours += len(ours - theirs)
        self.differing.update(theirs ^ ours)

    @property
    def share(self) -> float:
        """Of all alerts, those that both gave at the same step."""
        return self.both / max(self.both + self.theirs + self.ours, 1)

    @property
    def unnamed(self) -> Sequence[str]:
        """The jobs that differed though the report called them mapped."""
        return sorted(name for name in self.differing if self.fates.get(name) == "mapped")


async def _measure(peer: str, program: Path, count: int, steps: int) -> Agreement:
    with tempfile.TemporaryDirectory() as directory:
        room = Path(directory)
        theirs, ours = room / "theirs", room / "ours"
        theirs.mkdir()
        ours.mkdir()
        async with serving() as site:
            if peer == "changedetection.io":
                return await _rounds(program, theirs, ours, site, count, steps)
            kinds = all_jobs.URLWATCH if peer == "urlwatch" else all_jobs.WEBCHANGES
            tool = Batch(program, theirs, all_jobs.jobs(kinds, count, site.url))
            return await _side_by_side(tool, ours, site, steps)


async def _side_by_side(tool: Batch, directory: Path, site: Site, steps: int) -> Agreement:
    ours = Ours(directory, tool.jobs_file)
    await ours.prepare()
    found = Agreement(fates=ours.fates)
    for step in range(steps + 1):
        site.step = step
        (told, failed), (told_here, failed_here) = await tool.step(), await ours.step()
        _refuse_failures(tool.name, step, failed, failed_here)
        if step:
            found.note(told, told_here)
    return found


async def _rounds(program: Path, theirs: Path, directory: Path, site: Site, count: int, steps: int) -> Agreement:
    tool = Rounds(program, theirs, all_jobs.jobs(all_jobs.CHANGEDETECTION, count, site.url))
    told, failed = await tool.all_steps(site, steps)
    archive = theirs / "changedetection-backup.zip"
    archive.write_bytes(tool.archive())
    ours = Ours(directory, archive)
    await ours.prepare()
    found = Agreement(fates=ours.fates)
    for step in range(steps + 1):
        site.step = step
        told_here, failed_here = await ours.step()
        _refuse_failures("changedetection.io", step, failed[step], failed_here)
        if step:
            found.note(told[step], told_here)
    return found


def _refuse_failures(name: str, step: int, theirs: set[str], ours: set[str]) -> None:
    """Raise UnverifiedError where a check failed: nothing on the site makes one fail."""
    for whose, failed in ((name, theirs), ("watcher", ours)):
        if failed:
            raise UnverifiedError(f"{whose}, step {step}: {', '.join(sorted(failed)[:5])} failed")


def _documented(python: Path) -> Mapping[str, Any]:
    """Return what a tool documents, asked of the tool itself."""
    asked = subprocess.run([python, "-I", str(_ASKING)], capture_output=True, text=True, timeout=120, check=True)
    found: Mapping[str, Any] = json.loads(asked.stdout.splitlines()[-1])
    return found


def _check_keys(peer: str, bin_directory: Path) -> None:
    known = json.loads(_KNOWN_KEYS.read_bytes())[peer.removesuffix(".io")]
    documented = _documented(bin_directory / "python")
    for kind in ("keys", "filters"):
        more = set(documented.get(kind, ())) ^ set(known.get(kind, ()))
        if more:
            raise UnverifiedError(f"{peer} documents other {kind} than tools.json has: {', '.join(sorted(more))}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.moves", description="Compare imports with the tools.")
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench"), help="where `make bench` installs the tools")
    parser.add_argument("--jobs", type=int, default=200, metavar="N", help="of each tool")
    parser.add_argument("--steps", type=int, default=20, metavar="N")
    parser.add_argument("tools", nargs="*", metavar="TOOL", help=f"of {', '.join(_PEERS)}; all, when left out")
    wanted = parser.parse_args(arguments)
    is_good = True
    for peer in wanted.tools or _PEERS:
        bin_directory = (wanted.peers / peer / "bin").absolute()
        try:
            _check_keys(peer, bin_directory)
            found = asyncio.run(_measure(peer, bin_directory / peer, wanted.jobs, wanted.steps))
        except UnverifiedError as error:
            print(f"not as claimed: {error}", file=sys.stderr)
            return 1
        is_good &= not found.unnamed and found.share >= _TARGET
        _print(peer, wanted.jobs, found)
    return 0 if is_good else 1


def _print(peer: str, count: int, found: Agreement) -> None:
    fates = Counter(found.fates.values())
    print(f"{peer}: {count} jobs ({', '.join(f'{number} {fate}' for fate, number in sorted(fates.items()))})")
    print(f"  alerts of both {found.both:,}, of the tool alone {found.theirs:,}, of watcher alone {found.ours:,}")
    print(f"  {found.share:.1%} agree; {len(found.differing)} jobs differ, {len(found.unnamed)} of them unnamed")
    for name in found.unnamed[:10]:
        print(f"  unnamed: {name}, {found.differing[name]} times")


if __name__ == "__main__":
    sys.exit(main())
