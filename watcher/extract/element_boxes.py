"""
The box of the thing that a page is about: the `article`, or the item of a type, that holds the page's heading.

Related things come and go, and their boxes look like the page's own. So a selector says, where it can, that the box is
the only one of its tag in its place, and a child of what has a name: `#content > article:only-of-type .price`. When
another one comes to stand beside it, that finds nothing, which people are told of, and not the other one's price.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from turbohtml import Element

from watcher.extract.document import Document
from watcher.extract.element_names import names_of

_MOST_HEADINGS: Final = 2
"""A page with more of them has no heading of its own."""
_BOX: Final = "article"


def selector_in_box(document: Document, element: Element, css: str) -> str:
    """Return a selector of the element within the box of the page’s thing; as it was where there is none."""
    box = _box_of(document, element)
    if box is None or (css.startswith("#") and " " not in css):
        return css
    inner = css.removeprefix(f"{_BOX} ")
    found = (f"{head} {inner}" for head in _heads(document, box))
    return next((each for each in found if list(document.probe(each)) == [element]), css)


def _box_of(document: Document, element: Element) -> Element | None:
    """Return the nearest `article` around the element, where it holds the page's heading and has none beside it."""
    box = next((one for one in element.ancestors if isinstance(one, Element) and one.tag == _BOX), None)
    headings = document.probe("h1")
    if box is None or not 0 < len(headings) <= _MOST_HEADINGS or box not in headings[0].ancestors:
        return None
    return box if not any(_is_box(one) for one in (*box.previous_siblings, *box.next_siblings)) else None


def _is_box(node: object) -> bool:
    return isinstance(node, Element) and node.tag == _BOX


def _heads(document: Document, box: Element) -> Iterator[str]:
    """Yield what finds the box, first as the child of what has a name of its own."""
    parent = box.parent
    if isinstance(parent, Element):
        names = (name.css for name in names_of(parent)[:3] if list(document.probe(name.css)) == [parent])
        yield from (f"{name} > {_BOX}:only-of-type" for name in names)
    yield f"{_BOX}:only-of-type"
