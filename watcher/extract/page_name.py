"""
What a watch of a page is named after: its product, else `og:title` or `<title>`, without the site's name.

Of a title the part that is the first heading, too, is the name. A part that counts, as `24 jobs`, is none. A heading
alone is one only where the page has no title and it does not begin with a number.
"""

from __future__ import annotations

import re
from typing import Final

from watcher.core.words import one_line
from watcher.extract.body import Body, HtmlBody
from watcher.extract.document import Document
from watcher.extract.product import product_name
from watcher.extract.profile import heads_of
from watcher.extract.text import clean

_SEPARATOR: Final = re.compile(r" [-–—:|·•»]+ | ?[|｜·•»] ?")
_MAX_CHARACTERS: Final = 1_000
_COUNT: Final = re.compile(r"\(?(?!(?:19|20)\d\d )\d[\d.,]*\+?\)?(?: [^\W\d_]+| ?[个個件条條名份] ?\w*)")


def page_name(body: Body) -> str:
    """Return what a watch of the page is named after; empty where nothing says it."""
    if not isinstance(body, HtmlBody):
        return ""
    if name := product_name(body.document):
        return name
    (title, heading), site = heads_of(body), _meta(body.document, "og:site_name")
    shared = _meta(body.document, "og:title")
    title = title if shared in ("", site) else shared
    parts = [part for part in _SEPARATOR.split(title) if part]
    if not parts:
        return "" if heading[:1].isdigit() else heading
    named = [part for part in parts if not _COUNT.fullmatch(part)]
    if heading in named:
        return heading
    return title if named == parts and site not in parts else " – ".join(part for part in named if part != site)


def _meta(document: Document, name: str) -> str:
    found = document.select(f'meta[property="{name}"]')[:1]
    return one_line(clean((found[0].attr("content") or "")[:_MAX_CHARACTERS])) if found else ""
