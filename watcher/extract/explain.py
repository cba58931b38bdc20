"""Why a page reads as it does: for `watcher try`, and for people who write selectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.page import Page
from watcher.core.values import Row, Value
from watcher.core.watch import WHOLE_PAGE, Extraction, Language, Query, Scope, Selector, Values, Watch
from watcher.core.wording import said_by
from watcher.errors import PageError
from watcher.extract.body import Node, open_body
from watcher.extract.charset import decode
from watcher.extract.observe import Sight, look
from watcher.extract.reader import MAX_ROWS, Found, Reader, note
from watcher.extract.selectors import is_native

SHOWN_ROWS = 10
SHOWN_MATCHES = 10

ITEMS = "items"
EXCLUDED = "excluded"
RANGE = "range"
JSON_IN = "json_in"
VALUELESS = frozenset({ITEMS, EXCLUDED, RANGE, JSON_IN})
"""The names of findings that are no values: of the rows of a list, and of what is cut off the page."""


class SelectorFinding(Struct, frozen=True, kw_only=True):
    """
    What one selector found on the page, or in the first row.

    Attributes:
        query: with its language; None for the text of the whole page or row.
        regex: what narrows each text, if anything does.
        engine: `turbohtml`, `Beautiful Soup` or `python-jsonpath`; None without a query.
        matched: the number of nodes; those that `regex` does not match are none.
        raw: the text or attribute of the one that counts, before it was given a type; None when there is none.
        value: None as well when there is an `error`.
        error: one line, with advice.
        matches: the first SHOWN_MATCHES of them, each as it would be read, or as its text where that is no value; none
            of a list, whose rows are shown.
        note: one line: that the first of several is read, where nothing says so.
    """

    name: str
    query: Query | None
    regex: str | None = None
    engine: str | None
    matched: int
    raw: str | None
    value: Value
    error: str | None
    matches: tuple[Value, ...] = ()
    note: str | None = None

    @property
    def language(self) -> Language | None:
        """What its query is written in."""
        return self.query.language if self.query else None


class Explanation(Struct, frozen=True, kw_only=True):
    """
    How a page was read.

    Attributes:
        encoding, why: its encoding, and who said so.
        findings: what is cut off the page (as `excluded` and `range`), or read of it alone (as `json_in`); for a list:
            the list itself (as `items`), then key and fields in its first row.
        row_count: of a list on this page, before `where`; None for single values.
        next_url: where the list goes on; None: nowhere.
        rows: the first SHOWN_ROWS rows of interest by key, or the single values under `SINGLE`.
        error: why the check would fail, when it would; None when all is well.
    """

    encoding: str
    why: str
    findings: tuple[SelectorFinding, ...]
    row_count: int | None
    next_url: str | None = None
    rows: Mapping[str, Row]
    error: str | None


def explain(page: Page, watch: Watch, budget: CpuBudget) -> Explanation:
    """
    Return how the page is read. What would fail the check is told, not raised.

    Args:
        budget: that of a check, which one that takes too long fails here, too.

    Raises:
        BodyError: the body is binary, or in an encoding that does not exist.
    """
    decoded = decode(page)
    row_count, findings = _findings_of(page, watch)
    sight, error = _outcome(page, watch, budget)
    return Explanation(
        encoding=decoded.encoding,
        why=decoded.why,
        findings=(*_cuts(page, watch.scope), *findings),
        row_count=row_count,
        next_url=sight.next_url,
        rows=dict(islice(sight.rows.items(), SHOWN_ROWS)),
        error=error,
    )


def _cuts(page: Page, scope: Scope) -> Iterator[SelectorFinding]:
    """Yield what each selector of the scope finds on the whole page."""
    if scope == WHOLE_PAGE:
        return
    reader = Reader(open_body(page), page.url, UNLIMITED)
    yield from (_listed(reader, query, EXCLUDED) for query in scope.exclude)
    yield from (_listed(reader, query, RANGE) for query in (scope.start, scope.end) if query is not None)
    yield from () if scope.json_in is None else (_listed(reader, scope.json_in, JSON_IN),)


def _findings_of(page: Page, watch: Watch) -> tuple[int | None, list[SelectorFinding]]:
    try:
        body = open_body(page, watch.scope)
    except PageError:  # its range is not there; the outcome says so
        return None, []
    return _findings(Reader(body, page.url, UNLIMITED), watch.extraction)


def _findings(reader: Reader, extraction: Extraction) -> tuple[int | None, list[SelectorFinding]]:
    """Return the number of a list's rows and what each selector found."""
    if isinstance(extraction, Values):
        return None, [_finding(reader, name, selector) for name, selector in extraction.selectors.items()]
    listed = _listed(reader, extraction.query, ITEMS)
    try:
        nodes = reader.row_nodes(extraction) if 0 < listed.matched <= MAX_ROWS else []
    except PageError:  # the list is one array; the outcome says so
        nodes = []
    if not nodes:
        return listed.matched, [listed]
    selectors = {"key": extraction.key, **extraction.fields}
    return listed.matched, [listed, *(_finding(reader, name, each, nodes[0]) for name, each in selectors.items())]


def _listed(reader: Reader, query: Query, name: str) -> SelectorFinding:
    """Return what a query matches that reads no value: that there are several is the point of it."""
    matched, error = 0, None
    try:
        matched = len(reader.nodes(query))
    except PageError as failure:
        error = said_by(failure)
    return SelectorFinding(
        name=name, query=query, engine=_engine(query), matched=matched, raw=None, value=None, error=error
    )


def _finding(reader: Reader, name: str, selector: Selector, row: Node | None = None) -> SelectorFinding:
    found, value, error = Found(matched=0, raw=None), None, None
    matches: Sequence[Value] = ()
    try:
        found = reader.find(selector, row)
        matches = reader.matches(selector, row, most=SHOWN_MATCHES)
        value = reader.value(name, selector, row=row, where=lambda: "the first row")
    except PageError as failure:
        error = said_by(failure)
    return SelectorFinding(
        name=name,
        query=selector.query,
        regex=selector.regex,
        engine=_engine(selector.query),
        matched=found.matched,
        raw=found.raw,
        value=value,
        error=error,
        matches=tuple(matches),
        note=note(name, selector, found.matched) if found.is_ambiguous else None,
    )


def _engine(query: Query | None) -> str | None:
    if query is None:
        return None
    match query.language:
        case Language.CSS:
            return "turbohtml" if is_native(query.expression) else "Beautiful Soup"
        case Language.JSONPATH:
            return "python-jsonpath"
        case _:
            return "turbohtml"


def _outcome(page: Page, watch: Watch, budget: CpuBudget) -> tuple[Sight, str | None]:
    try:
        return look(page, watch, budget), None
    except PageError as failure:
        return Sight(rows={}), said_by(failure)
