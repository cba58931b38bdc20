"""
The power goes: disks as they may be then, made from the record of a real run, are opened by today's code.

What was said to be saved is there, what was said to be taken is in the push service; and when the work goes on from
there, the books are right: 0 lost, 0 invented, 0 seen twice. The control syncs as diskcache and SQLite do by
themselves, and loses: so the harness sees a loss.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults.driver import Errand, steps_in
from tests.faults.jobs import Event, Job
from tests.faults.power import disk_after, lay_out
from tests.faults.rig import Rig, a_rig
from tests.faults.tally import Tally, sized
from watcher.errors import StoreError
from watcher.store.watch_store import open_watch_store

pytestmark = pytest.mark.faults

_STATES = sized(4, 250)
_CONTROL_STATES = sized(6, 60)
_SEED = 20_240_229


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A run to its end: the errand, and what its disk was told, in order, the notes of what was safe among it."""

    errand: Errand
    events: Sequence[Event]

    def amid(self, part: str) -> list[int]:
        """Return after how many events the power may go amid what is done to a part of the data directory."""
        below = str(self.errand.data / part)
        return [place for place, event in enumerate(self.events, 1) if event.path.startswith(below)]

    def after_notes(self, word: str) -> list[int]:
        """Return after how many events something was just said to be safe: `saved` or `taken`."""
        notes, start = str(self.errand.notes), word.encode()
        return [
            place for place, event in enumerate(self.events, 1) if event.path == notes and event.data.startswith(start)
        ]

    def noted(self, cut: int) -> str:
        """Return what was noted before the power went."""
        notes = [event.data.decode() for event in self.events[:cut] if event.path == str(self.errand.notes)]
        return "".join(notes)


async def recorded(rig: Rig, home: Path, *, is_careless: bool = False) -> Record:
    """Run an errand to its end, and return the record of it."""
    errand = rig.placed(Errand(steps=sized(2, 4), is_careless=is_careless), home)
    report = await rig.workshop(Job(errand=errand, is_recorded=True))
    assert report.status == 0, report.text
    return Record(errand=errand, events=[event for event in report.events if event.path.startswith(str(home))])


async def _after(rig: Rig, record: Record, cut: int, chance: Random) -> list[str]:
    """Return what is wrong with one disk after the power went."""
    files = disk_after(record.events[:cut], chance)
    files[str(record.errand.notes)] = record.noted(cut).encode()
    with rig.home() as home:
        lay_out(files, was=record.errand.home, home=home)
        errand = rig.placed(Errand(steps=record.errand.steps), home)
        try:
            wrong = [*await forgotten(errand), *never_came(errand)]
        except (StoreError, sqlite3.Error) as error:
            wrong = [f"cannot be opened: {error}"]
        wrong += await rig.start_again(errand)
    return [f"cut {cut}: {line}" for line in wrong]


async def forgotten(errand: Errand) -> list[str]:
    """Return the steps that were said to be saved and are not in the watch store."""
    notes = [line.split() for line in errand.notes.read_text().splitlines()]
    saved = {name: int(step) for _, name, _, step in (note for note in notes if note[0] == "saved")}
    if not saved:
        return []
    store, is_lost = await open_watch_store(errand.data / "watches")
    try:
        steps = {name: int(step.removeprefix("step ")) for name, step in (await steps_in(store)).items()}
    finally:
        await store.close()
    lost = [f"{name} was saved at step {step}" for name, step in saved.items() if steps.get(name, -1) < step]
    return [*lost, *(["all state is lost"] if is_lost else [])]


def never_came(errand: Errand) -> list[str]:
    """Return the messages that were said to be taken and are not in the push service."""
    taken = [line.split()[1] for line in errand.notes.read_text().splitlines() if line.startswith("taken")]
    if not taken:
        return []
    with closing(sqlite3.connect(errand.data / "push.db")) as connection:
        there = {key for (key,) in connection.execute("SELECT idempotency_key FROM messages")}
    return [f"message {key} was taken" for key in taken if key not in there]


@pytest.mark.parametrize(("part", "word"), [("watches", "saved"), ("push.db", "taken")], ids=["watches", "push"])
async def test_what_was_said_to_be_safe_is_there_after_the_power_went(
    tmp_path: Path, tally: Tally, part: str, word: str
) -> None:
    tally.what = f"power loss amid the writes of {part}"
    chance = Random(_SEED)
    wrong: list[str] = []
    async with a_rig(tmp_path) as rig:
        with rig.home() as home:
            record = await recorded(rig, home)
        cuts = (record.amid(part), record.after_notes(word))
        for number in range(_STATES):
            found = await _after(rig, record, chance.choice(cuts[number % 2]), chance)
            tally.tried += 1
            tally.failed += bool(found)
            wrong += found
    assert not wrong, "\n".join(wrong[:20])


async def test_a_watcher_that_does_not_sync_its_commits_is_seen_to_lose_some(tmp_path: Path, tally: Tally) -> None:
    chance = Random(_SEED)
    lost = 0
    async with a_rig(tmp_path) as rig:
        with rig.home() as home:
            record = await recorded(rig, home, is_careless=True)
        for _ in range(_CONTROL_STATES):
            tally.tried += 1
            cut = chance.choice(record.after_notes(chance.choice(["saved", "taken"])))
            lost += bool(await _after(rig, record, cut, chance))
    tally.what = "control: power loss with synchronous=NORMAL, where losing is right"
    tally.failed = int(lost == 0)
    tally.figures["states that lost something"] = str(lost)
    assert lost > 0
