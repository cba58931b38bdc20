"""
The markup of several prices → the same with a line for each element that holds some of them and not all.

`<span>$15 Internet</span> <span>$20 Normal</span>` is drawn apart, and `Internet` speaks of $15.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Literal

from watcher.extract.text import is_separator

_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"</?([^ <>/]+)")
_VOID = frozenset(["area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_CUT = "\0"
"""Stands for a tag: digits beside it may be of one number."""
_PARTED = "\1"
"""Stands for one behind words, a number and a blank: `3 for 2 <b>149 kr</b>`."""
_COUNTS = re.compile(
    r"\A\s*\d{1,4} ?(?:\+|[件个個人条條点枚名개명回]|(?:sold|reviews?|ratings?|bought|left|views?)\b)", re.IGNORECASE
)
"""`128<span>200+人付款</span>`."""
_ENDS_APART = re.compile(r"[^\W\d_]\W+\d{1,3}\s\Z")
_NUMBER = re.compile(r"\d+(?:[\s\0.,'’]{1,9}\d+)*+")


def with_lines(markup: str) -> str:
    """Return turbohtml's serialisation with a `<br>` before and behind each such element, where a blank stands."""
    parts = _TAG.split(markup)
    spans = [match.span() for match in _NUMBER.finditer(_joined(parts[::2]))]
    if len(spans) < 2 or len(parts) < 4:
        return markup
    borders = _borders(parts, [start for start, _ in spans], [end for _, end in spans])
    for index in borders & (
        _apart(parts, range(1, len(parts), 2), -1) | _apart(parts, range(len(parts) - 2, 0, -2), 1)
    ):
        parts[index] = f"{parts[index]}<br>" if parts[index].startswith("</") else f"<br>{parts[index]}"
    return "".join(parts)


def _joined(texts: Sequence[str]) -> str:
    """Return the texts with a sign for each tag between them."""
    cuts = (_PARTED if _is_parted(text, after) else _CUT for text, after in pairwise(texts))
    return "".join(chain.from_iterable(zip(texts, [*cuts, _CUT], strict=True)))


def _is_parted(text: str, after: str) -> bool:
    return bool(_ENDS_APART.search(text, max(0, len(text) - 20)) or _COUNTS.match(after))


def _borders(parts: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> set[int]:
    """Return which tags open or close an element that holds some of the numbers of what it lies in, and not all."""
    borders: set[int] = set()
    opened: list[tuple[str, int, int, list[tuple[int, int, int]]]] = [("", 0, 0, [])]
    position = len(parts[0])

    def close(at: int) -> None:
        _, opening, begin, within = opened.pop()
        count = bisect_right(ends, position) - bisect_left(starts, begin)
        borders.update(tag for *tags, held in within if 0 < held < count for tag in tags)
        if opened:
            opened[-1][3].append((opening, at, count))

    for index in range(1, len(parts), 2):
        name = _name(parts[index])
        if parts[index].startswith("</"):
            if len(opened) > 1 and opened[-1][0] == name:
                close(index)
        elif name and name not in _VOID:
            opened.append((name, index, position + 1, []))
        position += 1 + len(parts[index + 1])
    while opened:
        close(len(parts) - 2)
    return borders


def _apart(parts: Sequence[str], indexes: Iterable[int], side: Literal[-1, 1]) -> set[int]:
    """Return which tags have a blank, or a block's border, on this side before any other character."""
    apart: set[int] = set()
    is_apart = True
    for index in indexes:
        text = parts[index + side]
        is_apart = (text[0] if side == 1 else text[-1]).isspace() if text else is_apart
        if is_apart:
            apart.add(index)
        is_apart = is_apart or is_separator(_name(parts[index]))
    return apart


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""
