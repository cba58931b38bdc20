"""
Publishes to a push service elsewhere, over WxPusher's API.

An answer is understood as success only when the HTTP status is 2xx and `code` is 1000, at the top and for the target.

| answer                                              | means                                      |
|-----------------------------------------------------|--------------------------------------------|
| 2xx, every code 1000                                | taken                                      |
| 2xx, 1005, or 1001 that names token, topic, content | permanent: it will never be taken          |
| 2xx, any other code (a limit among them)            | passing                                    |
| 408, 425, 429, 5xx, no answer                       | passing; Retry-After is kept               |
| any other status                                    | permanent                                  |
| 2xx that is no such envelope                        | passing: a proxy or a captive portal spoke |
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import BaseModel, ValidationError

from watcher.core.check import OutboxMessage
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError

CALLS = 20
WINDOW_SECONDS = 10.0
"""WxPusher takes 20 calls per 10 s of an application."""
CALL_SECONDS = 20.0
_ANSWER_BYTES = 65_536
_PASSING_STATUSES = frozenset({408, 425, 429})
_LIMIT_WORDS = ("频率", "频繁", "限制", "rate", "limit", "too many")
_PERMANENT_WORDS = ("token", "topic", "主题", "content", "内容")


class _Target(BaseModel):
    code: int
    status: str = ""


class _Envelope(BaseModel):
    code: int
    msg: str = ""
    data: list[_Target] | None = None


class RemotePublisher:
    """A Publisher that speaks WxPusher, at its pace."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        app_token: str,
        topics: Mapping[str, Topic],
        *,
        seconds: Callable[[], float],
    ) -> None:
        """
        Args:
            base_url: of the push server, without `/api`.
            topics: every topic that may be told, each with its `id` there.
            seconds: a monotonic clock.
        """
        self._session = session
        self._url = f"{base_url.rstrip('/')}/api/send/message"
        self._app_token = app_token
        self._topics = topics
        self._seconds = seconds
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
            async with asyncio.timeout(CALL_SECONDS):
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
        async with self._session.post(
            self._url, json=body, headers=headers, allow_redirects=False, timeout=ClientTimeout(total=CALL_SECONDS)
        ) as response:
            answer = await response.content.read(_ANSWER_BYTES)
            return understand(response.status, answer, response.headers.get("Retry-After"))

    async def _keep_pace(self) -> None:
        """Wait until one more call keeps within CALLS per WINDOW_SECONDS; at most that long."""
        if len(self._calls) == CALLS:
            await asyncio.sleep(max(0.0, self._calls[0] + WINDOW_SECONDS - self._seconds()))
        self._calls.append(self._seconds())


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
    except (ValueError, ValidationError, RecursionError):
        return PassingPublishError("the answer is not WxPusher's; is this the push server?")
    if envelope.code != 1000:
        return _refusal(envelope.code, envelope.msg)
    if not envelope.data:
        return PassingPublishError("the answer names no target")
    refused = next((target for target in envelope.data if target.code != 1000), None)
    return _refusal(refused.code, refused.status) if refused else None


def _understand_status(status: int, retry_after: str | None) -> PublishError:
    if status not in _PASSING_STATUSES and status < 500:
        return PermanentPublishError(f"the push server answered {status}")
    seconds = int(retry_after) if retry_after and retry_after.isdecimal() and len(retry_after) < 6 else 0
    wait = timedelta(seconds=min(seconds, 86_400)) if seconds else None
    return PassingPublishError(f"the push server answered {status}", retry_after=wait)


def _refusal(code: int, text: str) -> PublishError:
    said = f"the push server answered {code}: {text[:200]}"
    words = text.lower()
    is_limit = any(word in words for word in _LIMIT_WORDS)
    is_permanent = code == 1005 or (code == 1001 and any(word in words for word in _PERMANENT_WORDS))
    return PermanentPublishError(said) if is_permanent and not is_limit else PassingPublishError(said)
