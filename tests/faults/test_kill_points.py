"""
Kill −9 in place of each write, sync, truncation, removal and send between a change and its reader.

The process is killed before the call is done, started again, and then the books are compared: 0 lost, 0 invented, 0
seen twice. The first creation of both databases, with all migrations, is part of the run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.driver import Errand
from tests.faults.jobs import Kill
from tests.faults.rig import a_rig
from tests.faults.tally import Tally, sized
from tests.sizes import some_now


def _ordinals(name: str, count: int) -> list[int]:
    """Return which calls of a name are tried: each (of writes each second), or each nth; of syncs more."""
    step = sized(9 if name == "fdatasync" else 300, 3 if name == "pwrite64" else 1)
    return sorted({*range(1, count + 1, step), count})


@pytest.mark.parametrize(
    "is_remote", some_now([False, True], number=1, ids=lambda is_remote: "remote" if is_remote else "embedded")
)
async def test_a_kill_at_any_call_loses_nothing_and_doubles_nothing(
    tmp_path: Path, tally: Tally, is_remote: bool
) -> None:
    where = "to a push server elsewhere" if is_remote else "to the inbox"
    tally.what = f"kill -9 at a call between a change and its delivery {where}"
    errand = Errand(is_remote=is_remote, steps=sized(2, 3 if is_remote else 4))
    wrong: list[str] = []
    async with a_rig(tmp_path) as rig:
        counts = await rig.counts(errand)
        tally.figures["calls"] = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        for name, count in counts.items():
            for ordinal in _ordinals(name, count):
                attempt = await rig.attempt(errand, Kill(call=name, ordinal=ordinal))
                tally.tried += attempt.was_struck
                tally.failed += bool(attempt.wrong)
                wrong += attempt.wrong
    assert not wrong, "\n".join(wrong[:20])
    assert tally.tried >= sized(10, 200)
