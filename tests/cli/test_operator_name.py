"""Who runs the server: asked at the first start on a terminal, and shown to subscribers."""

from __future__ import annotations

import asyncio
import os
import pty
import socket
import sys
from pathlib import Path

import pytest

from tests.cli.command import SECONDS, Command
from tests.cli.terminal import at_terminal, heard, read_to_the_end
from watcher.runtime.serving.operator_name import is_made_now


async def _first_start(watcher: Command, typed: bytes) -> str:
    """Return what `watcher serve` says on a terminal until it serves, when this is typed as the name."""
    said = b""
    async with at_terminal(watcher, "serve", "--port", "0") as (process, ours):
        while b"Ctrl-C stops it" not in said:
            if said.endswith(b": ") and typed:
                os.write(ours, typed)
                typed = b""
            said += await heard(ours)
        process.terminate()
        await process.wait()
    return said.decode()


@pytest.mark.faults
async def test_the_first_start_on_a_terminal_asks_once(watcher: Command) -> None:
    assert "Who runs this server?" in await _first_start(watcher, b"Ada Lovelace\n")
    assert (watcher.directory / ".watcher" / "operator_name").read_text() == "Ada Lovelace\n"
    assert "Who runs this server?" not in await _first_start(watcher, b"")


async def test_a_start_that_found_its_port_taken_leaves_the_question_to_the_next(watcher: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert (await watcher("serve", "--port", str(taken.getsockname()[1]))).status != 0
    assert is_made_now(watcher.directory / ".watcher")


@pytest.mark.faults
async def test_a_data_directory_that_was_there_before_is_served_without_a_question(watcher: Command) -> None:
    (watcher.directory / ".watcher").mkdir()
    assert "Who runs this server?" not in await _first_start(watcher, b"")


async def test_where_nobody_answers_in_time_no_name_is_shown(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    code = "from watcher.cli.operator_name import ask_operator_name as ask; print('name:', repr(ask(seconds=0.2)))"
    asking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    async with asyncio.timeout(SECONDS):
        said = await asyncio.to_thread(read_to_the_end, ours)
        assert await asking.wait() == 0
    os.close(ours)
    assert "nobody answered within 0.2 s, so no name is shown; --operator-name sets one" in said
    assert said.endswith("name: ''\r\n")


@pytest.mark.parametrize("command", ["serve", "run"])
async def test_a_name_that_is_too_long_is_refused_in_one_line(watcher: Command, command: str) -> None:
    refused = await watcher(command, "--operator-name", "x" * 61)
    assert refused.status == 2
    assert refused.err == "watcher: the operator's name has 61 characters; write at most 60\n"
