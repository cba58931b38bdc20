"""What is proposed for a value that a watch lost: where it may stand now."""

from __future__ import annotations

from msgspec import Struct

CLEAR = 0.06
"""By so much the first candidate must be ahead of the second to be proposed alone."""
LIKELY = 0.5
"""So much it must have of what is known: where a thing is gone, something is the likest, and another thing."""


class Candidate(Struct, frozen=True, kw_only=True):
    """
    A place where a lost value may stand.

    Attributes:
        selector: CSS that finds it alone.
        text: what it says, on one line, bounded.
        score: how much of what is known of the value's place it has, 0 to 1.
    """

    selector: str
    text: str
    score: float


class Proposal(Struct, frozen=True, kw_only=True):
    """
    Where a value that was lost may stand now.

    Attributes:
        name: of the value; `core.witness.LIST` for the rows of a list.
        label: the text behind which it stood; empty where there was none.
        last: what it was when it was believed last, as text.
        candidates: the likeliest first; none when nothing is like it.
    """

    name: str
    label: str
    last: str
    candidates: tuple[Candidate, ...]

    @property
    def margin(self) -> float:
        """How far the first candidate is ahead of the second, 0 to 1."""
        first, *others = [each.score for each in self.candidates] or [0.0]
        return first - others[0] if others else first

    @property
    def is_clear(self) -> bool:
        """Whether the first candidate has most of what is known, and is well ahead of the others."""
        return bool(self.candidates) and self.margin >= CLEAR and self.candidates[0].score >= LIKELY
