"""The same pass where nobody can keep a connection, and over https."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.passes import Contender, measure_in_turns
from benchmarks.report import Bench, Section
from benchmarks.serving import serving, write_certificate
from benchmarks.tables import OURS, Trial
from benchmarks.targets import OF_URLWATCH
from benchmarks.tools.ours import Watcher
from benchmarks.tools.tool import Place
from benchmarks.tools.urlwatch import Urlwatch

_WATCHES: Final = 1_000
_QUICK_WATCHES: Final = 20
_FRESH_TURNS: Final = 2
_HTTPS_TURNS: Final = 1


async def measure(bench: Bench) -> Section:
    """Return what both kinds of connection cost. Raises UnverifiedError."""
    bench.tell("a fresh connection for each check")
    fresh = await _measure(bench, "fresh", _FRESH_TURNS, is_closing=True)
    bench.tell("https")
    https = await _measure(bench, "https", _HTTPS_TURNS, certificate=write_certificate(bench.room("certificate")))
    return Section(
        title="Fresh connections, and https",
        tables=[
            fresh.cpu_table(f"A fresh connection for each check, {fresh.watches:,} watches"),
            https.cpu_table(f"https, {https.watches:,} watches"),
        ],
        charts=[
            fresh.chart("fresh", "A fresh connection for each check"),
            https.chart("https", "https"),
        ],
        figures={**fresh.figures(), **https.figures()},
    )


async def _measure(
    bench: Bench, name: str, turns: int, *, is_closing: bool = False, certificate: Path | None = None
) -> Trial:
    watches = _QUICK_WATCHES if bench.is_quick else _WATCHES
    async with serving(is_closing=is_closing, certificate=certificate) as site:

        def place(tool: str) -> Place:
            urls = site.pages(watches)
            return Place(directory=bench.room(name, tool), urls=urls, is_believed=certificate is None)

        contenders = [Contender(tool=Watcher(place=place(OURS)), turns=turns)]
        if not bench.is_quick:
            urlwatch = Urlwatch(place=place("urlwatch"), bin=bench.bin_of("urlwatch"))
            contenders.append(Contender(tool=urlwatch, turns=turns))
        measured = await measure_in_turns(bench, site, contenders, watches)
    return Trial(name=name, watches=watches, turns=measured, targets=OF_URLWATCH.get(f"{name} {watches}", {}))
