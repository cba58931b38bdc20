"""
Measures watcher: `make bench`, or `python -m benchmarks` where the peers are installed.

Prints each table, and writes the figures and charts of `docs/performance.md`. Ends with status 1 when something was
not what it claimed to be, and says what. A figure that falls short of its target is printed as short.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import watcher
from benchmarks import beside, connections, growth, latency, layouts, long_run, push, selectors, starts
from benchmarks.documents import as_json, as_terminal, write_page
from benchmarks.report import Bench, Section, UnverifiedError
from benchmarks.summary import OF_SECTIONS, summary

_CHECKOUT: Final = Path(__file__).parents[1]
SECTIONS: Final[Mapping[str, Callable[[Bench], Awaitable[Section]]]] = {
    "beside": beside.measure,
    "connections": connections.measure,
    "long-run": long_run.measure,
    "layouts": layouts.measure,
    "starts": starts.measure,
    "latency": latency.measure,
    "growth": growth.measure,
    "push": push.measure,
    "selectors": selectors.measure,
}
"""In the order in which they run and stand on the page."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; return the exit status."""
    wanted = _parser().parse_args(arguments)
    if sys.platform != "linux":
        print("the benchmarks count with Linux's /proc, and run there alone", file=sys.stderr)
        return 2
    began = time.monotonic()
    measured: dict[str, Section] = {}
    try:
        for name in wanted.sections or SECTIONS:
            measured[name] = asyncio.run(_measure(name, wanted))
    except UnverifiedError as error:
        print(f"not as claimed: {error}", file=sys.stderr)
        return 1
    if measured.keys() >= OF_SECTIONS:
        measured["summary"] = summary(measured)
        print(as_terminal(measured["summary"]), flush=True)
    if wanted.json:
        wanted.json.write_text(as_json(measured, _machine()), encoding="utf-8")
    if not wanted.quick:
        write_page(wanted.page, measured, _machine())
    print(f"\nmeasured in {(time.monotonic() - began) / 60:.1f} minutes")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure watcher beside its peers.")
    parser.add_argument(
        "--sections", nargs="+", choices=SECTIONS, metavar="NAME", help=f"only of {', '.join(SECTIONS)}"
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes and no peers: does it work? Writes no page")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there, too")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", default=_CHECKOUT / "docs" / "performance.md", help="the page to write"
    )
    parser.add_argument(
        "--peers", type=Path, metavar="DIR", default=_CHECKOUT / ".venv-bench", help="the environments of the peers"
    )
    return parser


async def _measure(name: str, wanted: argparse.Namespace) -> Section:
    _tell(f"{name} …")
    with tempfile.TemporaryDirectory(prefix="watcher-bench-") as workshop:
        bench = Bench(workshop=Path(workshop), is_quick=wanted.quick, tell=_tell, peers=wanted.peers)
        section = await SECTIONS[name](bench)
    print(as_terminal(section), flush=True)
    return section


def _tell(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", flush=True)


def _machine() -> str:
    """Return what the figures were measured on, in a sentence for the page."""
    version = f"{platform.python_implementation()} {platform.python_version()}"
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    cores = f"{len(os.sched_getaffinity(0))} cores of {_processor()} ({platform.machine()})"
    return f"watcher {watcher.__version__}, {version}, {system}, {cores}, {datetime.now(UTC):%Y-%m-%d}."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "an unnamed processor"


if __name__ == "__main__":
    sys.exit(main())
