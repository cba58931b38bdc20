"""The profile of a page: what it is made of, sampled. HTML and JSON have one; a feed or a text has none."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from turbohtml import Element
from xxhash import xxh32_intdigest

from watcher.core.page_profile import Profile, marks_of
from watcher.core.watch import Query
from watcher.extract.body import Body, HtmlBody, JsonBody

_DIGITS = b"0123456789"
_KEY = re.compile(r'"([^"\\]{1,60})"\s{0,3}:')
_MAX_CHARACTERS = 400_000
_MAX_PIECES = 5_000
"""So much of a page is looked at, of each kind."""
_HEAD_CHARACTERS = 200
HEADS = (Query.css("title"), Query.css("h1"))
"""The title of a page and its first heading."""


def profile_of(body: Body) -> Profile | None:
    """Return how the page looks; None of one that has no profile."""
    match body:
        case HtmlBody():
            outline = body.outline()
            parts = (
                *_numberless(dict.fromkeys(outline.texts[:_MAX_PIECES])),
                *_encoded("@", {link.partition("?")[0] for link in {*outline.links[:_MAX_PIECES]}}),
                *_encoded(".", outline.classes[:_MAX_PIECES]),
            )
            return Profile(
                characters=sum(map(len, outline.texts)),
                links=len(outline.links),
                heads=digest_of_heads(body),
                marks=marks_of(map(xxh32_intdigest, parts)),
            )
        case JsonBody():
            text = body.text()
            keys = {key for key in _KEY.findall(text[:_MAX_CHARACTERS]) if not key.isdecimal()}
            return Profile(characters=len(text), links=0, heads=b"", marks=marks_of(map(_digest, keys)))
        case _:
            return None


def heads_of(body: Body) -> tuple[str, str]:
    """Return the title of a page and its first heading; empty where it has none."""
    title, heading = HEADS
    return _head(body, title), _head(body, heading)


def digest_of_heads(body: Body) -> bytes:
    """Return the digests of both, as a profile has them; empty of a page that has neither."""
    heads = heads_of(body)
    return b"".join(_digest(head).to_bytes(4) for head in heads) if any(heads) else b""


def _head(body: Body, query: Query) -> str:
    found = body.select(query) if isinstance(body, HtmlBody) else ()
    text = found[0].text if found and isinstance(found[0], Element) else ""
    return " ".join(text[:_MAX_CHARACTERS].split())[:_HEAD_CHARACTERS]


def _numberless(texts: Iterable[str]) -> Collection[bytes]:
    """Return the different lines of the texts without their digits: a counter that moves is the same line."""
    return {*_bytes("\n".join(texts)[:_MAX_CHARACTERS]).translate(None, _DIGITS).split(b"\n")} - {b""}


def _encoded(sign: str, names: Collection[str]) -> Sequence[bytes]:
    """Return the names with a sign before each, encoded at once, for no attribute has a NUL in it (HTML §13.2.5.36)."""
    return _bytes(sign + f"\0{sign}".join(names)).split(b"\0") if names else ()


def _digest(text: str) -> int:
    return xxh32_intdigest(_bytes(text))


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
