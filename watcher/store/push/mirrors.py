"""Mirrors: subscribers that nobody reads, through whose one address the messages of a topic are posted elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, exists, select

from watcher.core.channels import ChannelName
from watcher.core.mirrors import MIRROR_PREFIX, LastPost, Mirror
from watcher.core.push import DeliveryState, SubscriptionState
from watcher.store.push.addresses import address_columns, address_of
from watcher.store.push.rows import Rows
from watcher.store.push.tables import addresses, deliveries, handovers, remarks, subscribers, subscriptions

# A range, for UIDs have an index: SQLite uses none for a LIKE.
_is_mirror: Final = subscribers.c.uid.between(MIRROR_PREFIX, MIRROR_PREFIX + "~")
_newest: Final = (
    select(deliveries.c.id)
    .where(deliveries.c.subscriber_id == subscribers.c.id, deliveries.c.channel != ChannelName.INBOX)
    .order_by(deliveries.c.id.desc())
    .limit(1)
    .correlate(subscribers)
    .scalar_subquery()
)
_follows: Final = exists().where(subscriptions.c.subscriber_id == subscribers.c.id).correlate(subscribers)


class Mirrors(Rows):
    """The mirrors of all topics."""

    def of_topic(
        self, topic_id: int, states: Collection[SubscriptionState] = (SubscriptionState.FOLLOWING,)
    ) -> Sequence[Mirror]:
        """Return a topic's mirrors, by age; those that its owner rejected only where `states` names that."""
        ids = select(subscribers.c.id).where(_is_mirror)
        query = (
            select(
                *address_columns,
                subscribers.c.id.label("mirror_id"),
                subscribers.c.uid,
                subscribers.c.nickname,
                subscribers.c.created_at.label("made_at"),
                deliveries.c.message_id,
                deliveries.c.state,
                deliveries.c.sent_at,
                deliveries.c.reason,
            )
            .select_from(subscriptions)
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .outerjoin(addresses, addresses.c.subscriber_id == subscribers.c.id)
            .outerjoin(deliveries, deliveries.c.id == _newest)
            .where(
                subscriptions.c.topic_id == topic_id,
                # The few mirrors first: a topic may have 100,000 subscribers.
                subscriptions.c.subscriber_id.in_(ids),
                subscriptions.c.state.in_(states),
            )
        )
        return self._all(query.order_by(subscribers.c.id), _mirror_of)

    def tidy(self, *, limit: int) -> int:
        """
        Remove what is left of mirrors whose topic ended, or from which their owner removed them; return how many.

        The secret goes once nothing waits for it, the UID once no delivery names it.
        """
        ended = select(subscribers.c.id).where(_is_mirror, ~_follows)
        waits = exists().where(handovers.c.address_id == addresses.c.id).correlate(addresses)
        with_secret = select(addresses.c.id).where(addresses.c.subscriber_id.in_(ended), ~waits).limit(limit)
        ids = self._connection.scalars(with_secret).all()
        self._run(delete(addresses).where(addresses.c.id.in_(ids)))
        named = exists().where(deliveries.c.subscriber_id == subscribers.c.id).correlate(subscribers)
        left = self._connection.scalars(ended.where(~named).limit(limit)).all()
        self._run(delete(remarks).where(remarks.c.subscriber_id.in_(left)))
        self._run(delete(subscribers).where(subscribers.c.id.in_(left)))
        return len(ids) + len(left)


def _mirror_of(row: Row[Any]) -> Mirror:
    last = None
    if row.message_id is not None:
        state = DeliveryState(row.state)
        last = LastPost(message_id=row.message_id, state=state, at=row.sent_at, reason=row.reason)
    return Mirror(
        subscriber_id=row.mirror_id,
        uid=row.uid,
        name=row.nickname,
        address=None if row.id is None else address_of(row),
        created_at=row.made_at,
        last=last,
    )
