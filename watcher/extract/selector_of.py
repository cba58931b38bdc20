"""
A CSS selector for an element of a page: unique, short, and made of what is likely to stay.

| first to last | for example |
|---|---|
| a name: an id, what an attribute says it is, a class (`element_names.py`) | `#price`, `[itemprop="price"]` |
| two of these, or the tag and one | `.price.total`, `span.price` |
| within another name, beside one, or in what has one in it | `#offer .price`, `.label + dd`, `tr:has(.stock) td` |
| a place, counted from the nearest element that has a name | `#specs tr:nth-of-type(2) td:nth-of-type(1)` |

What a machine made (`lasting.py`) is never used, nor what the element itself says: its text, or an attribute that may
hold its value. A selector with `:nth-` in it says by this that the page offers nothing better.

What is tried is asked of turbohtml itself, for all of it is plain, and of few elements: those that one simple selector
finds as well are compared with the rest of it. So it takes a few milliseconds on a page of 500 KB, and on any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import islice, zip_longest
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.document import Document
from watcher.extract.element_names import PER_CHAR, Part, names_of, tag_of
from watcher.extract.element_places import Path, Places, place_of
from watcher.extract.selectors import as_native

_MOST_CONTEXTS: Final = 40
_MOST_ANCESTORS: Final = 16
_MOST_SIBLINGS: Final = 3
_MOST_INNER: Final = 24
"""So many elements of a row are looked at for a name that tells it from the others."""
_MOST_COMPARED: Final = 3_000
"""Where one name finds more, comparing these takes longer than it is worth."""
_MOST_WORK: Final = 20_000
"""So many elements are compared in all; it takes some 5 ms."""
_MOST_PAIRED: Final = 12
_MOST_ANCHORS: Final = 8
_DISTANCE_COST: Final = 0.7
"""Of each level between what is counted and what it is counted in."""
_CROWD: Final = 25
_MOST_CROWD: Final = 4.0
_MOST_ROWS: Final = 50
_MOST_FIELDS: Final = 12
_ENOUGH: Final = 0.9
"""A selector that lasts longer is taken where it finds nearly as many fields as the one that finds most."""
_ROWS: Final = frozenset({"tr", "li", "dl", "article", "section", "tbody", "fieldset"})
"""Told apart by what is in them."""


def selector_of(document: Document, element: Element, within: Element | None = None) -> str:
    """
    Return a CSS selector that finds this element alone, on the page or within a row.

    It holds for the page as it is, by the semantics of `Document.select`. With `:nth-` in it, it counts places: the
    page has nothing that would last longer.

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
        rows: those of the list; 50 of them are looked at.

    Raises:
        ValueError: the element does not lie within the row.
    """
    others = [one for one in rows[: _MOST_ROWS + 1] if one != row]
    found = list(islice(_Search(document, element, row).found(), _MOST_FIELDS))
    hits = [sum(_is_one(document.probe(css, one), element) for one in others) for css in found]
    return next(css for css, count in zip(found, hits, strict=True) if count >= _ENOUGH * max(hits))


def _is_one(found: Sequence[Element], element: Element) -> bool:
    return len(found) == 1 and found[0].tag == element.tag


class _Qualifier(Struct, frozen=True):
    """
    What is put around a name, so that it finds less.

    Attributes:
        context: what stands before it, with its combinator: `#offer `, `.label + `.
        tag: of the element itself.
        further: another name of the element itself.
    """

    cost: float
    context: str = ""
    tag: str = ""
    further: str = ""

    def of(self, name: Part) -> Part:
        return Part(f"{self.context}{self.tag}{name.css}{self.further}", self.cost + name.cost)

    def and_then(self, inner: _Qualifier) -> _Qualifier:
        return _Qualifier(
            cost=self.cost + inner.cost,
            context=self.context + inner.context,
            tag=self.tag or inner.tag,
            further=self.further + inner.further,
        )


class _Search:
    """Seeks selectors of one element, those that last longest first."""

    def __init__(
        self, document: Document, element: Element, within: Element | None, *, is_anchor: bool = False
    ) -> None:
        """
        Args:
            is_anchor: another element is to be found from this one: less is tried.
        """
        self._document = document
        self._element = element
        self._within = within
        self._chain = list(_chain(element, within))
        self._places = Places(in_row=within is not None)
        self._is_anchor = is_anchor
        self._work = _MOST_WORK // (_MOST_ANCHORS if is_anchor else 1)

    def found(self) -> Iterator[str]:
        """Yield selectors that find it alone, the best first, and at last by places."""
        yield from (part.css for part in self.named())
        yield from filter(self._finds, self._placed())

    def named(self) -> Iterator[Part]:
        """Yield those without places, the best first."""
        streams = [self._qualified(name, place) for place, name in enumerate(self._names)]
        for candidate, others in merge(*streams, key=lambda pair: pair[0].rank):
            if self._is_alone(candidate, others):
                yield candidate
        if not self._is_anchor:
            for name in self._names:
                yield from self._doubly_qualified(name)

    @cached_property
    def _names(self) -> list[Part]:
        tag = tag_of(self._element)
        names = names_of(self._element, is_target=not self._is_anchor)
        return [*names, tag] if tag and tag not in names else names

    @cached_property
    def _contexts(self) -> list[_Qualifier]:
        found = _contexts(self._chain)
        return sorted(found, key=_order)[:_MOST_CONTEXTS]

    def _qualified(self, name: Part, place: int) -> Iterator[tuple[Part, Sequence[Element]]]:
        """Yield a name, alone and with each qualifier, the best first, and the other elements that the name finds."""
        others = self._others(name)
        if others is None:
            return
        yield name, others
        for qualifier in self._qualifiers(name, place, others) if others else ():
            yield qualifier.of(name), others

    def _qualifiers(self, name: Part, place: int, others: Sequence[Element]) -> list[_Qualifier]:
        """Return what may tell the element from the nearest other one, the best first."""
        found = list(self._contexts)
        if name.css != self._element.tag:
            further = [Part(each.css, each.cost) for each in self._names[place + 1 :] if each.css[0] in ".["]
            found += [_Qualifier(each.cost, further=each.css) for each in further]
            tag = tag_of(self._element)
            found += [_Qualifier(0.7, tag=tag.css)] if tag else []
        return sorted((each for each in found if self._is_alone(each.of(name), others[:1])), key=_order)

    def _doubly_qualified(self, name: Part) -> Iterator[Part]:
        """Yield a name with two contexts, one of which tells the element from the nearest other one."""
        others = self._others(name)
        if not others:
            return
        telling = [each for each in self._contexts if self._is_alone(each.of(name), others[:1])][:_MOST_PAIRED]
        for one in telling:
            for other in self._contexts[:_MOST_PAIRED]:
                for pair in (one.and_then(other), other.and_then(one)) if one != other else ():
                    candidate = pair.of(name)
                    if self._is_alone(candidate, others) and self._element.matches(as_native(candidate.css)):
                        yield candidate

    def _others(self, name: Part) -> Sequence[Element] | None:
        """Return what else a name finds, the nearest first; None where that is too much."""
        if name.css not in self._found_by:
            found = self._document.probe(name.css, self._within)
            self._found_by[name.css] = None if len(found) > _MOST_COMPARED else _nearest_first(found, self._element)
        return self._found_by[name.css]

    @cached_property
    def _found_by(self) -> dict[str, Sequence[Element] | None]:
        return {}

    def _is_alone(self, candidate: Part, others: Iterable[Element]) -> bool:
        """Return whether none of the others matches."""
        native = as_native(candidate.css)
        for other in others:
            self._work -= 1
            if self._work < 0 or other.matches(native):
                return False
        return True

    def _finds(self, css: str) -> bool:
        return list(self._document.probe(css, self._within)) == [self._element]

    def _placed(self) -> Iterator[str]:
        """Yield selectors with places, counted from an element with a name of its own, and from the root."""
        chain = self._chain if self._within is None else [*self._chain, self._within]
        shorts = [short for short in [*names_of(self._element, is_target=True)[:2], tag_of(self._element)] if short]
        paths = [self._places.short_paths(short, chain) for short in shorts]
        by_level = list(zip_longest(*paths, self._places.child_paths(chain)))
        yield from (part.css for part in sorted(self._anchored(by_level), key=_rank))
        yield self._from_root()

    def _anchored(self, by_level: Sequence[Sequence[Path | None]]) -> Iterator[Part]:
        """Yield paths from near elements with names of their own, from those beside them, and from the root."""
        for depth, one in enumerate(self._chain[: _MOST_ANCHORS + 1]):
            paths = [path for path in by_level[depth - 1] if path] if depth else []
            if paths and one.tag != "body" and (name := self._name_of(one)):
                yield from (_joined(name, " ", path) for path in paths)
            for sibling, _ in _before(one):
                if name := self._single_name(sibling):
                    step = self._places.named_step(one)
                    beside = [_joined(step, " ", path) for path in paths if path.css[0] != ">"] if depth else [step]
                    yield from (Part(f"{name.css} ~ {each.css}", name.cost + each.cost) for each in beside)
        top = Part(":scope", 1) if self._within is not None else Part(self._chain[-1].tag, self._crowd())
        for path in by_level[-1] if by_level else ():
            if path:
                yield Part(f"{top.css} {path.css}", top.cost + path.cost)
                if path.css[0] != ">":
                    yield Part(path.css, path.cost + (0 if self._within is not None else top.cost))

    def _crowd(self) -> float:
        """Return what it costs to count from nothing: the more elements of its tag there are, the sooner one comes."""
        tag = tag_of(self._element)
        return min(_MOST_CROWD, len(self._document.probe(tag.css)) / _CROWD) if tag else _MOST_CROWD

    def _name_of(self, anchor: Element) -> Part | None:
        """Return what finds this ancestor alone, by names."""
        search = _Search(self._document, anchor, self._within, is_anchor=True)
        return next(search.named(), None)

    def _single_name(self, one: Element) -> Part | None:
        """Return the name that finds this element alone."""
        names = (name for name in names_of(one)[:3] if list(self._document.probe(name.css, self._within)) == [one])
        return next(names, None)

    def _from_root(self) -> str:
        """Return the places of all that it lies in."""
        places = [place_of(one) for one in reversed(self._chain)]
        top = ":scope" if self._within is not None else f"{places.pop(0)}:not(* > *)"
        return " > ".join((top, *places))


def _rank(part: Part) -> float:
    return part.rank


def _order(qualifier: _Qualifier) -> float:
    return qualifier.cost + PER_CHAR * (len(qualifier.context) + len(qualifier.tag) + len(qualifier.further))


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


def _nearest_first(found: Sequence[Element], element: Element) -> Sequence[Element]:
    """Return the others, those that stand behind the element first: what is next to it is most like it."""
    place = found.index(element)
    return [*found[place + 1 :], *reversed(found[:place])]


def _ancestors(chain: Sequence[Element]) -> Iterator[_Qualifier]:
    for depth, above in enumerate(islice(_with_names(chain[1:]), _MOST_ANCESTORS)):
        for name in names_of(above)[:4]:
            yield _Qualifier(name.cost + depth * 0.01, context=f"{name.css} ")


def _contexts(chain: Sequence[Element]) -> Iterator[_Qualifier]:
    """Yield what an element lies in, what stands before it or before what it lies in, and what its row holds."""
    yield from _ancestors(chain)
    for sibling, combinator in _before(chain[0]):
        for name in names_of(sibling)[:3]:
            yield _Qualifier(name.cost + 0.7, context=f"{name.css} {combinator} ")
    for parent in chain[1:3]:
        for sibling, combinator in _before(parent) if tag_of(parent) else ():
            for name in names_of(sibling)[:2]:
                yield _Qualifier(name.cost + 1.5, context=f"{name.css} {combinator} {parent.tag} ")
    for above in (one for one in chain[1:8] if one.tag in _ROWS):
        for name in _inner_names(above, chain):
            yield _Qualifier(name.cost + 2, context=f"{above.tag}:has({name.css}) ")


def _with_names(chain: Sequence[Element]) -> Iterator[Element]:
    return (one for one in chain if names_of(one))


def _before(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield elements that stand before it in the same parent, the nearest first, with the combinator."""
    siblings = (one for one in element.previous_siblings if isinstance(one, Element))
    for place, one in enumerate(islice(siblings, _MOST_SIBLINGS)):
        yield one, "~" if place else "+"


def _inner_names(row: Element, chain: Sequence[Element]) -> Iterator[Part]:
    """Yield names of elements in the row, but for those that the element lies in, and for what lies in it."""
    element = chain[0]
    inner = (one for one in islice(row.descendants, 4 * _MOST_INNER) if isinstance(one, Element))
    for one in islice(inner, _MOST_INNER):
        if one not in chain and element not in one.ancestors:
            yield from names_of(one)[:2]


def _joined(name: Part, combinator: str, path: Path) -> Part:
    return Part(f"{name.css}{combinator}{path.css}", name.cost + path.cost + _DISTANCE_COST * path.distance)
