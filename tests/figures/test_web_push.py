"""
How fast notifications leave; `pytest -rP tests/figures` prints the figures.

Ours and pywebpush's send the same notifications from this process to the same push service, in turns. Counted is the
process's own time, for the machine may have other work.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from statistics import median

from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import webpush_async
from yarl import URL

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.push.emulators.push_service import Browser
from tests.sizes import FIGURES
from watcher.core.channels import Sent
from watcher.net import Sessions
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.encryption import CURVE
from watcher.push.channels.webpush.keys import VapidKeys, base64url
from watcher.push.channels.webpush.payload import collapse_tag, payload

_MESSAGES = FIGURES.sized(500, 2_000)
_ROUNDS = 3
_IN_FLIGHT = 50
_SUBJECT = "mailto:operator@push.example"


async def test_notifications_50_in_flight() -> None:
    """Meant: 1.8 times the rate of pywebpush as it is documented; half of our time is OpenSSL's, which both need."""
    key = ec.generate_private_key(CURVE)
    as_text = base64url(key.private_numbers().private_value.to_bytes(32, "big"))
    async with (
        a_relay() as relay,
        ours(relay, key) as send_ours,
        theirs(relay, as_text) as send_theirs,
        theirs(relay, Vapid02(key)) as send_theirs_prepared,
    ):
        senders = (send_ours, send_theirs, send_theirs_prepared)
        rounds = [[await _rate(send) for send in senders] for _ in range(_ROUNDS)]
    mine, other, prepared = (median(rates) for rates in zip(*rounds, strict=True))
    print(
        f"Web Push, {_IN_FLIGHT} in flight: {mine:.0f}/s; pywebpush {other:.0f}/s, {mine / other:.2f} times; "
        f"with its key read beforehand {prepared:.0f}/s, {mine / prepared:.2f} times"
    )
    assert mine / other > 1.3


@asynccontextmanager
async def a_relay() -> AsyncIterator[URL]:
    """Run the push service in a process of its own; yield where it is."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.figures.relay", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            port = int(await process.stdout.readline())
        yield URL(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def ours(relay: URL, key: ec.EllipticCurvePrivateKey) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    address = an_address(Browser().subscription)
    notification = a_notification()
    async with Sessions(is_allowed=lambda _: True) as sessions:
        channel = WebPushChannel(
            sessions,
            VapidKeys.of(key),
            _SUBJECT,
            now=lambda: NOON,
            route=lambda endpoint: relay.with_path(endpoint.raw_path, encoded=True),
        )

        async def send() -> bool:
            return await channel.send(notification, address) == Sent()

        yield send


@asynccontextmanager
async def theirs(relay: URL, key: str | Vapid02) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    subscription = json.loads(Browser(origin=str(relay)).subscription)
    notification = a_notification()
    async with ClientSession() as session:

        async def send() -> bool:
            answer = await webpush_async(
                subscription,
                payload(notification).decode(),
                vapid_private_key=key,
                vapid_claims={"sub": _SUBJECT},
                ttl=21_600,
                headers={"Urgency": "high", "Topic": collapse_tag(notification)},
                aiohttp_session=session,
            )
            return not isinstance(answer, str) and answer.status == 201

        yield send


async def _rate(send: Callable[[], Awaitable[bool]]) -> float:
    """Return how many messages left in a second of our processor's time, all of them taken."""
    numbers = count()

    async def one() -> None:
        while next(numbers) < _MESSAGES:
            assert await send()

    began = time.process_time()
    await asyncio.gather(*(one() for _ in range(_IN_FLIGHT)))
    return _MESSAGES / (time.process_time() - began)
