"""
What became of deliveries, one event for each state that one reached, noted in the transaction in which it did.

That a message came into inboxes is no event of its own: a send to thousands would take twice as long. What was sent is
in `messages` anyway, whose ids rise in the order of commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Insert, Row, bindparam, delete, func, insert, literal, select

from watcher.core.event_kinds import KEPT_EVENTS
from watcher.core.push import DeliveryEvent, DeliveryState, MessageEvent
from watcher.store.push.epoch import epoch_of
from watcher.store.push.messages import inboxes, message_of, message_query
from watcher.store.push.rows import Rows
from watcher.store.push.tables import deliveries, delivery_events, messages, subscribers, topics

_AT: Final = bindparam("at", type_=delivery_events.c.at.type)
_prune: Final = delete(delivery_events).where(
    delivery_events.c.id <= select(func.max(delivery_events.c.id) - KEPT_EVENTS).scalar_subquery()
)
_since: Final = (
    select(
        delivery_events,
        deliveries.c.message_id,
        deliveries.c.channel,
        deliveries.c.reason,
        subscribers.c.uid,
        messages.c.summary,
        topics.c.name.label("topic_name"),
    )
    .outerjoin(deliveries, deliveries.c.id == delivery_events.c.delivery_id)
    .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    .outerjoin(messages, messages.c.id == deliveries.c.message_id)
    .outerjoin(topics, topics.c.id == messages.c.topic_id)
    .where(delivery_events.c.id > bindparam("after"))
    .order_by(delivery_events.c.id)
    .limit(bindparam("limit"))
)
_sent_since: Final = (
    message_query.add_columns(inboxes.label("inboxes"))
    .where(messages.c.id > bindparam("after"))
    .order_by(messages.c.id)
    .limit(bindparam("limit"))
)


def noting(
    state: DeliveryState | ColumnElement[str], *where: ColumnElement[bool], at: FromClause | None = None
) -> Insert:
    """
    Return the statement that notes, with the time `at`, that deliveries reach a state: it runs before they do.

    Args:
        where: which they are: the conditions of the update.
        at: what the conditions speak of besides the deliveries.
    """
    reached = literal(str(state)) if isinstance(state, DeliveryState) else state
    found = select(deliveries.c.id, reached, _AT).where(*where).order_by(deliveries.c.id)
    if at is not None:
        found = found.select_from(deliveries, at)
    noted = insert(delivery_events).from_select(["delivery_id", "state", "at"], found)
    return noted.execution_options(preserve_rowcount=True)


class DeliveryEvents(Rows):
    """The newest KEPT_EVENTS of them, and the messages as events."""

    def note(self, statement: Insert, values: Mapping[str, object]) -> bool:
        """Run what `noting` gives, and let as many old ones go; return whether there was any."""
        is_any = bool(self._run(statement, values).rowcount)
        if is_any:
            self._run(_prune)
        return is_any

    def since(self, after: int, *, limit: int) -> Sequence[DeliveryEvent]:
        """Return events with a number above, oldest first; of a delivery that is gone the number alone is left."""
        return self._all(_since.params(after=after, limit=limit), _delivery_event)

    def sent_since(self, after: int, *, limit: int) -> Sequence[MessageEvent]:
        """Return messages with an id above, oldest first, each with how many inboxes it came into."""
        return self._all(_sent_since.params(after=after, limit=limit), _message_event)

    def last(self) -> tuple[int, int]:
        """Return the numbers of the last message and of the last event of a delivery; 0 where there is none."""
        found = (self._run(select(func.max(column))).scalar() for column in (messages.c.id, delivery_events.c.id))
        message, delivery = (number or 0 for number in found)
        return message, delivery

    def epoch(self) -> int:
        """Return the epoch of the database, in which numbers are given once."""
        return epoch_of(self._connection)


def _delivery_event(row: Row[Any]) -> DeliveryEvent:
    return DeliveryEvent(
        number=row.id,
        at=row.at,
        state=DeliveryState(row.state),
        message_id=row.message_id,
        topic=row.topic_name,
        summary=row.summary,
        uid=row.uid,
        channel=row.channel,
        reason=row.reason if row.state == DeliveryState.FAILED else None,
    )


def _message_event(row: Row[Any]) -> MessageEvent:
    return MessageEvent(
        message=message_of(row), key=row.idempotency_key, inboxes=row.inboxes, is_deleted=row.deleted_at is not None
    )
