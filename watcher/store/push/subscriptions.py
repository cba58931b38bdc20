"""Subscriptions: who follows which topic or application, and in which state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    desc,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from watcher.core.push import (
    GOOD,
    Message,
    Place,
    Slice,
    Subscriber,
    Subscription,
    SubscriptionFilter,
    SubscriptionPage,
    SubscriptionState,
)
from watcher.store.push import dialect
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import apps, subscribers, subscriptions, targets, topics

subscription_owner: Final = func.coalesce(topics.c.app_id, subscriptions.c.app_id)
"""The application that is followed, or whose topic is."""

subscription_query: Final = (
    select(
        subscriptions,
        subscribers.c.uid,
        subscribers.c.nickname,
        subscribers.c.is_receiving.label("subscriber_is_receiving"),
        subscribers.c.created_at.label("subscriber_created_at"),
        func.coalesce(topics.c.name, apps.c.name).label("place"),
        topics.c.key.label("topic_key"),
        subscription_owner.label("owner_id"),
    )
    .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
    .outerjoin(topics, topics.c.id == subscriptions.c.topic_id)
    .outerjoin(apps, apps.c.id == subscriptions.c.app_id)
)

# Each send asks this: building a statement anew costs more than running it. Joined by uid, SQLite would read all who
# follow the application.
_to_app: Final = subscription_query.where(
    subscriptions.c.app_id == bindparam("of_app"),
    subscriptions.c.subscriber_id.in_(select(subscribers.c.id).where(subscribers.c.uid.in_(dialect.texts_of("uids")))),
)


_MOST_RUNS: Final = 60
"""Of more, merging costs as much as sorting."""


class Subscriptions(Rows):
    """One row per subscriber and topic, or subscriber and application."""

    def add(self, subscriber_id: int, place: Place, *, state: SubscriptionState, created_at: datetime) -> None:
        """Store a new subscription to a topic or application that exists."""
        row = {"subscriber_id": subscriber_id, "topic_id": place.topic_id, "app_id": place.app_id}
        self._run(insert(subscriptions).values(row | {"state": state, "created_at": created_at}))

    def find(self, subscriber_id: int, place: Place) -> Subscription | None:
        """Return a subscriber's subscription to this topic or application."""
        return self._one(subscription_query.where(_is(subscriber_id, place)), subscription_of)

    def that_brought(self, message: Message, subscriber: Subscriber) -> Subscription | None:
        """Return the subscription to a topic of the message, else the one through which it reached the uid."""
        sent_to = select(targets).where(targets.c.message_id == message.id, targets.c.code == GOOD)
        is_of_topic = subscriptions.c.topic_id.in_(sent_to.with_only_columns(targets.c.topic_id))
        is_named = subscribers.c.uid.in_(sent_to.with_only_columns(targets.c.uid))
        return self._one(
            subscription_query.where(
                subscriptions.c.subscriber_id == subscriber.id,
                subscriptions.c.state == SubscriptionState.FOLLOWING,
                or_(is_of_topic, and_(subscriptions.c.app_id == message.app_id, is_named)),
            )
            .order_by(subscriptions.c.topic_id.is_(None), subscriptions.c.id)
            .limit(1),
            subscription_of,
        )

    def of_id(self, subscription_id: int, *, app_id: int | None = None) -> Subscription | None:
        """Return the subscription with this id; with `app_id` only if it is to that application or a topic of it."""
        query = subscription_query.where(subscriptions.c.id == subscription_id)
        return self._one(query if app_id is None else query.where(subscription_owner == app_id), subscription_of)

    def page(self, only: SubscriptionFilter, *, offset: int, limit: int) -> SubscriptionPage:
        """
        Return a page of the subscriptions that match the filter, by id, and how many match.

        Of hundreds of thousands, an index counts each run of ids, and the page is looked for from the nearer end.
        """
        runs = self._runs(only)
        counts = [select(literal(place), func.count()).select_from(each.subquery()) for place, each in enumerate(runs)]
        counted = {place: number for place, number in self._run(union_all(*counts)) if number}
        total = sum(counted.values())
        length = min(limit, total - offset)
        if length <= 0:
            return SubscriptionPage(total=total, subscriptions=[])
        found = [runs[place] for place in counted]
        query = union_all(*found) if len(found) > 1 else found[0]
        if offset <= total // 2:
            page = query.order_by("id").offset(offset).limit(length)
        else:
            page = query.order_by(desc("id")).offset(total - offset - length).limit(length)
        ids = self._connection.scalars(page).all()
        rows = subscription_query.where(subscriptions.c.id.in_(ids)).order_by(subscriptions.c.id)
        return SubscriptionPage(total=total, subscriptions=self._all(rows, subscription_of))

    def _runs(self, only: SubscriptionFilter) -> Sequence[Select[tuple[int]]]:
        """Ask for the ids that match a filter: those of each place and state by themselves, where these are few."""
        ids = select(subscriptions.c.id)
        places: list[ColumnElement[bool]] = []
        if only.app_id is not None and only.uid is None:
            places = [subscriptions.c.app_id == only.app_id] if not only.to_topics else []
            of_app = select(topics.c.id).where(topics.c.app_id == only.app_id)
            found = self._connection.scalars(of_app) if only.to_topics in (None, True) else ()
            places += [subscriptions.c.topic_id == topic_id for topic_id in found]
        runs = [ids.where(place, subscriptions.c.state == state) for place in places for state in only.states]
        return runs if 0 < len(runs) <= _MOST_RUNS else [ids.where(*_conditions(only))]

    def set_state(self, subscription_id: int, state: SubscriptionState, *, rejected_at: datetime | None) -> None:
        """Set the state of a subscription."""
        self._run(
            update(subscriptions)
            .where(subscriptions.c.id == subscription_id)
            .values(state=state, rejected_at=rejected_at)
        )

    def approve_all(self, topic_id: int) -> int:
        """Let all who wait for a topic follow it; return how many they were."""
        waits = (subscriptions.c.topic_id == topic_id, subscriptions.c.state == SubscriptionState.WAITING)
        return self._run(update(subscriptions).where(*waits).values(state=SubscriptionState.FOLLOWING)).rowcount

    def set_receiving(self, subscription_id: int, is_receiving: bool) -> None:
        """Switch a subscription on or off for its subscriber; it is not muted for a time then."""
        values = {"is_receiving": is_receiving, "muted_until": None}
        self._run(update(subscriptions).where(subscriptions.c.id == subscription_id).values(values))

    def mute(self, subscription_id: int, *, until: datetime) -> None:
        """Mute a subscription for a time, and switch it on, so that it comes back by itself."""
        values = {"is_receiving": True, "muted_until": until}
        self._run(update(subscriptions).where(subscriptions.c.id == subscription_id).values(values))

    def remove(self, subscription_id: int) -> None:
        """Remove a subscription."""
        self._run(delete(subscriptions).where(subscriptions.c.id == subscription_id))

    def move(self, topic_id: int, into_id: int) -> int:
        """
        Move the subscriptions of one topic to another, each as it stands; return how many moved.

        Who has one to both keeps the other; who followed the one and waits for the other follows it then.
        """
        ours, theirs = subscriptions.alias(), subscriptions.alias()
        follows_ours = select(ours.c.subscriber_id).where(
            ours.c.topic_id == topic_id, ours.c.state == SubscriptionState.FOLLOWING
        )
        have_theirs = select(theirs.c.subscriber_id).where(theirs.c.topic_id == into_id)
        self._run(
            update(subscriptions)
            .where(
                subscriptions.c.topic_id == into_id,
                subscriptions.c.state == SubscriptionState.WAITING,
                subscriptions.c.subscriber_id.in_(follows_ours),
            )
            .values(state=SubscriptionState.FOLLOWING)
        )
        is_ours = subscriptions.c.topic_id == topic_id
        self._run(delete(subscriptions).where(is_ours, subscriptions.c.subscriber_id.in_(have_theirs)))
        return self._run(update(subscriptions).where(is_ours).values(topic_id=into_id)).rowcount

    def are_any(self, topic_id: int) -> bool:
        """Return whether anybody follows a topic, waits to, or was rejected."""
        return self._first(select(subscriptions.c.id).where(subscriptions.c.topic_id == topic_id).limit(1)) is not None

    def all(self, *, subscriber_id: int | None = None) -> Sequence[tuple[int, Place]]:
        """Return what one subscriber follows, or all do: subscriber's id and place, by subscription id."""
        query = select(subscriptions).where(subscriptions.c.state == SubscriptionState.FOLLOWING)
        if subscriber_id is not None:
            query = query.where(subscriptions.c.subscriber_id == subscriber_id)
        return [
            (row.subscriber_id, Place(topic_id=row.topic_id, app_id=row.app_id))
            for row in self._run(query.order_by(subscriptions.c.id))
        ]

    def to_app(self, app_id: int, uids: Collection[str]) -> Mapping[str, Subscription]:
        """Return the subscriptions to the application by uid, of those of the uids that have one."""
        found = self._run(_to_app, {"of_app": app_id, "uids": list(uids)})
        return {row.uid: subscription_of(row) for row in found}

    def slice(self, only: SubscriptionFilter, cut: Slice) -> Sequence[Subscription]:
        """Return a stretch of the subscriptions that match the filter, by id."""
        query = subscription_query.where(*_conditions(only))
        return self._all(stretch(query, subscriptions.c.id, cut), subscription_of)


def _conditions(only: SubscriptionFilter) -> Iterator[ColumnElement[bool]]:
    if only.app_id is not None:
        yield or_(
            subscriptions.c.app_id == only.app_id,
            subscriptions.c.topic_id.in_(select(topics.c.id).where(topics.c.app_id == only.app_id)),
        )
    if only.uid is not None:
        yield subscriptions.c.subscriber_id.in_(select(subscribers.c.id).where(subscribers.c.uid == only.uid))
    if only.to_topics is not None:
        yield subscriptions.c.topic_id.is_not(None) == only.to_topics
    yield subscriptions.c.state.in_(only.states)


def _is(subscriber_id: int, place: Place) -> ColumnElement[bool]:
    # None compares as IS NULL here.
    return and_(
        subscriptions.c.subscriber_id == subscriber_id,
        subscriptions.c.topic_id == place.topic_id,
        subscriptions.c.app_id == place.app_id,
    )


def subscription_of(row: Row[Any]) -> Subscription:
    """Return the subscription in a row of `subscription_query`."""
    subscriber = Subscriber(
        id=row.subscriber_id,
        uid=row.uid,
        created_at=row.subscriber_created_at,
        nickname=row.nickname,
        is_receiving=row.subscriber_is_receiving,
    )
    return Subscription(
        id=row.id,
        subscriber=subscriber,
        topic_id=row.topic_id,
        app_id=row.app_id,
        place=row.place,
        state=SubscriptionState(row.state),
        is_receiving=row.is_receiving,
        created_at=row.created_at,
        rejected_at=row.rejected_at,
        topic_key=row.topic_key,
        muted_until=row.muted_until,
        owner_id=row.owner_id,
    )
