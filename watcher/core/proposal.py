"""What is proposed for a value that a watch lost: where it may be now."""

from __future__ import annotations

from msgspec import Struct

MOST_PLACES = 5
LEAST = 0.3
"""What has less of the signs is not proposed."""
CLEAR = 0.06
"""By so much the first place must be ahead of the second to be proposed alone."""
LIKELY = 0.5
"""So much it must have of what is known: where a thing is gone, something is the likest, and another thing."""


class NewPlace(Struct, frozen=True, kw_only=True):
    """
    Where a lost value may be now.

    Attributes:
        selector: CSS that finds it alone; within JSON a JSONPath, which begins with `$`.
        text: what it says, on one line, bounded.
        score: how much of what is known of the value's place it has, 0 to 1.
    """

    selector: str
    text: str
    score: float


def language_of(selector: str) -> str:
    """Return the key that a proposed selector is written under."""
    return "jsonpath" if selector.startswith("$") else "css"


class Proposal(Struct, frozen=True, kw_only=True):
    """
    What is proposed for a value that was lost.

    Attributes:
        name: of the value; `core.witness.LIST` for the rows of a list.
        label: the text after which it was; empty where there was none.
        last: what it was when it was believed last, as text.
        places: the likeliest first; none when nothing is like it.
    """

    name: str
    label: str
    last: str
    places: tuple[NewPlace, ...]

    @property
    def margin(self) -> float:
        """How far the first place is ahead of the second, 0 to 1."""
        first, *others = [each.score for each in self.places] or [0.0]
        return first - others[0] if others else first

    @property
    def is_clear(self) -> bool:
        """Whether the first place has most of what is known, and is well ahead of the others."""
        return bool(self.places) and self.margin >= CLEAR and self.places[0].score >= LIKELY
