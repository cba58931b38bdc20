"""What a check sees: from a page and a watch's selectors to an observation. Pure, and its arguments can travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.core.check import Observation
from watcher.core.page import Page
from watcher.core.values import SINGLE, Rows
from watcher.core.watch import Items, Language, Query, Selector, Values, Watch
from watcher.errors import UnexpectedPageError
from watcher.extract.body import Body, open_body
from watcher.extract.plan import ENGINE
from watcher.extract.reader import Reader
from watcher.extract.selectors import is_native
from watcher.extract.text import clean, one_line

CHEAP_WIRE_BYTES = 256 * 1024
"""So much inflates to some 2 MB, whose parse and text take 50 ms: half of what the event loop may lag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """
    What one page shows of a watch.

    Attributes:
        row_count: of a list, before `where`.
        next_url: where its list goes on; None: nowhere.
        notes: one line each, for the operator.
    """

    rows: Rows
    row_count: int | None = None
    link: str | None = None
    next_url: str | None = None
    notes: tuple[str, ...] = ()


def look(page: Page, watch: Watch, *, number: int = 1) -> Sight:  # noqa: ARG001  until lists have pages
    """
    Return what the watch sees on one page.

    Args:
        number: of this page in its list, from 1. A later one may be empty: the list has ended.

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
    _check_page(body, watch.page_must_contain)
    reader = Reader(body, page.url)
    rows: Rows
    match watch.extraction:
        case Values(selectors=selectors):
            rows = {SINGLE: {name: reader.value(name, selector) for name, selector in selectors.items()}}
        case Items() as items:
            rows = reader.rows(items)
    target = reader.link(watch.link) if isinstance(watch.link, Selector) else None
    return Sight(rows=rows, link=target)


def merge(sights: Sequence[Sight]) -> Observation:
    """Return what all pages of a watch show together (at least one); a row on two of them is where it was first."""
    rows: Rows = {key: row for sight in reversed(sights) for key, row in sight.rows.items()}
    return Observation(rows=rows, engine=ENGINE, link=sights[0].link)


def is_cheap(watch: Watch, wire_bytes: int) -> bool:
    """Return whether the page may be read on the event loop: it is small, and Beautiful Soup is not needed."""
    return wire_bytes <= CHEAP_WIRE_BYTES and all(
        query.language is not Language.CSS or is_native(query.expression) for query in _queries_of(watch)
    )


def _queries_of(watch: Watch) -> Iterator[Query]:
    """Yield every query of a watch."""
    match watch.extraction:
        case Values(selectors=selectors):
            found = [selector.query for selector in selectors.values()]
        case Items(query=query, key=key, fields=fields, empty_when=empty_when):
            found = [query, key.query, empty_when, *(field.query for field in fields.values())]
    if isinstance(watch.link, Selector):
        found.append(watch.link.query)
    yield from (query for query in found if query is not None)


def _check_page(body: Body, page_must_contain: Sequence[str]) -> None:
    if not page_must_contain:
        return
    text = one_line(body.text())
    for needle in page_must_contain:
        if one_line(clean(needle)) not in text:
            raise UnexpectedPageError(f"the page does not contain {needle!r}: a login wall or an error page?")
