"""
The signs of a place on a page, and how much of a witness's signs another place has.

| sign                                          | weight | has it                                           |
|-----------------------------------------------|--------|--------------------------------------------------|
| the label and the count of its tag since      | 4      | 1 both, 0.8 without digits, ½ the text alone     |
| the header of its column, in a table          | 4      | the same text                                    |
| its own tag, id, classes, names of attributes | 3      | the share of them                                |
| those of the elements that it stands in       | 3      | the share of them                                |
| the tags of its path                          | 1      | the share of them, from the element up           |
| the texts before and behind it                | 1 + 1  | the share of them                                |
| tags and classes around it                    | 1      | the share of them                                |

What a witness does not have does not count. None of them is the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

from turbohtml import Element, Node
from xxhash import xxh32_intdigest

from watcher.core.witness import Witness, bounded_label, marks, split
from watcher.extract.document import Document
from watcher.extract.labels import label_of, plain, shown_text

_ABOVE = 6
"""So many of the elements that an element stands in are its signs."""
_PATH_CHARACTERS = 48
_NEAR_NODES = 60
_OWN_MARKS, _ABOVE_MARKS, _TEXT_MARKS, _AROUND_MARKS = 5, 8, 4, 6
_CLASSES = 6
_ROOTS = frozenset({"html", "body"})


def witness_of(document: Document, element: Element) -> Witness:
    """Return the witness of the place where an element stands."""
    above = _above(element)
    before, around_before = _around(element.preceding)
    after, around_after = _around(element.following)
    return Witness(
        label=label_of(document, element),
        path=_path(element, above),
        header=header_of(element),
        own=own_marks(element),
        above=marks([mark(name) for one in above for name in _names(one)], _ABOVE_MARKS),
        before=marks(before, _TEXT_MARKS),
        after=marks(after, _TEXT_MARKS),
        around=marks([each for pair in zip(around_before, around_after, strict=False) for each in pair], _AROUND_MARKS),
    )


def own_marks(element: Element) -> bytes:
    """Return the marks of an element's own names."""
    return marks([mark(name) for name in _names(element)], _OWN_MARKS)


def likeness(usual: Witness, now: Witness) -> float:
    """Return how much of a witness's signs another place has, 0 to 1."""
    signs = [
        (4, _of_labels(usual, now) if usual.label else None),
        (4, float(plain(usual.header) == plain(now.header)) if usual.header else None),
        (3, share(usual.own, now.own)),
        (3, share(usual.above, now.above)),
        (1, _of_paths(usual.path, now.path)),
        (1, share(usual.before, now.before)),
        (1, share(usual.after, now.after)),
        (1, share(usual.around, now.around)),
    ]
    there = [(weight, sign) for weight, sign in signs if sign is not None]
    return sum(weight * sign for weight, sign in there) / sum(weight for weight, _ in there)


def share(usual: bytes, now: bytes) -> float | None:
    """Return the share of all marks of two places that both have, 0 to 1; None where there was none."""
    before, after = set(split(usual)), set(split(now))
    return len(before & after) / len(before | after) if before else None


def header_of(element: Element) -> str:
    """Return the text of the header of the column that a cell, or what stands in one, is in; empty elsewhere."""
    cell = element.closest("td, th")
    row = cell.parent if cell is not None else None
    table = cell.closest("table") if cell is not None else None
    if cell is None or table is None or not isinstance(row, Element):
        return ""
    head = table.select_one("tr")
    if head is None or head == row:
        return ""
    column = _width(one for one in islice(cell.previous_siblings, _NEAR_NODES))
    for one in islice(head.children, 2 * _NEAR_NODES):
        if isinstance(one, Element) and one.tag in ("td", "th"):
            column -= _span(one)
            if column < 0:
                return bounded_label(one.text) if one.tag == "th" or head.closest("thead") is not None else ""
    return ""


def mark(name: str) -> int:
    """Return the digest that a mark keeps."""
    return xxh32_intdigest(name.encode(errors="surrogatepass")) & 0xFFFF


def _names(element: Element) -> Iterator[str]:
    """Yield the names of an element: its tag, id, classes, and those of its attributes."""
    yield element.tag
    for name, value in islice(element.attrs.items(), _CLASSES):
        if name == "class" and isinstance(value, str):
            yield from (f".{each}" for each in value[:400].split()[:_CLASSES])
        elif name == "id":
            yield f"#{value}"
        elif name in ("itemprop", "role", "name"):
            yield f"{name}={value}"
        elif name != "style":
            yield f"[{name}]"


def _above(element: Element) -> Sequence[Element]:
    inner = (one for one in element.ancestors if isinstance(one, Element) and one.tag not in _ROOTS)
    return list(islice(inner, _ABOVE))


def _path(element: Element, above: Sequence[Element]) -> str:
    path = element.tag[:_PATH_CHARACTERS]
    for one in above:
        if len(path) + len(one.tag) >= _PATH_CHARACTERS:
            break
        path = f"{one.tag}>{path}"
    return path


def _around(nodes: Iterable[Node]) -> tuple[list[int], list[int]]:
    """Return the marks of the nearest texts of these nodes, and of the tags and classes of the elements."""
    texts: list[int] = []
    elements: list[int] = []
    for node in islice(nodes, _NEAR_NODES):
        if isinstance(node, Element):
            if len(elements) < _AROUND_MARKS:
                elements.append(mark(f"{node.tag}.{(node.attr('class') or '')[:100]}"))
        elif text := shown_text(node):
            texts.append(mark(text.casefold()))
            if len(texts) == _TEXT_MARKS:
                break
    return texts, elements


def _of_labels(usual: Witness, now: Witness) -> float:
    if usual.label is None or now.label is None or plain(usual.label.text) != plain(now.label.text):
        return 0.0
    if usual.label.count != now.label.count:
        return 0.5
    return 1.0 if usual.label.text == now.label.text else 0.8


def _of_paths(usual: str, now: str) -> float:
    return SequenceMatcher(None, usual.split(">"), now.split(">")).ratio()


def _span(cell: Element) -> int:
    span = cell.attr("colspan") or ""
    return int(span) if span.isascii() and span.isdecimal() and 0 < len(span) < 4 else 1


def _width(cells: Iterable[Node]) -> int:
    return sum(_span(cell) for cell in cells if isinstance(cell, Element) and cell.tag in ("td", "th"))
