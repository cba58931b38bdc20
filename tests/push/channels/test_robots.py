"""Robots of group chats: what is posted, how often, and what their answers mean."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.outbox.recording import Clock
from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.robots import DINGTALK, FEISHU, LARK, SECRET, WECOM, Robots, robot_services
from watcher.core.channels import Address, ChannelName, Notification, Pause, Refused, Retry, SendResult, Sent
from watcher.core.push import ContentType, Draft
from watcher.errors import InvalidRequestError
from watcher.net import Sessions
from watcher.push.channels.robots import dingtalk, feishu
from watcher.push.channels.robots.channel import RobotChannel
from watcher.push.channels.robots.kind import service_of
from watcher.push.channels.robots.webhook import read_webhook, stored_robot

ALL = pytest.mark.parametrize("webhook", [WECOM, FEISHU, DINGTALK], ids=["wecom", "feishu", "dingtalk"])


def a_robot(webhook: str, *, secret: str = "", keyword: str = "") -> Address:
    robot = read_webhook(webhook, secret=secret, keyword=keyword)
    return an_address(robot.value, robot.channel)


def saying(draft: Draft, *, topic: str = "Deals") -> Notification:
    notification = a_notification(topic=topic)
    return replace(notification, message=replace(notification.message, draft=draft))


@asynccontextmanager
async def a_channel(
    services: Robots, name: ChannelName, *, clock: Clock | None = None, send_seconds: float = 10
) -> AsyncIterator[RobotChannel]:
    clock = clock or Clock(NOON)
    async with Sessions() as sessions:
        yield RobotChannel(
            service_of(name),
            sessions,
            now=clock.now,
            seconds=clock.seconds,
            send_seconds=send_seconds,
            route=services.route,
        )


async def posted(
    services: Robots, address: Address, notification: Notification | None = None, *, send_seconds: float = 10
) -> SendResult:
    async with a_channel(services, address.channel, send_seconds=send_seconds) as channel:
        return await channel.send(notification or a_notification(), address)


@asynccontextmanager
async def a_group(webhook: str, **about: str) -> AsyncIterator[Robots]:
    async with robot_services(NOON.timestamp) as services:
        services.add(webhook, **about)
        yield services


@ALL
async def test_a_message_is_posted_with_topic_title_text_and_link(webhook: str) -> None:
    async with a_group(webhook) as services:
        assert await posted(services, a_robot(webhook)) == Sent()
    assert services.said == ["Deals · Dune 12.00 → 8.50\nThe price fell.\nhttps://push.example/m/abc"]


@pytest.mark.parametrize("webhook", [FEISHU, LARK, DINGTALK], ids=["feishu", "lark", "dingtalk"])
async def test_a_robot_that_asks_for_a_signature_and_a_keyword_gets_both(webhook: str) -> None:
    async with a_group(webhook, secret=SECRET, keyword="提醒") as services:
        assert await posted(services, a_robot(webhook, secret=SECRET, keyword="提醒")) == Sent()
        assert services.said[0].startswith("提醒 · Deals · ")
        wrong = await posted(services, a_robot(webhook, secret="SECwrongwrongwrong", keyword="提醒"))
        assert isinstance(wrong, Refused)
        assert wrong.is_alarm
        assert "signature" in wrong.reason
        without = await posted(services, a_robot(webhook, secret=SECRET))
        assert isinstance(without, Refused)
        assert "keyword" in without.reason


async def test_a_keyword_that_the_message_has_already_is_not_added() -> None:
    async with a_group(DINGTALK, keyword="Deals") as services:
        assert await posted(services, a_robot(DINGTALK, keyword="Deals")) == Sent()
    assert services.said[0].startswith("Deals · Dune")


def test_signatures_are_those_that_the_services_document() -> None:
    # Made with openssl: `printf 'TIMESTAMP\nSECRET' | openssl dgst -sha256 -hmac SECRET -binary | base64`, and of
    # nothing, under the key TIMESTAMP\nSECRET.
    assert dingtalk.signature("SECtest", "1700000000000") == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    assert feishu.signature("SECtest", "1700000000") == "G7XpBpG8NgG02fJOAhX6FRAObIljmFoxVReo8I62pEk="


@ALL
async def test_markdown_stays_markdown_and_calls_nobody(webhook: str) -> None:
    content = "**8.50** <at id=all></at> <@all> [shop](https://shop.example)"
    draft = Draft(summary="Dune", content=content, content_type=ContentType.MARKDOWN)
    async with a_group(webhook) as services:
        assert await posted(services, a_robot(webhook), saying(draft)) == Sent()
    said = services.said[0]
    assert "**8.50**" in said
    assert "](https://push.example/m/abc)" in said
    assert "<@all>" not in said or webhook != WECOM
    assert "<at id=all>" not in said or webhook != FEISHU


@ALL
async def test_html_is_posted_as_its_words(webhook: str) -> None:
    draft = Draft(summary="Dune", content="<p>Now <b>8.50</b></p>", content_type=ContentType.HTML)
    async with a_group(webhook) as services:
        assert await posted(services, a_robot(webhook), saying(draft)) == Sent()
    assert services.said == ["Deals · Dune\nNow 8.50\nhttps://push.example/m/abc"]


@ALL
@pytest.mark.parametrize("kind", [ContentType.TEXT, ContentType.MARKDOWN])
async def test_a_long_message_is_cut_to_what_the_service_takes_and_keeps_its_link(
    webhook: str, kind: ContentType
) -> None:
    draft = Draft(summary="Long", content='"價格"\n🙂' * 6_000, content_type=kind)
    async with a_group(webhook) as services:
        assert await posted(services, a_robot(webhook), saying(draft)) == Sent()
    assert "…" in services.said[0]
    assert "https://push.example/m/abc" in services.said[0]


async def test_what_says_no_more_than_its_title_stands_there_once() -> None:
    async with a_group(WECOM) as services:
        await posted(services, a_robot(WECOM), saying(Draft(summary="Sold out", content="Sold  out")))
        await posted(services, a_robot(WECOM), saying(Draft(summary="One", content="One\ntwo")))
    assert services.said == [
        "Deals · Sold out\nhttps://push.example/m/abc",
        "Deals\nOne\ntwo\nhttps://push.example/m/abc",
    ]


@ALL
async def test_a_robot_that_was_removed_is_an_alarm_that_names_no_key(webhook: str) -> None:
    async with robot_services() as services:
        answer = await posted(services, a_robot(webhook))
    assert isinstance(answer, Refused)
    assert answer.is_alarm
    assert read_webhook(webhook).key not in answer.reason


@pytest.mark.parametrize(
    ("webhook", "most"), [(WECOM, 20), (DINGTALK, 20), (FEISHU, 5)], ids=["wecom", "dingtalk", "feishu"]
)
async def test_no_more_is_posted_than_a_robot_may_and_the_rest_waits_for_its_turn(webhook: str, most: int) -> None:
    clock = Clock(NOON)
    async with robot_services(clock.seconds) as services:
        services.add(webhook)
        async with a_channel(services, read_webhook(webhook).channel, clock=clock) as channel:
            answers = [await channel.send(a_notification(), a_robot(webhook)) for _ in range(most + 1)]
            assert answers[:most] == [Sent()] * most
            last = answers[most]
            assert isinstance(last, Retry)
            assert last.after is not None
            assert last.pause is Pause.ADDRESS
            assert sum(services.asked.values()) == most, "the service was not asked"
            clock.turn(last.after.total_seconds())
            assert await channel.send(a_notification(), a_robot(webhook)) == Sent()


async def test_another_robot_of_the_service_need_not_wait() -> None:
    other = WECOM.replace("aaa", "bbb")
    async with robot_services() as services:
        services.add(WECOM)
        services.add(other)
        async with a_channel(services, ChannelName.WECOM) as channel:
            for _ in range(20):
                await channel.send(a_notification(), a_robot(WECOM))
            assert await channel.send(a_notification(), a_robot(other)) == Sent()


@pytest.mark.parametrize(
    ("webhook", "code", "minutes"), [(WECOM, 45009, 1), (FEISHU, 11232, 1), (DINGTALK, 130101, 10)]
)
async def test_a_limit_that_the_service_says_is_waited_for(webhook: str, code: int, minutes: int) -> None:
    async with a_group(webhook) as services:
        services.answers.append(code)
        answer = await posted(services, a_robot(webhook))
    assert isinstance(answer, Retry)
    assert answer.after == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("webhook", "code", "is_alarm"),
    [
        (WECOM, 44004, False), (WECOM, 93000, True), (WECOM, 987654, True),
        (FEISHU, 19002, False), (FEISHU, 19022, True), (FEISHU, 12345, True),
        (DINGTALK, 430104, False), (DINGTALK, 400013, True), (DINGTALK, 12345, True),
    ],
)  # fmt: skip
async def test_an_error_in_a_200_is_a_refusal(webhook: str, code: int, is_alarm: bool) -> None:
    async with a_group(webhook) as services:
        services.answers.append(code)
        answer = await posted(services, a_robot(webhook))
    assert isinstance(answer, Refused)
    assert answer.is_alarm is is_alarm
    assert str(code) in answer.reason


@ALL
@pytest.mark.parametrize(
    "said",
    [b"<html>busy</html>", b"[]", b'{"ok":true}', (502, b"bad gateway"), b'{"errcode":true,"code":"0"}', b"[" * 9_999],
)
async def test_an_answer_that_is_none_is_tried_again(webhook: str, said: bytes | tuple[int, bytes]) -> None:
    async with a_group(webhook) as services:
        services.answers.append(said)
        answer = await posted(services, a_robot(webhook))
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE


@ALL
async def test_a_service_that_does_not_answer_is_left_alone_for_a_while(webhook: str) -> None:
    async with a_group(webhook) as services:
        services.gate.clear()
        answer = await posted(services, a_robot(webhook), send_seconds=0.05)
    assert isinstance(answer, Retry)
    assert answer.pause is Pause.LANE


@ALL
def test_what_is_stored_is_read_again_and_shown_by_its_end_alone(webhook: str) -> None:
    robot = read_webhook(f"  {webhook} ")
    assert stored_robot(robot.channel, robot.value) == robot
    assert robot.key not in repr(robot)
    assert robot.key not in robot.hint
    assert robot.hint.endswith(robot.key[-4:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/message/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
        WECOM.replace("https", "http"),
        WECOM.replace("qyapi", "evil@qyapi"),
        WECOM.replace("weixin.qq.com", "weixin.qq.com:8443"),
        FEISHU + "/../../admin",
        "https://127.0.0.1/robot/send?access_token=" + "5" * 64,
        "https://[::1",
        DINGTALK + "&x" * 1_000,
    ],
)
def test_what_is_no_webhook_of_a_service_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read_webhook(text)
    assert refused.value.field == "webhook"
    assert "693a91f6" not in str(refused.value)


@pytest.mark.parametrize(
    ("webhook", "about", "field"),
    [
        (WECOM, {"secret": SECRET}, "secret"),
        (DINGTALK, {"secret": "two words"}, "secret"),
        (DINGTALK, {"secret": "S" * 129}, "secret"),
        (DINGTALK, {"keyword": "k" * 51}, "keyword"),
    ],
)
def test_a_secret_or_keyword_that_cannot_be_is_refused(webhook: str, about: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read_webhook(webhook, **about)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "value", ["", "{}", "[]", json.dumps({"host": "evil.example", "key": "k" * 32}), json.dumps({"host": 1})]
)
async def test_a_stored_robot_that_cannot_be_read_is_posted_nowhere(value: str) -> None:
    async with robot_services() as services:
        address = an_address(value, ChannelName.WECOM)
        async with a_channel(services, ChannelName.WECOM) as channel:
            assert channel.lane(address) == ""
            assert isinstance(await channel.send(a_notification(), address), Refused)
    assert not services.asked
