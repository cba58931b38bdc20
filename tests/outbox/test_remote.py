"""Publishing to a push server elsewhere: a real one on loopback that gives every answer of the module's table."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest
from aiohttp import ClientSession, web

from tests.core.builders import NOON, message
from tests.outbox.recording import Clock
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError
from watcher.net import Sessions
from watcher.outbox.remote import RemotePublisher, understand

TOPICS = {
    "deals": Topic(key="deals", name="Deals", id=103),
    "books": Topic(key="books", name="Books", id=104),
    "here": Topic(key="here", name="Only here"),
}
TAKEN: dict[str, object] = {
    "code": 1000,
    "msg": "处理成功",
    "data": [{"uid": None, "topicId": 103, "messageId": 1, "code": 1000, "status": "创建发送任务成功"}],
    "success": True,
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A push server; what it gets, and how it answers."""

    def __init__(self, handler: Handler | None = None) -> None:
        self.handler = handler
        self.bodies: list[dict[str, object]] = []
        self.keys: list[str | None] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.json())
        self.keys.append(request.headers.get("Idempotency-Key"))
        return await self.handler(request) if self.handler else web.json_response(TAKEN)


@asynccontextmanager
async def publishing(
    server: Server, *, clock: Clock | None = None, call_seconds: float = 10
) -> AsyncIterator[RemotePublisher]:
    """Run the server, and give a publisher to it whose pauses turn the clock."""
    clock = clock or Clock()

    async def pause(seconds: float) -> None:
        clock.turn(seconds)

    app = web.Application()
    app.router.add_post("/api/send/message", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        async with Sessions() as sessions:
            yield RemotePublisher(
                sessions.of(allow_private=True),
                f"http://127.0.0.1:{port}/",
                "AT_secret",
                TOPICS,
                now=clock.now,
                seconds=clock.seconds,
                pause=pause,
                call_seconds=call_seconds,
            )
    finally:
        await runner.cleanup()


def publisher_at(url: str, session: ClientSession) -> RemotePublisher:
    clock = Clock()
    return RemotePublisher(session, url, "AT_secret", TOPICS, now=clock.now, seconds=clock.seconds)


async def answer_to(handler: Handler, *, call_seconds: float = 10) -> PublishError | None:
    async with publishing(Server(handler), call_seconds=call_seconds) as publisher:
        (answer,) = await publisher.publish([message(1)])
        return answer


async def test_a_message_is_sent_as_wxpusher_takes_it() -> None:
    server = Server()
    async with publishing(server) as publisher:
        assert await publisher.publish([message(1)]) == [None]
    assert server.bodies == [
        {
            "appToken": "AT_secret",
            "content": "news 1\nin full",
            "summary": "news 1",
            "contentType": 1,
            "topicIds": [103],
            "url": None,
        }
    ]
    assert server.keys == [message(1).id]


def envelope(code: int, msg: object = "", data: object = None) -> bytes:
    return json.dumps({"code": code, "msg": msg, "data": data, "success": code == 1000}).encode()


def target(code: int, status: object = "创建发送任务成功") -> dict[str, object]:
    return {"uid": None, "topicId": 103, "code": code, "status": status}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(200, envelope(1000, data=[target(1000)]), None, id="taken"),
        pytest.param(201, envelope(1000, None, [target(1000, None)]), None, id="taken, without words"),
        pytest.param(200, envelope(1000, data=[target(1000), target(1001, "x")]), "passing", id="one target is not"),
        pytest.param(200, envelope(1000, data=[target(1001, "主题不存在")]), "permanent", id="no such topic"),
        pytest.param(200, envelope(1000, data=[target(1001, "发送次数超过限制")]), "passing", id="a target's limit"),
        pytest.param(200, envelope(1000, data=[]), "passing", id="no target"),
        pytest.param(200, envelope(1000), "passing", id="no targets at all"),
        pytest.param(200, envelope(1001, "appToken不正确"), "permanent", id="wrong token"),
        pytest.param(200, envelope(1001, "appToken不正确", "?"), "permanent", id="wrong token, with odd data"),
        pytest.param(200, envelope(1001, "内容长度超过限制"), "permanent", id="content too long"),
        pytest.param(200, envelope(1001, "发送频率过快, 请检查content"), "passing", id="a rate limit"),
        pytest.param(200, envelope(1001, "something"), "passing", id="refused without a reason"),
        pytest.param(200, envelope(1001, "Idempotency-Key: used before for another request"), None, id="taken before"),
        pytest.param(200, envelope(1005, "bad JSON"), "permanent", id="malformed"),
        pytest.param(200, envelope(1009), "passing", id="unknown error"),
        pytest.param(200, envelope(200, data=[target(1000)]), "passing", id="another code"),
        pytest.param(200, b'{"success": true}', "passing", id="no code"),
        pytest.param(200, b'{"code": "1000", "data": [{"code": 1000}]}', "passing", id="a code that is text"),
        pytest.param(200, b'{"code": 1000, "data": [{"code": 1000.0}]}', "passing", id="a code with a fraction"),
        pytest.param(200, b"[" * 50_000, "passing", id="nested too deep"),
        pytest.param(200, b'{"code": ' + b"9" * 5_000 + b"}", "passing", id="a number without end"),
        pytest.param(200, b"\xff\xfe", "passing", id="no text"),
        pytest.param(200, b"", "passing", id="nothing"),
        pytest.param(204, b"", "passing", id="no content"),
        pytest.param(500, envelope(1000, data=[target(1000)]), "passing", id="500, whatever it says"),
        pytest.param(429, b"", "passing", id="too many"),
        pytest.param(408, b"", "passing", id="too slow"),
        pytest.param(404, b"", "passing", id="a proxy without its backend"),
        pytest.param(403, b"", "passing", id="a wall"),
        pytest.param(302, b"", "passing", id="a captive portal"),
        pytest.param(400, b"", "permanent", id="bad request"),
        pytest.param(413, b"", "permanent", id="too large"),
    ],
)
def test_the_table_of_answers(status: int, body: bytes, kind: str | None) -> None:
    kinds = {type(None): None, PassingPublishError: "passing", PermanentPublishError: "permanent"}
    assert kinds[type(understand(status, body, None))] == kind


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("soon", None),
        ("9" * 5_000, 86_400),
        (format_datetime(NOON + timedelta(hours=1), usegmt=True), 3_600),
    ],
    ids=["seconds", "none", "no time", "longer than a day", "a date"],
)
async def test_retry_after_is_kept_where_it_can_be_read(header: str, seconds: int | None) -> None:
    async def busy(_: web.Request) -> web.StreamResponse:
        return web.Response(status=503, headers={"Retry-After": header})

    error = await answer_to(busy)
    assert isinstance(error, PassingPublishError)
    assert error.retry_after == (None if seconds is None else timedelta(seconds=seconds))


async def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    async def piecemeal(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        text = json.dumps(TAKEN).encode()
        for start in range(0, len(text), 7):
            await response.write(text[start : start + 7])
            await asyncio.sleep(0)
        return response

    assert await answer_to(piecemeal) is None


async def test_a_page_of_html_is_no_answer() -> None:
    async def portal(_: web.Request) -> web.StreamResponse:
        return web.Response(text="<h1>Welcome to the hotel</h1>", content_type="text/html")

    assert "is this the push server?" in str(await answer_to(portal))


async def test_an_answer_that_is_cut_short_is_no_answer() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "500"})
        await response.prepare(request)
        await response.write(json.dumps(TAKEN).encode()[:50])
        assert request.transport is not None
        request.transport.close()
        return response

    assert isinstance(await answer_to(cut), PassingPublishError)


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 65_536)

    assert isinstance(await answer_to(endless), PassingPublishError)


async def test_a_slow_answer_has_its_bound() -> None:
    async def slow(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    assert "no answer from the push server" in str(await answer_to(slow, call_seconds=0.05))


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    async def moved(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:1/elsewhere"})

    answer = await answer_to(moved)
    assert isinstance(answer, PassingPublishError)
    assert "give --push the URL it moved to" in str(answer)


async def test_a_server_that_is_not_there_is_a_passing_failure() -> None:
    async with Sessions() as sessions:
        session = sessions.of(allow_private=True)
        (answer,) = await publisher_at("http://127.0.0.1:1", session).publish([message(1)])
    assert isinstance(answer, PassingPublishError)
    assert "AT_secret" not in str(answer)


async def test_a_topic_without_a_number_is_never_sent() -> None:
    server = Server()
    async with publishing(server) as publisher:
        answers = await publisher.publish([message(1, topic="here"), message(2, topic="nowhere")])
    assert [type(answer) for answer in answers] == [PermanentPublishError] * 2
    assert server.bodies == []


async def test_no_ten_seconds_see_more_than_twenty_calls() -> None:
    clock, calls = Clock(), list[float]()

    async def note(_: web.Request) -> web.StreamResponse:
        calls.append(clock.seconds())
        clock.turn(0.1)
        return web.json_response(TAKEN)

    async with publishing(Server(note), clock=clock) as publisher:
        assert set(await publisher.publish([message(number) for number in range(70)])) == {None}
    assert all(later - earlier > 9.99 for earlier, later in zip(calls, calls[20:], strict=False))
    assert calls[-1] < 40


async def test_what_is_no_http_and_an_odd_address_are_passing_failures() -> None:
    async with Sessions() as sessions:
        for url in ("http://x..example", "http://xn--a", "http://" + "a" * 64 + ".example"):
            [answer] = await publisher_at(url, sessions.of(allow_private=True)).publish([message(1)])
            assert isinstance(answer, PassingPublishError)
            assert "AT_secret" not in str(answer)
