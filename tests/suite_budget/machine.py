"""
How quick this machine is, so that a budget holds on another: a reference second is the CPU time of `_ROUNDS` rounds.

A round reads, sorts and writes JSON: that is work of C in any Python, so its version counts little. How many rounds a
second has was chosen once, so that a reference second is about a second of a server's core of 2024.
"""

from __future__ import annotations

import json
import time
from typing import Final

_ROUNDS: Final = 3_000
_MEASURED: Final = 500
_TIMES: Final = 3
_TEXT: Final = json.dumps({f"key {number}": [number, number / 3, "some words", None] for number in range(300)})


def reference_seconds() -> float:
    """Return how many reference seconds this machine does in a second of CPU: the best of some tries."""
    return _MEASURED / _ROUNDS / min(_seconds() for _ in range(_TIMES))


def _seconds() -> float:
    begin = time.process_time()
    for _ in range(_MEASURED):
        json.dumps(sorted(json.loads(_TEXT).items(), key=lambda pair: pair[1][1], reverse=True))
    return time.process_time() - begin
