"""Runs the `watcher` command as a person or a cron job does: a real process (see `press`)."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tests.cli.press import Process, start
from tests.leaks import LEAKS

SECONDS = 60
_T = TypeVar("_T")


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """The JSON objects it printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def record(self) -> dict[str, Any]:
        """The only JSON object it printed."""
        (record,) = self.records
        return record


@dataclass(frozen=True)
class Command:
    """
    The command in a directory of its own, which holds `watches.yaml` and `.watcher`.

    Attributes:
        is_warm: its modules are imported once, for all commands of all tests; else it imports them itself, as a
            start does whose moments or environment matter.
    """

    directory: Path
    is_warm: bool = True

    async def start(self, *arguments: str, **environment: str) -> Process:
        """Start it."""
        fixed = {"COLUMNS": "200", "TMPDIR": str(self.directory)}
        environment = {**os.environ, **fixed, **environment}
        return await start(arguments, directory=self.directory, environment=environment, is_warm=self.is_warm)

    async def __call__(self, *arguments: str, **environment: str) -> Result:
        """Run it to its end."""
        process = await self.start(*arguments, **environment)
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
        assert process.returncode is not None
        look_at_errors(err.decode())
        return Result(process.returncode, out.decode(), err.decode())

    @asynccontextmanager
    async def running(self, *arguments: str, **environment: str) -> AsyncIterator[tuple[Process, str]]:
        """Keep `run` or `serve` running; yield the process and its first line. A process still there is killed."""
        process = await self.start(*arguments, **environment)
        try:
            yield process, await first_line(process.stdout, process.stderr)
        finally:
            if process.returncode is None:
                process.kill()
            _, err = await process.communicate()
            look_at_errors(err.decode())

    def write(self, text: str) -> None:
        """Write watches.yaml."""
        (self.directory / "watches.yaml").write_text(text, encoding="utf-8")


async def first_line(out: asyncio.StreamReader | None, err: asyncio.StreamReader | None) -> str:
    """Return what a process prints first. Raises AssertionError, with its errors, where it has ended."""
    assert out is not None
    assert err is not None
    async with asyncio.timeout(SECONDS):
        if not (first := (await out.readline()).decode()):
            raise AssertionError((await err.read()).decode())
    return first.strip()


async def line_with(stream: asyncio.StreamReader | None, words: str) -> str:
    """Return the next line with these words. Raises AssertionError, with what came before, where none can come."""
    assert stream is not None
    said = ""
    async with asyncio.timeout(SECONDS):
        while words not in (line := (await stream.readline()).decode()):
            assert line, f"it ended without {words!r}: {said}"  # at the end no time passes, so no timeout comes
            said += line
    return line


def look_at_errors(text: str) -> None:
    """Fail where a command wrote a secret to its stderr, or left something open."""
    LEAKS.look_at("stderr", text)
    assert "ResourceWarning" not in text, text


async def eventually(look: Callable[[], Awaitable[_T | None]], *, seconds: float = 0.05) -> _T:
    """Return what `look` finds, looking again after so many seconds until it does, for at most SECONDS."""
    async with asyncio.timeout(SECONDS):
        while not (found := await look()):  # noqa: ASYNC110 - another process cannot set our event
            await asyncio.sleep(seconds)
        return found
