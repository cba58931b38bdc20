"""
The feeds that a page names: by `rel=alternate`, and where WordPress and GitHub keep theirs.

Feeds of comments are left out. A feed is the page's own where its address has that of the page in it, or its name, or
lies above, and the nearest comes first; one of the whole site says little about a page deep within, and comes behind
what that page shows itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from watcher.core.urls import is_web_url
from watcher.core.values import Json
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.extract.document import Document
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import Candidate, Kind
from watcher.extract.text import clean

_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_COMMENTS = re.compile(r"comment|评论|評論|コメント|댓글|kommentar|commentaire|comentario", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:feed|rss|atom|index\.xml|feed\.xml|rss\.xml|atom\.xml|feed\.json)/?$|\.(?:rss|atom)$"
)
_FEED_WORDS = re.compile(r"rss|atom|feed|订阅|訂閱|購読", re.IGNORECASE)
_REPOSITORY = re.compile(r"/[\w.-]+/[\w.-]+(?=/|$)")
_MOST_FEEDS = 3
_MOST_FIELDS = 20
_MOST_LINKS = 200
_MOST_ANCHORS = 5_000
_TITLE_CHARACTERS = 60


class _Feed(Struct, frozen=True):
    url: str
    title: str
    why: str


def feeds_of(document: Document, url: str, is_spent: Callable[[], bool]) -> Iterator[Candidate]:
    """Yield the feeds of the page, its own first; none was fetched. `is_spent`: whether to look no further."""
    found: dict[str, _Feed] = {}
    base = document.base_url(url)  # once: it is looked for in the whole page
    for feed in (
        *_named(document, base),
        *_linked(document, url, base, is_spent),
        *_of_github(document, url),
        *_of_wordpress(document, base),
    ):
        found.setdefault(feed.url, feed)
    ranked = sorted(found.values(), key=lambda feed: (-_score(feed.url, url), _distance(feed.url, url)))
    for place, feed in enumerate(ranked[:_MOST_FEEDS]):
        body: dict[str, Json] = {"url": feed.url, "items": {"feed": True}}
        score = _score(feed.url, url) - place * 8
        yield Candidate(kind=Kind.FEED, why=feed.why, texts=(), watch=body, score=score)


def _named(document: Document, base: str) -> Iterator[_Feed]:
    for link in document.select("link[rel~=alternate i][href], a[rel~=alternate i][type][href]")[:_MOST_LINKS]:
        target = _joined(base, link.attr("href") or "")
        title = cut(clean(link.attr("title") or "").replace("\n", " "), _TITLE_CHARACTERS)
        is_feed = (link.attr("type") or "").partition(";")[0].strip().lower() in _TYPES
        if is_feed and target and not _COMMENTS.search(f"{title} {urlsplit(target).path}"):
            yield _Feed(target, title, _named_feed(title))


def _named_feed(title: str) -> str:
    if not title:
        return worded("suggest_feed_named", "The page names its feed: entries keep their identity there.")
    return worded(
        "suggest_feed_titled", "The page names its feed “{title}”: entries keep their identity there.", title=title
    )


def _linked(document: Document, url: str, base: str, is_spent: Callable[[], bool]) -> Iterator[_Feed]:
    """Yield the feeds that links of the page lead to, by their address and their words."""
    anchors = document.select("a[href]")[:_MOST_ANCHORS]
    leading = (link for link in anchors if _FEED_PATH.search((link.attr("href") or "").partition("?")[0]))
    for link in takewhile(lambda _: not is_spent(), leading):  # reading the clock takes longer than looking at a path
        target = link.attr("href") or ""
        if not _FEED_WORDS.search(f"{link.text} {target}"):
            continue
        joined = _joined(base, target)
        if joined and not _COMMENTS.search(joined) and urlsplit(joined).hostname == urlsplit(url).hostname:
            yield _Feed(
                joined,
                "",
                worded("suggest_feed_linked", "The page links to its feed: entries keep their identity there."),
            )


def _of_github(document: Document, url: str) -> Iterator[_Feed]:
    """Yield the feed of releases, or of tags, where the page is a repository's and links to them."""
    parts = urlsplit(url)
    repository = _REPOSITORY.match(parts.path)
    if parts.hostname != "github.com" or repository is None:
        return
    for name in ("releases", "tags"):
        path = f"{repository[0]}/{name}"
        if parts.path.rstrip("/") == path or document.select(f'a[href$="{path}"]'):
            feed = f"{parts.scheme}://{parts.netloc}{path}.atom"
            yield _Feed(feed, "", worded("suggest_github", "GitHub has a feed of a repository’s {what}.", what=name))


def _of_wordpress(document: Document, base: str) -> Iterator[_Feed]:
    """Yield the feed of a WordPress site that names none."""
    is_wordpress = document.select('meta[name=generator i][content^="WordPress" i]')
    home = document.select('link[rel="https://api.w.org/"][href]')
    if not is_wordpress or document.select('link[rel~=alternate i][type="application/rss+xml" i]'):
        return
    root = (home[0].attr("href") or "").partition("wp-json")[0] if home else "/"
    if target := _joined(base, f"{root}feed/"):
        yield _Feed(
            target, "", worded("suggest_wordpress", "The page is made by WordPress, which keeps a feed of its posts.")
        )


def _joined(base: str, target: str) -> str | None:
    try:
        joined = urljoin(base, target.strip())
    except ValueError:
        return None
    return joined if target.strip() and is_web_url(joined) else None


def _score(feed: str, page: str) -> float:
    """Return how much a feed is the page's own: one beside it, any of a front page; least, of another host."""
    if urlsplit(feed).hostname != urlsplit(page).hostname and urlsplit(page).path.strip("/"):
        return scores.FEED_OF_OTHERS
    own = urlsplit(page).path.rstrip("/")
    place = _FEED_PATH.sub("", urlsplit(feed).path).rstrip("/")
    is_own = own == "" or place == own or f"{own}/" in f"{place}/" or (place != "" and own.startswith(f"{place}/"))
    is_called = own.rpartition("/")[2].lower() in _steps(feed)
    return scores.FEED if is_own or is_called else scores.FEED_OF_SITE


def _distance(feed: str, page: str) -> int:
    """Return in how many steps of its address a feed differs from the page, of a front page in none."""
    own = _steps(page)
    return len(own ^ _steps(feed)) if own else 0


def _steps(address: str) -> frozenset[str]:
    """Return the steps of an address: those of its path without what is written behind a dot, and what it asks for."""
    parts = urlsplit(address.lower())
    path = (step.partition(".")[0] for step in _FEED_PATH.sub("", parts.path).split("/"))
    asked = (field.partition("=")[2] for field in parts.query.split("&")[:_MOST_FIELDS])
    return frozenset(filter(None, (*path, *asked)))
