"""A stop while `run` or `serve` starts ends with 0, as later; that of a command that does one thing does not."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
import pytest

from tests.cli.command import SECONDS, eventually
from watcher.__main__ import _command
from watcher.cli.app import app


@asynccontextmanager
async def begun(directory: Path, *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a command; a process still there is killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", *command),
        cwd=directory,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: asyncio.subprocess.Process, number: signal.Signals) -> tuple[int | None, str]:
    """Return how it ended that got this signal, and what it said was wrong."""
    process.send_signal(number)
    async with asyncio.timeout(SECONDS):
        _, errors = await process.communicate()
    return process.returncode, errors.decode()


async def listens(process: asyncio.subprocess.Process) -> None:
    """Return when the process catches SIGTERM (proc_pid_status(5)), which is the first thing that our code does."""
    mask = 1 << (signal.SIGTERM - 1)

    async def is_caught() -> bool:
        return bool(mask & _caught(process.pid))

    await eventually(is_caught, seconds=0.001)


def _caught(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt"))


@asynccontextmanager
async def held(directory: Path, *command: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a command, and hold it where it reads its file of watches: a pipe into which nobody writes."""
    pipe = directory / "watches.yaml"
    os.mkfifo(pipe)
    keeper = os.open(pipe, os.O_RDWR)
    try:
        async with begun(directory, *command) as process:

            async def has_it_open() -> bool:
                return any(_leads_to(link, pipe) for link in Path(f"/proc/{process.pid}/fd").iterdir())

            await eventually(has_it_open)
            yield process
    finally:
        os.close(keeper)


def _leads_to(link: Path, path: Path) -> bool:
    try:
        return os.readlink(link) == str(path)
    except OSError:  # closed since
        return False


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_while_its_file_is_read_ends_with_0(tmp_path: Path, number: signal.Signals) -> None:
    async with held(tmp_path, "run", "--port", "0") as process:
        assert await ended(process, number) == (0, "")


@pytest.mark.parametrize("command", ["run", "serve"])
async def test_a_stop_at_the_first_moment_ends_with_0(tmp_path: Path, command: str) -> None:
    async with begun(tmp_path, command, "--port", "0") as process:
        await listens(process)
        assert await ended(process, signal.SIGTERM) == (0, "")


async def test_a_command_that_does_one_thing_and_is_stopped_did_not_do_it(tmp_path: Path) -> None:
    async with held(tmp_path, "check") as process:
        assert await ended(process, signal.SIGTERM) == (-signal.SIGTERM, "")


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["run"], "run"),
        (["-v", "--log-format", "json", "serve", "--port", "0"], "serve"),
        (["--log-format=json", "run"], "run"),
        (["send", "news", "run"], "send"),
        (["--log-format"], None),
        ([], None),
    ],
)
def test_the_command_is_found_before_anything_is_imported(arguments: list[str], found: str | None) -> None:
    assert _command(arguments) == found


def test_no_other_option_before_the_command_takes_a_value() -> None:
    options = [parameter for parameter in app.params if isinstance(parameter, click.Option)]
    assert [name for option in options if not option.is_flag for name in option.opts] == ["--log-format"]
