"""
What a feed of a topic says: Atom 1.0 (RFC 4287) and JSON Feed 1.1 (jsonfeed.org/version/1.1), as bytes.

An entry is a message. Its id is made of what never changes, whatever the address of this server becomes, and it is
never updated: `updated` is when it was sent. One that is withdrawn leaves the feed.
What no XML document can hold (XML 1.0 §2.2: control characters, U+FFFE, U+FFFF, halves of pairs) is U+FFFD in both.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Final

from msgspec import Struct

from watcher.core.values import Json
from watcher.core.xml_characters import NOT_IN_XML

ENTRIES: Final = 50
"""The newest messages that a feed has."""
CONTENT_BYTES: Final = 1_000_000
"""Of the contents together: what is older than those that fit is left out, but never the newest."""
_NAMESPACE: Final = uuid.UUID("7d8f4c1e-5b0a-4f6e-9d53-2c1b8a6f0e47")


class FeedEntry(Struct, frozen=True, kw_only=True):
    """
    One message in a feed.

    Attributes:
        slug: of the message, from which the entry's id is made.
        link: of the message's page.
        url: what the message links to.
        html: the content, safe to show.
    """

    slug: str
    title: str
    link: str
    url: str | None
    html: str
    sent_at: datetime


class Feed(Struct, frozen=True, kw_only=True):
    """
    A topic's feed.

    Attributes:
        id: see `feed_id`.
        author: the application that sends.
        language: a tag of BCP 47; empty: each reader's own.
        entries: newest first.
    """

    id: str
    title: str
    description: str
    author: str
    language: str
    entries: Sequence[FeedEntry]


def within(entries: Iterable[FeedEntry], most_bytes: int) -> Sequence[FeedEntry]:
    """
    Return the first entries whose contents together have no more bytes, and the first in any case.

    Takes one more than it returns, and no other, so that the rest need not be made.
    """
    kept: list[FeedEntry] = []
    for entry in entries:
        most_bytes -= len(entry.html.encode(errors="replace"))
        if most_bytes < 0 and kept:
            break
        kept.append(entry)
    return kept


def feed_id(topic_id: int, made_at: datetime) -> str:
    """Return the id of a topic's feed, a URN: the same when its link, its name or this server's address changes."""
    return uuid.uuid5(_NAMESPACE, f"topic {topic_id} {made_at.astimezone(UTC).isoformat()}").urn


def entry_id(slug: str) -> str:
    """Return the id of a message's entry, a URN, which does not open the message's page."""
    return uuid.uuid5(_NAMESPACE, f"message {slug}").urn


def atom_of(feed: Feed, *, self_link: str) -> bytes:
    """
    Return the feed as an Atom document in UTF-8.

    Args:
        self_link: where it is.
    """
    return "\n".join(_atom_lines(feed, self_link)).encode()


def json_feed_of(feed: Feed, *, self_link: str) -> bytes:
    """Return the feed as a JSON Feed in UTF-8, without what is empty. `self_link`: where it is."""
    document: dict[str, Json] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _text(feed.title),
        "description": _text(feed.description),
        "feed_url": self_link,
        "language": feed.language,
        "authors": [{"name": _text(feed.author)}],
        "items": [_item(entry) for entry in feed.entries],
    }
    said = {name: value for name, value in document.items() if value != ""}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _atom_lines(feed: Feed, self_link: str) -> Iterator[str]:
    language = f' xml:lang="{_escaped(feed.language)}"' if feed.language else ""
    updated = max((entry.sent_at for entry in feed.entries), default=datetime(1970, 1, 1, tzinfo=UTC))
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom"{language}>'
    yield f"<id>{feed.id}</id>"
    yield f"<title>{_escaped(feed.title)}</title>"
    if feed.description:
        yield f"<subtitle>{_escaped(feed.description)}</subtitle>"
    yield f"<updated>{_moment(updated)}</updated>"
    yield f"<author><name>{_escaped(feed.author)}</name></author>"
    yield f'<link rel="self" type="application/atom+xml" href="{_escaped(self_link)}"/>'
    yield "<generator>watcher</generator>"
    for entry in feed.entries:
        yield from _entry_lines(entry)
    yield "</feed>"


def _entry_lines(entry: FeedEntry) -> Iterator[str]:
    yield "<entry>"
    yield f"<id>{entry_id(entry.slug)}</id>"
    yield f"<title>{_escaped(entry.title)}</title>"
    yield f'<link rel="alternate" type="text/html" href="{_escaped(entry.link)}"/>'
    if entry.url:
        yield f'<link rel="related" href="{_escaped(entry.url)}"/>'
    yield f"<published>{_moment(entry.sent_at)}</published>"
    yield f"<updated>{_moment(entry.sent_at)}</updated>"
    yield f'<content type="html">{_escaped(_with_link(entry))}</content>'
    yield "</entry>"


def _item(entry: FeedEntry) -> dict[str, Json]:
    item: dict[str, Json] = {"id": entry_id(entry.slug), "url": entry.link}
    if entry.url:
        item["external_url"] = _text(entry.url)
    return item | {
        "title": _text(entry.title),
        "content_html": _text(_with_link(entry)),
        "date_published": _moment(entry.sent_at),
    }


def _with_link(entry: FeedEntry) -> str:
    """Return the content with what the message links to behind it: few readers of feeds show a second link."""
    if not entry.url:
        return entry.html
    address = escape(entry.url)
    return f'{entry.html}<p><a href="{address}" rel="noopener noreferrer">{address}</a></p>'


def _escaped(text: str) -> str:
    return escape(_text(text))


def _text(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def _moment(at: datetime) -> str:
    """Return a time as RFC 3339 has it, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
