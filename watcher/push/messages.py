"""Sending: who is reached, what each target is answered, and that a repeated key sends nothing twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from watcher.core.push import DeliveryCounts, DeliveryState, Draft, MessageReport, SendStatus, TargetResult, TopicDraft
from watcher.errors import InvalidRequestError, RefusedError
from watcher.push.ids import new_slug
from watcher.push.topics import foreign_topics
from watcher.store.push.records import GOOD, NewMessage, NewTarget

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_UIDS: Final = 2_000
MAX_TOPICS: Final = 5
_MAX_NAME_CHARS: Final = 64
_MAX_KEY_CHARS: Final = 255
_BAD: Final = RefusedError.code
_SENT: Final = "创建发送任务成功"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a sender asks for. Raises a PushError when the sender may not ask for so much, or so oddly."""

    draft: Draft
    uids: Sequence[str] = ()
    topic_ids: Sequence[int] = ()
    idempotency_key: str | None = None

    def __post_init__(self) -> None:
        if not self.uids and not self.topic_ids:
            raise RefusedError("uids, topicIds: both are empty; name at least one receiver")
        if len(self.uids) > MAX_UIDS:
            raise RefusedError(f"uids: {len(self.uids)}; at most {MAX_UIDS}")
        if len(self.topic_ids) > MAX_TOPICS:
            raise RefusedError(f"topicIds: {len(self.topic_ids)}; at most {MAX_TOPICS}")
        if not all(_is_plain(uid, _MAX_NAME_CHARS) for uid in self.uids):
            raise InvalidRequestError(f"uids: a uid is 1 to {_MAX_NAME_CHARS} printable characters")
        if self.idempotency_key is not None and not _is_plain(self.idempotency_key, _MAX_KEY_CHARS):
            raise InvalidRequestError(f"Idempotency-Key: 1 to {_MAX_KEY_CHARS} printable characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The answers, and the ids of the subscribers who have something new."""

    results: Sequence[TargetResult]
    reached: Collection[int] = ()


async def send(tx: Transaction, app_id: int, order: Order, *, now: datetime) -> Sent:
    """Send one message to users and topics of an application."""
    key = order.idempotency_key
    if key is not None and (known := await tx.messages.known(app_id, [key])):
        return Sent(results=(await tx.messages.answers([known[key]]))[known[key]])
    targets = await _judge(tx, app_id, order)
    if not any(target.code == GOOD for target in targets):
        return Sent(results=[_failure(target) for target in targets])
    message = NewMessage(slug=new_slug(), idempotency_key=key, draft=order.draft, targets=targets)
    ids = await tx.messages.add(app_id, [message], created_at=now)
    reached = await tx.deliveries.fan_out(ids, at=now)
    return Sent(results=(await tx.messages.answers(ids))[ids[0]], reached=reached)


async def publish(tx: Transaction, own_app_id: int, drafts: Sequence[TopicDraft], *, now: datetime) -> Sent:
    """Send many drafts to topics; how many statements it takes depends on the applications that these are of alone."""
    results: dict[TopicDraft, TargetResult] = {}
    reached: set[int] = set()
    for app in dict.fromkeys(draft.app for draft in drafts):
        ours = [draft for draft in drafts if draft.app == app]
        sent = await (_publish(tx, own_app_id, ours, now) if app is None else _publish_in(tx, app, ours, now))
        results.update(zip(ours, sent.results, strict=True))
        reached.update(sent.reached)
    return Sent(results=[results[draft] for draft in drafts], reached=reached)


async def _publish(tx: Transaction, app_id: int, drafts: Sequence[TopicDraft], now: datetime) -> Sent:
    topics = await tx.topics.named(app_id, {draft.topic for draft in drafts})
    missing = {draft.topic: _no_topic(draft.topic) for draft in drafts}
    return await _publish_to(tx, app_id, drafts, {**missing, **topics}, now)


async def _publish_in(tx: Transaction, app: str, drafts: Sequence[TopicDraft], now: datetime) -> Sent:
    """Send drafts to topics of the application of this name, which may have been removed since it was named."""
    app_id, topics = await foreign_topics(tx, app, {str(draft.topic) for draft in drafts})
    if app_id is None:
        return Sent(results=[_nowhere(draft, str(topics[str(draft.topic)])) for draft in drafts])
    found: dict[str | int, int | str] = dict(topics.items())  # a mapping is invariant in its keys
    return await _publish_to(tx, app_id, drafts, found, now)


async def _publish_to(
    tx: Transaction, app_id: int, drafts: Sequence[TopicDraft], topics: Mapping[str | int, int | str], now: datetime
) -> Sent:
    """Send drafts to topics of one application: each topic's id, or why it has none."""
    known = dict(await tx.messages.known(app_id, [draft.idempotency_key for draft in drafts]))
    new: dict[str, NewMessage] = {}
    for draft in drafts:
        topic_id = topics[draft.topic]
        if draft.idempotency_key not in known and isinstance(topic_id, int):
            new.setdefault(draft.idempotency_key, _to_topic(draft, topic_id))
    ids = await tx.messages.add(app_id, list(new.values()), created_at=now)
    known.update(zip(new, ids, strict=True))
    reached = await tx.deliveries.fan_out(ids, at=now)
    answers = await tx.messages.answers(known.values())
    results = [
        answers[known[draft.idempotency_key]][0]
        if draft.idempotency_key in known
        else _nowhere(draft, str(topics[draft.topic]))
        for draft in drafts
    ]
    return Sent(results=results, reached=reached)


def status_of(states: Collection[DeliveryState]) -> SendStatus:
    """Return how a target stands, from the states of its deliveries: the best one counts; to nobody is sent."""
    if not states or DeliveryState.SENT in states or DeliveryState.SHOWN in states:
        return SendStatus.SENT
    return SendStatus.WAITING if DeliveryState.QUEUED in states else SendStatus.FAILED


async def reports(tx: Transaction, *, limit: int) -> Sequence[MessageReport]:
    """Return the newest messages with their delivery counts, oldest first."""
    messages = await tx.messages.newest(limit)
    counts = await tx.deliveries.counts([message.id for message in messages])
    return [MessageReport(message=message, deliveries=counts.get(message.id, DeliveryCounts())) for message in messages]


async def _judge(tx: Transaction, app_id: int, order: Order) -> Sequence[NewTarget]:
    followers = await tx.subscriptions.followers(app_id, set(order.uids))
    topics = await tx.topics.named(app_id, set(order.topic_ids))
    return [_uid_target(uid, followers) for uid in order.uids] + [_topic_target(id_, topics) for id_ in order.topic_ids]


def _uid_target(uid: str, followers: Collection[str]) -> NewTarget:
    if uid in followers:
        return NewTarget(uid=uid, code=GOOD, status=_SENT)
    refusal = f"用户UID=[{uid}]未关注应用，需要用户关注你创建的应用，你才可以给他推送消息"
    return NewTarget(uid=uid, code=_BAD, status=refusal)


def _topic_target(topic_id: int, topics: Mapping[str | int, int]) -> NewTarget:
    if topic_id in topics:
        return NewTarget(topic_id=topic_id, code=GOOD, status=_SENT)
    return NewTarget(topic_id=topic_id, code=_BAD, status=_no_topic(topic_id))


def _to_topic(draft: TopicDraft, topic_id: int) -> NewMessage:
    target = NewTarget(topic_id=topic_id, code=GOOD, status=_SENT)
    return NewMessage(slug=new_slug(), idempotency_key=draft.idempotency_key, draft=draft.draft, targets=[target])


def _nowhere(draft: TopicDraft, why: str) -> TargetResult:
    """Return the answer to a draft whose topic is not there."""
    # A key that names no topic leaves no number to answer with.
    topic_id = draft.topic if isinstance(draft.topic, int) else None
    return _failure(NewTarget(topic_id=topic_id, code=_BAD, status=why))


def _no_topic(name: str | int) -> str:
    return f"主题topicId=[{name}]不存在"


def _failure(target: NewTarget) -> TargetResult:
    return TargetResult(
        uid=target.uid,
        topic_id=target.topic_id,
        message_id=None,
        send_record_id=None,
        code=target.code,
        status=target.status,
    )


def _is_plain(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isprintable()
