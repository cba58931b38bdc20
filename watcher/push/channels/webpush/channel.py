"""Sends notifications to browsers."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from watcher.core.channels import Address, ChannelName, Notification, Refused, Retry, SendResult
from watcher.core.retry_after import retry_after
from watcher.errors import AddressDeniedError, InvalidRequestError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.webpush.answers import TOO_LARGE, understand
from watcher.push.channels.webpush.encryption import CURVE, SALT_BYTES, encrypt
from watcher.push.channels.webpush.keys import VapidKeys
from watcher.push.channels.webpush.payload import collapse_tag, payload, short_payload
from watcher.push.channels.webpush.subscription import PUSH_SERVICES, PushSubscription
from watcher.push.channels.webpush.vapid import Vapid

SEND_SECONDS: Final = 10.0
MAX_TTL: Final = timedelta(days=28)
"""What Google's service takes at most; others shorten by themselves."""
_MAX_READ: Final = 1_000
"""Subscriptions kept as they were read, under 1 KB each."""


class WebPushChannel:
    """A Channel whose addresses are push subscriptions of browsers (`PushSubscription.text`)."""

    name: Final = ChannelName.WEB_PUSH
    at_once: Final = 50

    def __init__(
        self,
        sessions: Sessions,
        keys: VapidKeys,
        subject: str,
        *,
        now: Callable[[], datetime],
        hosts: Collection[str] = PUSH_SERVICES,
        route: Callable[[URL], URL] | None = None,
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """
        Args:
            subject: whom a push service asks when something is wrong: a `mailto:` or an https URL.
            now: the wall clock.
            hosts: the push services that we send to, each with its subdomains.
            route: turns an endpoint into where it is really reached, for tests and for gateways; tokens are made out
                to the endpoint's own origin all the same.
            send_seconds: how long one notification may take.

        Raises:
            ConfigError: the subject reaches nobody.
        """
        self._session = sessions.of(False)
        self._vapid = Vapid(keys, subject, now=now)
        self._now = now
        self._read = lru_cache(maxsize=_MAX_READ)(partial(PushSubscription.parse, hosts=hosts))
        self._route = route
        self._send_seconds = send_seconds

    def lane(self, address: Address) -> str:
        """Return the push service's origin; empty for a subscription that cannot be read, which is sent nowhere."""
        try:
            return self._read(address.value).origin
        except InvalidRequestError:
            return ""

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to the browser's push service, and once more in fewer bytes where it is found too large."""
        try:
            subscription = self._read(address.value)
        except InvalidRequestError as error:
            return Refused(reason=f"the stored subscription cannot be used: {error}")
        host = subscription.url.raw_host or ""
        try:
            async with asyncio.timeout(self._send_seconds):
                return await self._send(notification, subscription, host)
        except AddressDeniedError:
            return Refused(reason=f"{host} is not a public address here; look at this machine's DNS", is_alarm=True)
        except TimeoutError:
            return Retry(reason=f"{host}: no answer within {self._send_seconds:g} s")
        except NO_ANSWER as error:
            # The error's own text may quote the endpoint.
            return Retry(reason=f"{host}: {why_failed(error)}")

    async def _send(self, notification: Notification, subscription: PushSubscription, host: str) -> SendResult:
        status, asked = await self._post(payload(notification), notification, subscription)
        if status == TOO_LARGE:
            status, asked = await self._post(short_payload(notification), notification, subscription)
        return understand(status, host, asked)

    async def _post(
        self, plaintext: bytes, notification: Notification, subscription: PushSubscription
    ) -> tuple[int, timedelta | None]:
        """Return the status, and how long the push service asked us to wait. Its body is not needed, and not read."""
        # On the loop: it takes 0.1 ms, and in a thread each message cost half as much again, for the curve's
        # arithmetic keeps the interpreter's lock.
        body = _encrypted(plaintext, subscription)
        url = self._route(subscription.url) if self._route else subscription.url
        headers = self._headers(notification, subscription.origin)
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return response.status, retry_after(response.headers.get("Retry-After"), now=self._now())

    def _headers(self, notification: Notification, origin: str) -> dict[str, str]:
        left = min(notification.expires_at - self._now(), MAX_TTL)
        return {
            "Authorization": self._vapid.authorization(origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, math.ceil(left.total_seconds()))),
            # Each is shown to a person at once; "normal" waits for a dozing phone to be picked up (RFC 8030 §5.3).
            "Urgency": "high",
            "Topic": collapse_tag(notification),
        }


def _encrypted(plaintext: bytes, subscription: PushSubscription) -> bytes:
    return encrypt(
        plaintext,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
        ephemeral=ec.generate_private_key(CURVE),
        salt=os.urandom(SALT_BYTES),
    )
