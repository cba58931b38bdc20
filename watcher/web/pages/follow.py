"""The pages behind the QR codes: a topic's or an application's. GET shows, POST subscribes."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.callbacks import Source
from watcher.core.caps import Made
from watcher.core.push import App, PushTopic, Subscriber, SubscriptionState, TopicMode
from watcher.core.watch import ADMIN_TOPIC
from watcher.push.service import PushService
from watcher.translations import Locale, text
from watcher.web.addresses import known
from watcher.web.keys import SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_address, count_making
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import device_draft, remember_device, subscriber_of

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class Target(Struct, frozen=True, kw_only=True):
    """
    What a follow page is about.

    Attributes:
        topic_id, app_id: as in PushService.follow, exactly one is set.
        is_closed: it takes no new subscribers.
        owner: the application itself, or the one that the topic belongs to.
        language: of its page; None: the reader's.
    """

    path: str
    name: str
    description: str
    owner: App
    topic_id: int | None = None
    app_id: int | None = None
    is_closed: bool = False
    language: Locale | None = None

    @property
    def is_own(self) -> bool:
        """True when its application is built in: nobody but the operator of this server runs it."""
        return self.owner.key is not None

    @property
    def scanned_path(self) -> str:
        """What its QR code leads to: the owner of an application is told who scanned, and who followed a link."""
        return self.path if self.app_id is None else f"{self.path}?scan"


async def show_target(request: web.Request) -> web.Response:
    """`GET /t/{slug}`, `GET /a/{slug}`: what it is and who runs it. Link previews fetch this, so it changes nothing."""
    target = await find_target(request)
    subscriber = await subscriber_of(request)
    standing = await _standing(request.app[SERVICE], subscriber, target)
    uid = subscriber.uid if subscriber else ""
    return render(
        request,
        "follow.html",
        speaks=target.language,
        target=target,
        action=target.scanned_path if "scan" in request.query else target.path,
        standing=standing.value if standing else "closed" if target.is_closed else "new",
        is_following=standing is SubscriptionState.FOLLOWING,
        prompt=target.owner.profile.follow_prompt.replace("{UID}", uid),
    )


async def show_numbered(request: web.Request) -> web.Response:
    """
    `GET /wxuser/?type=1&id=` (an application), `?type=2&id=` (a topic): WxPusher's old links, on to the follow page.

    Numbers are counted up to, so they lead only to what its owner opened to them; all else is not there, and answered
    alike.
    """
    count_address(request, "number", request.app[SETTINGS].address_calls)
    path = known(
        await _path_of_number(request.app[SERVICE], request.query.get("type", ""), request.query.get("id", ""))
    )
    raise web.HTTPFound(path)


async def _path_of_number(service: PushService, kind: str, number: str) -> str | None:
    if not _NUMBER.fullmatch(number):
        return None
    match kind:
        case "1":
            app = await service.apps.of_number(int(number))
            return None if app is None else f"/a/{app.slug}"
        case "2":
            topic = await service.topics.of_number(int(number))
            return None if topic is None else f"/t/{topic.slug}"
        case _:
            return None


async def follow_target(request: web.Request) -> web.Response:
    """`POST /t/{slug}`, `POST /a/{slug}`: subscribe this device, and make it known if it is new."""
    count_address(request, "follow", request.app[SETTINGS].address_calls)
    target = await find_target(request)
    service = request.app[SERVICE]
    subscriber = await subscriber_of(request)
    if subscriber is None:
        count_making(request, Made.SUBSCRIBERS)
    state = SubscriptionState.FOLLOWING
    if target.app_id is not None:
        source = Source.SCAN if "scan" in request.query else Source.LINK
        made = await service.subscriptions.follow_app(subscriber, target.app_id, source, device=device_draft(request))
    elif subscriber is not None:
        state = await service.subscriptions.follow(subscriber, topic_id=target.topic_id)
        made = None
    else:
        made = await service.subscribers.welcome(target.topic_id or 0, device=device_draft(request))
        state = await _standing(service, made.subscriber, target) or state
    # Its own page says what the owner has to say, or that the owner is still to say yes.
    has_word = bool(target.owner.profile.follow_prompt) or state is not SubscriptionState.FOLLOWING
    response = see_other(target.path if has_word else f"/inbox?followed={target.path[1:]}")
    if made is not None:
        remember_device(request, response, made.device_token)
    return response


async def leave_target(request: web.Request) -> web.Response:
    """`POST /t/{slug}/leave`, `POST /a/{slug}/leave`: end the subscription of this device's subscriber."""
    target = await find_target(request)
    subscriber = await subscriber_of(request)
    if subscriber is not None:
        await request.app[SERVICE].subscriptions.unfollow(subscriber, topic_id=target.topic_id, app_id=target.app_id)
    return see_other(f"/subscriptions?left={target.path[1:]}")


async def undo_leaving(request: web.Request) -> web.Response:
    """`POST /t/{slug}/undo`, `POST /a/{slug}/undo`: take back that this subscriber has just left it."""
    target = await find_target(request)
    is_back = await request.app[SERVICE].subscriptions.undo_leaving(
        request[SUBSCRIBER], topic_id=target.topic_id, app_id=target.app_id
    )
    # Too late, or a restart came between: its own page has the button that begins a subscription.
    return see_other(f"/subscriptions#{request.match_info['slug']}" if is_back else target.path)


async def find_target(request: web.Request) -> Target:
    """Return what the address is about. Raises HTTPNotFound, the same for anything that is not there."""
    return known(await target_at(request, f"{request.match_info['kind']}/{request.match_info['slug']}"))


async def target_at(request: web.Request, place: str) -> Target | None:
    """Return what a place such as `t/slug` or `a/slug` is; None: there is nothing."""
    service = request.app[SERVICE]
    kind, _, slug = place.partition("/")
    match kind:
        case "t":
            topic = await service.topics.of_slug(slug)
            return await _of_topic(service, topic, language_of(request)) if topic else None
        case "a":
            app = await service.apps.of_slug(slug)
            return _of_app(app) if app else None
        case _:
            return None


def called(topic: PushTopic, language: Locale) -> tuple[str, str]:
    """Return a topic's name and description. The operator's own has words for readers unless watches.yaml has some."""
    if topic.description or topic.key != ADMIN_TOPIC:
        return topic.name, topic.description
    return topic.name, text(language, "admin_description")


async def _of_topic(service: PushService, topic: PushTopic, language: Locale) -> Target:
    owner = next(app for app in await service.apps.all() if app.id == topic.app_id)
    name, description = called(topic, topic.language or language)
    return Target(
        path=f"/t/{topic.slug}",
        name=name,
        description=description,
        owner=owner,
        topic_id=topic.id,
        is_closed=topic.mode is TopicMode.CLOSED,
        language=topic.language,
    )


def _of_app(app: App) -> Target:
    path = f"/a/{app.slug}"
    return Target(path=path, name=app.profile.name, description=app.profile.description, owner=app, app_id=app.id)


async def _standing(service: PushService, subscriber: Subscriber | None, target: Target) -> SubscriptionState | None:
    """Return the state of the subscriber's subscription to the target; None for a stranger, or without one."""
    if subscriber is None:
        return None
    found = await service.subscriptions.find(subscriber, topic_id=target.topic_id, app_id=target.app_id)
    return found.state if found else None
