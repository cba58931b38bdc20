"""
What may stand before a name of an element, so that it finds less.

| context | for example |
|---|---|
| what the element lies in | `#offer .price` |
| what stands before it, or before what it lies in | `.label + dd`, `.label + div span` |
| before places are counted, where it leads, or its picture | `a[href$="/lamp-12"]`, `p:has([src$="/lamp.jpg"])` |
| likewise, where its row leads, or what stands before it | `li:has([href$="/lamp-12"]) .price`, `dt:has(…) + dd` |
| likewise, what has a name in it | `a:has(.icon-mail)` |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct
from turbohtml import Element

from watcher.extract.element_names import PER_CHAR, Part, names_of, tag_of
from watcher.extract.labels import HEADINGS

_MOST_ANCESTORS: Final = 16
_MOST_SIBLINGS: Final = 3
_MOST_INNER: Final = 24
"""So many nodes within are looked at for a name that tells an element from the others, and more for a link."""
_BESIDE_COST: Final = 0.7
_LEVEL_COST: Final = 0.01
_LINK_COST: Final = 4.0
_MOST_AROUND: Final = 7
"""So far around an element its row may be, or the link that it is the text of."""
_TAIL: Final = re.compile(r"(?:/|\A)[\w.~-]{3,60}/?\Z|#[^\W\d](?:[^\W\d]|[.:-]){2,60}\Z")
"""The last part of a path, or a fragment in letters, which says what a link leads to; a query may hold a session."""
_LINKS: Final = {"a": "href", "img": "src"}
_HASH: Final = re.compile(r"(?=[\da-f]{0,7}\d)(?=[\da-f]{0,7}[a-f])[\da-f]{8}")
"""In the name of a file: the next release of the site has another one."""
_DIGITS: Final = re.compile(r"\d+")
_MOST_CHARS: Final = 300


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
    def behind(cls, name: Part, then: str, cost: float) -> Qualifier:
        """Return a context: the name, with what stands behind it."""
        return cls(name.cost + cost, context=f"{name.css}{then}", native_context=f"{name.native}{then}")

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
            further=inner.further,
            native_further=inner.native_further,
        )


def contexts_of(chain: Sequence[Element], *, is_short: bool) -> Iterator[Qualifier]:
    """
    Yield what the first of a chain lies in, and what stands before it or before what it lies in.

    Args:
        chain: an element, what it lies in, what that lies in, and so on.
        is_short: less is looked at.
    """
    yield from _ancestors(chain)
    for sibling, combinator in before(chain[0]):
        heading = tag_of(sibling) if sibling.tag in HEADINGS else None
        for name in filter(None, (*names_of(sibling)[:3], heading)):
            yield Qualifier.behind(name, f" {combinator} ", _BESIDE_COST)
    if is_short:
        return
    for parent in chain[1:3]:
        for sibling, combinator in before(parent) if tag_of(parent) else ():
            for name in names_of(sibling)[:2]:
                yield Qualifier.behind(name, f" {combinator} {parent.tag} ", 2 * _BESIDE_COST)


def links(chain: Sequence[Element]) -> Iterator[tuple[Qualifier, Element]]:
    """
    Yield what tells the first of a chain by a link or a picture, and whose it is: its own, that of its row or card, the
    nearest first, and that of what stands before it; then what tells it by a name within.

    A link whose digits the element says as well, as that of a release, may hold its value, and tells nothing.
    """
    element, said = chain[0], {*_DIGITS.findall(chain[0].text[:_MOST_CHARS])}
    own = {*map(_link_of, (*chain[1:_MOST_AROUND], *islice(element.descendants, _MOST_INNER)))}
    around = [(one, " ") for one in chain[1:_MOST_AROUND]]
    beside = ((one, f" {combinator} ") for one, combinator in before(element))
    for one, between in ((element, ""), *around, *beside):
        itself = _link_of(one)
        inner = map(_link_of, islice(one.descendants, 4 * _MOST_INNER))
        link = itself or next((each for each in inner if each and (one == element or each not in own)), None)
        if link is None or not said.isdisjoint(_DIGITS.findall(link)):
            continue
        told = link if itself else f":has({link})"
        name = _class_of(one) or tag_of(one)
        if one == element:
            yield Qualifier(_LINK_COST, further=told, native_further=told), one
        elif name is not None:
            yield Qualifier.behind(name, f"{told}{between}", _LINK_COST), one
    for node in islice(element.descendants, _MOST_INNER):
        for part in names_of(node, is_target=True)[:2] if isinstance(node, Element) else ():
            yield Qualifier(_LINK_COST, further=f":has({part.css})", native_further=f":has({part.native})"), element


def _class_of(element: Element) -> Part | None:
    return next((name for name in names_of(element) if name.css.startswith((".", "[class"))), None)


def _link_of(node: object) -> str | None:
    """Return the attribute that says what a link leads to, or a picture shows; None of what neither tells anything."""
    attribute = _LINKS.get(node.tag) if isinstance(node, Element) else None
    found = _TAIL.search(node.attr(attribute) or "") if isinstance(node, Element) and attribute else None
    if found is None or (attribute == "src" and _HASH.search(found[0])):
        return None
    return f'[{attribute}{"$" if found[0][0] in "/#" else ""}="{found[0]}"]'


def before(element: Element) -> Iterator[tuple[Element, str]]:
    """Yield elements that stand before it in the same parent, the nearest first, with the combinator."""
    siblings = (one for one in element.previous_siblings if isinstance(one, Element))
    for place, one in enumerate(islice(siblings, _MOST_SIBLINGS)):
        yield one, "~" if place else "+"


def _ancestors(chain: Sequence[Element]) -> Iterator[Qualifier]:
    for depth, above in enumerate(islice(filter(names_of, chain[1:]), _MOST_ANCESTORS)):
        for name in names_of(above)[:4]:
            yield Qualifier.behind(name, " ", depth * _LEVEL_COST)
