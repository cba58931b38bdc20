"""
The label of an element: the nearest text before it that is likely to stay, and the count of its tag since.

`Price`, and the second `span` after it. What is mostly digits, is long, or stands in a script is no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter

from turbohtml import Element, Node, Text

from watcher.core.witness import LABEL_CHARACTERS, Label, bounded_label, bounded_tag
from watcher.extract.document import Document

NEAR_NODES = 200
"""So far before an element its label and its heading are looked for: elements and texts."""
_NEAR_ELEMENTS, _NEAR_LABELS = 6, 8
_LONGEST = 4 * LABEL_CHARACTERS
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNSHOWN = frozenset({"script", "style", "noscript", "template", "title", "textarea"})
_NEAREST = 3
_MOST_TEXTS = 100
"""So many of the same text are looked at."""
_MOST_WORDS = 4
"""So many words of a label, the longest, are counted: to count one costs a tenth of a walk through all texts."""
_MORE_CHARACTERS = 6
"""So many digits and signs may have come to a label."""
_WORD = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")


class Before:
    """
    What stands before an element, the nearest first.

    Attributes:
        elements: tags and classes of a few.
        heading: its text; None where there is none near.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        self._labels: list[tuple[Text, str, int]] = []
        self.elements: list[str] = []
        self.heading: str | None = None
        count = 1
        for node in islice(element.preceding, NEAR_NODES):
            if isinstance(node, Element):
                count += node.tag == element.tag
                self._see_element(node)
            elif isinstance(node, Text) and (text := shown_text(node)):
                self._see_text(node, text, count)
            if self.heading is not None and len(self._labels) == _NEAR_LABELS:
                break

    @property
    def texts(self) -> Sequence[str]:
        """A few texts that may be labels."""
        return [text for _, text, _ in self._labels]

    def label(self) -> Label | None:
        """Return the nearest label, if there is one."""
        return next(self.labels(), None)

    @property
    def label_text(self) -> Text | None:
        """The text whose label that is."""
        return self._labels[0][0] if self._labels else None

    def labels(self, text: str | None = None) -> Iterator[Label]:
        """Yield the labels, or those that say the same as this text but for digits, each with the count."""
        letters = None if text is None else plain(text)
        for node, said, count in self._labels:
            if letters is None or plain(said) == letters:
                yield Label(bounded_label(said), bounded_tag(self._element.tag), count + self._opened_since(node))

    def _see_element(self, element: Element) -> None:
        if len(self.elements) < _NEAR_ELEMENTS:
            self.elements.append(kind_of(element))
        if self.heading is None and element.tag in HEADINGS:
            self.heading = heading_of(element)

    def _see_text(self, node: Text, text: str, count: int) -> None:
        if len(self._labels) < _NEAR_LABELS and is_label(text):
            self._labels.append((node, text, count))

    def _opened_since(self, text: Node) -> int:
        """Return how many elements of its tag that the element is in began after the text."""
        tag = self._element.tag
        above = [one for one in self._element.ancestors if isinstance(one, Element) and one.tag == tag]
        return len(set(above).difference(text.ancestors)) if above else 0


def elements_labelled(document: Document, label: Label, *, known: Text | None = None) -> Iterator[Element]:
    """
    Yield the element that has this label after each such text of a page.

    Args:
        known: one of these texts, if one is known; a page that has no other is not searched.
    """
    for text in islice(_texts_of(document, label, known), _MOST_TEXTS):
        if (found := _after(text, label)) is not None:
            yield found


def after_labels(document: Document, label: Label) -> Iterator[Element]:
    """Yield these elements, and the nearest of other tags after each such text."""
    for text in islice(_texts_of(document, label), _MOST_TEXTS):
        if (found := _after(text, label)) is not None:
            yield found
        yield from islice((node for node in text.following if isinstance(node, Element)), _NEAREST)


def _texts_of(document: Document, label: Label, known: Text | None = None) -> Iterator[Text]:
    """Yield the texts of a page that say what the label says, but for digits. `known`: one in which its words are."""
    wanted = plain(label.text)
    word, left = _rarest_word(document, label)
    nodes: Iterable[Text] = document.texts() if left else ()
    if left == 1 and known is not None and word in known.data:
        nodes = [known]
    for node in nodes:
        text = node.data
        if word in text:
            left -= text.count(word)
            if len(text.strip()) - len(label.text) < _MORE_CHARACTERS and plain(text) == wanted:
                yield node
        if left <= 0:
            return


def _rarest_word(document: Document, label: Label) -> tuple[str, int]:
    """Return the word of a label that stands least often on a page, of those that do, and how often that is."""
    words = sorted(_WORD.findall(label.text), key=len, reverse=True)[:_MOST_WORDS]
    once = next(filter(document.has_once, words), None)  # one that comes again is soon known to
    if once is not None:
        return once, 1
    counts = {word: count for word in words if (count := document.occurrences(word))}
    return min(counts.items(), key=itemgetter(1), default=("", 0))


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


def heading_of(element: Element) -> str:
    """Return the text of a heading on one line, bounded."""
    return " ".join(element.text[:_LONGEST].split())


def kind_of(element: Element) -> str:
    """Return an element's tag and classes, as it writes them."""
    return f"{element.tag}.{(element.attr('class') or '')[:_LONGEST]}"


def is_label(text: str) -> bool:
    """Return whether a text is likely to stay: short, and of letters rather than digits."""
    if not text or len(text) > LABEL_CHARACTERS:
        return False
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    return letters >= max(digits, 3 if digits else 1) and (letters > 1 or not text.isascii())


def _after(text: Text, label: Label) -> Element | None:
    """Return the element that is the nth of the label's tag after this text, n being its count."""
    same = (node for node in islice(text.following, NEAR_NODES) if isinstance(node, Element) and node.tag == label.tag)
    return next(islice(same, label.count - 1, None), None)
