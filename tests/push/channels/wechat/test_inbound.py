from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from tests.push.builders import NOON
from tests.push.emulators.wechat import (
    ACCOUNT,
    AES_KEY,
    Post,
    a_sealed_event,
    an_event,
    ask_for_echo,
    tell,
)
from tests.running import serving
from watcher.push.channels.wechat.crypto import signature
from watcher.push.channels.wechat.envelope import MAX_BYTES, read_envelope
from watcher.push.channels.wechat.events import Event, Said, Scanned, Subscribed
from watcher.push.channels.wechat.inbound import (
    MAX_REPLY_BYTES,
    Echo,
    InboundEvent,
    InboundEvents,
    Refusal,
)
from watcher.push.channels.wechat.settings import WeChatSettings

WHO = {"ToUserName": "gh_1", "FromUserName": "oA-1_b", "CreateTime": "1772366400"}
HELLO = {**WHO, "MsgType": "text", "Content": "你好", "MsgId": "23"}
SUBSCRIBED = {**WHO, "MsgType": "event", "Event": "subscribe", "EventKey": "qrscene_tabc"}
SCANNED = {**WHO, "MsgType": "event", "Event": "SCAN", "EventKey": "tabc"}
SEALED = replace(ACCOUNT, aes_key=AES_KEY)

Make: TypeAlias = Callable[..., Post]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    settings: WeChatSettings
    make: Make


PLAIN_MODE = Mode(settings=ACCOUNT, make=an_event)
AES_MODE = Mode(settings=SEALED, make=a_sealed_event)


@pytest.fixture(params=[PLAIN_MODE, AES_MODE], ids=["plain", "AES"])
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


def receive(callback: InboundEvents, post: Post, *, now: datetime = NOON) -> InboundEvent | Refusal:
    return callback.receive(post.query, post.body, now=now)


def status(answer: object) -> int | None:
    return answer.status if isinstance(answer, Refusal) else None


def arrived(answer: object) -> InboundEvent:
    assert isinstance(answer, InboundEvent)
    return answer


def echo_query(echo: str, *, at: datetime = NOON) -> Mapping[str, str]:
    return {**an_event({}, at=at).query, "echostr": echo}


def test_the_echo_is_given_back_to_whoever_knows_the_token(mode: Mode) -> None:
    assert InboundEvents(mode.settings).verify(echo_query("5837392857"), now=NOON) == Echo(
        text="5837392857", signature=echo_query("5837392857")["signature"]
    )


@pytest.mark.parametrize("echo", ["", "<script>alert(1)</script> ", "a b", "x" * 129, "回"])
def test_an_echo_that_wechat_would_not_ask_for_is_refused(echo: str) -> None:
    assert status(InboundEvents(ACCOUNT).verify(echo_query(echo), now=NOON)) == 400


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_changed_or_missing_part_of_the_signature_is_refused(name: str) -> None:
    query = echo_query("1")
    callback = InboundEvents(ACCOUNT)
    for forged in ("", "0", "\ud800", query[name] + "0"):
        assert status(callback.verify({**query, name: forged}, now=NOON)) == 403
    assert status(callback.verify({key: query[key] for key in query if key != name}, now=NOON)) == 403


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        (HELLO, Said(openid="oA-1_b", text="你好")),
        (SUBSCRIBED, Subscribed(openid="oA-1_b", scene="tabc")),
        (SCANNED, Scanned(openid="oA-1_b", scene="tabc")),
    ],
    ids=["text", "subscribe", "scan"],
)
def test_an_event_arrives(mode: Mode, fields: dict[str, str], event: Event) -> None:
    answer = arrived(receive(InboundEvents(mode.settings), mode.make(fields, at=NOON)))
    assert (answer.event, answer.account) == (event, "gh_1")


def test_an_event_that_comes_again_has_the_same_key_however_it_is_signed(mode: Mode) -> None:
    callback = InboundEvents(mode.settings)
    first, again = [arrived(receive(callback, mode.make(SUBSCRIBED, at=NOON, nonce=nonce))) for nonce in "12"]
    assert (first.key == again.key, first.signature == again.signature) == (True, False)
    assert arrived(receive(callback, mode.make(SCANNED, at=NOON))).key != first.key


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_what_is_older_or_newer_than_five_minutes_is_refused(mode: Mode, minutes: int) -> None:
    post = mode.make(HELLO, at=NOON)
    assert status(receive(InboundEvents(mode.settings), post, now=NOON + timedelta(minutes=minutes))) == 403


def test_in_aes_mode_a_changed_text_is_forged() -> None:
    post = a_sealed_event(HELLO, at=NOON)
    other = a_sealed_event({**HELLO, "Content": "x"}, at=NOON)
    assert status(receive(InboundEvents(SEALED), replace(post, body=other.body))) == 403


def test_in_aes_mode_what_is_not_sealed_is_refused() -> None:
    answer = receive(InboundEvents(SEALED), an_event(HELLO, at=NOON))
    assert isinstance(answer, Refusal)
    assert "choose AES mode" in answer.reason


def test_in_plain_mode_what_is_sealed_is_refused_with_what_to_set() -> None:
    answer = receive(InboundEvents(ACCOUNT), a_sealed_event(HELLO, at=NOON))
    assert isinstance(answer, Refusal)
    assert "WATCHER_WECHAT_AES_KEY is not set" in answer.reason


def test_in_compatible_mode_the_plain_half_is_read() -> None:
    assert isinstance(receive(InboundEvents(ACCOUNT), an_event({**HELLO, "Encrypt": "x"}, at=NOON)), InboundEvent)


def test_what_another_key_sealed_is_refused() -> None:
    answer = receive(InboundEvents(replace(SEALED, aes_key=AES_KEY[::-1])), a_sealed_event(HELLO, at=NOON))
    assert isinstance(answer, Refusal)
    assert "cannot be decrypted" in answer.reason


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 400),
        (b"<html/>", 400),
        (b"<xml/>", 400),
        (b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName></xml>', 400),
        (b"x" * (MAX_BYTES + 1), 413),
    ],
    ids=["empty", "HTML", "no fields", "a DTD", "too big"],
)
def test_a_signed_body_that_is_no_event_is_refused(body: bytes, expected: int) -> None:
    assert status(InboundEvents(ACCOUNT).receive(an_event({}, at=NOON).query, body, now=NOON)) == expected


@given(st.dictionaries(st.sampled_from(["signature", "msg_signature", "timestamp", "nonce"]), st.text()), st.binary())
def test_any_request_is_answered_without_an_error(query: dict[str, str], body: bytes) -> None:
    for settings in (ACCOUNT, SEALED):
        assert isinstance(InboundEvents(settings).receive(query, body, now=NOON), Refusal)
        assert isinstance(InboundEvents(settings).verify(query, now=NOON), Refusal)


@given(st.text(alphabet=st.characters() | st.sampled_from("/=٣٣"), max_size=20))
def test_a_signed_timestamp_that_is_none_is_refused(stamp: str) -> None:
    signed = signature(ACCOUNT.token, stamp, "1")
    query = {"signature": signed, "timestamp": stamp, "nonce": "1", "echostr": "1"}
    assert status(InboundEvents(ACCOUNT).verify(query, now=NOON)) == 403


def test_a_reply_goes_back_the_way_the_event_came() -> None:
    callback = InboundEvents(ACCOUNT)
    event = arrived(receive(callback, an_event(HELLO, at=NOON)))
    assert read_envelope(callback.reply(event, "好的 ]]> 🎫\x00", now=NOON)) == {
        "ToUserName": "oA-1_b",
        "FromUserName": "gh_1",
        "CreateTime": str(int(NOON.timestamp())),
        "MsgType": "text",
        "Content": "好的 ]]> 🎫",
    }


def test_a_long_reply_is_cut_between_characters() -> None:
    callback = InboundEvents(ACCOUNT)
    event = arrived(receive(callback, an_event(HELLO, at=NOON)))
    read = read_envelope(callback.reply(event, "票" * 5_000, now=NOON))
    assert read is not None
    assert read["Content"] == "票" * (MAX_REPLY_BYTES // 3)


def test_wechatpy_opens_a_sealed_reply() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from wechatpy.crypto import WeChatCrypto  # type: ignore[import-untyped]
    oracle: Any = WeChatCrypto(ACCOUNT.token, AES_KEY, ACCOUNT.app_id)
    callback = InboundEvents(SEALED)
    event = arrived(receive(callback, a_sealed_event(HELLO, at=NOON)))
    body = callback.reply(event, "好的", now=NOON)
    outer = read_envelope(body)
    assert outer is not None
    opened = oracle.decrypt_message(body.decode(), outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    inner = read_envelope(opened.encode())
    assert inner is not None
    assert inner["Content"] == "好的"


@dataclass(slots=True, kw_only=True)
class Room:
    """A server with the callback's two routes, as `web/` wires them."""

    callback: InboundEvents
    url: str = ""
    events: list[Event] = field(default_factory=list)

    async def get(self, request: web.Request) -> web.Response:
        match self.callback.verify(request.query, now=NOON):
            case Echo(text=text):
                return web.Response(text=text)
            case Refusal() as refusal:
                return web.Response(status=refusal.status)

    async def post(self, request: web.Request) -> web.Response:
        match self.callback.receive(request.query, await request.read(), now=NOON):
            case InboundEvent() as arrived:
                self.events.append(arrived.event)
                return web.Response(
                    body=self.callback.reply(arrived, "Hello", now=NOON), content_type="text/xml", charset="utf-8"
                )
            case Refusal() as refusal:
                return web.Response(status=refusal.status)


@asynccontextmanager
async def a_room(settings: WeChatSettings) -> AsyncIterator[Room]:
    room = Room(callback=InboundEvents(settings))
    app = web.Application(client_max_size=MAX_BYTES)
    app.router.add_get("/wechat", room.get)
    app.router.add_post("/wechat", room.post)
    async with serving(app) as url:
        room.url = f"{url}/wechat"
        yield room


async def test_over_http_an_account_is_joined(mode: Mode) -> None:
    async with a_room(mode.settings) as room:
        assert await ask_for_echo(room.url, echo_query("42")) == (200, "42")
        assert (await ask_for_echo(room.url, {**echo_query("42"), "nonce": "0"}))[0] == 403
        answered, body = await tell(room.url, mode.make(SUBSCRIBED, at=NOON, nonce="1"))
        assert answered == 200
        assert read_envelope(body) is not None
        assert (await tell(room.url, replace(mode.make(SCANNED, at=NOON), query={})))[0] == 403
    assert room.events == [Subscribed(openid="oA-1_b", scene="tabc")]
