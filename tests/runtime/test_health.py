"""What is wrong with a process: real parts, of which one hangs, is refused, or stands still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import force_setattr

from tests.cli.test_kill import locked
from tests.core.builders import message
from tests.running import meanwhile
from watcher.config import parse
from watcher.core.figures import Durations, Pulse
from watcher.core.settings import Settings
from watcher.errors import StoreError
from watcher.runtime.process.health import Health
from watcher.runtime.process.systemd import Systemd
from watcher.runtime.watching import Watching, watching

WATCHES = "watches: {a: {url: 'http://127.0.0.1:1/', topic: t, enabled: false}}"
LOOPS = {
    "the loop that starts checks does not turn",
    "the loop that saves what checks found does not turn",
    "the loop that delivers the outbox does not turn",
}


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Watching]:
    file = parse(WATCHES, file="watches.yaml", environ={})
    async with watching(Settings(data=tmp_path), file, "a test") as (opened, _):
        yield opened


@pytest.fixture
def health(parts: Watching, tmp_path: Path) -> Health:
    made = Health(tmp_path, Systemd(None, None), look_seconds=0.2)
    made.watching = parts
    return made


async def test_loops_that_do_not_turn_are_named_and_those_that_do_are_not(health: Health, parts: Watching) -> None:
    assert set(await health.problems()) == LOOPS
    async with (
        meanwhile(parts.checker.runner.run()),
        meanwhile(parts.checker.committer.run()),
        meanwhile(parts.dispatcher.run()),
    ):
        async with asyncio.timeout(30):
            while await health.problems():
                pass


async def test_a_store_that_hangs_is_said_in_time_and_asked_once(
    health: Health, parts: Watching, tmp_path: Path
) -> None:
    with locked(tmp_path / "watches" / "cache.db"):
        saving = asyncio.create_task(parts.store.outbox.add([message(1)]))
        await asyncio.sleep(0)
        began = time.monotonic()
        for _ in range(3):
            assert "the watch store does not answer" in await health.problems()
            assert await health.why_dead(since=0, seconds=0.2) is not None
        assert time.monotonic() - began < 5
    await saving
    async with asyncio.timeout(30):
        while "the watch store does not answer" in await health.problems():
            pass


async def test_a_commit_that_was_refused_makes_it_unready_until_one_is_not(health: Health, parts: Watching) -> None:
    refused = "the watch store refused the last commit; the log says why"
    parts.checker.committer.trouble = "the disk is full"
    assert refused in await health.problems()
    await parts.checker.committer.flush()
    assert refused in await health.problems()


async def test_the_watchdog_wants_the_loop_of_checks_to_turn_after_it_was_woken(
    health: Health, parts: Watching
) -> None:
    loop = asyncio.get_running_loop()
    async with meanwhile(parts.checker.runner.run()):
        since = loop.time()
        parts.checker.runner.loop.wake()
        async with asyncio.timeout(30):
            while await health.why_dead(since=since, seconds=1) is not None:  # noqa: ASYNC110 - a loop has no event
                await asyncio.sleep(0)
        assert await health.why_dead(since=loop.time() + 1, seconds=1) == "the loop that starts checks does not turn"


async def test_the_status_says_how_the_watches_stand(health: Health) -> None:
    assert health.status() == "watching: 1 disabled; 0 in the outbox"
    health.is_file_used = False
    assert "wrong" in health.status()


async def test_a_store_that_cannot_be_read_is_unready_and_yet_alive(health: Health, parts: Watching) -> None:
    class Broken:
        async def answer(self) -> None:
            raise StoreError("disk I/O error")

    force_setattr(parts, "store", Broken())
    assert "the watch store cannot be read; the log says why" in await health.problems()
    async with meanwhile(parts.checker.runner.run()):
        since = asyncio.get_running_loop().time()
        async with asyncio.timeout(30):
            while await health.why_dead(since=since, seconds=1) is not None:  # noqa: ASYNC110 - a loop has no event
                await asyncio.sleep(0)


@pytest.mark.parametrize(("beat_at", "now", "is_stuck"), [(None, 0, True), (0, 10, False), (0, 10.5, True)])
def test_a_pulse_that_has_not_beaten_for_its_limit_is_of_a_loop_that_is_stuck(
    beat_at: float | None, now: float, is_stuck: bool
) -> None:
    pulse = Pulse("a loop", limit_seconds=10)
    if beat_at is not None:
        pulse.beat(beat_at)
    assert pulse.is_stuck(now) is is_stuck


def test_durations_are_counted_in_the_first_bucket_that_holds_them() -> None:
    counted = Durations((1, 2))
    for seconds in (0.5, 1, 1.5, 9):
        counted.note(seconds)
    assert list(counted.buckets()) == [(1, 2), (2, 3), (float("inf"), 4)]
    assert counted.seconds == 12
