"""
A write-ahead log is gone, cut or changed after a kill: what was said to be safe is there, or its loss is told.

The states are those of a real run, killed at any of its writes. The same states, and those after the power went, have
no loss to tell while their logs are whole. The control takes the counts beside the databases away, and loses silently.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults.driver import Errand
from tests.faults.power import disk_after, disk_now, lay_out
from tests.faults.rig import Rig, a_rig
from tests.faults.tally import Tally, sized
from tests.faults.test_power_loss import Record, forgotten, never_came, recorded
from watcher.errors import DamagedError
from watcher.store.damage import COMMITS, PUSH, WATCHES, loss_of

_LOGS = sized(24, 1_500)
_CONTROL_LOGS = sized(24, 300)
_WHOLE = sized(24, 1_500)
_SEED = 20_261_127


def gone(log: Path, chance: Random) -> None:  # noqa: ARG001 - as the others
    """Remove it."""
    log.unlink()


def cut(log: Path, chance: Random) -> None:
    """Leave its head."""
    log.write_bytes(log.read_bytes()[: chance.randrange(log.stat().st_size)])


def changed(log: Path, chance: Random) -> None:
    """Change one byte."""
    content = bytearray(log.read_bytes())
    content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    log.write_bytes(content)


DAMAGES: tuple[Callable[[Path, Random], None], ...] = (gone, cut, changed)


async def spoilt(rig: Rig, record: Record, chance: Random, *, is_counted: bool) -> tuple[str, str] | None:
    """Spoil a log at some moment of the run; return what was done and its outcome; None where there was no log yet."""
    name, damage = chance.choice([PUSH, WATCHES]), chance.choice(DAMAGES)
    place = chance.randrange(1, len(record.events) + 1)
    with rig.home() as home:
        errand = laid_out(rig, record, home, place, disk_now(record.events[:place]))
        log = errand.data / f"{name}-wal"
        if not log.exists() or not log.stat().st_size:
            return None
        damage(log, chance)
        if not is_counted:
            for counts in COMMITS.values():
                (errand.data / counts).unlink(missing_ok=True)
        return f"{damage.__name__} {name} after {place} calls", await outcome(errand, name)


def laid_out(rig: Rig, record: Record, home: Path, place: int, files: dict[str, bytes]) -> Errand:
    """Put a disk below a home, with what was noted by then."""
    files[str(record.errand.notes)] = record.noted(place).encode()
    lay_out(files, was=record.errand.home, home=home)
    return rig.placed(Errand(steps=record.errand.steps), home)


async def outcome(errand: Errand, name: str) -> str:
    """Return whether a loss is told; where it is not, whether something that was said to be safe is missing."""
    if loss_of(errand.data, name, seconds=5) is not None:
        return "told"
    try:
        lost = never_came(errand) if name == PUSH else await forgotten(errand)
    except DamagedError:
        return "told"
    except sqlite3.OperationalError:  # there are no tables
        return "silent"
    return "told" if "all state is lost" in lost else "silent" if lost else "nothing was lost"


async def counted(rig: Rig, logs: int, *, is_counted: bool) -> dict[str, list[str]]:
    """Return what was done, by its outcome, for so many logs."""
    chance = Random(_SEED)
    found: dict[str, list[str]] = {"told": [], "silent": [], "nothing was lost": []}
    with rig.home() as home:
        record = await recorded(rig, home)
    while sum(map(len, found.values())) < logs:
        if done := await spoilt(rig, record, chance, is_counted=is_counted):
            found[done[1]].append(done[0])
    return found


@pytest.mark.faults
async def test_a_log_that_is_gone_cut_or_changed_is_never_passed_over(tmp_path: Path, tally: Tally) -> None:
    tally.what = "write-ahead logs gone, cut or changed after a kill: what was said to be safe is there, or told"
    async with a_rig(tmp_path) as rig:
        found = await counted(rig, _LOGS, is_counted=True)
    tally.tried, tally.failed = sum(map(len, found.values())), len(found["silent"])
    tally.figures["told"] = f"{len(found['told']):,}"
    assert not found["silent"], found["silent"][:20]
    assert found["told"]


@pytest.mark.faults
async def test_without_the_counts_some_are_seen_to_be_passed_over(tmp_path: Path, tally: Tally) -> None:
    tally.what = "control: the same without the counts beside the databases, where silence is right"
    async with a_rig(tmp_path) as rig:
        found = await counted(rig, _CONTROL_LOGS, is_counted=False)
    tally.tried, tally.failed = sum(map(len, found.values())), int(not found["silent"])
    tally.figures["silent losses"] = f"{len(found['silent']):,}"
    assert found["silent"]


@pytest.mark.faults
async def test_a_whole_log_is_never_taken_for_a_lost_one(tmp_path: Path, tally: Tally) -> None:
    tally.what = "kills and power losses with whole logs: no loss is told"
    chance, wrong = Random(_SEED), []
    async with a_rig(tmp_path) as rig:
        with rig.home() as home:
            record = await recorded(rig, home)
        for number in range(_WHOLE):
            place, is_kill = chance.randrange(1, len(record.events) + 1), number % 2
            events = record.events[:place]
            with rig.home() as home:
                files = disk_now(events) if is_kill else disk_after(events, chance)
                errand = laid_out(rig, record, home, place, files)
                told = [loss for name in (PUSH, WATCHES) if (loss := loss_of(errand.data, name, seconds=5))]
            tally.tried += 1
            if told:
                wrong.append(f"{'kill' if is_kill else 'power'} after {place} calls: {told}")
    tally.failed = len(wrong)
    assert not wrong, wrong[:20]
