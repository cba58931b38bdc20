"""
Servers on one PostgreSQL, killed, frozen, cut off, broken off and stopped by chance under load, and their database
stopped and killed: each message is shown once, in its topic's order, and what one server did another does in time.

What is tried stands in `strikes.py` (faults), `traffic.py` (who sends and reads, and the books) and `chaos.py` (a run);
`make chaos` does a hundred runs. Each protection is taken away in turn, and then the same must fail.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.faults.altered import Protection
from tests.faults.chaos import run, wrong_in
from tests.faults.receiver import Receiver, Sender
from tests.faults.servers import a_scene
from tests.faults.tally import Tally, sized
from tests.faults.traffic import Program
from tests.faults.trial import Outcome, Plan
from tests.running import meanwhile

_SEED: Final = 1_001
SECONDS: Final = sized(quick=20.0, full=45.0)
_CONTROLS: Final = 5
"""Runs without a protection, of which one must fail."""
_LATE_SECONDS: Final = 3.0
_LOOK_SECONDS: Final = 0.005
_ASKS: Final = 5


pytestmark = pytest.mark.usefixtures("needs_postgresql")


@pytest.mark.faults
async def test_a_short_storm_over_two_servers_loses_nothing(tmp_path: Path) -> None:
    outcome = await run(Plan(seed=3, seconds=1.0, servers=2, lease_seconds=2.0, is_durable=False), tmp_path)
    assert not outcome.complaints, outcome
    assert outcome.figures["messages"]


@pytest.mark.faults
async def test_servers_that_are_struck_by_chance_lose_double_and_reorder_nothing(tmp_path: Path, tally: Tally) -> None:
    tally.what = "faults of three servers on one PostgreSQL, and of that, by chance under load"
    plan = Plan(seed=_SEED, seconds=SECONDS)
    outcome = await run(plan, tmp_path)
    _count(tally, outcome)
    assert outcome.is_fine, wrong_in([outcome])


def _count(tally: Tally, outcome: Outcome) -> None:
    tally.tried = sum(outcome.faults.values())
    tally.failed = len(outcome.complaints) + len(outcome.late)
    tally.figures = {
        "messages": f"{outcome.figures['messages']:,}",
        "in calls": f"{outcome.figures['calls']:,}",
        "calls of others that came again": f"{outcome.figures['repeats']:,}",
        "worst take-over": f"{max(outcome.take_overs):.1f} s of {outcome.most_seconds:g} s",
    }


@pytest.mark.faults
@pytest.mark.control
async def test_without_the_order_of_commits_readers_miss_messages(tmp_path: Path, tally: Tally) -> None:
    tally.what = "control: the same without the order of commits: messages that a reader by cursor missed"
    for seed in range(1, 1 + _CONTROLS):
        directory = tmp_path / f"{seed}"
        directory.mkdir()
        outcome = await run(Plan(seed=seed, seconds=10.0, arrival_seconds=20.0, taken_away=Protection.ORDER), directory)
        tally.tried += outcome.figures["messages"]
        missed = [complaint for complaint in outcome.complaints if complaint.startswith(("reader", "app"))]
        tally.figures = {"readers who missed some": f"{len(missed)} of 7"}
        if missed:
            return
    pytest.fail("nobody missed anything: what is this order for?")


@pytest.mark.faults
@pytest.mark.parametrize("taken_away", [None, Protection.NOTICES], ids=["as it is", "without notices"])
async def test_a_reader_at_another_server_is_told_soon_by_notices_alone(
    tmp_path: Path, tally: Tally, taken_away: Protection | None
) -> None:
    """Without them it is told late, and misses nothing: whoever asks is answered from the database."""
    tally.what = f"messages to a reader at another server{', without NOTIFY (control: late)' if taken_away else ''}"
    async with a_scene(Plan(seed=0, servers=2, taken_away=taken_away), tmp_path) as scene:
        one, other = scene.servers.urls
        body = {"appToken": scene.place.app_token, "topicIds": [scene.place.few.id]}
        reader = Receiver(scene.session, [other], scene.place.close[0].device_token, lambda _: None)
        async with meanwhile(reader.run()):
            took = [
                await _seconds_until_told(Sender(scene.session, [one], body, f"s{n}"), reader) for n in range(_ASKS)
            ]
        items = await Program(scene.session, [other], scene.place.close[0]).all_items()
    tally.tried, tally.failed = _ASKS, sum(seconds >= _LATE_SECONDS for seconds in took)
    tally.figures = {"worst": f"{max(took) * 1000:,.0f} ms"}
    assert [item["content"] for item in items] == [f"s{n}n1" for n in range(_ASKS)]
    assert (max(took) >= _LATE_SECONDS) == (taken_away is not None)


async def _seconds_until_told(sender: Sender, reader: Receiver) -> float:
    """Send a message; return after how many seconds the reader was told, or how long it was waited for."""
    before, began_at = len(reader.ids), time.monotonic()
    await sender.run(lambda: bool(sender.sent))
    with suppress(TimeoutError):
        async with asyncio.timeout(_LATE_SECONDS):
            while len(reader.ids) == before:  # noqa: ASYNC110 - other processes work
                await asyncio.sleep(_LOOK_SECONDS)
    return time.monotonic() - began_at
