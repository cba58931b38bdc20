"""
Sending to a topic: `POST`, `PUT /{topic}`, `GET /{topic}/publish`, and JSON with the topic in it (`POST /`).

A topic is one of the application whose token is sent: by its key, its name or its number. What is asked for is taken
from headers, else from the query, by ntfy's names (https://docs.ntfy.sh/publish/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.ntfy import Followed
from watcher.core.push import GOOD, App, ContentType
from watcher.core.values import Json
from watcher.core.words import clean
from watcher.push.actor import acting_for
from watcher.push.draft import MAX_CONTENT_BYTES, is_link, make_draft
from watcher.push.repeats import request_digest
from watcher.push.sending import SendRequest
from watcher.web.api.envelope import repeated
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.bodies import read_body
from watcher.web.middleware.limits import count_caller
from watcher.web.ntfy.access import app_of_token, is_our_page
from watcher.web.ntfy.parameters import USUAL_PRIORITY, Parameters, parameters_of, parse_priority
from watcher.web.ntfy.problem import Failure, NtfyError

TOPIC: Final = re.compile(r"[-_A-Za-z0-9]{1,64}", re.ASCII)
MAX_TAGS: Final = 20
MAX_TAG_CHARS: Final = 64
_EMPTY: Final = "triggered"
"""What a message without a text says, as at ntfy."""
_NO_TEMPLATE: Final = ("", "0", "no", "false")
_WEB_LINK: Final = re.compile(r"https?://\S{1,1000}", re.IGNORECASE)


class Publication(Struct, frozen=True, kw_only=True):
    """What is to be sent."""

    topic: str
    body: str
    title: str = ""
    click: str = ""
    priority: int = USUAL_PRIORITY
    tags: Sequence[str] = ()
    is_markdown: bool = False


async def publish(request: web.Request) -> web.Response:
    """`POST`, `PUT /{topic}`: the body is the message; `GET /{topic}/publish`, `/send`, `/trigger`: `message` is."""
    topic = request.match_info["topic"]
    if is_our_page(request, topic):
        raise NtfyError(Failure.OUR_PAGE, f"send to /ntfy/{topic}")
    app = await _sender(request)
    await read_body(request)
    body = await request.read()
    parameters = parameters_of(request)
    return await _send(request, app, _publication(topic, _text(body) or _message(parameters), parameters, request))


async def publish_json(request: web.Request) -> web.Response:
    """`POST`, `PUT /`: a JSON object that names its topic; headers and query say what it does not."""
    app = await _sender(request)
    await read_body(request)
    members = _members(await request.read())
    said = Parameters(members=members, others={})
    topic = said.text("topic")
    if not TOPIC.fullmatch(topic):
        raise NtfyError(Failure.TOPIC)
    text = said.text("message") or _message(parameters_of(request))
    return await _send(request, app, _publication(topic, text, parameters_of(request, members), request))


async def show_nothing(request: web.Request) -> web.Response:  # noqa: ARG001
    """`GET /{topic}`: no page of ours; ntfy has its web app there."""
    raise web.HTTPNotFound


def _members(body: bytes) -> Mapping[str, Json]:
    """Return the members of a JSON object by their names in lower case, as ntfy takes them."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NtfyError(Failure.JSON) from error
    if not isinstance(said, dict):
        raise NtfyError(Failure.JSON)
    # ntfy's JSON has 0 where no priority is set.
    return {name.lower(): value for name, value in said.items() if (name.lower(), value) != ("priority", 0)}


def _message(parameters: Parameters) -> str:
    return parameters.text("x-message", "message", "m").replace("\\n", "\n")


def _publication(topic: str, text: str, parameters: Parameters, request: web.Request) -> Publication:
    _refuse_what_is_not_done(parameters)
    attached = parameters.text("x-attach", "attach", "a")
    if attached and not _WEB_LINK.fullmatch(attached):
        raise NtfyError(Failure.ATTACHMENT_LINK)
    click = parameters.text("x-click", "click")
    unopened = click if click and not is_link(click) else ""
    return Publication(
        topic=topic,
        body="\n".join(filter(None, (text.strip() or ("" if attached else _EMPTY), attached, unopened))),
        title=parameters.text("x-title", "title", "t"),
        click="" if unopened else click,
        priority=_priority(parameters.text("x-priority", "priority", "prio", "p")),
        tags=_tags(parameters.text("x-tags", "tags", "tag", "ta")),
        is_markdown=request.content_type == "text/markdown" or parameters.is_set("x-markdown", "markdown", "md"),
    )


def _refuse_what_is_not_done(parameters: Parameters) -> None:
    """Raise NtfyError for what would be lost in silence: a time to send at, a mail, a call, a file, a template."""
    if parameters.text("x-template", "template", "tpl").lower() not in _NO_TEMPLATE:
        raise NtfyError(Failure.TEMPLATE)
    if parameters.text("x-delay", "delay", "x-at", "at", "x-in", "in"):
        raise NtfyError(Failure.DELAY)
    if parameters.text("x-email", "x-e-mail", "email", "e-mail", "mail", "e"):
        raise NtfyError(Failure.EMAIL)
    if parameters.text("x-call", "call"):
        raise NtfyError(Failure.CALL)
    if parameters.text("x-filename", "filename", "file", "f") and not parameters.text("x-attach", "attach", "a"):
        raise NtfyError(Failure.ATTACHMENT)


def _priority(text: str) -> int:
    if not text:
        return USUAL_PRIORITY
    priority = parse_priority(text)
    if priority is None:
        raise NtfyError(Failure.PRIORITY)
    return priority


def _tags(text: str) -> Sequence[str]:
    tags = [clean(tag).strip()[:MAX_TAG_CHARS] for tag in text[: MAX_TAGS * MAX_TAG_CHARS].split(",")]
    return [tag for tag in tags if tag][:MAX_TAGS]


def _text(body: bytes) -> str:
    if len(body) > MAX_CONTENT_BYTES:
        raise NtfyError(Failure.TOO_LARGE)
    try:
        return body.decode().strip()
    except UnicodeDecodeError as error:
        raise NtfyError(Failure.ATTACHMENT, "the message is not UTF-8") from error


async def _send(request: web.Request, app: App, publication: Publication) -> web.Response:
    service = request.app[SERVICE]
    topic_id = await service.topics.id_called(app.id, publication.topic)
    if topic_id is None:
        raise NtfyError(Failure.NO_TOPIC, f"this token's application has no topic {publication.topic}")
    kind = ContentType.MARKDOWN if publication.is_markdown else ContentType.TEXT
    draft = replace(
        make_draft(publication.body, summary=publication.title, content_type=kind, url=publication.click),
        priority=publication.priority if publication.priority != USUAL_PRIORITY else None,
        tags=publication.tags,
    )
    key = request.headers.get("Idempotency-Key")
    digest = request_digest(
        publication.body,
        summary=publication.title,
        content_type=kind,
        url=publication.click,
        topic_ids=[topic_id],
        priority=draft.priority,
        tags=draft.tags,
    )
    asked = SendRequest(
        draft=draft, topic_ids=[topic_id], idempotency_key=key, request_digest=None if key is None else digest
    )
    with acting_for(app):
        sent = await service.messages.send_request(app, asked)
    [result] = sent.results
    if result.code != GOOD or result.message_id is None:
        raise NtfyError(Failure.BAD_REQUEST, result.status)
    answer = web.json_response(_as_event(publication, result.message_id, at=service.ntfy.now()))
    return repeated(answer) if sent.is_repeat else answer


def _as_event(publication: Publication, number: int, *, at: datetime) -> Mapping[str, Json]:
    """Return what was sent as ntfy answers it; what is usual is left out."""
    event: dict[str, Json] = {
        "id": Followed.TOPICS.id_of(number),
        "time": int(at.timestamp()),
        "event": "message",
        "topic": publication.topic,
        "message": publication.body,
    }
    others: dict[str, Json] = {
        "title": publication.title,
        "click": publication.click,
        "priority": publication.priority if publication.priority != USUAL_PRIORITY else None,
        "tags": [*publication.tags],
        "content_type": "text/markdown" if publication.is_markdown else None,
    }
    return event | {name: value for name, value in others.items() if value}


async def _sender(request: web.Request) -> App:
    """Return the application whose token is sent, with this send counted. Raises NtfyError, HTTPTooManyRequests."""
    app, _ = await app_of_token(request)
    count_caller(request, "app", app.id, request.app[SETTINGS].app_calls)
    return app
