"""Subscribers, and what they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from watcher.core.push import App, NewSubscriber, PushTopic, Subscriber
from watcher.errors import RefusedError
from watcher.push.ids import hash_token, new_device_token, new_spt, new_uid
from watcher.store.push.records import Place

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

Following: TypeAlias = tuple[Sequence[PushTopic], Sequence[App]]


async def add_subscriber(tx: Transaction, places: Iterable[Place], *, now: datetime) -> NewSubscriber:
    """Make a subscriber with one device that follows these places. Raises RefusedError."""
    spt, device_token = new_spt(), new_device_token()
    subscriber = await tx.subscribers.add(uid=new_uid(), spt_hash=hash_token(spt), created_at=now)
    await tx.subscribers.add_device(subscriber.id, token_hash=hash_token(device_token), created_at=now)
    for place in places:
        await follow(tx, subscriber.id, place, now=now)
    return NewSubscriber(subscriber=subscriber, spt=spt, device_token=device_token)


async def follow(tx: Transaction, subscriber_id: int, place: Place, *, now: datetime) -> None:
    """Subscribe to a place, once. Raises RefusedError when it does not exist."""
    if place.topic_id is not None and await tx.topics.of_id(place.topic_id) is None:
        raise RefusedError(f"topic_id: there is no topic {place.topic_id}")
    if place.app_id is not None and await tx.apps.of_id(place.app_id) is None:
        raise RefusedError(f"app_id: there is no application {place.app_id}")
    await tx.subscriptions.add(subscriber_id, place, created_at=now)


async def following(tx: Transaction, subscriber_id: int) -> Following:
    """Return what one subscriber follows, each in the order of subscribing."""
    places = [place for _, place in await tx.subscriptions.all(subscriber_id=subscriber_id)]
    return _split(places, *await _by_id(tx))


async def all_following(tx: Transaction) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
    """Return all subscribers by id, with what they follow."""
    topics, apps = await _by_id(tx)
    places: dict[int, list[Place]] = {}
    for subscriber_id, place in await tx.subscriptions.all():
        places.setdefault(subscriber_id, []).append(place)
    return [(one, *_split(places.get(one.id, ()), topics, apps)) for one in await tx.subscribers.all()]


async def _by_id(tx: Transaction) -> tuple[Mapping[int, PushTopic], Mapping[int, App]]:
    topics = {topic.id: topic for topic in await tx.topics.all()}
    return topics, {app.id: app for app in await tx.apps.all()}


def _split(places: Iterable[Place], topics: Mapping[int, PushTopic], apps: Mapping[int, App]) -> Following:
    return (
        [topics[place.topic_id] for place in places if place.topic_id is not None],
        [apps[place.app_id] for place in places if place.app_id is not None],
    )
