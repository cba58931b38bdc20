"""A service that runs once it says that it is ready."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from benchmarks.costs import Command, Cost, Running, running
from benchmarks.report import UnverifiedError


@asynccontextmanager
async def started(command: Command, *, limit_seconds: float) -> AsyncIterator[tuple[Running, Cost]]:
    """
    Run a command that tells systemd when it is ready until the end of the block; yield it, and what the start cost.

    Raises UnverifiedError when it is not ready in time, or does not end well.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        address = f"@watcher-benchmarks-{time.monotonic_ns()}"
        told.bind("\0" + address[1:])
        told.setblocking(False)
        command = replace(command, environment={**command.environment, "NOTIFY_SOCKET": address})
        began = time.monotonic()
        async with running(command, limit_seconds=limit_seconds) as process:
            try:
                async with asyncio.timeout(limit_seconds):
                    await process.during(_ready(told))
            except TimeoutError:
                raise UnverifiedError(f"watcher run was not ready; it said: {command.last_words()}") from None
            cost = Cost(
                status=0,
                seconds=time.monotonic() - began,
                cpu_seconds=process.cpu_seconds(),
                memory_bytes=process.memory_bytes(),
            )
            yield process, cost


async def _ready(told: socket.socket) -> None:
    while b"READY=1" not in await asyncio.get_running_loop().sock_recv(told, 4096):
        pass
