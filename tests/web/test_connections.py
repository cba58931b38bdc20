"""The table of `watcher/web/transport/connections.py`, over real sockets and on both event loops."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import ssl
import stat
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.certificates import an_identity
from tests.files import no_more_files
from tests.web.site import Site
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport import connections
from watcher.web.transport.connection_limiter import ConnectionCount, ConnectionLimiter
from watcher.web.transport.connections import MAX_HEAD_BYTES
from watcher.web.transport.proxies import read_proxy
from watcher.web.transport.server import open_socket, start_server

pytestmark = pytest.mark.both_loops
_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
_SHORT = timedelta(seconds=0.3)
_SECONDS = 30


@asynccontextmanager
async def served(push: PushService, settings: Settings, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve while the context lasts; yield the port. No descriptor may be left at the end."""
    before = _sockets()
    server = await start_server(
        build_app(push, settings, DiskWatchReader(settings.watches)), open_socket("127.0.0.1", 0), tls=tls
    )
    try:
        yield server.port
    finally:
        await server.stop()
        await _until_sockets(before)


def _sockets() -> int:
    """How many sockets this process has open, on both sides."""
    return sum(_is_socket(descriptor) for descriptor in os.listdir("/proc/self/fd"))


def _is_socket(descriptor: str) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(int(descriptor)).st_mode)
    except OSError:  # the directory that was just listed
        return False


async def _until_sockets(number: int) -> None:
    """Wait until so many are open. Raises TimeoutError."""
    async with asyncio.timeout(_SECONDS):
        while _sockets() != number:  # noqa: ASYNC110 the kernel sets no event
            await asyncio.sleep(0.01)


@pytest.fixture
def strict(settings: Settings) -> Settings:
    return replace(settings, head_timeout=_SHORT, write_timeout=_SHORT)


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    """Return what came before the end. Raises TimeoutError."""
    async with asyncio.timeout(_SECONDS):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def test_a_head_that_drips_is_cut_off_however_steadily(push: PushService, strict: Settings) -> None:
    async with served(push, strict) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        closed = asyncio.create_task(_until_closed(reader))
        began, dripped = time.monotonic(), 0
        while not closed.done() and time.monotonic() < began + _SECONDS:
            writer.write(_HEAD[dripped % 20 : dripped % 20 + 1])
            dripped += 1
            await asyncio.wait([closed], timeout=_SHORT.total_seconds() / 10)
        assert await closed == b""
        writer.close()
    assert dripped > 3


async def test_a_head_in_two_pieces_is_answered_and_the_next_one_has_its_own_time(
    push: PushService, strict: Settings
) -> None:
    async with served(push, replace(strict, head_timeout=timedelta(seconds=1))) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(_HEAD)
            await asyncio.sleep(0)
            writer.write(b"\r\n")
            async with asyncio.timeout(_SECONDS):
                assert b" 200 " in await reader.readuntil(b"ok\n")
        writer.close()


async def test_a_connection_without_a_request_is_closed(push: PushService, strict: Settings) -> None:
    async with served(push, replace(strict, idle_timeout=_SHORT)) as port:
        new, new_writer = await asyncio.open_connection("127.0.0.1", port)
        kept, kept_writer = await asyncio.open_connection("127.0.0.1", port)
        kept_writer.write(_HEAD + b"\r\n")
        assert await _until_closed(new) == b""
        assert (await _until_closed(kept)).endswith(b"ok\n")
        for writer in (new_writer, kept_writer):
            writer.close()


@pytest.mark.faults
async def test_a_head_without_an_end_is_cut_off(push: PushService, settings: Settings) -> None:
    async with served(push, settings) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /" + b"a" * 250_000 + b" HTTP/1.1\r\n")
        with suppress(ConnectionError):
            for number in range(MAX_HEAD_BYTES // 4_000):
                writer.write(b"X-%d: %b\r\n" % (number, b"b" * 4_000))
                await writer.drain()
        assert await _until_closed(reader) == b""
        writer.close()


async def test_heads_that_do_not_end_share_their_memory_and_small_ones_pass(
    push: PushService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_HEADS_BYTES", 150_000)
    long = b"GET /healthz?" + b"a" * 100_000
    async with served(push, settings) as port:
        for _ in range(2):  # what is cut, or ends, makes room
            async with _asking(port), _asking_more(port, long) as (first, finish), _asking_more(port, long) as (_, end):
                assert await _until_closed(end) == b""
                async with _asking_more(port, b"GET /healthz?a") as (small, answered):
                    small.write(b" HTTP/1.1\r\nHost: x\r\n\r\n")
                    assert b" 200 " in await answered.readuntil(b"ok\n")
                first.write(b" HTTP/1.1\r\nHost: x\r\n\r\n")
                assert b" 200 " in await finish.readuntil(b"ok\n")


@asynccontextmanager
async def _asking_more(port: int, begun: bytes) -> AsyncIterator[tuple[asyncio.StreamWriter, asyncio.StreamReader]]:
    """Begin a head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(begun)
        await writer.drain()
        async with asyncio.timeout(_SECONDS):
            yield writer, reader
    finally:
        writer.close()


async def test_a_body_that_nobody_reads_is_not_waited_for(push: PushService, strict: Settings) -> None:
    async with served(push, strict) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"PUT /nothing/here HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx")
        assert b" 404 " in await _until_closed(reader)
        writer.close()


def _stalled(port: int, *requests: bytes) -> socket.socket:
    """Ask, and read nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    connection.connect(("127.0.0.1", port))
    connection.setblocking(False)
    for request in requests:
        connection.send(request)
    return connection


@pytest.mark.parametrize("last", [b"", b"Connection: close\r\n"], ids=["kept open", "the last one"])
async def test_an_answer_that_nobody_reads_is_not_held(push: PushService, strict: Settings, last: bytes) -> None:
    """Many answers, for the system takes megabytes of one before we notice."""
    async with served(push, strict) as port:
        asked = b"GET /static/icon-512.png HTTP/1.1\r\nHost: x\r\n\r\n" * 400
        before = _sockets()
        with _stalled(port, asked, _HEAD + last + b"\r\n"):
            await _until_sockets(before + 2)
            await _until_sockets(before + 1)  # ours alone


async def test_a_handshake_that_does_not_go_on_is_cut_off(
    push: PushService, strict: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tls = an_identity().server(tmp_path)
    async with served(push, replace(strict, max_connections_per_address=1), tls) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03\x01")
        # It counts from the first moment.
        second, second_writer = await asyncio.open_connection("127.0.0.1", port)
        assert await _until_closed(second) == b""
        assert await _until_closed(reader) == b""
        for each in (writer, second_writer):
            each.close()
    assert "Traceback" not in caplog.text


async def test_one_too_many_of_an_address_is_closed_and_another_address_is_not(
    push: PushService, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(push, replace(settings, max_connections_per_address=3)) as port:
        async with AsyncExitStack() as stack:
            for _ in range(3):
                await stack.enter_async_context(_asking(port))
            for _ in range(4):
                refused, writer = await asyncio.open_connection("127.0.0.1", port)
                assert await _until_closed(refused) == b""
                writer.close()
            async with _asking(port, "127.0.0.2"):
                pass
        async with asyncio.timeout(_SECONDS):
            while not await _is_answered(port):
                pass
    [line] = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert line == "refused 1 connections, the last because 3 connections of 127.0.0.1 are open"


async def test_who_comes_when_no_file_can_be_opened_is_let_in_when_one_can(caplog: pytest.LogCaptureFixture) -> None:
    came = asyncio.Event()

    async def let_in(accepted: socket.socket) -> None:
        accepted.close()
        came.set()

    listening = open_socket("127.0.0.1", 0)
    limiter = ConnectionLimiter(listening, ConnectionCount(most=1, most_of_one=1), let_in, retry_seconds=0.1)
    limiter.open()
    with closing(limiter), socket.socket() as client:
        with no_more_files():
            client.connect(listening.getsockname())
            for _ in range(5):
                await asyncio.sleep(0)
        assert "no connection can be accepted, Too many open files" in caplog.text
        async with asyncio.timeout(_SECONDS):
            await came.wait()


async def test_behind_a_proxy_its_connections_are_not_one_readers(push: PushService, settings: Settings) -> None:
    trusting = replace(settings, max_connections_per_address=1, trusted_proxies=[read_proxy("127.0.0.0/8")])
    async with served(push, replace(trusting, max_connections=3)) as port, AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(_asking(port))
        assert not await _is_answered(port)


@asynccontextmanager
async def _asking(port: int, source: str = "127.0.0.1") -> AsyncIterator[None]:
    """Keep a connection open that was answered once."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        writer.write(_HEAD + b"\r\n")
        async with asyncio.timeout(_SECONDS):
            await reader.readuntil(b"ok\n")
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def _is_answered(port: int) -> bool:
    try:
        async with _asking(port):
            return True
    except (ConnectionError, asyncio.IncompleteReadError):
        return False


@pytest.mark.parametrize(
    ("peers", "counted"),
    [
        (["203.0.113.1"] * 3, [True, True, False]),
        (["203.0.113.1", "203.0.113.1", "203.0.113.2", "203.0.113.1"], [True, True, True, False]),
        (["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"], [True, True, False, True]),
        (["::ffff:203.0.113.1", "203.0.113.1", "203.0.113.1"], [True, True, False]),
        (["10.0.0.1"] * 5, [True, True, True, True, False]),
    ],
    ids=["one", "two", "a household of IPv6", "a mapped address", "a proxy"],
)
def test_connections_count_up_to_the_limits(peers: list[str], counted: list[bool]) -> None:
    count = ConnectionCount(most=4, most_of_one=2, trusted=[read_proxy("10.0.0.0/8")])
    assert [count.try_add(peer) for peer in peers] == counted


def test_who_leaves_makes_room_and_is_forgotten() -> None:
    count = ConnectionCount(most=2, most_of_one=1)
    for _ in range(3):
        assert count.try_add("203.0.113.1")
        count.remove("203.0.113.1")
    assert (count.open, dict(count._of_one)) == (0, {})


def test_refusals_are_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    count = ConnectionCount(most=0, most_of_one=1, seconds=lambda: now[0])
    for seconds in (0.0, 1.0, 59.0, 60.0):
        now[0] = seconds
        count.try_add("203.0.113.1")
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "refused 1 connections",
        "refused 3 connections",
    ]


async def test_live_inboxes_leave_room_for_short_requests(push: PushService, settings: Settings) -> None:
    await push.topics.declare([])
    readers = [await push.subscribers.add() for _ in range(4)]
    async with served(push, replace(settings, max_connections=4)) as port, AsyncExitStack() as stack:
        answers = [await _open_inbox(stack, port, reader.device_token) for reader in readers]
        assert [answer.split()[1] for answer in answers] == [b"200", b"200", b"200", b"503"]
        assert b"Retry-After: 60" in answers[-1]


async def _open_inbox(stack: AsyncExitStack, port: int, device: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)
    writer.write(
        b"GET /inbox/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
        b"Cookie: watcher_device=%b\r\n\r\n" % device.encode()
    )
    async with asyncio.timeout(_SECONDS):
        return await reader.readuntil(b"\r\n\r\n")


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"<script>alert(1)</script> / HTTP/1.1\r\n\r\n", id="no method"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="another version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", id="no header"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", id="a NUL in a header"),
        pytest.param(b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n", id="a line too long"),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"a" * 9_000 + b"\r\n\r\n", id="a header too long"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", id="too many headers"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", id="a length below 0"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", id="two lengths"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="a TLS hello"),
    ],
)
async def test_what_is_no_request_is_answered_as_programs_read_it(
    site: Site, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(sent)
    head, _, body = (await _until_closed(reader)).partition(b"\r\n\r\n")
    writer.close()
    assert head.split()[1] == b"400"
    assert b"nosniff" in head
    assert b"default-src 'none'" in head
    assert b"aiohttp" not in head.lower()
    assert json.loads(body)["code"] == 1005
    assert b"script" not in body
    assert "Traceback" not in caplog.text
