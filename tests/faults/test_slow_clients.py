"""Connections that take their time, against a server as it is started: others are answered, and nothing is held."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Final

import pytest

from tests.faults.tally import IS_FULL, Tally, sized
from tests.figures.machine import Server, Town, found_town, many_files, serving
from watcher.core import pace
from watcher.web.pages.hub import MAX_STREAMS
from watcher.web.sessions.device import DEVICE_COOKIE

pytestmark = pytest.mark.faults

_COMMAND: Final = ("-m", "watcher", "serve", "--port", "0", "--data")
_OF_EACH: Final = sized(40, 500)
_OF_ONE_ADDRESS: Final = 50
_WATCHED_SECONDS: Final = sized(2.0, 40.0)
"""At full size longer than the longest deadline, which is 30 s."""
_LOOK_SECONDS: Final = 0.05
_DRIP_SECONDS: Final = 0.5
_RECOVERY_SECONDS: Final = 20.0
_ACCEPT_SECONDS: Final = 2.0
_P99_SECONDS: Final = 0.5
_RECEIVED_BYTES: Final = 4_096
"""What the system takes for a client that does not read."""

_HEAD: Final = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
_BODY: Final = (
    b"POST /api/send/message HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
)
_MUCH: Final = b"GET /static/icon-512.png HTTP/1.1\r\nHost: x\r\n\r\n" * 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to be slow."""

    name: str
    opening: bytes
    drips: bool = False
    reads: bool = True


MODES: Final = (
    Mode(name="heads that drip", opening=_HEAD[:5], drips=True),
    Mode(name="bodies that drip", opening=_BODY, drips=True),
    Mode(name="answers that nobody reads", opening=_MUCH, reads=False),
    Mode(name="idle ones", opening=_HEAD + b"\r\n"),
)


class Slow(asyncio.Protocol):
    """One slow connection. It never hangs up."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._transport: asyncio.Transport | None = None
        self.is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._mode.reads:
            transport.pause_reading()
        transport.write(self._mode.opening)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 as asyncio calls it
        self.is_over = True

    def drip(self) -> None:
        if self._transport is not None and self._mode.drips and not self.is_over:
            self._transport.write(b"x")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


@dataclass(slots=True)
class Crowd:
    """All of them, and how long others waited meanwhile."""

    server: Server
    slow: list[Slow] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def add(self, mode: Mode, source: Callable[[int], str], number: int) -> None:
        """Open so many connections from addresses of this machine."""
        loop = asyncio.get_running_loop()
        for nth in range(number):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVED_BYTES)
            connection.setblocking(False)
            connection.bind((source(nth), 0))
            await loop.sock_connect(connection, (self.server.host, self.server.port))
            _, slow = await loop.create_connection(partial(Slow, mode), sock=connection)
            self.slow.append(slow)

    async def drip(self) -> None:
        """Send a byte on each that drips, for ever."""
        while True:
            for slow in self.slow:
                slow.drip()
            await asyncio.sleep(_DRIP_SECONDS)

    async def look(self, seconds: float) -> None:
        """Ask whether the server is well, over a new connection each time, as a monitor does."""
        await asyncio.to_thread(self._look, seconds)

    def _look(self, seconds: float) -> None:
        # In a thread, so that this process's own work with thousands of connections is not measured.
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            began = time.perf_counter()
            ask_health(self.server)
            self.waits.append(time.perf_counter() - began)
            time.sleep(_LOOK_SECONDS)

    def close(self) -> None:
        for slow in self.slow:
            slow.close()


def ask_health(server: Server) -> None:
    """Raise AssertionError when the server is not well."""
    with socket.create_connection((server.host, server.port), timeout=_RECOVERY_SECONDS) as connection:
        connection.sendall(_HEAD + b"Connection: close\r\n\r\n")
        answer = b""
        while received := connection.recv(4_096):
            answer += received
    assert answer.endswith(b"ok\n"), answer


def _sockets(server: Server) -> int:
    """How many sockets the server has open; databases open and close files as they like."""
    return sum(_is_socket(file) for file in Path(f"/proc/{server.pid}/fd").iterdir())


def _is_socket(file: Path) -> bool:
    try:
        return os.readlink(file).startswith("socket:")
    except FileNotFoundError:  # closed meanwhile
        return False


async def _until_sockets(server: Server, most: int) -> float:
    """Wait until the server has no more sockets open; return the seconds that it took. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(_RECOVERY_SECONDS):
        while _sockets(server) > most:  # noqa: ASYNC110 another process closes them
            await asyncio.sleep(_LOOK_SECONDS)
    return time.monotonic() - began


async def _most_sockets(server: Server, expected: int) -> int:
    """Return how many sockets the server has open at the most until it has accepted all, for two seconds at most."""
    most = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_ACCEPT_SECONDS):
            while most < expected:
                most = max(most, _sockets(server))
                await asyncio.sleep(_LOOK_SECONDS)
    return most


@asynccontextmanager
async def _crowd(server: Server) -> AsyncIterator[Crowd]:
    crowd = Crowd(server)
    dripping = asyncio.create_task(crowd.drip())
    try:
        yield crowd
    finally:
        dripping.cancel()
        await asyncio.wait([dripping])
        crowd.close()


def _hoard(town: Town) -> Sequence[Mode]:
    """Return what opens as many live inboxes as its subscribers may, and reads none."""
    return [
        Mode(
            name="live inboxes",
            opening=b"GET /inbox/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nCookie: %b=%b\r\n\r\n"
            % (DEVICE_COOKIE.encode(), device.encode()),
            reads=False,
        )
        for device in town.devices
    ]


@pytest.mark.alone
async def test_slow_clients_keep_nobody_waiting_and_are_let_go(tmp_path: Path, tally: Tally) -> None:
    town = await found_town(tmp_path, _OF_EACH // MAX_STREAMS + 1)
    async with AsyncExitStack() as stack:
        assert stack.enter_context(many_files()) > 6 * _OF_EACH
        server = await stack.enter_async_context(serving(tmp_path, _COMMAND, is_pinned=False))
        ask_health(server)
        before = _sockets(server)
        crowd = await stack.enter_async_context(_crowd(server))
        tally.what = (
            f"slow connections at once, {_OF_EACH} each of {', '.join(mode.name for mode in MODES)}, live inboxes"
        )
        looking = asyncio.create_task(crowd.look(_WATCHED_SECONDS))
        for net, mode in enumerate(MODES, start=1):
            await crowd.add(mode, _addresses(net), _OF_EACH)
        for net, mode in enumerate(_hoard(town), start=10):
            await crowd.add(mode, _addresses(net), MAX_STREAMS)
        tally.tried = len(crowd.slow)
        open_at_once = await _most_sockets(server, before + tally.tried) - before
        await looking
        p99 = quantiles(crowd.waits, n=100)[98]
        tally.figures = {"/healthz p99": f"{p99 * 1000:.0f} ms", "open at once": f"{open_at_once:,}"}
        if IS_FULL:
            # Those that are still there read no live inbox, which is quiet and so owes them nothing.
            tally.failed = sum(not slow.is_over for slow in crowd.slow if slow._mode in MODES and slow._mode.reads)
        crowd.close()
        took = await _until_sockets(server, before)
        tally.figures["all sockets closed after"] = f"{took:.1f} s"
        ask_health(server)
    assert open_at_once > tally.tried * 0.8
    assert tally.failed == 0
    assert p99 < _P99_SECONDS


@pytest.mark.alone
async def test_one_address_takes_no_more_than_its_share(tmp_path: Path, tally: Tally) -> None:
    number = sized(400, 2_000)
    tally.what = "connections of one address"
    async with AsyncExitStack() as stack:
        assert stack.enter_context(many_files()) > 2 * number
        server = await stack.enter_async_context(serving(tmp_path, _COMMAND, is_pinned=False))
        ask_health(server)
        before = _sockets(server)
        crowd = await stack.enter_async_context(_crowd(server))
        await crowd.add(MODES[-1], lambda _: "127.9.9.9", number)
        await crowd.look(sized(0.5, 3.0))
        held = _sockets(server) - before
        tally.tried, tally.failed = number, max(0, held - pace.CONNECTIONS_PER_ADDRESS)
        tally.figures = {"held": str(held), "/healthz of another, worst": f"{max(crowd.waits) * 1000:.0f} ms"}
    assert 0 < held <= pace.CONNECTIONS_PER_ADDRESS


def _addresses(net: int) -> Callable[[int], str]:
    """Return addresses of this machine, each for so many connections that no limit is met."""
    return lambda nth: f"127.{net}.0.{nth // _OF_ONE_ADDRESS + 1}"
