"""
Whether the rows of a list, their keys and their fields are still those that they were.

| odd is                                                                                             |
|----------------------------------------------------------------------------------------------------|
| a field whose column has another header, while another column has the usual one                    |
| a field that is another one in most rows, while what it was is elsewhere in these rows             |
| a field whose element has other names than usual, while another element of each row has these      |
| keys none of which was there before, while those that were are elsewhere in the rows, or outside   |
| rows none of which was there before, in a place that has next to nothing of the usual one          |

So a column that is inserted, taken away or moved is noticed, and a list in which everything is new is not odd.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from turbohtml import Element

from watcher.core.values import Rows, Value, show
from watcher.core.watch import Items, Language, Selector
from watcher.core.witness import LIST, Doubt, FieldWitness, RowWitness
from watcher.core.wording import worded
from watcher.core.words import cut, one_line
from watcher.extract.body import HtmlBody
from watcher.extract.reader import Reader
from watcher.extract.signs import STRANGE, Place, header_mark, header_of, own_marks, share, weighed

KEY = "key"
_SAMPLE = 20
"""So many rows are looked at."""
_MOST_PARTS = 60
"""Of so many elements of a row it is asked what they say."""
_MOST = 0.6
"""Of the rows: when a column moves it moves in all of them, but for those whose neighbours say the same by chance."""
_FEWEST = 2
"""Rows: what one alone shows may be chance."""
_SHOWN_CHARACTERS = 40


class ListVerifier:
    """Checks a list against its witness."""

    def __init__(self, body: HtmlBody, reader: Reader, items: Items) -> None:
        self._body = body
        self._reader = reader
        self._items = items
        nodes = body.select(items.query) if items.query.language in (Language.CSS, Language.XPATH) else ()
        self._all = [node for node in nodes if isinstance(node, Element)]
        self._rows = self._all[:_SAMPLE]

    def witness(self) -> RowWitness | None:
        """Return the witness of the rows as they are now; None where there are none, or they are no elements."""
        if not self._rows:
            return None
        place = Place(self._rows[0]).witness
        fields = {
            name: FieldWitness(header=header_mark(header_of(element)), own=own_marks(element))
            for name, selector in self._selectors().items()
            if (element := self._first(selector)) is not None
        }
        return RowWitness(
            label=place.label, path=place.path, heading=place.heading, own=place.own, above=place.above, fields=fields
        )

    def doubts(self, usual: RowWitness, before: Rows, rows: Rows) -> Iterator[Doubt]:
        """Yield what is odd about the rows. `before`, `rows`: what was believed last, and what is seen now."""
        if not self._rows or before == rows:
            return
        if before and before.keys().isdisjoint(rows) and (doubt := self._of_keys(usual, before, rows)):
            yield doubt
            return
        for name, selector in self._selectors().items():
            witness = usual.fields.get(name)
            if witness is not None and (doubt := self._of_field(name, selector, witness, before, rows)):
                yield doubt

    @property
    def rows(self) -> Sequence[Element]:
        """The rows that are looked at: the first ones."""
        return self._rows

    def field_now(self, name: str, usual: RowWitness, before: Rows) -> tuple[Element, Element] | None:
        """Return a row, and the element of it where a field that is doubted, or the key, is now."""
        witness, selector = usual.fields.get(name, FieldWitness()), self._selectors()[name]
        parts = [(row, part) for row in self._rows for part in _parts(row)]
        under = (pair for pair in parts if witness.header and header_mark(header_of(pair[1])) == witness.header)
        known = {show(row.get(name)) for row in before.values()} if name != KEY else {*before}
        saying = (pair for pair in parts if show(self._reader.value_of(pair[1], selector)) in known - {""})
        named = (pair for pair in parts if witness.own and own_marks(pair[1]) == witness.own)
        return next(under, None) or next(saying, None) or next(named, None)

    def _selectors(self) -> Mapping[str, Selector]:
        return {KEY: self._items.key, **self._items.fields}

    def _first(self, selector: Selector) -> Element | None:
        return next((found for row in self._rows if (found := self._element(selector, row)) is not None), None)

    def _element(self, selector: Selector, row: Element) -> Element | None:
        """Return the element of a row that a selector finds, if it finds one, and that is not the row."""
        if selector.query is None or selector.query.language not in (Language.CSS, Language.XPATH):
            return None
        found = self._body.select(selector.query, row)
        return found[0] if found and isinstance(found[0], Element) and found[0] != row else None

    def _of_keys(self, usual: RowWitness, before: Rows, rows: Rows) -> Doubt | None:
        """Return what is odd about rows none of which was there before."""
        if self._items.key.attr is None:
            known = {plain_text(key) for key in before}
            within = {text for row in self._rows for text in self._texts(row)}
            if len(known & within) >= max(_FEWEST, _MOST * min(len(known), len(self._rows))):
                key = next(iter(rows))
                return self._doubt(
                    KEY,
                    worded(
                        "doubt_keys_beside", "now reads {now}; the keys that it read are beside it", now=_quoted(key)
                    ),
                )
            shown = {plain_text(node.data) for node in self._body.document.texts()}
            if len(known) >= _FEWEST and len(known & shown) >= _MOST * len(known):
                return self._doubt(
                    LIST,
                    worded(
                        "doubt_rows_elsewhere",
                        "{query} now finds other rows; those that it found are elsewhere",
                        query=repr(str(self._items.query)),
                    ),
                )
        if weighed(Place(self._rows[0]).of_rows(usual)) < STRANGE:
            query = repr(str(self._items.query))
            return self._doubt(
                LIST, worded("doubt_other_rows", "{query} now finds other rows, in another place", query=query)
            )
        return None

    def _of_field(self, name: str, selector: Selector, usual: FieldWitness, before: Rows, rows: Rows) -> Doubt | None:
        pairs = [(row, found) for row in self._rows if (found := self._element(selector, row)) is not None]
        if not pairs:
            return None
        if header := self._other_header(usual, pairs[0][1]):
            now, usually = map(_quoted, header)
            return self._doubt(
                name,
                worded("doubt_column", "is now under {now}; {usually} is another column", now=now, usually=usually),
            )
        if name != KEY and (moved := self._moved(name, selector, before, rows)):
            was, now = moved
            return self._doubt(
                name,
                worded("doubt_moved", "now reads {now}; {was}, which it was, is beside it", now=now, was=was),
            )
        if self._has_other_names(usual, pairs):
            text = self._body.document.text_of(pairs[0][1])
            return self._doubt(
                name,
                worded(
                    "doubt_names_beside",
                    "now reads {now}; what has the names of the usual one is beside it",
                    now=_quoted(text),
                ),
            )
        return None

    def _other_header(self, usual: FieldWitness, element: Element) -> tuple[str, str] | None:
        """Return the header of a field's column and the usual one, when that is the header of another column."""
        now = header_of(element)
        table = element.closest("table")
        if not usual.header or table is None or header_mark(now) == usual.header:
            return None
        head = table.select_one("tr")
        cells = islice((one for one in head.children if isinstance(one, Element)), _MOST_PARTS) if head else ()
        return next(((now, one.text) for one in cells if header_mark(one.text) == usual.header), None)

    def _moved(self, name: str, selector: Selector, before: Rows, rows: Rows) -> tuple[str, str] | None:
        """Return what a field was and is, when most rows that were there have another value, and the old one beside."""
        common = [key for key in rows if key in before][:_SAMPLE]
        changed = [key for key in common if rows[key].get(name) != before[key].get(name)]
        if len(changed) < max(_FEWEST, _MOST * len(common)):
            return None
        if len({show(before[key].get(name)) for key in changed}) < _FEWEST:
            return None
        elements = self._by_key()
        beside = [
            key for key in changed if key in elements and self._has(elements[key], selector, before[key].get(name))
        ]
        if len(beside) < max(_FEWEST, _MOST * len(changed)):
            return None
        return _quoted(show(before[beside[0]].get(name))), _quoted(show(rows[beside[0]].get(name)))

    def _by_key(self) -> Mapping[str, Element]:
        found = {}
        for row in self._rows:
            key = self._reader.value_of(
                row if (one := self._element(self._items.key, row)) is None else one, self._items.key
            )
            found[show(key)] = row
        return found

    def _has(self, row: Element, selector: Selector, value: Value) -> bool:
        return value is not None and any(self._reader.value_of(part, selector) == value for part in _parts(row))

    def _has_other_names(self, usual: FieldWitness, pairs: Sequence[tuple[Element, Element]]) -> bool:
        """Return whether most rows have another element with the usual names, and what is found has others."""
        odd = [
            row
            for row, found in pairs
            if (share(usual.own, own_marks(found)) or 0) < _MOST
            and any(own_marks(part) == usual.own for part in _parts(row) if part != found)
        ]
        return len(odd) >= max(1, _MOST * len(pairs))

    def _texts(self, row: Element) -> Iterator[str]:
        return (plain_text(part.text) for part in _parts(row))

    def _doubt(self, name: str, text: str) -> Doubt:
        return Doubt(name=name, text=worded("error_of_value", "{name}: {problem}", name=name, problem=text))


def plain_text(text: str) -> str:
    """Return a text on one line, bounded."""
    return " ".join(text[:400].split())


def _parts(row: Element) -> Iterator[Element]:
    return (part for part in islice(row.descendants, 4 * _MOST_PARTS) if isinstance(part, Element))


def _quoted(text: str) -> str:
    return text if text.startswith("'") else repr(cut(one_line(text), _SHOWN_CHARACTERS))
