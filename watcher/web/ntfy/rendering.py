"""Messages as ntfy's apps read them (https://docs.ntfy.sh/subscribe/api/#json-message-format)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from watcher.core.push import ContentType, Message
from watcher.core.settings import Settings
from watcher.core.values import Json
from watcher.core.words import clean, one_line
from watcher.push.draft import is_head, words_of
from watcher.web.ntfy.parameters import USUAL_PRIORITY

MAX_BODY_BYTES: Final = 4_096
"""Of a message's text, as at ntfy; the rest stands on its page, which its link leads to."""
_MAX_WORDS: Final = 20_000
"""Characters of HTML in which words are looked for."""
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Form(StrEnum):
    """How a stream tells events."""

    JSON = "json"
    SSE = "sse"
    RAW = "raw"
    WS = "ws"


CONTENT_TYPES: Final = {
    Form.JSON: "application/x-ndjson; charset=utf-8",
    Form.SSE: "text/event-stream; charset=utf-8",
    Form.RAW: "text/plain; charset=utf-8",
}


class Said(Struct, frozen=True, kw_only=True):
    """
    What a message says in an app.

    Attributes:
        click: where a tap leads: the message's page, for that is how this server learns that it was read.
        is_markdown: the body is.
        priority: 1 to 5; 3 is the usual one.
    """

    title: str
    body: str
    click: str
    is_markdown: bool = False
    priority: int = USUAL_PRIORITY
    tags: Sequence[str] = ()


def said(message: Message, settings: Settings) -> Said:
    """Return what a message says: its summary as the title, or who tells it, where nobody gave it a summary."""
    draft = message.draft
    words = draft.content
    if draft.content_type is ContentType.HTML:
        words = words_of((draft.rendered or "")[:_MAX_WORDS]) or draft.summary
    words = clean(words).strip()
    return Said(
        title=one_line(clean((message.topic or message.app_name) if is_head(draft.summary, words) else draft.summary)),
        body=_cut(words or draft.summary),
        click=settings.link(f"/m/{message.slug}"),
        is_markdown=draft.content_type is ContentType.MARKDOWN,
        priority=draft.priority or USUAL_PRIORITY,
        tags=draft.tags,
    )


class MessageEvents:
    """The events that tell one message, to whomever; what is the same in all of them is written once."""

    __slots__ = ("_rest", "said")

    def __init__(self, message: Said) -> None:
        self.said = message
        self._rest = _JSON.encode(_rest(message)).removeprefix("{").encode()

    def event(self, form: Form, event_id: str, topic: str, *, at: datetime) -> bytes:
        """Return the event that tells it to who follows the topic."""
        if form is Form.RAW:
            return f"{one_line(self.said.body)}\n".encode()
        own = b'{"id":"%b","time":%d,"event":"message","topic":%b,%b' % (
            event_id.encode(),
            at.timestamp(),
            _JSON.encode(topic).encode(),
            self._rest,
        )
        return b"data: %b\n\n" % own if form is Form.SSE else own + b"\n"


def _rest(message: Said) -> Mapping[str, Json]:
    """Return what an event says of a message, whoever is told it; what is usual is left out."""
    rest: dict[str, Json] = {"title": message.title, "message": message.body, "click": message.click}
    if message.priority != USUAL_PRIORITY:
        rest["priority"] = message.priority
    if message.tags:
        rest["tags"] = [*message.tags]
    if message.is_markdown:
        rest["content_type"] = "text/markdown"
    return rest


def other_event(form: Form, kind: str, topics: str, *, at: datetime) -> bytes:
    """Return an event that tells no message: `open` or `keepalive`."""
    if form is Form.RAW:
        return b"\n"
    event = {"id": f"e{secrets.token_hex(6)[:11]}", "time": int(at.timestamp()), "event": kind, "topic": topics}
    line = _JSON.encode(event)
    return (f"event: {kind}\ndata: {line}\n\n" if form is Form.SSE else f"{line}\n").encode()


def _cut(text: str) -> str:
    """Return the text in at most MAX_BODY_BYTES, its end replaced by `…` where it has more."""
    raw = text.encode()
    if len(raw) <= MAX_BODY_BYTES:
        return text
    return raw[: MAX_BODY_BYTES - len("…".encode())].decode(errors="ignore") + "…"
