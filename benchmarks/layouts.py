"""Two sites more: one with its price in the last tenth of a page, one with a table of 50 rows."""

from __future__ import annotations

from typing import Final

from benchmarks.long_run import Load, marginal_table, measure_load
from benchmarks.pages import Layout, Phase
from benchmarks.passes import Contender, measure_in_turns
from benchmarks.report import Bench, Section
from benchmarks.serving import serving
from benchmarks.tables import OURS, Trial
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place, Tool
from benchmarks.tools.urlwatch import Urlwatch

_PARSING: Final = (Phase.PARSED, Phase.CHANGED)
"""The others ask nothing of a page."""
_WATCHES: Final = 1_000
_QUICK_WATCHES: Final = 20
_TURNS: Final = 2
_CHECKS: Final = dict.fromkeys(_PARSING, 2_000)
LATE: Final = "price in the last tenth"
ROWS: Final = "tables of 50 rows"
_LOADS: Final = (
    Load(name=LATE, layout=Layout.LATE, watches=2_000, every_seconds=1, checks=_CHECKS, phases=_PARSING),
    Load(name=ROWS, layout=Layout.ROWS, watches=2_000, every_seconds=1, checks=_CHECKS, phases=_PARSING),
)
_QUICK: Final = (
    Load(
        name=LATE, layout=Layout.LATE, watches=20, every_seconds=1, checks=dict.fromkeys(_PARSING, 20), phases=_PARSING
    ),
    Load(
        name=ROWS, layout=Layout.ROWS, watches=20, every_seconds=1, checks=dict.fromkeys(_PARSING, 20), phases=_PARSING
    ),
)


async def measure(bench: Bench) -> Section:
    """Return what checks of both sites cost: beside urlwatch where it reads the same, and beside the floor."""
    late = await _late(bench)
    marginal = [await measure_load(bench, load) for load in (_QUICK if bench.is_quick else _LOADS)]
    figures = [late.figures(), *(each.figures() for each in marginal)]
    return Section(
        title="Other sites",
        tables=[
            late.cpu_table(f"The price in the last tenth of the page, {late.watches:,} watches"),
            marginal_table("One more check in a long run", marginal),
        ],
        figures={name: figure for each in figures for name, figure in each.items()},
    )


async def _late(bench: Bench) -> Trial:
    watches, turns = (_QUICK_WATCHES, 1) if bench.is_quick else (_WATCHES, _TURNS)
    async with serving() as site:

        def place(name: str) -> Place:
            urls = site.pages(watches, Layout.LATE)
            return Place(directory=bench.room(name, "late"), urls=urls, layout=Layout.LATE)

        tools: list[Tool] = [Watcher(place=place(OURS))]
        if not bench.is_quick:
            tools.append(Urlwatch(place=place("urlwatch"), bin=bench.bin_of("urlwatch")))
        contenders = [Contender(tool=tool, turns=turns, phases=_PARSING) for tool in tools]
        measured = await measure_in_turns(bench, site, contenders, watches)
    return Trial(name="late", watches=watches, turns=measured)
