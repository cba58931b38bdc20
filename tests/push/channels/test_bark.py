"""Notifications through Bark's servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.bark import DEVICE, KEY, Bark, a_bark_server
from watcher.core.channels import Address, ChannelName, Gone, Pause, Refused, Retry, SendResult, Sent
from watcher.core.push import Draft
from watcher.errors import ConfigError, InvalidRequestError
from watcher.net import Sessions
from watcher.push.channels.bark.address import read_device
from watcher.push.channels.bark.channel import BarkChannel
from watcher.push.channels.bark.settings import trusted_server
from watcher.push.channels.places import read_place


def a_phone(value: str = DEVICE) -> Address:
    return an_address(value, ChannelName.BARK)


@asynccontextmanager
async def a_channel(bark: Bark, *, send_seconds: float = 10) -> AsyncIterator[BarkChannel]:
    async with Sessions() as sessions:
        yield BarkChannel(sessions, now=lambda: NOON, send_seconds=send_seconds, route=bark.route)


async def answer_to(*answers: tuple[int, bytes]) -> SendResult:
    async with a_bark_server() as bark, a_channel(bark) as channel:
        bark.answers.extend(answers)
        return await channel.send(a_notification(), a_phone())


async def test_a_notification_has_title_text_and_link_and_comes_twice_as_one() -> None:
    async with a_bark_server() as bark, a_channel(bark) as channel:
        assert [await channel.send(a_notification(), a_phone()) for _ in range(2)] == [Sent(), Sent()]
    [shown] = bark.shown.values()
    assert shown == {
        "device_key": KEY,
        "title": "Deals · Dune 12.00 → 8.50",
        "body": "The price fell.",
        "url": "https://push.example/m/abc",
        "group": "Deals",
        "id": "abc",
    }


async def test_a_long_message_fits_what_apple_takes() -> None:
    notification = a_notification()
    draft = Draft(summary="字" * 100, content='"🙂"\n' * 8_000)
    notification = replace(notification, message=replace(notification.message, draft=draft))
    async with a_bark_server() as bark, a_channel(bark) as channel:
        assert await channel.send(notification, a_phone()) == Sent()


async def test_a_device_that_is_not_registered_is_gone_and_its_key_is_not_named() -> None:
    async with a_bark_server() as bark, a_channel(bark) as channel:
        bark.keys.clear()
        answer = await channel.send(a_notification(), a_phone())
    assert isinstance(answer, Gone)
    assert KEY not in answer.reason
    for said in (
        b'{"code":500,"message":"push failed: BadDeviceToken"}',
        b'{"message":"APNS push failed: Unregistered"}',
    ):
        assert isinstance(await answer_to((500, said)), Gone)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"code":500,"message":"no"}', Refused),
        (200, b"<html>", Retry),
        (400, b'{"code":400,"message":"bad request"}', Refused),
        (404, b"not here", Refused),
        (302, b"", Refused),
        (429, b"", Retry),
        (500, b'{"code":500,"message":"push failed: timeout"}', Retry),
        (502, b"[" * 9_999, Retry),
    ],
)
async def test_what_an_answer_means(status: int, body: bytes, kind: type[SendResult]) -> None:
    assert isinstance(await answer_to((status, body)), kind)


async def test_a_limit_is_waited_for_and_no_bark_server_costs_the_address_in_the_end() -> None:
    limited = await answer_to((429, b""))
    assert isinstance(limited, Retry)
    assert (limited.after, limited.pause) == (timedelta(minutes=1), Pause.LANE)
    foreign = await answer_to((404, b""))
    assert isinstance(foreign, Refused)
    assert foreign.strikes is not None
    assert not foreign.is_alarm


@pytest.mark.parametrize("server", ["http://127.0.0.1:9", "http://localhost:9", "http://169.254.169.254"])
async def test_a_private_address_is_refused_unless_the_operator_named_it(server: str) -> None:
    async with Sessions() as sessions:
        stranger = BarkChannel(sessions, now=lambda: NOON)
        refused = await stranger.send(a_notification(), a_phone(f"{server}/{KEY}"))
        assert isinstance(refused, Refused)
        assert "WATCHER_BARK_URL" in refused.reason
        if "localhost" in server:
            allowed = BarkChannel(
                sessions, now=lambda: NOON, trusted=trusted_server({"WATCHER_BARK_URL": f"{server}/"})
            )
            assert isinstance(await allowed.send(a_notification(), a_phone(f"{server}/{KEY}")), Retry)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (KEY, DEVICE),
        (f" {DEVICE}/ ", DEVICE),
        (f"{DEVICE}/推送标题/内容?sound=x", DEVICE),
        (f"https://API.day.app/{KEY}", DEVICE),
        (f"http://bark.example.org:8080/sub/{KEY}", f"http://bark.example.org:8080/sub/{KEY}"),
    ],
)
def test_an_address_is_read_as_the_app_copies_it(text: str, value: str) -> None:
    device = read_device(text)
    assert device.value == value
    assert read_device(value) == device
    assert KEY not in repr(device)
    assert KEY not in device.hint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key",
        "https://api.day.app/",
        f"ftp://x.example/{KEY}",
        f"https://a:b@x.example/{KEY}",
        "x" * 501,
        f"//x/{KEY}",
    ],
)
def test_what_is_no_device_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        read_device(text)


def test_a_topic_is_posted_to_a_device_without_secret_or_keyword() -> None:
    place = read_place(DEVICE)
    assert (place.channel, place.value, place.label) == (ChannelName.BARK, DEVICE, "api.day.app …Zc3H")
    for about, field in (({"secret": "s"}, "secret"), ({"keyword": "k"}, "keyword")):
        with pytest.raises(InvalidRequestError) as refused:
            read_place(DEVICE, **about)
        assert refused.value.field == field


def test_a_setting_that_is_no_address_is_named() -> None:
    assert trusted_server({}) == ""
    with pytest.raises(ConfigError, match="WATCHER_BARK_URL"):
        trusted_server({"WATCHER_BARK_URL": "bark.example.org"})
