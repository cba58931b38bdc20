"""Which loop the commands run on."""

from __future__ import annotations

import subprocess
import sys

import pytest

SAY = """
import asyncio, sys
{before}
from watcher.runtime import on_loop

async def which():
    return type(asyncio.get_running_loop()).__module__

print(on_loop(which()))
"""


@pytest.mark.parametrize(
    ("before", "loop"),
    [
        pytest.param("", "uvloop", id="installed"),
        pytest.param("sys.modules['uvloop'] = None", "asyncio.unix_events", id="not installed"),
    ],
)
def test_commands_run_on_uvloop_where_it_is_installed(before: str, loop: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAY.format(before=before)], capture_output=True, text=True, check=True, timeout=30
    )
    assert said.stdout.strip() == loop
