"""Elements within elements, each looked at once: a page may nest thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from turbohtml import Element, Node


def outermost(elements: Sequence[Element]) -> Iterator[Element]:
    """
    Yield those that lie in none of the others, in time linear in what they hold; each may be cut out as it comes.

    Args:
        elements: in the order of the page.
    """
    within: set[Node] = set()
    for element in elements:
        if element not in within:
            within.update(element.descendants)
            yield element
