"""
Tests in a network of their own, in which the site has a public address.

The console watches no private address, and what stands on loopback is one. So a test runs anew, alone, in a network
namespace (Linux, root): nothing but loopback is there, and on it a public address too; server, site and browser meet
there, and nothing leaves it.

    @in_namespace
    async def test_a_newcomer_makes_a_watch(browser: Browser) -> None:
        async with serve_site(PUBLIC) as site: …
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

PUBLIC: Final = "8.8.8.8"
"""Addresses of documentation are denied as private ones are (`core/addresses.py`)."""
_INSIDE: Final = "WATCHER_TEST_NAMESPACE"
_SECONDS: Final = 240.0
_END_SECONDS: Final = 30.0
_ROOT: Final = Path(__file__).parents[3]
_SET_UP: Final = f'ip address add {PUBLIC}/32 dev lo && ip link set lo up && exec "$@"'

Test = Callable[..., Awaitable[None]]


def in_namespace(test: Test) -> Any:
    """Return the test, which runs in a network of its own; skipped where there can be none."""
    if _INSIDE in os.environ:
        return test

    async def run(request: pytest.FixtureRequest) -> None:
        await _run(request.node.nodeid)

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return pytest.mark.skipif(not _may_unshare(), reason="network namespaces need Linux, `unshare`, `ip` and root")(run)


@cache
def _may_unshare() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    tried = ("unshare", "--net", "sh", "-c", _SET_UP, "sh", "true")
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


async def _run(test: str) -> None:
    pytest_itself = (sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", test)
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *("unshare", "--net", "sh", "-c", _SET_UP, "sh", *pytest_itself),
            cwd=_ROOT,
            env={**os.environ, _INSIDE: "1"},
            stdout=said,
            stderr=asyncio.subprocess.STDOUT,
        )
        await _end(process)
        said.seek(0)
        assert process.returncode == 0, said.read().decode()[-6_000:]


async def _end(process: asyncio.subprocess.Process) -> None:
    """Wait until it has ended; one that takes too long is interrupted: it says where it was, and ends what it began."""
    try:
        for seconds in (_SECONDS, _END_SECONDS):
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await process.wait()
                return
            process.send_signal(signal.SIGINT)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
