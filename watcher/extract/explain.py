"""Why a page reads as it does: for `watcher try`, and for people who write selectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from turbohtml import Element

from watcher.core.page import Page
from watcher.core.values import Row, Rows, Value
from watcher.core.watch import Extraction, Query, Selector, Values, Watch
from watcher.errors import PageError
from watcher.extract.body import open_body
from watcher.extract.charset import decode
from watcher.extract.observe import look
from watcher.extract.reader import MAX_ROWS, Found, Reader
from watcher.extract.selectors import is_native

SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    What one selector found on the page, or in the first row.

    Attributes:
        engine: `turbohtml` or `Beautiful Soup`; None for the text of the whole page or row.
        matched: the number of elements; the first is read.
        raw: its text or attribute before it was given a type; None when there is none.
        value: None as well when there is an `error`.
        error: one line, with advice.
    """

    name: str
    query: Query | None
    engine: str | None
    matched: int
    raw: str | None
    value: Value
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """
    How a page was read.

    Attributes:
        encoding, why: its encoding, and who said so.
        findings: for a list: the list itself (as `items`), then key and fields in its first row.
        row_count: of a list, before `where`; None for single values.
        rows: the first SHOWN_ROWS rows of interest by key, or the single values under `SINGLE`.
        error: why the check would fail, when it would; None when all is well.
    """

    encoding: str
    why: str
    findings: tuple[Finding, ...]
    row_count: int | None
    rows: Mapping[str, Row]
    error: str | None


def explain(page: Page, watch: Watch) -> Explanation:
    """
    Return how the page is read. What would fail the check is told, not raised.

    Raises:
        BodyError: the body is binary, or in an encoding that does not exist.
    """
    decoded = decode(page)
    reader = Reader(open_body(page), page.url)
    row_count, findings = _findings(reader, watch.extraction)
    rows, error = _outcome(page, watch)
    return Explanation(
        encoding=decoded.encoding,
        why=decoded.why,
        findings=tuple(findings),
        row_count=row_count,
        rows=dict(islice(rows.items(), SHOWN_ROWS)),
        error=error,
    )


def _findings(reader: Reader, extraction: Extraction) -> tuple[int | None, list[Finding]]:
    """Return the number of a list's rows and what each selector found."""
    if isinstance(extraction, Values):
        return None, [_finding(reader, name, selector) for name, selector in extraction.selectors.items()]
    listed = _finding(reader, "items", Selector(query=extraction.query))
    if not 0 < listed.matched <= MAX_ROWS:
        return listed.matched, [listed]
    first = reader.row_elements(extraction)[0]
    selectors = {"key": extraction.key, **extraction.fields}
    return listed.matched, [listed, *(_finding(reader, name, each, first) for name, each in selectors.items())]


def _finding(reader: Reader, name: str, selector: Selector, row: Element | None = None) -> Finding:
    found, value, error = Found(matched=0, raw=None), None, None
    try:
        found = reader.find(selector, row)
        value = reader.value(name, selector, row=row, where="the page" if row is None else "the first row")
    except PageError as failure:
        error = str(failure)
    query = selector.query
    engine = None if query is None else "turbohtml" if is_native(query.expression) else "Beautiful Soup"
    return Finding(
        name=name,
        query=query,
        engine=engine,
        matched=found.matched,
        raw=found.raw,
        value=value,
        error=error,
    )


def _outcome(page: Page, watch: Watch) -> tuple[Rows, str | None]:
    """Return the rows that a check would see, or why it would fail."""
    try:
        return look(page, watch).rows, None
    except PageError as failure:
        return {}, str(failure)
