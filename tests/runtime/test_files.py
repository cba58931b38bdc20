from __future__ import annotations

import asyncio
import logging
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fetch.site import page
from watcher.core.settings import Settings
from watcher.runtime.process.files import file_budget, file_limit, log_what_is_short, raise_limit


@contextmanager
def soft_limit(files: int) -> Iterator[int]:
    """Let this process open so many files, until it raises that itself; yield its hard limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_limit_is_raised_as_far_as_the_system_allows() -> None:
    with soft_limit(512) as hard:
        assert file_limit() == 512
        raise_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)


def test_connections_for_which_there_is_no_room_are_fewer_and_the_log_says_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(data=tmp_path, max_connections=10_000)
    with soft_limit(1_024), caplog.at_level(logging.WARNING):
        budget = file_budget(settings)
        log_what_is_short(budget, settings)
    assert budget.connections == 312
    (line,) = caplog.messages
    assert line.startswith("room for 312 connections only, not 10000 (--max-connections)")
    assert "LimitNOFILE" in line


def test_a_limit_that_is_enough_is_not_spoken_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(data=tmp_path, max_connections=100)
    with soft_limit(1_024), caplog.at_level(logging.WARNING):
        log_what_is_short(file_budget(settings), settings)
    assert caplog.messages == []


HOSTS = [f"127.0.2.{host}" for host in range(1, 101)]


@pytest.mark.faults
async def test_a_pass_asks_a_hundred_hosts_at_once_though_it_is_started_with_few_files(tmp_path: Path) -> None:
    """Each answers when all have been asked: a pass over pages that take a second takes one second."""
    all_asked = asyncio.Barrier(len(HOSTS))

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await all_asked.wait()
        writer.write(page(b"<h1>Dune</h1>"))
        writer.close()

    first = await asyncio.start_server(answer, HOSTS[0], 0)
    port = first.sockets[0].getsockname()[1]
    async with first, await asyncio.start_server(answer, HOSTS[1:], port):
        lines = "".join(f"  h{nth}: {{url: 'http://{host}:{port}/', extract: h1}}\n" for nth, host in enumerate(HOSTS))
        (tmp_path / "watches.yaml").write_text(f"defaults: {{topic: news, allow_private: true}}\nwatches:\n{lines}")
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", 'ulimit -Sn 256 && exec "$@"', "sh", sys.executable, "-m", "watcher", "check"),
            cwd=tmp_path,
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(60):
            assert await process.wait() == 0
