from __future__ import annotations

import asyncio
import logging
import socket

import pytest

from tests.web.serving import a_site
from tests.web.site import Site
from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport import server as server_module
from watcher.web.transport.server import open_socket, start_server


def test_a_port_in_use_is_said_in_one_line() -> None:
    with open_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"^port {port} on 127.0.0.1 is taken; choose another with --port$"):
            open_socket("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "advice"),
    [("192.0.2.1", 0, "--host"), ("no.such.host.invalid", 0, "--host"), ("127.0.0.1", 70_000, "--port")],
)
def test_an_address_that_is_not_ours_is_said_with_advice(host: str, port: int, advice: str) -> None:
    with pytest.raises(UsageError, match=advice):
        open_socket(host, port)


def test_what_the_system_said_is_all_that_is_said() -> None:
    with pytest.raises(UsageError, match=r"^cannot listen on no\.such\.host\.invalid: [^(]+; choose"):
        open_socket("no.such.host.invalid", 0)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_every_address_is_that_of_ipv4_too() -> None:
    with open_socket("::", 0) as listening, socket.socket() as client:
        client.connect(("127.0.0.1", listening.getsockname()[1]))


async def test_port_0_gives_the_real_port(push: PushService, settings: Settings) -> None:
    server = await start_server(
        build_app(push, settings, DiskWatchReader(settings.watches)), open_socket("127.0.0.1", 0)
    )
    assert server.port > 0
    await server.stop()
    with socket.socket() as again:
        assert again.connect_ex(("127.0.0.1", server.port)) != 0


async def test_stopping_does_not_wait_for_open_inboxes(
    push: PushService, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_STOP_SECONDS", 3_600.0)
    async with a_site(push, settings, Channels()) as site, asyncio.timeout(30):
        stream = await site.get("/inbox/events", device=await site.reader())
        await stream.content.readline()
        await site.server.stop()
        await stream.content.read()


@pytest.mark.parametrize("body", [b"no gzip", b"no gzip" * 50_000], ids=["short", "long"])
async def test_a_compressed_body_is_the_senders_fault_and_no_traceback(
    site: Site, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with site.client.post("/api/send/message", data=body, headers=headers) as answer:
        assert (await answer.json())["code"] == 1005
    # Another method's body is not read by us, so aiohttp does.
    async with site.client.put("/api/fun/reject", data=body, headers=headers) as answer:
        assert answer.status == 200
    await site.server.stop()
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /api/send/message?appToken=AT_secret&content=x&uid=y HTTP/1.1",
        "GET /api/send/message?appToken=AT_secret HTTP/9.9 bad",
        "GET /api/send/mesage/AT_secret HTTP/1.1",
        "GET /api/send/message/SPT_secret/hello HTTP/1.1",
    ],
)
async def test_no_token_is_logged(site: Site, request_line: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(f"{request_line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    await asyncio.wait_for(reader.read(), 30)
    writer.close()
    await site.server.stop()
    assert caplog.records
    assert "secret" not in caplog.text
