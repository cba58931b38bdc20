"""
The statements of the queue of handovers, and of the deliveries that hang on it.

Each send and each turn of the deliverer uses these: building a statement anew costs more than running it.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)

from watcher.core.channels import ChannelName
from watcher.core.handovers import DELETED, SENDER_BLOCKED
from watcher.core.push import GOOD, SEEN_STATES, SIMPLE_APP_KEY, DeliveryState, SubscriptionState
from watcher.store.push import dialect
from watcher.store.push.addresses import address_columns
from watcher.store.push.delivery_events import noting
from watcher.store.push.subscribers import preference_columns
from watcher.store.push.tables import (
    Id,
    addresses,
    apps,
    deliveries,
    handovers,
    has_not_failed,
    messages,
    subscribers,
    subscriptions,
    targets,
    topics,
)

WANTED: Final = 0
MUTED: Final = 1
UNWANTED: Final = 2
"""What a subscriber wishes of a message."""

_inbox: Final = deliveries.alias("inbox")
_older: Final = handovers.alias("older")
_INSTANT: Final = handovers.c.due_at.type
_is_queued: Final = deliveries.c.state == DeliveryState.QUEUED
_waits: Final = exists().where(handovers.c.delivery_id == deliveries.c.id).correlate(deliveries)
_of_message: Final = bindparam("message_id", type_=deliveries.c.id.type)
_new_delivery: Final = ["message_id", "subscriber_id", "channel", "state", "look_at"]
_new_handover: Final = ["delivery_id", "address_id", "lane", "due_at", "expires_at", "planned_at"]


def _is_usable(channel: ColumnElement[str]) -> ColumnElement[bool]:
    return channel.in_(dialect.texts_of("channels"))


def _in_range(column: Column[int]) -> ColumnElement[bool]:
    return and_(column > bindparam("after"), column <= bindparam("until"))


def _is_carried() -> ColumnElement[bool]:
    """
    Ask whether another server brings the message to this reader, by a topic of it that the reader follows there.

    It does as long as the topic has a mirror there.
    """
    mirrors, there = subscriptions.alias("mirrors"), addresses.alias("there")
    mirrored = (
        select(mirrors.c.topic_id)
        .join(there, there.c.subscriber_id == mirrors.c.subscriber_id)
        .where(there.c.channel == ChannelName.UPSTREAM, there.c.value.between("TOPIC_", "TOPIC_~"))
    )
    return (
        exists()
        .where(
            subscriptions.c.subscriber_id == _inbox.c.subscriber_id,
            text("subscriptions.is_carried"),  # as the index has it: hardly anybody is in it
            targets.c.message_id == _inbox.c.message_id,
            targets.c.topic_id == subscriptions.c.topic_id,
            targets.c.code == GOOD,
            targets.c.topic_id.in_(mirrored),
        )
        .correlate(_inbox)
    )


def _queued_channel(*only: ColumnElement[bool]) -> Select[Any]:
    """Ask for the rows that queue a channel for readers who have a message in the inbox; `only` says which message."""
    return (
        select(
            _inbox.c.message_id,
            _inbox.c.subscriber_id,
            addresses.c.channel,
            literal(str(DeliveryState.QUEUED)),
            bindparam("look_at", type_=_INSTANT),
        )
        .select_from(_inbox)
        .join(addresses, addresses.c.subscriber_id == _inbox.c.subscriber_id)
        .where(
            _inbox.c.channel == ChannelName.INBOX,
            _is_usable(addresses.c.channel),
            ~_is_carried(),
            *only,
        )
    )


def _first_channels_statement() -> Insert:
    tried_first = addresses.alias("tried_first")
    first = (
        select(func.min(tried_first.c.place))
        .where(tried_first.c.subscriber_id == _inbox.c.subscriber_id, _is_usable(tried_first.c.channel))
        .correlate(_inbox)
        .scalar_subquery()
    )
    rows = _queued_channel(
        _inbox.c.message_id.in_(dialect.numbers_of("message_ids")),
        _in_range(_inbox.c.subscriber_id),
        has_not_failed(_inbox),
        addresses.c.place == first,
    )
    in_order = rows.distinct().order_by(_inbox.c.message_id, _inbox.c.subscriber_id)
    return insert(deliveries).from_select(_new_delivery, in_order)


def _next_channel_statement() -> Insert:
    tried = deliveries.alias("tried")
    is_tried = (
        exists()
        .where(
            tried.c.message_id == _inbox.c.message_id,
            tried.c.subscriber_id == _inbox.c.subscriber_id,
            tried.c.channel == addresses.c.channel,
        )
        .correlate(_inbox, addresses)
    )
    rows = _queued_channel(
        _inbox.c.message_id == _of_message,
        _inbox.c.subscriber_id == bindparam("of_subscriber"),
        _inbox.c.state == DeliveryState.SENT,
        ~is_tried,
    )
    return insert(deliveries).from_select(_new_delivery, rows.order_by(addresses.c.place, addresses.c.id).limit(1))


def _handovers_statement(*only: ColumnElement[bool]) -> Insert:
    """Queue deliveries for all addresses of their channel, where they are not queued yet; `only` says which."""
    rows = (
        select(
            deliveries.c.id,
            addresses.c.id,
            addresses.c.lane,
            bindparam("at", type_=_INSTANT),
            bindparam("expires_at", type_=_INSTANT),
            bindparam("at", type_=_INSTANT),
        )
        .select_from(deliveries)
        .join(
            addresses,
            and_(addresses.c.subscriber_id == deliveries.c.subscriber_id, addresses.c.channel == deliveries.c.channel),
        )
        .where(_is_queued, ~_waits, *only)
        .order_by(deliveries.c.id, addresses.c.id)
    )
    return insert(handovers).from_select(_new_handover, rows)


def _lanes_query() -> Select[Any]:
    """Ask for the lanes in which something is due, from one to the next: two looks into an index for each lane."""
    found = select(func.min(handovers.c.lane).label("lane")).cte("lanes", recursive=True)
    further = select(func.min(handovers.c.lane)).where(handovers.c.lane > found.c.lane).correlate(found)
    found = found.union_all(select(further.scalar_subquery()).where(found.c.lane.is_not(None)))
    is_due = exists().where(handovers.c.lane == found.c.lane, handovers.c.due_at <= bindparam("now", type_=_INSTANT))
    return select(found.c.lane).where(found.c.lane.is_not(None), is_due.correlate(found))


def _overview_query() -> Select[Any]:
    next_due = select(func.min(handovers.c.due_at)).where(handovers.c.due_at > bindparam("now", type_=_INSTANT))
    next_look = select(func.min(deliveries.c.look_at)).where(deliveries.c.look_at.is_not(None))
    return select(
        next_due.scalar_subquery().label("due_at"),
        next_look.scalar_subquery().label("look_at"),
        exists(select(handovers.c.id).where(handovers.c.lane.is_(None))).label("has_unsorted"),
    )


def _is_wanted(*, is_loud: bool) -> ColumnElement[bool]:
    """
    Ask whether the subscriber still follows what the message was sent to, or may be sent to by uid.

    With `is_loud` what is muted for a time does not count.

    What was sent to a topic that was removed since is wanted: nobody said otherwise.
    """
    outer = (deliveries, subscribers, messages, apps)
    follows = and_(
        subscriptions.c.subscriber_id == deliveries.c.subscriber_id,
        subscriptions.c.state == SubscriptionState.FOLLOWING,
        subscriptions.c.is_receiving == true(),
        *((_is_loud(),) if is_loud else ()),
    )
    of_message = and_(targets.c.message_id == deliveries.c.message_id, targets.c.code == GOOD)
    by_topic = exists().where(of_message, targets.c.topic_id == subscriptions.c.topic_id, follows)
    is_gone = and_(targets.c.topic_id.is_not(None), targets.c.topic_id.not_in(select(topics.c.id)))
    by_gone_topic = exists().where(of_message, is_gone)
    by_uid = exists().where(of_message, targets.c.uid == subscribers.c.uid)
    of_app = exists().where(subscriptions.c.app_id == messages.c.app_id, follows)
    may_send = or_(apps.c.key == SIMPLE_APP_KEY, of_app.correlate(*outer))
    return and_(
        subscribers.c.is_receiving == true(),
        messages.c.deleted_at.is_(None),
        or_(
            by_topic.correlate(*outer),
            by_gone_topic.correlate(*outer),
            and_(may_send, by_uid.correlate(*outer)),
        ),
    )


def _is_loud() -> ColumnElement[bool]:
    """Ask whether a subscription is not muted for a time."""
    muted_until = subscriptions.c.muted_until
    return or_(muted_until.is_(None), muted_until <= bindparam("now", type_=_INSTANT))


def _heads_query(*only: ColumnElement[bool]) -> Select[Any]:
    """Ask for the oldest handover of each address; `only` says of which."""
    is_behind = exists().where(_older.c.address_id == handovers.c.address_id, _older.c.id < handovers.c.id)
    picked = (
        select(handovers)
        .where(*only, ~is_behind.correlate(handovers))
        .order_by(handovers.c.due_at, handovers.c.id)
        .limit(bindparam("limit"))
        .subquery()
    )
    return (
        select(
            # In the order in which they are read: address, message, preferences, and the rest.
            *address_columns,
            deliveries.c.message_id,
            *preference_columns,
            picked.c.id.label("handover_id"),
            picked.c.delivery_id,
            picked.c.attempts,
            picked.c.expires_at,
            deliveries.c.subscriber_id.label("reader_id"),
            _inbox.c.id.label("item_id"),
            _inbox.c.sent_at,
            _inbox.c.state.label("inbox_state"),
            # Of one that is wanted the second question is not asked.
            case((_is_wanted(is_loud=True), WANTED), (_is_wanted(is_loud=False), MUTED), else_=UNWANTED).label("wish"),
        )
        .select_from(picked)
        .join(deliveries, deliveries.c.id == picked.c.delivery_id)
        .join(addresses, addresses.c.id == picked.c.address_id)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .join(apps, apps.c.id == messages.c.app_id)
        .join(_inbox, _inbox_of_delivery)
        .order_by(picked.c.due_at, picked.c.id)
    )


def _due_looks_query() -> Select[Any]:
    return (
        select(
            deliveries.c.id,
            deliveries.c.message_id,
            deliveries.c.subscriber_id,
            messages.c.created_at,
            _inbox.c.state.label("inbox_state"),
            *preference_columns,
        )
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .join(_inbox, _inbox_of_delivery)
        .where(deliveries.c.look_at <= bindparam("now", type_=_INSTANT))
        .order_by(deliveries.c.look_at)
        .limit(bindparam("limit"))
    )


_inbox_of_delivery: Final = and_(
    _inbox.c.message_id == deliveries.c.message_id,
    _inbox.c.subscriber_id == deliveries.c.subscriber_id,
    _inbox.c.channel == ChannelName.INBOX,
)
_of_delivery: Final = deliveries.c.id == bindparam("of_delivery")
_taken: Final = dialect.rows_of("taken", "id", "at", "look_at")
_next_look_at: Final = bindparam("next_look_at", type_=_INSTANT)

first_channels: Final = _first_channels_statement().execution_options(preserve_rowcount=True)
of_first_channels: Final = _handovers_statement(
    deliveries.c.message_id.in_(dialect.numbers_of("message_ids")), _in_range(deliveries.c.subscriber_id)
)
next_channel: Final = _next_channel_statement().execution_options(preserve_rowcount=True)
of_next_channel: Final = _handovers_statement(
    deliveries.c.message_id == _of_message, deliveries.c.subscriber_id == bindparam("of_subscriber")
)
lanes: Final = _lanes_query()
overview: Final = _overview_query()
unsorted: Final = select(*address_columns).where(
    addresses.c.id.in_(select(handovers.c.address_id).where(handovers.c.lane.is_(None)).limit(bindparam("limit")))
)
sort_addresses: Final = (
    update(addresses).where(addresses.c.id == bindparam("of_address")).values(lane=bindparam("in_lane"))
)
sort_handovers: Final = (
    update(handovers)
    .where(handovers.c.address_id == bindparam("of_address"), handovers.c.lane.is_(None))
    .values(lane=bindparam("in_lane"))
)
heads: Final = _heads_query(
    handovers.c.lane == bindparam("lane"),
    handovers.c.due_at <= bindparam("now", type_=_INSTANT),
    handovers.c.address_id.not_in(dialect.numbers_of("busy")),
)
heads_of: Final = _heads_query(handovers.c.address_id.in_(dialect.numbers_of("addresses")))
remove: Final = delete(handovers).where(handovers.c.id.in_(dialect.numbers_of("ids")))
note_sent: Final = noting(DeliveryState.SENT, deliveries.c.id.in_(dialect.numbers_of("ids")), _is_queued)
mark_sent: Final = (
    update(deliveries)
    .where(deliveries.c.id == _taken.c.id, _is_queued)
    .values(state=DeliveryState.SENT, sent_at=_taken.c.at, look_at=_taken.c.look_at)
)
# A device may say that it showed a message before its relay has answered us.
_is_seen: Final = (
    deliveries.c.id.in_(dialect.numbers_of("ids")),
    _inbox_of_delivery,
    _inbox.c.state.in_(SEEN_STATES),
    deliveries.c.state == DeliveryState.SENT,
)
note_seen: Final = noting(_inbox.c.state, *_is_seen)
follow_inbox: Final = (
    update(deliveries)
    .where(*_is_seen)
    .values(state=_inbox.c.state, shown_at=_inbox.c.shown_at, opened_at=_inbox.c.opened_at, look_at=None)
)
wait: Final = (
    update(handovers)
    .where(handovers.c.id == bindparam("of_handover"))
    .values(
        attempts=bindparam("attempts_made"),
        due_at=bindparam("again_at", type_=_INSTANT),
        planned_at=bindparam("at", type_=_INSTANT),
    )
)
# What is behind one that waits cannot go either, so it need not be looked at. One that was fetched meanwhile is gone.
wait_behind: Final = (
    update(handovers)
    .where(
        handovers.c.address_id == bindparam("of_address"),
        handovers.c.due_at < bindparam("again_at", type_=_INSTANT),
        exists().where(_older.c.id == bindparam("of_handover")),
    )
    .values(due_at=bindparam("again_at", type_=_INSTANT), planned_at=bindparam("at", type_=_INSTANT))
)
note_failed: Final = noting(DeliveryState.FAILED, deliveries.c.id.in_(dialect.numbers_of("ids")), _is_queued, ~_waits)
mark_failed: Final = (
    update(deliveries)
    .where(_of_delivery, _is_queued, ~_waits)
    .values(state=DeliveryState.FAILED, reason=bindparam("why"), look_at=None)
)
failed_of: Final = (
    select(deliveries.c.id, deliveries.c.message_id, deliveries.c.subscriber_id)
    .where(
        deliveries.c.id.in_(dialect.numbers_of("ids")),
        deliveries.c.state == DeliveryState.FAILED,
        deliveries.c.reason != DELETED,
        deliveries.c.reason != SENDER_BLOCKED,
    )
    .order_by(deliveries.c.id)
)
_is_withdrawn: Final = (deliveries.c.message_id == bindparam("of_message", type_=Id), _is_queued)
_is_of_account: Final = deliveries.c.message_id.in_(
    select(messages.c.id)
    .join(apps, apps.c.id == messages.c.app_id)
    .where(apps.c.account_id == bindparam("of_account", type_=Id))
)
_is_blocked: Final = (_is_of_account, _is_queued)
note_blocked: Final = noting(DeliveryState.FAILED, *_is_blocked)
forget_blocked: Final = delete(handovers).where(
    handovers.c.delivery_id.in_(select(deliveries.c.id).where(*_is_blocked))
)
block: Final = (
    update(deliveries).where(*_is_blocked).values(state=DeliveryState.FAILED, reason=SENDER_BLOCKED, look_at=None)
)
look_no_more: Final = update(deliveries).where(deliveries.c.look_at.is_not(None), _is_of_account).values(look_at=None)
note_withdrawn: Final = noting(DeliveryState.FAILED, *_is_withdrawn)
withdraw: Final = update(deliveries).where(*_is_withdrawn).values(state=DeliveryState.FAILED, reason=DELETED)
due_looks: Final = _due_looks_query()
look_again: Final = update(deliveries).where(_of_delivery).values(look_at=_next_look_at)
mend_due: Final = (
    update(handovers)
    .where(
        handovers.c.due_at > bindparam("now", type_=_INSTANT),
        or_(
            handovers.c.due_at > bindparam("too_far", type_=_INSTANT),
            handovers.c.planned_at > bindparam("now", type_=_INSTANT),
        ),
    )
    .values(due_at=bindparam("now", type_=_INSTANT), planned_at=bindparam("now", type_=_INSTANT))
)
mend_looks: Final = (
    update(deliveries)
    .where(deliveries.c.look_at > bindparam("too_far", type_=_INSTANT))
    .values(look_at=bindparam("until", type_=_INSTANT))
)
put_off: Final = (
    update(deliveries)
    .where(deliveries.c.look_at <= bindparam("now", type_=_INSTANT))
    .values(look_at=bindparam("until", type_=_INSTANT))
)
