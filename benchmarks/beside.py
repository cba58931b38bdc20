"""One pass over all watches, beside the peers: all on one host, the start of the process included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.pages import Phase
from benchmarks.passes import Contender, Turns, measure_in_turns
from benchmarks.report import Bench, Section, Table
from benchmarks.serving import SiteProcess, serving
from benchmarks.tables import OURS, PHASE_NAMES, Trial
from benchmarks.targets import OF_URLWATCH
from benchmarks.tools import changedetection
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place
from benchmarks.tools.urlwatch import Urlwatch
from benchmarks.tools.webchanges import Webchanges


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """
    How many watches, and how many measured passes each tool makes in each phase.

    Attributes:
        changedetection: the phases in which it takes part, with one pass, for one that parses takes minutes.
        phases: those in which all but it take part.
    """

    watches: int
    ours: int
    urlwatch: int = 0
    webchanges: int = 0
    changedetection: Sequence[Phase] = ()
    phases: Sequence[Phase] = tuple(Phase)


# A pair of passes over 1,000 watches takes half a minute, one of changedetection.io's that parses them two.
_SIZES: Final = (
    _Size(watches=200, ours=3, urlwatch=3, webchanges=1, changedetection=tuple(Phase)),
    _Size(watches=1_000, ours=3, urlwatch=3, webchanges=1, changedetection=(Phase.NOT_MODIFIED, Phase.SAME)),
    _Size(watches=5_000, ours=1, urlwatch=1),
)
_QUICK: Final = (_Size(watches=20, ours=1, phases=(Phase.NOT_MODIFIED, Phase.CHANGED)),)


async def measure(bench: Bench) -> Section:
    """Return what each tool costs at each size. Raises UnverifiedError."""
    return await measure_sizes(bench, _QUICK if bench.is_quick else _SIZES)


async def measure_sizes(bench: Bench, sizes: Sequence[_Size]) -> Section:
    """Return what each tool costs at these sizes. Raises UnverifiedError."""
    trials: list[Trial] = []
    async with serving() as site:
        for size in sizes:
            bench.tell(f"{size.watches:,} watches")
            turns = await _turns(bench, site, size)
            targets = OF_URLWATCH.get(f"whole {size.watches}", {})
            trials.append(Trial(name="whole", watches=size.watches, turns=turns, targets=targets))
    return _section(trials)


async def _turns(bench: Bench, site: SiteProcess, size: _Size) -> Turns:
    urls = site.pages(size.watches)

    def place(name: str) -> Place:
        return Place(directory=bench.room(name, size.watches), urls=urls)

    contenders = [Contender(tool=Watcher(place=place(OURS)), turns=size.ours, phases=size.phases)]
    if size.urlwatch:
        urlwatch = Urlwatch(place=place("urlwatch"), bin=bench.bin_of("urlwatch"))
        contenders.append(Contender(tool=urlwatch, turns=size.urlwatch, phases=size.phases))
    if size.webchanges:
        webchanges = Webchanges(place=place("webchanges"), bin=bench.bin_of("webchanges"))
        contenders.append(Contender(tool=webchanges, turns=size.webchanges, phases=size.phases))
    phases = size.changedetection
    if not phases:
        return await measure_in_turns(bench, site, contenders, size.watches)
    name = changedetection.NAME
    server = bench.bin_of(name)
    turns = await measure_in_turns(bench, site, contenders, size.watches)
    return {**turns, **await changedetection.measure_in_one_process(bench, site, place(name), server, phases)}


def _section(trials: Sequence[Trial]) -> Section:
    header = ["", *PHASE_NAMES.values()]
    tables = [trial.cpu_table(f"{trial.watches:,} watches on one host") for trial in trials]
    tables.append(Table(title="Checks a second", header=header, rows=[row for each in trials for row in each.rates()]))
    memory = [row for each in trials for row in each.memory()]
    tables.append(Table(title="Peak memory of the largest process, MB", header=header, rows=memory))
    charts = [trial.chart(f"beside-{trial.watches}", f"One pass over {trial.watches:,} watches") for trial in trials]
    return Section(
        title="One pass beside the peers",
        tables=tables,
        charts=charts,
        figures={name: figure for each in trials for name, figure in each.figures().items()},
    )
