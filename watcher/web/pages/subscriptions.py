"""What this device's subscriber follows: a switch for all messages, a switch for each, and the way out of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.push import App, PushTopic, Subscriber, Subscription, SubscriptionState
from watcher.push.service import PushService
from watcher.translations import Locale
from watcher.web.keys import DEVICE, SERVICE, SUBSCRIBER
from watcher.web.pages.follow import Target, called, find_target, target_at
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render, see_other

_MOST: Final = 1_000
"""Subscriptions on the page."""
_SHOWN: Final = (SubscriptionState.FOLLOWING, SubscriptionState.WAITING)


class Row(Struct, frozen=True, kw_only=True):
    """
    One subscription on the page.

    Attributes:
        path: of its follow page.
        settings: address of the application's own settings page, None without one.
        muted_until: when it is told as ever again, of one that is muted for a time; else None.
    """

    place: PushTopic | App
    path: str
    name: str
    description: str
    is_receiving: bool
    is_waiting: bool
    settings: str | None
    muted_until: datetime | None

    @property
    def is_topic(self) -> bool:
        """True for a topic, False for an application."""
        return isinstance(self.place, PushTopic)


async def show_subscriptions(request: web.Request) -> web.Response:
    """`GET /subscriptions`; `?left=t/slug` says what has just been left."""
    subscriber = request[SUBSCRIBER]
    rows = await _rows(request.app[SERVICE], subscriber, language_of(request))
    devices = await request.app[SERVICE].devices.of(subscriber)
    return render(
        request,
        "subscriptions.html",
        rows=rows,
        subscriber=subscriber,
        devices=devices,
        here=request[DEVICE].id,
        left=await _left(request),
    )


async def mute_all(request: web.Request) -> web.Response:
    """`POST /subscriptions/mute`: nothing is delivered to this subscriber any more."""
    return await _receive_all(request, is_receiving=False)


async def unmute_all(request: web.Request) -> web.Response:
    """`POST /subscriptions/unmute`."""
    return await _receive_all(request, is_receiving=True)


async def mute_target(request: web.Request) -> web.Response:
    """`POST /t/{slug}/mute`, `POST /a/{slug}/mute`: stay subscribed, and get nothing from it."""
    return await _receive(request, is_receiving=False)


async def unmute_target(request: web.Request) -> web.Response:
    """`POST /t/{slug}/unmute`, `POST /a/{slug}/unmute`."""
    return await _receive(request, is_receiving=True)


async def _left(request: web.Request) -> Target | None:
    """Return what `?left=` says that this subscriber has just left, if that can be taken back."""
    target = await target_at(request, request.query.get("left", ""))
    if target is None:
        return None
    subscriptions, place = request.app[SERVICE].subscriptions, {"topic_id": target.topic_id, "app_id": target.app_id}
    return target if subscriptions.has_left(request[SUBSCRIBER], **place) else None


async def _receive_all(request: web.Request, *, is_receiving: bool) -> web.Response:
    await request.app[SERVICE].subscribers.describe(request[SUBSCRIBER], is_receiving=is_receiving)
    return see_other("/subscriptions")


async def _receive(request: web.Request, *, is_receiving: bool) -> web.Response:
    target = await find_target(request)
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    place = {"topic_id": target.topic_id, "app_id": target.app_id}
    # Who left in another tab is shown what is left.
    if await service.subscriptions.find(subscriber, **place) is not None:
        await service.subscriptions.set_receiving(subscriber, is_receiving, **place)
    return see_other(f"/subscriptions#{request.match_info['slug']}")


async def _rows(service: PushService, subscriber: Subscriber, language: Locale) -> Sequence[Row]:
    found = await service.subscriptions.page(uid=subscriber.uid, states=_SHOWN, page_size=_MOST)
    topics = {topic.id: topic for topic in await service.topics.all()}
    apps = {app.id: app for app in await service.apps.all()}
    rows = []
    for subscription in found.subscriptions:
        muted_until = service.subscriptions.muted_until(subscription)
        # Reads are not one transaction: a topic that was made after the first is not among the second's.
        if topic := topics.get(subscription.topic_id or 0):
            rows.append(_topic_row(subscription, topic, language, muted_until))
        elif app := apps.get(subscription.app_id or 0):
            rows.append(_app_row(subscription, app, service.apps.settings_link(app, subscriber), muted_until))
    return rows


def _topic_row(subscription: Subscription, topic: PushTopic, language: Locale, muted_until: datetime | None) -> Row:
    name, description = called(topic, language)
    return Row(
        place=topic,
        path=f"/t/{topic.slug}",
        name=name,
        description=description,
        is_receiving=subscription.is_receiving,
        is_waiting=subscription.state is SubscriptionState.WAITING,
        settings=None,
        muted_until=muted_until,
    )


def _app_row(subscription: Subscription, app: App, settings: str | None, muted_until: datetime | None) -> Row:
    return Row(
        place=app,
        path=f"/a/{app.slug}",
        name=app.profile.name,
        description=app.profile.description,
        is_receiving=subscription.is_receiving,
        is_waiting=False,
        settings=settings,
        muted_until=muted_until,
    )
