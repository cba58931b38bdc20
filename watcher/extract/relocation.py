"""
Where a value that a watch lost may stand now: the places of a page that are most like that of its witness.

Every element that says something itself is looked at, whatever its tag: redesigns change tags and classes, and leave
the words. Of a value's type it must be. What the value was counts as well: a price is near its last one, and a date is
written as before. For the rows of a list, the elements that say the keys of its rows lead to where they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.page_profile import Usual
from watcher.core.proposal import LEAST, MOST_PLACES, NewPlace, Proposal
from watcher.core.values import Rows, Value, ValueType, show
from watcher.core.watch import Items, Values, Watch
from watcher.core.witness import LIST, RowWitness, Witness, unpacked
from watcher.core.words import cut, one_line
from watcher.errors import PageError, SlowPageError
from watcher.extract.body import HtmlBody, JsonBody, open_body
from watcher.extract.field_relocation import Found, fields_in
from watcher.extract.json_places import json_proposals
from watcher.extract.labels import HEADINGS, after_labels
from watcher.extract.lasting import is_lasting
from watcher.extract.reader import Reader
from watcher.extract.row_witness import KEY, ListVerifier
from watcher.extract.selector_of import field_selector, selector_of
from watcher.extract.signs import Place, closeness, own_marks, share, weighed
from watcher.extract.witness import (
    Observed,
    is_counted,
    is_telling,
    is_within,
    judged,
    match_of,
    moved_from,
    observed_of,
    stands_once,
    tells_rows,
)

_MOST_ELEMENTS = 4_000
_MOST_PLACES = 120
_MOST_LABELLED = 20
_MOST_KEYS = 30
_LONGEST = 1_000
_SHOWN_CHARACTERS = 60
_MOST_SELECTOR_CHARACTERS = 300
"""Nobody writes more of a selector into a file; a page decides how long one of its places is."""
_DEEPEST = 60
"""Rows that are in so many elements are on no page that people read, and a selector of them takes seconds."""
_OF_MEANT = 0.75
"""So much of what is lacking is made up for where one of several that look alike says what the usual one said …"""
_LIKE_ROW = 0.5
"""… and its row so much of what the row of that one said."""
_OF_OTHERS = 0.5
"""So much remains of the scores where the likest place says something else altogether: the thing may be gone."""
_KIN = 0.3
"""So much of the words of a text makes another one an edit of it."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_NEAR = 20
_NUMERIC = frozenset({ValueType.MONEY, ValueType.INTEGER, ValueType.NUMBER, ValueType.DATE})
_STRUCK = frozenset({"del", "s", "strike"})
_DIGIT = re.compile(r"\d")


def proposals(page: Page, watch: Watch, usual: Usual, budget: CpuBudget) -> tuple[Proposal, ...]:
    """
    Return, for each value that was not found or is not believed, where it may stand now.

    Args:
        usual: what is known of the page: what was believed last, and the witnesses.

    Raises:
        SlowPageError: it takes longer than the budget allows.
        PageError: a selector does not fit the page.
    """
    body = open_body(page, watch.scope)
    reader = Reader(body, page.url, budget)
    if isinstance(body, JsonBody) and isinstance(watch.extraction, Values):
        return tuple(json_proposals(body, reader, watch.extraction, usual))
    if not isinstance(body, HtmlBody):
        return ()
    if isinstance(watch.extraction, Items):
        return tuple(_of_list(body, reader, watch.extraction, unpacked(usual.witnesses).get(LIST), usual.rows))
    return tuple(_of_values(body, reader, watch.extraction, usual))


def _of_values(body: HtmlBody, reader: Reader, values: Values, usual: Usual) -> Iterator[Proposal]:
    """Yield where the single values may stand that are lost."""
    for name, selector in values.selectors.items():
        known = unpacked(usual.witnesses).get(name)
        if not isinstance(known, Witness):
            continue
        match = match_of(reader, selector, is_known=True)
        now = None if match is None else reader.value_of(match.element, selector)
        observed = observed_of(name, selector, usual, now)
        if match is None or now is None or judged(body, reader, observed, known, match)[1]:
            has_moved = match is not None and moved_from(body, reader, observed, known, match)
            refused = match.element if match is not None and has_moved else None
            yield _Search(body, reader, observed, known, refused).proposal()


class _Search:
    """Seeks one value."""

    def __init__(
        self, body: HtmlBody, reader: Reader, observed: Observed, usual: Witness, refused: Element | None
    ) -> None:
        """`refused`: what the selector finds now, where another row has come there."""
        self._body = body
        self._refused = refused
        self._reader = reader
        self._name = observed.name
        self._selector = observed.selector
        self._last = observed.then
        self._usual = usual

    def proposal(self) -> Proposal:
        """Return where the value may stand."""
        document = self._body.document
        return Proposal(
            name=self._name,
            label=self._usual.label.text if self._usual.label else self._usual.header,
            last="" if self._last is None else _shown(show(self._last)),
            places=_sayable(
                NewPlace(
                    selector=selector_of(document, element),
                    text=_shown(self._body.read(element, self._selector) or ""),
                    score=score,
                )
                for score, element in self._ranked()
            ),
        )

    def _ranked(self) -> Sequence[tuple[float, Element]]:
        """Return the best places with their scores; of those within one another, one."""
        scored: list[tuple[float, Element, Value]] = []
        for element in self._likely():
            if self._reader.budget.is_spent:
                raise SlowPageError("the page takes too long to look for what is lost")
            value = self._reader.value_of(element, self._selector)
            if value is not None and (score := self._score(element, value)) >= LEAST:
                scored.append((score, element, value))
        scored.sort(key=lambda each: -each[0])
        best: list[tuple[float, Element, Value]] = []
        same = [element for _, element, value in scored if value == self._last][:MOST_PLACES]
        for score, element, value in scored:
            is_box = value != self._last and any(is_within(one, element) for one in same)
            if not is_box and not any(is_within(element, other) or is_within(other, element) for _, other, _ in best):
                best.append((score, element, value))
            if len(best) == MOST_PLACES:
                break
        sure = 1.0 if not best or _is_kin(self._last, best[0][2]) else _OF_OTHERS
        return [(sure * score, element) for score, element, _ in best]

    def _score(self, element: Element, value: Value) -> float:
        place = Place(element)
        signs = {**place.signs(self._usual), "value": closeness(self._last, value)}
        row = share(self._usual.row, place.row) if tells_rows(self._selector) else None
        if tells_rows(self._selector) and (self._is_of_cell or place.witness.own == self._usual.own):
            signs["row"] = row
        score = weighed(signs)
        if value != self._last or not is_telling(value):
            return score
        if is_counted(self._selector):
            is_meant = not self._usual.copies and (row is None or row >= _LIKE_ROW)
        else:
            is_meant = not self._is_of_cell and stands_once(self._body.document, show(value))
        return score + _OF_MEANT * (1 - score) if is_meant else score

    @property
    def _is_of_cell(self) -> bool:
        """Whether the value stood in a cell of a table, which may be made of other elements now."""
        return not {"td", "th"}.isdisjoint(self._usual.path.split(">"))

    def _likely(self) -> Sequence[Element]:
        """Return the elements to look at closely: those after the label, and those that are likest at a glance."""
        labelled = (
            islice(after_labels(self._body.document, self._usual.label), _MOST_LABELLED) if self._usual.label else ()
        )
        ranked = sorted(islice(self._speaking(), _MOST_ELEMENTS), key=self._glance, reverse=True)
        found = dict.fromkeys([*labelled, *(element for element, _ in ranked[:_MOST_PLACES])])
        return [one for one in found if one != self._refused and len(one.text) <= _LONGEST and self._may_be(one)]

    def _may_be(self, element: Element) -> bool:
        """Return whether an element is no more than a value, and not struck through where the value was not."""
        return not _is_section(element) and (self._was_struck or not _is_struck(element))

    @property
    def _was_struck(self) -> bool:
        return not _STRUCK.isdisjoint(self._usual.path.split(">"))

    def _glance(self, speaking: tuple[Element, str]) -> float:
        element, text = speaking
        last = "" if self._last is None else show(self._last)
        is_same = bool(last) and last in text
        return (share(self._usual.own, own_marks(element)) or 0) + is_same + 0.5 * (element.tag == self._usual.tag)

    def _speaking(self) -> Iterator[tuple[Element, str]]:
        """Yield the elements that say something themselves, and what may be a value of this type, and the text."""
        if attribute := self._selector.attr:
            yield from ((one, value) for one in self._body.elements() if (value := one.attr(attribute)) is not None)
            return
        is_numeric = self._selector.type in _NUMERIC
        for node in self._body.document.texts():
            element = node.parent
            text = node.data[:_LONGEST]
            if isinstance(element, Element) and text.strip() and (not is_numeric or _DIGIT.search(text)):
                yield element, text
                if is_numeric and isinstance(above := element.parent, Element):
                    yield above, text  # `<span>39</span><sup>99</sup>`


def _is_section(element: Element) -> bool:
    """Return whether an element is more than a value: it has a heading in it, and the value behind."""
    return any(isinstance(one, Element) and one.tag in HEADINGS for one in islice(element.descendants, _NEAR))


def _is_struck(element: Element) -> bool:
    """Return whether an element is struck through: the price before, a date that no longer holds."""
    return element.tag in _STRUCK or any(isinstance(one, Element) and one.tag in _STRUCK for one in element.ancestors)


def _of_list(
    body: HtmlBody, reader: Reader, items: Items, usual: Witness | RowWitness | None, before: Rows
) -> Iterator[Proposal]:
    """Yield where the rows of a list may stand, if these are lost, or else those of its fields that are."""
    if not isinstance(usual, RowWitness) or not before:
        return
    verifier = ListVerifier(body, reader, items)
    try:
        rows = reader.listing(items, reader.row_nodes(items)).rows
        lost = [doubt.name for doubt in verifier.doubts(usual, before, rows)]
    except SlowPageError:
        raise
    except PageError:  # there are none, or they have no keys
        lost = [LIST]
    if LIST in lost:
        yield from _of_rows(body, reader, items, usual, before)
        return
    for name in lost:
        found = verifier.field_now(name, usual, before)
        places = _sayable(
            NewPlace(
                selector=field_selector(body.document, part, row, verifier.rows),
                text=_shown(body.document.text_of(part)),
                score=1.0,
            )
            for row, part in ([found] if found else [])
        )
        last = next(iter(before)) if name == KEY else show(next(iter(before.values())).get(name))
        yield Proposal(name=name, label="", last=_shown(last), places=places)


def _of_rows(body: HtmlBody, reader: Reader, items: Items, usual: RowWitness, before: Rows) -> Iterator[Proposal]:
    """Yield where the rows of a list may stand, around the elements that say its keys; and where their fields are."""
    keys = {" ".join(key.split()): key for key in islice(before, _MOST_KEYS)}
    found = _saying(body, items, {*keys})
    rows = _rows_around(list(found.values()))
    selector = _selector_of_rows(body, rows) if len(rows) > 1 else None
    places = _sayable(
        NewPlace(selector=each, text=_shown(body.document.text_of(rows[0])), score=len(found) / len(keys))
        for each in ([selector] if selector else [])
    )
    label = usual.label.text if usual.label else ""
    yield Proposal(name=LIST, label=label, last=_shown(", ".join(islice(before, 3))), places=places)
    if places:
        by_key = {keys[said]: row for said, element in found.items() if (row := _row_of(element, rows)) is not None}
        yield from map(_of_field, fields_in(body, reader, items, by_key, before))


def _row_of(element: Element, rows: Sequence[Element]) -> Element | None:
    return next((one for one in (element, *element.ancestors) if isinstance(one, Element) and one in rows), None)


def _of_field(found: Found) -> Proposal:
    selectors = () if found.selector is None else (found.selector,)
    places = _sayable(NewPlace(selector=each, text=_shown(found.text), score=found.share) for each in selectors)
    return Proposal(name=found.name, label="", last=_shown(found.last), places=places)


def _sayable(places: Iterable[NewPlace]) -> tuple[NewPlace, ...]:
    """Return the places whose selectors can be written down."""
    return tuple(each for each in places if len(each.selector) <= _MOST_SELECTOR_CHARACTERS)


def _saying(body: HtmlBody, items: Items, keys: set[str]) -> Mapping[str, Element]:
    """Return key → the first element that says it, by its text or by the attribute that is read."""
    found: dict[str, Element] = {}
    if items.key.attr:
        for element in body.elements():
            value = element.attr(items.key.attr)
            if value is not None and value in keys:
                found.setdefault(value, element)
        return found
    for node in body.document.texts():
        text = " ".join(node.data[:_LONGEST].split())
        if text in keys and isinstance(node.parent, Element):
            found.setdefault(text, node.parent)
    return found


def _rows_around(elements: Sequence[Element]) -> Sequence[Element]:
    """Return the elements, one around each of these, that stand side by side."""
    parents: Counter[Element] = Counter()
    chains = [[one, *(each for each in one.ancestors if isinstance(each, Element))] for one in elements]
    for chain in chains:
        parents.update(chain[1:])
    common = next((one for one in (chains[0][1:] if chains else ()) if parents[one] * 2 > len(chains)), None)
    rows = (next((one for one in chain if one.parent == common), None) for chain in chains)
    return list(dict.fromkeys(row for row in rows if row is not None)) if common is not None else []


def _selector_of_rows(body: HtmlBody, rows: Sequence[Element]) -> str | None:
    """Return a selector that finds these rows, and what stands beside them with the same tag."""
    parent, tag = rows[0].parent, Counter(row.tag for row in rows).most_common(1)[0][0]
    if not isinstance(parent, Element) or len(list(islice(parent.ancestors, _DEEPEST))) == _DEEPEST:
        return None
    place = f"{selector_of(body.document, parent)} > {tag}"
    shared = set.intersection(*(set((row.attr("class") or "")[:_LONGEST].split()) for row in rows))
    tried = [place, *(f"{place}.{name}" for name in sorted(shared) if is_lasting(name))]
    return min(tried, key=lambda css: (len(body.document.select(css)), len(css)))


def _is_kin(last: Value, now: Value) -> bool:
    """Return whether a text may be the last one after an edit; of what is no telling text, that is not asked."""
    if not isinstance(last, str) or not isinstance(now, str) or not is_telling(last):
        return True
    words, others = ({*_WORD.findall(text[:_LONGEST].casefold())} for text in (last, now))
    return last == now or len(words & others) >= _KIN * len(words)


def _shown(text: str) -> str:
    return cut(one_line(text), _SHOWN_CHARACTERS)
