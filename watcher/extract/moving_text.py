"""
Expressions for what changes within a line from one look to the next.

| in the two lines | the expression takes |
|---|---|
| `5 minutes ago` → `1 hour ago`, `5 分钟前` → `刚刚` | any such time |
| numbers, clocks, dates | a number, with the words beside it |
| long runs of hexadecimal digits, or of letters and digits mixed | any such run, with the words beside it |
| anything behind a label with a colon | all of the line behind the label |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from watcher.core.ages import AGO

_MOST_LINES = 60
_MOST_TOKENS = 200
_MOST_LINE_CHARS = 2_000
"""Expressions for words beside words take time quadratic in a run of letters."""
_CLOSE_TOKENS = 5
"""Numbers with no more between them are cut out together, for the words between are the context of both."""
_LEAST_CONTEXT = 2
"""Letters beside a number without which an expression would take every number of the page."""
_TOKEN = re.compile(r"\d[\d.,:/'’-]*|[^\W\d_]+|\s+|.", re.DOTALL)
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{6,}")
_LABEL = re.compile(r"\A(.{0,40}?[^\W\d].{0,40}?[:：])\s*")
_NUMBER = r"\d[\d.,:/-]*"
_CODE_PATTERN = r"[\w-]{6,}"


def expressions(went: Sequence[str], came: Sequence[str]) -> Iterator[str]:
    """Yield expressions, the likeliest first, that make the lines that went those that came, each once."""
    known: set[str] = set()
    for old, new in _pairs(went[:_MOST_LINES], came[:_MOST_LINES]):
        for found in _of_pair(old, new):
            if found not in known:
                known.add(found)
                yield found


def _pairs(went: Sequence[str], came: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with the one that it became: by place where there are as many, else the most similar."""
    if len(went) == len(came):
        yield from zip(went, came, strict=True)
        return
    left = list(came)
    for old in went:
        if not left:
            return
        best = max(left, key=lambda new: SequenceMatcher(None, old[:200], new[:200], autojunk=False).quick_ratio())
        left.remove(best)
        yield old, best


def _of_pair(old: str, new: str) -> Iterator[str]:
    if max(len(old), len(new)) > _MOST_LINE_CHARS:
        return
    for pattern in AGO:
        rest, other = re.sub(pattern, "", old), re.sub(pattern, "", new)
        if rest == other:
            yield pattern
            return
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(before), len(after)) > _MOST_TOKENS:
        return
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    spans = [(start, end, "".join(after[to:until])) for kind, start, end, to, until in changes if kind != "equal"]
    if spans and all(_is_number(before[start:end], became) for start, end, became in spans):
        yield from _of_numbers(before, [(start, end) for start, end, _ in spans])
    elif spans:
        yield from _of_words(before, *spans[0])


def _is_number(tokens: Sequence[str], became: str) -> bool:
    return all(re.fullmatch(_NUMBER, text) for text in ("".join(tokens), became))


def _of_numbers(tokens: Sequence[str], spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield an expression for each run of numbers that stand close together, with the words beside it."""
    runs: list[list[tuple[int, int]]] = []
    for span in spans:
        if runs and span[0] - runs[-1][-1][1] <= _CLOSE_TOKENS:
            runs[-1].append(span)
        else:
            runs.append([span])
    for run in runs:
        start, end = run[0][0], run[-1][1]
        left, right = _words_before(tokens, start), _words_after(tokens, end)
        inner = "".join(_NUMBER if token[0].isdigit() else _literal(token) for token in tokens[start:end])
        if _letters(left + "".join(tokens[start:end]) + right) >= _LEAST_CONTEXT:
            yield f"{_literal(left)}{inner}{_literal(right)}"


def _of_words(tokens: Sequence[str], start: int, end: int, became: str) -> Iterator[str]:
    """Yield an expression for a code, or for all that stands behind a label."""
    old, left = "".join(tokens[start:end]), _words_before(tokens, start)
    label = _LABEL.match("".join(tokens))
    if label and len(label[0]) <= len("".join(tokens[:start])) + 1:
        yield f"{_literal(label[1])}[^\\n]*"
    elif _CODE.fullmatch(old) and _CODE.fullmatch(became) and _letters(left) >= _LEAST_CONTEXT:
        yield f"{_literal(left)}{_CODE_PATTERN}"


def _literal(text: str) -> str:
    return re.sub(r"\\([ \-,%#&~])", r"\1", re.escape(text))


def _words_before(tokens: Sequence[str], place: int) -> str:
    """Return the last word or two before a place, with what stands between; no number."""
    found: list[str] = []
    for token in reversed(tokens[max(0, place - 4) : place]):
        if token[0].isdigit() or _letters("".join(found)) >= _LEAST_CONTEXT:
            break
        found.insert(0, token)
    return "".join(found).lstrip()


def _words_after(tokens: Sequence[str], place: int) -> str:
    found: list[str] = []
    for token in tokens[place : place + 4]:
        if token[0].isdigit() or _letters("".join(found)) >= _LEAST_CONTEXT:
            break
        found.append(token)
    return "".join(found).rstrip()


def _letters(text: str) -> int:
    return sum(2 if ord(each) > 0x2E80 else 1 for each in text if each.isalpha())
