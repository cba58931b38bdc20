"""Words to the operator, through the push service of this process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from watcher.background.loop import PAUSE_SECONDS
from watcher.core.check import OutboxMessage
from watcher.core.push import TopicDraft
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import StoreError
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.runtime.mending import Tell

_log: Final = logging.getLogger(__name__)


def telling(service: PushService) -> Tell:
    """Return a function that sends a message to the operator through a push service of this process."""

    async def tell(message: OutboxMessage) -> None:
        draft = make_draft(message.content, summary=message.summary)
        await service.messages.publish([TopicDraft(idempotency_key=message.id, topic=ADMIN_TOPIC, draft=draft)])

    return tell


async def make_first_password(
    service: PushService, tell: Callable[[str], None], *, pause_seconds: float = PAUSE_SECONDS
) -> None:
    """
    Make the first password of an operator who has none, and pass it to `tell`; retry while the database refuses.

    The server answers by then, so a restart of PostgreSQL must not end it.
    """
    while True:
        try:
            await service.operator.make_first_password(tell)
        except StoreError as error:
            _log.warning("the console's first password is made in %g s: %s", pause_seconds, error)
            await asyncio.sleep(pause_seconds)
        else:
            return
