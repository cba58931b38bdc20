"""Messages whose readers are too many for the transaction that sent them: who of them has it already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import apps, fan_outs, messages, subscriptions, targets


class FanOut(Struct, frozen=True, kw_only=True):
    """
    A message that not all of its readers have yet.

    Attributes:
        after: readers whose id is at most this have it.
        quota: messages of the application that a reader gets in 24 hours; None: no limit.
        sent_at: who followed later is none of its readers.
    """

    message_id: int
    app_id: int
    after: int
    quota: int | None
    sent_at: datetime


_is_any: Final = select(exists(select(fan_outs.c.message_id)))
_oldest: Final = (
    select(fan_outs, messages.c.app_id, messages.c.created_at)
    .join(messages, messages.c.id == fan_outs.c.message_id)
    .order_by(fan_outs.c.message_id)
    .limit(1)
)
_reader: Final = (
    select(subscriptions.c.subscriber_id)
    .where(subscriptions.c.topic_id.in_(dialect.numbers_of("topic_ids")))
    .limit(1)
    .offset(bindparam("number"))
)


class FanOuts(Rows):
    """The queue of these messages, oldest first."""

    def add(self, message_ids: Collection[int], *, quota: int | None) -> None:
        """Queue these messages; none of their readers has them yet."""
        if message_ids:
            rows = [{"message_id": message_id, "quota": quota} for message_id in message_ids]
            self._run(insert(fan_outs), rows)

    def count(self) -> int:
        """Return how many messages wait."""
        return int(self._run(select(func.count()).select_from(fan_outs)).scalar_one())

    def are_waiting(self) -> bool:
        """Return whether any message waits."""
        return bool(self._run(_is_any).scalar_one())

    def are_waiting_for(self, topic_id: int) -> bool:
        """Return whether any message to this topic waits."""
        to_topic = (
            select(fan_outs.c.message_id)
            .join(targets, targets.c.message_id == fan_outs.c.message_id)
            .where(targets.c.topic_id == topic_id)
        )
        return self._first(to_topic.limit(1)) is not None

    def oldest(self) -> FanOut | None:
        """Return the message whose turn is next."""
        row = self._first(_oldest)
        if row is None:
            return None
        return FanOut(
            message_id=row.message_id,
            app_id=row.app_id,
            after=row.after_subscriber_id,
            quota=row.quota,
            sent_at=row.created_at,
        )

    def have_more_readers(self, topic_ids: Collection[int], number: int) -> bool:
        """Return whether more subscriptions than this number are to these topics."""
        asked = {"topic_ids": list(topic_ids), "number": number}
        return self._run(_reader, asked).first() is not None

    def end_of_chunk(self, fan_out: FanOut, readers: int) -> int | None:
        """Return the id of the last of so many further followers of its topics; None when they are fewer."""
        followers = (
            select(subscriptions.c.subscriber_id)
            .distinct()
            .join(targets, targets.c.topic_id == subscriptions.c.topic_id)
            .where(targets.c.message_id == fan_out.message_id, subscriptions.c.subscriber_id > fan_out.after)
            .order_by(subscriptions.c.subscriber_id)
            .limit(1)
            .offset(readers - 1)
        )
        row = self._first(followers)
        return None if row is None else row.subscriber_id

    def advance(self, message_id: int, *, after: int) -> None:
        """Store that readers up to this id have the message."""
        moved = update(fan_outs).where(fan_outs.c.message_id == message_id)
        self._run(moved.values(after_subscriber_id=after))

    def remove_of(self, account_id: int) -> None:
        """Remove all messages of an account's applications from the queue."""
        its = select(messages.c.id).join(apps, apps.c.id == messages.c.app_id).where(apps.c.account_id == account_id)
        self._run(delete(fan_outs).where(fan_outs.c.message_id.in_(its)))

    def remove(self, message_ids: Collection[int]) -> None:
        """Remove these messages from the queue."""
        self._run(delete(fan_outs).where(fan_outs.c.message_id.in_(message_ids)))
