"""
Reads what a watch sees from the prefix of a page (`prefix`), when that alone decides it.

Only what is certain is read there: plain selectors of which the first match counts, and of the page besides what they
find no more than its language. So a value that is read here is the one of the whole page; that there is none here means
nothing. Neither is anything noted: whether several elements match is seen when all of the page is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import SINGLE, Stock, ValueType
from watcher.core.watch import WHOLE_PAGE, Language, Pick, Query, Selector, Values, Watch
from watcher.errors import CheckError, PageError
from watcher.extract.body import Body, HtmlBody, Node, html_source
from watcher.extract.bounds import MAX_BYTES, is_light
from watcher.extract.observe import Sight
from watcher.extract.prefix import Prefix, cut
from watcher.extract.reader import Reader
from watcher.extract.selectors import looks_back

_KIB = 1_024
_MOST_KIB = 64
"""So much is read within 50 ms in any language."""
_SHARE = 4
"""A prefix is at most this part of its page, for some are read in vain."""
_ROOM_CHARS = 512
"""What stands before the values may grow by so much."""
_ELSEWHERE = "the prefix of the page does not tell"


class PrefixBody(HtmlBody):
    """The prefix of a page as a body. What only the whole page can tell is a PageError."""

    def __init__(self, prefix: Prefix) -> None:
        super().__init__(prefix.document)
        self._prefix = prefix

    def select(self, query: Query, within: Node | None = None) -> Sequence[Node]:
        """Return the first that the query finds, as far as that is certain."""
        if within is not None or query.language is not Language.CSS:
            raise PageError(_ELSEWHERE)
        return self._prefix.select(query.expression)

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
        body = page.kept.of(("prefix", kib), lambda: _opened(page, kib))
        if body is None:
            return None
        body.begin()
        reader = Reader(body, page.url, budget)
        row = {name: reader.value(name, selector) for name, selector in watch.extraction.selectors.items()}
    except CheckError:
        return None
    is_complete = all(value is not None for value in row.values())  # what is absent here may come yet
    return Sight(rows={SINGLE: row}) if is_complete else None


def likely_kib(body: Body, watch: Watch) -> int:
    """
    Return how many KiB of a page seem to decide what the watch sees: 1, 2, 4 … 64; 0 where all of it is to be read.

    They are so few different ones because watches of one page share its prefixes.
    """
    if not isinstance(body, HtmlBody) or body.document.length < _SHARE * _KIB or not may_read_prefix(watch):
        return 0
    ends = [_end_of_first(body, selector) for selector in _selectors_of(watch)]
    chars = _ROOM_CHARS + max(body.document.length if end is None else end for end in ends)
    kib: int = 1 << ((chars - 1) // _KIB).bit_length()
    return kib if kib <= _MOST_KIB and kib * _KIB * _SHARE <= body.document.length else 0


def _selectors_of(watch: Watch) -> Iterable[Selector]:
    return watch.extraction.selectors.values() if isinstance(watch.extraction, Values) else ()


def _end_of_first(body: HtmlBody, selector: Selector) -> int | None:
    """Return about where in the source the first match ends, in characters; None where nobody knows."""
    found = body.select(selector.query) if selector.query is not None else ()
    return body.document.end_of(found[0]) if found and isinstance(found[0], Element) else None


def _opened(page: Page, kib: int) -> PrefixBody | None:
    """Return the prefix of a page of HTML; None where it has none, or one that takes long to read."""
    source = html_source(page) if len(page.body) <= MAX_BYTES else None
    end = cut(source, kib * _KIB) if source is not None else None
    if source is None or end is None or not is_light(source[:end].encode(errors="surrogatepass")):
        return None
    return PrefixBody(Prefix(source, end))
