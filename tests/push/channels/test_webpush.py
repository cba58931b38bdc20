"""The channel against a push service that is really there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from tests.files import no_more_files
from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.push_service import Answer, Browser, PushServer, a_push_service
from watcher.core.channels import Channel, ChannelName, Gone, Pause, Refused, Retry, SendResult, Sent, Strikes
from watcher.errors import ConfigError
from watcher.net import Sessions
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.encryption import CURVE
from watcher.push.channels.webpush.keys import VapidKeys
from watcher.push.channels.webpush.payload import collapse_tag
from watcher.push.channels.webpush.subscription import PushSubscription

_KEYS = VapidKeys.of(ec.generate_private_key(CURVE))
_SUBJECT = "mailto:operator@push.example"
_HOST = "fcm.googleapis.com"


@pytest.fixture
async def service() -> AsyncIterator[PushServer]:
    async with a_push_service() as running:
        yield running


@pytest.fixture
async def sessions() -> AsyncIterator[Sessions]:
    """Sessions that may go to loopback."""
    async with Sessions(is_allowed=lambda _: True) as opened:
        yield opened


@pytest.fixture
def channel(sessions: Sessions, service: PushServer) -> WebPushChannel:
    return WebPushChannel(sessions, _KEYS, _SUBJECT, now=lambda: NOON, route=service.route, send_seconds=5)


async def _send(channel: WebPushChannel, browser: Browser, *, lasts: timedelta = timedelta(hours=6)) -> SendResult:
    return await channel.send(a_notification(lasts=lasts), an_address(browser.subscription))


async def test_a_browser_reads_what_was_sent(channel: WebPushChannel, service: PushServer) -> None:
    browser = service.subscribe()
    notification = a_notification("Dune 12.00 → 8.50", collapse_key="dune")

    assert await channel.send(notification, an_address(browser.subscription)) == Sent()

    [push] = service.pushes
    assert push.said["notification"]["body"] == "Dune 12.00 → 8.50"
    assert push.claims["aud"] == "https://fcm.googleapis.com"
    assert push.claims["sub"] == _SUBJECT
    assert push.headers["Content-Encoding"] == "aes128gcm"
    assert push.headers["Urgency"] == "high"
    assert push.headers["Topic"] == collapse_tag(notification)
    assert (push.size - 86 - 16) % 256 == 0


@pytest.mark.parametrize(
    ("lasts", "ttl"),
    [
        (timedelta(hours=6), 21_600),
        (timedelta(milliseconds=1), 1),
        (timedelta(0), 0),
        (timedelta(seconds=-5), 0),
        (timedelta(days=365), 2_419_200),
    ],
)
async def test_the_ttl_ends_with_the_notification(
    channel: WebPushChannel, service: PushServer, lasts: timedelta, ttl: int
) -> None:
    await _send(channel, service.subscribe(), lasts=lasts)
    assert service.pushes[0].headers["TTL"] == str(ttl)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(status=200), Sent()),
        (Answer(status=201), Sent()),
        (Answer(status=202), Sent()),
        (
            Answer(status=302, headers={"Location": "/elsewhere"}),
            Refused(reason=f"{_HOST} answered 302", is_alarm=True),
        ),
        (Answer(status=400), Refused(reason=f"{_HOST} answered 400", strikes=Strikes(most=3))),
        (
            Answer(status=401),
            Refused(reason=f"{_HOST} answered 401: it does not believe our VAPID keys or contact", is_alarm=True),
        ),
        (
            Answer(status=403, body=b"secret"),
            Refused(reason=f"{_HOST} answered 403: it does not believe our VAPID keys or contact", is_alarm=True),
        ),
        (
            Answer(status=404),
            Refused(reason=f"{_HOST} answered 404", strikes=Strikes(most=2, within=timedelta(days=1))),
        ),
        (Answer(status=410), Gone(reason=f"{_HOST} answered 410: the browser unsubscribed")),
        (
            Answer(status=429, headers={"Retry-After": "90"}),
            Retry(reason=f"{_HOST} answered 429: too much at once", after=timedelta(seconds=90), pause=Pause.LANE),
        ),
        (
            Answer(status=429, headers={"Retry-After": format_datetime(NOON + timedelta(minutes=3))}),
            Retry(
                reason=f"{_HOST} answered 429: too much at once",
                after=timedelta(minutes=3) - timedelta(microseconds=NOON.microsecond),
                pause=Pause.LANE,
            ),
        ),
        (
            Answer(status=429, headers={"Retry-After": "9" * 50}),
            Retry(reason=f"{_HOST} answered 429: too much at once", after=timedelta(days=1), pause=Pause.LANE),
        ),
        (Answer(status=429), Retry(reason=f"{_HOST} answered 429: too much at once", pause=Pause.LANE)),
        (Answer(status=500), Retry(reason=f"{_HOST} answered 500")),
        (
            Answer(status=503, headers={"Retry-After": "7"}, body=b"x" * 1_000_000),
            Retry(reason=f"{_HOST} answered 503", after=timedelta(seconds=7)),
        ),
    ],
    ids=lambda value: f"{value.status} {value.headers.get('Retry-After', '')[:8]}" if isinstance(value, Answer) else "",
)
async def test_what_the_push_service_answers(
    channel: WebPushChannel, service: PushServer, answer: Answer, expected: SendResult
) -> None:
    service.answer = lambda _: answer
    assert await _send(channel, service.subscribe()) == expected
    assert len(service.pushes) == 1


async def test_what_is_too_large_is_sent_once_more_in_short(channel: WebPushChannel, service: PushServer) -> None:
    browser = service.subscribe()
    service.answer = lambda push: Answer(status=413 if push.size > 700 else 201)
    long = a_notification("价" * 100, topic="价" * 100)

    assert await channel.send(long, an_address(browser.subscription)) == Sent()

    assert [push.said["notification"]["navigate"] for push in service.pushes] == ["https://push.example/m/abc"] * 2
    assert service.pushes[1].size < service.pushes[0].size
    assert service.pushes[1].headers["TTL"] == service.pushes[0].headers["TTL"]


async def test_what_is_too_large_even_in_short_is_refused(channel: WebPushChannel, service: PushServer) -> None:
    service.answer = lambda _: Answer(status=413)
    answer = await _send(channel, service.subscribe())
    assert answer == Refused(reason=f"{_HOST} answered 413: too large, even cut short")
    assert len(service.pushes) == 2


async def test_a_push_service_that_does_not_answer_is_tried_later(sessions: Sessions, service: PushServer) -> None:
    service.gate.clear()
    channel = WebPushChannel(sessions, _KEYS, _SUBJECT, now=lambda: NOON, route=service.route, send_seconds=0.2)
    assert await _send(channel, service.subscribe()) == Retry(reason=f"{_HOST}: no answer within 0.2 s")


async def test_a_push_service_that_is_not_there_is_tried_later(sessions: Sessions) -> None:
    nowhere = URL("http://127.0.0.1:1/")
    channel = WebPushChannel(sessions, _KEYS, _SUBJECT, now=lambda: NOON, route=lambda _: nowhere)
    answer = await _send(channel, Browser("the-token"))
    assert answer == Retry(reason=f"{_HOST}: the request failed (ClientConnectorError)")


async def test_when_no_file_is_left_the_push_service_is_not_blamed(
    channel: WebPushChannel, service: PushServer
) -> None:
    browser = service.subscribe()
    with no_more_files():
        answer = await _send(channel, browser)
    assert isinstance(answer, Retry)
    assert (answer.pause, "LimitNOFILE" in answer.reason) == (Pause.ADDRESS, True)
    assert await _send(channel, browser) == Sent()


async def test_a_push_service_that_speaks_no_http_is_tried_later(sessions: Sessions) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\x00\xffwhat?\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        url = URL(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        channel = WebPushChannel(sessions, _KEYS, _SUBJECT, now=lambda: NOON, route=lambda _: url)
        answer = await _send(channel, Browser())
    assert isinstance(answer, Retry)
    assert answer.reason.startswith(f"{_HOST}: the request failed (")


async def test_what_was_taken_is_sent_whenever_the_rest_of_the_answer_comes(sessions: Sessions) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\nslow")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        url = URL(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        channel = WebPushChannel(sessions, _KEYS, _SUBJECT, now=lambda: NOON, route=lambda _: url, send_seconds=5)
        assert await _send(channel, Browser()) == Sent()


async def test_a_push_service_at_a_private_address_is_not_asked(service: PushServer) -> None:
    async with Sessions() as guarded:
        channel = WebPushChannel(guarded, _KEYS, _SUBJECT, now=lambda: NOON, route=service.route)
        answer = await _send(channel, service.subscribe())
    assert answer == Refused(reason=f"{_HOST} is not a public address here; look at this machine's DNS", is_alarm=True)
    assert service.pushes == []


@pytest.mark.parametrize("value", ["", "{}", '{"endpoint": "https://evil.example/a"}'])
async def test_a_stored_subscription_that_is_none_is_refused(channel: WebPushChannel, value: str) -> None:
    answer = await channel.send(a_notification(), an_address(value))
    assert isinstance(answer, Refused)
    assert channel.lane(an_address(value)) == ""


async def test_the_lane_is_the_push_service(channel: WebPushChannel) -> None:
    as_channel: Channel = channel
    assert as_channel.name is ChannelName.WEB_PUSH
    assert as_channel.at_once == 50
    stored = PushSubscription.parse(Browser(origin="https://jmt17.google.com").subscription).text
    assert as_channel.lane(an_address(stored)) == "https://jmt17.google.com"


async def test_fifty_are_sent_at_once_each_with_a_key_of_its_own(channel: WebPushChannel, service: PushServer) -> None:
    browsers = [service.subscribe(f"token-{number}") for number in range(50)]
    service.gate.clear()
    async with asyncio.timeout(30), asyncio.TaskGroup() as sending:
        tasks = [sending.create_task(_send(channel, browser)) for browser in browsers]
        await service.holds(50)
        service.gate.set()
    assert {task.result() for task in tasks} == {Sent()}
    assert len({push.headers["Authorization"] for push in service.pushes}) == 1


def _secrets(browser: Browser) -> list[str]:
    return [browser.path, "a-token", *PushSubscription.parse(browser.subscription).text.split('"')[7::4]]


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410, 413, 429, 500, 999])
async def test_no_reason_names_the_endpoint(channel: WebPushChannel, service: PushServer, status: int) -> None:
    service.answer = lambda _: Answer(status=status, body=b"a-token")
    browser = service.subscribe()
    answer = await _send(channel, browser)
    assert not [secret for secret in _secrets(browser) if secret in str(answer)]


async def test_a_contact_that_reaches_nobody_is_refused_at_the_start(sessions: Sessions) -> None:
    with pytest.raises(ConfigError, match="mailto:you@your"):
        WebPushChannel(sessions, _KEYS, "mailto:me@localhost", now=lambda: NOON)
