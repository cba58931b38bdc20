"""
Workers and servers on one PostgreSQL, killed, frozen, cut off and stopped by chance, and their database too, while the
files of two machines are edited and applied: nobody is told too much, too little or twice, no host is asked twice at a
time, and each page is looked at again in time.

A site knows the truth (`recording_site.py`), and books compare it with what readers were told (`chains.py`);
`make chaos` does a hundred runs. Protections are taken away in turn, and then the same must fail.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.faults.altered import Protection
from tests.faults.chaos import run, wrong_in
from tests.faults.processes import Role
from tests.faults.tally import Tally, sized
from tests.faults.trial import Outcome, Plan, What
from tests.faults.watching import cluster_trial

_SEED: Final = 1_001
SECONDS: Final = sized(quick=20.0, full=45.0)
_KILLS: Final = sized(quick=1, full=6)
_CONTROLS: Final = 3
"""Runs without a protection, of which one must fail."""
_KINDS: Final = ("broken", "lost", "invented", "doubled", "overlapping")


pytestmark = pytest.mark.usefixtures("needs_postgresql")


@pytest.mark.faults
async def test_a_short_storm_over_two_workers_breaks_no_chain(tmp_path: Path) -> None:
    plan = Plan(
        what=What.CLUSTER, seed=3, seconds=1.0, servers=1, workers=2, hosts=16, lease_seconds=2.0, is_durable=False
    )
    outcome = await run(plan, tmp_path)
    assert not outcome.complaints, outcome
    assert outcome.figures["messages"]


@pytest.mark.faults
async def test_workers_that_are_struck_by_chance_break_no_chain_and_crowd_no_host(tmp_path: Path, tally: Tally) -> None:
    tally.what = "faults of three workers and two servers on one PostgreSQL, and of that, by chance, amid `apply`"
    plan = Plan(what=What.CLUSTER, seed=_SEED, seconds=SECONDS, servers=2)
    outcome = await run(plan, tmp_path)
    _count(tally, outcome)
    assert outcome.is_fine, wrong_in([outcome])


def _count(tally: Tally, outcome: Outcome) -> None:
    tally.tried = sum(outcome.faults.values())
    tally.failed = len(outcome.complaints) + len(outcome.late)
    tally.figures = {name: f"{figure:,}" for name, figure in outcome.figures.items()}
    tally.figures["worst take-over"] = f"{max(outcome.take_overs):.1f} s of {outcome.most_seconds:g} s"


@pytest.mark.alone
@pytest.mark.faults
async def test_the_pages_of_a_killed_worker_are_looked_at_again_in_time(tmp_path: Path, tally: Tally) -> None:
    tally.what = "kill -9 of one of three workers, and of the next one"
    async with cluster_trial(Plan(what=What.CLUSTER, seed=3, servers=1), tmp_path) as trial:
        processes, took = trial.faults.processes, []
        async with trial.load():
            for number in range(_KILLS):
                workers = [each for each in processes.all if each.role is Role.WORKER]
                killed, killed_at = workers[number % len(workers)], time.monotonic()
                await processes.kill(killed)
                took.append(await trial.until_looked_at(since=killed_at))
                await processes.start(killed)
                await trial.until_well()
        most = trial.most_seconds
    tally.tried, tally.failed = _KILLS, sum(seconds > most for seconds in took)
    tally.figures = {"worst wait for a page": f"{max(took):.1f} s of {most:g} s, with leases of 4 s"}
    assert max(took) <= most


@pytest.mark.faults
@pytest.mark.control
@pytest.mark.parametrize("taken_away", [Protection.FENCE, Protection.DEADLINE, Protection.SEQUENCE])
async def test_without_a_protection_it_fails(tmp_path: Path, tally: Tally, taken_away: Protection) -> None:
    tally.what = f"control: workers that are frozen and cut off, without {taken_away}, and what is wrong then"
    for seed in range(1, 1 + _CONTROLS):
        directory = tmp_path / f"{seed}"
        directory.mkdir()
        plan = Plan(
            what=What.CLUSTER,
            seed=seed,
            seconds=25.0,
            servers=1,
            workers=2,
            hosts=60,
            arrival_seconds=20.0,
            taken_away=taken_away,
            only=("freeze", "cut", "stand still"),
        )
        outcome = await run(plan, directory)
        kinds = Counter(kind for kind in _KINDS for complaint in outcome.complaints if f"{kind}: " in complaint)
        tally.tried += sum(outcome.faults.values())
        tally.failed += kinds.total()
        tally.figures |= {kind: f"{number:,}" for kind, number in kinds.items()}
        if kinds:
            return
    pytest.fail(f"nothing went wrong: what is {taken_away} for?")
