"""
What a watch of a page is named after.

| the page has | the name |
|---|---|
| data of one product or event (schema.org) | its name there |
| `og:title`, else `<title>` (`Dune | Shop`) | the part that is the first heading, too, else all but the site's name |
| neither | its first heading, unless that begins with a number, which counts: `24 jobs` |
"""

from __future__ import annotations

import re
from typing import Final

from watcher.extract.body import Body, HtmlBody
from watcher.extract.document import Document
from watcher.extract.product import product_name
from watcher.extract.profile import heads_of

_SEPARATOR: Final = re.compile(r"\s+[-–—:|·•»]+\s+|\s*[|｜·•»]\s*")


def page_name(body: Body) -> str:
    """Return what a watch of the page is named after; empty where nothing says it."""
    if not isinstance(body, HtmlBody):
        return ""
    title, heading = heads_of(body)
    site, shared = _said(body.document, "og:site_name"), _said(body.document, "og:title")
    title = shared if shared.casefold() not in ("", site.casefold()) else title
    if name := product_name(body.document):
        return name
    if not title:
        return "" if heading[:1].isdigit() else heading
    parts = [part for part in _SEPARATOR.split(title) if part]
    if heading.casefold() in {part.casefold() for part in parts}:
        return heading
    kept = [part for part in parts if part.casefold() != site.casefold()]
    return title if len(kept) in (0, len(parts)) else " – ".join(kept)


def _said(document: Document, name: str) -> str:
    found = document.select(f'meta[property="{name}"]')
    return " ".join((found[0].attr("content") or "").split()) if found else ""
