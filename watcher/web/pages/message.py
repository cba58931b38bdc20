"""
A message's page. Text stands in the page; HTML and markdown in a frame that may do nothing but show.

The frame is sandboxed without scripts and without our origin, so that even a hole in the sanitiser runs nothing.
Nobody can reach into it either: its copy buttons are therefore repeated below it, where they work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from html import escape
from html.parser import HTMLParser
from importlib import resources
from typing import Final

from aiohttp import web
from markupsafe import Markup
from msgspec import Struct

from watcher.core.push import ContentType, Draft, Message, Subscription
from watcher.core.urls import host_of
from watcher.errors import InvalidRequestError
from watcher.push.render import render as safe_html
from watcher.push.service import PushService
from watcher.web.addresses import known
from watcher.web.forms import form_texts
from watcher.web.keys import SERVICE, SUBSCRIBER
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.device import subscriber_of

# A frame of `srcdoc` inherits this policy: senders may style words and show pictures, and nothing else. The forms are
# the page's own: a sandbox without `allow-forms` sends none.
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: http: data:; "
    "manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of a page with a message's frame in it."""
_SHORT_CHARS: Final = 400
"""Of HTML that fits into a small frame on a phone."""
_TALL: Final = re.compile(r"<(?:img|table|video)\b|\sstyle=")
_LENGTHS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_FOR_GOOD: Final = "good"
_MAX_COPIES = 10
_MAX_BUTTONS = 100


async def show_message(request: web.Request) -> web.Response:
    """`GET /m/{slug}`, and WxPusher's `/api/message/{slug}`: whoever has the link may read it."""
    message = await request.app[SERVICE].messages.shown(await _find(request))
    subscriber = await subscriber_of(request)
    draft = message.draft
    is_text = draft.content_type is ContentType.TEXT
    html = safe_html(draft) if draft.rendered is None else draft.rendered
    subscription = await request.app[SERVICE].subscriptions.that_brought(message, subscriber) if subscriber else None
    response = render(
        request,
        "message.html",
        message=message,
        host=host_of(draft.url or "") or None,
        html=Markup(html.replace("<br>\n", "<br>")),  # noqa: S704 safe by push/render; CSS keeps its spaces
        frame=None if is_text else frame_of(draft, html),
        is_short=len(html) < _SHORT_CHARS and _TALL.search(html) is None,
        copies=() if is_text else copies_of(html),
        is_known=subscriber is not None,
        subscription=subscription,
        muted_until=request.app[SERVICE].subscriptions.muted_until(subscription) if subscription else None,
    )
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    return response


async def mute_place(request: web.Request) -> web.Response:
    """
    `POST /m/{slug}/mute`: nothing more from where this message came from, until it is switched on again.

    With `for=hour` or `for=day` it is quiet for so long, and what comes is in the inbox alone. With `for`, `good` being
    the third, the message's page says what is so, and has the button that takes it back.
    """
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    length = _length((await form_texts(request)).get("for", ""))
    found = await service.subscriptions.that_brought(await _find(request), subscriber)
    if found is None:
        return see_other("/subscriptions")
    place = {"topic_id": found.topic_id, "app_id": found.app_id}
    if isinstance(length, timedelta):
        await service.subscriptions.mute(subscriber, length, **place)
    else:
        await service.subscriptions.set_receiving(subscriber, False, **place)
    return see_other(f"/m/{request.match_info['slug']}" if length else "/subscriptions")


async def unmute_place(request: web.Request) -> web.Response:
    """`POST /m/{slug}/unmute`: what the message came from is told as ever again."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    found = await service.subscriptions.that_brought(await _find(request), subscriber)
    if found is not None:
        await service.subscriptions.set_receiving(subscriber, True, topic_id=found.topic_id, app_id=found.app_id)
    return see_other(f"/m/{request.match_info['slug']}")


def _length(given: str) -> timedelta | str:
    """Return for how long to mute; `good`, or nothing as it was given. Raises InvalidRequestError for anything odd."""
    if given in ("", _FOR_GOOD):
        return given
    if given not in _LENGTHS:
        raise InvalidRequestError(f"{', '.join((*_LENGTHS, _FOR_GOOD))}, or nothing", field="for")
    return _LENGTHS[given]


async def leave_place(request: web.Request) -> web.Response:
    """`POST /m/{slug}/leave`: end the subscription that brought this message."""
    service, subscriber = request.app[SERVICE], request[SUBSCRIBER]
    found = await service.subscriptions.that_brought(await _find(request), subscriber)
    if found is None:
        return see_other("/subscriptions")
    await service.subscriptions.unfollow(subscriber, topic_id=found.topic_id, app_id=found.app_id)
    return see_other(f"/subscriptions?left={await _place_of(service, found)}")


async def _place_of(service: PushService, subscription: Subscription) -> str:
    """Return where what is followed has its page: `t/slug`, `a/slug`; empty when it is gone."""
    if subscription.topic_id is not None:
        topic = await service.topics.of_id(subscription.topic_id)
        return f"t/{topic.slug}" if topic else ""
    app = await service.apps.of_id(subscription.app_id or 0)
    return f"a/{app.slug}" if app else ""


async def _find(request: web.Request) -> Message:
    return known(await request.app[SERVICE].messages.of_slug(request.match_info["slug"]))


def frame_of(draft: Draft, html: str) -> str:
    """Return the document of the frame."""
    title = escape(draft.summary)
    return (
        f'<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title>'
        f'<base target="_blank"><style>{_frame_style()}</style><body>{html}'
    )


@cache
def _frame_style() -> str:
    return resources.files("watcher.web").joinpath("static", "frame.css").read_text(encoding="utf-8")


class Copy(Struct, frozen=True, kw_only=True):
    """One copy button of a message: what it says, and what it copies."""

    label: str
    text: str


def copies_of(html: str) -> Sequence[Copy]:
    """Return the copy buttons in sanitised HTML, in order, at most ten of the first hundred buttons."""
    reader = _CopyReader()
    end = 0
    for _ in range(_MAX_BUTTONS):
        begin = html.find("<button", end)
        end = html.find("</button>", begin) + len("</button>")
        if begin < 0 or end < begin or len(reader.copies) == _MAX_COPIES:
            break
        reader.feed(html[begin:end])
    reader.close()
    return reader.copies


class _CopyReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.copies: list[Copy] = []
        self._text: str | None = None
        self._label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "button":
            self._text, self._label = dict(attrs).get("data-clipboard-text"), ""

    def handle_data(self, data: str) -> None:
        self._label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._text:
            label = " ".join(self._label.split())[:60]
            self.copies.append(Copy(label=label or self._text[:60], text=self._text))
            self._text = None
