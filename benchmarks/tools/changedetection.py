"""
changedetection.io: its batch mode, in which it checks every watch a number of times and ends, without its web pages.

It is a server, whose first check of a watch after its start never takes the short cuts of the later ones. So all phases
are measured within one process, without its start, which costs about 5 s of CPU.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.costs import Command, Cost, Running, running
from benchmarks.pages import PRICE, Phase
from benchmarks.passes import Claim
from benchmarks.report import Bench, UnverifiedError
from benchmarks.serving import SiteProcess
from benchmarks.tools.tool import Place, Said

NAME: Final = "changedetection.io"
_ENVIRONMENT: Final = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # it may ask loopback
    "FETCH_WORKERS": "10",
    "LOGGER_LEVEL": "WARNING",
    "DISABLE_VERSION_CHECK": "true",
}
_LIMIT_SECONDS: Final = 300
_LOOK_SECONDS: Final = 0.1
_QUIET_LOOKS: Final = 4
_QUIET_CPU_SECONDS: Final = 0.02
"""It pauses for two seconds between two rounds; this little in four looks means that it does."""


async def measure_in_one_process(
    bench: Bench, site: SiteProcess, place: Place, bin_directory: Path, phases: Sequence[Phase]
) -> Mapping[tuple[str, Phase], list[Cost]]:
    """Return what one pass costs in each of the phases. Raises UnverifiedError."""
    watches, store = len(place.urls), place.directory / "datastore"
    store.mkdir()
    command = _batch(place, bin_directory, rounds=1 + len(phases))
    costs: dict[tuple[str, Phase], list[Cost]] = {}
    await site.show(Phase.NOT_MODIFIED)
    async with running(command, limit_seconds=_LIMIT_SECONDS) as process:
        await _round(site, process, watches)
        bench.tell(f"  {NAME} knows {watches:,} watches")
        seen = _said(store)
        for phase in phases:
            await site.show(phase)
            cost = await _round(site, process, watches)
            now = _said(store)
            said, seen = Said(changed=now.changed - seen.changed, failed=now.failed), now
            # It sends no validators, so that a 304 never comes.
            claim = Claim(name=NAME, phase=phase, watches=watches, is_answered_304=False)
            claim.verify(await site.counted(), said, command)
            costs[NAME, phase] = [cost]
            bench.tell(f"  {phase}: {NAME} {cost.cpu_seconds / watches * 1000:.2f} ms")
    return costs


def _batch(place: Place, bin_directory: Path, *, rounds: int) -> Command:
    """Return the command that adds the watches, and checks them all so often."""
    options = json.dumps({"include_filters": [PRICE], "fetch_backend": "html_requests"})
    adding = [word for number, url in enumerate(place.urls) for word in ("-u", url, f"-u{number}", options)]
    # It does not start where its web pages would not find their port free, though it does not serve them.
    always = (str(bin_directory / "changedetection.io"), "-d", "datastore", "-h", "127.0.0.1", "-p", "0", "-b")
    return Command(
        line=(*always, *adding, "-r", "all", str(rounds)), directory=place.directory, environment=_ENVIRONMENT
    )


async def _round(site: SiteProcess, process: Running, watches: int) -> Cost:
    """Wait until every watch was checked once more; return what that cost."""
    cpu_seconds = process.cpu_seconds()
    try:
        await process.during(site.was_asked(1, limit_seconds=_LIMIT_SECONDS))
        began = time.monotonic()
        await process.during(site.was_asked(watches, limit_seconds=_LIMIT_SECONDS))
    except TimeoutError:
        raise UnverifiedError(f"{NAME} did not check {watches:,} watches within {_LIMIT_SECONDS} s") from None
    used = [process.cpu_seconds()]
    while len(used) <= _QUIET_LOOKS or used[-1] - used[-1 - _QUIET_LOOKS] > _QUIET_CPU_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
        used.append(process.cpu_seconds())
    seconds = time.monotonic() - began - _QUIET_LOOKS * _LOOK_SECONDS
    return Cost(status=0, seconds=seconds, cpu_seconds=used[-1] - cpu_seconds, memory_bytes=process.memory_bytes())


def _said(store: Path) -> Said:
    """Count the snapshots beyond the first of each watch, and the watches with an error."""
    watches = list(store.glob("*/watch.json"))
    failed = sum(bool(json.loads(each.read_bytes())["last_error"]) for each in watches)
    return Said(changed=sum(_snapshots(each.with_name("history.txt")) - 1 for each in watches), failed=failed)


def _snapshots(history: Path) -> int:
    return len(history.read_text().splitlines())
