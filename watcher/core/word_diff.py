"""
Where two texts differ, word by word.

A word is a run of letters and digits, with the points and commas of a number, a sign, or one character of a script that
sets no blanks between words; the blanks behind it are part of it and are not compared. What both texts begin and end
with is cut down to a few words. What lies between is compared by difflib, whose time grows with the cube of the words
on texts that are made for it: of more than 150 words, all is taken as another text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile
from typing import Final

from msgspec import Struct

SOLID: Final = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, and what Chinese and Japanese are written in."""
# Compiled at its first use, which takes 2 ms: most passes of `watcher check` tell nothing.
_WORD: Final = rf"(?s:(?:[{SOLID}]|[^\W{SOLID}]+(?:[.,:/-]\d+)*|.)\s*|\s+)"
_COMPARED_WORDS: Final = 150
_AROUND_WORDS: Final = 24
_SHOWN_CHARACTERS: Final = 2_000
_READ_CHARACTERS: Final = 20_000
"""Of either text, from where they begin to differ."""


class Mark(StrEnum):
    """What became of a piece of a text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


class Piece(Struct, frozen=True):
    """Some words that stayed, went or came."""

    mark: Mark
    text: str


def word_diff(old: str, new: str) -> Sequence[Piece]:
    """
    Return the pieces of both texts in their order, at most about 2,000 characters of each.

    `…` stands where words that did not change are left out. Two changes with no word between them are one.
    """
    start = _beginning(old, new)
    before, after = _words(old[start:]), _words(new[start:])
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    since = max(0, head - _AROUND_WORDS)
    around, behind = _kept(before[since:head], after[since:head]), after[len(after) - tail :][:_AROUND_WORDS]
    is_cut = start > 0 or since > 0
    changed = _apart(before[head : len(before) - tail], after[head : len(after) - tail])
    pieces = [
        Piece(Mark.KEPT, ("…" if is_cut else "") + around),
        *_merged(changed),
        Piece(Mark.KEPT, _joined(behind) + ("…" if tail > _AROUND_WORDS else "")),
    ]
    return [piece for piece in pieces if piece.text]


def words_of(text: str) -> list[str]:
    """Return the words of a text, or of its first 20,000 characters, without blanks and signs."""
    return [word.rstrip() for word in _words(text) if word[0].isalnum()]


def _beginning(old: str, new: str) -> int:
    """Return where to begin to read: a little before the first difference, so that texts may be long."""
    lengths = range(min(len(old), len(new)) + 1)
    differs_at = bisect_left(lengths, True, key=lambda length: old[:length] != new[:length]) - 1
    return max(0, differs_at - 10 * _AROUND_WORDS)


def _words(text: str) -> list[str]:
    return re.findall(_WORD, text[:_READ_CHARACTERS])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0].rstrip() == pair[1].rstrip(), pairs))


def _apart(gone: Sequence[str], came: Sequence[str]) -> Iterator[Piece]:
    if max(len(gone), len(came)) > _COMPARED_WORDS:
        yield from _changed(gone, came)
        return
    compared = SequenceMatcher(None, _bare(gone), _bare(came), autojunk=False)
    for kind, i, j, k, m in compared.get_opcodes():
        if kind == "equal":
            yield Piece(Mark.KEPT, _kept(gone[i:j], came[k:m]))
        else:
            yield from _changed(gone[i:j], came[k:m])


def _kept(before: Sequence[str], after: Sequence[str]) -> str:
    """Return the words, with the blank behind the last one if either text has one there."""
    return _joined([*after[:-1], max(before[-1], after[-1], key=len)]) if after else ""


def _bare(words: Iterable[str]) -> list[str]:
    return [word.rstrip() for word in words]


def _changed(gone: Sequence[str], came: Sequence[str]) -> Iterator[Piece]:
    if gone:
        yield Piece(Mark.GONE, _joined(gone))
    if came:
        yield Piece(Mark.NEW, _joined(came))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces, those between which only signs stand as one change."""
    gone = came = kept = ""
    for piece in pieces:
        if piece.mark is Mark.KEPT and any(map(str.isalnum, piece.text)):
            yield from _of_change(gone, came, kept)
            yield piece
            gone = came = kept = ""
        elif piece.mark is Mark.KEPT:
            kept += piece.text
        else:
            gone, came, kept = gone + kept, came + kept, ""
            gone += piece.text if piece.mark is Mark.GONE else ""
            came += piece.text if piece.mark is Mark.NEW else ""
    yield from _of_change(gone, came, kept)


def _of_change(gone: str, came: str, kept: str) -> Iterator[Piece]:
    for mark, text in ((Mark.GONE, gone), (Mark.NEW, came), (Mark.KEPT, kept)):
        if text:
            yield Piece(mark, text)


def _joined(words: Sequence[str]) -> str:
    text = "".join(words)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
