"""
Inboxes that are followed with an app of ntfy's: each by a secret name, its address in the channel `ntfy`.

A message that the chain of channels brings to this channel is handed over when a connection that keeps up is held for
it at that moment, where the deliverer is (`NtfyChannel`) or at another server (`take_of`), or when one is opened later,
or somebody polls (`take`). From then on it is an `Entry`, read by its id as often as it is asked for; so nothing is
lost that was written to a dead connection.

Whoever has an application's token follows its topics as well: there an `Entry` is whatever was sent to one, and nothing
is handed over or settled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.channels import Address, AddressDraft, ChannelName
from watcher.core.handovers import Handover, Onward, Settled, Taken, Waiting, without_trying
from watcher.core.ntfy import Entry, Since
from watcher.core.push import App, Subscriber
from watcher.core.wakeups import Wakeup, Woken
from watcher.push.addresses import add_address
from watcher.push.context import Resource
from watcher.push.ids import hash_token, is_inbox_topic, new_inbox_topic
from watcher.push.topics import id_called

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_AT_ONCE: Final = 200
"""Handovers settled in one transaction; a further one takes the rest."""


class TokenHolder(Struct, frozen=True, kw_only=True):
    """Who follows topics of an application: by the hash of the token that was brought."""

    app_id: int
    token_hash: str


class Ntfy(Resource):
    """What is followed with apps of ntfy's in one push store. Each method raises StoreError."""

    def now(self) -> datetime:
        """Return the time by which entries are dated."""
        return self._now()

    async def of_topics(self, topics: Sequence[str]) -> Sequence[Address | None]:
        """Return the address behind each secret name; None: there is none."""
        hashes = [hash_token(topic) if is_inbox_topic(topic) else None for topic in topics]

        def work(tx: Transaction) -> Sequence[Address | None]:
            return [None if each is None else tx.addresses.of_fingerprint(ChannelName.NTFY, each) for each in hashes]

        return await self._store.read(work) if any(hashes) else [None] * len(topics)

    async def follow(self, subscriber: Subscriber) -> Address:
        """Return the subscriber's address, which is made where there is none."""
        return await self._store.write(partial(_follow, subscriber_id=subscriber.id, now=self._now()))

    async def renew(self, subscriber: Subscriber) -> Address | None:
        """Give the address another secret name, which ends the old one; what waits is kept. None: there is none."""
        return await self._store.write(partial(_renew, subscriber_id=subscriber.id, now=self._now()))

    async def cursors(self, subscriber_ids: Sequence[int], since: Since) -> Mapping[int, int]:
        """Return after which entry those of each subscriber stand that are asked for."""
        return await self._store.read(lambda tx: {id_: tx.ntfy.cursor(id_, since) for id_ in subscriber_ids})

    async def entries(self, told: Mapping[int, int], *, limit: int) -> Sequence[Entry]:
        """Return entries of many subscribers by id, each one's after the one given; one read whatever their number."""
        return await self._store.read(lambda tx: tx.ntfy.after(told, limit=limit))

    async def topics(self, app: App, names: Sequence[str]) -> Sequence[int | None]:
        """Return the id of the application's topic behind each name, key or number; None: it has none."""
        return await self._store.read(lambda tx: [id_called(tx, app.id, name) for name in names])

    async def sent_cursors(self, topic_ids: Sequence[int], since: Since) -> Mapping[int, int]:
        """Return after which message those to each topic stand that are asked for."""
        return await self._store.read(lambda tx: {id_: tx.ntfy.sent_cursor(id_, since) for id_ in topic_ids})

    async def sent(self, holder: TokenHolder, told: Mapping[int, int], *, limit: int) -> Sequence[Entry] | None:
        """
        Return what was sent to topics by id, to each after the message given; None: the token is its no more.

        To a topic that is the application's no more nothing is.
        """
        now = self._now()

        def look(tx: Transaction) -> Sequence[Entry] | None:
            app = tx.apps.of_token(holder.token_hash, now=now)
            if app is None or app.id != holder.app_id:
                return None
            return tx.ntfy.sent_after(told, app_id=app.id, limit=limit)

        return await self._store.read(look)

    async def take(self, addresses: Sequence[Address], *, failover_after: timedelta) -> None:
        """
        Hand over what waits for these addresses, for somebody fetches it now; what quiet hours put off stays.

        Args:
            failover_after: when to look whether it was shown.
        """
        await self._take([address.id for address in addresses], failover_after)

    async def take_of(self, subscriber_ids: Collection[int], *, failover_after: timedelta) -> None:
        """Do as `take` for whatever these subscribers follow their inboxes by."""
        found = await self._store.read(lambda tx: tx.ntfy.waiting_of(subscriber_ids))
        await self._take(found, failover_after)

    async def _take(self, address_ids: Collection[int], failover_after: timedelta) -> None:
        while address_ids and await self._is_waiting(address_ids):
            work = partial(_take, address_ids=address_ids, now=self._now(), failover_after=failover_after)
            taken = await self._store.write(work, wakes=_woken_by)
            if len(taken) < _AT_ONCE:
                break

    async def _is_waiting(self, address_ids: Collection[int]) -> bool:
        return await self._store.read(lambda tx: tx.ntfy.is_waiting(address_ids))


def _own(tx: Transaction, subscriber_id: int) -> Address | None:
    ours = (each for each in tx.addresses.of_subscriber(subscriber_id) if each.channel is ChannelName.NTFY)
    return next(ours, None)


def _follow(tx: Transaction, subscriber_id: int, now: datetime) -> Address:
    known = _own(tx, subscriber_id)
    if known is not None:
        return known
    topic = new_inbox_topic()
    draft = AddressDraft(channel=ChannelName.NTFY, fingerprint=hash_token(topic), value=topic)
    return add_address(tx, subscriber_id, draft, now=now)


def _renew(tx: Transaction, subscriber_id: int, now: datetime) -> Address | None:
    known, topic = _own(tx, subscriber_id), new_inbox_topic()
    return known and tx.addresses.renew(known.id, fingerprint=hash_token(topic), value=topic, at=now)


def _woken_by(settled: Sequence[Settled]) -> Woken:
    return {Wakeup.HANDED_OVER: {each.handover.subscriber_id for each in settled}}


def _take(tx: Transaction, address_ids: Collection[int], now: datetime, failover_after: timedelta) -> Sequence[Settled]:
    """Settle what waits, in the order of each address; return what was settled."""
    # The channels that are set up matter for what goes on from a refusal; here nothing is refused.
    onward = Onward(at=now, channels=(), look_at=now + failover_after)
    settled, left = list[Settled](), list(address_ids)
    while left and len(settled) < _AT_ONCE:
        heads = tx.handovers.heads_of(left, now=now)
        done = [each for head in heads if (each := _settled(head, now, failover_after)) is not None]
        tx.handovers.settle(done, onward)
        settled += done
        left = [each.handover.address.id for each in done]
    return settled


def _settled(head: Handover, now: datetime, failover_after: timedelta) -> Settled | None:
    """Return what becomes of a handover that somebody fetches; None: it waits on."""
    outcome = without_trying(head, is_set_up=True, now=now) or Taken(at=now, look_at=now + failover_after)
    return None if isinstance(outcome, Waiting) else Settled(handover=head, outcome=outcome, at=now)
