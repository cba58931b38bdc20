"""Messages as whoever sent them looks at them: whom each reached, over which ways, and whom it did not reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    ScalarSelect,
    Select,
    TextClause,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    union,
)

from watcher.core.channels import ChannelName
from watcher.core.message_log import (
    ChannelQueue,
    FailureCount,
    LoggedReader,
    LoggedTarget,
    LoggedWay,
    Reach,
    Repeat,
    Unreached,
)
from watcher.core.push import GOOD, SEEN_STATES, DeliveryState, Message, Slice, SubscriptionState
from watcher.store.push import dialect
from watcher.store.push.deliveries import delivery_of
from watcher.store.push.messages import message_of, message_query
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import (
    deliveries,
    delivery_events,
    fan_outs,
    handovers,
    messages,
    remarks,
    subscribers,
    subscriptions,
    targets,
    topics,
)

_SEEN: Final = tuple(SEEN_STATES)
_STATES: Final = tuple(state for state in DeliveryState if state is not DeliveryState.SENT)
_EACH: Final = dialect.elements_of("message_ids")


def _number_of(*conditions: TextClause) -> ScalarSelect[int]:
    return select(func.count()).where(deliveries.c.message_id == _EACH.c.value, *conditions).scalar_subquery()


# Over indexes alone: a message of ten thousand readers is looked at each few seconds.
_by_state: Final = select(
    _EACH.c.value.label("message_id"),
    _number_of().label("number"),
    *(
        # As the partial index has it.
        _number_of(text(f"state = '{state}'"), text("state <> 'sent'")).label(state)
        for state in _STATES
    ),
)
_of_others: Final = (
    select(deliveries.c.message_id, deliveries.c.state, func.count().label("number"))
    .where(deliveries.c.message_id.in_(dialect.numbers_of("message_ids")), deliveries.c.channel != ChannelName.INBOX)
    .group_by(deliveries.c.message_id, deliveries.c.state)
)
_GETS: Final = (
    subscriptions.c.state == SubscriptionState.FOLLOWING,
    subscriptions.c.is_receiving == true(),
    subscribers.c.is_receiving == true(),
)
"""Of a subscription and its subscriber: messages come."""


class Missed(Struct, frozen=True, kw_only=True):
    """Somebody whom a message did not reach. `follows`: they would get what is sent to one of its topics now."""

    id: int
    uid: str
    follows: bool


class MessageLog(Rows):
    """What the log of messages asks."""

    def message(self, message_id: int) -> Message | None:
        """Return the message with this id, unless it was deleted."""
        return self._one(message_query.where(messages.c.id == message_id, messages.c.deleted_at.is_(None)), message_of)

    def app_of(self, message_id: int) -> int:
        """Return the id of the application that sent this message, a deleted one too; 0: there never was one."""
        row = self._first(select(messages.c.app_id).where(messages.c.id == message_id))
        return 0 if row is None else int(row.app_id)

    def reach(self, message_ids: Collection[int]) -> Mapping[int, Reach]:
        """Return whom each of these messages came to."""
        asked = {"message_ids": [*message_ids]}
        counts: dict[int, dict[tuple[bool, str], int]] = {}
        for row in self._run(_by_state, asked):
            others = {state: getattr(row, state) for state in _STATES}
            inbox = others | {DeliveryState.SENT: row.number - sum(others.values())}
            counts[row.message_id] = {(True, state): number for state, number in inbox.items()}
        for row in self._run(_of_others, asked):
            counts[row.message_id][False, row.state] = row.number
            counts[row.message_id][True, row.state] -= row.number
        under_way = self._under_way(message_ids)
        failing = [
            message_id
            for message_id, found in counts.items()
            if found.get((False, DeliveryState.FAILED)) and found[True, DeliveryState.SENT]
        ]
        unseen = self._failed_unseen(failing)
        return {
            message_id: _reach(found, unseen.get(message_id, 0), is_under_way=message_id in under_way)
            for message_id, found in counts.items()
        }

    def _under_way(self, message_ids: Collection[int]) -> set[int]:
        return set(
            self._connection.scalars(select(fan_outs.c.message_id).where(fan_outs.c.message_id.in_(message_ids)))
        )

    def _failed_unseen(self, message_ids: Collection[int]) -> Mapping[int, int]:
        """Return how many have one of these messages in the inbox unseen, while another channel failed."""
        if not message_ids:
            return {}
        other = deliveries.alias()
        query = (
            select(other.c.message_id, func.count(other.c.subscriber_id.distinct()).label("number"))
            .join(
                deliveries,
                and_(
                    deliveries.c.message_id == other.c.message_id,
                    deliveries.c.subscriber_id == other.c.subscriber_id,
                    deliveries.c.channel == ChannelName.INBOX,
                ),
            )
            .where(
                other.c.message_id.in_(message_ids),
                other.c.channel != ChannelName.INBOX,
                other.c.state == DeliveryState.FAILED,
                deliveries.c.state == DeliveryState.SENT,
            )
            .group_by(other.c.message_id)
        )
        return {row.message_id: row.number for row in self._run(query)}

    def first_uids(self, message_ids: Collection[int]) -> Mapping[int, str]:
        """Return, by message, the uid of the first target that is a person."""
        first = (
            select(func.min(targets.c.id))
            .where(targets.c.message_id.in_(message_ids), targets.c.uid.is_not(None))
            .group_by(targets.c.message_id)
        )
        query = select(targets.c.message_id, targets.c.uid).where(targets.c.id.in_(first))
        return {row.message_id: row.uid for row in self._run(query)}

    def targets(self, message_id: int, *, limit: int) -> Sequence[LoggedTarget]:
        """Return the targets of a message in the order asked, those that got nothing first."""
        query = (
            select(targets, topics.c.name.label("topic_name"))
            .outerjoin(topics, topics.c.id == targets.c.topic_id)
            .where(targets.c.message_id == message_id)
            .order_by(targets.c.code == GOOD, targets.c.id)
            .limit(limit)
        )
        return self._all(query, _target)

    def target_of(self, message_id: int, uid: str) -> LoggedTarget | None:
        """Return the target of a message that is this person."""
        query = select(targets, topics.c.name.label("topic_name")).outerjoin(topics, topics.c.id == targets.c.topic_id)
        return self._one(query.where(targets.c.message_id == message_id, targets.c.uid == uid).limit(1), _target)

    def readers(self, message: Message, cut: Slice, *, uid: str | None = None) -> Sequence[LoggedReader]:
        """Return a stretch of a message's readers by the id of the delivery to the inbox; with `uid` that one only."""
        of_message = select(deliveries.c.id).where(
            deliveries.c.message_id == message.id, deliveries.c.channel == ChannelName.INBOX
        )
        if uid is not None:
            of_message = of_message.where(
                deliveries.c.subscriber_id == select(subscribers.c.id).where(subscribers.c.uid == uid).scalar_subquery()
            )
        query = (
            select(deliveries.c.id, deliveries.c.subscriber_id, subscribers.c.uid, remarks.c.remark)
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .outerjoin(
                remarks,
                and_(remarks.c.app_id == message.app_id, remarks.c.subscriber_id == deliveries.c.subscriber_id),
            )
            .where(deliveries.c.id.in_(stretch(of_message, deliveries.c.id, cut)))
        )
        rows = self._run(stretch(query, deliveries.c.id, cut)).all()
        ways = self._ways(message.id, [row.subscriber_id for row in rows])
        return [
            LoggedReader(id=row.id, uid=row.uid, remark=row.remark or "", ways=ways[row.subscriber_id]) for row in rows
        ]

    def _ways(self, message_id: int, subscriber_ids: Collection[int]) -> Mapping[int, Sequence[LoggedWay]]:
        # Asked to order these, SQLite would go through all that somebody ever got.
        theirs = select(deliveries.c.id).where(
            deliveries.c.message_id == message_id, deliveries.c.subscriber_id.in_(subscriber_ids)
        )
        query = (
            select(
                deliveries,
                func.max(subscribers.c.uid).label("uid"),  # the only one: PostgreSQL has to be told
                func.max(handovers.c.attempts).label("attempts"),
                func.min(handovers.c.due_at).label("due_at"),
            )
            .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .outerjoin(handovers, handovers.c.delivery_id == deliveries.c.id)
            .where(deliveries.c.id.in_(theirs))
            .group_by(deliveries.c.id)
            .order_by(deliveries.c.id)
        )
        ways: defaultdict[int, list[LoggedWay]] = defaultdict(list)
        for row in self._run(query):
            way = LoggedWay(delivery=delivery_of(row), attempts=row.attempts or 0, due_at=row.due_at)
            ways[row.subscriber_id].append(way)
        return ways

    def missed(self, message: Message, *, again: str, is_repeat: bool) -> Sequence[Missed]:
        """
        Return those whom a message did not reach, in the order in which they came.

        | who | did it reach them? |
        |---|---|
        | has seen it | yes |
        | has it in the inbox, and another channel took it or will | yes |
        | has it in the inbox, and every other channel failed | no |
        | was over the daily limit | no |
        | was named, and refused | no |
        | followed one of its topics then, gets messages now, and was brought nothing | no |
        | was among the readers of a repeat | yes, unless it did not reach them either |

        A repeat was meant for its readers alone: nobody else missed it.

        Args:
            again: with what the idempotency keys of its repeats begin; of a repeat, those of the first message.
            is_repeat: it is one itself.
        """
        in_vain, *others = _missed_parts(message)
        repeats = select(messages.c.id).where(*_are_repeats(message, again))
        other = deliveries.alias("other_of_repeat")
        same = (other.c.message_id == deliveries.c.message_id, other.c.subscriber_id == deliveries.c.subscriber_id)
        had = exists().where(
            deliveries.c.message_id.in_(repeats),
            deliveries.c.subscriber_id == subscribers.c.id,
            or_(
                ~exists().where(*same, other.c.state == DeliveryState.FAILED),
                exists().where(*same, _has_reached(other)),
            ),
        )
        follows = exists().where(
            subscriptions.c.subscriber_id == subscribers.c.id,
            subscriptions.c.topic_id.in_(_topics_of(message.id)),
            *_GETS,
        )
        query = (
            select(subscribers.c.id, subscribers.c.uid, follows.label("follows"))
            .where(subscribers.c.id.in_(in_vain if is_repeat else union(in_vain, *others)), ~had)
            .order_by(subscribers.c.id)
        )
        return self._all(query, lambda row: Missed(id=row.id, uid=row.uid, follows=bool(row.follows)))

    def repeats(self, message: Message, *, again: str, limit: int) -> Sequence[Repeat]:
        """Return the last messages that sent this one again, in their order. `again`: as of `missed`."""
        query = select(messages.c.id, messages.c.created_at).where(*_are_repeats(message, again))
        found = self._run(query.order_by(messages.c.id.desc()).limit(limit)).all()
        return [Repeat(message_id=row.id, created_at=row.created_at) for row in reversed(found)]

    def key_of(self, message_id: int) -> str:
        """Return the idempotency key of a message; empty: it has none."""
        row = self._first(select(messages.c.idempotency_key).where(messages.c.id == message_id))
        return "" if row is None else row.idempotency_key or ""

    def topics_of(self, message_id: int) -> Sequence[int]:
        """Return the topics that a message was sent to and that are still there, in the order asked."""
        query = (
            select(targets.c.topic_id)
            .join(topics, topics.c.id == targets.c.topic_id)
            .where(targets.c.message_id == message_id, targets.c.code == GOOD)
            .order_by(targets.c.id)
        )
        return self._connection.scalars(query).all()

    def waiting(self) -> Sequence[ChannelQueue]:
        """Return what waits for each channel."""
        query = (
            select(
                deliveries.c.channel,
                func.count().label("number"),
                func.min(messages.c.created_at).label("oldest_at"),
            )
            .select_from(handovers)
            .join(deliveries, deliveries.c.id == handovers.c.delivery_id)
            .join(messages, messages.c.id == deliveries.c.message_id)
            .group_by(deliveries.c.channel)
            .order_by(deliveries.c.channel)
        )
        return self._all(
            query, lambda row: ChannelQueue(channel=row.channel, count=row.number, oldest_at=row.oldest_at)
        )

    def failures(self, *, since: datetime, limit: int) -> Sequence[FailureCount]:
        """Return why deliveries failed since then, as far back as events are kept, the most frequent reason first."""
        number = func.count().label("number")
        query = (
            select(deliveries.c.channel, deliveries.c.reason, number)
            .select_from(delivery_events)
            .join(deliveries, deliveries.c.id == delivery_events.c.delivery_id)
            .where(
                delivery_events.c.state == DeliveryState.FAILED,
                delivery_events.c.at >= since,
                deliveries.c.state == DeliveryState.FAILED,
            )
            .group_by(deliveries.c.channel, deliveries.c.reason)
            .order_by(number.desc(), deliveries.c.channel)
            .limit(limit)
        )
        return self._all(
            query, lambda row: FailureCount(channel=row.channel, reason=row.reason or "", count=row.number)
        )

    def follows(self, message: Message, uid: str) -> Sequence[tuple[SubscriptionState, bool, datetime]]:
        """Return how somebody follows what a message was sent to: the state, whether they get messages, and since."""
        query = (
            select(
                subscriptions.c.state,
                and_(subscriptions.c.is_receiving, subscribers.c.is_receiving).label("is_receiving"),
                subscriptions.c.created_at,
            )
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(subscribers.c.uid == uid, subscriptions.c.topic_id.in_(_topics_of(message.id)))
        )
        return [(SubscriptionState(row.state), bool(row.is_receiving), row.created_at) for row in self._run(query)]

    def audience(self, topic_ids: Collection[int], uids: Collection[str]) -> int:
        """Return how many people get what is sent to these topics and these people, each counted once."""
        by_topic = (
            select(subscriptions.c.subscriber_id)
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(
                subscriptions.c.topic_id.in_(topic_ids),
                *_GETS,
            )
        )
        by_uid = select(subscribers.c.id).where(subscribers.c.uid.in_(dialect.texts_of("uids")))
        both = by_topic.union(by_uid).subquery()
        return int(self._run(select(func.count()).select_from(both), {"uids": [*uids]}).scalar_one())


def _topics_of(message_id: int) -> Select[Any]:
    return select(targets.c.topic_id).where(
        targets.c.message_id == message_id, targets.c.topic_id.is_not(None), targets.c.code == GOOD
    )


def _has_reached(delivery: FromClause) -> ColumnElement[bool]:
    """Ask whether a delivery was seen, or another channel than the inbox took it or will."""
    return or_(
        delivery.c.state.in_(_SEEN),
        and_(delivery.c.channel != ChannelName.INBOX, delivery.c.state != DeliveryState.FAILED),
    )


def _missed_parts(message: Message) -> Sequence[Select[Any]]:
    """Ask for the ids of those who were brought it in vain, who were refused, and who were brought nothing."""
    other = deliveries.alias("other")
    reached = exists().where(
        other.c.message_id == message.id,
        other.c.subscriber_id == deliveries.c.subscriber_id,
        _has_reached(other),
    )
    in_vain = select(deliveries.c.subscriber_id).where(
        deliveries.c.message_id == message.id,
        deliveries.c.state == literal_column("'failed'"),
        text("deliveries.state <> 'sent'"),  # as the partial index has it
        ~reached,
    )
    refused = (
        select(subscribers.c.id)
        .join(targets, targets.c.uid == subscribers.c.uid)
        .where(targets.c.message_id == message.id, targets.c.code != GOOD)
    )
    brought = exists().where(
        deliveries.c.message_id == message.id, deliveries.c.subscriber_id == subscriptions.c.subscriber_id
    )
    passed_over = (
        select(subscriptions.c.subscriber_id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(
            subscriptions.c.topic_id.in_(_topics_of(message.id)),
            *_GETS,
            subscriptions.c.created_at <= message.created_at,
            ~brought,
        )
    )
    return in_vain, refused, passed_over


def _are_repeats(message: Message, again: str) -> Sequence[ColumnElement[bool]]:
    return (
        messages.c.app_id == message.app_id,
        messages.c.idempotency_key >= again,
        messages.c.idempotency_key < f"{again}\U0010ffff",
    )


def _reach(found: Mapping[tuple[bool, str], int], failed_unseen: int, *, is_under_way: bool) -> Reach:
    inbox = {state: found.get((True, state), 0) for state in DeliveryState}
    seen = sum(inbox[state] for state in _SEEN)
    return Reach(
        readers=seen + inbox[DeliveryState.SENT],
        seen=seen,
        opened=inbox[DeliveryState.OPENED],
        failed=inbox[DeliveryState.FAILED] + failed_unseen,
        waiting=found.get((False, DeliveryState.QUEUED), 0),
        is_under_way=is_under_way,
        version=_version(found, is_under_way=is_under_way),
    )


def _version(found: Mapping[tuple[bool, str], int], *, is_under_way: bool) -> str:
    counts = [str(found.get((is_inbox, state), 0)) for is_inbox in (True, False) for state in DeliveryState]
    return "-".join([*counts, str(int(is_under_way))])


def _target(row: Row[Any]) -> LoggedTarget:
    return LoggedTarget(
        uid=row.uid,
        topic_id=row.topic_id,
        topic=row.topic_name,
        code=row.code,
        status=row.status,
        why=Unreached(row.why) if row.why else None,
    )
