"""
Following inboxes and topics: `GET /{topics}/json`, `/sse`, `/raw`, `/ws`, and `/{topics}/auth`: whether one may.

| a topic is                                                  | who may read it                   |
|-------------------------------------------------------------|-----------------------------------|
| an inbox's secret name                                      | whoever knows it; no token        |
| an application's topic, by its key, its name or its number  | whoever brings the application's  |

Several are joined by commas, all of one kind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from aiohttp import web
from msgspec import Struct

from watcher.core.channels import Address
from watcher.core.ntfy import MAX_TOPICS, Followed, NoSinceError, Since, parse_since
from watcher.errors import StoreError
from watcher.push.ids import hash_token, is_inbox_topic
from watcher.push.ntfy import TokenHolder
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_caller
from watcher.web.ntfy.access import app_of_token, brings_token, is_our_page
from watcher.web.ntfy.live import NTFY_HUBS, Following, InboxStream, NtfyStream, TopicStream
from watcher.web.ntfy.parameters import Parameters, parameters_of, parse_priority
from watcher.web.ntfy.problem import Failure, NtfyError
from watcher.web.ntfy.rendering import CONTENT_TYPES, Form, Said
from watcher.web.transport.event_writing import UNBUFFERED
from watcher.web.transport.live_stream import Wire, http_wire
from watcher.web.transport.websocket import WebSocketWire, accepted

_FULL_SECONDS = 60
_MAX_SINCE_CHARS = 100
_MAX_FILTER_CHARS = 1_000
"""Of each filter: it stays in memory as long as the stream."""
_log = logging.getLogger(__name__)


async def subscribe(request: web.Request) -> web.StreamResponse:
    """
    `GET /{topics}/{form}`: what was told `since`, what waits, then what comes, as it comes.

    With `poll=1` it ends once all is told. 503 while too many streams are open; the app asks again.
    """
    wanted = await _wanted_of(request)
    asked = _asked(request, wanted.followed)
    if not asked.is_poll and request.app[NTFY_HUBS][wanted.followed].is_full:
        raise NtfyError(Failure.TOO_MANY_CONNECTIONS, headers={"Retry-After": str(_FULL_SECONDS)})
    response, wire = _opening(request, asked)
    stream = await wanted.stream(request, wire, asked)
    is_poll = asked.is_poll
    try:
        if not is_poll:
            # Before the database is asked, so that what is handed over meanwhile is not missed.
            stream.join()
        await response.prepare(request)
        stream.take_over(request)
        if stream.has_connection:
            stream.begin()
            await _tell_first(request, wanted, stream)
    except ConnectionError:
        pass  # the reader left
    finally:
        if not stream.has_connection:
            stream.leave()
    return response


async def _tell_first(request: web.Request, wanted: _Inboxes | _Topics, stream: NtfyStream) -> None:
    try:
        await wanted.take_waiting(request)
        stream.wake()
    except StoreError as error:
        # The answer has begun, so it can only end; the app asks again from where it was.
        _log.warning("a stream of ntfy's ends: %s", error)
        stream.close()


async def check_access(request: web.Request) -> web.Response:
    """`GET /{topics}/auth`: whether these may be followed."""
    await _wanted_of(request)
    return web.json_response({"success": True})


async def show_health(request: web.Request) -> web.Response:  # noqa: ARG001
    """`GET /v1/health`: apps ask it whether a server of ntfy's is there."""
    return web.json_response({"healthy": True})


class _Asked(Struct, frozen=True, kw_only=True):
    """How somebody wants to be told, of what, and since when; `is_poll`: only what there is."""

    form: Form
    since: Since
    passes: Callable[[str, Said], bool]
    is_poll: bool


class _Inboxes(Struct, frozen=True):
    """Inboxes that are followed."""

    followed: ClassVar = Followed.INBOXES
    addresses: Sequence[Address]

    async def stream(self, request: web.Request, wire: Wire, asked: _Asked) -> NtfyStream:
        """Return the stream that tells of them."""
        told = await request.app[SERVICE].ntfy.cursors([each.subscriber_id for each in self.addresses], asked.since)
        following = [
            Following(topic=each.value, of=each.subscriber_id, told=told[each.subscriber_id]) for each in self.addresses
        ]
        return InboxStream(request, wire, asked.form, following, passes=asked.passes, is_poll=asked.is_poll)

    async def take_waiting(self, request: web.Request) -> None:
        """Hand over what waits for them. Raises StoreError."""
        after = request.app[SETTINGS].failover_after
        await request.app[SERVICE].ntfy.take(self.addresses, failover_after=after)


class _Topics(Struct, frozen=True):
    """Topics of an application that are followed, by id: the first of the names by which each was asked for."""

    followed: ClassVar = Followed.TOPICS
    holder: TokenHolder
    names: Mapping[int, str]

    async def stream(self, request: web.Request, wire: Wire, asked: _Asked) -> NtfyStream:
        """Return the stream that tells of them."""
        told = await request.app[SERVICE].ntfy.sent_cursors([*self.names], asked.since)
        following = [Following(topic=name, of=id_, told=told[id_]) for id_, name in self.names.items()]
        return TopicStream(
            request,
            wire,
            asked.form,
            following,
            holder=self.holder,
            passes=asked.passes,
            is_poll=asked.is_poll,
        )

    async def take_waiting(self, request: web.Request) -> None:
        """Do nothing: what was sent is told, and waits for nobody."""


async def _wanted_of(request: web.Request) -> _Inboxes | _Topics:
    """Return what is to be followed, which the request may read. Raises NtfyError."""
    names = list(dict.fromkeys(request.match_info["topics"].split(",")))
    if len(names) > MAX_TOPICS:
        raise NtfyError(Failure.TOPIC, f"at most {MAX_TOPICS} in one connection")
    if any(is_inbox_topic(name) for name in names) or not brings_token(request):
        return _Inboxes(await _addresses(request, names))
    return await _topics(request, names)


async def _addresses(request: web.Request, names: Sequence[str]) -> Sequence[Address]:
    """Return the address behind each name. Raises NtfyError: there is none, and which is not said."""
    limit = request.app[SETTINGS].address_calls
    if request.app[CHANNELS].ntfy is None:
        raise NtfyError(Failure.FORBIDDEN)
    found = [each for each in await request.app[SERVICE].ntfy.of_topics(names) if each is not None]
    if len(found) != len(names):
        count_address(request, "wrong topic", limit)
        raise NtfyError(Failure.FORBIDDEN)
    for each in found:
        count_caller(request, "topic", each.subscriber_id, limit)
    return found


async def _topics(request: web.Request, names: Sequence[str]) -> _Topics:
    if ours := next((name for name in names if is_our_page(request, name)), None):
        raise NtfyError(Failure.OUR_PAGE, f"follow /ntfy/{ours}")
    app, token = await app_of_token(request)
    count_caller(request, "app's topics", app.id, request.app[SETTINGS].address_calls)
    found: dict[int, str] = {}
    for name, id_ in zip(names, await request.app[SERVICE].ntfy.topics(app, names), strict=True):
        if id_ is None:
            raise NtfyError(Failure.NO_TOPIC, f"this token's application has no topic {name}")
        found.setdefault(id_, name)
    return _Topics(TokenHolder(app_id=app.id, token_hash=hash_token(token)), found)


def _asked(request: web.Request, followed: Followed) -> _Asked:
    parameters = parameters_of(request)
    is_poll = parameters.is_set("x-poll", "poll", "po")
    text = parameters.text("x-since", "since", "si")
    return _Asked(
        form=Form(request.match_info["form"]),
        since=_since(text, followed, is_poll=is_poll, now=request.app[SERVICE].ntfy.now()),
        passes=_filter(parameters),
        is_poll=is_poll,
    )


def _opening(request: web.Request, asked: _Asked) -> tuple[web.StreamResponse, Wire]:
    if asked.form is Form.WS:
        try:
            return accepted(request), WebSocketWire()
        except web.HTTPBadRequest as error:
            raise NtfyError(Failure.NO_WEBSOCKET) from error
    headers = {"Content-Type": CONTENT_TYPES[asked.form], **UNBUFFERED}
    return web.StreamResponse(headers=headers | ({"Connection": "close"} if asked.is_poll else {})), http_wire(request)


def _since(text: str, followed: Followed, *, is_poll: bool, now: datetime) -> Since:
    if len(text) > _MAX_SINCE_CHARS:
        raise NtfyError(Failure.SINCE)
    try:
        return parse_since(text, followed, is_poll=is_poll, now=now)
    except NoSinceError as error:
        raise NtfyError(Failure.SINCE) from error


def _filter(parameters: Parameters) -> Callable[[str, Said], bool]:
    """Return what says whether the reader wants a message: all that it asks for must hold. Raises NtfyError."""
    wanted_id = _wanted(parameters, "x-id", "id")
    body = _wanted(parameters, "x-message", "message", "m")
    title = _wanted(parameters, "x-title", "title", "t")
    priorities = _priorities(_wanted(parameters, "x-priority", "priority", "prio", "p"))
    tags = {tag.strip() for tag in _wanted(parameters, "x-tags", "tags", "tag", "ta").split(",")} - {""}

    def passes(event_id: str, message: Said) -> bool:
        return (
            (not wanted_id or event_id == wanted_id)
            and (not body or message.body == body)
            and (not title or message.title == title)
            and (not priorities or message.priority in priorities)
            and tags <= set(message.tags)
        )

    return passes


def _wanted(parameters: Parameters, *names: str) -> str:
    text = parameters.text(*names)
    if len(text) > _MAX_FILTER_CHARS:
        raise NtfyError(Failure.BAD_REQUEST, f"{names[-1]}: a filter has at most {_MAX_FILTER_CHARS:,} characters")
    return text


def _priorities(text: str) -> Collection[int]:
    wanted = [parse_priority(each) for each in text.split(",") if each.strip()]
    if None in wanted:
        raise NtfyError(Failure.PRIORITY)
    return [each for each in wanted if each is not None]
