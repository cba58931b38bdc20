"""
What may stand before a name of an element, so that it finds less.

| context | for example |
|---|---|
| what the element lies in | `#offer .price` |
| what stands before it, or before what it lies in | `.label + dd`, `.label + div span` |
| what else its row holds | `tr:has(.stock) td` |
| at last, before places are counted, where its row leads | `li:has([href$="/lamp-12"]) .price` |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.element_names import PER_CHAR, Part, names_of, tag_of

_MOST_ANCESTORS: Final = 16
_MOST_SIBLINGS: Final = 3
_MOST_INNER: Final = 24
"""So many elements of a row are looked at for a name that tells it from the others."""
_BESIDE_COST: Final = 0.7
_HOLDING_COST: Final = 2.0
_LEVEL_COST: Final = 0.01
_LINK_COST: Final = 4.0
_MOST_ROWS: Final = 3
_TAIL: Final = re.compile(r"/[\w.~-]{3,60}/?\Z")
"""The last part of a path, which says what a link leads to; none of a query, which may hold a session."""
_ROWS: Final = frozenset({"tr", "li", "dl", "article", "section", "tbody", "fieldset"})
"""Told apart by what is in them."""


class Qualifier(Struct, frozen=True):
    """
    What is put around a name, so that it finds less; with what turbohtml must be asked for it.

    Attributes:
        context: what stands before it, with its combinator: `#offer `, `.label + `.
        tag: of the element itself.
        further: another name of the element itself.
    """

    cost: float
    context: str = ""
    native_context: str = ""
    tag: str = ""
    further: str = ""
    native_further: str = ""

    @classmethod
    def behind(cls, name: Part, then: str, cost: float, *, first: str = "") -> Qualifier:
        """Return a context: the name, with what stands before and behind it."""
        context, native = f"{first}{name.css}{then}", f"{first}{name.native}{then}"
        return cls(name.cost + cost, context=context, native_context=native)

    @property
    def rank(self) -> float:
        """Return what to sort by, the best first."""
        return self.cost + PER_CHAR * (len(self.context) + len(self.tag) + len(self.further))

    def of(self, name: Part) -> Part:
        """Return the name with what is put around it."""
        return Part(
            f"{self.context}{self.tag}{name.css}{self.further}",
            self.cost + name.cost,
            f"{self.native_context}{self.tag}{name.native}{self.native_further}",
        )

    def and_then(self, inner: Qualifier) -> Qualifier:
        """Return a context before another one."""
        return Qualifier(
            self.cost + inner.cost,
            context=self.context + inner.context,
            native_context=self.native_context + inner.native_context,
        )


def contexts_of(chain: Sequence[Element], *, is_short: bool) -> Iterator[Qualifier]:
    """
    Yield what the first of a chain lies in, what stands before it or before what it lies in, and what its row holds.

    Args:
        chain: an element, what it lies in, what that lies in, and so on.
        is_short: less is looked at.
    """
    yield from _ancestors(chain)
    for sibling, combinator in before(chain[0]):
        for name in names_of(sibling)[:3]:
            yield Qualifier.behind(name, f" {combinator} ", _BESIDE_COST)
    if is_short:
        return
    for parent in chain[1:3]:
        for sibling, combinator in before(parent) if tag_of(parent) else ():
            for name in names_of(sibling)[:2]:
                yield Qualifier.behind(name, f" {combinator} {parent.tag} ", 2 * _BESIDE_COST)
    for above in (one for one in chain[1:8] if one.tag in _ROWS):
        for name in _inner_names(above, chain):
            yield Qualifier.behind(name, ") ", _HOLDING_COST, first=f"{above.tag}:has(")


def linked_rows(chain: Sequence[Element]) -> Iterator[tuple[Qualifier, Element]]:
    """
    Yield what tells the rows that the first of a chain lies in by where they lead, the nearest first, and each row.

    Where an element leads itself tells nothing: who points at a headline means its place, or all headlines.
    """
    element = chain[0]
    own = {*map(_tail_of, (*chain[:_MOST_ANCESTORS], *islice(element.descendants, _MOST_INNER)))}
    for row in islice((one for one in chain[1:8] if one.tag in _ROWS or _has_class(one)), _MOST_ROWS):
        inner = (_tail_of(node) for node in islice(row.descendants, 4 * _MOST_INNER))
        tail = next((each for each in inner if each and each not in own), None)
        if tail is not None:
            name = next((each for each in names_of(row) if each.css[0] == "."), tag_of(row))
            if name is not None:
                yield Qualifier.behind(name, f':has([href$="{tail}"]) ', _LINK_COST), row


def _has_class(element: Element) -> bool:
    return any(name.css[0] == "." for name in names_of(element))


def _tail_of(node: object) -> str | None:
    """Return the last part of the path that a link leads to; None of what is no link, or leads to no page."""
    if not isinstance(node, Element) or node.tag != "a":
        return None
    found = _TAIL.search(node.attr("href") or "")
    return found[0] if found else None


def before(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield elements that stand before it in the same parent, the nearest first, with the combinator."""
    siblings = (one for one in element.previous_siblings if isinstance(one, Element))
    for place, one in enumerate(islice(siblings, _MOST_SIBLINGS)):
        yield one, "~" if place else "+"


def _ancestors(chain: Sequence[Element]) -> Iterator[Qualifier]:
    for depth, above in enumerate(islice(filter(names_of, chain[1:]), _MOST_ANCESTORS)):
        for name in names_of(above)[:4]:
            yield Qualifier.behind(name, " ", depth * _LEVEL_COST)


def _inner_names(row: Element, chain: Sequence[Element]) -> Iterator[Part]:
    """Yield names of elements in the row, but for those that the element lies in, and for what lies in it."""
    element = chain[0]
    inner = (one for one in islice(row.descendants, 4 * _MOST_INNER) if isinstance(one, Element))
    for one in islice(inner, _MOST_INNER):
        if one not in chain and element not in one.ancestors:
            yield from names_of(one)[:2]
