"""
Reads what a watch sees from the prefix of a page (`prefix`), when that alone decides it.

Only what is certain is read there: plain selectors of which the first match counts, and of the page besides what they
find no more than its language. So a value that is read here is the one of the whole page; that there is none here means
nothing. Neither is anything noted: whether several elements match is seen when all of the page is read. Whether what is
new is believed is asked of the prefix as well (`prefix_witness`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from turbohtml import Element
from turbohtml import Node as TreeNode

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Stock, ValueType
from watcher.core.watch import WHOLE_PAGE, Language, Pick, Query, Selector, Values, Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import Body, HtmlBody, Node, html_start
from watcher.extract.bounds import MAX_BYTES, is_light
from watcher.extract.document import Document
from watcher.extract.observe import Sight
from watcher.extract.prefix import Prefix, cut
from watcher.extract.profile import HEADS
from watcher.extract.reader import Reader
from watcher.extract.selectors import looks_back
from watcher.extract.signs import BESIDE_NODES, NEAR_NODES

_KIB = 1_024
_MOST_KIB = 64
"""So much is read within 50 ms in any language."""
_SHARE = 2
"""A prefix is at most this part of its page, for some are read in vain."""
_ROOM_BYTES = 512
"""What stands before the values may grow by so much."""
_ELSEWHERE = "the prefix of the page does not tell"


class PrefixBody(HtmlBody):
    """The prefix of a page as a body. What only the whole page can tell is a PageError."""

    def __init__(self, prefix: Prefix) -> None:
        super().__init__(prefix.document)
        self._prefix = prefix

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        """Return the first that the query finds, as far as that is certain: one at least."""
        if within is not None or query.language is not Language.CSS:
            raise PageError(_ELSEWHERE)
        found = self._prefix.select(query.expression)
        if not found:  # what is absent here may come yet
            raise PageError(_ELSEWHERE)
        return found

    def has_settled_place(self, element: Element) -> bool:
        """Return whether an element that was found has the same place on the page (`Prefix.has_settled_place`)."""
        return self._prefix.has_settled_place(element)

    def text(self) -> str:
        raise PageError(_ELSEWHERE)

    def base_url(self, url: str) -> str:  # noqa: ARG002
        raise PageError(_ELSEWHERE)

    def stock(self) -> Stock | None:
        raise PageError(_ELSEWHERE)

    def is_shell(self) -> bool:
        raise PageError(_ELSEWHERE)


def may_read_prefix(watch: Watch) -> bool:
    """Return whether the prefix of a page may decide what the watch sees."""
    return (
        isinstance(watch.extraction, Values)
        and watch.scope == WHOLE_PAGE
        and not isinstance(watch.link, Selector)
        and not (watch.page_must_contain or watch.page_must_not_contain)
        and all(map(_may_be_settled, watch.extraction.selectors.values()))
    )


def _may_be_settled(selector: Selector) -> bool:
    query = selector.query
    return (
        query is not None
        and query.language is Language.CSS
        and looks_back(query.expression)
        and selector.pick in (None, Pick.FIRST)
        and selector.type is not ValueType.URL  # a `<base>` may come late
    )


def read_prefix(page: Page, watch: Watch, kib: int, budget: CpuBudget) -> Sight | None:
    """Return what the watch sees on a page, if so many KiB of its source decide it; None: all of it is to be read."""
    if not isinstance(watch.extraction, Values) or not may_read_prefix(watch):
        return None
    try:
        body = open_prefix(page, kib)
        if body is None:
            return None
        reader = Reader(body, page.url, budget)
        row = {name: reader.value(name, selector) for name, selector in watch.extraction.selectors.items()}
    except CheckError:
        return None
    is_complete = all(value is not None for value in row.values())  # a regular expression may match later
    return Sight(rows={SINGLE: row}) if is_complete else None


def open_prefix(page: Page, kib: int) -> PrefixBody | None:
    """Return so many KiB of the page as a body; None where it has no prefix. Raises BodyError."""
    body = page.kept.of(("prefix", kib), lambda: _opened(page, kib))
    if body is not None:
        body.begin()
    return body


def likely_kib(body: Body, watch: Watch, *, with_places: bool = False) -> int:
    """
    Return how many KiB of a page seem to decide what the watch sees: 1, 2, 4 … 64; 0 where all of it is to be read.

    They are so few different ones because watches of one page share its prefixes.

    Args:
        with_places: also the places of the values, the title and the heading (`prefix_witness`).
    """
    if not isinstance(body, HtmlBody) or body.document.length < _SHARE * _KIB or not may_read_prefix(watch):
        return 0
    values = [_first(body, selector.query) for selector in _selectors_of(watch)]
    ends = [_end_of(body.document, element) for element in values]
    if with_places:
        ends += [_end_of(body.document, _first(body, head)) for head in HEADS]
        ends += [_end_of_place(body.document, element) for element in values]
    end = max(body.document.length if end is None else end for end in ends)
    kib: int = 1 << ((_ROOM_BYTES + body.document.bytes_of(end) - 1) // _KIB).bit_length()
    return kib if kib <= _MOST_KIB and kib * _KIB * _SHARE <= body.document.length else 0


def _selectors_of(watch: Watch) -> Iterable[Selector]:
    return watch.extraction.selectors.values() if isinstance(watch.extraction, Values) else ()


def _first(body: HtmlBody, query: Query | None) -> Element | None:
    found = body.select(query) if query is not None else ()
    return found[0] if found and isinstance(found[0], Element) else None


def _end_of(document: Document, element: Element | None) -> int | None:
    return None if element is None else document.end_of(element)


def _end_of_place(document: Document, element: Element | None) -> int | None:
    """Return about where in the source the last node ends that the witness of an element looks at; None: unknown."""
    if element is None or element.parent is None:
        return None
    behind_siblings = islice(element.next_siblings, BESIDE_NODES + 1, None)
    ends = [
        _begin_of_first(document, islice(element.following, NEAR_NODES + 1, None)),
        _begin_of_first(document, chain(behind_siblings, element.parent.following)),
    ]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _begin_of_first(document: Document, nodes: Iterable[TreeNode]) -> int | None:
    """Return where the first element of these begins."""
    first = next((node for node in nodes if isinstance(node, Element)), None)
    return None if first is None else document.begin_of(first)


def _opened(page: Page, kib: int) -> PrefixBody | None:
    """Return the prefix of a page of HTML; None where it has none, or one that takes long to read."""
    end = cut(page.body, kib * _KIB) if len(page.body) <= MAX_BYTES else None
    if end is None or not is_light(page.body[:end]):
        return None
    start = html_start(page, end)
    return None if start is None else PrefixBody(Prefix(start, memoryview(page.body)[end:]))
