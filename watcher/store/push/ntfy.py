"""What apps of ntfy's are told: what was handed over to subscribers who fetch it, and what was sent to topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, assert_never

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from watcher.core.channels import ChannelName
from watcher.core.ntfy import AfterId, Entry, FromTime, Since, SinceWord
from watcher.core.push import GOOD, DeliveryState
from watcher.store.push import dialect
from watcher.store.push.messages import message_of, messages_by_id
from watcher.store.push.rows import Rows
from watcher.store.push.tables import addresses, deliveries, handovers, messages, targets, topics

_HANDED_OVER: Final = (DeliveryState.SENT, DeliveryState.SHOWN, DeliveryState.OPENED)
_is_handed_over: Final = (deliveries.c.channel == ChannelName.NTFY) & deliveries.c.state.in_(_HANDED_OVER)
_asked: Final = dialect.pairs_of("told")
_after: Final = (
    select(deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.message_id, deliveries.c.sent_at)
    .select_from(_asked)
    .join(deliveries, (deliveries.c.subscriber_id == _asked.c.key) & (deliveries.c.id > _asked.c.value))
    .join(messages, messages.c.id == deliveries.c.message_id)
    .where(_is_handed_over, messages.c.deleted_at.is_(None))
    .order_by(deliveries.c.id)
    .limit(bindparam("limit"))
)
_is_there: Final = (targets.c.code == GOOD, messages.c.deleted_at.is_(None))
_each = targets.alias()
_first_of_each: Final = (
    select(_each.c.id)
    .join(messages, messages.c.id == _each.c.message_id)
    .where(
        _each.c.topic_id == _asked.c.key,
        _each.c.message_id > _asked.c.value,
        _each.c.code == GOOD,
        messages.c.deleted_at.is_(None),
    )
    .order_by(_each.c.message_id, _each.c.id)
    .limit(bindparam("limit"))
    .correlate(_asked)
)
"""Read by index, for no more may be sorted than is asked for: a topic may have any number of messages."""
_sent_after: Final = (
    select(targets.c.topic_id, targets.c.message_id, messages.c.created_at)
    .select_from(_asked)
    .join(topics, topics.c.id == _asked.c.key)
    .join(targets, targets.c.id.in_(_first_of_each))
    .join(messages, messages.c.id == targets.c.message_id)
    .where(topics.c.app_id == bindparam("of_app"))
    .order_by(targets.c.message_id, targets.c.id)
    .limit(bindparam("limit"))
)


_waiting_of: Final = select(addresses.c.id).where(
    addresses.c.subscriber_id.in_(dialect.numbers_of("of_subscribers")),
    addresses.c.channel == ChannelName.NTFY,
    exists().where(handovers.c.address_id == addresses.c.id),
)


class NtfyEntries(Rows):
    """The entries of all subscribers and topics."""

    def cursor(self, subscriber_id: int, since: Since) -> int:
        """Return the id after which the entries of a subscriber stand that are asked for; 0: all of them are."""
        match since:
            case SinceWord.ALL:
                return 0
            case SinceWord.NONE:
                return self._last(subscriber_id)
            case SinceWord.LATEST:
                return self._last(subscriber_id) - 1
            case FromTime(at):
                return self._last(subscriber_id, deliveries.c.sent_at < at)
            case AfterId(entry_id):
                return self._after(subscriber_id, entry_id)
            case _:
                assert_never(since)

    def _after(self, subscriber_id: int, entry_id: int) -> int:
        """
        Return where a subscriber stands after an entry, which may be another's.

        One connection follows several inboxes and knows the id of the last message alone, whosever it was. An entry of
        another inbox with a lower id may have been handed over later, so there the time decides.
        """
        row = self._first(
            select(deliveries.c.subscriber_id, deliveries.c.sent_at).where(deliveries.c.id == entry_id, _is_handed_over)
        )
        if row is None:
            return self._given(deliveries.c.id, entry_id)
        if row.subscriber_id == subscriber_id:
            return entry_id
        return min(entry_id, self._last(subscriber_id, deliveries.c.sent_at <= row.sent_at))

    def _given(self, ids: ColumnElement[int], asked: int) -> int:
        """Return an id; 0 for one above all there are, which another database gave, as before a backup was restored."""
        newest = self._run(select(func.max(ids))).scalar_one() or 0
        return asked if asked <= newest else 0

    def _last(self, subscriber_id: int, *only: ColumnElement[bool]) -> int:
        query = select(func.max(deliveries.c.id)).where(
            deliveries.c.subscriber_id == subscriber_id, _is_handed_over, *only
        )
        return int(self._run(query).scalar_one() or 0)

    def after(self, told: Mapping[int, int], *, limit: int) -> Sequence[Entry]:
        """
        Return entries of many subscribers, by id.

        Args:
            told: after which entry, by subscriber id.
        """
        rows = self._run(_after, {"told": told, "limit": limit}).all()
        # A message has up to 64 KB and many readers: once is enough.
        found = self._run(messages_by_id, {"ids": [*{row.message_id for row in rows}]})
        known = {row.id: message_of(row) for row in found}
        return [
            Entry(id=id_, of=subscriber_id, message=known[message_id], at=at)
            for id_, subscriber_id, message_id, at in rows
        ]

    def sent_cursor(self, topic_id: int, since: Since) -> int:
        """Return the id after which the messages to a topic stand that are asked for; 0: all of them are."""
        match since:
            case SinceWord.ALL:
                return 0
            case SinceWord.NONE:
                return self._last_sent(topic_id)
            case SinceWord.LATEST:
                return self._last_sent(topic_id) - 1
            case FromTime(at):
                return self._last_sent(topic_id, messages.c.created_at < at)
            case AfterId(message_id):
                return self._given(messages.c.id, message_id)
            case _:
                assert_never(since)

    def _last_sent(self, topic_id: int, *only: ColumnElement[bool]) -> int:
        row = self._first(
            select(targets.c.message_id)
            .join(messages, messages.c.id == targets.c.message_id)
            .where(targets.c.topic_id == topic_id, *_is_there, *only)
            .order_by(targets.c.message_id.desc())
            .limit(1)
        )
        return 0 if row is None else int(row.message_id)

    def sent_after(self, told: Mapping[int, int], *, app_id: int, limit: int) -> Sequence[Entry]:
        """
        Return what was sent to topics of an application, by id.

        Args:
            told: after which message, by topic id; those of others are passed over.
        """
        rows = self._run(_sent_after, {"told": told, "of_app": app_id, "limit": limit}).all()
        found = self._run(messages_by_id, {"ids": [*{row.message_id for row in rows}]})
        known = {row.id: message_of(row) for row in found}
        return [
            Entry(id=row.message_id, of=row.topic_id, message=known[row.message_id], at=row.created_at) for row in rows
        ]

    def waiting_of(self, subscriber_ids: Collection[int]) -> Collection[int]:
        """Return the ids of these subscribers' addresses for which anything is queued."""
        return self._run(_waiting_of, {"of_subscribers": [*subscriber_ids]}).scalars().all()

    def is_waiting(self, address_ids: Collection[int]) -> bool:
        """Return whether anything is queued for one of these addresses."""
        return bool(self._run(select(exists().where(handovers.c.address_id.in_(address_ids)))).scalar_one())
