"""
When a value that a page shows is the one that it showed before, although it is not written the same.

| what differs                                                                         | is no difference           |
|--------------------------------------------------------------------------------------|----------------------------|
| characters that show nothing of their own: zero-width joiners, variation selectors   | in any text                |
| what an expression of `ignore_text` matches, and the blanks that it leaves           | in texts and URLs          |
| case; punctuation; where lines break                                                 | in texts, where            |
|                                                                                      | `ignore_differences` says  |

Only what is compared is cut so: values are kept, shown and asked by conditions as the page has them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from watcher.core.cpu_budget import CpuBudget
from watcher.core.values import Row, Rows, Value, ValueType, currency, magnitude
from watcher.core.watch import Difference, Items, Watch

_SHOW_NOTHING = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ALIGNED_LINES = 500
"""In texts of more lines, those that only look changed are told with those that are."""
_COMPARED_TYPES = (ValueType.TEXT, ValueType.URL)
_PLANES = 2
"""Of 65,536 characters each: punctuation stands in the first two of Unicode."""


def seen_text(text: str) -> str:
    """Return the text without the characters that show nothing of their own."""
    return text if text.isascii() else _SHOW_NOTHING.sub("", text)


class Likeness:
    """Compares the values of a watch."""

    def __init__(self, watch: Watch, budget: CpuBudget) -> None:
        """`budget`: what the expressions of `ignore_text`, and leaving out what is no difference, may take."""
        extraction = watch.extraction
        selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
        self._types = {name: selector.type for name, selector in selectors.items()}
        self._patterns = watch.ignore_text
        self._differences = watch.ignore_differences
        self._is_ignoring = bool(self._patterns or self._differences)
        self._budget = budget
        self._known: dict[tuple[str, str, str], str] = {}

    def rows(self, old: Rows, new: Rows) -> Rows:
        """
        Return the old rows with each value that the new ones only write otherwise as these write it.

        So rows differ from `new` only where something has changed; `new` itself where nothing has.

        Raises:
            SlowExpressionError: an expression of `ignore_text` took too long.
            PageError: there is too much to compare.
        """
        if old == new:
            return new
        aligned = {key: self.row(row, new[key]) if key in new else row for key, row in old.items()}
        return new if aligned == new else aligned

    def row(self, old: Row, new: Row) -> Row:
        """Return the old row likewise."""
        if old == new:
            return new
        return {name: self._value(name, value, new.get(name)) for name, value in old.items()}

    def compared(self, name: str, value: Value) -> str:
        """Return a text that values of this name share when none of them differs from the others."""
        if value is None:
            return ""
        type_ = self._types.get(name)
        if isinstance(value, str) and type_ in _COMPARED_TYPES:
            return f"={self._compared(value, type_)}"
        number = magnitude(value)
        return f"={value}" if number is None else f"={number.normalize()} {currency(value) or ''}"

    def _value(self, name: str, old: Value, new: Value) -> Value:
        if not isinstance(old, str) or not isinstance(new, str) or old == new:
            return old
        type_ = self._types.get(name)
        if type_ not in _COMPARED_TYPES:
            return old
        pair = (name, old, new)
        if pair not in self._known:  # each entry asks of a row that awaits its confirmation
            is_same = self._compared(old, type_) == self._compared(new, type_)
            self._known[pair] = new if is_same else self._with_lines_of(new, old, type_)
        return self._known[pair]

    def _with_lines_of(self, new: str, old: str, type_: ValueType) -> str:
        """Return a text that has changed, its lines that have not as the new text writes them."""
        lines = old.split("\n")
        if not self._is_ignoring or not 1 < len(lines) <= _ALIGNED_LINES or new.count("\n") > _ALIGNED_LINES:
            return old
        written = {self._compared(line, type_): line for line in reversed(new.split("\n"))}
        return "\n".join([written.get(self._compared(line, type_), line) for line in lines])

    def _compared(self, text: str, type_: ValueType) -> str:
        if not self._is_ignoring:
            return self._cut(text, type_)
        return self._budget.compare(lambda: self._cut(text, type_))

    def _cut(self, text: str, type_: ValueType) -> str:
        text = seen_text(text)
        for pattern in self._patterns:
            text = self._budget.cut(pattern, text)
        if type_ is ValueType.TEXT:
            text = _without(self._differences, text)
        lines = (" ".join(line.split()) for line in text.split("\n"))
        return "\n".join(filter(None, lines))


def _without(differences: frozenset[Difference], text: str) -> str:
    if Difference.CASE in differences:
        text = text.casefold()
    if Difference.PUNCTUATION in differences:
        text = text.translate(_punctuation())
    return text.replace("\n", " ") if Difference.LINE_BREAKS in differences else text


@cache
def _punctuation() -> dict[int, str]:
    """Return what `str.translate` makes of punctuation; to ask of each character costs 60 times as much."""
    return {code: " " for code in range(_PLANES * 0x10000) if unicodedata.category(chr(code)).startswith("P")}
