"""
The prefix of a page: what its first bytes show for certain, whatever comes behind them.

The source is cut behind a `>`, a comment is written there as a mark, and that is parsed. Up to the mark the whole page
is parsed as this is (HTML §13.2.6). So what comes behind it meets the same open elements, and goes into one of them,
behind all that it holds; those are elements that the mark is in. One that the mark is not in is *settled*: it stands on
the whole page as it does here, with all that is in it, around it and before it. What this table names would change
that, so each of its rows must hold:

| what may come behind the mark                           | would change                  | so it must hold that       |
|---------------------------------------------------------|-------------------------------|----------------------------|
| the end of a tag, a comment or a script that is cut     | how the rest is read          | the mark is a comment      |
| what a table cannot hold (foster parenting, §13.2.6.1)  | what is before an open table  | nothing is behind the mark |
| the same                                                | what is first in the page     | it is in no open table     |
| `</b>`, `<a>` … (adoption agency, §13.2.6.4.7)          | what is around an element     | it is in no open `<b>` …   |
| `<option selected>`                                     | `<selectedcontent>` before it | it is in no open select    |
| `<meta>`, `<p>` … behind `</head>` or `</body>`         | what is in the head, the body | the mark is in the body    |
| `<html>`, `<body>` once more (§13.2.6.4.7)              | attributes of the first       | the rest has none          |
| `<frameset>` (§13.2.6.4.7)                              | the whole body                | the rest has none          |

The settled elements that a selector finds are the first that it finds on the page, if it looks back only, from an
element to what is around and before it (`selectors.looks_back`): `:last-child` and `:has` ask for what may yet come.

What comes may also change what is behind a settled element: it goes into the elements that the mark is in, to the text
right before the mark, and by the same rows of the table into the first open table, `<b>` … and before that. This, or
else the mark, is the *edge*. An element has a settled *place* where all that its witness looks at (`signs`) is before:

| it looks at                                   | so it must hold that                                                 |
|-----------------------------------------------|----------------------------------------------------------------------|
| the next NEAR_NODES nodes                     | the edge is behind them, and one more node, a text that may go on    |
| the next BESIDE_NODES siblings                | all children of its parent are known, or so many, in the same way    |
| the other cells of its row                    | all are known; so is its table then, the headers among it            |
| what is before it, and names of what it is in | nothing: they are as settled as the element                          |

`tests/extract/test_prefix.py` holds prefix and page together, and takes one condition after the other away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import islice, takewhile
from typing import Final

from turbohtml import Comment, Element, Node

from watcher.extract.document import Document
from watcher.extract.signs import BESIDE_NODES, NEAR_NODES

MARK: Final = "the end of the prefix"
_LONGEST_TAG_BYTES: Final = 4_096
_MOST_FOUND: Final = 20
"""So many are looked at, for a page may nest them deep."""
_ROOT: Final = re.compile(rb"<[bBfFhH](?i:ody|rameset|tml)")
MOVING: Final = frozenset(re.findall(r"\w+", "a b big code em font i nobr s small strike strong tt u table select"))
"""Formatting elements (§13.2.4.3), and those that something is put into or before that is not the last then."""


class Prefix:
    """The beginning of a page's source, as a tree."""

    def __init__(self, start: str, rest: bytes | memoryview) -> None:
        """
        Args:
            start: the text up to a place that `cut` returns.
            rest: the bytes from there on.
        """
        self.document = Document(f"{start}<!--{MARK}-->")
        around = self.around_mark() if MARK not in start else ()
        self._open = frozenset(around)
        self._edge = self.edge(around)
        self._is_sound = self.is_body_open(self._open) and self.has_steady_roots(rest)

    def select(self, css: str) -> Sequence[Element]:
        """Return the first elements that a selector finds on the page, 20 at most, as far as that is certain."""
        return list(takewhile(self.is_settled, islice(self.document.select(css), _MOST_FOUND)))

    def is_settled(self, element: Element) -> bool:
        """Return whether the element stands on the page as it does here."""
        return self._is_sound and self.is_closed(element, self._open) and self.is_steady(element, self._open)

    def has_settled_place(self, element: Element) -> bool:
        """Return whether a settled element has the same witness on the page as here (`signs.Place.witness`)."""
        return self.has_nodes_behind(element) and self.has_siblings(element) and self.has_row(element)

    # The conditions of the tables, each a method of its own: the test takes them away, one after the other.

    def around_mark(self) -> Sequence[Element]:
        """Return the elements that the mark is in, the outermost first; none where it is no comment, or not last."""
        node: Node = self.document.top()[-1]
        around: list[Element] = []
        while isinstance(node, Element):
            around.append(node)
            children = node.children
            if not children:
                return ()
            node = children[-1]
        return around if isinstance(node, Comment) and node.data == MARK else ()

    def is_body_open(self, around: Collection[Element]) -> bool:
        """Return whether the mark is in the body."""
        return any(each.tag == "body" for each in around)

    def has_steady_roots(self, rest: bytes | memoryview) -> bool:
        """Return whether nothing behind the mark changes the root elements."""
        return _ROOT.search(rest) is None

    def is_closed(self, element: Element, around: Collection[Element]) -> bool:
        """Return whether nothing more can come into the element."""
        return element not in around

    def is_steady(self, element: Element, around: Collection[Element]) -> bool:
        """Return whether nothing that may come moves what is around the element, or gets before it."""
        return not any(each.tag in MOVING for each in element.ancestors if isinstance(each, Element) and each in around)

    def edge(self, around: Sequence[Element]) -> Node | None:
        """Return the first node that may change, or have something new before it; None where there is no mark."""
        mark = around[-1].children[-1:] if around else ()
        return next((each for each in (*around, *mark) if not isinstance(each, Element) or each.tag in MOVING), None)

    def has_nodes_behind(self, element: Element) -> bool:
        """Return whether all nodes behind the element that are near are known."""
        return self.are_before_edge(element.following, NEAR_NODES + 1)

    def has_siblings(self, element: Element) -> bool:
        """Return whether all siblings behind the element that are near are known."""
        return element.parent not in self._open or self.are_before_edge(element.next_siblings, BESIDE_NODES + 1)

    def has_row(self, element: Element) -> bool:
        """Return whether the row of the element, if it stands in a cell, is known to its end."""
        cell = element.closest("td, th")
        return cell is None or cell.parent not in self._open  # SVG has cells without a table

    def are_before_edge(self, nodes: Iterable[Node], count: int) -> bool:
        """Return whether there are so many nodes, and the edge is none of the first so many."""
        first = list(islice(nodes, count))
        return len(first) == count and self._edge not in first


def cut(source: bytes, at: int) -> int | None:
    """Return where a prefix of at least so many bytes ends; None where no tag ends soon after that."""
    end = source.find(b">", at, at + _LONGEST_TAG_BYTES)
    return None if end < 0 else end + 1
