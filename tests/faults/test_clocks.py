"""
The clock on the wall jumps, by an hour and by a year, forward and back, over a change to and from summer time, while
the watcher runs and between two runs: checks neither storm nor stop, each change is told once, and nothing else is.

The processes are real. libfaketime gives them a wall clock that the test moves; monotonic clocks stay true, as they do
on a machine whose clock is set. The windows are of real time, for that is what is measured.
"""

from __future__ import annotations

import asyncio
import glob
import itertools
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.command import SECONDS, Command, eventually
from tests.faults.push_server import PushServer, serve_push
from tests.faults.tally import IS_FULL, Tally, sized
from tests.site import Site, serve_site
from watcher.store.watch_reader import DiskWatchReader

LIBRARY = next(iter(glob.glob("/usr/lib/*/faketime/libfaketime.so.1")), None)
pytestmark = [pytest.mark.faults, pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed")]

WINDOW_SECONDS = sized(3.0, 5.0)
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
NOON = datetime.now(UTC).replace(hour=12, minute=10, second=0)
STEADY = ("a", "b", "c")
NEWS, ADMIN = 103, 1
WATCHES = """
topics: {{news: {{id: 103}}, admin: {{id: 1}}}}
defaults: {{topic: news, allow_private: true, every: 1s, per_host: {{min_delay: 0s, concurrency: 9}}}}
watches:
  a: {{url: "{site}/a", extract: h1}}
  b: {{url: "{site}/b", extract: h1}}
  c: {{url: "{site}/c", extract: h1}}
  news: {{url: "{site}/news", extract: h1}}
  by-cron: {{url: "{site}/by-cron", cron: "*/30 * * * *", timezone: Europe/Berlin, extract: h1}}
  by-day:
    url: "{site}/by-day"
    extract: h1
    active_hours: {{from: "08:00", to: "20:00", timezone: UTC}}
"""
# The moments before a clock in Berlin goes from 2 to 3, and from 3 to 2.
SPRING = datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)
AUTUMN = datetime(2027, 10, 31, 0, 59, 59, tzinfo=UTC)


@dataclass
class Wall:
    """The clock on the wall of the processes that are started with its environment."""

    file: Path
    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + self.offset

    @property
    def is_day(self) -> bool:
        """Whether it is between eight and twenty."""
        return 8 <= self.now().hour < 20

    def set(self, at: datetime) -> None:
        """Let it be this time now."""
        self.offset = offset = at - datetime.now(UTC)
        beside = self.file.with_suffix(".new")
        beside.write_text(f"{offset.total_seconds():+.0f}s\n")
        beside.rename(self.file)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


@dataclass
class Trial:
    """One watcher, its pages, whom it tells, and what was wrong so far."""

    command: Command
    site: Site
    push: PushServer
    wall: Wall
    tally: Tally
    wrong: list[str] = field(default_factory=list)
    versions: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    changes: int = 0

    def publish(self) -> int:
        """Change the page, and return which version it is."""
        version = next(self.versions)
        self.site.show("/news", f"<h1>version {version}</h1>")
        return version

    async def told(self, version: int, after: str) -> None:
        """Return when the version was told."""
        self.tally.tried += 1
        self.changes += 1

        async def look() -> bool:
            return any(f"version {version}" in summary for summary in self.push.told(NEWS))

        try:
            await eventually(look)
        except TimeoutError:
            self.wrong.append(f"{after}: version {version} was not told: {self.push.told(NEWS)}")

    async def observe(self, after: str) -> None:
        """Look at a window of real time: no page is checked too often in it, and none falls silent after it."""
        before, started = self.site.requests.copy(), time.monotonic()
        await asyncio.sleep(WINDOW_SECONDS)
        often = (*STEADY, "by-day") if self.wall.is_day else STEADY
        for page in often:
            await asked(self, f"/{page}", more_than=before[f"/{page}"])
        most = {page: time.monotonic() - started + 2 for page in STEADY}
        most |= {"by-cron": 2, "by-day": most["a"] if self.wall.is_day else 1}
        for page, limit in most.items():
            self.tally.tried += 1
            checks = self.site.requests[f"/{page}"] - before[f"/{page}"]
            if checks > limit:
                self.wrong.append(f"{after}: {page} was checked {checks} times, and {limit:g} are the most")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run the watcher, and stop it in order."""
        flags = ("--push", self.push.url, "--app-token", "AT_x")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "watcher", "run", *flags),
            cwd=self.command.directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.wall.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(SECONDS):
                is_up = bool(await process.stdout.readline())
            if is_up:
                yield process
                process.terminate()
        finally:
            if process.returncode is None and sys.exc_info()[0] is not None:
                process.kill()
            _, err = await process.communicate()
        assert is_up, err.decode()
        if process.returncode != 0 or b"Traceback" in err:
            self.wrong.append(f"ended with {process.returncode}: {err.decode()[-2000:]}")

    async def check_all(self) -> None:
        """Look at everything that was ever told."""
        told = self.push.told(NEWS)
        versions = [int(summary.rpartition("version ")[2]) for summary in told]
        if versions != sorted(set(versions)):
            self.wrong.append(f"told out of order, or twice: {told}")
        if len(versions) != self.changes or len(set(self.push.keys)) != len(self.push.keys):
            self.wrong.append(f"{self.changes} changes, and told were {told}")
        if self.push.told(ADMIN):
            self.wrong.append(f"the operator was told {self.push.told(ADMIN)}")
        if left := DiskWatchReader(self.command.directory / ".watcher" / "watches").outbox():
            self.wrong.append(f"not delivered: {left}")
        self.tally.failed = len(self.wrong)
        assert not self.wrong, "\n".join(self.wrong)


@pytest.fixture
async def trial(tmp_path: Path, tally: Tally) -> AsyncIterator[Trial]:
    async with serve_site() as site, serve_push() as push:
        for page in (*STEADY, "by-cron", "by-day", "news"):
            site.show(f"/{page}", "<h1>version 0</h1>")
        command, wall = Command(tmp_path), Wall(tmp_path / "wall")
        command.write(WATCHES.format(site=site.url))
        wall.set(NOON)
        yield Trial(command, site, push, wall, tally)


async def asked(trial: Trial, page: str, *, more_than: int = 0) -> None:
    """Return when the page was asked for so often."""

    async def look() -> bool:
        return trial.site.requests[page] > more_than

    await eventually(look)


async def jump(trial: Trial, name: str, to: datetime) -> None:
    """Set the clock while a message waits for its next attempt; then all is to go on."""
    trial.tally.tried += 1
    trial.push.is_down, calls = True, trial.push.calls
    waiting = trial.publish()

    async def was_tried() -> bool:
        return trial.push.calls > calls

    await eventually(was_tried)
    trial.wall.set(to)
    trial.push.is_down = False
    await trial.observe(name)
    await trial.told(waiting, name)


async def test_a_clock_that_jumps_while_it_runs_brings_no_storm_no_silence_and_no_false_word(trial: Trial) -> None:
    trial.tally.what = "clock jumps while the watcher runs"
    jumps = {"eleven hours back, into the day": NOON}
    if IS_FULL:
        jumps = {
            "an hour forward": NOON + HOUR,
            "an hour back": NOON,
            "a year forward": NOON + YEAR,
            "a year back": NOON,
            "two years back": NOON - 2 * YEAR,
            "to summer time": SPRING,
            "to winter time": AUTUMN,
            "into the day": NOON + HOUR,
            "into the night": NOON + 12 * HOUR,
            "an hour back in the night": NOON + 11 * HOUR,
            "back to now": NOON,
        }
    trial.wall.set(NOON + 11 * HOUR)
    async with trial.running():
        await asked(trial, "/news")
        for name, to in jumps.items():
            await jump(trial, name, to)
    trial.tally.figures["jumps"] = str(len(jumps))
    await trial.check_all()


@pytest.mark.skipif(not IS_FULL, reason="only in `make faults`: it takes a minute")
async def test_a_clock_that_jumped_between_two_runs_does_no_harm(trial: Trial) -> None:
    trial.tally.what = "clock jumps between two runs"
    async with trial.running():
        await asked(trial, "/news")
        await asked(trial, "/by-day")
    jumps = {
        "an hour forward": NOON + HOUR,
        "an hour back": NOON,
        "a year forward": NOON + YEAR,
        "two years back": NOON - YEAR,
    }
    for name, to in jumps.items():
        trial.push.is_down, calls = True, trial.push.calls
        async with trial.running():
            waiting = trial.publish()

            async def was_tried(calls: int = calls) -> bool:
                return trial.push.calls > calls

            await eventually(was_tried)
        trial.wall.set(to)
        trial.push.is_down = False
        trial.tally.tried += 1
        async with trial.running():
            # A start spreads first checks over some seconds, so one of each must have been.
            before = trial.site.requests.copy()
            for page in STEADY:
                await asked(trial, f"/{page}", more_than=before[f"/{page}"])
            await trial.observe(name)
            await trial.told(waiting, name)
            await trial.told(trial.publish(), name)
    await trial.check_all()


@pytest.mark.skipif(not IS_FULL, reason="only in `make faults`: it takes a while")
async def test_a_process_that_was_suspended_goes_on_where_it_was(trial: Trial) -> None:
    trial.tally.what = "suspends with a clock that went on"
    async with trial.running() as process:
        await asked(trial, "/news")
        process.send_signal(signal.SIGSTOP)
        trial.wall.set(NOON + HOUR)  # of a suspend of an hour nothing is seen but the clock
        await asyncio.sleep(8)
        process.send_signal(signal.SIGCONT)
        await trial.observe("after the suspend")
        await trial.told(trial.publish(), "after the suspend")
    await trial.check_all()
