"""Sending: who is reached, what each target is answered, and that a repeated key sends nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.handovers import WORTH_TELLING
from watcher.core.message_log import Again, Unreached
from watcher.core.push import (
    GOOD,
    SEEN_STATES,
    DeliveryCounts,
    DeliveryState,
    Draft,
    Message,
    MessageReport,
    SendStatus,
    Subscriber,
    Subscription,
    SubscriptionState,
    TargetResult,
    TopicDraft,
)
from watcher.core.wakeups import NOBODY, Wakeup, Woken
from watcher.errors import InvalidRequestError, KeyReusedError, RefusedError
from watcher.push.apps import simple_app
from watcher.push.forgetting import forget_messages
from watcher.push.ids import hash_token, new_record_id, new_slug
from watcher.push.topics import foreign_topics
from watcher.push.webhook_events import tell_sent
from watcher.store.push.records import NewMessage, NewTarget, Quota, Reached, Readers

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

READERS_IN_THE_SEND: Final = 2_000
"""Readers whom the sending transaction itself serves; a topic that has more goes the long way."""
MAX_UIDS: Final = 2_000
MAX_TOPICS: Final = 5
MAX_SPTS: Final = 10
NOBODYS_SPT: Final = "SPT不正确 · nobody has this simple push token"
KEYS_KEPT: Final = timedelta(days=7)
"""An idempotency key holds at least so long, whatever the operator lets go of."""
_MAX_NAME_CHARS: Final = 64
_MAX_KEY_CHARS: Final = 255
_BAD: Final = RefusedError.code
_SENT: Final = "创建发送任务成功"
_ARRIVED: Final = SEEN_STATES | {DeliveryState.SENT}


class SendRequest(Struct, frozen=True, kw_only=True):
    """
    What a sender asks for. A receiver that is named twice is one.

    Raises a PushError when the sender may not ask for so much, or so oddly.

    Attributes:
        request_digest: tells a repeat of `idempotency_key` from another request (see `repeats`); None: what comes with
            a known key repeats it, whatever it says.
    """

    draft: Draft
    uids: Sequence[str] = ()
    topic_ids: Sequence[int] = ()
    idempotency_key: str | None = None
    request_digest: str | None = None

    def __post_init__(self) -> None:
        if not self.uids and not self.topic_ids:
            raise RefusedError(
                "uids, topicIds: both are empty; name at least one receiver · uids 和 topicIds 不能同时为空"
            )
        if len(self.uids) > MAX_UIDS:
            raise RefusedError(f"{len(self.uids)}; at most {MAX_UIDS}", field="uids")
        if len(self.topic_ids) > MAX_TOPICS:
            raise RefusedError(f"{len(self.topic_ids)}; at most {MAX_TOPICS}", field="topicIds")
        if not all(_is_plain(uid, _MAX_NAME_CHARS) for uid in self.uids):
            raise InvalidRequestError(f"a uid is 1 to {_MAX_NAME_CHARS} printable characters", field="uids")
        _check_key(self.idempotency_key)


class SendOutcome(Struct, frozen=True, kw_only=True):
    """
    The result of a send.

    Attributes:
        is_repeat: its idempotency key was known: these are the first results again, and nothing was sent.
        reached: ids of the subscribers who have something new.
        is_waiting: other readers get it later: they are too many (see `push/background/fan_out`).
        is_queued: some are to get it over other channels (see `push/background/deliverer`).
        is_told: endpoints are to be told of it (see `push/webhook_events`).
    """

    results: Sequence[TargetResult]
    is_repeat: bool = False
    reached: Collection[int] = ()
    is_waiting: bool = False
    is_queued: bool = False
    is_told: bool = False


def woken_by(sent: SendOutcome | None) -> Woken:
    """Return for whom a send leaves something to do; None: nothing was sent."""
    if sent is None:
        return NOBODY
    topic_ids = () if sent.is_repeat else {each.topic_id for each in sent.results if each.topic_id is not None}
    queues = {Wakeup.HANDOVER: sent.is_queued, Wakeup.CALLBACK: sent.is_told, Wakeup.FAN_OUT: sent.is_waiting}
    return {
        Wakeup.DELIVERY: sent.reached,
        Wakeup.SENT: topic_ids,
        **{kind: None for kind, has_work in queues.items() if has_work},
    }


class SimpleSendRequest(Struct, frozen=True, kw_only=True):
    """What the holder of simple push tokens asks for. Raises a PushError as `SendRequest` does."""

    draft: Draft
    spts: Sequence[str]
    idempotency_key: str | None = None
    request_digest: str | None = None

    def __post_init__(self) -> None:
        if not self.spts:
            raise RefusedError(
                "spt, sptList: both are empty; give at least one simple push token · spt 和 sptList 不能同时为空"
            )
        if len(self.spts) > MAX_SPTS:
            raise RefusedError(f"{len(self.spts)}; at most {MAX_SPTS}", field="sptList")
        _check_key(self.idempotency_key)

    @property
    def stored_key(self) -> str | None:
        """The key within the one application that all holders of tokens share: nobody meets another's."""
        if self.idempotency_key is None:
            return None
        return hash_token("\n".join([self.idempotency_key, *self.spts]))


def send(
    tx: Transaction,
    app_id: int,
    request: SendRequest,
    *,
    now: datetime,
    daily: int | None = None,
    check: Callable[[], None] | None = None,
) -> SendOutcome:
    """
    Send one message to users and topics of an application.

    Args:
        daily: how many messages of this application a user gets in 24 hours at most.
        check: raises where its owner may send no more; a repeat is not asked.

    Raises:
        KeyReusedError: the idempotency key came before, with another request.
    """
    key = _Key(text=request.idempotency_key, request_digest=request.request_digest)
    if sent := _sent_before(tx, app_id, key):
        return _as_asked(sent, request)
    if check is not None:
        check()
    quota = quota_of(app_id, daily, now=now)
    targets = judge(tx, app_id, request, quota)
    return _as_asked(_store(tx, app_id, key, request.draft, targets, now=now, quota=quota), request)


def _as_asked(sent: SendOutcome, request: SendRequest) -> SendOutcome:
    """Answer each topic by the number that was asked: one that was merged is stored as the other one."""
    uids, topic_ids = [*dict.fromkeys(request.uids)], [*dict.fromkeys(request.topic_ids)]
    of_uids, of_topics = sent.results[: len(uids)], sent.results[len(uids) :]
    if not topic_ids or len(of_topics) != len(topic_ids):  # a key may come again with another request, without a digest
        return sent
    named = [replace(result, topic_id=topic_id) for result, topic_id in zip(of_topics, topic_ids, strict=True)]
    return replace(sent, results=[*of_uids, *named])


def send_to(
    tx: Transaction, message: Message, again: Again, *, key: str, now: datetime, quota: Quota | None
) -> SendOutcome:
    """
    Send a message anew to some people: to those of its topics who are listed, and to those who are named.

    It has the topics of the first one, so that it is theirs to mute and to leave in the same way.
    """
    targets = [
        *(NewTarget(uid=uid, code=GOOD, status=_SENT) for uid in again.uids),
        *(NewTarget(topic_id=topic_id, code=GOOD, status=_SENT) for topic_id in tx.message_log.topics_of(message.id)),
    ]
    new = NewMessage(slug=new_slug(), idempotency_key=key, draft=message.draft, targets=targets)
    added = tx.messages.add(message.app_id, [new], created_at=now, new_record_id=new_record_id)
    [(message_id, results)] = added.answers.items()
    readers = Readers(ids=again.subscriber_ids)
    reached = tx.deliveries.fan_out_to(message_id, readers, at=now, followed_by=now, quota=quota)
    is_queued = queue(tx, [message_id], sent_at=now, now=now)
    return SendOutcome(results=results, reached=reached, is_queued=is_queued)


def send_simple(tx: Transaction, request: SimpleSendRequest, *, now: datetime) -> SendOutcome:
    """Send one message to the owners of simple push tokens. Raises RefusedError, when nobody has any of them too."""
    hashes = [hash_token(spt) for spt in dict.fromkeys(request.spts)]
    owners = tx.subscribers.of_spts(set(hashes))
    if not owners:
        raise RefusedError(NOBODYS_SPT)
    app = simple_app(tx, now=now)
    key = _Key(text=request.stored_key, request_digest=request.request_digest)
    if sent := _sent_before(tx, app.id, key):
        return sent
    targets = [_spt_target(owners.get(spt_hash)) for spt_hash in hashes]
    return _store(tx, app.id, key, request.draft, targets, now=now, quota=None)


def send_test(tx: Transaction, subscriber: Subscriber, draft: Draft, *, now: datetime) -> SendOutcome:
    """Send one message to a subscriber, whatever they follow, as their simple push token would."""
    app = simple_app(tx, now=now)
    return _store(tx, app.id, _Key(), draft, [_spt_target(subscriber)], now=now, quota=None)


def forget_old(tx: Transaction, before: datetime, *, limit: int) -> int:
    """Remove the oldest messages from before that time, with all that hangs on them; return how many."""
    ids = tx.messages.older(before, limit=limit)
    forget_messages(tx, ids)
    return len(ids)


def delete_message(tx: Transaction, app_id: int, message_id: int, *, now: datetime) -> bool:
    """Wipe a message of the application, and stop its deliveries; return whether it exists."""
    is_there = tx.messages.delete(app_id, message_id, at=now)
    if is_there:
        tx.handovers.withdraw(message_id, at=now)
    return is_there


class _Key(Struct, frozen=True, kw_only=True):
    """An idempotency key as it is stored, and the request that it came with."""

    text: str | None = None
    request_digest: str | None = None


def _sent_before(tx: Transaction, app_id: int, key: _Key) -> SendOutcome | None:
    """Return what was answered under this key, if it is known. Raises KeyReusedError for another request."""
    if key.text is None or not (earlier := tx.messages.sent_under(app_id, key.text)):
        return None
    if None not in (digests := {key.request_digest, earlier.request_digest}) and len(digests) > 1:
        raise KeyReusedError
    [results] = tx.messages.answers([earlier.message_id]).values()
    return SendOutcome(results=results, is_repeat=True)


def _store(
    tx: Transaction,
    app_id: int,
    key: _Key,
    draft: Draft,
    targets: Sequence[NewTarget],
    *,
    now: datetime,
    quota: Quota | None,
) -> SendOutcome:
    """Store a message and put it into inboxes, unless none of its targets is good."""
    if not any(target.code == GOOD for target in targets):
        return SendOutcome(results=[_failure(target) for target in targets])
    message = NewMessage(
        slug=new_slug(),
        idempotency_key=key.text,
        draft=draft,
        targets=targets,
        request_digest=None if key.text is None else key.request_digest,
    )
    added = tx.messages.add(app_id, [message], created_at=now, new_record_id=new_record_id)
    [(message_id, results)] = added.answers.items()
    is_told = added.have_webhooks and tell_sent(tx, app_id, {message_id: message}, now=now)
    is_waiting = _must_wait(tx, [target.topic_id for target in targets if target.topic_id is not None])
    if is_waiting:
        tx.fan_outs.add([message_id], quota=None if quota is None else quota.messages)
        return SendOutcome(results=results, is_waiting=True, is_told=is_told)
    reached = tx.deliveries.fan_out([message_id], at=now, quota=quota)
    is_queued = _queue(tx, [message_id], reached, now)
    return SendOutcome(results=results, reached=reached.subscriber_ids, is_queued=is_queued, is_told=is_told)


def _must_wait(tx: Transaction, topic_ids: Collection[int]) -> bool:
    """Return whether a message to these topics is brought to its readers later: they are many, or others wait."""
    return bool(topic_ids) and (
        tx.fan_outs.are_waiting() or tx.fan_outs.have_more_readers(topic_ids, READERS_IN_THE_SEND)
    )


def publish(tx: Transaction, own_app_id: int, drafts: Sequence[TopicDraft], *, now: datetime) -> SendOutcome:
    """Send many drafts to topics; how many statements it takes depends on the applications that these are of alone."""
    results: dict[TopicDraft, TargetResult] = {}
    reached: set[int] = set()
    is_waiting = is_queued = is_told = False
    for app in dict.fromkeys(draft.app for draft in drafts):
        ours = [draft for draft in drafts if draft.app == app]
        sent = _publish(tx, own_app_id, ours, now) if app is None else _publish_in(tx, app, ours, now)
        results.update(zip(ours, sent.results, strict=True))
        reached.update(sent.reached)
        is_waiting |= sent.is_waiting
        is_queued |= sent.is_queued
        is_told |= sent.is_told
    answers = [results[draft] for draft in drafts]
    return SendOutcome(results=answers, reached=reached, is_waiting=is_waiting, is_queued=is_queued, is_told=is_told)


def _publish(tx: Transaction, app_id: int, drafts: Sequence[TopicDraft], now: datetime) -> SendOutcome:
    topics = tx.topics.named(app_id, {draft.topic for draft in drafts})
    missing = {draft.topic: _no_topic(draft.topic) for draft in drafts}
    return _publish_to(tx, app_id, drafts, {**missing, **topics}, now)


def _publish_in(tx: Transaction, app: str, drafts: Sequence[TopicDraft], now: datetime) -> SendOutcome:
    """Send drafts to topics of the application of this name, which may have been removed since it was named."""
    app_id, topics = foreign_topics(tx, app, {str(draft.topic) for draft in drafts})
    if app_id is None:
        return SendOutcome(results=[_nowhere(draft, str(topics[str(draft.topic)])) for draft in drafts])
    found: dict[str | int, int | str] = dict(topics.items())  # a mapping is invariant in its keys
    return _publish_to(tx, app_id, drafts, found, now)


def _publish_to(
    tx: Transaction, app_id: int, drafts: Sequence[TopicDraft], topics: Mapping[str | int, int | str], now: datetime
) -> SendOutcome:
    """
    Send drafts to topics of one application: each topic's id, or why it has none.

    What comes with a known key was delivered, whatever it says now: the outbox of another release may word it anew.
    """
    known = dict(tx.messages.known(app_id, [draft.idempotency_key for draft in drafts]))
    new: dict[str, NewMessage] = {}
    for draft in drafts:
        topic_id = topics[draft.topic]
        if draft.idempotency_key not in known and isinstance(topic_id, int):
            new.setdefault(draft.idempotency_key, _to_topic(draft, topic_id))
    first_answers = tx.messages.answers(known.values())
    added = tx.messages.add(app_id, list(new.values()), created_at=now, new_record_id=new_record_id)
    known.update(zip(new, added.answers, strict=True))
    sent = dict(zip(added.answers, new.values(), strict=True))
    is_told = added.have_webhooks and tell_sent(tx, app_id, sent, now=now)
    is_waiting = _must_wait(tx, {topic_id for topic_id in topics.values() if isinstance(topic_id, int)})
    if is_waiting:
        tx.fan_outs.add(added.answers, quota=None)
    reached = Reached() if is_waiting else tx.deliveries.fan_out(added.answers, at=now)
    is_queued = _queue(tx, added.answers, reached, now)
    answers = {**first_answers, **added.answers}
    results = [
        answers[known[draft.idempotency_key]][0]
        if draft.idempotency_key in known
        else _nowhere(draft, str(topics[draft.topic]))
        for draft in drafts
    ]
    return SendOutcome(
        results=results,
        reached=reached.subscriber_ids,
        is_waiting=is_waiting,
        is_queued=is_queued,
        is_told=is_told,
    )


def _queue(tx: Transaction, message_ids: Collection[int], reached: Reached, now: datetime) -> bool:
    """Queue messages that were just sent, where that can be for anybody; return whether it is."""
    return reached.have_addresses and queue(tx, message_ids, sent_at=now, now=now)


def queue(
    tx: Transaction,
    message_ids: Collection[int],
    *,
    sent_at: datetime,
    now: datetime,
    after: int = 0,
    until: int | None = None,
) -> bool:
    """
    Queue messages for the first channel of those who have them in the inbox; return whether anyone has one.

    Args:
        after, until: of readers with a subscriber id above the one, up to the other; None: up to the last.
    """
    return tx.handovers.queue(message_ids, after=after, until=until, at=now, expires_at=sent_at + WORTH_TELLING)


def status_of(states: Collection[DeliveryState]) -> SendStatus:
    """Return the status of a target from the states of its deliveries: the best counts; one without any is sent."""
    if not states or not _ARRIVED.isdisjoint(states):
        return SendStatus.SENT
    return SendStatus.WAITING if DeliveryState.QUEUED in states else SendStatus.FAILED


def reports(tx: Transaction, messages: Sequence[Message]) -> Sequence[MessageReport]:
    """Return messages with their delivery counts."""
    counts = tx.deliveries.counts([message.id for message in messages])
    return [MessageReport(message=message, deliveries=counts.get(message.id, DeliveryCounts())) for message in messages]


def quota_of(app_id: int, daily: int | None, *, now: datetime) -> Quota | None:
    """Return what a user gets of this application in the 24 hours before now; None: as much as is sent."""
    return None if daily is None else Quota(app_id=app_id, since=now - timedelta(days=1), messages=daily)


def judge(tx: Transaction, app_id: int, request: SendRequest, quota: Quota | None) -> Sequence[NewTarget]:
    """Return the targets of a send, the uids first, each with its answer."""
    topics = tx.topics.named(app_id, set(request.topic_ids)) if request.topic_ids else {}
    return [
        *judge_uids(tx, app_id, request.uids, quota),
        *(_topic_target(topic_id, topics) for topic_id in dict.fromkeys(request.topic_ids)),
    ]


def judge_uids(tx: Transaction, app_id: int, uids: Sequence[str], quota: Quota | None) -> Sequence[NewTarget]:
    """Return these uids, each once, as targets of a send of the application, each with its answer."""
    known = tx.subscriptions.to_app(app_id, set(uids)) if uids else {}
    full = tx.deliveries.full(quota, known) if quota is not None and known else ()
    return [_uid_target(uid, known.get(uid), quota if uid in full else None) for uid in dict.fromkeys(uids)]


def _uid_target(uid: str, subscription: Subscription | None, spent: Quota | None) -> NewTarget:
    if subscription is None:
        return _unreached(uid, Unreached.NOT_FOLLOWING, "未关注应用，需要用户关注你创建的应用，你才可以给他推送消息")
    if subscription.state is SubscriptionState.REJECTED:
        return _unreached(uid, Unreached.REJECTED, "已被你拉黑，取消拉黑后才可以给他推送消息")
    if not subscription.is_enabled:
        return _muted(uid)
    if spent is not None:
        words = f"24小时内已收到{spent.messages}条消息，达到上限 · daily limit reached"
        return _unreached(uid, Unreached.OVER_LIMIT, words)
    return NewTarget(uid=uid, code=GOOD, status=_SENT)


def _spt_target(owner: Subscriber | None) -> NewTarget:
    if owner is None:
        return NewTarget(code=_BAD, status=NOBODYS_SPT, why=Unreached.OTHER)
    return NewTarget(uid=owner.uid, code=GOOD, status=_SENT) if owner.is_receiving else _muted(owner.uid)


def _muted(uid: str) -> NewTarget:
    return _unreached(uid, Unreached.MUTED, "已关闭消息接收")


def _unreached(uid: str, why: Unreached, words: str) -> NewTarget:
    return NewTarget(uid=uid, code=_BAD, status=f"用户UID=[{uid}]{words}", why=why)


def _topic_target(topic_id: int, topics: Mapping[str | int, int]) -> NewTarget:
    if topic_id in topics:
        return NewTarget(topic_id=topics[topic_id], code=GOOD, status=_SENT)
    return NewTarget(topic_id=topic_id, code=_BAD, status=_no_topic(topic_id), why=Unreached.NO_TOPIC)


def _to_topic(draft: TopicDraft, topic_id: int) -> NewMessage:
    target = NewTarget(topic_id=topic_id, code=GOOD, status=_SENT)
    return NewMessage(
        slug=new_slug(),
        idempotency_key=draft.idempotency_key,
        draft=draft.draft,
        targets=[target],
        collapse_key=draft.collapse_key,
    )


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


def _check_key(key: str | None) -> None:
    if key is not None and not _is_plain(key, _MAX_KEY_CHARS):
        raise InvalidRequestError(f"1 to {_MAX_KEY_CHARS} printable characters", field="Idempotency-Key")


def _is_plain(text: str, most: int) -> bool:
    return 0 < len(text) <= most and text.isprintable()
