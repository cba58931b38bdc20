"""Subscriptions: begun and ended, approved and rejected by owners, switched on and off by subscribers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.callbacks import Origin, Source
from watcher.core.push import (
    App,
    DeviceDraft,
    Message,
    NewSubscriber,
    Place,
    PushTopic,
    Slice,
    Subscriber,
    Subscription,
    SubscriptionFilter,
    SubscriptionPage,
    SubscriptionState,
)
from watcher.core.wakeups import wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.context import Context, Resource
from watcher.push.leaving import JustLeft
from watcher.push.subscribers import UNKNOWN_DEVICE, bring_back, follow, following, join, unfollow
from watcher.push.topics import known_topic

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class Subscriptions(Resource):
    """Who follows which topic or application, over one push store. Each method raises StoreError."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._removed = JustLeft()
        """What owners have just ended."""

    async def follow(
        self,
        subscriber: Subscriber,
        *,
        topic_id: int | None = None,
        app_id: int | None = None,
        is_approved: bool = False,
    ) -> SubscriptionState:
        """
        Subscribe to one topic or application, and return how that stands; again is no error.

        Raises RefusedError when it does not exist, is closed, or its owner rejected the subscriber.
        """
        place = Place(topic_id=topic_id, app_id=app_id)
        work = partial(follow, subscriber_id=subscriber.id, place=place, now=self._now(), is_approved=is_approved)
        state = await self._store.write(work, wakes=wakes_callbacks)
        self._left.forget(subscriber.id, place)
        return state

    async def follow_app(
        self, subscriber: Subscriber | None, app_id: int, source: Source, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Let a subscriber follow an application, or a new one, who is returned; its owner is told who came and how.

        Raises:
            RefusedError: it does not exist, or its owner rejected the subscriber.
            CapReachedError: too many strangers came today.
        """
        origin = Origin(source=source)
        work = partial(join, subscriber=subscriber, app_id=app_id, origin=origin, now=self._now(), device=device)
        follower, made = await self._strangers.make_for(subscriber, work, wakes=wakes_callbacks)
        self._left.forget(follower.id, Place(app_id=app_id))
        return made

    async def unfollow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """End a subscription; it is no error when there is none. For UNDO_WITHIN its subscriber can `undo_leaving`."""
        place = Place(topic_id=topic_id, app_id=app_id)
        # Before the write, so that no restoration comes after it. By now it is the subscriber's wish.
        self._removed.forget(subscriber.id, place)
        ended = await self._store.write(partial(unfollow, subscriber_id=subscriber.id, place=place))
        if ended is not None:
            self._left.add(subscriber.id, place, ended, at=self._now())

    def has_left(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> bool:
        """Return whether the subscriber has just left it, and can come back as it was."""
        return self._just_left(subscriber, Place(topic_id=topic_id, app_id=app_id)) is not None

    async def undo_leaving(
        self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None
    ) -> bool:
        """
        Begin what the subscriber has just left again, as it was: approved, switched off, though it is closed to others.

        False: it left nothing there within UNDO_WITHIN, or has asked to follow it since.
        Raises RefusedError when what was followed does not exist any more.
        """
        place = Place(topic_id=topic_id, app_id=app_id)
        ended = self._just_left(subscriber, place)
        if ended is None:
            return False
        await self._store.write(partial(bring_back, ended=ended, subscriber_id=subscriber.id, place=place))
        self._left.forget(subscriber.id, place)
        return True

    def _just_left(self, subscriber: Subscriber, place: Place) -> Subscription | None:
        return self._left.find(subscriber.id, place, now=self._now())

    async def following(self, subscriber: Subscriber) -> tuple[Sequence[PushTopic], Sequence[App]]:
        """Return the topics and applications that the subscriber follows."""
        return await self._store.read(lambda tx: following(tx, subscriber.id))

    async def find(
        self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None
    ) -> Subscription | None:
        """Return the subscription to one topic or application; None when the subscriber never followed it, or left."""
        place = Place(topic_id=topic_id, app_id=app_id)
        return await self._store.read(lambda tx: tx.subscriptions.find(subscriber.id, place))

    async def that_brought(self, message: Message, subscriber: Subscriber) -> Subscription | None:
        """Return what the subscriber follows that brought the message; None when it left, or follows nothing there."""
        return await self._store.read(lambda tx: tx.subscriptions.that_brought(message, subscriber))

    async def of_id(self, subscription_id: int, *, app_id: int | None = None) -> Subscription | None:
        """Return one subscription; with `app_id` one of that application only."""
        return await self._store.read(lambda tx: tx.subscriptions.of_id(subscription_id, app_id=app_id))

    async def slice(self, only: SubscriptionFilter, cut: Slice) -> Sequence[Subscription]:
        """Return a stretch of subscriptions by id."""
        return await self._store.read(lambda tx: tx.subscriptions.slice(only, cut))

    async def page(
        self,
        *,
        app_id: int | None = None,
        uid: str | None = None,
        to_topics: bool | None = None,
        states: Collection[SubscriptionState] = tuple(SubscriptionState),
        page: int = 1,
        page_size: int = 100,
    ) -> SubscriptionPage:
        """
        Return one page of subscriptions by id, so that new ones come last.

        Args:
            app_id: those to this application and its topics only.
            to_topics: those to topics, or to applications, only.
            page: from 1.
        """
        only = SubscriptionFilter(app_id=app_id, uid=uid, to_topics=to_topics, states=states)
        offset = min((page - 1) * page_size, 2**62)
        return await self._store.read(lambda tx: tx.subscriptions.page(only, offset=offset, limit=page_size))

    async def remove(self, subscription_id: int, *, app_id: int | None = None) -> Subscription:
        """
        End a subscription in its owner's name; the subscriber may follow again, a rejected one too.

        For UNDO_WITHIN its owner can `undo_removal`.

        Args:
            app_id: only if it is to this application or a topic of it. As in the next two.

        Raises:
            RefusedError: there is no such subscription.
        """

        def work(tx: Transaction) -> Subscription:
            found = _known(tx, subscription_id, app_id)
            tx.subscriptions.remove(found.id)
            self._note_judged(tx, Act.SUBSCRIBER_REMOVED, found)
            return found

        removed = self._forget_left(await self._store.write(work))
        self._removed.add(removed.subscriber.id, _place(removed), removed, at=self._now())
        return removed

    async def removed(self, subscriber: Subscriber, places: Iterable[Place]) -> Sequence[Subscription]:
        """Return what the subscriber had there that an owner has just ended, and can undo."""
        found = [self._removed.find(subscriber.id, place, now=self._now()) for place in places]
        gone = [each for each in found if each is not None]
        if not gone:
            return ()

        def work(tx: Transaction) -> Sequence[Subscription]:
            return [each for each in gone if tx.subscriptions.find(subscriber.id, _place(each)) is None]

        return await self._store.read(work)

    async def undo_removal(self, subscriber: Subscriber, place: Place) -> bool:
        """
        Begin what an owner has just ended again, as it was.

        False: nothing there was ended within UNDO_WITHIN, or the subscriber has followed it again or left it since.
        Raises RefusedError when the subscriber, or what was followed, does not exist any more.
        """
        ended = self._removed.find(subscriber.id, place, now=self._now())
        if ended is None:
            return False

        def work(tx: Transaction) -> bool:
            if tx.subscribers.of_id(subscriber.id) is None:
                raise RefusedError("there is no such subscriber any more", field="uid")
            if tx.subscriptions.find(subscriber.id, place) is not None:
                return False
            bring_back(tx, ended=ended, subscriber_id=subscriber.id, place=place)
            self._note_judged(tx, Act.REMOVAL_UNDONE, ended)
            return True

        is_back = await self._store.write(work)
        self._removed.forget(subscriber.id, place)
        return is_back

    async def reject(
        self, subscription_id: int, *, is_rejected: bool = True, app_id: int | None = None
    ) -> Subscription:
        """
        Reject a subscriber, who then gets nothing and cannot follow again; or take that back.

        Taking it back is a yes to one who waited. Raises RefusedError.
        """
        state = SubscriptionState.REJECTED if is_rejected else SubscriptionState.FOLLOWING
        act = Act.SUBSCRIBER_REJECTED if is_rejected else Act.SUBSCRIBER_READMITTED
        rejected_at = self._now() if is_rejected else None

        def work(tx: Transaction) -> Subscription:
            found = _known(tx, subscription_id, app_id)
            if (found.state is SubscriptionState.REJECTED) == is_rejected:
                return found
            self._note_judged(tx, act, found)
            return _stand(tx, found, state, rejected_at=rejected_at)

        return self._forget_left(await self._store.write(work))

    async def approve(self, subscription_id: int, *, app_id: int | None = None) -> Subscription:
        """Approve a subscriber who waits; one who follows already is no error. Raises RefusedError."""

        def work(tx: Transaction) -> Subscription:
            found = _known(tx, subscription_id, app_id)
            if found.state is SubscriptionState.REJECTED:
                raise RefusedError(f"subscription {subscription_id} is rejected; take that back first", field="id")
            if found.state is SubscriptionState.FOLLOWING:
                return found
            self._note_judged(tx, Act.SUBSCRIBER_APPROVED, found)
            return _stand(tx, found, SubscriptionState.FOLLOWING, rejected_at=None)

        return await self._store.write(work)

    async def approve_all(self, topic_id: int) -> int:
        """Approve all who wait for a topic, and return how many they were. Raises RefusedError where there is none."""

        def work(tx: Transaction) -> int:
            topic = known_topic(tx, topic_id)
            approved = tx.subscriptions.approve_all(topic_id)
            if approved:
                self._note(tx, Act.SUBSCRIBER_APPROVED, f"{approved} × {topic.name}", app_id=topic.app_id)
            return approved

        return await self._store.write(work)

    async def set_receiving(
        self, subscriber: Subscriber, is_receiving: bool, *, topic_id: int | None = None, app_id: int | None = None
    ) -> None:
        """Switch one subscription on or off for its subscriber. Raises RefusedError where there is none."""
        place = Place(topic_id=topic_id, app_id=app_id)

        def work(tx: Transaction) -> None:
            found = tx.subscriptions.find(subscriber.id, place)
            if found is None:
                raise RefusedError("未关注 · there is no such subscription")
            tx.subscriptions.set_receiving(found.id, is_receiving)

        await self._store.write(work)

    async def mute(
        self, subscriber: Subscriber, length: timedelta, *, topic_id: int | None = None, app_id: int | None = None
    ) -> None:
        """
        Let what is followed come into the inbox alone for a time, and over no other channel.

        Raises RefusedError where there is no such subscription.
        """
        place, until = Place(topic_id=topic_id, app_id=app_id), self._now() + length

        def work(tx: Transaction) -> None:
            found = tx.subscriptions.find(subscriber.id, place)
            if found is None:
                raise RefusedError("未关注 · there is no such subscription")
            tx.subscriptions.mute(found.id, until=until)

        await self._store.write(work)

    def muted_until(self, subscription: Subscription) -> datetime | None:
        """Return when a subscription that is muted for a time comes back; None: it is not muted, or no longer."""
        until = subscription.muted_until
        return until if until is not None and until > self._now() else None

    def _forget_left(self, judged: Subscription) -> Subscription:
        """Let nobody undo what an owner decided."""
        self._left.forget(judged.subscriber.id, _place(judged))
        return judged

    def _note_judged(self, tx: Transaction, act: Act, judged: Subscription) -> None:
        self._note(tx, act, f"{judged.subscriber.uid} · {judged.place}", app_id=judged.owner_id)


def _place(subscription: Subscription) -> Place:
    return Place(topic_id=subscription.topic_id, app_id=subscription.app_id)


def _known(tx: Transaction, subscription_id: int, app_id: int | None) -> Subscription:
    found = tx.subscriptions.of_id(subscription_id, app_id=app_id)
    if found is None:
        raise RefusedError(f"关注关系[{subscription_id}]不存在 · there is no such subscription", field="id")
    return found


def _stand(
    tx: Transaction, subscription: Subscription, state: SubscriptionState, *, rejected_at: datetime | None
) -> Subscription:
    tx.subscriptions.set_state(subscription.id, state, rejected_at=rejected_at)
    return replace(subscription, state=state, rejected_at=rejected_at)
