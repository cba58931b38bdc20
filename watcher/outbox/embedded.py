"""Publishes to the push service in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from watcher.core.check import OutboxMessage
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError, PushError, StoreError

if TYPE_CHECKING:
    from watcher.core.push import TargetResult, TopicDraft
    from watcher.push.service import PushService


class EmbeddedPublisher:
    """
    A Publisher that calls the push service.

    The service is opened by the first message: a pass in which nothing changes never pays for a database.
    """

    batch = 200
    """One transaction for 200 messages costs a thirtieth of 200 transactions, and holds the database for 10 ms."""

    def __init__(self, service: Callable[[], Awaitable[PushService]], topics: Mapping[str, Topic]) -> None:
        self._service = service
        self._topics = topics

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """
        Publish all of them in one transaction.

        That the service does not open passes: the disk may have room again.
        """
        drafts = [self._draft(message) for message in messages]
        try:
            service = await self._service()
            results = iter(
                await service.messages.publish([draft for draft in drafts if not isinstance(draft, PublishError)])
            )
        except StoreError as error:
            return [PassingPublishError(str(error))] * len(messages)
        return [draft if isinstance(draft, PublishError) else _understand(next(results)) for draft in drafts]

    def _draft(self, message: OutboxMessage) -> TopicDraft | PublishError:
        """Return the message as the push service takes it, or why it never will."""
        # The push service takes 15 ms, its entities 9 ms, and most passes tell nothing.
        from watcher.core.push import TopicDraft
        from watcher.push.draft import make_draft

        topic = self._topics.get(message.topic)
        number = topic.id if topic else None
        try:
            draft = make_draft(message.content, summary=message.summary, url=message.url)
        except PushError as error:
            return PermanentPublishError(str(error))
        return TopicDraft(
            idempotency_key=message.id,
            topic=message.topic if number is None else number,
            draft=draft,
            app=topic.app if topic and number is None else None,
            collapse_key=_collapse_key(message.watch),
        )


def _collapse_key(watch: str) -> str | None:
    """Return what all messages of one watch share, 32 hex digits; None of no watch: those stand alone."""
    return hashlib.blake2b(watch.encode(), digest_size=16).hexdigest() if watch else None


def _understand(result: TargetResult) -> PublishError | None:
    return None if result.code == 1000 else PermanentPublishError(result.status)
