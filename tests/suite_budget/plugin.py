"""
A plugin of pytest that measures what each module of tests costs; `python -m tests.suite_budget` runs it.

CPU is that of the whole tree of processes below the command, so a server that has detached itself is in it as well.
What a fixture of a session or of a package costs to make is its own, wherever it is used first. Processes are those
that the tests' own process starts; what those start is seen by its CPU, and browsers and clusters by `started.py`.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.suite_budget.started import BROWSER, CLUSTER, VARIABLE

COSTS: Final = "SUITE_BUDGET_COSTS"
"""Names the file that the costs are written to."""
COLLECTION: Final = "collection"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_STARTS: Final = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn")


class Meter:
    """Counts what is spent for whoever's turn it is."""

    def __init__(self, top: int, started: Path) -> None:
        self.costs: dict[str, Counter[str]] = defaultdict(Counter)
        self._top = top
        self._started = started
        self._seen = 0
        self._ticks = ticks_below(top)
        self._turn = COLLECTION

    def note_event(self, event: str, _arguments: tuple[object, ...]) -> None:
        """Count a process that is started."""
        if event in _STARTS:
            self.costs[self._turn]["processes"] += 1

    def turn_to(self, who: str) -> str:
        """Count for another from now on; return whose turn it was."""
        ticks, started = ticks_below(self._top), self._started.read_text(encoding="utf-8")
        cost, fresh, before = self.costs[self._turn], started[self._seen :], self._turn
        cost["ticks"] += max(0, ticks - self._ticks)
        cost["browsers"] += fresh.count(BROWSER)
        cost["clusters"] += fresh.count(CLUSTER)
        self._ticks = max(ticks, self._ticks)  # what ends while it is read is missed once, and was counted before
        self._seen, self._turn = len(started), who
        return before

    @contextmanager
    def turn_of(self, who: str) -> Iterator[None]:
        """Count for somebody meanwhile."""
        before = self.turn_to(who)
        try:
            yield
        finally:
            self.turn_to(before)


class Plugin:
    """Says whose turn it is."""

    def __init__(self, meter: Meter, costs: Path) -> None:
        self._meter = meter
        self._costs = costs
        self._module = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Count for the module of a test."""
        module = item.nodeid.partition("::")[0]
        if module != self._module:
            self._meter.turn_to(module)
            self._module = module
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Count for a fixture that many modules share."""
        if fixturedef.scope not in ("session", "package"):
            return (yield)
        with self._meter.turn_of(f"{fixturedef.baseid or 'tests'}::{fixturedef.argname}"):
            return (yield)

    def pytest_sessionfinish(self) -> None:
        """Write what was counted."""
        self._meter.turn_to("")
        costs = {
            who: {
                "seconds": cost["ticks"] / _TICKS,
                **{name: cost[name] for name in ("processes", "browsers", "clusters")},
            }
            for who, cost in self._meter.costs.items()
        }
        self._costs.write_text(json.dumps(costs), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Measure, where the command asks for it."""
    if COSTS in os.environ:
        meter = Meter(os.getppid(), Path(os.environ[VARIABLE]))
        sys.addaudithook(meter.note_event)
        config.pluginmanager.register(Plugin(meter, Path(os.environ[COSTS])))


def ticks_below(pid: int) -> int:
    """Return the CPU of a process, of all that it waited for, and of all that is below it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        children = [
            child for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()
        ]
    except OSError:
        return 0
    return sum(map(int, fields[11:15])) + sum(ticks_below(int(child)) for child in children)
