"""Connections that send request after request and read no answer, against a server as it is started."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from tests.faults.tally import Tally, sized
from tests.faults.test_slow_clients import Crowd, Mode, ask_health
from tests.figures.machine import Server, many_files, serving

pytestmark = pytest.mark.faults

_COMMAND: Final = ("-m", "watcher", "serve", "--port", "0", "--data")
_CONNECTIONS: Final = sized(100, 200)
_OF_ONE_ADDRESS: Final = 20
_REQUESTS: Final = 20_000
"""More than the buffers of a connection take."""
_WATCHED_SECONDS: Final = sized(1.5, 20.0)
_LOOK_SECONDS: Final = 0.02
_WORST_SECONDS: Final = 0.5
_USUAL_SECONDS: Final = 0.03
_UNREAD: Final = Mode(name="unread", opening=b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * _REQUESTS, reads=False)


def _look(server: Server) -> tuple[list[float], list[float]]:
    """Ask again and again whether the server is well; return how long that took, and how long it worked meanwhile."""
    clock = ~server.pid << 3 | 2  # of another process's CPU time (Linux, clock_getcpuclockid)
    waits, works = [], []
    ends_at = time.monotonic() + _WATCHED_SECONDS
    while time.monotonic() < ends_at:
        began, worked = time.perf_counter(), time.clock_gettime(clock)
        ask_health(server)
        waits.append(time.perf_counter() - began)
        works.append(time.clock_gettime(clock) - worked)
        time.sleep(_LOOK_SECONDS)
    return waits, works


@pytest.mark.alone
async def test_pipelined_requests_keep_nobody_waiting(tmp_path: Path, tally: Tally) -> None:
    tally.what = f"looks at /healthz beside {_CONNECTIONS} connections that pipeline requests and read no answer"
    async with AsyncExitStack() as stack:
        assert stack.enter_context(many_files()) > 2 * _CONNECTIONS
        server = await stack.enter_async_context(serving(tmp_path, _COMMAND, is_pinned=False))
        crowd = Crowd(server)
        stack.callback(crowd.close)
        await crowd.add(_UNREAD, lambda nth: f"127.30.0.{nth // _OF_ONE_ADDRESS + 1}", _CONNECTIONS)
        waits, works = await asyncio.to_thread(_look, server)
    tally.tried, tally.failed = len(works), sum(work > _WORST_SECONDS for work in works)
    tally.figures = {
        "worst": f"{max(waits) * 1000:.0f} ms",
        "of the server's own work": f"{max(works) * 1000:.0f} ms, {median(works) * 1000:.1f} ms usually",
    }
    assert tally.failed == 0
    assert median(works) < _USUAL_SECONDS
