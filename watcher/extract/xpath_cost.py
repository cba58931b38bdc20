"""
How long an XPath may take on a page, told before it is asked: the engine holds the whole process while it works.

The page's shape decides: N elements, at most S children of one, D deep, L characters. What each part of an expression
may cost for a node, by the engine (measured on pages made for the worst; a unit is about a nanosecond):

| part | for each node |
|---|---|
| following-sibling, preceding-sibling | S² |
| `..`, parent, within brackets | 50 S |
| ancestor | 500 D |
| preceding, following | 10 N² |
| id(), a whole path within brackets or of a row | 50 N |
| `//` and descendant within brackets | D × (200 + D L / N) |

Parts in a row add up, and brackets in brackets multiply.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from math import prod

from msgspec import Struct
from turbohtml import Document, Element

MAX_COST = 1_500_000_000
STRINGS = re.compile(r""""[^"]*"|'[^']*'""")
_PART = re.compile(
    r"(?P<opening>\[)|(?P<closing>\])"
    r"|\b(?P<sibling>(?:following|preceding)-sibling)\s*::"
    r"|\b(?P<far>following|preceding)\s*::"
    r"|\b(?P<ancestor>ancestor(?:-or-self)?)\s*::"
    r"|(?P<parent>\.\.|\bparent\s*::)"
    r"|(?P<id>\bid\s*\()"
    r"|(?P<whole>(?<![\w.)\]*/\s])\s*/)"
    r"|(?P<within>//|\bdescendant(?:-or-self)?\s*::)"
)


class Shape(Struct, frozen=True, kw_only=True):
    """What of a page decides how long an expression takes; see the head of this module."""

    elements: int
    siblings: int
    depth: int
    characters: int


def shape_of(tree: Document, characters: int) -> Shape:
    """Return the shape of a page. Takes a microsecond for an element."""
    depths: dict[Element, int] = {}
    children: defaultdict[Element | None, int] = defaultdict(int)
    for element in tree.iter_elements():
        parent = element.parent if isinstance(element.parent, Element) else None
        depths[element] = depths.get(parent, 0) + 1 if parent is not None else 1
        children[parent] += 1
    return Shape(
        elements=len(depths) + 1,
        siblings=max(children.values(), default=1),
        depth=max(depths.values(), default=1),
        characters=characters,
    )


def is_costly(expression: str) -> bool:
    """Return whether it may take more than time linear in the size of the page."""
    return any(depth or part not in ("parent", "within", "whole") for part, depth in _parts(expression))


def cost(expression: str, shape: Shape, *, in_row: bool) -> int:
    """Return what the expression may cost on a page of this shape, at worst."""
    nodes = shape.elements
    by_depth: defaultdict[int, int] = defaultdict(int)
    for part, depth in _parts(expression):
        is_free = not depth and (part in ("parent", "within") or (part == "whole" and not in_row))
        by_depth[depth] += 0 if is_free else _factor(part, shape)
    outside = by_depth.pop(0, 0)
    inside = prod(max(1, factor) for factor in by_depth.values()) if by_depth else 0
    return nodes * (outside + inside)


def _factor(part: str, shape: Shape) -> int:
    match part:
        case "sibling":
            return shape.siblings**2
        case "parent":
            return 50 * shape.siblings
        case "ancestor":
            return 500 * shape.depth
        case "far":
            return 10 * shape.elements**2
        case "within":
            return shape.depth * (200 + shape.depth * shape.characters // shape.elements)
        case _:
            return 50 * shape.elements


@lru_cache(maxsize=1_000)
def _parts(expression: str) -> tuple[tuple[str, int], ...]:
    return tuple(_scan(STRINGS.sub("''", expression)))


def _scan(bare: str) -> Iterator[tuple[str, int]]:
    """Yield each part by its name in the table, with the number of brackets around it."""
    depth = 0
    for found in _PART.finditer(bare):
        match found.lastgroup:
            case "opening":
                depth += 1
            case "closing":
                depth -= 1
            case str(part):
                yield part, depth
