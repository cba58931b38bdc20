"""`watcher healthcheck` asks the server that runs, and says in one line, within seconds, whether it is ready."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.certificates import an_identity
from tests.cli.command import Command
from tests.running import free_port
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.runtime.healthcheck import asked_url, why_not_ready


@asynccontextmanager
async def answering(text: bytes, *, ends: bool = True) -> AsyncIterator[Settings]:
    """Serve these bytes to whoever asks; yield where."""
    done = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(text)
        await writer.drain()
        if not ends:
            await done.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield Settings(data=Path(), port=server.sockets[0].getsockname()[1])
    finally:
        done.set()
        server.close()


async def test_a_server_that_runs_is_ready(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0") as (_, first):
        port = re.findall(r":(\d+)", first)[0]
        asked = await watcher("healthcheck", "--port", port)
        everywhere = await watcher("healthcheck", WATCHER_PORT=port, WATCHER_HOST="0.0.0.0")
    assert (asked.status, asked.out, asked.err) == (0, f"ready: http://127.0.0.1:{port}\n", "")
    assert everywhere.status == 0


async def test_the_server_of_the_data_directory_is_asked_and_no_other(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0") as (_, first):
        port = re.findall(r":(\d+)", first)[0]
        asked = await watcher("healthcheck")
    assert (asked.status, asked.out) == (0, f"ready: http://127.0.0.1:{port}\n")
    body = b"HTTP/1.1 200 OK\r\n\r\nok\n"
    async with answering(body) as other:  # a server of another data directory, on the port that is asked
        stopped = await watcher("healthcheck", "--port", str(other.port))
    assert (stopped.status, stopped.err) == (1, "not ready: no server runs on .watcher\n")


async def test_it_is_asked_over_https_where_it_serves_that(watcher: Command, tmp_path: Path) -> None:
    certificate, key = an_identity(names=("watch.example.org",)).write(tmp_path)
    around = {"WATCHER_TLS_CERT": str(certificate), "WATCHER_TLS_KEY": str(key), "WATCHER_PORT": str(free_port())}
    async with watcher.running("serve", **around):
        assert (await watcher("healthcheck", **around)).out.startswith("ready: ")


async def test_it_is_asked_where_its_health_is_shown(watcher: Command) -> None:
    around = {"WATCHER_HEALTH": str(free_port()), "WATCHER_PORT": "0"}
    async with watcher.running("serve", **around):
        assert (await watcher("healthcheck", **around)).out.startswith("ready: ")


async def test_a_worker_which_holds_no_data_directory_is_asked_where_its_health_is_shown(
    watcher: Command, tmp_path: Path
) -> None:
    (tmp_path / ".watcher").mkdir(mode=0o700)
    async with answering(b"HTTP/1.1 200 OK\r\n\r\nok\n") as worker:
        asked = await watcher("healthcheck", WATCHER_HEALTH=str(worker.port))
    assert (asked.status, asked.out, asked.err) == (0, f"ready: http://127.0.0.1:{worker.port}\n", "")


async def test_a_server_that_does_not_run_is_not_ready(watcher: Command) -> None:
    port = free_port()
    asked = await watcher("healthcheck", "--port", str(port))
    assert (asked.status, asked.out) == (1, "")
    assert asked.err == f"not ready: nobody answers at http://127.0.0.1:{port} (Connection refused)\n"


async def test_a_port_that_is_not_known_cannot_be_asked() -> None:
    with pytest.raises(UsageError, match="port 0"):
        await asyncio.sleep(0, asked_url(Settings(data=Path(), port=0)))


async def test_what_is_wrong_is_said_in_one_line() -> None:
    body = b"the watch store does not answer\nthe loop of checks does not turn\x1b[2J\n"
    async with answering(b"HTTP/1.1 503 Service Unavailable\r\n\r\n" + body) as settings:
        said = await why_not_ready(asked_url(settings))
    assert said == "the watch store does not answer; the loop of checks does not turn[2J"


@pytest.mark.parametrize("answer", [b"", b"hello", b"HTTP/1.1 200 OK\r\n\r\n<html>", b"HTTP/1.1 404 No\r\n\r\nok"])
async def test_another_program_on_its_port_is_not_ready(answer: bytes) -> None:
    async with answering(answer) as settings:
        said = await why_not_ready(asked_url(settings))
    assert said == f"what answers at http://127.0.0.1:{settings.port} is not this server"


async def test_an_answer_without_end_is_not_waited_for() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\n\r\nok\n", ends=False) as settings:
        said = await why_not_ready(asked_url(settings), seconds=0.2)
    assert said == f"http://127.0.0.1:{settings.port} does not answer within 0.2 s"


async def test_of_an_answer_of_any_size_a_part_is_read() -> None:
    async with answering(b"HTTP/1.1 503 No\r\n\r\n" + b"x" * 1_000_000, ends=False) as settings:
        said = await why_not_ready(asked_url(settings), seconds=20)
    assert said is not None
    assert len(said) == 500
