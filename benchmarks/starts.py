"""How long it takes to start: with many watches, until it is ready; and to say what commands there are."""

from __future__ import annotations

import statistics
from typing import Final

from benchmarks.costs import Cost, run
from benchmarks.pages import Phase
from benchmarks.readiness import started
from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from benchmarks.serving import serving
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place

_WATCHES: Final = 10_000
_QUICK_WATCHES: Final = 50
_START_SECONDS: Final = 3.0
_HELP_SECONDS: Final = 0.3
_TURNS: Final = 3
_LIMIT_SECONDS: Final = 120


async def measure(bench: Bench) -> Section:
    """Return what a start costs. Raises UnverifiedError."""
    watches = _QUICK_WATCHES if bench.is_quick else _WATCHES
    async with serving() as site:
        place = Place(directory=bench.room("start"), urls=site.pages(watches))
        tool = Watcher(place=place, every="1d")
        await tool.prepare()
        await site.show(Phase.NOT_MODIFIED)
        if (await run(tool.one_pass(), limit_seconds=_LIMIT_SECONDS)).status != 0:
            raise UnverifiedError(f"watcher check did not end well: {tool.one_pass().last_words()}")
        ready = [await _start(tool) for _ in range(_TURNS)]
    helps = [await _help(tool) for _ in range(_TURNS)]
    bench.tell(f"  ready after {_seconds(ready):.2f} s; --help {_seconds(helps):.2f} s")
    return _section(watches, ready, helps)


async def _start(tool: Watcher) -> Cost:
    """Start it with what it knows of all watches, and return what that cost until it says that it is ready."""
    async with started(tool.command("run", "--port", "0"), limit_seconds=_LIMIT_SECONDS) as (_, cost):
        return cost


async def _help(tool: Watcher) -> Cost:
    command = tool.command("--help")
    cost = await run(command, limit_seconds=_LIMIT_SECONDS)
    if cost.status != 0:
        raise UnverifiedError(f"watcher --help ended with status {cost.status}; it said: {command.last_words()}")
    return cost


def _seconds(costs: list[Cost]) -> float:
    return statistics.median(each.seconds for each in costs)


def _cpu_seconds(costs: list[Cost]) -> float:
    return statistics.median(each.cpu_seconds for each in costs)


def _section(watches: int, ready: list[Cost], helps: list[Cost]) -> Section:
    rows = [_row(f"`watcher run` with {watches:,} watches, until it is ready", ready, _START_SECONDS)]
    rows.append(_row("`watcher --help`", helps, _HELP_SECONDS))
    header = ["", "s", "CPU s", "peak MB", "wanted, s", "reached"]
    return Section(
        title="Starting",
        tables=[Table(title=f"Medians of {_TURNS} starts", header=header, rows=rows)],
        figures={
            "start seconds": _seconds(ready),
            "start cpu_seconds": _cpu_seconds(ready),
            "help seconds": _seconds(helps),
            "help cpu_seconds": _cpu_seconds(helps),
        },
    )


def _row(what: str, costs: list[Cost], wanted_seconds: float) -> list[str]:
    seconds = _seconds(costs)
    memory = max(each.memory_bytes for each in costs) / 1_000_000
    cells = [f"{seconds:.2f}", f"{_cpu_seconds(costs):.2f}", f"{memory:.0f}"]
    return [what, *cells, f"< {wanted_seconds:g}", verdict(is_reached=seconds < wanted_seconds)]
