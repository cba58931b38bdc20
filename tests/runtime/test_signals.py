"""How a process that runs for long ends when it is told to, whatever became of who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

STOPPED = """
import asyncio, os, signal
from watcher.runtime.process.signals import end_within, stop_event

async def main():
    stopped = stop_event()
    os.kill(os.getpid(), signal.SIGTERM)
    await stopped.wait()
    {then}
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("then", "status"),
    [
        pytest.param("os.kill(os.getpid(), signal.SIGINT)", 128 + signal.SIGINT, id="a second signal"),
        pytest.param("end_within(0)", 1, id="a database that does not answer"),
    ],
)
def test_it_ends_although_nobody_reads_what_it_says_any_more(then: str, status: int) -> None:
    nobody, said = os.pipe()
    os.close(nobody)
    done = subprocess.run([sys.executable, "-c", STOPPED.format(then=then)], check=False, stderr=said, timeout=30)
    os.close(said)
    assert done.returncode == status
