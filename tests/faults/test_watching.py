"""
A watcher on files, killed, frozen and started again by chance while its file is edited: nobody is told too much, too
little or twice, no host is asked twice at a time, and each page is looked at again in time.

A site knows the truth (`recording_site.py`), and books compare it with what readers were told (`chains.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.chaos import run_each, wrong_in
from tests.faults.tally import Tally, sized
from tests.faults.trial import Plan, What

pytestmark = pytest.mark.faults

SEEDS = (1_001,)
SECONDS = sized(quick=10.0, full=45.0)
HOSTS = sized(quick=40, full=200)


async def test_a_watcher_that_is_struck_by_chance_breaks_no_chain_of_changes(tmp_path: Path, tally: Tally) -> None:
    tally.what = "faults of a watcher on files, and edits of its file, by chance, on a site that knows the truth"
    plans = (Plan(what=What.FILES, seed=seed, seconds=SECONDS, hosts=HOSTS, lease_seconds=2.0) for seed in SEEDS)
    outcomes = await run_each(plans, tmp_path)
    tally.tried = sum(sum(each.faults.values()) for each in outcomes)
    tally.failed = sum(len(each.complaints) + len(each.late) for each in outcomes)
    tally.figures = {
        name: f"{sum(each.figures[name] for each in outcomes):,}" for name in ("requests", "versions", "messages")
    }
    tally.figures["worst wait"] = f"{max(max(each.take_overs) for each in outcomes):.1f} s"
    assert all(each.is_fine for each in outcomes), wrong_in(outcomes)
