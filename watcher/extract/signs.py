"""
The signs of a place on a page, and how much of a witness's signs another place has.

| sign      | what it is                                    | weight | has it                                    |
|-----------|-----------------------------------------------|--------|-------------------------------------------|
| `label`   | the label and the count of its tag since      | 4      | 1 both, 0.8 but for digits, 0.5 the text  |
|           |                                               |        | alone, 0.25 farther off                   |
| `header`  | the header of its column, in a table          | 4      | the same text                             |
| `row`     | the texts of the other cells of its row       | 4      | the share of them                         |
| `heading` | the heading that it is under                  | 3      | the same text                             |
| `own`     | its own tag, id, classes, names of attributes | 3      | the share of them                         |
| `above`   | those of the elements that it is in           | 3      | the share of them                         |
| `path`    | the tags of its path                          | 1      | the share of them, from the element up    |
| `before`  | the texts before it                           | 2      | the share of them                         |
| `after`   | the texts after it                            | 1      | the share of them                         |
| `around`  | tags and classes around it                    | 1      | the share of them                         |
| `shape`   | how its value is written                      | 2      | 1 alike, 0.5 of the same kinds of letters |
| `value`   | its value, where that was lost                | 3      | how near it is                            |

What a `li`, a `div` or an `article` says beside the value, where such stand side by side, is a `row`, too, and the `dt`
of a `dd`. It is no sign by itself, for much of it comes and goes; where a selector counts rows, or names one by where
it leads, it tells which of them was meant (`witness`), and of other selectors it is not kept.

What a witness does not have does not count, and it has neither of the last two: those are judged where values are at
hand (`of_shapes`, `closeness`). Names that tools made are no signs: a release of the site renames them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import islice
from typing import Literal, TypeAlias

from turbohtml import Element, Node, Text
from xxhash import xxh32_intdigest

from watcher.core.values import Money, Value, magnitude
from watcher.core.witness import Label, RowWitness, Witness, bounded_label, marks, path_of, split
from watcher.extract.labels import Before, kind_of, plain, shown_text

Sign: TypeAlias = Literal[
    "label", "header", "row", "heading", "own", "above", "path", "before", "after", "around", "shape", "value"
]

WEIGHTS: Mapping[Sign, int] = {
    "label": 4,
    "header": 4,
    "row": 4,
    "heading": 3,
    "own": 3,
    "above": 3,
    "path": 1,
    "before": 2,
    "after": 1,
    "around": 1,
    "shape": 2,
    "value": 3,
}
STRANGE = 0.45
"""A place that has less of the signs is another one."""
_ABOVE = 6
"""So many of the elements that an element is in are its signs."""
NEAR_NODES = 60
"""So far around an element its signs are: so many nodes behind it, and no more."""
ABOVE_MARKS, BEFORE_MARKS, ROW_MARKS = 8, 8, 5
_OWN_MARKS, _TEXT_MARKS, _AROUND_MARKS = 5, 4, 6
_NAMES = 6
BESIDE_NODES = 12
"""So many siblings on either side may be its twins."""
_LONGEST = 160
_NEAR_ROWS = 3
"""So far from a row the next one may be: a rule or an advertisement stands between."""
_INLINE = frozenset({"a", "abbr", "b", "code", "em", "font", "i", "label", "mark", "small", "span", "strong", "time"})
_ROOTS = frozenset({"html", "body"})
_LETTERS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)*")
_DIGITS = re.compile(r"\d+")
_SHOWN_CHARACTERS = 40
_MADE = re.compile(r"(?<![^-_])[^-_\d]*\d[^-_]*|[-_]+")  # at the head of a word, so each is tried once
_TELLING = frozenset({"itemprop", "role", "name", "data-testid", "data-test", "data-qa", "property"})


class Place:
    """Where an element stands."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._before = Before(element)

    @cached_property
    def witness(self) -> Witness:
        """The signs of the place; `row` is one in a table alone."""
        element, before = self.element, self._before
        above = _above(element)
        after, around_after = _around(element.following)
        around = [each for pair in zip(before.elements, around_after, strict=False) for each in pair]
        return Witness(
            label=before.label(),
            path=path_of(one.tag for one in (element, *above)),
            header=header_of(element),
            row=text_marks(_beside_in_cells(element), ROW_MARKS),
            heading=heading_mark(before.heading or ""),
            own=own_marks(element),
            twins=_twins(element),
            above=above_marks(element),
            before=text_marks(before.texts, BEFORE_MARKS),
            after=text_marks(after, _TEXT_MARKS),
            around=text_marks(around, _AROUND_MARKS),
        )

    @cached_property
    def row(self) -> bytes:
        """Marks of the texts beside it in its row, be that of a table or one of several boxes."""
        if _cell_of(self.element) is not None:
            return self.witness.row
        return text_marks(_beside_in_box(self.element), ROW_MARKS)

    @property
    def label_text(self) -> Text | None:
        """The text whose label the witness has."""
        return self._before.label_text

    def likeness(self, usual: Witness) -> float:
        """Return how much of a witness's signs the place has, 0 to 1."""
        return weighed(self.signs(usual))

    def signs(self, usual: Witness) -> Mapping[Sign, float | None]:
        """Return how much of each of a witness's signs is here, 0 to 1; None of one that it lacks."""
        now = self.witness
        return {
            "label": self.of_label(usual.label),
            "header": float(plain(usual.header) == plain(now.header)) if usual.header else None,
            "row": share(usual.row, now.row) if _cell_of(self.element) is not None else None,
            "path": _of_paths(usual.path, now.path),
            **shares(usual, now, "heading", "own", "above", "before", "after", "around"),
        }

    def of_rows(self, usual: RowWitness) -> Mapping[Sign, float | None]:
        """Return how much of each sign of the rows of a list is here, 0 to 1; None of one that they lack."""
        return {"label": self.of_label(usual.label), **shares(usual, self.witness, "heading", "own", "above")}

    def of_label(self, label: Label | None) -> float | None:
        """Return how well the place has a label, 0 to 1; None of none."""
        if label is None:
            return None
        counted = [each.text == label.text for each in self._before.labels(label.text) if each.count == label.count]
        if counted:
            return 1.0 if any(counted) else 0.8
        nearest = self.witness.label
        if nearest is not None and plain(nearest.text) == plain(label.text):
            return 0.5
        return 0.25 if any(self._before.labels(label.text)) else 0.0


def _of_paths(usual: str, now: str) -> float:
    return 1.0 if usual == now else SequenceMatcher(None, usual.split(">"), now.split(">")).ratio()


def weighed(signs: Mapping[Sign, float | None]) -> float:
    """Return how much of these signs there is, 0 to 1, each by its weight; 0 of none."""
    there = [(WEIGHTS[sign], share) for sign, share in signs.items() if share is not None]
    return sum(weight * share for weight, share in there) / (sum(weight for weight, _ in there) or 1)


def share(usual: bytes, now: bytes) -> float | None:
    """Return the share of all marks of two places that both have, 0 to 1; None where there was none."""
    if usual == now:
        return 1.0 if usual else None
    before, after = set(split(usual)), set(split(now))
    return len(before & after) / len(before | after) if before else None


def shares(usual: Witness | RowWitness, now: Witness, *signs: Sign) -> dict[Sign, float | None]:
    """Return `share` for each of these signs, which are marks."""
    return {sign: share(getattr(usual, sign), getattr(now, sign)) for sign in signs}


def of_shapes(then: Value, now: Value) -> float | None:
    """Return how much two texts are written alike, 0 to 1; None of what is no text."""
    if not isinstance(then, str) or not isinstance(now, str) or not then:
        return None
    if then == now:
        return 1.0
    before, after = _shape_of(then), _shape_of(now)
    return 1.0 if before == after else 0.5 if set(before) == set(after) else 0.0


def closeness(last: Value, now: Value) -> float | None:
    """Return how near a value is to the last one, 0 to 1; None when there is none to compare with."""
    if last is None:
        return None
    if now == last:
        return 1.0
    before, after = magnitude(last), magnitude(now)
    if before and after and before * after > 0:
        is_other_currency = isinstance(last, Money) and isinstance(now, Money) and last.code != now.code
        return 0.0 if is_other_currency else float(min(before, after) / max(before, after))
    shapes = of_shapes(last, now)
    return None if shapes is None else 0.7 * shapes


def _shape_of(text: str) -> str:
    """Return how a text is written: `9-9-9` of a date, `a 9` of words and a number."""
    short = text[:_SHOWN_CHARACTERS]
    return _LETTERS.sub("a", _DIGITS.sub("9", short))


def own_marks(element: Element) -> bytes:
    """Return the marks of an element's own names."""
    return text_marks(_names(element), _OWN_MARKS)


def above_marks(element: Element) -> bytes:
    """Return the marks of the names of the elements that an element is in."""
    return text_marks((name for one in _above(element) for name in _names(one)), ABOVE_MARKS)


def heading_mark(text: str) -> bytes:
    """Return the mark of the text of a heading; none of an empty one."""
    return text_marks([text] if text else [], 1)


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
    column = _width(one for one in islice(cell.previous_siblings, NEAR_NODES))
    for one in islice(head.children, 2 * NEAR_NODES):
        if isinstance(one, Element) and one.tag in ("td", "th"):
            column -= _span(one)
            if column < 0:
                return bounded_label(one.text) if one.tag == "th" or head.closest("thead") is not None else ""
    return ""


def _beside_in_cells(element: Element) -> Iterator[str]:
    """Yield what the other cells of its row say, in letters, where an element stands in a table."""
    cell = _cell_of(element)
    row = None if cell is None else cell.parent
    if not isinstance(row, Element) or row.tag != "tr":
        return
    cells = [one for one in islice(row.children, NEAR_NODES) if isinstance(one, Element) and one != cell]
    texts = [text for one in cells if (text := plain(one.text))]
    yield from texts or [" ".join(one.text[:_LONGEST].split()) for one in cells[:1]]  # rows of numbers begin with a key


def _beside_in_box(element: Element) -> Iterator[str]:
    """Yield the same of the nearest of the elements that it is in which repeats, and says more; of a `dd` its `dt`."""
    for row in filter(_repeats, (element, *_above(element))):
        if row.tag == "dd" and (term := _nearest_of(row.previous_siblings, "dt")) is not None:
            yield plain(term.text)
            return
        texts = list(_texts_beside(element, row))
        if texts:
            yield from texts
            return


def _texts_beside(element: Element, row: Element) -> Iterator[str]:
    for node in islice(row.descendants, NEAR_NODES):
        if (text := plain(shown_text(node))) and element not in node.ancestors:
            yield text


def _repeats(element: Element) -> bool:
    """Return whether an element has one of its kind beside it, and is no piece of a line of text."""
    if element.tag in _INLINE:
        return False
    beside = (_nearest_of(siblings, element.tag) for siblings in (element.previous_siblings, element.next_siblings))
    return any(one is not None and _are_alike(one, element) for one in beside)


def _nearest_of(siblings: Iterable[Node], tag: str) -> Element | None:
    near = islice((one for one in siblings if isinstance(one, Element)), _NEAR_ROWS)
    return next((one for one in near if one.tag == tag), None)


def _are_alike(one: Element, other: Element) -> bool:
    """Return whether two elements of a tag have a class in common, or none at all."""
    names, others = ((each.attr("class") or "")[:400].split() for each in (one, other))
    return (not names and not others) or not {*names}.isdisjoint(others)


def _cell_of(element: Element) -> Element | None:
    return element.closest("td, th")


def header_mark(header: str) -> bytes:
    """Return the mark of a header's letters; none of one that has no text."""
    return text_marks([letters] if (letters := plain(header)) else [], 1)


def text_marks(texts: Iterable[str], most: int) -> bytes:
    """Return the marks of the first of these texts, each once."""
    return marks([xxh32_intdigest(text.casefold().encode(errors="surrogatepass")) & 0xFFFF for text in texts], most)


def _names(element: Element) -> Iterator[str]:
    """Yield the names of an element: its tag, id, classes, and those of its attributes."""
    yield element.tag
    for name, value in islice(element.attrs.items(), _NAMES):
        if name == "class":
            yield from (f".{each}" for each in _given(element.attr("class") or ""))
        elif name == "id":
            yield from (f"#{each}" for each in _given(element.attr("id") or ""))
        elif name in _TELLING:
            yield f"{name}={value}"
        elif name != "style":
            yield f"[{name}]"


def _given(names: str) -> Iterator[str]:
    """Yield of these names the words that people gave; numbers, and what tools make with digits, come and go."""
    # Wider than `lasting`, which is for selectors: that a thing is `active` or `mt-4` tells it from its neighbours, and
    # with `lasting` more right values of mutated pages are refused. Its tables also take 24 ms to import.
    for name in names[:400].split()[:_NAMES]:
        if name.isalpha():
            yield name
        elif words := _MADE.sub("-", name).strip("-_"):
            yield words


def _above(element: Element) -> Sequence[Element]:
    inner = (one for one in element.ancestors if isinstance(one, Element) and one.tag not in _ROOTS)
    return list(islice(inner, _ABOVE))


def _twins(element: Element) -> int:
    """Return how many of the nearest elements beside it have its tag and classes."""
    kind = kind_of(element)
    beside = (*islice(element.previous_siblings, BESIDE_NODES), *islice(element.next_siblings, BESIDE_NODES))
    return sum(isinstance(one, Element) and one.tag == element.tag and kind_of(one) == kind for one in beside)


def _around(nodes: Iterable[Node]) -> tuple[list[str], list[str]]:
    """Return the nearest texts of these nodes, and the tags and classes of the nearest elements."""
    texts: list[str] = []
    elements: list[str] = []
    for node in islice(nodes, NEAR_NODES):
        if isinstance(node, Element):
            if len(elements) < _AROUND_MARKS:
                elements.append(kind_of(node))
        elif text := shown_text(node):
            texts.append(text)
            if len(texts) == _TEXT_MARKS:
                break
    return texts, elements


def _span(cell: Element) -> int:
    span = cell.attr("colspan") or ""
    return int(span) if span.isascii() and span.isdecimal() and 0 < len(span) < 4 else 1


def _width(cells: Iterable[Node]) -> int:
    return sum(_span(cell) for cell in cells if isinstance(cell, Element) and cell.tag in ("td", "th"))
