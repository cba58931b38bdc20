"""
Processes under load, struck by chance, run after run, and what has come of each is kept.

    python -m tests.faults.chaos [--what servers cluster files] [--runs 100] [--kept DIRECTORY] [--seconds 60]
        [--without fence|order|…] [--only kill freeze …]

Each run has a seed, from 1. Those that have passed are not run again, so a stop at any moment loses one run at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.faults.altered import Protection
from tests.faults.chains import Unrest
from tests.faults.servers import servers_trial
from tests.faults.strikes import Heal
from tests.faults.trial import Outcome, Plan, Trial, What
from tests.faults.watching import cluster_trial, files_trial

_SERVERS: Final = {What.SERVERS: 3, What.CLUSTER: 2, What.FILES: 0}
_KEPT: Final = Path(".chaos")
_SHOWN: Final = 20
_LOOK_SECONDS: Final = 0.1
_LONGEST_TAKE_OVER_SECONDS: Final = 60.0


async def run(plan: Plan, directory: Path) -> Outcome:
    """Strike under load, then let what is on its way arrive, and compare the books."""
    async with _trial(plan, directory) as trial:
        async with trial.load():
            take_overs = await _strike(plan, trial)
        await _until(trial.has_arrived, seconds=plan.arrival_seconds)
        complaints = await trial.complaints()
        processes = trial.faults.processes
        return Outcome(
            what=plan.what,
            seed=plan.seed,
            faults=dict(Counter(trial.faults.struck)),
            take_overs=take_overs,
            most_seconds=trial.most_seconds,
            figures=dict(trial.figures),
            complaints=[*processes.troubles, *processes.defects(), *complaints],
            revision=_revision(),
        )


async def run_each(plans: Iterable[Plan], directory: Path) -> Sequence[Outcome]:
    """Do these, of which each has another seed, one after the other, each in a directory of its own."""
    outcomes = []
    for plan in plans:
        own = directory / f"{plan.seed}"
        own.mkdir()
        outcomes.append(await run(plan, own))
    return outcomes


def wrong_in(outcomes: Iterable[Outcome]) -> str:
    """Return what is wrong in runs, a line each."""
    return "\n".join(f"{each}: {complaint}" for each in outcomes for complaint in (*each.complaints[:10], *each.late))


def _trial(plan: Plan, directory: Path) -> AbstractAsyncContextManager[Trial]:
    match plan.what:
        case What.SERVERS:
            return servers_trial(plan, directory)
        case What.CLUSTER:
            return cluster_trial(plan, directory)
        case What.FILES:
            return files_trial(plan, directory)


async def _strike(plan: Plan, trial: Trial) -> Sequence[float]:
    """Make faults; return after how many seconds all was done again, each time."""
    chance, take_overs, ends_at = trial.faults.chance, [], time.monotonic() + plan.seconds
    while time.monotonic() < ends_at:
        since = time.monotonic()
        heals = [await trial.faults.strike() for _ in range(1 + (chance.random() < 0.3))]
        if trial.is_alone:
            await _heal(heals)
        take_overs.append(await _until_well(trial))
        if not trial.is_alone:
            await _heal(heals)
        trial.faults.unrest.append(Unrest(since=since, until=time.monotonic()))
        await asyncio.sleep(chance.random() * plan.lease_seconds)
    return take_overs


async def _until_well(trial: Trial) -> float:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_TAKE_OVER_SECONDS):
            return await trial.until_well()
    return _LONGEST_TAKE_OVER_SECONDS


async def _heal(heals: Sequence[Heal]) -> None:
    for heal in heals:
        await heal()


async def _until(is_so: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
    """Return when it is so, or long enough after: what is missing is found in the books."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not await is_so():  # noqa: ASYNC110 - other processes work
                await asyncio.sleep(_LOOK_SECONDS)


def _revision() -> str:
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return said.stdout.strip()


def _run_or_read(plan: Plan, kept: Path) -> Outcome:
    """Return what is kept of a run that went well; else run it, and keep what has come of it."""
    if kept.exists() and (before := Outcome(**json.loads(kept.read_text(encoding="utf-8")))).is_fine:
        return before
    with tempfile.TemporaryDirectory(prefix="watcher-chaos-") as made:
        outcome = asyncio.run(run(plan, Path(made)))
    kept.write_text(json.dumps(asdict(outcome), indent=1), encoding="utf-8")
    return outcome


def _summary(outcomes: Sequence[Outcome]) -> str:
    faults = sum(sum(each.faults.values()) for each in outcomes)
    figures = sum((Counter(each.figures) for each in outcomes), Counter[str]())
    take_overs = [seconds for each in outcomes for seconds in each.take_overs]
    return (
        f"{outcomes[0].what}: {len(outcomes)} runs, {sum(each.is_fine for each in outcomes)} fine; {faults:,} faults, "
        f"{', '.join(f'{number:,} {name}' for name, number in figures.items())}; "
        f"worst take-over {max(take_overs, default=0):.1f} s; "
        f"revisions {', '.join(sorted({each.revision for each in outcomes}))}"
    )


def main(arguments: Sequence[str]) -> int:
    """Run what has not run; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.chaos")
    parser.add_argument(
        "--what", type=What, choices=list(What), nargs="+", default=[What.SERVERS, What.CLUSTER], help="what is struck"
    )
    parser.add_argument("--runs", type=int, default=100, help="of each")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="for which each run makes faults")
    parser.add_argument("--kept", type=Path, default=_KEPT, help="where what has come of each run is kept")
    parser.add_argument("--without", type=Protection, choices=list(Protection), help="take a protection away")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="FAULT", help="make these faults alone: kill, freeze, …"
    )
    wanted = parser.parse_args(arguments)
    wanted.kept.mkdir(exist_ok=True)
    outcomes: dict[What, list[Outcome]] = {what: [] for what in wanted.what}
    for seed in range(wanted.first, wanted.first + wanted.runs):
        for what, of_it in outcomes.items():
            plan = Plan(
                what=what,
                seed=seed,
                seconds=wanted.seconds,
                servers=_SERVERS[what],
                taken_away=wanted.without,
                only=tuple(wanted.only),
            )
            name = "-".join([what, *([wanted.without] if wanted.without else []), str(seed)])
            of_it.append(_run_or_read(plan, wanted.kept / f"{name}.json"))
            print(of_it[-1], *of_it[-1].complaints[:_SHOWN], sep="\n  ", flush=True)
    print(*(_summary(of_it) for of_it in outcomes.values() if of_it), sep="\n")
    return 0 if all(each.is_fine for of_it in outcomes.values() for each in of_it) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
