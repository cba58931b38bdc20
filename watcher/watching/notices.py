"""Messages to the operator about no single watch: the network, the file of watches, the daily summary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from watcher.core.check import OutboxMessage
from watcher.core.outgoing import message_id
from watcher.core.watch import ADMIN_TOPIC
from watcher.core.words import CONTENT_CHARACTERS, SUMMARY_CHARACTERS, cut, one_line


def notices(
    epoch: str,
    kind: str,
    *,
    number: int = 0,
    summary: str,
    content: str,
    now: datetime,
    topics: Sequence[str] = (ADMIN_TOPIC,),
) -> list[OutboxMessage]:
    """
    Return the words as one message per topic.

    Args:
        epoch: of the store's state.
        kind, number: what it is, and which one of its kind: the same again is the same message, told once.
    """
    return [
        OutboxMessage(
            id=message_id(epoch, "", number, f"{kind}\0{topic}"),
            watch="",
            topic=topic,
            summary=cut(one_line(summary), SUMMARY_CHARACTERS),
            content=cut(content, CONTENT_CHARACTERS),
            url=None,
            created_at=now,
        )
        for topic in topics
    ]
