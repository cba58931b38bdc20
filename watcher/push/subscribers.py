"""Subscribers: made, found and deleted, with what they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from watcher.core.callbacks import Origin
from watcher.core.caps import Made
from watcher.core.push import (
    App,
    DeviceDraft,
    InboxSummary,
    NewSubscriber,
    Place,
    PushTopic,
    Slice,
    Subscriber,
    Subscription,
    SubscriptionState,
    TopicMode,
)
from watcher.core.wakeups import wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.apps import checked_note, known_app, running_app
from watcher.push.context import Resource
from watcher.push.events import tell_subscribed
from watcher.push.foreign_ids import check_free_uid, checked_uid
from watcher.push.forgetting import STRANGER_LIFE, forget, forget_strangers
from watcher.push.ids import hash_token, new_secret, new_spt, new_uid
from watcher.push.topics import known_topic

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

Following: TypeAlias = tuple[Sequence[PushTopic], Sequence[App]]

_BY_LINK: Final = Origin()
UNKNOWN_DEVICE: Final = DeviceDraft()
_NAMED: Final = 5
"""Topics and applications in a summary."""


class Subscribers(Resource):
    """The subscribers of one push store. Each method raises StoreError."""

    async def add(
        self,
        *,
        app_ids: Sequence[int] = (),
        topic_ids: Sequence[int] = (),
        is_approved: bool = False,
        device: DeviceDraft = UNKNOWN_DEVICE,
        account_id: int | None = None,
        uid: str | None = None,
    ) -> NewSubscriber:
        """
        Make a subscriber that follows these, for the operator or an owner.

        Args:
            is_approved: neither approval nor a closed topic stands in the way.
            account_id: the owner who asks, who makes no more than strangers may; None: the operator.
            uid: that they had elsewhere; None: a new one.

        Raises:
            RefusedError: an id does not exist, a topic is closed, or the UID is taken; nobody was made.
            InvalidRequestError: the UID is none.
            CapReachedError: an owner asks, and too many strangers came today.
        """
        places = [Place(app_id=id_) for id_ in app_ids] + [Place(topic_id=id_) for id_ in topic_ids]
        uid = None if uid is None else checked_uid("uid", uid)
        work = partial(add_subscriber, places=places, now=self._now(), is_approved=is_approved, device=device, uid=uid)
        if account_id is not None:
            return await self._strangers.make(Made.SUBSCRIBERS, work, wakes=wakes_callbacks)
        return await self._store.write(work, wakes=wakes_callbacks)

    async def welcome(self, topic_id: int, *, device: DeviceDraft = UNKNOWN_DEVICE) -> NewSubscriber:
        """Make a new subscriber, who follows a topic. Raises as `add`, and CapReachedError."""
        places = [Place(topic_id=topic_id)]
        work = partial(add_subscriber, places=places, now=self._now(), device=device, is_stranger=True)
        return await self._strangers.make(Made.SUBSCRIBERS, work, wakes=wakes_callbacks)

    async def all(self) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
        """Return all subscribers by id, with what they follow."""
        return await self._store.read(all_following)

    async def slice(self, cut: Slice, *, app_id: int | None = None, uid: str | None = None) -> Sequence[Subscriber]:
        """Return a stretch of the subscribers by id; with `app_id` those with a subscription to it or its topics."""
        return await self._store.read(lambda tx: tx.subscribers.slice(cut, app_id=app_id, uid=uid))

    async def of_uid(self, uid: str) -> Subscriber | None:
        """Return the subscriber with this uid."""
        return await self._store.read(lambda tx: tx.subscribers.of_uid(uid))

    async def of_spts(self, spts: Sequence[str]) -> Sequence[Subscriber]:
        """Return the subscribers who have one of these simple push tokens."""
        hashes = {hash_token(spt) for spt in spts}
        return list((await self._store.read(lambda tx: tx.subscribers.of_spts(hashes))).values()) if hashes else []

    async def summary(self, subscriber_id: int) -> InboxSummary | None:
        """Return what people recognise a subscriber's inbox by; None where there is no such subscriber."""
        return await self._store.read(partial(summary_of_id, subscriber_id=subscriber_id))

    async def describe(
        self, subscriber: Subscriber, *, nickname: str | None = None, is_receiving: bool | None = None
    ) -> None:
        """Change a subscriber's nickname, and whether it gets messages at all. Raises a PushError."""
        nickname = subscriber.nickname if nickname is None else checked_note("nickname", nickname)
        is_on = subscriber.is_receiving if is_receiving is None else is_receiving
        await self._store.write(
            lambda tx: tx.subscribers.describe(subscriber.id, nickname=nickname, is_receiving=is_on)
        )

    async def forget(self, subscriber: Subscriber) -> None:
        """Delete a subscriber with all their data, for good (see `forgetting`)."""
        await self._store.write(partial(forget, subscriber=subscriber, now=self._now()))

    async def forget_strangers(self, *, limit: int = 100) -> int:
        """
        Delete subscribers that a stranger's form made a month ago, and whose browser never came back; return how many.

        Their cookie was kept by nobody: a browser that has one comes back at once, for the form leads it on.
        """
        return await self._store.write(partial(forget_strangers, before=self._now() - STRANGER_LIFE, limit=limit))


def add_subscriber(
    tx: Transaction,
    places: Iterable[Place],
    *,
    now: datetime,
    is_approved: bool = False,
    device: DeviceDraft = UNKNOWN_DEVICE,
    is_stranger: bool = False,
    uid: str | None = None,
) -> NewSubscriber:
    """
    Make a subscriber with one device that follows these places, as in `follow`.

    Args:
        is_stranger: nobody but a form asks for it; `forget_strangers` deletes it unless its browser comes back.
        uid: that they had elsewhere; None: a new one.

    Raises:
        RefusedError: as `follow` does, and where the UID is taken.
    """
    subscriber, spt = add_without_device(tx, now=now, is_stranger=is_stranger, uid=uid)
    device_token = new_secret()
    tx.devices.add(subscriber.id, device, token_hash=hash_token(device_token), at=now)
    for place in places:
        follow(tx, subscriber.id, place, now=now, is_approved=is_approved)
    return NewSubscriber(subscriber=subscriber, spt=spt, device_token=device_token)


def add_without_device(
    tx: Transaction, *, now: datetime, is_stranger: bool = False, uid: str | None = None
) -> tuple[Subscriber, str]:
    """Make a subscriber that follows nothing, and return it with its simple push token. Raises RefusedError."""
    check_free_uid(tx, uid)
    uid, spt = uid or new_uid(), new_spt()
    return tx.subscribers.add(uid=uid, spt_hash=hash_token(spt), created_at=now, is_stranger=is_stranger), spt


def follow(
    tx: Transaction,
    subscriber_id: int,
    place: Place,
    *,
    now: datetime,
    origin: Origin = _BY_LINK,
    is_approved: bool = False,
) -> SubscriptionState:
    """
    Subscribe to a place, and return how that stands: following, or waiting for its owner.

    Who follows already and had switched that off gets messages again; who waits for a topic that was opened since
    need not wait. The owner of an application is told of a new follower, and of each scan of a parametric QR code.

    Args:
        is_approved: the operator asks, so neither approval nor a closed door stands in the way.

    Raises:
        RefusedError: it does not exist, is paused, takes nobody any more, or its owner rejected the subscriber.
    """
    mode = _mode(tx, place, is_paused_too=is_approved)
    known = tx.subscriptions.find(subscriber_id, place)
    if known is not None and known.state is SubscriptionState.REJECTED:
        raise RefusedError("你已被拉黑，无法关注 · its owner does not let you follow it")
    if known is None:
        state = _state(mode, is_approved=is_approved)
        tx.subscriptions.add(subscriber_id, place, state=state, created_at=now)
    else:
        state = _renew(tx, known, mode, is_approved=is_approved)
    if known is None or origin.code:
        _tell(tx, subscriber_id, place, origin, now)
    return state


def join(
    tx: Transaction,
    subscriber: Subscriber | None,
    app_id: int,
    origin: Origin,
    *,
    now: datetime,
    device: DeviceDraft = UNKNOWN_DEVICE,
) -> tuple[Subscriber, NewSubscriber | None]:
    """
    Let a subscriber follow an application, or a new one, who is returned with its secrets.

    Raises:
        RefusedError: there is no such application, or its owner rejected the subscriber.
    """
    made = None
    if subscriber is None:
        made = add_subscriber(tx, [], now=now, device=device, is_stranger=True)
        subscriber = made.subscriber
    follow(tx, subscriber.id, Place(app_id=app_id), origin=origin, now=now)
    return subscriber, made


def unfollow(tx: Transaction, subscriber_id: int, place: Place) -> Subscription | None:
    """
    End the subscription, if there is one, and return it as it was.

    A rejected one stays, so that it cannot be begun again, but switched off: when its owner takes the rejection back
    the subscriber, who left, still gets nothing until it follows again.
    """
    known = tx.subscriptions.find(subscriber_id, place)
    if known is None:
        return None
    if known.state is SubscriptionState.REJECTED:
        tx.subscriptions.set_receiving(known.id, False)
        return None
    tx.subscriptions.remove(known.id)
    return known


def bring_back(tx: Transaction, ended: Subscription, subscriber_id: int, place: Place) -> None:
    """Begin an ended subscription again, as it was. Raises RefusedError: what was followed is not there any more."""
    _mode(tx, place)
    if tx.subscriptions.find(subscriber_id, place) is not None:
        return
    tx.subscriptions.add(subscriber_id, place, state=ended.state, created_at=ended.created_at)
    if not ended.is_receiving and (begun := tx.subscriptions.find(subscriber_id, place)) is not None:
        tx.subscriptions.set_receiving(begun.id, False)


def _mode(tx: Transaction, place: Place, *, is_paused_too: bool = True) -> TopicMode:
    """Return who may follow a place; an application takes everybody. Raises RefusedError: not there, or paused."""
    topic = None if place.topic_id is None else known_topic(tx, place.topic_id)
    app_id = place.app_id if topic is None else topic.app_id
    if app_id is not None:
        known_app(tx, app_id) if is_paused_too else running_app(tx, app_id)
    return TopicMode.OPEN if topic is None else topic.mode


def _state(mode: TopicMode, *, is_approved: bool) -> SubscriptionState:
    if is_approved or mode is TopicMode.OPEN:
        return SubscriptionState.FOLLOWING
    if mode is TopicMode.CLOSED:
        raise RefusedError("主题已关闭关注 · this topic takes no new subscribers")
    return SubscriptionState.WAITING


def _renew(tx: Transaction, known: Subscription, mode: TopicMode, *, is_approved: bool) -> SubscriptionState:
    """Renew the subscription of one who follows or waits already; return its state."""
    # The switch is the subscriber's: the operator does not touch it.
    if not known.is_receiving and not is_approved:
        tx.subscriptions.set_receiving(known.id, True)
    if known.state is SubscriptionState.WAITING and (is_approved or mode is TopicMode.OPEN):
        tx.subscriptions.set_state(known.id, SubscriptionState.FOLLOWING, rejected_at=None)
        return SubscriptionState.FOLLOWING
    return known.state


def _tell(tx: Transaction, subscriber_id: int, place: Place, origin: Origin, now: datetime) -> None:
    subscription = tx.subscriptions.find(subscriber_id, place)
    if subscription is not None and place.app_id is not None:
        tell_subscribed(tx, known_app(tx, place.app_id), subscription.subscriber, origin, now=now)


def following(tx: Transaction, subscriber_id: int) -> Following:
    """Return what one subscriber follows, each in the order of subscribing."""
    places = [place for _, place in tx.subscriptions.all(subscriber_id=subscriber_id)]
    topics = tx.topics.of_ids([place.topic_id for place in places if place.topic_id is not None])
    apps = tx.apps.of_ids([place.app_id for place in places if place.app_id is not None])
    return _split(places, {topic.id: topic for topic in topics}, {app.id: app for app in apps})


def summary(tx: Transaction, subscriber: Subscriber) -> InboxSummary:
    """Return how a question names a subscriber's inbox, so that people recognise it."""
    topics, apps = following(tx, subscriber.id)
    names = [topic.name for topic in topics] + [app.profile.name for app in apps]
    return InboxSummary(subscriber=subscriber, follows=names[:_NAMED], more=max(0, len(names) - _NAMED))


def summary_of_id(tx: Transaction, subscriber_id: int) -> InboxSummary | None:
    """Return the `summary` of the subscriber with this id; None where there is none."""
    subscriber = tx.subscribers.of_id(subscriber_id)
    return None if subscriber is None else summary(tx, subscriber)


def all_following(tx: Transaction) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
    """Return all subscribers by id, with what they follow."""
    topics = {topic.id: topic for topic in tx.topics.all()}
    apps = {app.id: app for app in tx.apps.all()}
    places: dict[int, list[Place]] = {}
    for subscriber_id, place in tx.subscriptions.all():
        places.setdefault(subscriber_id, []).append(place)
    return [(one, *_split(places.get(one.id, ()), topics, apps)) for one in tx.subscribers.all()]


def _split(places: Iterable[Place], topics: Mapping[int, PushTopic], apps: Mapping[int, App]) -> Following:
    return (
        [topics[place.topic_id] for place in places if place.topic_id is not None],
        [apps[place.app_id] for place in places if place.app_id is not None],
    )
