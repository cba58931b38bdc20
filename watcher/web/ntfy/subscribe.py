"""
Following inboxes: `GET /{topics}/json`, `/sse`, `/raw`, `/ws`, and `/{topics}/auth`, which says whether one may.

A topic is an inbox's secret name; several are joined by commas. Whoever knows it may read, so no token is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from aiohttp import web

from watcher.core.channels import Address
from watcher.core.ntfy import MAX_TOPICS, Entry, NoSinceError, Since, message_id, parse_since
from watcher.errors import StoreError
from watcher.web.keys import CHANNELS, SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address, count_caller
from watcher.web.ntfy.live import NTFY_HUB, Followed, NtfyStream
from watcher.web.ntfy.parameters import Parameters, parameters_of
from watcher.web.ntfy.priorities import parse_priority
from watcher.web.ntfy.problem import Failure, NtfyError
from watcher.web.ntfy.rendering import CONTENT_TYPES, Form, Said
from watcher.web.transport.live_stream import Wire, http_wire
from watcher.web.transport.websocket import WebSocketWire, accepted

_FULL_SECONDS = 60
_MAX_SINCE_CHARS = 100
_MAX_FILTER_CHARS = 1_000
"""Of each filter: it stays in memory as long as the stream."""
_log = logging.getLogger(__name__)


async def subscribe(request: web.Request) -> web.StreamResponse:
    """
    `GET /{topics}/{form}`: what was handed over `since`, what waits, then what comes, as it comes.

    With `poll=1` it ends once all is told. 503 while too many streams are open; the app asks again.
    """
    form = Form(request.match_info["form"])
    addresses = await _addresses(request)
    parameters = parameters_of(request)
    is_poll = parameters.is_set("x-poll", "poll", "po")
    text = parameters.text("x-since", "since", "si")
    since, passes = _since(text, is_poll=is_poll, now=request.app[SERVICE].ntfy.now()), _filter(parameters)
    if not is_poll and request.app[NTFY_HUB].is_full:
        raise NtfyError(Failure.TOO_MANY_CONNECTIONS, headers={"Retry-After": str(_FULL_SECONDS)})
    response, wire = _opening(request, form, is_poll=is_poll)
    followed = await _followed(request, addresses, since)
    stream = NtfyStream(request, wire, form, followed, passes=passes, is_poll=is_poll)
    try:
        if not is_poll:
            # Before the database is asked, so that what is handed over meanwhile is not missed.
            stream.join()
        await response.prepare(request)
        stream.take_over(request)
        if stream.has_connection:
            stream.begin()
            await _take_waiting(request, stream, addresses)
    except ConnectionError:
        pass  # the reader left
    finally:
        if not stream.has_connection:
            stream.leave()
    return response


async def _take_waiting(request: web.Request, stream: NtfyStream, addresses: Sequence[Address]) -> None:
    try:
        await request.app[SERVICE].ntfy.take(addresses, failover_after=request.app[SETTINGS].failover_after)
        stream.wake()
    except StoreError as error:
        # The answer has begun, so it can only end; the app asks again from where it was.
        _log.warning("a stream of ntfy's ends: %s", error)
        stream.close()


async def check_access(request: web.Request) -> web.Response:
    """`GET /{topics}/auth`: whether these may be followed."""
    await _addresses(request)
    return web.json_response({"success": True})


async def show_health(request: web.Request) -> web.Response:  # noqa: ARG001
    """`GET /v1/health`: apps ask it whether a server of ntfy's is there."""
    return web.json_response({"healthy": True})


async def _addresses(request: web.Request) -> Sequence[Address]:
    """Return the address behind each name. Raises NtfyError: there is none, and which is not said."""
    limit = request.app[SETTINGS].address_calls
    topics = list(dict.fromkeys(request.match_info["topics"].split(",")))
    if len(topics) > MAX_TOPICS:
        raise NtfyError(Failure.TOPIC, f"at most {MAX_TOPICS} in one connection")
    if request.app[CHANNELS].ntfy is None:
        raise NtfyError(Failure.FORBIDDEN)
    found = [each for each in await request.app[SERVICE].ntfy.of_topics(topics) if each is not None]
    if len(found) != len(topics):
        count_address(request, "wrong topic", limit)
        raise NtfyError(Failure.FORBIDDEN)
    for each in found:
        count_caller(request, "topic", each.subscriber_id, limit)
    return found


async def _followed(request: web.Request, addresses: Sequence[Address], since: Since) -> Sequence[Followed]:
    told = await request.app[SERVICE].ntfy.cursors([each.subscriber_id for each in addresses], since)
    return [
        Followed(topic=each.value, subscriber_id=each.subscriber_id, told=told[each.subscriber_id])
        for each in addresses
    ]


def _opening(request: web.Request, form: Form, *, is_poll: bool) -> tuple[web.StreamResponse, Wire]:
    if form is Form.WS:
        try:
            return accepted(request), WebSocketWire()
        except web.HTTPBadRequest as error:
            raise NtfyError(Failure.NO_WEBSOCKET) from error
    headers = {
        "Content-Type": CONTENT_TYPES[form],
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",  # nginx would hold events back
    }
    return web.StreamResponse(headers=headers | ({"Connection": "close"} if is_poll else {})), http_wire(request)


def _since(text: str, *, is_poll: bool, now: datetime) -> Since:
    if len(text) > _MAX_SINCE_CHARS:
        raise NtfyError(Failure.SINCE)
    try:
        return parse_since(text, is_poll=is_poll, now=now)
    except NoSinceError as error:
        raise NtfyError(Failure.SINCE) from error


def _filter(parameters: Parameters) -> Callable[[Entry, Said], bool]:
    """Return what says whether the reader wants a message: all that it asks for must hold. Raises NtfyError."""
    wanted_id = _wanted(parameters, "x-id", "id")
    body = _wanted(parameters, "x-message", "message", "m")
    title = _wanted(parameters, "x-title", "title", "t")
    priorities = _priorities(_wanted(parameters, "x-priority", "priority", "prio", "p"))
    tags = {tag.strip() for tag in _wanted(parameters, "x-tags", "tags", "tag", "ta").split(",")} - {""}

    def passes(entry: Entry, message: Said) -> bool:
        return (
            (not wanted_id or message_id(entry.id) == wanted_id)
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
