"""
A disk that refuses: ENOSPC and EIO at each call that opens, grows, shrinks or syncs a file of the data directory.

The watcher runs on, loses nothing, tells nothing twice, and goes on when the disk is well again. One that cannot even
be started says so in a sentence, and the next start finds all in order.
"""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tests.faults.driver import Errand
from tests.faults.jobs import Failure
from tests.faults.rig import a_rig
from tests.faults.tally import Tally, sized

pytestmark = pytest.mark.faults

_FULL_FOR = ("openat", "write", "writev", "pwrite64")
_FAILS_FOR = (*_FULL_FOR, "ftruncate", "fsync", "fdatasync", "rename", "unlink")
_RARE = 100
_TIMES = (1, 30)
"""A hiccup, and a disk that stays so for many calls."""


def _failures(counts: dict[str, int], every: int) -> list[Failure]:
    """Return each nth call, of rare ones more, with one kind of refusal; the kinds take turns, so a run meets all."""
    kinds = [
        (number, names, times)
        for times in _TIMES
        for number, names in ((errno.ENOSPC, _FULL_FOR), (errno.EIO, _FAILS_FOR))
    ]
    found = []
    for name in sorted(counts.keys() & {*_FAILS_FOR}):
        fitting = [(number, times) for number, names, times in kinds if name in names]
        step = every if counts[name] > _RARE else min(every, 9)
        for place, ordinal in enumerate(range(1, counts[name] + 1, step)):
            number, times = fitting[place % len(fitting)]
            found.append(Failure(call=name, ordinal=ordinal, errno=number, times=times))
    return found


@pytest.mark.parametrize("is_new", [False, True], ids=["at work", "at its first start"])
async def test_a_disk_that_refuses_any_call_loses_nothing_and_doubles_nothing(
    tmp_path: Path, tally: Tally, is_new: bool
) -> None:
    tally.what = f"ENOSPC and EIO at a call of a watcher {'at its first start' if is_new else 'at work'}"
    errand = Errand(steps=sized(2, 1 if is_new else 5), is_long_running=True)
    wrong: list[str] = []
    ran_on = 0
    async with a_rig(tmp_path) as rig:
        if not is_new:
            await rig.make_databases()
        for failure in _failures(await rig.counts(errand), every=sized(240 if is_new else 60, 4 if is_new else 3)):
            attempt = await rig.attempt(errand, failure)
            tally.tried += attempt.was_struck
            tally.failed += bool(attempt.wrong)
            ran_on += attempt.was_struck and attempt.ran_on
            wrong += attempt.wrong
    tally.figures["ran on without another start"] = str(ran_on)
    assert not wrong, "\n".join(wrong[:20])
    assert tally.tried >= sized(5, 150)
    assert ran_on > 0
