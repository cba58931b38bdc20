"""
Sends notifications through the hosted WxPusher, or another server that speaks its API, to people who follow an
application of ours there. An address is a UID there.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Final

from yarl import URL

from watcher.core.channels import Address, ChannelName, Notification, Refused, Retry, SendResult
from watcher.core.files import is_out_of_files
from watcher.core.retry_after import retry_after
from watcher.errors import InvalidRequestError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.asking import Question
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.channels.upstream.answers import rest, understand, understand_status
from watcher.push.channels.upstream.confirmation import as_notification
from watcher.push.channels.upstream.settings import UpstreamSettings
from watcher.push.wxpusher import SEND_PATH, USERS_PATH, Pace, read_answer, read_body, read_listing

SEND_SECONDS: Final = 10.0


class UpstreamChannel:
    """A Channel whose addresses are UIDs of another server."""

    name: Final = ChannelName.UPSTREAM
    at_once: Final = 4

    def __init__(
        self,
        sessions: Sessions,
        settings: UpstreamSettings,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """
        Args:
            now: the wall clock.
            seconds: a monotonic clock.
            send_seconds: how long one notification may take.
        """
        # The operator named this server, so it may stand on a private address.
        self._session = sessions.of(allow_private=True)
        self._settings = settings
        self._now = now
        self._pace = Pace(seconds)
        self._send_seconds = send_seconds

    def lane(self, address: Address) -> str:  # noqa: ARG002 - one server, one lane
        """Return the server's URL: all share its pace."""
        return self._settings.url

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to the server, unless it had as many calls as it takes."""
        try:
            uid = valid_uid(address.value)
        except InvalidRequestError:
            return Refused(reason="the stored address is no UID")
        if wait := self._pace.wait_seconds():
            return rest(f"{self._settings.host} takes no more calls for now", after=timedelta(seconds=wait))
        self._pace.count()
        return await self._bounded(self._post(notification, uid))

    async def ask(self, question: Question) -> SendResult:
        """Send the message that has the code."""
        return await self.send(*as_notification(question))

    async def try_token(self) -> SendResult:
        """Ask who follows the application, and send nothing: `Sent` says that the server knows the token."""
        return await self._bounded(self._ask())

    async def _bounded(self, call: Coroutine[None, None, SendResult]) -> SendResult:
        try:
            async with asyncio.timeout(self._send_seconds):
                return await call
        except TimeoutError:
            return rest(f"{self._settings.host}: no answer within {self._send_seconds:g} s")
        except NO_ANSWER as error:
            reason = f"{self._settings.host}: {why_failed(error)}"
            return Retry(reason=reason) if is_out_of_files(error) else rest(reason)

    async def _post(self, notification: Notification, uid: str) -> SendResult:
        draft = notification.message.draft
        body = {
            "appToken": self._settings.token,
            "content": draft.content,
            "summary": draft.summary,
            "contentType": int(draft.content_type),
            "uids": [uid],
            # Our own page, for opening it tells us that the message was seen; it leads on to the draft's URL.
            "url": notification.link,
        }
        headers = {"Idempotency-Key": repeat_key(notification, uid), "Accept-Encoding": "identity"}
        url = self._settings.url + SEND_PATH
        async with self._session.post(url, json=body, headers=headers, allow_redirects=False) as response:
            asked = retry_after(response.headers.get("Retry-After"), now=self._now())
            if response.status != 200:
                return understand_status(response.status, self._settings.host, asked)
            return understand(read_answer(await read_body(response)), self._settings.host)

    async def _ask(self) -> SendResult:
        # The API takes the token in the query, as every client of it sends it.
        url = URL(self._settings.url + USERS_PATH).with_query(appToken=self._settings.token, page=1, pageSize=1)
        headers = {"Accept-Encoding": "identity"}
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                return understand_status(response.status, self._settings.host, None)
            return understand(read_listing(await read_body(response)), self._settings.host)


def repeat_key(notification: Notification, uid: str) -> str:
    """
    Return the idempotency key of one item for one UID: 32 hex digits.

    Item ids start again in a database that was restored; the message's slug is never the same again.
    """
    name = "\0".join((str(notification.item_id), notification.message.slug, uid))
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
