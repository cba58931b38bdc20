"""
Where the key and the fields of rows are that stand elsewhere now: at the place that says, in most rows, what was known.

A table that was made of boxes keeps its words and loses its cells, so the selectors within a row find nothing there.
What a field said of each row leads to it, in whatever element it stands now; of what has changed since in most rows,
nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.core.values import Rows, Value, show
from watcher.core.watch import Items, Language, Selector
from watcher.errors import PageError
from watcher.extract.body import HtmlBody
from watcher.extract.reader import Reader
from watcher.extract.row_witness import KEY
from watcher.extract.selector_of import field_selector

_MOST: Final = 0.5
"""Of the rows that say it must be so many."""
_SOUGHT: Final = 4
"""In so many rows it is looked for."""
_MOST_ROWS: Final = 20
_MOST_PARTS: Final = 60


class Found(Struct, frozen=True, kw_only=True):
    """
    Where a field is now.

    Attributes:
        selector: of a part of a row; None where nothing says what was known.
        share: of the rows it says that.
    """

    name: str
    last: str
    selector: str | None = None
    text: str = ""
    share: float = 0.0


def fields_in(
    body: HtmlBody, reader: Reader, items: Items, rows: Mapping[str, Element], before: Rows
) -> Iterator[Found]:
    """
    Yield where the key and those fields are that are not read any more in these rows.

    Args:
        rows: by the key that each had.
    """
    known = {key: row for key, row in islice(rows.items(), _MOST_ROWS) if key in before}
    for name, selector in {KEY: items.key, **items.fields}.items():
        values = {key: key if name == KEY else before[key].get(name) for key in known}
        pairs = [(known[key], value) for key, value in values.items() if show(value)]
        if pairs and selector.query is not None and selector.query.language in (Language.CSS, Language.XPATH):
            field = _Field(body, reader, selector, pairs)
            if not field.is_read:
                yield field.found(name)


class _Field:
    """One field: its selector, and what it said of each row."""

    def __init__(
        self, body: HtmlBody, reader: Reader, selector: Selector, pairs: Sequence[tuple[Element, Value]]
    ) -> None:
        self._body = body
        self._reader = reader
        self._selector = selector
        self._pairs = pairs

    @property
    def is_read(self) -> bool:
        """Whether the selector finds something in most rows."""
        return 2 * sum(self._is_found(row) for row, _ in self._pairs) > len(self._pairs)

    def found(self, name: str) -> Found:
        """Return the place that says in most rows what was known."""
        last = show(self._pairs[0][1])
        tried = {css: self._share(css) for css in self._candidates()}
        best = max(tried, key=lambda css: tried[css], default=None)
        if best is None or tried[best] < _MOST:
            return Found(name=name, last=last)
        part = next(iter(self._body.document.probe(best, self._pairs[0][0])), None)
        text = "" if part is None else self._body.read(part, self._selector) or ""
        return Found(name=name, last=last, selector=best, text=text, share=tried[best])

    def _candidates(self) -> Iterator[str]:
        rows = [row for row, _ in self._pairs]
        for row, value in self._pairs[:_SOUGHT]:
            saying = [part for part in _parts(row) if self._says(part, value)]
            inner = (part for part in saying if not any(part in other.ancestors for other in saying))
            yield from (field_selector(self._body.document, part, row, rows) for part in islice(inner, _SOUGHT))

    def _share(self, css: str) -> float:
        found = ((self._body.document.probe(css, row), value) for row, value in self._pairs)
        return sum(len(parts) == 1 and self._says(parts[0], value) for parts, value in found) / len(self._pairs)

    def _says(self, part: Element, value: Value) -> bool:
        return show(self._reader.value_of(part, self._selector)) == show(value)

    def _is_found(self, row: Element) -> bool:
        assert self._selector.query is not None  # noqa: S101 - others are left out before
        try:
            return bool(self._body.select(self._selector.query, row))
        except PageError:
            return False


def _parts(row: Element) -> Sequence[Element]:
    return [part for part in islice(row.descendants, 4 * _MOST_PARTS) if isinstance(part, Element)][:_MOST_PARTS]
