"""Words to the operator, through the push service of this process."""

from __future__ import annotations

from watcher.core.check import OutboxMessage
from watcher.core.push import TopicDraft
from watcher.core.watch import ADMIN_TOPIC
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.runtime.mending import Tell


def telling(service: PushService) -> Tell:
    """Return a function that sends a message to the operator through a push service of this process."""

    async def tell(message: OutboxMessage) -> None:
        draft = make_draft(message.content, summary=message.summary)
        await service.messages.publish([TopicDraft(idempotency_key=message.id, topic=ADMIN_TOPIC, draft=draft)])

    return tell
