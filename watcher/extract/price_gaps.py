"""
The text between amounts → which words are said of which amount.

On the lines of a text a word speaks of the amount on its own line, and a line of words alone of the next amount, or
of the one before. Where a line holds several, words stand before their amounts, or behind them, or some here and some
there: each of these is a reading, and the first one that does not contradict itself is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from watcher.extract.price_phrases import first_in, first_said, role_said, said_before
from watcher.extract.price_words import Role


class Gap(Struct, frozen=True):
    """
    The text between two amounts, or before the first, or behind the last, in lower case.

    Attributes:
        text: all of it.
        left, between, right: the rest of the first one's line, whole lines, the beginning of the second one's line;
            of what stands on one line with both, all is in `left` and in `right`.
        is_broken: whether a line ends in it; `is_last`: whether it is behind the last amount.
    """

    text: str
    left: str
    between: str
    right: str
    is_broken: bool
    is_last: bool = False

    @classmethod
    def of(cls, line: str, start: int, end: int, breaks: Sequence[int]) -> Gap:
        """Return the gap from `start` to `end`; the blanks at `breaks` stand between lines."""
        text = line[start:end].lower()
        within = [each - start for each in breaks if start <= each <= end]
        if not within:
            return cls(text, text, "", text, is_broken=False)
        first, last = within[0], within[-1]
        left, between, right = text[:first], text[first:last], text[last:]
        if start == 0 or left.rstrip().endswith((":", "：", "=")):
            left, between = "", left + between
        if end == len(line):
            between, right = between + right, ""
        return cls(text, left, between, right, is_broken=True, is_last=end == len(line))

    @property
    def before(self) -> str:
        """Return what may be said of the amount behind the gap: the words of its line, else of the lines before."""
        text = self.right if not self.is_broken or _has_words(self.right) else self.between + self.right
        return text.rpartition("…")[2]

    def behind(self, sign: str = "") -> str:
        """Return what may be said of the amount before the gap, with `sign` where the next one follows its words."""
        if self.is_broken and not self.is_last and _has_words(self.left):
            return self.left.partition("…")[0]
        text = self.left + self.between if self.is_broken else self.text
        words, is_crossed, _ = text.partition("…")
        if is_crossed and role_said(words) in (Role.LIST, Role.WAS):
            words = ""  # `79,99 € UVP <s>99,99 €</s>`
        return f"{words}{sign}"


def words_said(gaps: Sequence[Gap]) -> Iterator[Sequence[Role | None]]:
    """Yield what the words say of each amount, for each way to read them: the likeliest first, the default last."""
    before, behind = [gap.before for gap in gaps[:-1]], [gap.behind() for gap in gaps[1:]]
    words_before, words_behind = [role_said(text) for text in before], [role_said(text) for text in behind]
    if words_behind[-1] is Role.GROSS and gaps[-1].is_broken and role_said(gaps[-1].left) is not Role.GROSS:
        words_behind[-1] = None  # a last line `TTC` speaks of all
    may_be_behind = words_before[0] is None and _may_stand_behind([gap.text for gap in gaps[1:]])
    is_behind = may_be_behind and not {None, Role.CONDITIONAL, Role.COUPON}.intersection(words_behind)
    may_be_behind = may_be_behind and words_behind[-1] not in (Role.FINAL, Role.NOW)
    readings = [words_behind, words_before] if is_behind else [words_before]
    readings += [words_behind] if may_be_behind and not is_behind else []
    if any(gap.is_broken for gap in gaps[1:-1]):
        own = _words_of_lines(gaps)
        yield from ([word or other for word, other in zip(own, reading, strict=True)] for reading in readings)
    yield from readings
    yield [
        word or first_said(text, is_last=index == len(before))
        for index, (word, text) in enumerate(zip(words_before, behind, strict=True), 1)
    ]
    yield words_before


def _words_of_lines(gaps: Sequence[Gap]) -> list[Role | None]:
    """Return what is said of each amount on its own line, where it stands there alone."""
    own = [gap.right if index == 0 or gap.is_broken else "" for index, gap in enumerate(gaps[:-1])]
    rest = [gap.left if index == len(gaps) - 2 or gap.is_broken else "" for index, gap in enumerate(gaps[1:])]
    return [
        said_before(before.rpartition("…")[2]) or first_in(behind.partition("…")[0])
        for before, behind in zip(own, rest, strict=True)
    ]


def _may_stand_behind(gaps: Sequence[str]) -> bool:
    """Return whether words may name the price before them: none with a colon, nor those before one crossed out."""
    parts = [[part.strip() for part in gap.split("…")] for gap in gaps]
    return not any(part.endswith((":", "：")) for each in parts for part in each) and all(
        role_said(part) for each in parts for part in each[1:] if part
    )


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in text)
