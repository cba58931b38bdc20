from __future__ import annotations

import asyncio
import dataclasses
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.wechat import ACCOUNT, Scripted, WeChat, a_wechat, an_error
from watcher.core.channels import (
    Address,
    Channel,
    ChannelName,
    Gone,
    Notification,
    Pause,
    Refused,
    Retry,
    SendResult,
    Sent,
)
from watcher.core.push import ContentType, Draft
from watcher.net import Sessions
from watcher.push.channels.wechat.answers import Callers, Failure, SceneCode, Trouble
from watcher.push.channels.wechat.api import LONGEST_CODE, MAX_ANSWER_BYTES, WeChatApi
from watcher.push.channels.wechat.channel import WeChatChannel, client_msg_id, field_text, until_midnight
from watcher.push.channels.wechat.settings import Part, WeChatSettings


def a_follower(openid: str = "oA-1_b") -> Address:
    return an_address(openid, ChannelName.WECHAT)


def a_message(
    content: str, *, content_type: ContentType = ContentType.TEXT, summary: str = "Dune", topic: str | None = "Deals"
) -> Notification:
    notification = a_notification(topic=topic)
    draft = Draft(summary=summary, content=content, content_type=content_type)
    return replace(notification, message=replace(notification.message, draft=draft))


@pytest.fixture
async def wechat() -> AsyncIterator[WeChat]:
    async with a_wechat() as running:
        yield running


@asynccontextmanager
async def a_channel(
    settings: WeChatSettings, *, now: Callable[[], datetime] = lambda: NOON, seconds: float = 10.0
) -> AsyncIterator[WeChatChannel]:
    async with Sessions() as sessions:
        api = WeChatApi(settings, sessions, now=now, call_seconds=seconds)
        yield WeChatChannel(settings, api, now=now, send_seconds=10.0)


@asynccontextmanager
async def an_api(settings: WeChatSettings) -> AsyncIterator[WeChatApi]:
    async with Sessions() as sessions:
        yield WeChatApi(settings, sessions, now=lambda: NOON)


async def sent_by(wechat: WeChat, *, seconds: float = 10.0) -> SendResult:
    async with a_channel(wechat.settings, seconds=seconds) as channel:
        return await channel.send(a_notification(), a_follower())


async def test_a_message_comes_in_the_templates_fields_with_a_link_to_the_rest(wechat: WeChat) -> None:
    assert await sent_by(wechat) == Sent()
    assert wechat.sent == [
        {
            "touser": "oA-1_b",
            "template_id": ACCOUNT.template_id,
            "url": "https://push.example/m/abc",
            "data": {
                "title": {"value": "Dune 12.00 → 8.50"},
                "body": {"value": "The price fell."},
                "topic": {"value": "Deals"},
                "time": {"value": "2026-03-01 20:00"},
            },
            "client_msg_id": client_msg_id(a_notification()),
        }
    ]


async def test_chinese_is_sent_as_it_is_and_not_as_escapes(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        await channel.send(a_notification("演唱会有票 🎫"), a_follower())
    assert "演唱会有票 🎫".encode() in wechat.bodies[0]


async def test_a_repeat_reaches_nobody_twice(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        for _ in range(3):
            assert await channel.send(a_notification(), a_follower()) == Sent()
        await channel.send(a_notification(item_id=8), a_follower())
    assert len(wechat.sent) == 2


def test_it_is_a_channel_of_one_lane() -> None:
    async def check() -> None:
        async with a_channel(ACCOUNT) as channel:
            as_one: Channel = channel
            assert (as_one.name, as_one.at_once) == (ChannelName.WECHAT, 4)
            assert as_one.lane(a_follower()) == as_one.lane(a_follower("o2")) == "https://api.weixin.qq.com"

    asyncio.run(check())


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_and_the_message_sent(wechat: WeChat, code: int) -> None:
    wechat.scripts.append(an_error(code))
    assert await sent_by(wechat) == Sent()
    assert len(wechat.calls) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_refused_again_pauses_everybody(wechat: WeChat, code: int) -> None:
    wechat.scripts += [an_error(code)] * 2
    answer = await sent_by(wechat)
    assert isinstance(answer, Retry)
    assert (answer.after, answer.pause) == (timedelta(minutes=1), Pause.LANE)
    assert len(wechat.calls) == 2


@pytest.mark.parametrize("code", [43004, 43019, 43101, 40003])
async def test_a_follower_who_left_is_gone(wechat: WeChat, code: int) -> None:
    wechat.left["oA-1_b"] = code
    answer = await sent_by(wechat)
    assert isinstance(answer, Gone)
    assert str(code) in answer.reason


async def test_what_is_no_openid_is_gone_before_anything_is_sent(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        for openid in ("", "a b", "x" * 65, "../x", "微信"):
            assert isinstance(await channel.send(a_notification(), a_follower(openid)), Gone)
    assert not wechat.tokens_asked


async def test_a_used_up_quota_pauses_everybody_until_midnight_in_beijing(wechat: WeChat) -> None:
    wechat.quota = 1
    async with a_channel(wechat.settings) as channel:
        assert await channel.send(a_notification(), a_follower()) == Sent()
        answer = await channel.send(a_notification(item_id=8), a_follower())
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE
    assert answer.after is not None
    assert NOON + answer.after == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 3, 1, 16, tzinfo=UTC), 24.0),
        (datetime(2026, 3, 1, 15, 30, tzinfo=UTC), 0.5),
        (datetime(2026, 12, 31, 0, tzinfo=UTC), 16.0),
    ],
)
def test_midnight_is_the_next_one(now: datetime, hours: float) -> None:
    assert until_midnight(now) == timedelta(hours=hours)


@pytest.mark.parametrize("code", [45011, -1])
async def test_a_busy_wechat_is_tried_again_later(wechat: WeChat, code: int) -> None:
    wechat.scripts.append(an_error(code))
    answer = await sent_by(wechat)
    assert isinstance(answer, Retry)
    assert (answer.after, answer.pause) == (timedelta(minutes=1), Pause.LANE)


@pytest.mark.parametrize("code", [40013, 40125, 40164, 48001, 40036, 40037, 47003])
async def test_a_wrong_set_up_alarms_the_operator(wechat: WeChat, code: int) -> None:
    wechat.scripts.append(an_error(code))
    answer = await sent_by(wechat)
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert answer.strikes is None
    assert str(code) in answer.reason


@pytest.mark.parametrize("code", [40001, 40013, 40125, 40164])
async def test_a_wrong_set_up_that_the_token_shows_alarms_as_well(wechat: WeChat, code: int) -> None:
    wechat.token_scripts.append(an_error(code))
    answer = await sent_by(wechat)
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert not wechat.calls


async def test_a_code_that_nobody_knows_refuses_this_message_alone(wechat: WeChat) -> None:
    wechat.scripts.append(an_error(43116))
    assert await sent_by(wechat) == Refused(reason="WeChat 43116: a code without a meaning here")


LIES = {
    "HTML": Scripted(body=b"<html>sign in</html>"),
    "nothing": Scripted(),
    "a list": Scripted(body=b"[]"),
    "a huge number": Scripted(body=b'{"errcode":' + b"9" * 5_000 + b"}"),
    "too much": Scripted(body=b'{"errcode":0}' + b" " * MAX_ANSWER_BYTES),
    "a redirect": Scripted(status=302, headers={"Location": "http://127.0.0.1:1/"}),
    "a bad gateway": Scripted(status=502, body=b"x"),
    "a broken charset": Scripted(body=b"\xff", headers={"Content-Type": "text/plain; charset=klingon"}),
    "a broken encoding": Scripted(body=b"x", headers={"Content-Encoding": "gzip"}),
    "silence": Scripted(is_silent=True),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_an_answer_that_is_none_is_tried_again(wechat: WeChat, lie: Scripted) -> None:
    wechat.scripts.append(lie)
    answer = await sent_by(wechat, seconds=0.5 if lie.is_silent else 10.0)
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
async def test_a_token_that_is_none_is_tried_again(wechat: WeChat, lie: Scripted) -> None:
    wechat.token_scripts.append(lie)
    answer = await sent_by(wechat, seconds=0.5 if lie.is_silent else 10.0)
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE


async def test_a_send_that_takes_too_long_in_all_is_tried_again(wechat: WeChat) -> None:
    wechat.gate.clear()
    async with Sessions() as sessions:
        api = WeChatApi(wechat.settings, sessions, now=lambda: NOON)
        channel = WeChatChannel(wechat.settings, api, now=lambda: NOON, send_seconds=0.2)
        assert await channel.send(a_notification(), a_follower()) == Retry(
            reason="no answer within 0.2 s", pause=Pause.LANE
        )


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with a_channel(dataclasses.replace(ACCOUNT, api="http://127.0.0.1:1")) as channel:
        answer = await channel.send(a_notification(), a_follower())
    assert isinstance(answer, Retry)
    assert answer.reason == "the request failed (ClientConnectorError)"


async def test_a_relay_that_knows_nothing_of_wechat_alarms_the_operator(wechat: WeChat) -> None:
    async with a_channel(dataclasses.replace(ACCOUNT, api=f"{wechat.url}/elsewhere")) as channel:
        answer = await channel.send(a_notification(), a_follower())
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert "WATCHER_WECHAT_API" in answer.reason


async def test_a_hundred_sends_share_one_token_even_when_it_is_revoked_among_them(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        wechat.gate.clear()
        async with asyncio.TaskGroup() as group:
            sends = [group.create_task(channel.send(a_notification(item_id=n), a_follower())) for n in range(50)]
            await asyncio.sleep(0)
            wechat.gate.set()
        wechat.revoke()
        async with asyncio.TaskGroup() as group:
            sends += [group.create_task(channel.send(a_notification(item_id=n), a_follower())) for n in range(50, 100)]
    assert {send.result() for send in sends} == {Sent()}
    assert len(wechat.sent) == 100
    assert (wechat.tokens_asked, wechat.tokens_forced) == (2, 0)


async def test_a_spoilt_token_is_forced_out_once_by_a_hundred_sends(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        await channel.send(a_notification(), a_follower())
        wechat.spoil()
        async with asyncio.TaskGroup() as group:
            sends = [group.create_task(channel.send(a_notification(item_id=n), a_follower())) for n in range(100)]
    assert {send.result() for send in sends} == {Sent()}
    assert (wechat.tokens_asked, wechat.tokens_forced) == (3, 1)


async def test_nothing_secret_is_logged_and_no_reason_names_an_openid(
    wechat: WeChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wechat.left["oA-1_b"] = 40003
    answers = [await sent_by(wechat)]
    wechat.scripts.append(an_error(40029, "openid oA-1_b"))
    answers.append(await sent_by(wechat))
    told = caplog.text + repr(answers)
    assert not any(secret in told for secret in (ACCOUNT.secret, ACCOUNT.token, "oA-1_b", "access_token="))


async def test_a_code_is_made_for_a_scene(wechat: WeChat) -> None:
    async with an_api(wechat.settings) as api:
        code = await api.create_code("tabc", lasts=timedelta(days=99))
    assert code == SceneCode(url="http://weixin.qq.com/q/tabc", lasts=LONGEST_CODE)


async def test_the_callers_prove_that_the_account_works(wechat: WeChat) -> None:
    async with an_api(wechat.settings) as api:
        assert await api.callers() == Callers(addresses=("101.226.62.77", "101.226.103.0/25"))
    async with an_api(dataclasses.replace(wechat.settings, secret="f" * 32)) as api:
        answer = await api.callers()
    assert isinstance(answer, Failure)
    assert answer.trouble is Trouble.SET_UP


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 20, "x" * 20),
        ("x" * 21, "x" * 19 + "…"),
        ("票" * 30, "票" * 19 + "…"),
        ("🎫" * 10, "🎫" * 10),
        ("🎫" * 11, "🎫" * 9 + "…"),
        ("word " * 10, "word word word word…"),
        ("👨‍👩‍👧" * 5, "👨‍👩‍👧" * 2 + "👨…"),
        ("a\r\n b\tc\u2028d\x85e\x00f", "a b c d ef"),
        ("\u202eevil\u2066", "evil"),
        ("\ud800x", "x"),
        ("\u200b", "…"),
    ],
)
def test_a_field_is_one_line_of_at_most_twenty_characters(text: str, shown: str) -> None:
    cut = field_text(Part.TITLE, a_message("x", summary=text).message)
    assert cut == shown
    assert 0 < len(cut.encode("utf-16-le")) // 2 <= 20


@pytest.mark.parametrize(
    ("content", "kind", "shown"),
    [
        ("Seats:\n3", ContentType.TEXT, "Seats: 3"),
        ("<style>p{color:red}</style><p>Seats: <b>3</b></p>", ContentType.HTML, "Seats: 3"),
        ("<img src='https://x.example/a.png'>", ContentType.HTML, "Dune"),
        ("**Seats:** [3](https://x.example)", ContentType.MARKDOWN, "Seats: 3"),
        ("&lt;b&gt;", ContentType.HTML, "<b>"),
        ("x" * 40_000, ContentType.MARKDOWN, "x" * 19 + "…"),
    ],
)
def test_a_body_is_shown_as_words(content: str, kind: ContentType, shown: str) -> None:
    assert field_text(Part.BODY, a_message(content, content_type=kind).message) == shown


def test_a_message_to_no_topic_names_its_application() -> None:
    assert field_text(Part.TOPIC, a_message("x", topic=None).message) == "Shop"


def test_another_message_with_the_same_number_is_no_repeat() -> None:
    one = a_notification()
    other = replace(one, message=replace(one.message, slug="def"))
    assert client_msg_id(one) == client_msg_id(replace(one, link="x"))
    assert client_msg_id(one) != client_msg_id(other)
    assert len(client_msg_id(one)) == 32


async def test_a_lone_surrogate_in_a_link_is_no_error(wechat: WeChat) -> None:
    async with a_channel(wechat.settings) as channel:
        assert await channel.send(replace(a_notification(), link="https://x.example/\ud800"), a_follower()) == Sent()
    assert json.loads(wechat.bodies[0])["url"] == "https://x.example/?"


async def test_a_redirect_is_not_followed_for_the_token_would_go_along(wechat: WeChat) -> None:
    wechat.scripts.append(Scripted(status=307, headers={"Location": "/cgi-bin/message/template/send?access_token=x"}))
    assert await sent_by(wechat) == Retry(reason="HTTP 307 in place of an answer", pause=Pause.LANE)
    assert len(wechat.calls) == 1
