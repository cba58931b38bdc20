"""
Handovers: the queue of what is to be handed to addresses, and the deliveries that hang on it.

A reader's first channel is queued in the transaction that fills the inbox, a further one in the transaction that
settles why. A handover is removed by the transaction that says what became of it, and by nothing else: what a kill
left behind is handed over again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Insert,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from watcher.core.channels import Address, ChannelName
from watcher.core.handovers import (
    ADDRESS_LOST,
    LONGEST_WAIT,
    WORTH_TELLING,
    GivenUp,
    Handover,
    Look,
    Looked,
    Settled,
    Taken,
    Waiting,
)
from watcher.core.pace import FAILOVER_AFTER
from watcher.core.push import SIMPLE_APP_KEY, DeliveryState, Message, SubscriptionState
from watcher.store.push.addresses import Addresses, address_of
from watcher.store.push.messages import message_of, message_query
from watcher.store.push.records import GOOD
from watcher.store.push.rows import Rows
from watcher.store.push.subscribers import preferences_of
from watcher.store.push.tables import (
    addresses,
    apps,
    deliveries,
    handovers,
    messages,
    subscribers,
    subscriptions,
    targets,
)

EVERY_CHANNEL: Final = tuple(name for name in ChannelName if name is not ChannelName.INBOX)
DELETED: Final = "the message was deleted"
_LAST_ID: Final = 2**63 - 1
_SEEN: Final = (DeliveryState.SHOWN, DeliveryState.OPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """
    What there is to do.

    Attributes:
        lanes: those for which anything waits, due or not.
        has_unsorted: something waits for an address of which no lane is known.
        due_at: when the next that is not due yet will be; None: there is none.
        look_at: when to look next; None: never.
    """

    lanes: Sequence[str]
    has_unsorted: bool
    due_at: datetime | None
    look_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    """A delivery of which one address was given up."""

    delivery_id: int
    reason: str
    expires_at: datetime | None


class Handovers(Rows):
    """The queue, of all channels and addresses."""

    async def queue(
        self,
        message_id: int,
        *,
        after: int = 0,
        until: int | None = None,
        at: datetime,
        expires_at: datetime,
        channels: Collection[ChannelName] = EVERY_CHANNEL,
        failover_after: timedelta = FAILOVER_AFTER,
    ) -> bool:
        """
        Queue the message for the first channel of those who have it in the inbox; return whether anyone has one.

        Two statements whatever the number of readers, one where nobody has an address. Once for each reader.
        Who unfollows or switches off between this and the handing over gets nothing: it is asked again then.

        Args:
            after, until: readers with a subscriber id above the one, up to the other; None: up to the last.
            expires_at: after this it is handed to nobody.
            channels: those that may be used.
            failover_after: when the next channel takes over, if nothing was shown.
        """
        if not channels:
            return False
        readers = {"message_id": message_id, "after": after, "until": _LAST_ID if until is None else until}
        usable = {"channels": json.dumps([*channels]), "look_at": at + failover_after}
        made = await self._connection.execute(_first_channels, readers | usable)
        if made.rowcount:
            await self._connection.execute(_of_first_channels, readers | {"at": at, "expires_at": expires_at})
        return bool(made.rowcount)

    async def overview(self, *, now: datetime) -> Overview:
        """Return what there is to do, in two statements."""
        lanes = (await self._connection.scalars(_lanes)).all()
        row = (await self._connection.execute(_overview, {"now": now})).one()
        return Overview(lanes=lanes, has_unsorted=row.has_unsorted, due_at=row.due_at, look_at=row.look_at)

    async def unsorted(self, *, limit: int) -> Sequence[Address]:
        """Return addresses for which something waits and of which no lane is known."""
        return [address_of(row) for row in await self._connection.execute(_unsorted, {"limit": limit})]

    async def sort(self, lanes: Mapping[int, str], *, is_lasting: bool = True) -> None:
        """
        Note which lane each of these addresses is in, by id.

        Args:
            is_lasting: what will be queued is in it too; else that is asked again.
        """
        rows = [{"of_address": address_id, "in_lane": lane} for address_id, lane in lanes.items()]
        if rows and is_lasting:
            await self._connection.execute(_sort_addresses, rows)
        if rows:
            await self._connection.execute(_sort_handovers, rows)

    async def heads(self, lane: str, *, limit: int, now: datetime, busy: Collection[int] = ()) -> Sequence[Handover]:
        """
        Return what is due in a lane, the oldest one of each address, the longest due first.

        Args:
            busy: ids of addresses that are passed over.
        """
        asked = {"lane": lane, "now": now, "busy": list(busy), "limit": limit}
        rows = (await self._connection.execute(_heads, asked)).all()
        if not rows:
            return []
        # A message has up to 64 KB and many readers: once is enough.
        found = await self._connection.execute(_messages, {"ids": list({row.message_id for row in rows})})
        known = {row.id: (message_of(row), row.collapse_key) for row in found}
        return [_handover(row, *known[row.message_id]) for row in rows]

    async def settle(
        self, settled: Sequence[Settled], *, at: datetime, channels: Collection[ChannelName], failover_after: timedelta
    ) -> None:
        """
        Save what became of these; those that are not in the queue any more are passed over.

        A delivery that none of its addresses took has failed, and goes on to the next of the channels.
        """
        taken = [(each.handover, each.outcome) for each in settled if isinstance(each.outcome, Taken)]
        waiting = [(each.handover, each.outcome) for each in settled if isinstance(each.outcome, Waiting)]
        given_up = [(each.handover, each.outcome) for each in settled if isinstance(each.outcome, GivenUp)]
        await self._remove([handover.id for handover, _ in (*taken, *given_up)])
        await self._note_taken(taken)
        await self._let_wait(waiting)
        failures = await self._note_given_up(given_up, at=at)
        await self._fail(failures, at=at, channels=channels, look_at=at + failover_after)

    async def looks(self, *, now: datetime, limit: int) -> Sequence[Look]:
        """Return deliveries of which it is time to look whether they were shown, the longest due first."""
        return [_look(row) for row in await self._connection.execute(_due_looks, {"now": now, "limit": limit})]

    async def settle_looks(
        self,
        looked: Sequence[Looked],
        *,
        at: datetime,
        channels: Collection[ChannelName],
        failover_after: timedelta,
    ) -> None:
        """Save what was found; deliveries that wait for no address any more have failed."""
        if not looked:
            return
        await self._connection.execute(
            _look_again, [{"of_delivery": each.look.delivery_id, "next_look_at": each.look_at} for each in looked]
        )
        lost = [_Failure(delivery_id=each.look.delivery_id, reason=ADDRESS_LOST, expires_at=None) for each in looked]
        await self._fail(lost, at=at, channels=channels, look_at=at + failover_after)
        next_ = [
            _step(each.look.message_id, each.look.subscriber_id, each.look.sent_at + WORTH_TELLING)
            for each in looked
            if each.goes_on
        ]
        await self._go_on(next_, at=at, channels=channels, look_at=at + failover_after)

    async def mend(self, *, now: datetime) -> None:
        """Bring near what is further away than any wait of ours: the clock was wrong when it was written."""
        moved = {"now": now, "too_far": now + LONGEST_WAIT}
        await self._connection.execute(_mend_due, moved)
        await self._connection.execute(_mend_looks, moved)

    async def put_off_looks(self, *, now: datetime, until: datetime) -> None:
        """Look no sooner than then at what is due now."""
        await self._connection.execute(_put_off, {"now": now, "until": until})

    async def withdraw(self, message_id: int) -> None:
        """Hand this message over no more, for it was deleted."""
        await self.forget([message_id])
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.message_id == message_id, deliveries.c.state == DeliveryState.QUEUED)
            .values(state=DeliveryState.FAILED, reason=DELETED)
        )
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.message_id == message_id, deliveries.c.look_at.is_not(None))
            .values(look_at=None)
        )

    async def forget(self, message_ids: Collection[int]) -> None:
        """Remove what waits of these messages."""
        of_these = select(deliveries.c.id).where(deliveries.c.message_id.in_(message_ids))
        await self._connection.execute(delete(handovers).where(handovers.c.delivery_id.in_(of_these)))

    async def _remove(self, ids: Sequence[int]) -> None:
        if ids:
            await self._connection.execute(_delete, {"ids": ids})

    async def _note_taken(self, taken: Sequence[tuple[Handover, Taken]]) -> None:
        if not taken:
            return
        await self._connection.execute(
            _mark_sent,
            [
                {"of_delivery": handover.delivery_id, "at": outcome.at, "next_look_at": outcome.look_at}
                for handover, outcome in taken
            ],
        )
        await self._connection.execute(_follow_inbox, {"ids": [handover.delivery_id for handover, _ in taken]})
        for handover, _ in taken:
            if handover.address.strikes:
                await self._addresses.strike(handover.address.id, strikes=0, at=None)

    async def _let_wait(self, waiting: Sequence[tuple[Handover, Waiting]]) -> None:
        if not waiting:
            return
        rows = [
            {
                "of_handover": handover.id,
                "of_address": handover.address.id,
                "attempts_made": outcome.attempts,
                "again_at": outcome.due_at,
            }
            for handover, outcome in waiting
        ]
        await self._connection.execute(_wait, rows)
        await self._connection.execute(_wait_behind, rows)

    async def _note_given_up(self, given_up: Sequence[tuple[Handover, GivenUp]], *, at: datetime) -> Sequence[_Failure]:
        failures: list[_Failure] = []
        for handover, outcome in given_up:
            expires_at = handover.expires_at if outcome.goes_on else None
            if outcome.strikes is not None:
                await self._addresses.strike(handover.address.id, strikes=outcome.strikes, at=at)
            if outcome.is_address_gone:
                failures += await self._drop(handover.address.id, outcome.reason)
            failures.append(_Failure(delivery_id=handover.delivery_id, reason=outcome.reason, expires_at=expires_at))
        return failures

    async def _drop(self, address_id: int, reason: str) -> Sequence[_Failure]:
        """Drop an address; return what waited for it."""
        rows = await self._connection.execute(
            select(handovers.c.delivery_id, handovers.c.expires_at).where(handovers.c.address_id == address_id)
        )
        lost = [_Failure(delivery_id=row.delivery_id, reason=reason, expires_at=row.expires_at) for row in rows]
        await self._addresses.remove(address_id)
        return lost

    async def _fail(
        self, failures: Sequence[_Failure], *, at: datetime, channels: Collection[ChannelName], look_at: datetime
    ) -> None:
        """Let those deliveries have failed for which no address is left; those with a time left go on."""
        if not failures:
            return
        await self._connection.execute(
            _mark_failed, [{"of_delivery": each.delivery_id, "why": each.reason} for each in failures]
        )
        times = {each.delivery_id: each.expires_at for each in failures if each.expires_at is not None}
        failed = await self._connection.execute(_failed_of, {"ids": list(times)}) if times else ()
        steps = [_step(row.message_id, row.subscriber_id, times[row.id]) for row in failed]
        await self._go_on(steps, at=at, channels=channels, look_at=look_at)

    async def _go_on(
        self,
        steps: Sequence[Mapping[str, object]],
        *,
        at: datetime,
        channels: Collection[ChannelName],
        look_at: datetime,
    ) -> None:
        """Queue the next channel of each, if it has one that was not tried yet and has not seen the message."""
        if not steps or not channels:
            return
        usable = {"channels": json.dumps([*channels]), "look_at": look_at}
        made = await self._connection.execute(_next_channel, [{**step, **usable} for step in steps])
        if made.rowcount:
            await self._connection.execute(_of_next_channel, [{**step, "at": at} for step in steps])

    @property
    def _addresses(self) -> Addresses:
        return Addresses(self._connection)


def _step(message_id: int, subscriber_id: int, expires_at: datetime) -> Mapping[str, object]:
    return {"message_id": message_id, "of_subscriber": subscriber_id, "expires_at": expires_at}


def _handover(row: Row[Any], message: Message, collapse_key: str | None) -> Handover:
    return Handover(
        id=row.handover_id,
        delivery_id=row.delivery_id,
        subscriber_id=row.reader_id,
        address=address_of(row),
        item_id=row.item_id,
        message=message,
        collapse_key=collapse_key,
        preferences=preferences_of(row),
        attempts=row.attempts,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        is_seen=row.inbox_state in _SEEN,
        is_wanted=row.is_wanted,
    )


def _look(row: Row[Any]) -> Look:
    return Look(
        delivery_id=row.id,
        message_id=row.message_id,
        subscriber_id=row.subscriber_id,
        is_seen=row.inbox_state in _SEEN,
        sent_at=row.created_at,
        quiet=preferences_of(row).quiet,
    )


# Each send and each turn of the deliverer uses these: building a statement anew costs more than running it.
_inbox: Final = deliveries.alias("inbox")
_older: Final = handovers.alias("older")
_INSTANT: Final = handovers.c.due_at.type
_wants: Final = (subscribers.c.channel_order, subscribers.c.quiet_hours, subscribers.c.lang)
_is_queued: Final = deliveries.c.state == DeliveryState.QUEUED
_waits: Final = exists().where(handovers.c.delivery_id == deliveries.c.id).correlate(deliveries)
_is_usable: Final = addresses.c.channel.in_(select(func.json_each(bindparam("channels")).table_valued("value").c.value))
_message_id: Final = bindparam("message_id", type_=deliveries.c.id.type)
_new_delivery: Final = ["message_id", "subscriber_id", "channel", "state", "look_at"]
_new_handover: Final = ["delivery_id", "address_id", "lane", "due_at", "expires_at"]


def _in_range(column: Column[int]) -> ColumnElement[bool]:
    return and_(column > bindparam("after"), column <= bindparam("until"))


def _queued_channel(*only: ColumnElement[bool]) -> Select[Any]:
    """Ask for the rows that queue a channel for readers who have the message in the inbox."""
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
        .where(_inbox.c.message_id == _message_id, _inbox.c.channel == ChannelName.INBOX, _is_usable, *only)
    )


def _first_channels_statement() -> Insert:
    tried_first = addresses.alias("tried_first")
    usable = tried_first.c.channel.in_(select(func.json_each(bindparam("channels")).table_valued("value").c.value))
    first = (
        select(func.min(tried_first.c.place))
        .where(tried_first.c.subscriber_id == _inbox.c.subscriber_id, usable)
        .correlate(_inbox)
        .scalar_subquery()
    )
    rows = _queued_channel(
        _in_range(_inbox.c.subscriber_id), _inbox.c.state != DeliveryState.FAILED, addresses.c.place == first
    )
    return insert(deliveries).from_select(_new_delivery, rows.distinct().order_by(_inbox.c.subscriber_id))


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
        _inbox.c.subscriber_id == bindparam("of_subscriber"), _inbox.c.state == DeliveryState.SENT, ~is_tried
    )
    return insert(deliveries).from_select(_new_delivery, rows.order_by(addresses.c.place, addresses.c.id).limit(1))


def _handovers_statement(only: ColumnElement[bool]) -> Insert:
    """Queue deliveries of a message for all addresses of their channel, where they are not queued yet."""
    rows = (
        select(
            deliveries.c.id,
            addresses.c.id,
            addresses.c.lane,
            bindparam("at", type_=_INSTANT),
            bindparam("expires_at", type_=_INSTANT),
        )
        .select_from(deliveries)
        .join(
            addresses,
            and_(addresses.c.subscriber_id == deliveries.c.subscriber_id, addresses.c.channel == deliveries.c.channel),
        )
        .where(deliveries.c.message_id == _message_id, _is_queued, ~_waits, only)
        .order_by(deliveries.c.id, addresses.c.id)
    )
    return insert(handovers).from_select(_new_handover, rows)


def _lanes_query() -> Select[Any]:
    """Ask for the lanes, from one to the next: so many looks into an index as there are lanes."""
    found = select(func.min(handovers.c.lane).label("lane")).cte("lanes", recursive=True)
    further = select(func.min(handovers.c.lane)).where(handovers.c.lane > found.c.lane).correlate(found)
    found = found.union_all(select(further.scalar_subquery()).where(found.c.lane.is_not(None)))
    return select(found.c.lane).where(found.c.lane.is_not(None))


def _overview_query() -> Select[Any]:
    next_due = select(func.min(handovers.c.due_at)).where(handovers.c.due_at > bindparam("now", type_=_INSTANT))
    next_look = select(func.min(deliveries.c.look_at)).where(deliveries.c.look_at.is_not(None))
    return select(
        next_due.scalar_subquery().label("due_at"),
        next_look.scalar_subquery().label("look_at"),
        exists(select(handovers.c.id).where(handovers.c.lane.is_(None))).label("has_unsorted"),
    )


def _is_wanted() -> ColumnElement[bool]:
    """Ask whether the subscriber still follows what the message was sent to, or may be sent to by uid."""
    outer = (deliveries, subscribers, messages, apps)
    follows = and_(
        subscriptions.c.subscriber_id == deliveries.c.subscriber_id,
        subscriptions.c.state == SubscriptionState.FOLLOWING,
        subscriptions.c.is_receiving == true(),
    )
    of_message = and_(targets.c.message_id == deliveries.c.message_id, targets.c.code == GOOD)
    by_topic = exists().where(of_message, targets.c.topic_id == subscriptions.c.topic_id, follows)
    by_uid = exists().where(of_message, targets.c.uid == subscribers.c.uid)
    of_app = exists().where(subscriptions.c.app_id == messages.c.app_id, follows)
    may_send = or_(apps.c.key == SIMPLE_APP_KEY, of_app.correlate(*outer))
    return and_(
        subscribers.c.is_receiving == true(),
        messages.c.deleted_at.is_(None),
        or_(by_topic.correlate(*outer), and_(may_send, by_uid.correlate(*outer))),
    )


def _heads_query() -> Select[Any]:
    is_behind = exists().where(_older.c.address_id == handovers.c.address_id, _older.c.id < handovers.c.id)
    picked = (
        select(handovers)
        .where(
            handovers.c.lane == bindparam("lane"),
            handovers.c.due_at <= bindparam("now", type_=_INSTANT),
            handovers.c.address_id.not_in(bindparam("busy", expanding=True)),
            ~is_behind.correlate(handovers),
        )
        .order_by(handovers.c.due_at, handovers.c.id)
        .limit(bindparam("limit"))
        .subquery()
    )
    return (
        select(
            addresses,
            picked.c.id.label("handover_id"),
            picked.c.delivery_id,
            picked.c.attempts,
            picked.c.expires_at,
            deliveries.c.subscriber_id.label("reader_id"),
            deliveries.c.message_id,
            _inbox.c.id.label("item_id"),
            _inbox.c.sent_at,
            _inbox.c.state.label("inbox_state"),
            *_wants,
            _is_wanted().label("is_wanted"),
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
            *_wants,
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
_ids: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_of_delivery: Final = deliveries.c.id == bindparam("of_delivery")
_next_look_at: Final = bindparam("next_look_at", type_=_INSTANT)

_first_channels: Final = _first_channels_statement()
_of_first_channels: Final = _handovers_statement(_in_range(deliveries.c.subscriber_id))
_next_channel: Final = _next_channel_statement()
_of_next_channel: Final = _handovers_statement(deliveries.c.subscriber_id == bindparam("of_subscriber"))
_lanes: Final = _lanes_query()
_overview: Final = _overview_query()
_unsorted: Final = select(addresses).where(
    addresses.c.id.in_(select(handovers.c.address_id).where(handovers.c.lane.is_(None)).limit(bindparam("limit")))
)
_sort_addresses: Final = (
    update(addresses).where(addresses.c.id == bindparam("of_address")).values(lane=bindparam("in_lane"))
)
_sort_handovers: Final = (
    update(handovers)
    .where(handovers.c.address_id == bindparam("of_address"), handovers.c.lane.is_(None))
    .values(lane=bindparam("in_lane"))
)
_heads: Final = _heads_query()
_messages: Final = message_query.where(messages.c.id.in_(_ids))
_delete: Final = delete(handovers).where(handovers.c.id.in_(_ids))
_mark_sent: Final = (
    update(deliveries)
    .where(_of_delivery, _is_queued)
    .values(state=DeliveryState.SENT, sent_at=bindparam("at", type_=_INSTANT), look_at=_next_look_at)
)
# A device may say that it showed a message before its relay has answered us.
_follow_inbox: Final = (
    update(deliveries)
    .where(deliveries.c.id.in_(_ids), _inbox_of_delivery, _inbox.c.state.in_(_SEEN))
    .where(deliveries.c.state == DeliveryState.SENT)
    .values(state=_inbox.c.state, shown_at=_inbox.c.shown_at, opened_at=_inbox.c.opened_at, look_at=None)
)
_wait: Final = (
    update(handovers)
    .where(handovers.c.id == bindparam("of_handover"))
    .values(attempts=bindparam("attempts_made"), due_at=bindparam("again_at", type_=_INSTANT))
)
# What is behind one that waits cannot go either, so it need not be looked at.
_wait_behind: Final = (
    update(handovers)
    .where(
        handovers.c.address_id == bindparam("of_address"), handovers.c.due_at < bindparam("again_at", type_=_INSTANT)
    )
    .values(due_at=bindparam("again_at", type_=_INSTANT))
)
_mark_failed: Final = (
    update(deliveries)
    .where(_of_delivery, _is_queued, ~_waits)
    .values(state=DeliveryState.FAILED, reason=bindparam("why"), look_at=None)
)
_failed_of: Final = select(deliveries.c.id, deliveries.c.message_id, deliveries.c.subscriber_id).where(
    deliveries.c.id.in_(_ids), deliveries.c.state == DeliveryState.FAILED, deliveries.c.reason != DELETED
)
_due_looks: Final = _due_looks_query()
_look_again: Final = update(deliveries).where(_of_delivery).values(look_at=_next_look_at)
_mend_due: Final = (
    update(handovers)
    .where(handovers.c.due_at > bindparam("too_far", type_=_INSTANT))
    .values(due_at=bindparam("now", type_=_INSTANT))
)
_mend_looks: Final = (
    update(deliveries)
    .where(deliveries.c.look_at > bindparam("too_far", type_=_INSTANT))
    .values(look_at=bindparam("now", type_=_INSTANT))
)
_put_off: Final = (
    update(deliveries)
    .where(deliveries.c.look_at <= bindparam("now", type_=_INSTANT))
    .values(look_at=bindparam("until", type_=_INSTANT))
)
