"""
A CSS selector for an element of a page: unique, short, and made of what is likely to stay.

| first to last | for example |
|---|---|
| an id, or what an attribute says the element is | `#price`, `[itemprop="price"]`, `[data-testid="price"]` |
| a class, or the part of one that people gave | `.product-price`, `[class*="Price_value__"]` |
| two of these, or the tag and one | `span.price`, `.price.total` |
| one within another, beside another, or with another in it | `#offer .price`, `.label + dd`, `tr:has(.stock) td` |
| a place in a row, counted from the nearest element with a name | `#specs tr:nth-of-type(2) td` |

What a machine made (`lasting.py`) is never used, nor what the element itself says: its text, or an attribute that holds
its value. So a selector with `:nth-` in it says that the page offers nothing better.

What is tried is asked of turbohtml itself: all of it is plain, and what pages say stays in no cache.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from turbohtml import Element

from watcher.extract.document import Document
from watcher.extract.lasting import is_lasting, stem_of
from watcher.extract.selectors import as_native

_MOST_ANCESTORS = 12
_MOST_COMPOUNDS = 12
_MOST_PARTS = 4
_MOST_COMPARED = 3_000
"""Where more elements match, comparing them takes longer than it is worth."""
_MOST_TRIED = 250
_MOST_WORK = 40_000
_PER_CHAR = 0.04

_KIND_ATTRIBUTES = (
    *("itemprop", "data-testid", "data-test", "data-test-id", "data-qa", "data-cy", "data-role", "data-hook"),
    *(
        "data-component",
        "data-element",
        "data-field",
        "data-name",
        "data-type",
        "data-section",
        "data-block",
        "data-ui",
    ),
    *("name", "property", "role", "rel", "for", "aria-label", "aria-labelledby", "aria-controls"),
)
"""They say what an element is; in this order."""
_ROOTS = frozenset({"html", "body", "head"})
_TELLING = frozenset(
    {"main", "article", "h1", "table", "form", "nav", "header", "footer", "aside", "time", "dl", "address"}
)
_GENERIC = frozenset(
    re.findall(
        r"\S+",
        """
    container wrapper wrap inner outer content contents box block item items section main body page root
    component module widget field group cell view panel list card header footer text title label value link
    links button btn icon image img media info detail details data row col column grid area element el node part
    entry holder region layout
    """,
    )
)
_TAG = re.compile(r"[a-z][a-z0-9-]*")
_DATA_NAME = re.compile(r"data-[a-z][a-z-]*")


class _Part(Struct, frozen=True):
    """One simple selector, or several, of one element; what it costs grows with how soon it may die."""

    css: str
    cost: float


def selector_of(document: Document, element: Element, within: Element | None = None) -> str:
    """
    Return a CSS selector that finds this element alone, on the page or within a row.

    Args:
        within: a row that the element lies in; the selector is one of a field, relative to the row.

    Raises:
        ValueError: the element does not lie within the row.
    """
    return next(_Search(document, element, within).found())


def field_selector(document: Document, element: Element, row: Element, rows: Sequence[Element]) -> str:
    """
    Return a selector that finds this element alone in its row, and one element in as many others as possible.

    Args:
        rows: all, or some; 50 of them are looked at.

    Raises:
        ValueError: the element does not lie within the row.
    """
    others = list(islice((one for one in rows if one != row), _MOST_ROWS))
    found = list(islice(_Search(document, element, row).found(), _MOST_FIELDS))
    return max(found, key=lambda css: sum(len(document.select(css, one)) == 1 for one in others))


_MOST_ROWS = 50
_MOST_FIELDS = 12


class _Search:
    """Seeks selectors of one element, the most lasting first."""

    def __init__(self, document: Document, element: Element, within: Element | None) -> None:
        self._document = document
        self._element = element
        self._within = within
        self._chain = list(_chain(element, within))
        self._work = _MOST_WORK

    def found(self) -> Iterator[str]:
        """Yield selectors that find it alone, the best first, and at last one by places alone."""
        named = sorted(self._named(), key=_rank)
        yield from (part.css for part in named)
        yield from (css for css in self._placed() if self._finds(css))

    def _named(self) -> Iterator[_Part]:
        compounds = sorted(_compounds(self._element), key=_rank)[:_MOST_COMPOUNDS]
        tried = _MOST_TRIED
        best = None
        for compound in compounds:
            others = self._others(compound.css)
            if others is None:
                continue
            if not others:
                yield compound
                best = min(best or compound.cost, compound.cost)
                continue
            for candidate in sorted(self._anchored(compound), key=_rank):
                if (best is not None and candidate.cost > best) or not tried:
                    break
                tried -= 1
                if self._is_alone(candidate.css, others):
                    yield candidate
                    best = min(best or candidate.cost, candidate.cost)

    def _anchored(self, compound: _Part) -> Iterator[_Part]:
        """Yield this compound behind each name of what it lies in, and of what stands before it."""
        for sibling, combinator in _before(self._element):
            for part in islice(_names(sibling), _MOST_PARTS):
                yield _Part(f"{part.css} {combinator} {compound.css}", part.cost + compound.cost + 1)
        for above in self._chain[1:]:
            for part in islice(_names(above), _MOST_PARTS):
                yield _Part(f"{part.css} {compound.css}", part.cost + compound.cost)

    def _others(self, css: str) -> Sequence[Element] | None:
        """Return the other elements that match; None when too many do."""
        found = self._document.probe(css, self._within)
        self._work -= 1
        if len(found) > _MOST_COMPARED:
            return None
        return [one for one in found if one is not self._element]

    def _finds(self, css: str) -> bool:
        return list(self._document.probe(css, self._within)) == [self._element]

    def _is_alone(self, css: str, others: Iterable[Element]) -> bool:
        """Return whether none of the others matches."""
        native = as_native(css)
        for other in others:
            self._work -= 1
            if self._work < 0 or other.matches(native):
                return False
        return True

    def _placed(self) -> Iterator[str]:
        """Yield selectors by its place: from the nearest element that has a name, and from the root."""
        steps: list[str] = []
        for one in self._chain:
            if steps and (name := self._own_name(one)):
                yield f"{name} > {' > '.join(steps)}"
                break
            steps.insert(0, _step(one))
        yield " > ".join(map(_step, reversed(self._chain)))
        places = [_place(one) for one in reversed(self._chain)]
        top = ":scope" if self._within is not None else f"{places.pop(0)}:not(* > *)"
        yield " > ".join((top, *places))

    def _own_name(self, one: Element) -> str | None:
        """Return what finds this ancestor alone, by names."""
        if self._within is None and one.tag == "body":
            return "body"
        search = _Search(self._document, one, self._within)
        for part in islice(_names(one), _MOST_PARTS):
            if search._others(part.css) == []:
                return part.css
        return None


def _rank(part: _Part) -> float:
    return part.cost + _PER_CHAR * len(part.css)


def _chain(element: Element, within: Element | None) -> Iterator[Element]:
    """Yield the element and what it lies in, up to the row or to the page."""
    yield element
    for one in element.ancestors:
        if one == within:
            return
        if isinstance(one, Element):
            yield one
    if within is not None:
        raise ValueError("the element does not lie within the row")


def _before(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield up to three elements that stand before it in the same parent, with the combinator."""
    siblings = (one for one in element.previous_siblings if isinstance(one, Element))
    for place, one in enumerate(islice(siblings, 3)):
        yield one, "~" if place else "+"


def _compounds(element: Element) -> Iterator[_Part]:
    """Yield what may stand for the element itself: a name, two, one with the tag, the tag."""
    names = list(islice(_names(element), 6))
    yield from names
    tag = _tag(element)
    if tag:
        yield tag
        yield from (_Part(f"{tag.css}{name.css}", name.cost + 1) for name in names if not name.css.startswith(tag.css))
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            if one.css[0] != "#" and not other.css[0].isalpha():
                yield _Part(one.css + other.css, one.cost + other.cost)


def _names(element: Element) -> Iterator[_Part]:
    """Yield its names that are likely to stay, each as a selector, the best first."""
    if element.tag in _ROOTS:
        return
    name = element.attr("id")
    if name and is_lasting(name):
        yield _Part(f"#{name}", 1)
    for attribute in _KIND_ATTRIBUTES:
        value = element.attr(attribute)
        if value and is_lasting(value):
            yield _Part(f'[{attribute}="{value}"]', 1.5)
    if element.tag in _TELLING or "-" in element.tag:
        tag = _tag(element)
        if tag:
            yield _Part(tag.css, 2)
    names = dict.fromkeys((element.attr("class") or "").split())
    yield from sorted(map(_class, filter(is_lasting, islice(names, 30))), key=_rank)
    if name and (stem := stem_of(name)):
        yield _Part(f'[id*="{stem}"]', 4)
    for each in islice(names, 30):
        if stem := stem_of(each):
            yield _Part(f'[class*="{stem}"]', 4)


def _class(name: str) -> _Part:
    return _Part(f".{name}", 4 if name.lower() in _GENERIC else 2)


def _tag(element: Element) -> _Part | None:
    return _Part(element.tag, 5) if _TAG.fullmatch(element.tag) else None


def _step(element: Element) -> str:
    """Return the element's step in a path of children, with its place where there are several of its kind."""
    kind = element.tag if _TAG.fullmatch(element.tag) else ""
    before = sum(_counts(one, kind) for one in element.previous_siblings)
    if not before and not any(_counts(one, kind) for one in element.next_siblings):
        return kind or ":only-child"
    return f"{kind}:nth-of-type({before + 1})" if kind else f":nth-child({before + 1})"


def _place(element: Element) -> str:
    """Return the element's place among its siblings: where nothing else tells it apart."""
    return f":nth-child({1 + sum(isinstance(one, Element) for one in element.previous_siblings)})"


def _counts(one: object, kind: str) -> bool:
    return isinstance(one, Element) and (not kind or one.tag == kind)
