"""Who follows the applications of an account, as the console shows them: with remarks, and nothing of other owners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.push import (
    AudienceCounts,
    Follower,
    FollowerFilter,
    Receipt,
    Slice,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from watcher.errors import RefusedError
from watcher.push.apps import checked_note
from watcher.push.context import Context, Resource

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_REMARK_CHARS: Final = 100
_LARGE_FOLLOWERS: Final = 10_000
_REACH_KEPT: Final = timedelta(minutes=10)


class Audience(Resource):
    """The followers of one push store's applications. Each method raises StoreError."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._reach: dict[int, tuple[datetime, tuple[Mapping[str, int], int]]] = {}

    async def page(self, only: FollowerFilter, cut: Slice) -> Sequence[Follower]:
        """Return a stretch of the subscribers that match the filter, by id, each with the first of what they follow."""
        return await self._store.read(lambda tx: tx.followers.page(only, cut))

    async def of_topic(
        self, topic_id: int, states: Collection[SubscriptionState], cut: Slice
    ) -> Sequence[Subscription]:
        """Return a stretch of the subscriptions to a topic, by id."""
        return await self._store.read(lambda tx: tx.followers.of_topic(topic_id, states, cut))

    async def counts(self, topic_id: int) -> AudienceCounts:
        """
        Return how many subscribe to a topic, and over which channels its followers are reached.

        The channels of a large topic are counted every ten minutes: 200,000 followers take a tenth of a second.
        """
        counts, now = await self._store.read(lambda tx: tx.followers.counts(topic_id)), self._now()
        at, reach = self._reach.get(topic_id, (now, None))
        if reach is None or not timedelta(0) <= now - at < _REACH_KEPT:
            reach = await self._store.read(lambda tx: tx.followers.reach(topic_id))
            if counts.following >= _LARGE_FOLLOWERS:
                self._reach[topic_id] = now, reach
        by_channel, reached = reach
        return replace(counts, by_channel=by_channel, inbox_only=max(0, counts.following - reached))

    async def knows(self, app_id: int, subscriber: Subscriber) -> bool:
        """Return whether an application has to do with a subscriber: a subscription or a remark."""
        return await self._store.read(lambda tx: tx.followers.knows(app_id, subscriber.id))

    async def remarks(self, app_id: int, subscribers: Collection[Subscriber]) -> Mapping[int, str]:
        """Return what an application's owner calls these subscribers, by their ids; who has no remark is left out."""
        ids = [one.id for one in subscribers]
        return await self._store.read(lambda tx: tx.followers.remarks(app_id, ids))

    async def set_remark(self, app_id: int, subscriber: Subscriber, remark: str) -> str:
        """
        Keep what an application's owner calls a subscriber, in one line; blank: nothing any more.

        Return it as it is kept. Raises RefusedError for over 100 characters, and where one of the two is not there.
        """
        remark = " ".join(checked_note("remark", remark).split())
        if len(remark) > MAX_REMARK_CHARS:
            raise RefusedError(f"{len(remark)} characters; at most {MAX_REMARK_CHARS}", field="remark")

        def work(tx: Transaction) -> None:
            if tx.apps.of_id(app_id) is None or tx.subscribers.of_id(subscriber.id) is None:
                raise RefusedError("there is no such subscriber", field="uid")
            if tx.followers.remarks(app_id, [subscriber.id]).get(subscriber.id, "") == remark:
                return
            tx.followers.set_remark(app_id, subscriber.id, remark)
            self._note(tx, Act.REMARK_SET, subscriber.uid, app_id=app_id)

        await self._store.write(work)
        return remark

    async def channels(self, subscriber: Subscriber) -> Sequence[str]:
        """Return the names of the channels that a subscriber set up, for the operator alone."""
        return await self._store.read(lambda tx: tx.followers.channels(subscriber.id))

    async def receipts(self, app_id: int, subscriber: Subscriber, *, limit: int = 20) -> Sequence[Receipt]:
        """Return the newest messages of an application to a subscriber, newest first."""
        return await self._store.read(lambda tx: tx.followers.receipts(app_id, subscriber.id, limit=limit))
