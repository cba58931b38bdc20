"""Requests as odd clients and proxies write them, byte for byte, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.clients.server import HOST, PushServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECONDS = 30
SEND = "/api/send/message"
QUERY = "appToken=@token&content=hi&uid=@uid"
BODY = '{"appToken": "@token", "content": "降价", "uids": ["@uid"]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request; `@token` and `@uid` stand for the server's."""

    line: str
    headers: tuple[str, ...] = (f"Host: {HOST}", "Content-Type: application/json")
    body: str = ""
    is_chunked: bool = False

    def head(self, server: PushServer) -> bytes:
        """What comes before the body."""
        length = "Transfer-Encoding: chunked" if self.is_chunked else f"Content-Length: {len(self.content(server))}"
        lines = [self.line, *self.headers, *([length] if self.body else []), "", ""]
        return _filled("\r\n".join(lines), server)

    def content(self, server: PushServer) -> bytes:
        """The body; in chunks, the first of which is one byte."""
        data = _filled(self.body, server)
        if not self.is_chunked:
            return data
        return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (data[:1], data[1:], b""))


def _filled(text: str, server: PushServer) -> bytes:
    return text.replace("@token", server.token).replace("@uid", server.uid).encode()


def post(target: str, content_type: str = "application/json", body: str = BODY) -> Request:
    return Request(
        line=f"POST {target} HTTP/1.1", headers=(f"Host: {HOST}", f"Content-Type: {content_type}"), body=body
    )


def get(target: str, body: str = "") -> Request:
    return Request(line=f"GET {target} HTTP/1.1", body=body)


REQUESTS = {
    "absolute-form, as to a proxy": post(f"http://{HOST}{SEND}"),
    "absolute-form of https": post(f"https://{HOST}{SEND}"),
    "absolute-form with a port": post(f"http://{HOST}:80{SEND}"),
    "absolute-form of a GET": get(f"http://{HOST}{SEND}?{QUERY}"),
    "absolute-form, a slash at the end, a charset": post(f"http://{HOST}{SEND}/", "application/json; charset=utf-8"),
    "a slash at the end": post(f"{SEND}/"),
    "a slash before the query": get(f"{SEND}/?{QUERY}"),
    "a charset in capitals": post(SEND, "application/json;charset=UTF-8"),
    "a charset in quotes": post(SEND, 'Application/JSON; Charset="utf-8"'),
    "a byte order mark": post(SEND, body=f"\ufeff{BODY}"),
    "a body in chunks": replace(post(SEND), is_chunked=True),
    "a GET with a body": get(f"{SEND}?{QUERY}", body=BODY),
    "a GET of Java, with headers for a body": replace(
        get(f"{SEND}?{QUERY}"), headers=(f"Host: {HOST}", "Content-Type: application/json", "Charset: UTF-8")
    ),
    "a GET of PHP, with what is null left out": get(f"{SEND}/?appToken=@token&content=%E9%99%8D&uid=@uid&url="),
    "a token that a continued line has widened": get(f"{SEND}/?appToken=@token%20%20%20%20&uid=@uid&content=hi"),
    "no value where there is none": post(
        SEND, body='{"appToken":"@token","content":"a","summary":null,"topicIds":null,"uids":["@uid"],"url":null}'
    ),
    "lists that were split from text": post(
        SEND, body='{"appToken":"@token","content":"a","contentType":2,"topicIds":[""],"uids":["@uid",""]}'
    ),
    "numbers of Lua": post(SEND, body='{"appToken":"@token","content":"a","contentType":1.0,"uids":["@uid"]}'),
    "a link that opens an app": post(
        SEND, body='{"appToken":"@token","content":"a","uids":["@uid"],"url":"yourapp://item?id=123456"}'
    ),
    "as much as a GET may carry": get(f"{SEND}?appToken=@token&uid=@uid&content={'%E9%99%8D' * 21_845}"),
    "headers in small letters": replace(post(SEND), headers=(f"host: {HOST}", "content-type: application/json")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One connection to the server, kept for all that is asked on it."""

    server: PushServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def ask(self, request: Request) -> None:
        """Write a request."""
        self.writer.write(request.head(self.server) + request.content(self.server))

    async def head(self) -> tuple[int, int]:
        """Read the head of an answer: its status and the length of its body."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("ascii").lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        return int(head.split()[1]), int(fields.get("content-length", 0))

    async def answer(self) -> dict[str, Any]:
        """Read an answer, which is an envelope."""
        status, length = await self.head()
        assert status == 200
        envelope: dict[str, Any] = json.loads(await self.reader.readexactly(length))
        return envelope

    async def sent(self) -> int:
        """Read the answer to a send that reached its one target; return the number of its record."""
        answer = await self.answer()
        assert (answer["code"], [target["code"] for target in answer["data"] or ()]) == (1000, [1000]), answer
        number: int = answer["data"][0]["sendRecordId"]
        return number


@asynccontextmanager
async def connected(server: PushServer) -> AsyncIterator[Connection]:
    """Give a connection and so many SECONDS to use it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(SECONDS):
        yield Connection(server=server, reader=reader, writer=writer)
    writer.close()
    await writer.wait_closed()


@pytest.mark.faults
@pytest.mark.parametrize("asked", REQUESTS.values(), ids=REQUESTS)
async def test_a_request_is_understood_and_the_connection_is_good_for_another(
    server: PushServer, asked: Request
) -> None:
    async with connected(server) as connection:
        connection.ask(asked)
        record = await connection.sent()
        connection.ask(get(f"/api/send/query/status?sendRecordId={record}"))
        assert (await connection.answer())["msg"] == "发送成功"


async def test_requests_that_do_not_wait_for_each_other_are_answered_in_their_order(server: PushServer) -> None:
    async with connected(server) as connection:
        for request in (get(f"{SEND}?{QUERY}", body=BODY), get("/api/nowhere"), post(SEND)):
            connection.ask(request)
        first = await connection.sent()
        assert (await connection.answer())["code"] == 1004
        assert await connection.sent() != first


async def test_a_body_that_waits_for_100_continue_is_asked_for(server: PushServer) -> None:
    request = post(SEND)
    request = replace(request, headers=(*request.headers, "Expect: 100-continue"))
    async with connected(server) as connection:
        connection.writer.write(request.head(server))
        assert await connection.head() == (100, 0)
        connection.writer.write(request.content(server))
        await connection.sent()


async def test_a_compressed_body_is_the_senders_mistake(server: PushServer) -> None:
    request = post(SEND)
    async with connected(server) as connection:
        connection.ask(replace(request, headers=(*request.headers, "Content-Encoding: gzip")))
        answer = await connection.answer()
        assert (answer["code"], "Content-Encoding" in answer["msg"]) == (1005, True)


async def test_http_1_0_is_answered_and_hung_up(server: PushServer) -> None:
    headers = ("Content-Type: application/json",)
    async with connected(server) as connection:
        connection.ask(Request(line=f"POST {SEND} HTTP/1.0", headers=headers, body=BODY))
        await connection.sent()
        assert await connection.reader.read() == b""
