"""No pattern of ours for `re` takes more than time linear in the text of a page that is made for it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.faults.tally import Tally, sized

pytestmark = pytest.mark.faults

CHARS = sized(30_000, 100_000)
"""Quadratic time is over the limit with the smaller, too."""
LEAST_PATTERNS = 60


def test_no_page_makes_a_pattern_slow(tally: Tally) -> None:
    tally.what = "texts made for our patterns"
    slow: list[str] = []
    last = 0
    while True:
        command = [sys.executable, "-m", "tests.faults.patterns", str(CHARS), str(last)]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        lines = ended.stdout.splitlines()
        tally.tried += len(lines)
        last = int(lines[-1].split()[0]) if lines else last
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGPROF
        slow.append(lines[-1])
        tally.failed = len(slow)
    tally.figures = {"patterns": f"{last}", "characters each": f"{CHARS:,} at most"}
    assert slow == []
    assert last >= LEAST_PATTERNS
