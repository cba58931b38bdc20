"""What was sent to a topic last, as its feed has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from watcher.core.push import GOOD, Message
from watcher.store.push.messages import message_of, message_query
from watcher.store.push.rows import Rows
from watcher.store.push.tables import messages, targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """
    The newest messages to a topic.

    Attributes:
        ids: of those that were not withdrawn, newest first.
        changed_at: when the last of them was sent, or one that stood among them withdrawn; None: there was none.
    """

    ids: Sequence[int]
    changed_at: datetime | None


class Feeds(Rows):
    """What the feeds of topics have."""

    def newest(self, topic_id: int, *, limit: int) -> Newest:
        """Return which messages a topic's feed has, without their contents."""
        there = select(targets.c.message_id).where(targets.c.topic_id == topic_id, targets.c.code == GOOD)
        found = self._run(
            there.join(messages, messages.c.id == targets.c.message_id)
            .where(messages.c.deleted_at.is_(None))
            .order_by(targets.c.message_id.desc())
            .limit(limit)
        )
        ids = [row.message_id for row in found]
        since = there.where(targets.c.message_id >= (ids[-1] if len(ids) == limit else 0))
        times = self._run(
            select(func.max(messages.c.created_at), func.max(messages.c.deleted_at)).where(messages.c.id.in_(since))
        ).one()
        return Newest(ids=ids, changed_at=max((at for at in times if at is not None), default=None))

    def messages(self, message_ids: Collection[int]) -> Sequence[Message]:
        """Return those of these messages that were not withdrawn meanwhile, newest first."""
        there = (messages.c.id.in_(message_ids), messages.c.deleted_at.is_(None))
        return self._all(message_query.where(*there).order_by(messages.c.id.desc()), message_of)
