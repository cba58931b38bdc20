"""
A topic's feed, at its secret link: Atom and JSON Feed.

A repeated request is answered by 304 without reading a message. The tag is made of what the feed is made of.
`Last-Modified` is said a minute later, so that whoever asks by time alone misses none.
Who has the link needs no token, so requests of an address are counted, and the last few documents are kept.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from aiohttp import web

from watcher.core.feeds import CONTENT_BYTES, Feed, FeedEntry, atom_of, feed_id, json_feed_of, within
from watcher.core.push import ContentType, Message
from watcher.push.feeds import FeedHead
from watcher.push.render import render, render_as_text
from watcher.web.addresses import known
from watcher.web.keys import SERVICE, SETTINGS
from watcher.web.middleware.limits import count_address

_FORM: Final = 1
"""Raise it when the same messages come to be written otherwise: readers then fetch them anew."""
_FIRST_LOOKS: Final = 3
"""Messages that are rendered for one request, where a message is not rendered yet; others are shown as text."""
_KEPT: Final = 8
"""Documents, of a few MB each at most."""


class WrittenFeeds:
    """An LRU cache of the last documents, by their tags, which say all that they are made of."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def get(self, tag: str) -> bytes | None:
        """Return the document with this tag; None where it is not kept."""
        if tag in self._kept:
            self._kept.move_to_end(tag)
        return self._kept.get(tag)

    def keep(self, tag: str, document: bytes) -> None:
        """Keep a document, in place of the one that was asked for longest ago."""
        self._kept[tag] = document
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


WRITTEN_FEEDS: web.AppKey[WrittenFeeds] = web.AppKey("written feeds", WrittenFeeds)


async def show_atom(request: web.Request) -> web.Response:
    """`GET /feed/{feed}/atom.xml`."""
    return await _answer(request, "atom.xml", "application/atom+xml", atom_of)


async def show_json_feed(request: web.Request) -> web.Response:
    """`GET /feed/{feed}/feed.json`."""
    return await _answer(request, "feed.json", "application/feed+json", json_feed_of)


async def _answer(request: web.Request, name: str, kind: str, write: Callable[..., bytes]) -> web.Response:
    count_address(request, "feed", request.app[SETTINGS].address_calls)
    feed_slug = request.match_info["feed"]
    head = known(await request.app[SERVICE].feeds.look(feed_slug))
    link = request.app[SETTINGS].link(f"/feed/{feed_slug}/{name}")
    response = web.Response(content_type=kind, charset="utf-8")
    response.headers.update({"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"})
    tag = _tag(head, link)
    response.headers["ETag"] = f'W/"{tag}"'
    if head.changed_at is not None:
        response.last_modified = head.changed_at
    if _is_known(request, response):
        response.set_status(304)
        return response
    response.body = request.app[WRITTEN_FEEDS].get(tag) or await _written(
        request, head, tag, partial(write, self_link=link)
    )
    return response


async def _written(request: web.Request, head: FeedHead, tag: str, write: Callable[[Feed], bytes]) -> bytes:
    found = await request.app[SERVICE].feeds.messages(head)
    document = write(_feed(request, head, await _rendered(request, found)))
    if not any(_is_unrendered(message) for message in found):  # or it comes to be another one, under the same tag
        request.app[WRITTEN_FEEDS].keep(tag, document)
    return document


def _is_known(request: web.Request, response: web.Response) -> bool:
    """Return whether who asks has the same already; a tag goes before a time (RFC 9110 §13.1.3)."""
    if "If-None-Match" in request.headers:
        ours = response.headers["ETag"].removeprefix('W/"').removesuffix('"')
        return any(tag.value in (ours, "*") for tag in request.if_none_match or ())
    since, changed = request.if_modified_since, response.last_modified
    return since is not None and changed is not None and changed <= since


def _tag(head: FeedHead, link: str) -> str:
    topic = head.topic
    made_of = (_FORM, link, topic.name, topic.description, topic.language, head.app.profile.name, *head.message_ids)
    return hashlib.sha256(repr(made_of).encode(errors="surrogatepass")).hexdigest()[:32]


def _feed(request: web.Request, head: FeedHead, found: Sequence[Message]) -> Feed:
    topic, link = head.topic, request.app[SETTINGS].link
    return Feed(
        id=feed_id(topic.id, topic.created_at),
        title=topic.name,
        description=topic.description,
        author=head.app.profile.name,
        language=topic.language.tag if topic.language else "",
        # One by one as they are taken: what does not fit is not rendered.
        entries=within((_entry(message, link(f"/m/{message.slug}")) for message in found), CONTENT_BYTES),
    )


async def _rendered(request: web.Request, found: Sequence[Message]) -> Sequence[Message]:
    """Return the messages, those with their HTML that had none yet: a few of them, for each may take seconds."""
    missing = [message.id for message in found if _is_unrendered(message)]
    now = set(missing[:_FIRST_LOOKS])
    shown = request.app[SERVICE].messages.shown
    return [await shown(message) if message.id in now else message for message in found]


def _is_unrendered(message: Message) -> bool:
    return message.draft.content_type is not ContentType.TEXT and not message.draft.rendered


def _entry(message: Message, link: str) -> FeedEntry:
    draft = message.draft
    if draft.content_type is ContentType.TEXT:
        html = render(draft)
    else:
        html = render_as_text(draft.content) if draft.rendered is None else draft.rendered
    return FeedEntry(
        slug=message.slug,
        title=draft.summary or message.app_name,
        link=link,
        url=draft.url,
        html=html,
        sent_at=message.created_at,
    )
