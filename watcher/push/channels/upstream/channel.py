"""
Sends notifications through the hosted WxPusher, or another server that speaks its API, to people who follow an
application of ours there. An address is a UID there, or one of the application's topics.

| a message of | goes on as |
|---|---|
| an application that moved here from there | that application; who does not follow it, as the operator's own |
| any other | the operator's own, whose token the environment has; to a topic: nothing is sent |

Who came here from another server than that of the operator's own application is told nothing there: a UID of one server
is nobody's on another, or somebody else's.
Each application there has a pace of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from yarl import URL

from watcher.core.channels import Address, ChannelName, Gone, Notification, Refused, Retry, SendResult
from watcher.core.files import is_out_of_files
from watcher.core.retry_after import retry_after
from watcher.errors import InvalidRequestError, StoreError, UsageError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.channels.asking import Question
from watcher.push.channels.coded import coded_message
from watcher.push.channels.upstream.address import receiver_of, receivers_of, server_of
from watcher.push.channels.upstream.answers import rest, understand, understand_status
from watcher.push.channels.upstream.settings import PUBLIC_URL, UpstreamSettings
from watcher.push.wxpusher import SEND_PATH, USERS_PATH, Pace, read_answer, read_body, read_listing

SEND_SECONDS: Final = 10.0
_log = logging.getLogger(__name__)
_NO_ACCOUNT: Final = Refused(reason="no application there is set up")


class UpstreamChannel:
    """A Channel whose addresses are UIDs of another server."""

    name: Final = ChannelName.UPSTREAM
    at_once: Final = 4

    def __init__(
        self,
        sessions: Sessions,
        settings: UpstreamSettings | None,
        *,
        moved: Callable[[int], UpstreamSettings | None] = lambda _: None,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        send_seconds: float = SEND_SECONDS,
    ) -> None:
        """
        Args:
            settings: the operator's own application there; None: there is none.
            moved: gives the account there of an application of ours, which may have changed. Raises StoreError.
            now: the wall clock.
            seconds: a monotonic clock.
            send_seconds: how long one notification may take.
        """
        # The operator named this server, so it may stand on a private address.
        self._session = sessions.of(allow_private=True)
        self._settings = settings
        self._moved = moved
        self._now = now
        self._seconds = seconds
        self._paces = dict[UpstreamSettings, Pace]()
        self._send_seconds = send_seconds

    def lane(self, address: Address) -> str:  # noqa: ARG002 - one server, one lane
        """Return the server's URL: all share its patience."""
        return PUBLIC_URL if self._settings is None else self._settings.url

    async def send(self, notification: Notification, address: Address) -> SendResult:
        """Hand it to the server, unless it had as many calls as it takes."""
        try:
            is_topic = "topicIds" in receivers_of(address.value)
        except InvalidRequestError:
            return Refused(reason="the stored address is no UID")
        try:
            moved = await asyncio.to_thread(self._moved, notification.message.app_id)
        except StoreError as error:
            return Retry(reason=str(error))
        # A topic there belongs to the application that moved here: another's of that number is somebody else's.
        own = None if is_topic else self._own_for(address.value)
        if moved is None:
            return await self._send_as(own, notification, address.value)
        answer = await self._send_as(moved, notification, address.value)
        if not isinstance(answer, Gone):
            return answer
        if own is None:
            # It may follow others that moved here, whose messages go to this very address.
            return Refused(reason=answer.reason)
        return await self._send_as(own, notification, address.value)

    async def ask(self, question: Question) -> SendResult:
        """Send the message that has the code."""
        return await self.send(*coded_message(question, self.name))

    async def try_token(self) -> SendResult:
        """Ask who follows the operator's application, and send nothing: `Sent` says that its token is known."""
        return await self._bounded(self._settings, self._ask)

    async def leave_topics(self, app_id: int, uid: str, topic_ids: Collection[int]) -> bool:
        """
        Let somebody follow these topics there no more, within the channel's limit of time; return whether they do not.

        Args:
            app_id: of an application that moved here, whose topics they are.
        """
        from watcher.push.hosted import HostedApp

        try:
            async with asyncio.timeout(self._send_seconds):
                account = await asyncio.to_thread(self._moved, app_id)
                if account is None:
                    return False
                app = HostedApp(self._session, account, now=self._now, seconds=self._seconds)
                await app.leave_topics(uid, topic_ids)
        except (TimeoutError, UsageError, StoreError) as error:
            _log.warning("somebody who claimed a UID still follows topics there, and may be told twice: %s", error)
            return False
        return True

    def _own_for(self, address: str) -> UpstreamSettings | None:
        """Return the operator's own application, if the address is on its server."""
        own, server = self._settings, server_of(address)
        return own if own is None or server in (None, own.url) else None

    async def _send_as(self, account: UpstreamSettings | None, notification: Notification, to: str) -> SendResult:
        if account is None:
            return _NO_ACCOUNT
        pace = self._paces.setdefault(account, Pace(self._seconds))
        if wait := pace.wait_seconds():
            return rest(f"{account.host} takes no more calls for now", after=timedelta(seconds=wait))
        pace.count()
        return await self._bounded(account, partial(self._post, notification=notification, to=to))

    async def _bounded(
        self, account: UpstreamSettings | None, call: Callable[[UpstreamSettings], Awaitable[SendResult]]
    ) -> SendResult:
        if account is None:
            return _NO_ACCOUNT
        try:
            async with asyncio.timeout(self._send_seconds):
                return await call(account)
        except TimeoutError:
            return rest(f"{account.host}: no answer within {self._send_seconds:g} s")
        except NO_ANSWER as error:
            reason = f"{account.host}: {why_failed(error)}"
            return Retry(reason=reason) if is_out_of_files(error) else rest(reason)

    async def _post(self, account: UpstreamSettings, notification: Notification, to: str) -> SendResult:
        draft = notification.message.draft
        body = {
            "appToken": account.token,
            "content": draft.content,
            "summary": draft.summary,
            "contentType": int(draft.content_type),
            **receivers_of(to),
            # Our own page, for opening it tells us that the message was seen; it leads on to the draft's URL.
            "url": notification.link,
        }
        headers = {"Idempotency-Key": repeat_key(notification, to), "Accept-Encoding": "identity"}
        url = account.url + SEND_PATH
        async with self._session.post(url, json=body, headers=headers, allow_redirects=False) as response:
            asked = retry_after(response.headers.get("Retry-After"), now=self._now())
            if response.status != 200:
                return understand_status(response.status, account.host, asked)
            return understand(read_answer(await read_body(response)), account.host)

    async def _ask(self, account: UpstreamSettings) -> SendResult:
        # The API takes the token in the query, as every client of it sends it.
        url = URL(account.url + USERS_PATH).with_query(appToken=account.token, page=1, pageSize=1)
        headers = {"Accept-Encoding": "identity"}
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                return understand_status(response.status, account.host, None)
            return understand(read_listing(await read_body(response)), account.host)


def repeat_key(notification: Notification, to: str) -> str:
    """
    Return the idempotency key of one item for one address: 32 hex digits.

    Item ids start again in a database that was restored; the message's slug is never the same again.
    """
    name = "\0".join((str(notification.item_id), notification.message.slug, receiver_of(to)))
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
