"""A watcher that runs, and what is said to it meanwhile: another file, a signal, a command."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cli.command import SECONDS, Command, eventually, first_line, line_with
from tests.site import Site
from watcher import runtime
from watcher.config import load, parse
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.runtime.live import use
from watcher.runtime.watching import watching
from watcher.store.lock import RoleLock
from watcher.watching.control_requests import ControlRequests

HEAD = """
defaults:
  topic: deals
  allow_private: true
  every: 2s
  per_host: {min_delay: 0s}
watches:
"""


def watches(site: Site, *names: str) -> str:
    return HEAD + "".join(f"  {name}: {{url: {site.url}/{name}, extract: h1}}\n" for name in names)


def show(site: Site, *names: str) -> None:
    for name in names:
        site.show(f"/{name}", f"<h1>{name}</h1>")


async def asked(site: Site, path: str) -> None:
    """Return when the page was asked for."""

    async def look() -> bool:
        return site.requests[path] > 0

    await eventually(look)


@asynccontextmanager
async def daemon(
    watcher: Command, *flags: str, stdin: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `watcher run`, by default without a terminal; yield it when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "run", "--port", "0", *flags),
        cwd=watcher.directory,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await first_line(process.stdout, process.stderr)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stop(process: asyncio.subprocess.Process) -> str:
    """Stop it, and return what it logged."""
    process.terminate()
    async with asyncio.timeout(SECONDS):
        _, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return err.decode()


async def test_a_saved_file_is_taken_into_use_and_a_wrong_one_is_told(watcher: Command, site: Site) -> None:
    show(site, "a", "b", "c")
    watcher.write(watches(site, "a"))
    async with daemon(watcher) as process:
        await asked(site, "/a")
        watcher.write(watches(site, "b").replace("topic: deals", "topic: [deals, fresh]"))
        await asked(site, "/b")
        watcher.write("watches: [")

        async def told() -> bool:
            return "The watches cannot be reloaded" in (await watcher("messages")).out

        await eventually(told)
        watcher.write(watches(site, "b", "c"))
        await asked(site, "/c")
        topics = (await watcher("topics")).out
        assert "nothing checks these watches" not in (await watcher("status")).out
        log = await stop(process)
    assert "fresh" in topics
    assert log.count("nobody listens to fresh; `watcher qr fresh` shows the code to scan") == 1
    assert "nobody listens to admin; `watcher qr" not in log  # the start has said so
    assert "/t/***" not in log
    assert "reloaded: 1 added, 0 changed, 1 removed" in log
    assert "reloaded: 1 added, 1 changed, 0 removed" in log


@pytest.mark.faults
async def test_a_hangup_asks_a_daemon_to_read_its_files_again(watcher: Command, site: Site) -> None:
    show(site, "a")
    watcher.write(watches(site, "a"))
    async with daemon(watcher) as process:
        await asked(site, "/a")
        process.send_signal(signal.SIGHUP)
        await line_with(process.stderr, "reloaded: no watch changed")
        await stop(process)


@pytest.mark.faults
async def test_a_hangup_of_its_terminal_ends_it(watcher: Command, site: Site) -> None:
    watcher.write(watches(site, "a"))
    ours, its = os.openpty()
    try:
        async with daemon(watcher, stdin=its) as process:
            process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(SECONDS):
                _, err = await process.communicate()
            assert process.returncode == 0, err.decode()
    finally:
        os.close(ours)
        os.close(its)


@pytest.mark.faults
async def test_a_topic_without_a_number_is_a_mistake_where_the_push_server_is_elsewhere(
    watcher: Command, site: Site
) -> None:
    topics = "topics: {deals: {id: 103}}\n"
    watcher.write(topics + watches(site, "a"))
    async with daemon(watcher, "--push", "http://127.0.0.1:1", "--app-token", "AT_x") as process:
        watcher.write(topics + watches(site, "a").replace("topic: deals", "topic: fresh"))
        await line_with(process.stderr, "write `fresh: {id: 103}` under `topics:`")
        await stop(process)


async def test_a_message_still_goes_to_a_topic_that_has_left_the_file(tmp_path: Path) -> None:
    def file_of(topic: str, number: int) -> WatchFile:
        text = f"topics: {{{topic}: {{id: {number}}}}}\nwatches: {{a: {{url: 'http://a.example/', topic: {topic}}}}}"
        return parse(text, file="watches.yaml", environ={})

    settings = Settings(data=tmp_path, push="http://127.0.0.1:1", app_token="AT_x")
    async with watching(settings, file_of("deals", 103), "a test") as (parts, service):
        await use(settings, parts, service, file_of("fresh", 104))
        known = parts.checker.topics
        assert {key: topic.id for key, topic in known.items() if topic.id} == {
            "deals": 103,
            "fresh": 104,
        }


SUSPICIOUS = (
    HEAD + "  gpu: {url: SITE/gpu, accept_after: 100, extract: {price: {css: h1, type: money, max_step: 10%}}}\n"
)


async def make_suspicious(watcher: Command, site: Site) -> None:
    watcher.write(SUSPICIOUS.replace("SITE", site.url))
    site.show("/gpu", "<h1>$ 1200</h1>")
    assert (await watcher("check")).status == 0
    site.show("/gpu", "<h1>$ 600</h1>")
    assert (await watcher("check")).status == 1


@pytest.mark.faults
@pytest.mark.parametrize("is_running", [True, False], ids=["by the watcher that runs", "where none runs"])
async def test_what_is_suspicious_is_accepted(watcher: Command, site: Site, is_running: bool) -> None:
    await make_suspicious(watcher, site)
    if is_running:
        async with daemon(watcher) as process:
            result = await watcher("accept", "gpu")
            await stop(process)
    else:
        result = await watcher("accept", "gpu")
    assert result.out == "gpu: accepted; the watch goes on from what its page shows now\n", result.err
    assert "600" in (await watcher("history", "gpu")).out
    again = await watcher("accept", "gpu")
    assert again.status == 2
    assert "nothing to accept" in again.err


@pytest.mark.faults
async def test_what_is_accepted_of_a_muted_watch_is_said_to_be_told_later(watcher: Command, site: Site) -> None:
    await make_suspicious(watcher, site)
    assert (await watcher("mute", "gpu")).status == 0
    result = await watcher("accept", "gpu")
    assert "accepted; what its page shows is told once the watch is no longer paused or muted" in result.out, result.err
    await watcher("resume", "gpu")
    await watcher("check", "gpu")
    assert "600" in (await watcher("history", "gpu")).out


@pytest.mark.faults
async def test_a_request_that_nobody_answered_is_carried_out_by_the_next_check(watcher: Command, site: Site) -> None:
    await make_suspicious(watcher, site)
    ControlRequests(watcher.directory / ".watcher").post("gpu")
    assert (await watcher("check")).status == 0
    assert "600" in (await watcher("history", "gpu")).out
    assert ControlRequests(watcher.directory / ".watcher").requests() == []


@pytest.mark.faults
async def test_a_watcher_that_does_not_answer_is_not_waited_for_for_ever(watcher: Command, site: Site) -> None:
    await make_suspicious(watcher, site)
    settings = Settings(data=watcher.directory / ".watcher")
    file = load(watcher.directory / "watches.yaml", {})
    with RoleLock(settings.data, "watcher", "a watcher that is stuck"):
        said = await asyncio.to_thread(runtime.accept, settings, file, "gpu", limit_seconds=0.2)
    assert said.startswith("gpu: the watcher that runs was asked to accept it")
    assert ControlRequests(settings.data).requests() == ["gpu"]
