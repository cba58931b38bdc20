"""What a check sees: from a page and a watch's selectors to an observation. Pure, and its arguments can travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from watcher.core.check import Observation
from watcher.core.page import Page
from watcher.core.values import SINGLE, Rows
from watcher.core.watch import Extraction, Items, Selector, Values
from watcher.errors import UnexpectedPageError
from watcher.extract.body import Body, open_body
from watcher.extract.plan import ENGINE
from watcher.extract.reader import Reader
from watcher.extract.selectors import is_native
from watcher.extract.text import clean, one_line

CHEAP_WIRE_BYTES = 256 * 1024
"""So much inflates to some 2 MB, whose parse and text take 50 ms: half of what the event loop may lag."""


def observe(
    page: Page, extraction: Extraction, *, link: str | Selector | None, page_must_contain: Sequence[str]
) -> Observation:
    """
    Return what the watch sees on the page.

    Raises:
        UnexpectedPageError: the page lacks one of `page_must_contain`; looked at before anything else.
        MissingError: a selector that is not optional found nothing, a row has no key, or a list is empty and
            `empty_when` does not say that it may be.
        UnparsableError: a value is not of its type.
        PageError: two rows have one key, there are more than MAX_ROWS, or the page is no HTML and a selector
            wants HTML.
        BodyError: the body is binary, or in an encoding that does not exist.
    """
    body = open_body(page)
    _check_page(body, page_must_contain)
    reader = Reader(body, page.url)
    rows: Rows
    match extraction:
        case Values(selectors=selectors):
            rows = {SINGLE: {name: reader.value(name, selector) for name, selector in selectors.items()}}
        case Items():
            rows = reader.rows(extraction)
    target = reader.link(link) if isinstance(link, Selector) else None
    return Observation(rows=rows, engine=ENGINE, link=target)


def is_cheap(extraction: Extraction, link: str | Selector | None, wire_bytes: int) -> bool:
    """Return whether the page may be read on the event loop: it is small, and Beautiful Soup is not needed."""
    return wire_bytes <= CHEAP_WIRE_BYTES and all(map(is_native, _css_of(extraction, link)))


def _css_of(extraction: Extraction, link: str | Selector | None) -> Iterator[str]:
    """Yield every CSS selector of a watch."""
    match extraction:
        case Values(selectors=selectors):
            found = [selector.css for selector in selectors.values()]
        case Items(css=css, key=key, fields=fields, empty_when=empty_when):
            found = [css, key.css, empty_when, *(field.css for field in fields.values())]
    if isinstance(link, Selector):
        found.append(link.css)
    yield from (css for css in found if css is not None)


def _check_page(body: Body, page_must_contain: Sequence[str]) -> None:
    if not page_must_contain:
        return
    text = one_line(body.text())
    for needle in page_must_contain:
        if one_line(clean(needle)) not in text:
            raise UnexpectedPageError(f"the page does not contain {needle!r}: a login wall or an error page?")
