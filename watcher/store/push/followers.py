"""Subscribers as the owners of what they follow see them: with remarks, and nothing of other owners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, delete, func, or_, select, true

from watcher.core.push import (
    GOOD,
    AudienceCounts,
    DeliveryState,
    Follower,
    FollowerFilter,
    Receipt,
    Slice,
    Subscription,
    SubscriptionState,
)
from watcher.store.push import dialect
from watcher.store.push.deliveries import INBOX
from watcher.store.push.messages import message_of, message_query
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.subscribers import subscriber_of
from watcher.store.push.subscriptions import subscription_of, subscription_owner, subscription_query
from watcher.store.push.tables import (
    addresses,
    apps,
    deliveries,
    messages,
    remarks,
    subscribers,
    subscriptions,
    targets,
    topics,
)

SHOWN: Final = 4
"""Of a subscriber's subscriptions, in a list of subscribers."""
_LOOKED_THROUGH: Final = 2_000
"""Of the newest messages of a subscriber, for those of one application."""


class Followers(Rows):
    """Who subscribes to an application or its topics, and what its owner calls them."""

    def page(self, only: FollowerFilter, cut: Slice) -> Sequence[Follower]:
        """Return a stretch of the subscribers that match the filter, by id, each with the first of what they follow."""
        found = self._all(stretch(_filtered(only), subscribers.c.id, cut), subscriber_of)
        ids = [one.id for one in found]
        first, totals = self._first_subscriptions(ids, _of_owner(only.account_id, only.app_id))
        known = self._remarks(only, ids)
        return [
            Follower(
                subscriber=one,
                remark=known.get(one.id, ""),
                subscriptions=first.get(one.id, ()),
                total=totals.get(one.id, 0),
            )
            for one in found
        ]

    def _remarks(self, only: FollowerFilter, subscriber_ids: Collection[int]) -> Mapping[int, str]:
        """Return what subscribers are called in what was asked for; several names with dots between them."""
        query = select(remarks.c.subscriber_id, func.aggregate_strings(remarks.c.remark, " · ").label("remark"))
        query = query.where(remarks.c.subscriber_id.in_(subscriber_ids), _remarked(only))
        return {row.subscriber_id: row.remark for row in self._run(query.group_by(remarks.c.subscriber_id))}

    def of_topic(self, topic_id: int, states: Collection[SubscriptionState], cut: Slice) -> Sequence[Subscription]:
        """Return a stretch of the subscriptions to a topic, by id."""
        # The ids first: what is joined to each is read for those of the page alone.
        ids = select(subscriptions.c.id).where(subscriptions.c.topic_id == topic_id)
        if set(states) != set(SubscriptionState):  # else the index has all that is asked
            ids = ids.where(subscriptions.c.state.in_(states))
        page = stretch(ids, subscriptions.c.id, cut).subquery()
        query = subscription_query.where(subscriptions.c.id.in_(select(page.c.id)))
        return self._all(stretch(query, subscriptions.c.id, cut), subscription_of)

    def remarks(self, app_id: int, subscriber_ids: Collection[int]) -> Mapping[int, str]:
        """Return what an application's owner calls these subscribers, by their ids."""
        query = select(remarks).where(remarks.c.app_id == app_id, remarks.c.subscriber_id.in_(subscriber_ids))
        return {row.subscriber_id: row.remark for row in self._run(query)}

    def set_remark(self, app_id: int, subscriber_id: int, remark: str) -> None:
        """Store what an application's owner calls a subscriber; empty: nothing any more."""
        if not remark:
            is_it = and_(remarks.c.app_id == app_id, remarks.c.subscriber_id == subscriber_id)
            self._run(delete(remarks).where(is_it))
            return
        row = {"app_id": app_id, "subscriber_id": subscriber_id, "remark": remark}
        statement = dialect.insert(remarks).values(row)
        self._run(statement.on_conflict_do_update(index_elements=["app_id", "subscriber_id"], set_={"remark": remark}))

    def knows(self, app_id: int, subscriber_id: int) -> bool:
        """Return whether an application has to do with a subscriber: a subscription or a remark."""
        has = _of_owner(None, app_id).where(subscriptions.c.subscriber_id == subscriber_id)
        return self._first(has.limit(1)) is not None or bool(self.remarks(app_id, [subscriber_id]))

    def counts(self, topic_id: int) -> AudienceCounts:
        """Return how many subscribe to a topic; not how they are reached."""
        states = self._run(select(*(_in_state(topic_id, state).label(state) for state in SubscriptionState))).one()
        sent = self._connection.scalar(
            select(func.count()).where(targets.c.topic_id == topic_id, targets.c.code == GOOD)
        )
        return AudienceCounts(
            following=states.following,
            waiting=states.waiting,
            rejected=states.rejected,
            by_channel={},
            inbox_only=0,
            messages=sent or 0,
        )

    def reach(self, topic_id: int) -> tuple[Mapping[str, int], int]:
        """Return how many followers of a topic set up each channel, and how many any: each of them is read for it."""
        reached = (
            select(addresses.c.subscriber_id.label("id"), addresses.c.channel)
            .distinct()
            .join(subscriptions, addresses.c.subscriber_id == subscriptions.c.subscriber_id)
            .where(subscriptions.c.topic_id == topic_id, subscriptions.c.state == SubscriptionState.FOLLOWING)
        )
        each = reached.subquery()
        channels = self._run(select(each.c.channel, func.count()).group_by(each.c.channel))
        by_channel = {str(name): int(count) for name, count in channels}
        if len(by_channel) < 2:
            return by_channel, sum(by_channel.values())
        return by_channel, self._connection.scalar(select(func.count(each.c.id.distinct()))) or 0

    def channels(self, subscriber_id: int) -> Sequence[str]:
        """Return the names of the channels that a subscriber set up, in the order in which they are tried."""
        query = (
            select(addresses.c.channel)
            .where(addresses.c.subscriber_id == subscriber_id)
            .group_by(addresses.c.channel)
            .order_by(func.min(addresses.c.place))
        )
        return self._connection.scalars(query).all()

    def receipts(self, app_id: int, subscriber_id: int, *, limit: int) -> Sequence[Receipt]:
        """Return the newest messages of an application to a subscriber, of the newest 2,000 that they got at all."""
        recent = (
            select(deliveries.c.id, deliveries.c.message_id, deliveries.c.state)
            .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.channel == INBOX)
            .order_by(deliveries.c.id.desc())
            .limit(_LOOKED_THROUGH)
            .subquery()
        )
        query = (
            select(recent)
            .join(messages, messages.c.id == recent.c.message_id)
            .where(messages.c.app_id == app_id, messages.c.deleted_at.is_(None))
            .order_by(recent.c.id.desc())
            .limit(limit)
        )
        rows = self._run(query).all()
        ids = [row.message_id for row in rows]
        known = {row.id: message_of(row) for row in self._run(message_query.where(messages.c.id.in_(ids)))}
        ways = self._ways(ids, subscriber_id)
        return [
            Receipt(message=known[row.message_id], state=DeliveryState(row.state), ways=ways.get(row.message_id, ()))
            for row in rows
        ]

    def _ways(
        self, message_ids: Collection[int], subscriber_id: int
    ) -> Mapping[int, Sequence[tuple[str, DeliveryState]]]:
        # Asked to order these, SQLite would go through all that the subscriber ever got.
        theirs = select(deliveries.c.id).where(
            deliveries.c.message_id.in_(message_ids),
            deliveries.c.subscriber_id == subscriber_id,
            deliveries.c.channel != INBOX,
        )
        query = select(deliveries).where(deliveries.c.id.in_(theirs))
        ways: dict[int, list[tuple[str, DeliveryState]]] = {}
        for row in self._run(query.order_by(deliveries.c.id)):
            ways.setdefault(row.message_id, []).append((row.channel, DeliveryState(row.state)))
        return ways

    def _first_subscriptions(
        self, subscriber_ids: Collection[int], theirs: Select[Any]
    ) -> tuple[Mapping[int, Sequence[Subscription]], Mapping[int, int]]:
        """Return the first SHOWN subscriptions of each subscriber, and how many each has."""
        of_one = subscriptions.c.subscriber_id
        ranked = (
            theirs.add_columns(
                func.row_number().over(partition_by=of_one, order_by=subscriptions.c.id).label("place"),
                func.count().over(partition_by=of_one).label("total"),
            )
            .where(of_one.in_(subscriber_ids))
            .subquery()
        )
        query = (
            subscription_query.add_columns(ranked.c.total)
            .join(ranked, ranked.c.id == subscriptions.c.id)
            .where(ranked.c.place <= SHOWN)
            .order_by(subscriptions.c.id)
        )
        first: dict[int, list[Subscription]] = {}
        totals: dict[int, int] = {}
        for row in self._run(query):
            first.setdefault(row.subscriber_id, []).append(subscription_of(row))
            totals[row.subscriber_id] = row.total
        return first, totals


def _in_state(topic_id: int, state: SubscriptionState) -> ScalarSelect[int]:
    """Ask for how many subscriptions of a topic are in a state: by an index, each state by itself."""
    there = (subscriptions.c.topic_id == topic_id, subscriptions.c.state == state)
    return select(func.count()).where(*there).scalar_subquery()


def _filtered(only: FollowerFilter) -> Select[Any]:
    query = select(subscribers)
    theirs = _of_owner(only.account_id, only.app_id)
    if only.topic_id is not None:
        theirs = theirs.where(subscriptions.c.topic_id == only.topic_id)
    if only.state is not None:
        theirs = theirs.where(subscriptions.c.state == only.state)
    if (only.account_id, only.app_id, only.topic_id, only.state) != (None, None, None, None):
        # One subscriber after the other, from the page's first one on: a list of all of them would be made each time.
        query = query.where(theirs.where(subscriptions.c.subscriber_id == subscribers.c.id).exists())
    return query if not only.search else query.where(_is_found(only))


def _is_found(only: FollowerFilter) -> ColumnElement[bool]:
    named = select(remarks.c.subscriber_id).where(dialect.contains(remarks.c.remark, only.search), _remarked(only))
    return or_(dialect.contains(subscribers.c.uid, only.search), subscribers.c.id.in_(named))


def _remarked(only: FollowerFilter) -> ColumnElement[bool]:
    if only.app_id is not None:
        return remarks.c.app_id == only.app_id
    return true() if only.account_id is None else remarks.c.app_id.in_(_apps_of(only.account_id))


def _of_owner(account_id: int | None, app_id: int | None) -> Select[Any]:
    """Ask for the ids of subscriptions to an application, or to an account's, and to their topics; of neither: all."""
    query = select(subscriptions.c.id)
    if (account_id, app_id) == (None, None):
        return query
    query = query.outerjoin(topics, topics.c.id == subscriptions.c.topic_id)
    return query.where(
        subscription_owner == app_id if app_id is not None else subscription_owner.in_(_apps_of(account_id or 0))
    )


def _apps_of(account_id: int) -> Select[Any]:
    return select(apps.c.id).where(apps.c.account_id == account_id)
