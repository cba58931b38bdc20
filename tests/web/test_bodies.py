"""The table of `watcher/web/middleware/bodies.py`, with the programs that people send with, on both event loops."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from pathlib import Path

import pytest

from tests.web.raw import SECONDS, connected, read_answer, read_until
from tests.web.senders import SENDERS, answers
from tests.web.site import Site

pytestmark = pytest.mark.both_loops
_SIZES = (400_000, 460_000, 999_000, 1_000_001, 1_200_000, 5_000_000)
_LIMIT = 1_000_000
_SEND = b"POST /api/send/message HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.faults
@pytest.mark.parametrize("sender", SENDERS)
async def test_a_body_of_any_size_is_answered(sender: str, site: Site, tmp_path: Path) -> None:
    app, token = await site.app()
    uid = (await site.push.subscribers.add(app_ids=[app.id])).subscriber.uid
    bodies = [tmp_path / f"{size}.json" for size in _SIZES]
    for body, size in zip(bodies, _SIZES, strict=True):
        body.write_bytes(_message(token, uid, size))
    answered = await answers(sender, f"{site.base}/api/send/message", bodies)
    assert [answer["code"] for answer in answered] == [1000 if size <= _LIMIT else 1001 for size in _SIZES]


def _message(token: str, uid: str, size: int) -> bytes:
    """Return a send of so many bytes: what is unknown in it is passed over."""
    fields = {"appToken": token, "content": "x", "uids": [uid], "more": ""}
    fields["more"] = "m" * (size - len(json.dumps(fields)))
    return json.dumps(fields).encode()


@pytest.mark.parametrize("path", ["/nothing", "/api/nothing", "/api/v1/messages"])
async def test_a_body_that_nobody_needs_costs_nobody_the_answer(path: str, site: Site) -> None:
    async with connected(site) as (reader, writer):
        for _ in range(2):
            writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1200000\r\n\r\n".encode())
            await writer.drain()
            for _ in range(12):
                writer.write(b" " * 100_000)
                await writer.drain()
            status, _ = await read_answer(reader)
            assert status in (200, 401, 404, 413)


async def test_a_body_that_says_it_is_too_large_is_answered_before_it_comes(site: Site) -> None:
    async with connected(site) as (reader, writer):
        writer.write(_SEND + b"Content-Length: 1000001\r\n\r\n")
        status, body = await read_answer(reader)
        assert (status, json.loads(body)["code"]) == (200, 1001)


async def test_who_waits_to_go_on_may_only_with_what_is_wanted(site: Site) -> None:
    async with connected(site) as (reader, writer):
        writer.write(_SEND + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert await read_until(reader, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"[]")
        assert json.loads((await read_answer(reader))[1])["code"] == 1005
        writer.write(_SEND + b"Content-Length: 1000001\r\nExpect: 100-continue\r\n\r\n")
        head = await read_until(reader, b"\r\n\r\n")
        # It may send its body now or may not, so nothing that comes then could be understood.
        assert b"\r\nconnection: close\r\n" in head.lower()
    async with connected(site) as (reader, writer):
        writer.write(_SEND + b"Content-Length: 2\r\nExpect: a miracle\r\n\r\n[]")
        assert json.loads((await read_answer(reader))[1])["code"] == 1005


async def test_a_length_that_lies_harms_nobody_else(
    site: Site, hasty_site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(hasty_site) as (reader, writer):
        writer.write(_SEND + b"Content-Length: 200\r\n\r\n{}")
        assert "in time" in json.loads((await read_answer(reader))[1])["msg"]
        assert await reader.read() == b""
    async with connected(site) as (reader, writer):
        writer.write(_SEND + b"Content-Length: 2\r\n\r\n[]")
        assert (await read_answer(reader))[0] == 200
        writer.write(b"[]")
        assert (await read_answer(reader))[0] == 400
        assert await reader.read() == b""
    assert "Traceback" not in caplog.text


async def test_a_line_that_is_too_long_is_answered_to_who_sends_it_all_first(site: Site) -> None:
    asked = b"GET /api/send/message?content=" + b"a" * 6_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    assert (await asyncio.to_thread(_sent_and_read, site.server.port, asked)).startswith(b"HTTP/1.0 400 ")


def _sent_and_read(port: int, request: bytes) -> bytes:
    """Send all, then read all, as most programs do."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request)
        answer = b""
        while received := connection.recv(4_096):
            answer += received
    return answer


@pytest.mark.faults
@pytest.mark.parametrize(
    ("path", "length"),
    [
        pytest.param("/api/send/message", "Content-Length: 900000", id="read"),
        pytest.param("/api/send/message", "Content-Length: 2000000", id="too-large"),
        pytest.param("/api/send/message", "Transfer-Encoding: chunked", id="chunked"),
        pytest.param("/api/v1/messages", "Content-Length: 900000", id="of-our-own"),
        pytest.param("/subscriptions/mute", "Content-Length: 900000", id="a-form"),
        pytest.param("/nothing", "Content-Length: 900000", id="unread"),
    ],
)
@pytest.mark.parametrize("begun", [b"", b"5\r\n{"], ids=["not-begun", "begun"])
@pytest.mark.parametrize("abruptly", [True, False], ids=["abruptly", "orderly"])
async def test_who_hangs_up_in_a_body_is_a_line_in_the_log_and_no_error(
    site: Site, path: str, length: str, begun: bytes, abruptly: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(site) as (reader, writer):
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n{length}\r\n\r\n".encode())
        await read_until(reader, b"\r\n\r\n")
        writer.write(begun)
        await writer.drain()
        if abruptly:
            writer.transport.abort()
        else:
            writer.close()
        async with asyncio.timeout(SECONDS):
            while not any(record.name == "watcher.web.access" for record in caplog.records):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert all(record.levelno <= logging.INFO for record in caplog.records), caplog.text
    assert "Traceback" not in caplog.text


async def test_a_body_without_a_token_is_not_read(site: Site) -> None:
    async with connected(site) as (reader, writer):
        writer.write(b"POST /api/v1/topics HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{")
        assert (await read_answer(reader))[0] == 401
