"""
What is different in a text, as lines that any channel can show.

| what changed                     | how it is said                                                |
|----------------------------------|---------------------------------------------------------------|
| a line came                      | `+ Tickets are on sale now.`                                  |
| a line went                      | `− Tickets are sold out.`                                     |
| words of a line                  | `… Monday to Friday from 9 to [17 → 16] o'clock, closed on …` |
| words came, words went in a line | `in August [+ and in May]`, `in August [− and in May]`        |
| lines changed places             | nothing; a sentence when that is all                          |

A line longer than 300 characters is taken as its sentences. What is alike in both texts is left out by counting, not
aligned as difflib does: it takes minutes on pages made for it, or by chance. Of what is left, at most 20 lines that
went and 20 that came are compared with each other, in their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from watcher.core.phrases import Phrases
from watcher.core.word_diff import Mark, Piece, word_diff, words_of
from watcher.core.words import cut, one_line

DIFF_LINES = 20
"""Of a text's lines that came, and as many of those that went."""
_LONG_LINE: Final = 300
_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")
_COMPARED_CHARACTERS: Final = 400
_LEAST_ALIKE: Final = 0.4
"""The share of words that two lines have in common when one is the other after a change."""
_LEAD: Final = 16
_NEWS_LEAD: Final = 10
"""Characters shown before words that changed; fewer of news, of which a phone or WeChat shows the first 20 alone,"""
_BEHIND: Final = 40
"""and behind them,"""
_MORE: Final = 1.75
"""and up to so many times as many rather than to leave out a few."""
_CHANGED: Final = 120

_Line = tuple[str | None, str | None]
"""A line as it was and as it is. None: it was, or is, not there."""


def difference(old: str, new: str, phrases: Phrases) -> list[str]:
    """Return what went, came and changed, one line each, and a note of how many more lines there are."""
    went, came = _lines_apart(old, new)
    more = max(len(went), len(came)) - DIFF_LINES
    lines = [told for line in _paired(went[:DIFF_LINES], came[:DIFF_LINES]) for told in _told(*line)]
    return [*lines, phrases.more_lines(more)] if more > 0 else lines or [phrases.reordered]


def news(old: str, new: str, phrases: Phrases) -> str:
    """Return what is new in one line: the first line that came or changed, else one that went."""
    went, came = _lines_apart(old, new)
    lines = list(_paired(went[:DIFF_LINES], came[:DIFF_LINES]))
    for before, after in lines:
        if after is not None:
            return after if before is None else _told(before, after, _NEWS_LEAD)[0]
    return f"− {lines[0][0]}" if lines else phrases.reordered


def arrow(old: str, new: str, *, within: str = "") -> str:
    """
    Return the arrow from the one to the other, as it points between words that are written from right to left.

    Args:
        within: the text around them, which says how numbers stand.
    """
    for character in f"{old[:_CHANGED]}{new[:_CHANGED]}{within}":
        match unicodedata.bidirectional(character):
            case "L":
                return "→"
            case "R" | "AL":
                return "←"
    return "→"


def _lines_apart(old: str, new: str) -> tuple[Sequence[str], Sequence[str]]:
    before, after = Counter(_lines(old)), Counter(_lines(new))
    return list((before - after).elements()), list((after - before).elements())


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from filter(None, _SENTENCE.split(line)) if len(line) > _LONG_LINE else (line,)


def _paired(went: Sequence[str], came: Sequence[str]) -> Iterator[_Line]:
    """Yield both kinds of lines in their order, as one where a line that went is like one that came."""
    words = [Counter(words_of(line[:_COMPARED_CHARACTERS])) for line in came]
    place = 0
    for line in went:
        known = Counter(words_of(line[:_COMPARED_CHARACTERS]))
        partner = max(range(place, len(came)), key=lambda n: _likeness(known, words[n]), default=None)
        if partner is None or _likeness(known, words[partner]) < _LEAST_ALIKE:
            yield line, None
            continue
        yield from ((None, other) for other in came[place:partner])
        yield line, came[partner]
        place = partner + 1
    yield from ((None, other) for other in came[place:])


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that both have."""
    return (one & other).total() / max(one.total(), other.total(), 1)


def _told(before: str | None, after: str | None, lead: int = _LEAD) -> Sequence[str]:
    if before is None or after is None:
        return [f"+ {after}" if before is None else f"− {before}"]
    return [_hunk_line(hunk, lead) for hunk in _hunks(word_diff(before, after))] or [after]


def _hunks(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield the changes of a line with what is around them, apart where much lies between two."""
    hunk: list[Piece] = []
    for piece in pieces:
        hunk.append(piece)
        if piece.mark is Mark.KEPT and len(hunk) > 1 and len(piece.text) > _MORE * (_LEAD + _BEHIND):
            yield hunk
            hunk = [piece]
    if any(piece.mark is not Mark.KEPT for piece in hunk):
        yield hunk


def _hunk_line(hunk: Sequence[Piece], lead: int) -> str:
    parts: list[str] = []
    gone, text = "", "".join(piece.text for piece in hunk)
    for place, piece in enumerate(hunk):
        match piece.mark:
            case Mark.KEPT if place == 0:
                parts.append(_end_of(piece.text, lead))
            case Mark.KEPT if place == len(hunk) - 1:
                parts.append(_beginning_of(piece.text))
            case Mark.KEPT:
                parts.append(piece.text)
            case Mark.GONE if place + 1 < len(hunk) and hunk[place + 1].mark is Mark.NEW:
                gone = piece.text
            case _:
                parts.append(_change(gone, piece, within=text))
                gone = ""
    return one_line("".join(parts))


def _change(gone: str, piece: Piece, *, within: str) -> str:
    """Return what words became, in brackets; the blank behind them stands behind the bracket."""
    text = one_line(piece.text)
    blank = " " if piece.text[-1:].isspace() else ""
    if gone:
        was = one_line(gone)
        return f"[{cut(was, _CHANGED)} {arrow(was, text, within=within)} {cut(text, _CHANGED)}]{blank}"
    return f"[{'+' if piece.mark is Mark.NEW else '−'} {cut(text, _CHANGED)}]{blank}"


def _end_of(text: str, characters: int) -> str:
    """Return what stands before the first change, from its last words on."""
    return f"…{_from_word(text[-characters:])}" if len(text) > _MORE * characters else text


def _beginning_of(text: str) -> str:
    """Return what stands behind the last change, to the end of its first words."""
    return f"{_from_word(text[_BEHIND - 1 :: -1])[::-1]}…" if len(text) > _MORE * _BEHIND else text


def _from_word(text: str) -> str:
    """Return the text from the beginning of a word on, when one begins in its first half."""
    skipped = sum(1 for _ in takewhile(lambda character: not character.isspace(), text))
    return text[skipped:] if skipped < len(text) // 2 else text
