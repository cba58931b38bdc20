"""
What may stand before a name of an element, so that it finds less.

| context | for example |
|---|---|
| what the element lies in | `#offer .price` |
| what stands before it, or before what it lies in | `.label + dd`, `.label + div span` |
| what else its row holds | `tr:has(.stock) td` |
| before places are counted, where it leads | `a[href$="/lamp-12"]` |
| likewise, where its row leads | `li:has([href$="/lamp-12"]) .price` |
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.element_names import PER_CHAR, Part, names_of, tag_of
from watcher.extract.labels import HEADINGS

_MOST_ANCESTORS: Final = 16
_MOST_SIBLINGS: Final = 3
_MOST_INNER: Final = 24
"""So many elements of a row are looked at for a name that tells it from the others."""
_BESIDE_COST: Final = 0.7
_HOLDING_COST: Final = 2.0
_LEVEL_COST: Final = 0.01
_LINK_COST: Final = 4.0
_MOST_ROWS: Final = 3
_MOST_AROUND: Final = 7
"""So far around an element a link may be that it is the text of."""
_TAIL: Final = re.compile(r"(?:/|\A)[\w.~-]{3,60}/?\Z|#[^\W\d](?:[^\W\d]|[.:-]){2,60}\Z")
"""The last part of a path, or a fragment in letters, which says what a link leads to; a query may hold a session."""
_DIGITS: Final = re.compile(r"\d+")
_MOST_CHARS: Final = 300
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
        for name in (*names_of(sibling)[:3], *_heading(sibling)):
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


def own_links(chain: Sequence[Element]) -> Iterator[Qualifier]:
    """
    Yield what tells the first of a chain by where it leads: the link that it is, that it is in, or that it holds.

    A link whose digits the element says as well, as that of a release, may hold its value, and tells nothing.
    """
    element = chain[0]
    said = {*_DIGITS.findall(element.text[:_MOST_CHARS])}
    around = next((one for one in chain[1:_MOST_AROUND] if one.tag == "a"), None)
    nodes = islice(element.descendants, _MOST_INNER)
    inner = next((one for one in nodes if isinstance(one, Element) and _link_of(one)), None)
    if (link := _told(element, said)) is not None:
        yield Qualifier(_LINK_COST, further=link, native_further=link)
    if (link := _told(around, said)) is not None:
        yield Qualifier(_LINK_COST, context=f"a{link} ", native_context=f"a{link} ")
    if (link := _told(inner, said)) is not None:
        yield Qualifier(_LINK_COST, further=f":has({link})", native_further=f":has({link})")


def _told(node: Element | None, said: Collection[str]) -> str | None:
    link = None if node is None else _link_of(node)
    return link if link is not None and not any(digits in said for digits in _DIGITS.findall(link)) else None


def linked_rows(chain: Sequence[Element]) -> Iterator[tuple[Qualifier, Element]]:
    """Yield what tells the rows that the first of a chain lies in by where they lead, with each row; nearest first."""
    element = chain[0]
    own = {*map(_link_of, (*chain[:_MOST_ANCESTORS], *islice(element.descendants, _MOST_INNER)))}
    for row in islice((one for one in chain[1:8] if one.tag in _ROWS or _has_class(one)), _MOST_ROWS):
        inner = map(_link_of, islice(row.descendants, 4 * _MOST_INNER))
        link = next((each for each in inner if each and each not in own), None)
        name = next((each for each in names_of(row) if _is_of_class(each)), tag_of(row))
        if link is not None and name is not None:
            yield Qualifier.behind(name, f":has({link}) ", _LINK_COST), row


def _heading(element: Element) -> Iterator[Part]:
    """Yield the tag of a heading: what stands behind it belongs to it."""
    if element.tag in HEADINGS and (tag := tag_of(element)):
        yield tag


def _has_class(element: Element) -> bool:
    return any(map(_is_of_class, names_of(element)))


def _is_of_class(name: Part) -> bool:
    return name.css.startswith((".", "[class"))


def _link_of(node: object) -> str | None:
    """Return the attribute that says what a link leads to; None of what is no link, or leads to no page."""
    href = (node.attr("href") or "") if isinstance(node, Element) and node.tag == "a" else ""
    found = _TAIL.search(href)
    if found is None:
        return None
    return f'[href$="{found[0]}"]' if found[0][0] in "/#" else f'[href="{found[0]}"]'


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
