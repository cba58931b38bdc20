"""
Sends notifications through the hosted WxPusher, or another server that speaks its API, to people who follow an
application of ours there. An address is a UID there.

    answer                                              means
    200, every code 1000                                sent
    200, 1001: the key came before, with other words    sent: before, and not to be shown twice
    200, the target's 1001 未关注                       gone: it does not follow the application any more
    200, 1001 about the token                           refused, and the operator is told
    200, 1005; 1001 about the topic                     refused, and the operator is told: no WxPusher of today
    200, 1001 about the content; 400, 413, 422          refused: this message as it is
    429; any code with the words of a limit             later; the whole server rests
    200, any other code of the target                   later
    any other status or code, no envelope, no answer    later; the whole server rests

The server's own words are not repeated, for they quote UIDs and tokens.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from yarl import URL

from watcher.core.channels import Address, ChannelName, Gone, Notification, Pause, Refused, Retry, SendResult, Sent
from watcher.core.files import is_out_of_files
from watcher.core.retry_after import retry_after
from watcher.core.urls import UrlFault, host_of, read_base_url
from watcher.errors import ConfigError, InvalidRequestError
from watcher.net import NO_ANSWER, Sessions, why_failed
from watcher.push.wxpusher import (
    SEND_PATH,
    USERS_PATH,
    Answer,
    AnswerVerdict,
    Pace,
    read_answer,
    read_body,
    read_listing,
)

PUBLIC_URL: Final = "https://wxpusher.zjiecode.com"
SEND_SECONDS: Final = 10.0
AT_ONCE: Final = 4
_REFUSING_STATUSES: Final = frozenset({400, 413, 422})
_ALONE: Final = "write the server's address alone: no login, no `/api`, no `?`, no `#`"
_TOKEN: Final = re.compile(r"AT_[A-Za-z0-9]{1,100}")
_UID: Final = re.compile(r"UID_[A-Za-z0-9]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamSettings:
    """
    Where to send, and as which application.

    Attributes:
        url: of the server, without `/api` and without a slash at the end.
    """

    token: str = field(repr=False)
    url: str = PUBLIC_URL

    @property
    def host(self) -> str:
        """Name of the server, for reasons."""
        return host_of(self.url)


def upstream_settings(token: str, url: str = "") -> UpstreamSettings:
    """
    Return what WATCHER_UPSTREAM_TOKEN and WATCHER_UPSTREAM_URL say; an empty URL is the public service.

    Raises:
        ConfigError: one of them cannot be used; the token is not quoted.
    """
    if not _TOKEN.fullmatch(token.strip()):
        raise ConfigError("WATCHER_UPSTREAM_TOKEN: an application's token is AT_ and letters and digits after it")
    return UpstreamSettings(token=token.strip(), url=_base_url(url.strip()) if url.strip() else PUBLIC_URL)


def valid_uid(text: str) -> str:
    """
    Return the UID of somebody who follows the application there, without the white space around it.

    Raises:
        InvalidRequestError: it is none.
    """
    if not _UID.fullmatch(text.strip()):
        raise InvalidRequestError("uid: it is UID_ and letters and digits after it")
    return text.strip()


class UpstreamChannel:
    """A Channel whose addresses are UIDs of another server."""

    name: Final = ChannelName.UPSTREAM
    at_once: Final = AT_ONCE

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
            return _rest(f"{self._settings.host} takes no more calls for now", after=timedelta(seconds=wait))
        self._pace.count()
        return await self._bounded(self._post(notification, uid))

    async def try_token(self) -> SendResult:
        """Ask who follows the application, and send nothing: `Sent` says that the server knows the token."""
        return await self._bounded(self._ask())

    async def _bounded(self, call: Coroutine[None, None, SendResult]) -> SendResult:
        try:
            async with asyncio.timeout(self._send_seconds):
                return await call
        except TimeoutError:
            return _rest(f"{self._settings.host}: no answer within {self._send_seconds:g} s")
        except NO_ANSWER as error:
            reason = f"{self._settings.host}: {why_failed(error)}"
            return Retry(reason=reason) if is_out_of_files(error) else _rest(reason)

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
    Return by what the server knows a repeat, 32 hex digits; the same for one item and one UID.

    Item ids start again in a database that was restored; the message's slug is never the same again.
    """
    name = "\0".join((str(notification.item_id), notification.message.slug, uid))
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def understand_status(status: int, host: str, asked: timedelta | None) -> SendResult:
    """
    Return what a status other than 200 means.

    Args:
        asked: Retry-After, if it was there.
    """
    said = f"{host} answered {status}"
    if status in _REFUSING_STATUSES:
        return Refused(reason=f"{said}: it refuses the message as it is")
    if 300 <= status < 400:
        said += "; give the URL that it moved to as WATCHER_UPSTREAM_URL"
    return _rest(said, after=asked)


def understand(answer: Answer, host: str) -> SendResult:
    """Return what the body of a 200 means."""
    said = f"{host} answered {answer.code}"
    match answer.verdict:
        case AnswerVerdict.TAKEN | AnswerVerdict.TAKEN_BEFORE:
            return Sent()
        case AnswerVerdict.NOT_FOLLOWING:
            return Gone(reason=f"{said}: the subscriber does not follow the application there any more")
        case AnswerVerdict.TOKEN:
            return Refused(reason=f"{said}: it does not know the application's token", is_alarm=True)
        case AnswerVerdict.MALFORMED | AnswerVerdict.TOPIC:
            return Refused(reason=f"{said}: it does not understand our request", is_alarm=True)
        case AnswerVerdict.CONTENT:
            return Refused(reason=f"{said}: it refuses the content")
        case AnswerVerdict.LIMIT:
            return _rest(f"{said}: too much at once")
        case AnswerVerdict.OTHER:
            return Retry(reason=f"{said}, for a reason of its own")
        case AnswerVerdict.FOREIGN:
            return _rest(f"{host}: {answer.text}")
        case _:
            assert_never(answer.verdict)


def _base_url(text: str) -> str:
    # Not quoted: a password could stand in it.
    match read_base_url(text):
        case UrlFault.LOGIN | UrlFault.REST:
            raise ConfigError(f"WATCHER_UPSTREAM_URL: {_ALONE}")
        case UrlFault():
            raise ConfigError(f"WATCHER_UPSTREAM_URL: write the server's address, like {PUBLIC_URL}")
        case url if "/api" in url.path:
            raise ConfigError(f"WATCHER_UPSTREAM_URL: {_ALONE}")
        case _:
            return text.rstrip("/")


def _rest(reason: str, *, after: timedelta | None = None) -> Retry:
    return Retry(reason=reason, after=after, pause=Pause.LANE)
