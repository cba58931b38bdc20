"""A command at a terminal, which it can ask something."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.cli.command import SECONDS, Command


@asynccontextmanager
async def at_terminal(watcher: Command, *arguments: str) -> AsyncIterator[tuple[Process, int]]:
    """Start the command; yield it, and the end of its terminal at which one types and reads. Bounded by SECONDS."""
    ours, theirs = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher", *arguments),
            cwd=watcher.directory,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        async with asyncio.timeout(SECONDS):
            yield process, ours
    finally:
        os.close(ours)


async def heard(terminal: int) -> bytes:
    """Return what the command says next."""
    return await asyncio.to_thread(os.read, terminal, 1_000)


def read_to_the_end(terminal: int) -> str:
    """Return what is written to a terminal until nobody has it open."""
    parts: list[bytes] = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other end is closed
        pass
    return b"".join(parts).decode()
