"""
Whatever hangs, a stop is over within a bound, ends with 0, and loses nothing; a second signal ends at once.

Hung here: a page that never answers, a name server that never answers, a push server that never answers, and readers
who hold five live inboxes open.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.cli.command import SECONDS, Command, eventually
from tests.cli.press import Process
from tests.cli.test_early_stop import begun, ended, listens
from tests.faults.push_server import PushServer, serve_push
from tests.faults.tally import IS_FULL, Tally, sized
from tests.site import Site, serve_site
from watcher.store.watch_reader import DiskWatchReader

pytestmark = pytest.mark.faults

STOP_SECONDS = 25.0
"""Below the TimeoutStopSec=30 of the unit in docs/deploy.md."""
NAME_SERVER = "127.0.0.77"
STARTS = sized(3, 100)
START_SECONDS = 1.5
"""Longer than a start takes, so that some of the stops come after it."""
DEFAULTS = (
    "defaults: {topic: news, allow_private: true, every: 1s, timeout: 1h, per_host: {min_delay: 0s, concurrency: 9}}\n"
)


@pytest.fixture
def watcher(tmp_path: Path) -> Command:
    return Command(tmp_path, is_warm=False)


@asynccontextmanager
async def mute() -> AsyncIterator[str]:
    """A page that takes every connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def watches(site: Site, silent: str) -> str:
    return (
        "topics: {news: {id: 103}, admin: {id: 1}}\n"
        + DEFAULTS
        + "watches:\n"
        + f'  page: {{url: "{site.url}/page", extract: h1}}\n'
        + f'  mute: {{url: "{silent}/", extract: h1}}\n'
        + '  nameless: {url: "http://never-answered.invalid/", extract: h1}\n'
    )


async def change(site: Site, push: PushServer, watcher: Command) -> None:
    """Return when a change of the page is in the outbox, and being sent."""

    async def was_asked() -> bool:
        return site.requests["/page"] > 0

    async def is_waiting() -> bool:
        return bool(DiskWatchReader(watcher.directory / ".watcher" / "watches").outbox()) and push.calls > 0

    await eventually(was_asked)
    site.show("/page", "<h1>1</h1>")
    await eventually(is_waiting)


async def stopped(process: Process | asyncio.subprocess.Process, *signals: signal.Signals) -> float:
    """Return how long it took to end after the first of these."""
    began = time.monotonic()
    for number in signals:
        process.send_signal(number)
        await asyncio.sleep(0.3)
    async with asyncio.timeout(SECONDS):
        await process.wait()
    return time.monotonic() - began


@asynccontextmanager
async def silent_names(directory: Path) -> AsyncIterator[tuple[str, ...]]:
    """Yield what a command is put behind so that it asks a name server that never answers. Takes root's rights."""
    resolv = directory / "resolv.conf"
    resolv.write_text(f"nameserver {NAME_SERVER}\n")
    behind = ("unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', str(resolv))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        try:
            listening.bind((NAME_SERVER, 53))
        except OSError as error:
            pytest.skip(f"no name server can stand at {NAME_SERVER}: {error}")
        if shutil.which("unshare") is None or subprocess.run([*behind, "true"], check=False).returncode != 0:
            pytest.skip("no /etc/resolv.conf of its own can be given to a process")
        yield behind


@pytest.mark.skipif(not IS_FULL, reason="only in `make faults`: a stop takes its ten seconds")
async def test_a_stop_with_all_that_it_asks_hung_is_over_within_its_bound(watcher: Command, tally: Tally) -> None:
    tally.what = "stops while a page, a name, and the push server hang"
    async with (
        serve_site() as site,
        serve_push() as push,
        mute() as silent,
        silent_names(watcher.directory) as behind,
    ):
        site.show("/page", "<h1>0</h1>")
        push.hangs = True
        watcher.write(watches(site, silent))
        process = await asyncio.create_subprocess_exec(
            *(*behind, sys.executable, "-m", "watcher", "run", "--push", push.url, "--app-token", "AT_x"),
            cwd=watcher.directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        await change(site, push, watcher)
        seconds = await stopped(process, signal.SIGTERM)
        _, err = await process.communicate()
        said = err.decode()
        tally.tried += 1
        tally.failed += not (process.returncode == 0 and seconds < STOP_SECONDS)
        tally.figures["stop"] = f"{seconds:.1f} s"
        assert tally.failed == 0, f"{process.returncode} after {seconds:.1f} s: {said}"
        (left,) = DiskWatchReader(watcher.directory / ".watcher" / "watches").outbox()
        assert left.dead is None


async def test_a_second_signal_ends_it_at_once_and_what_was_seen_is_told_later(watcher: Command, tally: Tally) -> None:
    tally.what = "second signals while a page, a name, and the push server hang"
    async with serve_site() as site, serve_push() as push, mute() as silent:
        site.show("/page", "<h1>0</h1>")
        push.hangs = True
        watcher.write(watches(site, silent))
        flags = ("run", "--push", push.url, "--app-token", "AT_x")
        async with watcher.running(*flags) as (process, _):
            await change(site, push, watcher)
            seconds = await stopped(process, signal.SIGTERM, signal.SIGINT)
        tally.tried += 1
        tally.figures["end"] = f"{seconds:.1f} s"
        assert process.returncode == 128 + signal.SIGINT
        assert seconds < 3
        push.hangs = False
        async with watcher.running(*flags) as (process, _):

            async def told() -> bool:
                return bool(push.taken)

            await eventually(told)
            process.kill()
        tally.failed += [message.summary for message in push.taken] != ["page: 0 → 1"]
    assert tally.failed == 0, push.taken


@pytest.mark.skipif(not IS_FULL, reason="only in `make faults`: a stop takes its ten seconds")
async def test_open_inboxes_hold_no_stop_up(watcher: Command, tally: Tally) -> None:
    tally.what = "stops with five live inboxes open and a page that hangs"
    async with serve_site() as site, mute() as silent, AsyncExitStack() as stack:
        site.show("/page", "<h1>0</h1>")
        watcher.write(watches(site, silent).replace("topics: {news: {id: 103}, admin: {id: 1}}\n", ""))
        process, first = await stack.enter_async_context(watcher.running("run", "--port", "0"))
        base = first.rpartition("inbox at ")[2].partition("/inbox")[0]
        client = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        news = next(each for each in (await watcher("topics", "--json")).records if each["key"] == "news")
        async with client.post(f"{base}/t/{news['link'].rpartition('/')[2]}") as answer:
            answer.raise_for_status()
        for _ in range(5):
            stream = await stack.enter_async_context(client.get(f"{base}/inbox/events"))
            assert stream.status == 200
        seconds = await stopped(process, signal.SIGTERM)
        tally.tried += 1
        tally.figures["stop"] = f"{seconds:.1f} s"
        tally.failed += not (process.returncode == 0 and seconds < STOP_SECONDS)
    assert tally.failed == 0


async def test_a_stop_at_any_moment_of_a_start_ends_with_0(tmp_path: Path, tally: Tally) -> None:
    tally.what = "stops of `run` and `serve` from the first moment of a start on"
    wrong = []
    watcher = Command(tmp_path, is_warm=False)
    watcher.write("watches: {page: {url: 'http://127.0.0.1:9/', topic: news, allow_private: true, extract: h1}}")
    for number in range(STARTS):
        command, after = ("run", "serve")[number % 2], START_SECONDS * number / STARTS
        async with begun(tmp_path, command, "--port", "0") as process:
            await listens(process)
            await asyncio.sleep(after)  # nothing else says when another process is amid its imports
            status, said = await ended(process, signal.SIGTERM)
        tally.tried += 1
        if status != 0 or "Traceback" in said:
            wrong.append(f"{command} after {after:.2f} s: {status} {said}")
    tally.failed = len(wrong)
    assert not wrong, wrong


async def test_a_stop_waits_for_no_check_that_waits_for_its_host(watcher: Command, tally: Tally) -> None:
    tally.what = "stops while nearly all checks wait for their turn at one host"
    async with serve_site() as site:
        for number in range(200):
            site.show(f"/{number}", "<h1>page</h1>")
        watches = "".join(f'  w{number}: {{url: "{site.url}/{number}", extract: h1}}\n' for number in range(200))
        watcher.write(DEFAULTS.replace("0s, concurrency: 9", "20s") + "watches:\n" + watches)
        async with watcher.running("run", "--port", "0") as (process, _):

            async def is_asked() -> bool:
                return bool(site.requests)

            await eventually(is_asked)
            began = time.monotonic()
            process.terminate()
            assert await process.wait() == 0
            seconds = time.monotonic() - began
    tally.tried, tally.failed = 1, int(seconds >= 5)
    tally.figures = {"stop": f"{seconds:.1f} s"}
    assert seconds < 5
