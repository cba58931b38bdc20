"""What commands cost: run on a core of their own, counted by the operating system over all of their processes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from benchmarks.report import UnverifiedError

SITE_CORE: Final = min(os.sched_getaffinity(0))
TOOL_CORE: Final = max(os.sched_getaffinity(0))
"""The site and what is measured do not share a core, where there are two."""
LAUNCH: Final = Path(__file__).with_name("launch.py")
_LAST_WORDS: Final = 300
_T = TypeVar("_T")
_CLOCK_TICKS: Final = os.sysconf("SC_CLK_TCK")
LEAST_CPU_SECONDS: Final = 1 / _CLOCK_TICKS
"""The step of the clock that counts CPU time: less than one may be nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command line, where it runs, and what its environment has beside `environment_for`."""

    line: Sequence[str]
    directory: Path
    environment: Mapping[str, str]

    @property
    def output(self) -> Path:
        """The file with all that it said when it ran last."""
        return self.directory / "output.txt"

    def last_words(self) -> str:
        """Return the end of what it said, in one line."""
        said = self.output.read_text(encoding="utf-8", errors="replace").split()
        return " ".join(said)[-_LAST_WORDS:] or "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """
    What a command cost from its start to its end.

    Attributes:
        cpu_seconds: user and system time of all of its processes.
        memory_bytes: at the peak, of its largest process.
    """

    status: int
    seconds: float
    cpu_seconds: float
    memory_bytes: int


def environment_for(directory: Path) -> dict[str, str]:
    """Return an environment without a proxy and without what the user has set up at home for these tools."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(directory)}


async def run(command: Command, *, limit_seconds: float) -> Cost:
    """Run a command to its end. Raises UnverifiedError when it takes too long; it is killed then."""
    report = command.directory / "cost.json"
    report.unlink(missing_ok=True)
    launcher = await _launch(command, report)
    try:
        async with asyncio.timeout(limit_seconds):
            await launcher.wait()
    except TimeoutError:
        raise UnverifiedError(
            f"{_named(command)} was not done after {limit_seconds:,.0f} s; it said: {command.last_words()}"
        ) from None
    finally:
        await _end(launcher)
    return Cost(**json.loads(report.read_text()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A command that runs. It is stopped with SIGTERM, and has to end well."""

    command: Command
    _launcher: asyncio.subprocess.Process

    async def during(self, awaited: Coroutine[None, None, _T]) -> _T:
        """Return what is awaited. Raises UnverifiedError when the command ends before."""
        wanted, ended = asyncio.ensure_future(awaited), asyncio.ensure_future(self._launcher.wait())
        try:
            await asyncio.wait((wanted, ended), return_when=asyncio.FIRST_COMPLETED)
            if not wanted.done():
                raise UnverifiedError(f"{_named(self.command)} ended too early; it said: {self.command.last_words()}")
            return wanted.result()
        finally:
            wanted.cancel()
            ended.cancel()

    def cpu_seconds(self) -> float:
        """Return the user and system time until now: of its processes, and of those of their children that ended."""
        return sum(map(_ticks, _descendants(self._launcher.pid))) / _CLOCK_TICKS

    def processes(self) -> list[int]:
        """Return the ids of those that run now."""
        return _descendants(self._launcher.pid)

    def memory_bytes(self) -> int:
        """Return the memory of the largest of its processes that still run, at its peak."""
        return self._largest("VmHWM:")

    def resident_bytes(self) -> int:
        """Return the memory of the largest of its processes, now."""
        return self._largest("VmRSS:")

    def _largest(self, field: str) -> int:
        return max((_memory_bytes(one, field) for one in _descendants(self._launcher.pid)), default=0)


@asynccontextmanager
async def running(command: Command, *, limit_seconds: float) -> AsyncIterator[Running]:
    """Run a command until the end of the block. Raises UnverifiedError when it does not end well within the limit."""
    report = command.directory / "cost.json"
    report.unlink(missing_ok=True)
    launcher = await _launch(command, report)
    try:
        yield Running(command=command, _launcher=launcher)
        if launcher.returncode is None:
            launcher.terminate()
        async with asyncio.timeout(limit_seconds):
            await launcher.wait()
        if (status := Cost(**json.loads(report.read_text())).status) != 0:
            raise UnverifiedError(f"{_named(command)} ended with status {status}; it said: {command.last_words()}")
    except TimeoutError:
        raise UnverifiedError(f"{_named(command)} had not ended {limit_seconds:,.0f} s after SIGTERM") from None
    finally:
        await _end(launcher)


async def _launch(command: Command, report: Path) -> asyncio.subprocess.Process:
    with command.output.open("wb") as output:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(LAUNCH), str(TOOL_CORE), str(report), *command.line),
            cwd=command.directory,
            env={**environment_for(command.directory), **command.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def _end(launcher: asyncio.subprocess.Process) -> None:
    """Kill all processes of a command that is still there; its launcher leads their group."""
    if launcher.returncode is None:
        os.killpg(launcher.pid, signal.SIGKILL)
        await launcher.wait()


def _named(command: Command) -> str:
    return " ".join([Path(command.line[0]).name, *command.line[1:4]])


def _descendants(ancestor: int) -> list[int]:
    """Return the ids of all processes that descend from one."""
    stats = {int(each.parent.name): _stat(each) for each in Path("/proc").glob("[0-9]*/stat")}
    found = [ancestor]
    for one in found:  # grows as it goes
        found += [child for child, fields in stats.items() if fields and int(fields[1]) == one]
    return found[1:]


def _ticks(process: int) -> int:
    fields = _stat(Path(f"/proc/{process}/stat"))
    return sum(map(int, fields[11:15]))


def _memory_bytes(process: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


def _stat(path: Path) -> list[str]:
    """Return the fields after the process' name, which may hold anything (proc(5)); none when it has ended."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
