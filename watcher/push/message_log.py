"""Messages as whoever sent them looks at them, and what they do about those that did not arrive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.acts import Act
from watcher.core.message_log import (
    Again,
    ChannelTroubles,
    LoggedMessage,
    LoggedReader,
    LoggedTarget,
    Reach,
    Repeat,
    Unreached,
)
from watcher.core.push import GOOD, Message, MessageFilter, Slice, SubscriptionState
from watcher.push.apps import known_app
from watcher.push.context import Context, Resource
from watcher.push.limits import check_message
from watcher.push.sending import (
    READERS_IN_THE_SEND,
    SendOutcome,
    SendRequest,
    delete_message,
    judge,
    judge_uids,
    quota_of,
    send_to,
    woken_by,
)
from watcher.store.push.records import NewTarget, Quota

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_TARGETS: Final = 100
"""Targets of a message that are shown; those that got nothing come first."""

_REASONS: Final = 20
_REPEATS: Final = 20
"""Of one message that are shown, the last."""
_AGAIN: Final = "\x01again"
"""With what the idempotency key of a repeat begins: no caller of an API can send it, for it is not printable."""
_REPEAT: Final = re.compile(rf"{_AGAIN} ([0-9]{{1,18}}) ")


class MessageLook(Struct, frozen=True, kw_only=True):
    """
    One message, and what became of it.

    Attributes:
        repeats: the messages that sent it again, oldest first.
        first_id: of the message that it sends again; None: it is a first one.
        key: its idempotency key; of a message of a watch, its id in the outbox; empty: it has none.
    """

    message: Message
    reach: Reach
    targets: Sequence[LoggedTarget]
    repeats: Sequence[Repeat]
    first_id: int | None
    key: str


class Receivers(Struct, frozen=True, kw_only=True):
    """
    Who would get a message.

    Attributes:
        people: how many, each once.
        refused: the targets that would get nothing.
    """

    people: int
    refused: Sequence[NewTarget]


class MessageLog(Resource):
    """The log of messages. Each method raises StoreError."""

    def __init__(self, context: Context, *, daily: int | None) -> None:
        """`daily`: how many messages of one application a subscriber gets in 24 hours at most; None: no limit."""
        super().__init__(context)
        self._daily = daily

    async def slice(self, cut: Slice, only: MessageFilter) -> Sequence[LoggedMessage]:
        """Return a stretch of the messages that match, by id, without deleted ones."""
        return await self._store.read(partial(_slice, cut=cut, only=only))

    async def message(self, message_id: int) -> Message | None:
        """Return the message with this id, unless it was deleted."""
        return await self._store.read(lambda tx: tx.message_log.message(message_id))

    async def last_id(self) -> int:
        """Return the id of the last message; 0 where there is none."""
        return (await self._store.read(lambda tx: tx.events.last()))[0]

    async def app_of(self, message_id: int) -> int:
        """Return the id of the application that sent this message, a deleted one too; 0: there never was one."""
        return await self._store.read(lambda tx: tx.message_log.app_of(message_id))

    async def reach(self, message_id: int) -> Reach:
        """Return whom a message came to."""
        return await self._store.read(lambda tx: tx.message_log.reach([message_id])[message_id])

    async def readers(self, message: Message, cut: Slice, *, uid: str | None = None) -> Sequence[LoggedReader]:
        """Return a stretch of a message's readers, by the id of the delivery to the inbox; with `uid` that one only."""
        return await self._store.read(lambda tx: tx.message_log.readers(message, cut, uid=uid))

    async def look(self, message: Message) -> MessageLook:
        """Return what became of a message."""

        def work(tx: Transaction) -> MessageLook:
            key = tx.message_log.key_of(message.id)
            return MessageLook(
                message=message,
                reach=tx.message_log.reach([message.id])[message.id],
                targets=tx.message_log.targets(message.id, limit=_TARGETS),
                repeats=tx.message_log.repeats(message, again=repeats_of(message.id), limit=_REPEATS),
                first_id=_first_of(key),
                key=key,
            )

        return await self._store.read(work)

    async def why_not(self, message: Message, uid: str) -> Unreached:
        """Return why somebody, who is none of a message's readers, has nothing of it."""
        return await self._store.read(partial(_why_not, message=message, uid=uid))

    async def receivers(self, app_id: int, request: SendRequest) -> Receivers:
        """Return who would get what is asked for now."""

        def work(tx: Transaction) -> Receivers:
            targets = judge(tx, app_id, request, self._quota(app_id))
            good = [target for target in targets if target.code == GOOD]
            people = tx.message_log.audience(
                [target.topic_id for target in good if target.topic_id is not None],
                [target.uid for target in good if target.uid is not None],
            )
            return Receivers(people=people, refused=[target for target in targets if target.code != GOOD])

        return await self._store.read(work)

    async def again(self, message: Message) -> Again:
        """Return whom a message did not reach, and who of them would get it now."""
        return await self._store.read(lambda tx: self._again(tx, message))

    async def send_again(self, message: Message, key: str) -> SendOutcome | None:
        """
        Send a message, as a new one, to those whom it did not reach and who would get it now; None: there are none.

        Args:
            key: of the page that offered it; the same one sends once.

        Raises RefusedError: its owner may send no more today.
        """

        def work(tx: Transaction) -> SendOutcome | None:
            # A repeat of a repeat is one of the first message: whoever has any of them is not sent another.
            first_id = _first_of(tx.message_log.key_of(message.id))
            known = f"{repeats_of(message.id if first_id is None else first_id)}{key}"
            earlier = tx.messages.known(message.app_id, [known])
            if earlier:
                [results] = tx.messages.answers(earlier.values()).values()
                return SendOutcome(results=results, is_repeat=True)
            found = self._again(tx, message)
            if not found.subscriber_ids:
                return None
            if (owner := known_app(tx, message.app_id).account_id) is not None:
                check_message(tx, owner, self._account_limits, now=self._now())
            sent = send_to(tx, message, found, key=known, now=self._now(), quota=self._quota(message.app_id))
            self._note(tx, Act.MESSAGE_SENT_AGAIN, f"#{message.id}", app_id=message.app_id)
            return sent

        return await self._store.write(work, wakes=woken_by)

    async def troubles(self) -> ChannelTroubles:
        """Return what waits for the channels, and what failed there in the last 24 hours."""
        since = self._now() - timedelta(days=1)
        return await self._store.read(
            lambda tx: ChannelTroubles(
                waiting=tx.message_log.waiting(), failures=tx.message_log.failures(since=since, limit=_REASONS)
            )
        )

    async def delete(self, message: Message) -> bool:
        """Wipe a message, for everybody; return whether this call did, and not one before."""

        def work(tx: Transaction) -> bool:
            if tx.message_log.message(message.id) is None:
                return False
            delete_message(tx, app_id=message.app_id, message_id=message.id, now=self._now())
            self._note(tx, Act.MESSAGE_DELETED, f"#{message.id}", app_id=message.app_id)
            return True

        return await self._store.write(work)

    def _again(self, tx: Transaction, message: Message) -> Again:
        if tx.message_log.reach([message.id])[message.id].is_under_way:
            return Again(is_under_way=True)
        first_id = _first_of(tx.message_log.key_of(message.id))
        again = repeats_of(message.id if first_id is None else first_id)
        missed = tx.message_log.missed(message, again=again, is_repeat=first_id is not None)
        others = [each.uid for each in missed if not each.follows]
        judged = judge_uids(tx, message.app_id, others, None)
        named = {target.uid for target in judged if target.code == GOOD}
        willing = [each for each in missed if each.follows or each.uid in named]
        quota = self._quota(message.app_id)
        full = tx.deliveries.full(quota, [each.uid for each in willing]) if quota is not None and willing else set()
        good = [each for each in willing if each.uid not in full]
        first = good[:READERS_IN_THE_SEND]
        return Again(
            subscriber_ids=[each.id for each in first],
            uids=[each.uid for each in first if each.uid in named],
            more=len(good) - len(first),
            full=len(willing) - len(good),
            lost=len(missed) - len(willing),
        )

    def _quota(self, app_id: int) -> Quota | None:
        return quota_of(app_id, self._daily, now=self._now())


def repeats_of(message_id: int) -> str:
    """Return with what the idempotency keys begin under which a message was sent again."""
    return f"{_AGAIN} {message_id} "


def _first_of(key: str) -> int | None:
    found = _REPEAT.match(key)
    return int(found[1]) if found else None


def _slice(tx: Transaction, *, cut: Slice, only: MessageFilter) -> Sequence[LoggedMessage]:
    found = tx.messages.slice(cut, only)
    ids = [message.id for message in found]
    reach, uids = tx.message_log.reach(ids), tx.message_log.first_uids(ids)
    return [
        LoggedMessage(message=message, reach=reach[message.id], uid=None if message.topic else uids.get(message.id))
        for message in found
    ]


def _why_not(tx: Transaction, *, message: Message, uid: str) -> Unreached:
    log = tx.message_log
    target = log.target_of(message.id, uid)
    if target is not None and target.code != GOOD:
        return target.why or Unreached.OTHER
    if log.reach([message.id])[message.id].is_under_way:
        return Unreached.UNDER_WAY
    reasons = {
        _why(state, is_receiving=is_receiving, is_late=since > message.created_at)
        for state, is_receiving, since in log.follows(message, uid)
    }
    return next((reason for reason in _NEAREST if reason in reasons), Unreached.NOT_FOLLOWING)


def _why(state: SubscriptionState, *, is_receiving: bool, is_late: bool) -> Unreached:
    match state:
        case SubscriptionState.REJECTED:
            return Unreached.REJECTED
        case SubscriptionState.WAITING:
            return Unreached.WAITING
        case SubscriptionState.FOLLOWING:
            return Unreached.LATER if is_late else Unreached.OTHER if is_receiving else Unreached.MUTED


_NEAREST: Final = (
    Unreached.MUTED,
    Unreached.LATER,
    Unreached.OTHER,
    Unreached.WAITING,
    Unreached.REJECTED,
)
"""Of several reasons, one for each topic that somebody follows, the first of these is told."""
