"""
Runs the tests of `make test`, one after the other, and names the modules that cost more than their budget.

    python -m tests.suite_budget [--write] [--show NUMBER] [PATH …]      (make suite-budget)

`--write` writes `budget.toml` for what was measured: of paths that are named, their lines alone. Ends with 1 where
something is over its budget, and with pytest's status where a test failed. It needs Linux.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.suite_budget.budget import Cost, as_toml, budget_for, over_budget, read_budget
from tests.suite_budget.machine import reference_seconds
from tests.suite_budget.plugin import COSTS
from tests.suite_budget.started import VARIABLE

FILE: Final = Path(__file__).with_name("budget.toml")
_PR_SET_CHILD_SUBREAPER: Final = 36
_SHOWN: Final = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says."""
    wanted = _parser().parse_args(arguments)
    quick = reference_seconds()
    status, seconds = measure(wanted.paths)
    quick = (quick + reference_seconds()) / 2
    costs = {who: replace(cost, seconds=cost.seconds * quick) for who, cost in seconds.items()}
    _show(costs, wanted.show, quick)
    known = read_budget(FILE.read_text(encoding="utf-8")) if FILE.exists() else None
    if status:
        print("tests failed, so what they cost says little")
        return status
    if wanted.write and (known or not wanted.paths):
        FILE.write_text(as_toml(budget_for(costs, known if wanted.paths else None)), encoding="utf-8")
        return 0
    if known is None:
        print(f"there is no {FILE.name} yet; --write makes it, after a run of all tests")
        return 1
    found = list(over_budget(costs, known, is_whole=not wanted.paths))
    print("\n".join(found) or "nothing is over its budget")
    return 1 if found else 0


def measure(paths: Sequence[str]) -> tuple[int, Mapping[str, Cost]]:
    """Run the tests; return the exit status of pytest, and what each module cost in seconds of this machine's CPU."""
    with tempfile.TemporaryDirectory() as made:
        costs, started = Path(made, "costs"), Path(made, "started")
        started.touch(0o666)
        status = _run(["-p", "tests.suite_budget.plugin", *paths], {COSTS: str(costs), VARIABLE: str(started)})
        found = json.loads(costs.read_text(encoding="utf-8")) if costs.exists() else {}
    return status, {who: Cost(**cost) for who, cost in found.items()}


def _run(arguments: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run pytest; what loses its parent comes to this process, which waits for it, so that its CPU is counted."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    command = [sys.executable, "-m", "pytest", *arguments]
    pytest_itself = os.spawnve(os.P_NOWAIT, sys.executable, command, {**os.environ, **variables})
    while True:
        ended, status = os.wait()
        if ended == pytest_itself:
            return os.waitstatus_to_exitcode(status)


def _show(costs: Mapping[str, Cost], number: int, quick: float) -> None:
    most = sorted(costs, key=lambda who: -costs[who].seconds)[:number]
    print(f"a second of this machine's CPU is {quick:.2f} reference seconds\n")
    print(f"{'seconds':>8} {'processes':>9} {'browsers':>8} {'clusters':>8}")
    for who, cost in [*((who, costs[who]) for who in most), ("all", sum(costs.values(), Cost()))]:
        print(f"{cost.seconds:8.1f} {cost.processes:9} {cost.browsers:8} {cost.clusters:8}  {who}")
    print()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.suite_budget", description=(__doc__ or "").partition("\n\n")[0]
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="tests, where not all of them are to be measured")
    parser.add_argument("--write", action="store_true", help="write the budget")
    parser.add_argument("--show", type=int, default=_SHOWN, metavar="NUMBER", help=f"of the dearest modules ({_SHOWN})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
