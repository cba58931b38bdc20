"""Notifications through another WxPusher: real servers on loopback, one of them our own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from msgspec.structs import replace

from tests.cli.command import Command
from tests.clients.server import serving_a_sender
from tests.files import no_more_files
from tests.outbox.recording import Clock
from tests.push.channels.notices import a_notification, an_address
from watcher.core.channels import Address, ChannelName, Gone, Pause, Refused, Retry, SendResult, Sent
from watcher.core.pace import APP_CALLS, APP_CALLS_PER
from watcher.core.push import ContentType, Draft
from watcher.errors import ConfigError, InvalidRequestError
from watcher.net import Sessions
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.channels.upstream.answers import understand_status
from watcher.push.channels.upstream.channel import UpstreamChannel, repeat_key
from watcher.push.channels.upstream.settings import PUBLIC_URL, UpstreamSettings, upstream_settings

TOKEN = "AT_secretsecretsecretsecretsecret42"
UID = "UID_" + "a" * 28
NOT_FOLLOWING = f"用户UID=[{UID}]未关注应用，需要用户关注你创建的应用，你才可以给他推送消息"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def ann(uid: str = UID) -> Address:
    return an_address(uid, ChannelName.UPSTREAM)


def envelope(code: object, msg: object = "", data: object = None) -> bytes:
    return json.dumps({"code": code, "msg": msg, "data": data, "success": code == 1000}).encode()


def target(code: object = 1000, status: object = "创建发送任务成功") -> dict[str, object]:
    return {"uid": UID, "topicId": None, "messageId": 1, "code": code, "status": status}


TAKEN = envelope(1000, "处理成功", [target()])


@asynccontextmanager
async def an_upstream(handler: Handler) -> AsyncIterator[str]:
    """Run a server that answers sends like this; yield its URL."""
    app = web.Application()
    app.router.add_post("/api/send/message", handler)
    runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def a_channel(
    url: str, *, token: str = TOKEN, clock: Clock | None = None, send_seconds: float = 10
) -> AsyncIterator[UpstreamChannel]:
    clock = clock or Clock()
    async with Sessions() as sessions:
        yield UpstreamChannel(
            sessions,
            UpstreamSettings(token=token, url=url),
            now=clock.now,
            seconds=clock.seconds,
            send_seconds=send_seconds,
        )


async def answer_to(handler: Handler, *, send_seconds: float = 10) -> SendResult:
    async with an_upstream(handler) as url, a_channel(url, send_seconds=send_seconds) as channel:
        return await channel.send(a_notification(), ann())


def says(status: int, body: bytes, headers: dict[str, str] | None = None) -> Handler:
    async def say(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=headers)

    return say


async def test_a_notification_is_sent_as_wxpusher_takes_it() -> None:
    bodies, keys = list[object](), list[str]()

    async def take(request: web.Request) -> web.StreamResponse:
        bodies.append(await request.json())
        keys.append(request.headers["Idempotency-Key"])
        return web.Response(body=TAKEN)

    draft = Draft(summary="降价", content="<b>8.50</b>", content_type=ContentType.HTML, url="https://shop.example")
    notification = a_notification()
    notification = replace(notification, message=replace(notification.message, draft=draft))
    async with an_upstream(take) as url, a_channel(url) as channel:
        assert [await channel.send(notification, ann()) for _ in range(2)] == [Sent(), Sent()]
    assert bodies[0] == {
        "appToken": TOKEN,
        "content": "<b>8.50</b>",
        "summary": "降价",
        "contentType": 2,
        "uids": [UID],
        "url": "https://push.example/m/abc",
    }
    assert keys[0] == keys[1]


def test_a_repeat_has_the_key_of_the_first_and_nothing_else_has() -> None:
    first = a_notification()
    restored = replace(first, message=replace(first.message, slug="xyz"))
    keys = [
        repeat_key(first, UID),
        repeat_key(a_notification(), UID),
        repeat_key(a_notification(item_id=8), UID),
        repeat_key(restored, UID),
        repeat_key(first, UID + "b"),
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        pytest.param(200, TAKEN, "sent", id="taken"),
        pytest.param(
            200, envelope(1001, "Idempotency-Key: used before for another request"), "sent", id="taken before"
        ),
        pytest.param(201, TAKEN, "rest", id="another status, whatever it says"),
        pytest.param(200, envelope(1000, data=[target(1001, NOT_FOLLOWING)]), "gone", id="it does not follow"),
        pytest.param(200, envelope(1001, NOT_FOLLOWING), "later", id="said of nobody"),
        pytest.param(200, envelope(1005, data=[target(1001, NOT_FOLLOWING)]), "alarm", id="not understood at all"),
        pytest.param(200, envelope(1001, "appToken不正确"), "alarm", id="a wrong token"),
        pytest.param(200, envelope(1005, "bad JSON"), "alarm", id="malformed"),
        pytest.param(200, envelope(1001, "内容长度超过限制"), "refused", id="content too long"),
        pytest.param(200, envelope(1001, "发送频率过快, 请检查appToken"), "rest", id="a rate limit"),
        pytest.param(200, envelope(1000, data=[target(1001, "Too many messages")]), "rest", id="a target's limit"),
        pytest.param(200, envelope(1000, data=[target(1001, "something")]), "later", id="refused without a reason"),
        pytest.param(200, envelope(1000, data=[target(), target(1001, "x")]), "later", id="one of two"),
        pytest.param(200, envelope(1009, "unknown"), "later", id="an error of its own"),
        pytest.param(200, envelope(1000, data=[]), "rest", id="no target"),
        pytest.param(200, envelope(1000), "rest", id="no targets at all"),
        pytest.param(200, envelope("1000", data=[target()]), "rest", id="a code that is text"),
        pytest.param(200, envelope(True, data=[target()]), "rest", id="a code that is true"),
        pytest.param(200, envelope(1000, data=[target(1000.0)]), "rest", id="a code with a fraction"),
        pytest.param(200, envelope(1000, data=[target(None)]), "rest", id="a target without a code"),
        pytest.param(200, envelope(1000, data=target()), "rest", id="a target that is no list"),
        pytest.param(200, envelope(1001, ["token"]), "rest", id="words that are a list"),
        pytest.param(200, b'{"code": ' + b"9" * 4_000 + b"}", "rest", id="a huge number"),
        pytest.param(200, b'{"code": ' + b"9" * 5_000 + b"}", "rest", id="a number without end"),
        pytest.param(200, b'{"code": NaN}', "rest", id="a number that is none"),
        pytest.param(200, b"[" * 50_000, "rest", id="nested too deep"),
        pytest.param(200, TAKEN[:-1] + b" " * 100_000 + b"}", "rest", id="too big to be an answer"),
        pytest.param(200, b"[]", "rest", id="a list"),
        pytest.param(200, b"null", "rest", id="null"),
        pytest.param(200, b"", "rest", id="nothing"),
        pytest.param(200, b"\xff\xfe", "rest", id="no text"),
        pytest.param(200, b"<h1>Welcome to the hotel</h1>", "rest", id="a page"),
        pytest.param(204, b"", "rest", id="no content"),
        pytest.param(302, b"", "rest", id="a captive portal"),
        pytest.param(400, b"", "refused", id="bad request"),
        pytest.param(403, b"", "rest", id="a wall"),
        pytest.param(404, b"", "rest", id="a proxy without its backend"),
        pytest.param(413, b"", "refused", id="too large"),
        pytest.param(429, b"", "rest", id="too many"),
        pytest.param(502, TAKEN, "rest", id="502, whatever it says"),
    ],
)
async def test_the_table_of_answers(status: int, body: bytes, kind: str) -> None:
    answer = await answer_to(says(status, body))
    assert _kind(answer) == kind
    assert TOKEN not in repr(answer)
    assert UID not in repr(answer)
    assert len(repr(answer)) < 300


def _kind(answer: SendResult) -> str:
    match answer:
        case Sent():
            return "sent"
        case Gone():
            return "gone"
        case Retry(pause=pause):
            return "rest" if pause is Pause.LANE else "later"
        case Refused(is_alarm=is_alarm):
            return "alarm" if is_alarm else "refused"


async def test_retry_after_is_kept() -> None:
    answer = await answer_to(says(429, b"", {"Retry-After": "7"}))
    assert isinstance(answer, Retry)
    assert answer.after == timedelta(seconds=7)


def test_a_server_that_moved_is_to_be_named_anew() -> None:
    answer = understand_status(301, "push.example", None)
    assert isinstance(answer, Retry)
    assert "WATCHER_UPSTREAM_URL" in answer.reason


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    calls = list[str]()

    async def moved(request: web.Request) -> web.StreamResponse:
        calls.append(request.path)
        return web.Response(status=307, headers={"Location": "/api/send/message?again"})

    assert _kind(await answer_to(moved)) == "rest"
    assert len(calls) == 1


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 65_536)

    assert _kind(await answer_to(endless)) == "rest"


async def test_a_slow_answer_has_its_bound() -> None:
    async def slow(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    answer = await answer_to(slow, send_seconds=0.05)
    assert answer == Retry(reason="127.0.0.1: no answer within 0.05 s", pause=Pause.LANE)


async def test_a_server_that_is_no_web_server_rests() -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with a_channel(url) as channel:
        assert _kind(await channel.send(a_notification(), ann())) == "rest"
    server.close()


async def test_a_server_that_is_not_there_rests() -> None:
    async with an_upstream(says(200, TAKEN)) as url:
        pass
    async with a_channel(url) as channel:
        answer = await channel.send(a_notification(), ann())
    assert _kind(answer) == "rest"
    assert TOKEN not in repr(answer)


async def test_a_stored_address_that_is_no_uid_goes_nowhere() -> None:
    async with a_channel("http://127.0.0.1:1") as channel:
        assert await channel.send(a_notification(), ann("ann")) == Refused(reason="the stored address is no UID")


async def test_a_topic_there_is_never_posted_to_as_the_operators_own_application() -> None:
    calls = list[object]()

    async def note(request: web.Request) -> web.StreamResponse:
        calls.append(await request.json())
        return web.Response(body=TAKEN)

    async with an_upstream(note) as url, a_channel(url) as channel:
        answer = await channel.send(a_notification(), ann("TOPIC_7"))
    assert isinstance(answer, Refused)
    assert calls == []


async def test_no_ten_seconds_see_more_than_twenty_calls() -> None:
    clock, calls = Clock(), list[float]()

    async def note(_: web.Request) -> web.StreamResponse:
        calls.append(clock.seconds())
        return web.Response(body=TAKEN)

    async with an_upstream(note) as url, a_channel(url, clock=clock) as channel:
        first = await asyncio.gather(*(channel.send(a_notification(item_id=n), ann()) for n in range(APP_CALLS + 1)))
        clock.turn(4)
        waits = await channel.send(a_notification(), ann())
        clock.turn(APP_CALLS_PER.total_seconds() - 4)
        goes = await channel.send(a_notification(), ann())
    assert first.count(Sent()) == APP_CALLS
    assert isinstance(waits, Retry)
    assert (waits.after, waits.pause) == (timedelta(seconds=6), Pause.LANE)
    assert goes == Sent()
    assert len(calls) == APP_CALLS + 1


@pytest.mark.faults
async def test_our_own_server_can_be_the_upstream(tmp_path: Path) -> None:
    async with serving_a_sender(Command(tmp_path)) as server:
        async with a_channel(server.url, token=server.token) as channel:
            assert await channel.send(a_notification("降价"), ann(server.uid)) == Sent()
            assert await channel.send(a_notification("降价"), ann(server.uid)) == Sent()
            assert isinstance(await channel.send(a_notification(), ann(UID)), Gone)
        async with a_channel(server.url, token=TOKEN) as stranger:
            assert _kind(await stranger.send(a_notification(), ann(server.uid))) == "alarm"
        messages = await server.messages()
    assert [message["summary"] for message in messages] == ["降价"]


# Settings and addresses


def test_the_public_service_is_meant_when_nothing_else_is_named() -> None:
    assert upstream_settings(TOKEN) == UpstreamSettings(token=TOKEN, url=PUBLIC_URL)
    assert upstream_settings(f" {TOKEN}\n", "http://192.168.1.7:8400/").url == "http://192.168.1.7:8400"
    assert upstream_settings(TOKEN, "https://example.org/push/").url == "https://example.org/push"
    assert TOKEN not in repr(upstream_settings(TOKEN))


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTPS://Push.Example.com/Inbox", "https://push.example.com/Inbox"),
        ("http://push.example.com:80", "http://push.example.com"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
    ],
)
def test_one_server_is_one_lane_however_it_is_written(written: str, url: str) -> None:
    assert upstream_settings(TOKEN, written).url == url


@pytest.mark.parametrize("token", ["", "secret", "AT_", "AT_a b", "SPT_abc", "AT_" + "a" * 200, "AT_ab\r\nX: y"])
def test_a_token_that_is_none_is_refused_without_quoting_it(token: str) -> None:
    with pytest.raises(ConfigError, match="WATCHER_UPSTREAM_TOKEN") as caught:
        upstream_settings(token)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://u:sesame@example.org",
        "https://example.org/api/send/message",
        "https://example.org?token=sesame",
        "https://example.org#x",
        "https://example.org:99999",
        "https://[::1",
        "https://xn--\u0000",
    ],
)
def test_an_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="WATCHER_UPSTREAM_URL") as caught:
        upstream_settings(TOKEN, url)
    assert "sesame" not in str(caught.value)


def test_a_uid_is_taken() -> None:
    assert valid_uid(f" {UID}\n") == UID


@pytest.mark.parametrize("text", ["", "UID_", "ann", "UID_a,UID_b", "UID_" + "a" * 101, "UID_é", TOKEN])
def test_what_is_no_uid_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        valid_uid(text)


async def test_when_no_file_is_left_the_other_server_is_not_left_alone_for_it() -> None:
    async with an_upstream(says(200, TAKEN)) as url, a_channel(url) as channel:
        with no_more_files():
            answer = await channel.send(a_notification(), ann())
        assert isinstance(answer, Retry)
        assert (answer.pause, "LimitNOFILE" in answer.reason) == (Pause.ADDRESS, True)
        assert await channel.send(a_notification(), ann()) == Sent()
