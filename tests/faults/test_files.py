"""
More hosts than this process may have files open: checks, `/metrics`, newcomers and the push database go on.

The watcher is a real one under a real limit (`ulimit -n`), and the hosts are addresses of this machine that keep their
connections alive. As a control it runs without its budget: then checks must fail, as what they are, and nothing says
that the network is down.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from tests.faults.tally import Tally, sized
from tests.figures.machine import many_files
from tests.running import free_port, meanwhile

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="SO_BINDTODEVICE and /proc are Linux'"),
]

LIMIT: Final = sized(256, 1_024)
HOSTS: Final = sized(300, 2_000)
EVERY_SECONDS: Final = sized(1, 10)
ROUNDS: Final = sized(1, 5)
SECONDS: Final = sized(60, 240)
READERS: Final = sized(60, 300)
"""Who hold a connection open meanwhile: nearly all for whom there is room, less those who ask how it goes."""
CHANGING: Final = "127.1.0.1"
WITHOUT_BUDGET: Final = """
from watcher.core import files
files.budget_of = lambda limit, *, connections: files.FileBudget(
    limit=limit, reserved=0, sockets=100_000, lookups=120, connections=connections)
from watcher.__main__ import main
main()
"""


@dataclass
class Hosts(asyncio.Protocol):
    """A page at every address of 127.0.0.0/8; connections stay open."""

    version: int = 1
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def protocol(self) -> asyncio.Protocol:
        return _Kept(self)

    @property
    def checks(self) -> int:
        return self.asked.total()

    @property
    def rounds(self) -> int:
        """How often every host was asked."""
        return min(self.asked.values()) if len(self.asked) == HOSTS else 0


class _Kept(asyncio.Protocol):
    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._transport: asyncio.Transport | None = None
        self._address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = str(transport.get_extra_info("sockname")[0])

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - a request comes in one piece
        self._hosts.asked[self._address] += 1
        version = self._hosts.version if self._address == CHANGING else 1
        body = f"<h1>version {version}</h1>"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        assert self._transport is not None
        self._transport.write(f"{head}{body}".encode())


@asynccontextmanager
async def many_hosts() -> AsyncIterator[Hosts]:
    hosts = Hosts()
    with many_files(), socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")  # whatever the address
        hosts.port = free_port()
        listening.bind(("", hosts.port))
        server = await asyncio.get_running_loop().create_server(hosts.protocol, sock=listening, backlog=4_096)
        async with server:
            yield hosts


@dataclass
class Watcher:
    """The watcher that runs, and what it said."""

    process: asyncio.subprocess.Process
    directory: Path
    url: str
    most_open: int = 0
    said: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode())

    async def count_files(self) -> None:
        while True:
            with suppress(OSError):
                self.most_open = max(self.most_open, len(os.listdir(f"/proc/{self.process.pid}/fd")))
            await asyncio.sleep(0.1)

    def heard(self, text: str) -> int:
        """Return in how many lines it said so."""
        return sum(text in line for line in self.said)

    def messages(self, text: str) -> int:
        """Return how many messages of the push database say so."""
        with closing(sqlite3.connect(f"file:{self.directory}/.watcher/push.db?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT count(*) FROM messages WHERE summary LIKE ?", (f"%{text}%",))
            [number] = found.fetchone()
        return int(number)

    async def figures(self) -> dict[str, float]:
        """Ask for `/metrics` over a new connection; return what it says, without labels, summed up."""
        found: Counter[str] = Counter()
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/metrics") as answer:
            assert answer.status == 200
            for name, value in re.findall(r"^(\w+)(?:\{[^}]*\})? ([0-9.e+]+)$", await answer.text(), re.MULTILINE):
                found[name] += float(value)  # type: ignore[assignment]
        return dict(found)

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def a_watcher(directory: Path, hosts: Hosts, *code: str) -> AsyncIterator[Watcher]:
    lines = "".join(
        f'  h{nth}: {{url: "http://127.1.{nth // 250}.{nth % 250 + 1}:{hosts.port}/", extract: h1}}\n'
        for nth in range(HOSTS)
    )
    defaults = f"{{topic: news, allow_private: true, every: {EVERY_SECONDS}s, per_host: {{min_delay: 0s}}}}"
    (directory / "watches.yaml").write_text(f"topics: {{news: {{}}}}\ndefaults: {defaults}\nwatches:\n{lines}")
    process = await asyncio.create_subprocess_exec(
        *("sh", "-c", f'ulimit -n {LIMIT} && exec "$@"', "sh", sys.executable, *(code or ("-m", "watcher"))),
        *("run", "--port", "0"),
        cwd=directory,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            await process.stdout.readline()
        watcher = Watcher(process, directory, (directory / ".watcher" / "public_url").read_text().strip())
        async with meanwhile(watcher.listen()), meanwhile(watcher.count_files()):
            yield watcher
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(look: object, seconds: float = SECONDS) -> None:
    """Return when it is so."""
    assert callable(look)
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - another process does not set our event
            await asyncio.sleep(0.1)


async def readers(stack: AsyncExitStack, url: str, number: int) -> int:
    """Open so many connections, of some addresses, and return how many are answered; they stay open."""
    answered = 0
    host, _, port = url.removeprefix("http://").rpartition(":")
    for nth in range(number):
        reader, writer = await asyncio.open_connection(host, int(port), local_addr=(f"127.0.0.{nth // 100 + 2}", 0))
        stack.callback(writer.close)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(SECONDS):
            answered += (await reader.readline()).startswith(b"HTTP/1.1 200")
    return answered


@pytest.mark.alone
async def test_more_hosts_than_files_leave_room_for_all_else(tmp_path: Path, tally: Tally) -> None:
    async with many_hosts() as hosts, a_watcher(tmp_path, hosts) as watcher, AsyncExitStack() as stack:
        await until(lambda: hosts.rounds >= ROUNDS)
        answered = await readers(stack, watcher.url, READERS)
        hosts.version, before = 2, hosts.rounds
        await until(lambda: watcher.messages("version 2") == 1)
        await until(lambda: hosts.rounds > before)
        figures = await watcher.figures()
        status = await watcher.stop()
    failed = int(figures.get("watcher_check_failures_total", 0))
    tally.what = f"checks of {HOSTS:,} hosts by a process that may have {LIMIT:,} files open"
    tally.tried, tally.failed = hosts.checks, failed
    tally.figures["files open at most"] = f"{watcher.most_open:,}"
    tally.figures["outbound sockets"] = f"{figures['watcher_outbound_sockets']:.0f}"
    tally.figures["connections of readers answered"] = f"{answered:,} of {READERS:,}"
    assert (failed, answered, status) == (0, READERS, 0)
    assert watcher.most_open < LIMIT
    assert watcher.heard("Too many open files") + watcher.heard("unable to open") == 0


@pytest.mark.alone
async def test_without_the_budget_checks_fail_as_what_they_are_and_no_outage_is_told(
    tmp_path: Path, tally: Tally
) -> None:
    async with many_hosts() as hosts, a_watcher(tmp_path, hosts, "-c", WITHOUT_BUDGET) as watcher:
        await until(lambda: watcher.heard(" files: ") > 0)
        await until(lambda: watcher.heard(" files: ") >= HOSTS // 20)
        status = await watcher.stop()
    tally.what = f"control: the same without the budget: checks of {HOSTS:,} hosts that fail, told as an outage"
    tally.tried, tally.failed = watcher.heard(" files: "), watcher.heard("The network is down")
    tally.figures["told as what it is"] = f"{watcher.heard('can open no more files: checks fail')}"
    assert tally.failed == watcher.heard(" network: ") == 0
    assert (status, watcher.heard("can open no more files: checks fail")) == (0, 1)
