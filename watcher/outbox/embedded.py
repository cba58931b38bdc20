"""Publishes to the push service in this process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from watcher.core.check import OutboxMessage
from watcher.core.push import TargetResult
from watcher.core.watch import Topic
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError, PushError, StoreError
from watcher.push.draft import make_draft
from watcher.push.service import PushService, TopicDraft


class EmbeddedPublisher:
    """
    A Publisher that calls the push service.

    The service is opened by the first message: a pass in which nothing changes never pays for a database.
    """

    def __init__(self, service: Callable[[], Awaitable[PushService]], topics: Mapping[str, Topic]) -> None:
        self._service = service
        self._topics = topics

    async def publish(self, messages: Sequence[OutboxMessage]) -> Sequence[PublishError | None]:
        """Publish all of them in one transaction."""
        drafts = [self._draft(message) for message in messages]
        try:
            results = await (await self._service()).publish(
                [draft for draft in drafts if isinstance(draft, TopicDraft)]
            )
        except StoreError as error:
            return [PassingPublishError(str(error))] * len(messages)
        answers = iter(results)
        return [draft if isinstance(draft, PublishError) else _understand(next(answers)) for draft in drafts]

    def _draft(self, message: OutboxMessage) -> TopicDraft | PublishError:
        """Return the message as the push service takes it, or why it never will."""
        declared = self._topics.get(message.topic)
        try:
            draft = make_draft(message.content, summary=message.summary, url=message.url)
        except PushError as error:
            return PermanentPublishError(str(error))
        return TopicDraft(
            idempotency_key=message.id,
            topic=declared.id if declared and declared.id is not None else message.topic,
            draft=draft,
        )


def _understand(result: TargetResult) -> PublishError | None:
    return None if result.code == 1000 else PermanentPublishError(result.status)
