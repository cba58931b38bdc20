"""A pass over pages that take a second to answer, each on a host of its own: all at once, or one after the other."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Final

from benchmarks.costs import Cost, run
from benchmarks.many import write_watches
from benchmarks.pages import Phase
from benchmarks.report import Bench, Section, Table, UnverifiedError, verdict
from benchmarks.serving import SiteProcess, serving
from benchmarks.tools.ours import watcher_command

_HOSTS: Final = 100
_QUICK_HOSTS: Final = 5
_LATENCY_SECONDS: Final = 1.0
_PASS_SECONDS: Final = 1.5
_TURNS: Final = 5
_LIMIT_SECONDS: Final = 60
_NOTHING: Final = "watches: {none: {url: 'http://127.0.0.1/', topic: t, enabled: false}}\n"


async def measure(bench: Bench) -> Section:
    """Return how long such a pass takes. Raises UnverifiedError."""
    hosts, turns = (_QUICK_HOSTS, 1) if bench.is_quick else (_HOSTS, _TURNS)
    idle, place = bench.room("nothing"), bench.room("latency")
    (idle / "watches.yaml").write_text(_NOTHING, encoding="utf-8")
    async with serving(hosts=hosts, latency_seconds=_LATENCY_SECONDS) as site:
        write_watches(place, site.places, hosts, every="1h")
        await site.show(Phase.NOT_MODIFIED)
        await _pass(place)  # the first, which reads the pages
        passes = []
        for _ in range(turns):
            await site.show(Phase.NOT_MODIFIED)
            passes.append(await _pass(place))
            await _require_all(site, hosts)
        empty = [await _pass(idle) for _ in range(turns)]
    bench.tell(f"  {hosts} hosts: {_seconds(passes):.2f} s, of which a pass over nothing takes {_seconds(empty):.2f} s")
    return _section(hosts, passes, empty)


async def _pass(place: Path) -> Cost:
    command = watcher_command(place, "check")
    cost = await run(command, limit_seconds=_LIMIT_SECONDS)
    if cost.status != 0:
        raise UnverifiedError(f"watcher check ended with status {cost.status}; it said: {command.last_words()}")
    return cost


async def _require_all(site: SiteProcess, hosts: int) -> None:
    counted = await site.counted()
    if (counted.requests, counted.not_modified) != (hosts, hosts):
        raise UnverifiedError(f"{counted.not_modified} of {counted.requests} answers were 304, not {hosts} of {hosts}")


def _seconds(costs: list[Cost]) -> float:
    return statistics.median(each.seconds for each in costs)


def _section(hosts: int, passes: list[Cost], empty: list[Cost]) -> Section:
    whole, start = _seconds(passes), _seconds(empty)
    rows = [
        ["the whole process", f"{whole:.2f}", f"< {_PASS_SECONDS:g}", verdict(is_reached=whole < _PASS_SECONDS)],
        ["its start and end, in a pass over nothing", f"{start:.2f}", "", ""],
        ["CPU of the whole process", f"{statistics.median(each.cpu_seconds for each in passes):.2f}", "", ""],
        ["the checks alone, the difference", f"{whole - start:.2f}", f"≥ {_LATENCY_SECONDS:g}", ""],
    ]
    title = f"`watcher check` of {hosts} pages on {hosts} hosts that answer after {_LATENCY_SECONDS:g} s"
    return Section(
        title="Slow sites",
        tables=[Table(title=title, header=["", f"s, median of {len(passes)}", "wanted", "reached"], rows=rows)],
        figures={"latency pass seconds": whole, "latency start seconds": start},
    )
