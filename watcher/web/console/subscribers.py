"""
Subscribers of an account's applications: their list, and one of them in one application.

An owner sees of a subscriber the UID, their own remark, and what is followed of their own; no addresses, no devices,
no nickname, nothing of other owners. The operator sees by which channels a subscriber is reached, too.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from watcher.core.push import (
    App,
    FollowerFilter,
    Place,
    Subscriber,
    Subscription,
    SubscriptionFilter,
    SubscriptionState,
)
from watcher.errors import PushError, RefusedError
from watcher.push.audience import MAX_REMARK_CHARS
from watcher.web.addresses import id_in, known, number_in
from watcher.web.console.paging import page_of
from watcher.web.console.scope import asked_app, offered_apps, offered_topics, own_app
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE
from watcher.web.sessions.account import CONSOLE

SUBSCRIBERS: Final = f"{CONSOLE}/subscribers"
_LONGEST_SEARCH: Final = 200
_ACTS: Final = {
    "approve": Said.SUBSCRIBER_APPROVED,
    "reject": Said.SUBSCRIBER_REJECTED,
    "readmit": Said.SUBSCRIBER_READMITTED,
    "remove": Said.SUBSCRIBER_REMOVED,
}


class Undo(Struct, frozen=True, kw_only=True):
    """The form that restores a subscription which was just ended; `topic`: its number, empty for the application."""

    path: str
    topic: str
    back: str


async def show_subscribers(request: web.Request) -> web.Response:
    """`GET /console/subscribers?app=&topic=&state=&q=`: newest first."""
    service, app = request.app[SERVICE], await asked_app(request)
    apps = await offered_apps(request, app)
    app = apps[0] if len(apps) == 1 else app
    topic = request.query.get("topic", "") if app else ""
    state = request.query.get("state", "")
    search = request.query.get("q", "").strip()[:_LONGEST_SEARCH]
    only = FollowerFilter(
        account_id=request[ACCOUNT].id,
        app_id=app.id if app else None,
        topic_id=id_in(topic) if topic else None,
        state=SubscriptionState(state) if state in set(SubscriptionState) else None,
        search=search,
    )
    page = await page_of(
        request,
        lambda cut: service.audience.page(only, cut),
        lambda each: each.subscriber.id,
        kept=("app", "topic", "state", "q"),
    )
    chosen = [id_in(topic)] if topic else []
    topics = [] if app is None else await offered_topics(request, app, chosen)
    return render_room(
        request,
        "subscribers.html",
        Room.SUBSCRIBERS,
        page=page,
        app=app,
        apps=apps,
        topics=[(str(each.id), each.name) for each in topics],
        topic=topic,
        state=state,
        states=tuple(SubscriptionState),
        search=search,
        undo=None if app is None else await undo_of(request, app, back="list"),
    )


async def show_subscriber(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/subscribers/{uid}`: one subscriber, as far as this application is concerned."""
    app = await own_app(request)
    return await _page(request, app, await _subscriber(request, app))


async def set_remark(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/subscribers/{uid}`: keep what the owner calls the subscriber."""
    app = await own_app(request)
    subscriber = await _subscriber(request, app)
    remark = (await form_texts(request)).get("remark", "")
    try:
        await request.app[SERVICE].audience.set_remark(app.id, subscriber, remark)
    except PushError:
        is_long = len(" ".join(remark.split())) > MAX_REMARK_CHARS
        return await _page(request, app, subscriber, typed=remark, wrong="remark_long" if is_long else "wrong_text")
    return done(_path(app, subscriber.uid), Said.REMARK_SAVED)


async def judge_subscription(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/subscriptions/{subscription}`: `act` on it, then `back` to where the form stood."""
    app = await own_app(request)
    service, fields = request.app[SERVICE].subscriptions, await form_texts(request)
    number, act, back = number_in(request, "subscription"), fields.get("act", ""), fields.get("back", "")
    found = await service.of_id(number, app_id=app.id)
    if found is None:
        # Who took it away was quicker: the subscriber, or another one who looks after this application.
        return done(f"{SUBSCRIBERS}?app={app.id}", Said.SUBSCRIBER_GONE)
    try:
        match act:
            case "approve":
                await service.approve(number, app_id=app.id)
            case "reject" | "readmit":
                await service.reject(number, is_rejected=act == "reject", app_id=app.id)
            case "remove":
                await service.remove(number, app_id=app.id)
            case _:
                raise web.HTTPBadRequest
    except RefusedError:
        return done(_back(app, found, back), Said.SUBSCRIBER_GONE)
    if act != "remove":
        return done(_back(app, found, back), _ACTS[act])
    undone = urlencode({"uid": found.subscriber.uid, "of": found.topic_id or ""})
    place = _back(app, found, back)
    return done(f"{place}{'&' if '?' in place else '?'}{undone}", Said.SUBSCRIBER_REMOVED)


async def undo_removal(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/subscribers/{uid}/undo`: begin what was just ended again, as it was."""
    app = await own_app(request)
    service, fields = request.app[SERVICE], await form_texts(request)
    place = known(await _place(request, app, fields.get("topic", "")))
    subscriber = await service.subscribers.of_uid(request.match_info["uid"])
    try:
        # A subscriber whom nobody knows and one who was not removed here get the same answer: it tells no UIDs.
        is_back = subscriber is not None and await service.subscriptions.undo_removal(subscriber, place)
    except RefusedError:
        is_back = False
    path = f"{SUBSCRIBERS}?app={app.id}"
    if fields.get("back") == "topic" and place.topic_id is not None:
        path = f"{CONSOLE}/topics/{place.topic_id}"
    elif fields.get("back") == "subscriber" and is_back:
        path = _path(app, request.match_info["uid"])
    return done(path, Said.REMOVAL_UNDONE if is_back else Said.REMOVAL_NOT_UNDONE)


async def undo_of(request: web.Request, app: App, *, back: str) -> Undo | None:
    """Return how to take back the removal that the address names (`uid`, `of`); None: there is nothing to take back."""
    if request.query.get("said") != Said.SUBSCRIBER_REMOVED or "uid" not in request.query:
        return None
    service, topic = request.app[SERVICE], request.query.get("of", "")
    subscriber = await service.subscribers.of_uid(request.query["uid"])
    place = await _place(request, app, topic)
    if subscriber is None or place is None or not await service.subscriptions.removed(subscriber, [place]):
        return None
    return Undo(path=f"{_path(app, subscriber.uid)}/undo", topic=topic, back=back)


async def _page(
    request: web.Request, app: App, subscriber: Subscriber, *, typed: str | None = None, wrong: str = ""
) -> web.Response:
    service = request.app[SERVICE]
    only = SubscriptionFilter(app_id=app.id, uid=subscriber.uid)
    page = await page_of(request, lambda cut: service.subscriptions.slice(only, cut), lambda each: each.id)
    remark = (await service.audience.remarks(app.id, [subscriber])).get(subscriber.id, "")
    return render_room(
        request,
        "subscriber.html",
        Room.SUBSCRIBERS,
        status=422 if wrong else 200,
        app=app,
        subscriber=subscriber,
        remark=remark,
        typed=remark if typed is None else typed,
        wrong=wrong,
        page=page,
        reached=await service.audience.channels(subscriber) if request[ACCOUNT].is_operator else [],
        receipts=await service.audience.receipts(app.id, subscriber),
        undo=await undo_of(request, app, back="subscriber"),
    )


async def _subscriber(request: web.Request, app: App) -> Subscriber:
    """Return the subscriber whom the address names. Raises HTTPNotFound where the application has nothing to do."""
    service = request.app[SERVICE]
    found = await service.subscribers.of_uid(request.match_info["uid"])
    is_known = found is not None and await service.audience.knows(app.id, found)
    # Whose last subscription was just ended stays to be seen, with the way back: nobody else by it.
    is_named = found is not None and request.query.get("uid") == found.uid
    if found is None or not (is_known or (is_named and await undo_of(request, app, back="subscriber"))):
        raise web.HTTPNotFound
    return found


async def _place(request: web.Request, app: App, topic: str) -> Place | None:
    """Return a topic of the application, by its number, or the application itself."""
    if not topic:
        return Place(app_id=app.id)
    found = await request.app[SERVICE].topics.of_id(id_in(topic), app_id=app.id)
    return None if found is None else Place(topic_id=found.id)


def _back(app: App, found: Subscription, back: str) -> str:
    """Return the page that a form stood on."""
    if back == "topic" and found.topic_id is not None:
        return f"{CONSOLE}/topics/{found.topic_id}"
    return _path(app, found.subscriber.uid) if back == "subscriber" else f"{SUBSCRIBERS}?app={app.id}"


def _path(app: App, uid: str) -> str:
    return f"{CONSOLE}/apps/{app.id}/subscribers/{uid}"
