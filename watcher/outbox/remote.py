"""
Publishes to a push service elsewhere, over WxPusher's API.

An answer is understood as success only when the HTTP status is 2xx and `code` is 1000, at the top and for every target.
What is not from the push service itself says nothing about the message: a proxy or a captive portal spoke.

| answer                                              | means                                        |
|-----------------------------------------------------|----------------------------------------------|
| 2xx, every code 1000                                | taken                                        |
| 2xx, 1005, or 1001 that names token, topic, content | permanent: it will never be taken            |
| 2xx, any other code (a limit among them)            | passing                                      |
| 400, 413, 422                                       | permanent: the message is refused as it is   |
| any other status, no answer in time                 | passing; Retry-After is kept                 |
| 2xx that is no such envelope                        | passing                                      |
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from aiohttp import ClientError, ClientResponse, ClientSession
from pydantic import BaseModel, TypeAdapter, ValidationError

from watcher.core.check import OutboxMessage
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError

CALLS = 20
WINDOW_SECONDS = 10.0
"""WxPusher takes 20 calls per 10 s of an application."""
CALL_SECONDS = 20.0
_MAX_ANSWER_BYTES = 65_536
_PERMANENT_STATUSES = frozenset({400, 413, 422})
_LIMIT_WORDS = ("频率", "频繁", "rate limit", "too many", "too often")
_PERMANENT_WORDS = ("token", "topic", "主题", "content", "内容")


class _Target(BaseModel):
    code: int
    status: str | None = None


class _Envelope(BaseModel):
    code: int
    msg: str | None = None
    data: object = None
    """Targets on success; on failure whatever the server likes."""


_TARGETS = TypeAdapter(list[_Target])


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
        seconds: Callable[[], float],
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        """
        Args:
            base_url: of the push server, without `/api`.
            topics: every topic that may be told, each with its `id` there.
            seconds: a monotonic clock.
            pause: waits for so many seconds.
            call_seconds: how long one call may take.
        """
        self._session = session
        self._url = f"{base_url.rstrip('/')}/api/send/message"
        self._app_token = app_token
        self._topics = topics
        self._seconds = seconds
        self._pause = pause
        self._call_seconds = call_seconds
        self._calls: deque[float] = deque(maxlen=CALLS)

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """Publish one after the other. After a passing failure the later ones of its topic are not tried."""
        answers: list[PublishError | None] = []
        waiting: set[str] = set()
        for message in messages:
            answer = (
                PassingPublishError("an earlier message to this topic waits")
                if message.topic in waiting
                else await self._publish_one(message)
            )
            if isinstance(answer, PassingPublishError):
                waiting.add(message.topic)
            answers.append(answer)
        return answers

    async def _publish_one(self, message: OutboxMessage) -> PublishError | None:
        topic = self._topics.get(message.topic)
        if topic is None or topic.id is None:
            return PermanentPublishError(f"the topic {message.topic} has no `id` of the push server in watches.yaml")
        await self._keep_pace()
        try:
            async with asyncio.timeout(self._call_seconds):
                return await self._call(message, topic.id)
        except (ClientError, OSError, TimeoutError) as error:
            return PassingPublishError(f"no answer from the push server: {str(error) or type(error).__name__}")

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
            return understand(response.status, await _body(response), response.headers.get("Retry-After"))

    async def _keep_pace(self) -> None:
        """Wait until one more call keeps within CALLS per WINDOW_SECONDS; at most that long."""
        if len(self._calls) == CALLS:
            await self._pause(max(0.0, self._calls[0] + WINDOW_SECONDS - self._seconds()))
        self._calls.append(self._seconds())


async def _body(response: ClientResponse) -> bytes:
    """Return the answer's body; of one that is too big to be an answer, the beginning."""
    body = bytearray()
    while len(body) <= _MAX_ANSWER_BYTES and (chunk := await response.content.readany()):
        body += chunk
    return bytes(body)


def understand(status: int, body: bytes, retry_after: str | None) -> PublishError | None:
    """
    Return what an answer means: None only when it says, everywhere, that the message was taken.

    Args:
        retry_after: the header, of which only seconds are understood.
    """
    if not 200 <= status < 300:
        return _understand_status(status, retry_after)
    try:
        envelope = _Envelope.model_validate(json.loads(body))
        if envelope.code != 1000:
            return _refusal(envelope.code, envelope.msg)
        targets = _TARGETS.validate_python(envelope.data)
    except (ValueError, ValidationError, RecursionError):
        return PassingPublishError("the answer is not WxPusher's; is this the push server?")
    if not targets:
        return PassingPublishError("the answer names no target")
    return next((_refusal(target.code, target.status) for target in targets if target.code != 1000), None)


def _understand_status(status: int, retry_after: str | None) -> PublishError:
    if status in _PERMANENT_STATUSES:
        return PermanentPublishError(f"the push server answered {status}")
    said = f"the push server answered {status}" + ("; give --push the URL it moved to" if status // 100 == 3 else "")
    if not (retry_after and retry_after.isascii() and retry_after.isdigit()):
        return PassingPublishError(said)
    # A longer number is over a day anyway, and its int() may be refused.
    return PassingPublishError(said, retry_after=timedelta(seconds=int(retry_after[:6])))


def _refusal(code: int, text: str | None) -> PublishError:
    said = f"the push server answered {code}: {(text or '')[:200]}"
    words = (text or "").lower()
    is_limit = any(word in words for word in _LIMIT_WORDS)
    is_permanent = code == 1005 or (code == 1001 and any(word in words for word in _PERMANENT_WORDS))
    return PermanentPublishError(said) if is_permanent and not is_limit else PassingPublishError(said)
