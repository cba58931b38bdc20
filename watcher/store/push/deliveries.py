"""Deliveries: one message to one subscriber over one channel. The inbox is one of the channels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    CompoundSelect,
    Insert,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from watcher.core.push import (
    GOOD,
    OVER_LIMIT,
    Delivery,
    DeliveryCounts,
    DeliveryState,
    InboxItem,
    InboxSearch,
    Slice,
    SubscriptionState,
)
from watcher.store.push import dialect
from watcher.store.push.apps import is_for_its_owner
from watcher.store.push.delivery_events import DeliveryEvents, noting
from watcher.store.push.messages import message_of, message_query, messages_by_id
from watcher.store.push.records import Quota, Reached, Readers
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import (
    Id,
    apps,
    deliveries,
    fan_outs,
    has_not_failed,
    messages,
    subscribers,
    subscriptions,
    targets,
)

INBOX: Final = "inbox"
SEARCHED: Final = 2_000
"""Items of an inbox that a search looks through: the newest."""
_LAST_ID: Final = 2**63 - 1
_Only: TypeAlias = Callable[[Column[int]], Sequence[ColumnElement[bool]]]

_of_record: Final = (
    select(targets)
    .join(messages, messages.c.id == targets.c.message_id)
    .join(apps, apps.c.id == messages.c.app_id)
    .where(targets.c.record_id == bindparam("record", type_=Id), is_for_its_owner(messages.c.created_at))
)
_item: Final = deliveries.alias("item")
_inbox_query = message_query.add_columns(deliveries.c.id.label("item_id"), deliveries.c.state).join(
    deliveries, deliveries.c.message_id == messages.c.id
)

_asked: Final = dialect.pairs_of("told")
_news: Final = (
    select(deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.message_id, deliveries.c.state)
    .select_from(_asked)
    .join(deliveries, (deliveries.c.subscriber_id == _asked.c.key) & (deliveries.c.id > _asked.c.value))
    .join(messages, messages.c.id == deliveries.c.message_id)
    .where(deliveries.c.channel == INBOX, has_not_failed(deliveries), messages.c.deleted_at.is_(None))
    .order_by(deliveries.c.id)
    .limit(bindparam("limit"))
)


class Deliveries(Rows):
    """How far each message has come to each of its readers."""

    def fan_out(self, message_ids: Collection[int], *, at: datetime, quota: Quota | None = None) -> Reached:
        """
        Put the messages into the inboxes of everybody whom their good targets reach, each once.

        One statement whatever the number of readers, and delivery ids rise with the message's. A delivery over the
        quota is stored as failed, with the reason.
        """
        if not message_ids:
            return Reached()
        asked = {"message_ids": list(message_ids), "now": at}
        made = self._reached(_fan_out(within_quota=quota is not None), asked, quota)
        return Reached(
            subscriber_ids={subscriber_id for _, subscriber_id, _, _ in made},
            have_addresses=any(has_address for _, _, _, has_address in made),
        )

    def fan_out_to(
        self, message_id: int, readers: Readers, *, at: datetime, followed_by: datetime, quota: Quota | None = None
    ) -> set[int]:
        """
        Put one message into the inboxes of some of its readers; those who have it already are passed over.

        Args:
            followed_by: who followed a topic later is no reader.

        Returns:
            The ids of the subscribers reached.
        """
        asked: dict[str, object] = {"message_ids": [message_id], "now": at, "followed_by": followed_by}
        if readers.ids is None:
            asked |= {"after": readers.after, "until": _LAST_ID if readers.until is None else readers.until}
        else:
            asked |= {"ids": [*readers.ids]}
        only = _in_range if readers.ids is None else _listed
        statement = _fan_out_to(only, within_quota=quota is not None)
        return {subscriber_id for _, subscriber_id, _ in self._reached(statement, asked, quota)}

    def _reached(
        self, statement: ReturningInsert[Any], asked: Mapping[str, object], quota: Quota | None
    ) -> Sequence[Any]:
        """Return the rows of those who are within the quota."""
        made = self._run(statement, {**asked, **({} if quota is None else _granted(quota))}).all()
        if quota is None:
            return made
        if over := [row.id for row in made if row.reason is not None]:
            DeliveryEvents(self._connection).note(_note_over, {"ids": over, "at": asked["now"]})
        return [row for row in made if row.reason is None]

    def full(self, quota: Quota, uids: Collection[str]) -> set[str]:
        """Return those of the uids whose subscribers have all that the quota grants."""
        asked = {"uids": list(uids), "message_ids": [], **_granted(quota)}
        return set(self._connection.scalars(_full_of(), asked))

    def forget(self, message_ids: Collection[int]) -> None:
        """Remove all deliveries of these messages."""
        self._run(delete(deliveries).where(deliveries.c.message_id.in_(message_ids)))

    def forget_subscriber(self, subscriber_id: int) -> None:
        """Remove all deliveries to a subscriber."""
        self._run(delete(deliveries).where(deliveries.c.subscriber_id == subscriber_id))

    def counts(self, message_ids: Collection[int]) -> Mapping[int, DeliveryCounts]:
        """Return each message's deliveries by state; a message that reached nobody is missing."""
        found = self._run(
            select(deliveries.c.message_id, deliveries.c.state, func.count().label("number"))
            .where(deliveries.c.message_id.in_(message_ids))
            .group_by(deliveries.c.message_id, deliveries.c.state)
        )
        numbers: dict[int, dict[str, int]] = {}
        for row in found:
            numbers.setdefault(row.message_id, {})[row.state] = row.number
        return {message_id: DeliveryCounts(**by_state) for message_id, by_state in numbers.items()}

    def states_of_record(self, send_record_id: int, *, at: datetime) -> Collection[DeliveryState] | None:
        """
        Return the states that occur among the deliveries of one target of a send; None without such a record of theirs.

        A topic's are those of the whole message: who of its readers came over which topic is not kept.
        """
        record = self._run(_of_record, {"record": send_record_id, "now": at}).first()
        if record is None:
            return None
        query = select(deliveries.c.state).distinct().where(deliveries.c.message_id == record.message_id)
        if record.uid is not None:
            query = query.join(subscribers).where(subscribers.c.uid == record.uid)
        states = {DeliveryState(state) for state in self._connection.scalars(query)}
        is_waiting = self._first(select(fan_outs).where(fan_outs.c.message_id == record.message_id))
        return states | ({DeliveryState.QUEUED} if is_waiting else set())

    def inbox(self, subscriber_id: int, *, after: int, limit: int) -> Sequence[InboxItem]:
        """Return the items of an inbox with an id above `after`, oldest first."""
        return self._items(
            _inbox_of(subscriber_id).where(deliveries.c.id > after).order_by(deliveries.c.id).limit(limit)
        )

    def news(self, told: Mapping[int, int], *, limit: int) -> Sequence[tuple[int, InboxItem]]:
        """
        Return items of many inboxes, each with the id of its subscriber, oldest first.

        Args:
            told: after which item, by subscriber id.
        """
        rows = self._run(_news, {"told": told, "limit": limit}).all()
        # A message has up to 64 KB and many readers: once is enough.
        found = self._run(messages_by_id, {"ids": [*{row.message_id for row in rows}]})
        known = {row.id: message_of(row) for row in found}
        return [
            (subscriber_id, InboxItem(id=id_, message=known[message_id], state=DeliveryState(state)))
            for id_, subscriber_id, message_id, state in rows
        ]

    def recent(self, subscriber_id: int, *, limit: int) -> Sequence[InboxItem]:
        """Return the newest items of an inbox, newest first."""
        return self._items(_inbox_of(subscriber_id).order_by(deliveries.c.id.desc()).limit(limit))

    def search(
        self, subscriber_id: int, search: InboxSearch, *, limit: int, among: int = SEARCHED
    ) -> Sequence[InboxItem]:
        """Return the newest items of an inbox that match, newest first, of the newest `among`."""
        newest = _newest(subscriber_id, among)
        query = _inbox_of(subscriber_id).where(deliveries.c.id.in_(newest)).where(*_matching(search))
        return self._items(query.order_by(deliveries.c.id.desc()).limit(limit))

    def unread(self, subscriber_id: int, *, among: int = SEARCHED) -> int:
        """Return how many of the newest `among` items of an inbox no device has shown yet."""
        newest = _newest(subscriber_id, among).subquery()
        query = (
            select(func.count())
            .select_from(newest)
            .join(deliveries, deliveries.c.id == newest.c.id)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .where(deliveries.c.state == DeliveryState.SENT, messages.c.deleted_at.is_(None))
        )
        return int(self._connection.scalar(query) or 0)

    def mark_shown(self, subscriber_id: int, item_ids: Collection[int], *, at: datetime) -> None:
        """
        Note that the subscriber saw these items, whatever channel they came over; no other channel need be tried.

        Items that are not the subscriber's are passed over, and what was opened stays so.
        """
        self._mark(_note_shown, _mark_shown, subscriber_id, item_ids, at)

    def mark_opened(self, subscriber_id: int, item_ids: Collection[int], *, at: datetime) -> None:
        """Note that the subscriber opened these items. As `mark_shown`."""
        self._mark(_note_opened, _mark_opened, subscriber_id, item_ids, at)

    def _mark(
        self, noting_: Insert, statement: Update, subscriber_id: int, item_ids: Collection[int], at: datetime
    ) -> None:
        if item_ids:
            asked = [{"item_id": item_id, "of_subscriber": subscriber_id, "at": at} for item_id in item_ids]
            DeliveryEvents(self._connection).note(
                noting_, {"item_ids": [*item_ids], "of_subscriber": subscriber_id, "at": at}
            )
            self._run(statement, asked)

    def slice(self, message_id: int, cut: Slice) -> Sequence[Delivery]:
        """Return a stretch of a message's deliveries, by id."""
        query = (
            select(deliveries, subscribers.c.uid)
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(deliveries.c.message_id == message_id)
        )
        return self._all(stretch(query, deliveries.c.id, cut), delivery_of)

    def _items(self, query: Select[Any]) -> Sequence[InboxItem]:
        return [
            InboxItem(id=row.item_id, message=message_of(row), state=DeliveryState(row.state))
            for row in self._run(query)
        ]


def _granted(quota: Quota) -> Mapping[str, object]:
    return {"of_app": quota.app_id, "since": quota.since, "most": quota.messages}


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the delivery in a row that has the UID of its reader, too."""
    return Delivery(
        id=row.id,
        uid=row.uid,
        channel=row.channel,
        state=DeliveryState(row.state),
        reason=row.reason,
        sent_at=row.sent_at,
        shown_at=row.shown_at,
        opened_at=row.opened_at,
    )


def _inbox_of(subscriber_id: int) -> Select[Any]:
    return _inbox_query.where(
        deliveries.c.subscriber_id == subscriber_id,
        deliveries.c.channel == INBOX,
        has_not_failed(deliveries),
        messages.c.deleted_at.is_(None),
    )


def _newest(subscriber_id: int, count: int) -> Select[Any]:
    ours = (deliveries.c.subscriber_id == subscriber_id, deliveries.c.channel == INBOX)
    return select(deliveries.c.id).where(*ours).order_by(deliveries.c.id.desc()).limit(count)


def _matching(search: InboxSearch) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.text:
        conditions.append(
            or_(dialect.contains(messages.c.summary, search.text), dialect.contains(messages.c.content, search.text))
        )
    if search.topic_id is not None:
        sent_to = and_(targets.c.topic_id == search.topic_id, targets.c.message_id == messages.c.id)
        conditions.append(exists().where(sent_to).correlate(messages))
    if search.app_id is not None:
        conditions.append(messages.c.app_id == search.app_id)
    return conditions


def _reached(*, only: _Only | None = None) -> CompoundSelect[Any]:
    """
    Ask for whom the good targets of `message_ids` reach.

    Args:
        only: gives the conditions on a subscriber's id: inside, they bound the search and not just its result.
            A topic's readers are then those who followed by a given time.
    """
    good = (targets.c.message_id.in_(dialect.numbers_of("message_ids")), targets.c.code == GOOD)
    by_topic = (
        select(targets.c.message_id, subscriptions.c.subscriber_id)
        .join(subscriptions, subscriptions.c.topic_id == targets.c.topic_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            *good,
            subscriptions.c.state == SubscriptionState.FOLLOWING,
            subscriptions.c.is_receiving == true(),
            subscribers.c.is_receiving == true(),
        )
    )
    by_uid = (
        select(targets.c.message_id, subscribers.c.id)
        .join(subscribers, subscribers.c.uid == targets.c.uid)
        .where(*good)
    )
    if only is not None:
        by_topic = by_topic.where(*only(subscriptions.c.subscriber_id), subscriptions.c.created_at <= _followed_by)
        by_uid = by_uid.where(*only(subscribers.c.id))
    return union(by_topic, by_uid)


def _in_range(id_: Column[int]) -> Sequence[ColumnElement[bool]]:
    return id_ > bindparam("after"), id_ <= bindparam("until")


def _listed(id_: Column[int]) -> Sequence[ColumnElement[bool]]:
    return (id_.in_(dialect.numbers_of("ids")),)


_followed_by: Final = bindparam("followed_by", type_=subscriptions.c.created_at.type)
# In words, for SQLAlchemy leaves out the names of tables from what SQLite returns, within a subquery too.
_has_address: Final = literal_column(
    "EXISTS (SELECT * FROM addresses WHERE addresses.subscriber_id = deliveries.subscriber_id)", Boolean
)


def _full() -> Select[Any]:
    """Ask for the subscribers who have all that a quota grants, `message_ids` not counted."""
    return (
        select(deliveries.c.subscriber_id)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .where(
            messages.c.app_id == bindparam("of_app"),
            messages.c.created_at > bindparam("since"),
            messages.c.id.not_in(dialect.numbers_of("message_ids")),
            has_not_failed(deliveries),
        )
        .group_by(deliveries.c.subscriber_id)
        .having(func.count(deliveries.c.message_id.distinct()) >= bindparam("most"))
    )


def _fan_out_statement(found: CompoundSelect[Any], *, within_quota: bool) -> ReturningInsert[Any]:
    reached = found.subquery()
    is_over = reached.c.subscriber_id.in_(_full()) if within_quota else false()
    rows = select(
        reached.c.message_id,
        reached.c.subscriber_id,
        literal(INBOX),
        case((is_over, str(DeliveryState.FAILED)), else_=str(DeliveryState.SENT)),
        case((is_over, OVER_LIMIT), else_=null()),
        bindparam("now", type_=deliveries.c.sent_at.type),
    ).order_by(reached.c.message_id, reached.c.subscriber_id)
    return (
        dialect.insert(deliveries)
        .from_select(["message_id", "subscriber_id", "channel", "state", "reason", "sent_at"], rows)
        .on_conflict_do_nothing()
        .returning(deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.reason)
    )


# Each send uses one of these, and hardly any process all: to build one anew costs more than to run it.
@cache
def _fan_out(*, within_quota: bool) -> ReturningInsert[Any]:
    return _fan_out_statement(_reached(), within_quota=within_quota).returning(_has_address)


@cache
def _fan_out_to(only: _Only, *, within_quota: bool) -> ReturningInsert[Any]:
    return _fan_out_statement(_reached(only=only), within_quota=within_quota)


@cache
def _full_of() -> Select[Any]:
    return select(subscribers.c.uid).where(
        subscribers.c.uid.in_(dialect.texts_of("uids")), subscribers.c.id.in_(_full())
    )


# An item's id is that of the delivery to the inbox; what was sent over other channels is the same message.
_of_item: Final = and_(
    deliveries.c.subscriber_id == bindparam("of_subscriber"),
    deliveries.c.message_id
    == select(_item.c.message_id)
    .where(_item.c.id == bindparam("item_id"), _item.c.subscriber_id == bindparam("of_subscriber"))
    .scalar_subquery(),
)
_of_items: Final = (
    _item.c.id.in_(dialect.numbers_of("item_ids")),
    _item.c.subscriber_id == bindparam("of_subscriber"),
    deliveries.c.message_id == _item.c.message_id,
    deliveries.c.subscriber_id == _item.c.subscriber_id,
)
_note_shown: Final = noting(DeliveryState.SHOWN, *_of_items, deliveries.c.state == DeliveryState.SENT)
_note_opened: Final = noting(
    DeliveryState.OPENED, *_of_items, deliveries.c.state.in_([DeliveryState.SENT, DeliveryState.SHOWN])
)
_note_over: Final = noting(DeliveryState.FAILED, deliveries.c.id.in_(dialect.numbers_of("ids")))
_now: Final = bindparam("at", type_=deliveries.c.shown_at.type)
_mark_shown: Final = (
    update(deliveries)
    .where(_of_item, deliveries.c.state == DeliveryState.SENT)
    .values(state=DeliveryState.SHOWN, shown_at=_now, look_at=None)
)
_mark_opened: Final = (
    update(deliveries)
    # No IN: one statement for many items takes no list.
    .where(_of_item, or_(deliveries.c.state == DeliveryState.SENT, deliveries.c.state == DeliveryState.SHOWN))
    .values(
        state=DeliveryState.OPENED,
        shown_at=func.coalesce(deliveries.c.shown_at, _now),
        opened_at=_now,
        look_at=None,
    )
)
