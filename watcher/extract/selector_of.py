"""
A CSS selector for an element of a page: unique, short, and made of what is likely to stay.

| first to last | for example |
|---|---|
| a name: an id, what an attribute says it is, a class (`element_names.py`) | `#price`, `[itemprop="price"]` |
| two of these, or the tag and one | `.price.total`, `span.price` |
| within another name, or beside one | `#offer .price`, `.label + dd` |
| a link by where it leads, and what has one in it | `a[href$="/lamp-12"]`, `h3:has([href$="/lamp-12"])` |
| in a row, or behind what leads somewhere of its own | `li:has([href$="/lamp-12"]) .price`, `dt:has(…) + dd` |
| what has a name in it | `a:has(.icon-mail)` |
| a place, counted from the nearest element that has a name | `#specs tr:nth-of-type(2) td:nth-of-type(1)` |

Before that stands the box of the page's own thing, where it has one (`element_boxes.py`).

What a machine made (`lasting.py`) is never used, nor what the element itself says: its text, or an attribute that may
hold its value. A selector with `:nth-` in it says by this that the page offers nothing better.

What is tried is asked of turbohtml itself, for all of it is plain, and of few elements: those that one simple selector
finds as well are compared with the rest of it. So it takes a few milliseconds on a page of 500 KB, and on any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import chain, islice, zip_longest
from math import inf
from typing import Final

from turbohtml import Element

from watcher.extract.document import Document
from watcher.extract.element_boxes import selector_in_box
from watcher.extract.element_contexts import Qualifier, before, contexts_of, links
from watcher.extract.element_names import Part, names_of, tag_of
from watcher.extract.element_places import Path, Places, Step, place_of
from watcher.extract.selectors import as_native

_MOST_CONTEXTS: Final = 40
_MOST_COMPARED: Final = 3_000
"""Where one name finds more, comparing these takes longer than it is worth."""
_MOST_WORK: Final = 8_000
"""So many elements are compared in all; it takes some 4 ms."""
_NEAREST: Final = 3
"""What tells an element from none of these, is not compared with the rest."""
_MOST_PAIRED: Final = 12
"""So many contexts are tried in pairs."""
_MOST_NARROWED: Final = 4
"""So many are put before a link."""
_MOST_ANCHORS: Final = 8
"""So many of the elements that it lies in are looked at, and what stands beside each."""
_MOST_SOUGHT: Final = 1
"""For so many of them that no single name finds, two are tried."""
_TAG_COST: Final = 0.7
_DISTANCE_COST: Final = 0.7
"""Of each level between what is counted and what it is counted in."""
_MOST_SHORTS: Final = 2
"""So many names of the element itself stand at the end of paths with places."""
_CROWD: Final = 25
_MOST_CROWD: Final = 4.0
"""What it costs to count from nothing: one for as many elements of the tag, and this at most."""
_MOST_ROWS: Final = 50
_MOST_FIELDS: Final = 12
_ENOUGH: Final = 0.9
"""A selector that lasts longer is taken where it finds nearly as many fields as the one that finds most."""


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
    css = next(_Search(document, element, within).found())
    return css if within is not None else selector_in_box(document, element, css)


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
        self._places = Places(self._find, in_row=within is not None)
        self._found_by: dict[str, Sequence[Element] | None] = {}
        self._alone: set[str] = set()
        self._anchors_sought = 0
        self._is_anchor = is_anchor
        self._work = _MOST_WORK // (_MOST_ANCHORS if is_anchor else 1)

    def found(self) -> Iterator[str]:
        """Yield selectors that find it alone, the best first, and at last by places."""
        yield from (part.css for part in self.named())
        if self._within is None:
            yield from self._linked()
        yield from filter(self._finds, self._placed())
        yield self._from_root()

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
    def _contexts(self) -> list[Qualifier]:
        found = contexts_of(self._chain, is_short=self._is_anchor)
        return sorted(found, key=_rank)[: _MOST_CONTEXTS // (4 if self._is_anchor else 1)]

    def _qualified(self, name: Part, place: int) -> Iterator[tuple[Part, Sequence[Element]]]:
        """Yield a name, alone and with each qualifier, the best first, and the other elements that the name finds."""
        others = self._others(name)
        if others is None:
            return
        yield name, others
        for qualifier in self._qualifiers(name, place, others) if others else ():
            yield qualifier.of(name), others

    def _qualifiers(self, name: Part, place: int, others: Sequence[Element]) -> list[Qualifier]:
        """Return what may tell the element from the nearest other one, the best first."""
        found = list(self._contexts)
        if name.css != self._element.tag:
            further = (each for each in self._names[place + 1 :] if each.css[0] in ".[")
            found += [Qualifier(each.cost, further=each.css, native_further=each.native) for each in further]
            found += [Qualifier(_TAG_COST, tag=tag.css) for tag in [tag_of(self._element)] if tag]
        nearest = others[:_NEAREST]
        return sorted((each for each in found if self._is_alone(each.of(name), nearest)), key=_rank)

    def _doubly_qualified(self, name: Part) -> Iterator[Part]:
        """Yield a name with two contexts, one of which tells the element from the nearest other one."""
        others = self._others(name)
        if not others:
            return
        nearest = others[:_NEAREST]
        told = [[self._is_alone(each.of(name), [other]) for other in nearest] for each in self._contexts]
        if not all(any(column) for column in zip(*told, strict=True)):
            return
        telling = [each for each, row in zip(self._contexts, told, strict=True) if row[0]][:_MOST_PAIRED]
        for one in telling:
            for other in self._contexts[:_MOST_PAIRED]:
                for pair in (one.and_then(other), other.and_then(one)) if one != other else ():
                    candidate = pair.of(name)
                    if self._is_alone(candidate, others) and self._element.matches(candidate.native):
                        yield candidate

    def _linked(self) -> Iterator[str]:
        """Yield a name that is told by a link or by what it holds, and at last the place of a cell in such a row."""
        self._work = max(self._work, _MOST_WORK // _MOST_ANCHORS)
        found = list(links(self._chain))
        named = ((name, qualifier) for qualifier, _ in found for name in self._names)
        cells = ((cell, qualifier) for qualifier, row in found for cell in self._cell(row))
        for name, qualifier in chain(named, cells):
            if self._work < 0:
                return
            narrower = (each.and_then(qualifier) for each in self._contexts[:_MOST_NARROWED])
            yield from (told.css for each in (qualifier, *narrower) if self._is_told(name, told := each.of(name)))

    def _is_told(self, name: Part, found: Part) -> bool:
        """Return whether a name that was made narrower finds the element, and nothing else."""
        others = self._others(name)
        return others is not None and self._is_alone(found, others) and self._element.matches(found.native)

    def _cell(self, row: Element) -> Iterator[Part]:
        """Yield the place of a cell in its row."""
        if self._element.parent == row and tag_of(self._element):
            step = self._places.step(self._element)
            yield Part(step, 0, as_native(step))

    def _others(self, name: Part) -> Sequence[Element] | None:
        """Return what else a name finds, the nearest first; None where that is too much."""
        if name.css not in self._found_by:
            found = self._find(name.css)
            self._found_by[name.css] = None if len(found) > _MOST_COMPARED else _nearest_first(found, self._element)
        return self._found_by[name.css]

    def _is_alone(self, candidate: Part, others: Iterable[Element]) -> bool:
        """Return whether none of the others matches."""
        for other in others:
            self._work -= 1
            if self._work < 0 or other.matches(candidate.native):
                return False
        return True

    def _finds(self, css: str) -> bool:
        if self._within is None:
            return css in self._alone
        return list(self._find(css)) == [self._element]

    def _find(self, css: str) -> Sequence[Element]:
        return self._document.probe(css, self._within)

    def _placed(self) -> Iterator[str]:
        """Yield selectors with places, counted from an element with a name of its own, and from the root."""
        chain = self._chain if self._within is None else [*self._chain, self._within]
        paths: list[list[Path]] = []
        for short in self._names[:_MOST_SHORTS]:
            most_cost = min((path[-1].cost for path in paths if path and path[-1].is_alone), default=inf)
            paths.append(self._places.short_paths(short, chain, most_cost=most_cost))
        by_level = list(zip_longest(*paths, self._places.child_paths(chain)))
        yield from (path.css for path in sorted(self._anchored(by_level), key=_rank))

    def _anchored(self, by_level: Sequence[Sequence[Path | None]]) -> Iterator[Path]:
        """Yield paths from near elements with names of their own, from those beside them, and from the root."""
        for depth, one in enumerate(self._chain[: _MOST_ANCHORS + 1]):
            paths = [path for path in by_level[depth - 1] if path] if depth else []
            if paths and (name := self._anchor(one)):
                for path in paths:
                    cost = name.cost + path.cost + _DISTANCE_COST * path.distance
                    yield self._proven(Path(f"{name.css} {path.css}", cost))
            for sibling, _ in before(one):
                if name := self._single_name(sibling):
                    yield from self._beside(name, self._places.step_beside(one), paths if depth else None)
        yield from self._from_top(by_level[-1] if by_level else ())

    def _beside(self, name: Part, step: Step, paths: Sequence[Path] | None) -> Iterator[Path]:
        """Yield paths through the step of an element that stands behind one with a name; None: it is the element."""
        if paths is None:
            yield self._proven(Path(f"{name.css} ~ {step.css}", name.cost + step.cost))
            return
        for path in paths:
            if path.css[0] != ">":
                cost = name.cost + step.cost + path.cost
                yield self._proven(Path(f"{name.css} ~ {step.css} {path.css}", cost))

    def _from_top(self, paths: Sequence[Path | None]) -> Iterator[Path]:
        """Yield paths that are counted from nothing, or from what all lies in."""
        if self._within is None:
            top = Step(self._chain[-1].tag, self._crowd())
            is_one = len(self._find(top.css)) == 1
        else:
            top, is_one = Step(":scope", 1), True
        for path in filter(None, paths):
            if is_one:
                yield self._proven(Path(f"{top.css} {path.css}", top.cost + path.cost))
            if path.is_alone or (self._within is not None and path.css[0] != ">"):
                yield self._proven(Path(path.css, path.cost + (0 if self._within is not None else top.cost)))

    def _proven(self, path: Path) -> Path:
        """
        Remember that the path finds the element alone on the page.

        It begins at one element, and goes on by what finds one within that, or by places. Within a row this is no
        proof: what begins a selector may also stand around the row.
        """
        self._alone.add(path.css)
        return path

    def _crowd(self) -> float:
        """Return what it costs to count from nothing: the more alike there are, the sooner one comes in between."""
        tag = tag_of(self._element)
        return min(_MOST_CROWD, len(self._document.probe(tag.css)) / _CROWD) if tag else _MOST_CROWD

    def _anchor(self, one: Element) -> Part | None:
        """Return what finds this ancestor alone, by names."""
        if one.tag == "body":
            return None
        if name := self._single_name(one):
            return name
        self._anchors_sought += 1
        if self._anchors_sought > _MOST_SOUGHT:
            return None
        search = _Search(self._document, one, self._within, is_anchor=True)
        return next(search.named(), None)

    def _single_name(self, one: Element) -> Part | None:
        """Return the name that finds this element alone."""
        names = (name for name in names_of(one)[:3] if list(self._find(name.css)) == [one])
        return next(names, None)

    def _from_root(self) -> str:
        """Return the places of all that it lies in."""
        places = [place_of(one) for one in reversed(self._chain)]
        top = ":scope" if self._within is not None else f"{places.pop(0)}:not(* > *)"
        return " > ".join((top, *places))


def _rank(one: Part | Path | Qualifier) -> float:
    return one.rank


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
