"""The live inbox: history from the database, then each new message as a server-sent event."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence

from aiohttp import web

from watcher.core.caps import Made
from watcher.core.channels import ChannelName
from watcher.core.locale import Locale
from watcher.core.push import App, DeliveryState, InboxSearch, PushTopic, SubscriptionState
from watcher.errors import InvalidRequestError, StoreError
from watcher.push.commands import MAX_COMMAND_CHARS, CommandReply, CommandResult
from watcher.push.inbox import follows_words
from watcher.translations import text as text_of
from watcher.web.forms import form_texts
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS, SUBSCRIBER
from watcher.web.middleware.limits import count_caller, count_making
from watcher.web.pages.follow import called, target_at
from watcher.web.pages.language import language_of
from watcher.web.pages.live import BATCH, HUB, Events, LiveInbox
from watcher.web.pages.view import render
from watcher.web.sessions.device import keep_device, subscriber_of
from watcher.web.transport.event_writing import EVENT_HEADERS, write_event

_log = logging.getLogger(__name__)

HISTORY = 100
_MAX_SEARCH_CHARS = 100
_MOST_SOURCES = 200
_MAX_IDS = 1_000
_MAX_ID_BYTES = 32
"""With what stands between two."""
_FULL_SECONDS = 60
_EVENT_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


async def home(request: web.Request) -> web.Response:
    """`GET /`: the inbox of a device that we know, else what this is and how to begin."""
    if await subscriber_of(request) is not None:
        raise web.HTTPSeeOther("/inbox")
    return render(request, "landing.html", has_trial=request.app[SETTINGS].has_trial)


async def show_inbox(request: web.Request) -> web.Response:
    """
    `GET /inbox`: the newest messages, newest first; a script keeps it live from there.

    `?followed=t/slug` says what has just been subscribed to. `?q=` searches, `?from=t/slug` shows what came from
    there; what is found is not live.
    """
    response = await _inbox_page(request)
    keep_device(request, response)
    return response


async def send_command(request: web.Request) -> web.Response:
    """`POST /inbox/command`: what the subscriber wrote to an application; the page shows the result."""
    # Each is a call to somebody's server.
    count_caller(request, "command of subscriber", request[SUBSCRIBER].id, request.app[SETTINGS].app_calls)
    count_making(request, Made.COMMANDS)
    text = await _command_text(request)
    reply = await request.app[SERVICE].commands.run(request[SUBSCRIBER], text)
    is_done = reply.result in (CommandResult.SENT, CommandResult.FOLLOWED)
    return await _inbox_page(request, reply=reply, text="" if is_done else text, status=200 if is_done else 422)


async def _command_text(request: web.Request) -> str:
    text = (await form_texts(request)).get("text")
    if text is None:
        raise InvalidRequestError("send a form with `text`")
    return text


async def _inbox_page(
    request: web.Request, *, reply: CommandReply | None = None, text: str = "", status: int = 200
) -> web.Response:
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    search = await _search(request)
    follows = await service.subscriptions.following(subscriber)
    if search.is_for_all:
        items = await service.inbox.recent(subscriber, limit=HISTORY)
    else:
        items = await service.inbox.search(subscriber, search, limit=HISTORY)
    followed = await _followed(request)
    language = language_of(request)
    return render(
        request,
        "inbox.html",
        status=status,
        items=items,
        search=search,
        sources=_sources(*follows, language),
        source=request.query.get("from", ""),
        unread_count=await service.inbox.unread(subscriber),
        newest=max((item.id for item in items), default=0),
        history=HISTORY,
        is_receiving=subscriber.is_receiving,
        followed=followed,
        others=await _other_channels(request) if followed or not items else "",
        follows="" if items else follows_words(language, await service.subscribers.summary(subscriber.id)),
        unread=DeliveryState.SENT,
        can_write=await _can_write(request, *follows),
        reply=reply,
        text=text,
        longest=MAX_COMMAND_CHARS,
    )


async def _can_write(request: web.Request, topics: Sequence[PushTopic], apps: Sequence[App]) -> bool:
    """Return whether one of these applications, or that of one of the topics, takes what is written to it."""
    if any(app.profile.callback_url for app in apps):
        return True
    others = {topic.app_id for topic in topics} - {app.id for app in apps}
    return any(app.profile.callback_url for app in await request.app[SERVICE].apps.of_ids(others))


async def _search(request: web.Request) -> InboxSearch:
    """Return what the address asks for; a place that is not there leaves nothing out."""
    source = await target_at(request, request.query.get("from", ""))
    return InboxSearch(
        text=request.query.get("q", "").strip()[:_MAX_SEARCH_CHARS],
        topic_id=source.topic_id if source else None,
        app_id=source.app_id if source else None,
    )


def _sources(topics: Sequence[PushTopic], apps: Sequence[App], language: Locale) -> Sequence[tuple[str, str]]:
    """Return what somebody follows, as (`t/slug`, its name), by name."""
    found = [(f"t/{topic.slug}", called(topic, language)[0]) for topic in topics[:_MOST_SOURCES]]
    found += [(f"a/{app.slug}", app.profile.name) for app in apps[:_MOST_SOURCES]]
    return sorted(found, key=lambda each: each[1].casefold())


async def _followed(request: web.Request) -> str:
    """Return the name of what `?followed=` says has just been subscribed to, if it is followed; else nothing."""
    target = await target_at(request, request.query.get("followed", ""))
    if target is None:
        return ""
    found = await request.app[SERVICE].subscriptions.find(
        request[SUBSCRIBER], topic_id=target.topic_id, app_id=target.app_id
    )
    return target.name if found is not None and found.state is SubscriptionState.FOLLOWING else ""


async def _other_channels(request: web.Request) -> str:
    """Return the names of the channels that tell the subscriber besides, wherever it reads; not this browser's."""
    offered, language = request.app[CHANNELS].names, language_of(request)
    addresses = await request.app[SERVICE].addresses.of(request[SUBSCRIBER])
    known = dict.fromkeys(address.channel for address in addresses if address.channel in offered)
    names = [text_of(language, f"channel_{name}") for name in known if name is not ChannelName.WEB_PUSH]
    return text_of(language, "between").join(names)


async def stream_inbox(request: web.Request) -> web.StreamResponse:
    """
    `GET /inbox/events`: everything after `Last-Event-ID` (or `?after=`), then what comes, as it comes.

    503 while too many are open; the page asks again.
    """
    if request.app[HUB].is_full:
        raise web.HTTPServiceUnavailable(headers={"Retry-After": str(_FULL_SECONDS)})
    stream = web.StreamResponse(headers=EVENT_HEADERS)
    live = LiveInbox(request, request[SUBSCRIBER], _first_event_id(request))
    try:
        # Before the database is asked, so that what is written meanwhile is not missed.
        request.app[HUB].add(live)
        await stream.prepare(request)
        # Who ends this device from now on ends the stream; who did since the request was let in did not see it.
        if await subscriber_of(request) is None:
            return stream
        await write_event(request, stream, b"retry: 2000\n\n")
        await _tell_missed(request, stream, live)
        live.take_over(request)
    except ConnectionError:
        pass  # the reader left
    except StoreError as error:
        # The answer has begun, so it can only end; the page reconnects from where it was.
        _log.warning("a live inbox ends: %s", error)
    finally:
        if not live.has_connection:
            request.app[HUB].remove(live)
    return stream


async def _tell_missed(request: web.Request, stream: web.StreamResponse, live: LiveInbox) -> None:
    events, service = Events(), request.app[SERVICE]
    while not live.is_ended and (items := await service.inbox.items(request[SUBSCRIBER], after=live.told, limit=BATCH)):
        await write_event(request, stream, b"".join(events.of(item, live.language) for item in items))
        live.told = items[-1].id
        if len(items) < BATCH:
            break


def _first_event_id(request: web.Request) -> int:
    """Return where the reader is: the browser's header on a reconnect, the page's own number before; else 0."""
    given = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    return int(given) if _EVENT_ID.fullmatch(given) else 0


async def note_shown(request: web.Request) -> web.Response:
    """`POST /inbox/shown` `{"ids": [1, 2]}`: the page, or a notification, showed these to a person."""
    _count_note(request)
    await request.app[SERVICE].inbox.mark_shown(request[SUBSCRIBER], _item_ids(await request.read()))
    return web.Response(status=204)


async def note_opened(request: web.Request) -> web.Response:
    """`POST /inbox/opened` `{"ids": [1, 2]}`: a person opened these."""
    _count_note(request)
    await request.app[SERVICE].inbox.mark_opened(request[SUBSCRIBER], _item_ids(await request.read()))
    return web.Response(status=204)


def _count_note(request: web.Request) -> None:
    # Each is a transaction of up to 1,000 items: 20 connections made everybody's messages wait for 0.4 s.
    count_caller(request, "note", request[SUBSCRIBER].id, request.app[SETTINGS].address_calls)


def _item_ids(body: bytes) -> Sequence[int]:
    if len(body) > _MAX_IDS * _MAX_ID_BYTES:
        raise InvalidRequestError(f"the body has {len(body)} bytes; send at most {_MAX_IDS} numbers")
    try:
        match json.loads(body):
            case {"ids": [*ids]} if len(ids) <= _MAX_IDS and all(type(item_id) is int for item_id in ids):
                return [item_id for item_id in ids if 0 < item_id < 2**63]
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("the body is not JSON") from error
    raise InvalidRequestError(f'send {{"ids": [1, 2]}} with at most {_MAX_IDS} numbers')
