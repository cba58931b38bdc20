"""
Sends notifications to Bark's servers (https://github.com/Finb/bark-server).

Source: "API V2", https://github.com/Finb/bark-server/blob/master/docs/API_V2.md: a POST of JSON to
`/push`. A later notification with the same `id` takes an earlier one's place (https://bark.day.app/#/tutorial).

| the server answers | means |
|---|---|
| 200, code 200 | sent |
| 400 about the device's token; a 5xx that says BadDeviceToken or Unregistered | gone: the device is not registered |
| another 400, 413 | refused: this message |
| 429 | later |
| 5xx, no answer, a 200 without a code | later; the whole server rests |
| any other status, and a private address | refused; the device is dropped at the third in a row |
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import (
    Address,
    ChannelName,
    Gone,
    Notification,
    Pause,
    Refused,
    Retry,
    SendResult,
    Sent,
    Strikes,
)
from watcher.core.files import is_out_of_files
from watcher.core.retry_after import retry_after
from watcher.errors import AddressDeniedError, InvalidRequestError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.asking import Question
from watcher.push.channels.bark.address import BarkDevice, read_device
from watcher.push.channels.coded import coded_message
from watcher.push.channels.words import fitted, words_of
from watcher.push.wxpusher import read_body

SEND_SECONDS: Final = 10.0
_TITLE_BYTES: Final = 300
_BODY_BYTES: Final = 2_000
"""Apple takes 4,096 in all, and Bark's server wraps them once more."""
_STRIKES: Final = Strikes(most=3)
_REFUSING: Final = frozenset({400, 413})
_NO_DEVICE: Final = ("baddevicetoken", "unregistered")


class BarkChannel:
    """A Channel whose addresses are devices with Bark."""

    name: Final = ChannelName.BARK
    at_once: Final = 4

    def __init__(
        self,
        sessions: Sessions,
        *,
        now: Callable[[], datetime],
        trusted: str = "",
        send_seconds: float = SEND_SECONDS,
        route: Callable[[URL], URL] | None = None,
    ) -> None:
        """
        Args:
            now: the wall clock.
            trusted: the operator's own server, which may stand at a private address; empty: none may.
            send_seconds: how long one notification may take.
            route: turns an address into where it is really reached, for tests.
        """
        self._sessions = sessions
        self._now = now
        self._trusted = trusted
        self._send_seconds = send_seconds
        self._route = route

    def lane(self, address: Address) -> str:
        """Return the device's server; empty for an address that cannot be read."""
        try:
            return read_device(address.value).server
        except InvalidRequestError:
            return ""

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to the device's server."""
        try:
            device = read_device(address.value)
        except InvalidRequestError:
            return Refused(reason="the stored address is no device of Bark")
        body = _body(notification, device)
        try:
            async with asyncio.timeout(self._send_seconds):
                return await self._post(body, device)
        except AddressDeniedError:
            reason = f"{device.host} is not a public address; the operator may allow it as WATCHER_BARK_URL"
            return Refused(reason=reason, strikes=_STRIKES)
        except TimeoutError:
            return Retry(reason=f"{device.host}: no answer within {self._send_seconds:g} s", pause=Pause.LANE)
        except NO_ANSWER as error:
            pause = Pause.ADDRESS if is_out_of_files(error) else Pause.LANE
            return Retry(reason=f"{device.host}: {why_failed(error)}", pause=pause)

    async def ask(self, question: Question) -> SendResult:
        """Send the notification that has the code."""
        return await self.send(*coded_message(question, self.name))

    async def _post(self, body: bytes, device: BarkDevice) -> SendResult:
        url = URL(f"{device.server}/push")
        is_trusted = device.server == self._trusted or self._route is not None
        session = self._sessions.of(allow_private=is_trusted)
        headers = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}
        async with session.post(
            self._route(url) if self._route else url, data=body, headers=headers, allow_redirects=False
        ) as response:
            asked = retry_after(response.headers.get("Retry-After"), now=self._now())
            return understand(response.status, await read_body(response), device.host, asked)


def understand(status: int, body: bytes, host: str, asked: timedelta | None = None) -> SendResult:
    """Return what an answer means; its words, which may name the device, are not repeated."""
    code, words = _said(body)
    said = f"{host} answered {status if status != 200 or code is None else code}"
    if status == 200 and code == 200:
        return Sent()
    if (status == 400 and "device token" in words) or (status >= 400 and any(word in words for word in _NO_DEVICE)):
        return Gone(reason=f"{said}: the device is not registered there")
    if status == 429:
        return Retry(reason=said, after=asked or timedelta(minutes=1), pause=Pause.LANE)
    if status >= 500 or (status == 200 and code is None):
        return Retry(reason=said, after=asked, pause=Pause.LANE)
    if status in _REFUSING:
        return Refused(reason=f"{said}: it refuses the message as it is")
    return Refused(reason=f"{said}; is a server of Bark there?", strikes=_STRIKES)


def _said(body: bytes) -> tuple[int | None, str]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None, ""
    if not isinstance(said, dict):
        return None, ""
    code, message = said.get("code"), said.get("message")
    return code if type(code) is int and 0 <= code <= 999 else None, message.lower() if isinstance(message, str) else ""


def _body(notification: Notification, device: BarkDevice) -> bytes:
    words = words_of(notification)
    said = {
        "device_key": device.key,
        "title": fitted(words.head, _TITLE_BYTES),
        "body": fitted(words.body or words.head, _BODY_BYTES),
        "url": words.link,
        "group": fitted(notification.message.topic or notification.message.app_name or "watcher", _TITLE_BYTES),
        # A notification that comes a second time takes the place of the first.
        "id": notification.message.slug,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")
