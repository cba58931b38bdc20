"""Who runs the server: asked at the first start on a terminal, and shown to subscribers."""

from __future__ import annotations

import asyncio
import os
import pty
import sys

import pytest

from tests.cli.command import SECONDS, Command


async def _first_start(watcher: Command, typed: bytes) -> str:
    """Return what `watcher serve` says on a terminal until it serves, when this is typed as the name."""
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "serve", "--port", "0"),
        cwd=watcher.directory,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    async with asyncio.timeout(SECONDS):
        while b"Ctrl-C stops it" not in said:
            if said.endswith(b": ") and typed:
                os.write(ours, typed)
                typed = b""
            said += await asyncio.to_thread(os.read, ours, 1_000)
        process.terminate()
        await process.wait()
    os.close(ours)
    return said.decode()


async def test_the_first_start_on_a_terminal_asks_once(watcher: Command) -> None:
    assert "Who runs this server?" in await _first_start(watcher, b"Ada Lovelace\n")
    assert (watcher.directory / ".watcher" / "operator_name").read_text() == "Ada Lovelace\n"
    assert "Who runs this server?" not in await _first_start(watcher, b"")


@pytest.mark.parametrize("command", ["serve", "run"])
async def test_a_name_that_is_too_long_is_refused_in_one_line(watcher: Command, command: str) -> None:
    refused = await watcher(command, "--operator-name", "x" * 61)
    assert refused.status == 2
    assert refused.err == "watcher: the operator's name has 61 characters; write at most 60\n"
