"""What a check sees: from a page and a watch's selectors to an observation. Pure, and its arguments can travel."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Observation
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Row, Rows
from watcher.core.watch import (
    Items,
    Language,
    NextPages,
    NumberedPages,
    Operator,
    Pages,
    Query,
    Selector,
    Values,
    Watch,
)
from watcher.core.wording import worded
from watcher.errors import PageError, UnexpectedPageError
from watcher.extract.body import open_body
from watcher.extract.bounds import is_light
from watcher.extract.list_end import container_of, is_end
from watcher.extract.pages import is_same_page, numbered_url
from watcher.extract.plan import ENGINE
from watcher.extract.reader import Reader
from watcher.extract.selectors import is_native, is_squared
from watcher.extract.text import clean, one_line
from watcher.extract.xpath_cost import is_costly

SMALL_BODY_BYTES = 64_000
"""So much is read within 50 ms in any language."""
MAX_CHARS = 4_000_000
"""Of all values of a page together: what is seen is kept in memory, and handed from process to process."""
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"  # byte order marks, blanks and UTF-16's zeros


class Sight(Struct, frozen=True, kw_only=True):
    """
    What one page shows of a watch.

    Attributes:
        row_count: of a list, before `where`.
        next_url: where its list goes on; None: nowhere.
        container: of a list with more pages, a selector of what holds the rows (`list_end`).
        ending: of a page that may have been cut, where it ends (`ending`).
        notes: one line each, for the operator.
    """

    rows: Rows
    row_count: int | None = None
    link: str | None = None
    next_url: str | None = None
    container: str = ""
    ending: str | None = None
    notes: tuple[str, ...] = ()


def look(page: Page, watch: Watch, budget: CpuBudget, *, number: int = 1, container: str = "") -> Sight:
    """
    Return what the watch sees on one page.

    Args:
        budget: what looking may take; its clock is read before each row, and before each of several nodes. Nothing that
            is seen depends on it.
        number: of this page in its list, from 1. A later one may be empty, where it is one of the list: it has ended.
        container: what holds the rows of the first one.

    Raises:
        SlowPageError: it takes longer than the budget allows; SlowExpressionError: a regular expression does.
        UnexpectedPageError: all of the page lacks one of `page_must_contain`, or has one of
            `page_must_not_contain`; looked at before anything else.
        MissingError: a selector that is not optional found nothing, a row has no key, or a list is empty and
            `empty_when` does not say that it may be.
        UnparsableError: a value is not of its type.
        PageError: two rows have one key, there are more than MAX_ROWS, the page is not what a selector's language is
            for, or has too many values.
        BodyError: the body is binary, or in an encoding that does not exist.
    """
    _check_page(page, watch.page_must_contain, watch.page_must_not_contain)
    body = open_body(page, watch.scope)
    reader = Reader(body, page.url, budget)
    rows: Rows
    row_count, next_url, box = None, None, ""
    match watch.extraction:
        case Values(selectors=selectors):
            rows = {SINGLE: {name: reader.value(name, selector) for name, selector in selectors.items()}}
        case Items() as items:
            nodes = reader.row_nodes(items, lambda: number > 1 and is_end(body, items.query, page.url, container))
            listing = reader.listing(items, nodes)
            rows, row_count = listing.rows, listing.row_count
            next_url = _next_url(reader, page.url, items.pages, number, row_count)
            box = container_of(nodes) if next_url else ""
    target = reader.link(watch.link) if isinstance(watch.link, Selector) and number == 1 else None
    _check_size(rows)
    return Sight(rows=rows, row_count=row_count, link=target, next_url=next_url, container=box, notes=reader.notes)


def observed(page: Page, budget: CpuBudget, watch: Watch) -> Observation:
    """Return what the watch sees on this page alone, of a list its first. Raises as `look`."""
    return merge([look(page, watch, budget)])


def merge(sights: Sequence[Sight]) -> Observation:
    """Return what all pages of a watch show together (at least one); a row on two of them is where it was first."""
    rows: dict[str, Row] = {}
    for sight in sights:
        for key, row in sight.rows.items():
            rows.setdefault(key, row)
    endings = [sight.ending for sight in sights if sight.ending is not None]
    counts = [sight.row_count for sight in sights if sight.row_count is not None]
    return Observation(
        rows=rows,
        engine=ENGINE,
        link=sights[0].link,
        row_count=sum(counts) if counts else None,
        ending="".join(endings) if endings else None,
        notes=tuple(dict.fromkeys(note for sight in sights for note in sight.notes)),
    )


def may_be_cheap(watch: Watch) -> bool:
    """Return whether a page of this watch may be read on the event loop, if it is small or plain enough."""
    return _are_quick(_selectors_of(watch))


def is_cheap(watch: Watch, page: Page) -> bool:
    """
    Return whether the page may be read on the event loop.

    Beautiful Soup is not needed, nothing makes its parse slow, and no expression can take long: XPath, JSONPath, feeds
    and regular expressions are for small pages only, and so is what is no markup.
    """
    body, selectors = page.body, list(_selectors_of(watch))
    if not _are_quick(selectors):
        return False
    has_regex = any(selector.regex is not None for selector in selectors) or _has_matches(watch.extraction)
    is_plain = not has_regex and all(each.query is None or each.query.language is Language.CSS for each in selectors)
    is_markup = body[:64].lstrip(_BEFORE_MARKUP).startswith(b"<")
    is_quick = len(body) <= SMALL_BODY_BYTES or (is_plain and is_markup)
    return is_quick and page.kept.of("is light", lambda: is_light(body))


def _has_matches(extraction: Values | Items) -> bool:
    return isinstance(extraction, Items) and any(each.operator is Operator.MATCHES for each in extraction.where)


def _are_quick(selectors: Iterable[Selector]) -> bool:
    return all(map(_is_quick, [selector.query for selector in selectors if selector.query is not None]))


def _is_quick(query: Query) -> bool:
    match query.language:
        case Language.CSS:
            return is_native(query.expression) and not is_squared(query.expression)
        case Language.XPATH:
            return not is_costly(query.expression)
        case Language.JSONPATH:
            return ".." not in query.expression and "?" not in query.expression
        case _:
            return True


def _next_url(reader: Reader, url: str, pages: Pages | None, number: int, row_count: int) -> str | None:
    match pages:
        case None:
            return None
        case NumberedPages(param=param, first=first):
            return numbered_url(url, param, first + number) if row_count else None
        case NextPages(link=link):
            target = reader.link(replace(link, optional=True), "next")
            return None if target is None or is_same_page(target, url) else target


def _selectors_of(watch: Watch) -> Iterator[Selector]:
    """Yield every selector of a watch; a query that stands alone is one too."""
    match watch.extraction:
        case Values(selectors=selectors):
            yield from selectors.values()
        case Items(query=query, key=key, fields=fields, empty_when=empty_when, pages=pages):
            yield from (Selector(query=query), key, *fields.values())
            yield from (Selector(query=empty_when),) if empty_when else ()
            yield from (pages.link,) if isinstance(pages, NextPages) else ()
    if isinstance(watch.link, Selector):
        yield watch.link
    yield from (Selector(query=query) for query in watch.scope.queries)


def _check_size(rows: Rows) -> None:
    chars = sum(
        len(key) + sum(len(value) for value in row.values() if isinstance(value, str)) for key, row in rows.items()
    )
    if chars > MAX_CHARS:
        raise PageError(
            worded(
                "error_too_much",
                "the values have {characters} characters, more than {most}; select less of the page",
                characters=f"{chars:,}",
                most=f"{MAX_CHARS:,}",
            )
        )


def _check_page(page: Page, wanted: Sequence[str], unwanted: Sequence[str]) -> None:
    if not wanted and not unwanted:
        return
    text = one_line(open_body(page).text())
    for needle in wanted:
        if not _says(text, needle):
            raise UnexpectedPageError(
                worded(
                    "error_lacks", "the page does not contain {text}: a login wall or an error page?", text=repr(needle)
                )
            )
    for needle in unwanted:
        if _says(text, needle):
            raise UnexpectedPageError(
                worded(
                    "error_contains",
                    "the page contains {text}, which `page_must_not_contain` forbids",
                    text=repr(needle),
                )
            )


def _says(text: str, needle: str) -> bool:
    """Return whether the text holds the words; that of XML is its source, which escapes them."""
    words = one_line(clean(needle))
    return words in text or html.escape(words, quote=False) in text
