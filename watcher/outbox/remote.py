"""
Publishes to a push service elsewhere, over WxPusher's API.

An answer is understood as success only when the HTTP status is 2xx and `code` is 1000, at the top and for every target.
What is not from the push service itself says nothing about the message: a proxy or a captive portal spoke.

| answer                                              | means                                        |
|-----------------------------------------------------|----------------------------------------------|
| 2xx, every code 1000                                | taken                                        |
| 2xx, 1001: its key came before, with other words    | taken: by then, and not to be told twice     |
| 2xx, 1005, or 1001 that names token, topic, content | permanent: it will never be taken            |
| 2xx, any other code (a limit among them)            | passing                                      |
| 400, 413, 422                                       | permanent: the message is refused as it is   |
| any other status, no answer in time                 | passing; Retry-After is kept                 |
| 2xx that is no such envelope                        | passing                                      |
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from aiohttp import ClientSession

from watcher.core.check import OutboxMessage
from watcher.core.retry_after import retry_after
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError
from watcher.net import NO_ANSWER
from watcher.push.wxpusher import SEND_PATH, Answer, AnswerVerdict, Pace, read_answer, read_body

CALL_SECONDS = 20.0
_PERMANENT_STATUSES = frozenset({400, 413, 422})
_TAKEN: Final = frozenset({AnswerVerdict.TAKEN, AnswerVerdict.TAKEN_BEFORE})
_PERMANENT: Final = frozenset(
    {AnswerVerdict.TOKEN, AnswerVerdict.TOPIC, AnswerVerdict.CONTENT, AnswerVerdict.MALFORMED}
)


class RemotePublisher:
    """A Publisher that speaks WxPusher, at its pace."""

    batch = 1
    """So each answer is saved before the next call: the hosted service does not know a repeat."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        app_token: str,
        topics: Mapping[str, Topic],
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        """
        Args:
            base_url: of the push server, without `/api`.
            topics: every topic that may be told, each with its `id` there.
            now: the wall clock.
            seconds: a monotonic clock.
            pause: waits for so many seconds.
            call_seconds: how long one call may take.
        """
        self._session = session
        self._url = base_url.rstrip("/") + SEND_PATH
        self._app_token = app_token
        self._topics = topics
        self._now = now
        self._pace = Pace(seconds)
        self._pause = pause
        self._call_seconds = call_seconds

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """Publish one after the other."""
        return [await self._publish_one(message) for message in messages]

    async def _publish_one(self, message: OutboxMessage) -> PublishError | None:
        topic = self._topics.get(message.topic)
        if topic is None or topic.id is None:
            return PermanentPublishError(f"the topic {message.topic} has no `id` of the push server in watches.yaml")
        if wait := self._pace.wait_seconds():
            await self._pause(wait)
        self._pace.count()
        try:
            async with asyncio.timeout(self._call_seconds):
                return await self._call(message, topic.id)
        except NO_ANSWER as error:
            return PassingPublishError(f"no answer from the push server: {_in_words(error)}")

    async def _call(self, message: OutboxMessage, topic_id: int) -> PublishError | None:
        body = {
            "appToken": self._app_token,
            "content": message.content,
            "summary": message.summary,
            "contentType": 1,
            "topicIds": [topic_id],
            "url": message.url,
        }
        headers = {"Idempotency-Key": message.id, "Accept-Encoding": "identity"}
        async with self._session.post(self._url, json=body, headers=headers, allow_redirects=False) as response:
            asked = retry_after(response.headers.get("Retry-After"), now=self._now())
            return understand(response.status, await read_body(response), asked)


def _in_words(error: Exception) -> str:
    # Those of a socket name host and port alone; others quote what was sent or answered.
    return str(error) if isinstance(error, OSError) and str(error) else type(error).__name__


def understand(status: int, body: bytes, asked: timedelta | None) -> PublishError | None:
    """
    Return what an answer means: None only when it says, everywhere, that the message was taken, now or before.

    Args:
        asked: how long the server asked us to wait, if it did.
    """
    if not 200 <= status < 300:
        return _understand_status(status, asked)
    answer = read_answer(body)
    if answer.verdict in _TAKEN:
        return None
    said = _said(answer)
    return PermanentPublishError(said) if answer.verdict in _PERMANENT else PassingPublishError(said)


def _understand_status(status: int, asked: timedelta | None) -> PublishError:
    if status in _PERMANENT_STATUSES:
        return PermanentPublishError(f"the push server answered {status}")
    said = f"the push server answered {status}" + ("; give --push the URL it moved to" if status // 100 == 3 else "")
    return PassingPublishError(said, retry_after=asked)


def _said(answer: Answer) -> str:
    return answer.text if answer.code is None else f"the push server answered {answer.code}: {answer.text[:200]}"
