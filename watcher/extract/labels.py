"""
The label of an element: the nearest text before it that is likely to stay, and the count of its tag since.

`Price`, and the second `span` behind it. What is mostly digits, is long, or stands in a script is no label. One that
stands more than once on the page says little: the nearest that stands once is taken, where there is one close by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from turbohtml import Element, Node, Text

from watcher.core.witness import LABEL_CHARACTERS, Label, bounded_label
from watcher.extract.document import Document

NEAR_NODES = 200
"""So far before an element its label is looked for: elements and texts."""
_NEAR_LABELS = 8
"""Of so many texts one is taken that stands once on the page; else the nearest."""
_LONGEST = 4 * LABEL_CHARACTERS
_UNSHOWN = frozenset({"script", "style", "noscript", "template", "title", "textarea"})
_NO_LETTERS = re.compile(r"[\W\d_]+")
_DIGITS = re.compile(r"\d")


def label_of(document: Document, element: Element) -> Label | None:
    """Return the label of an element; None where no such text stands near before it."""
    found = list(islice(_labels(element), _NEAR_LABELS))
    alone = (label for label in found if document.occurrences(label.text) == 1)
    return next(alone, found[0] if found else None)


def find_label(document: Document, label: Label) -> Element | None:
    """Return the element that stands behind the first such text of a page; None where there is no such text."""
    wanted = plain(label.text)
    for node in document.texts():
        if plain(node.data[:_LONGEST]) == wanted and (found := behind(node, label)) is not None:
            return found
    return None


def behind(text: Text, label: Label) -> Element | None:
    """Return the element that is the so-manieth of the label's tag behind this text."""
    same = (node for node in islice(text.following, NEAR_NODES) if isinstance(node, Element) and node.tag == label.tag)
    return next(islice(same, label.count - 1, None), None)


def plain(text: str) -> str:
    """Return the letters of a text, by which two labels are compared: counts and punctuation come and go."""
    return _NO_LETTERS.sub(" ", text[:_LONGEST].casefold()).strip()


def shown_text(node: Node) -> str:
    """Return the text of a node of text on one line; empty where nobody sees it, or where it is blank."""
    if not isinstance(node, Text):
        return ""
    text = " ".join(node.data[:_LONGEST].split())
    parent = node.parent
    return "" if text and isinstance(parent, Element) and parent.tag in _UNSHOWN else text


def is_label(text: str) -> bool:
    """Return whether a text is likely to stay: short, and of letters rather than digits."""
    if not text or len(text) > LABEL_CHARACTERS:
        return False
    letters, digits = len(plain(text).replace(" ", "")), len(_DIGITS.findall(text))
    return letters >= max(digits, 3 if digits else 1) and (letters > 1 or not text.isascii())


def _labels(element: Element) -> Iterator[Label]:
    """Yield the labels before an element, the nearest first, each with the count of the element's tag since."""
    above = [one for one in element.ancestors if isinstance(one, Element)]
    count = 1
    for node in islice(element.preceding, NEAR_NODES):
        if isinstance(node, Element):
            count += node.tag == element.tag
        elif is_label(text := shown_text(node)):
            yield Label(bounded_label(text), element.tag, count + _opened_since(node, above, element.tag))


def _opened_since(text: Node, above: list[Element], tag: str) -> int:
    """Return how many of the elements above began behind the text: the text is not within them."""
    around = {one for one in text.ancestors if isinstance(one, Element)}
    return sum(one.tag == tag and one not in around for one in above)
