"""How often the right thing is suggested: `python -m tests.extract.suggestions` prints the figures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tests.extract.suggested import PAGES, Truth
from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.extract.suggesting import Candidate, suggest


class Figures(Struct, frozen=True):
    """
    How pages were judged.

    Attributes:
        first, in_three: how many pages have the right candidate first, and among the first three.
        something: how many of the pages that have something there are.
        false: what is offered on pages that have nothing, by their names.
        wrong: what is first on pages where it is not right, by their names.
    """

    something: int
    first: int
    in_three: int
    nothing: int
    false: dict[str, str]
    wrong: dict[str, str]

    def __str__(self) -> str:
        lines = [f"  {name}: {what}" for name, what in (*self.wrong.items(), *self.false.items())]
        return "\n".join(
            [
                f"{self.first} of {self.something} right first, {self.in_three} in the first three; "
                f"something on {len(self.false)} of {self.nothing} pages that have nothing",
                *lines,
            ]
        )


def candidates_of(truth: Truth) -> Sequence[Candidate]:
    """Return what is suggested for a page."""
    page = Page(url=truth.url, body=truth.html.encode(), media_type="text/html", charset="utf-8")
    return suggest(page, CpuBudget(time.thread_time, seconds=2, regex_seconds=1), value=truth.value).candidates


def figures(truths: Iterable[Truth]) -> Figures:
    """Return how these pages are judged."""
    something = first = in_three = nothing = 0
    false: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for truth in truths:
        found = candidates_of(truth)
        if not truth.kinds:
            nothing += 1
            if found:
                false[truth.name] = _said(found[0])
            continue
        something += 1
        right = [place for place, candidate in enumerate(found) if truth.is_met_by(candidate)]
        first += right[:1] == [0]
        in_three += bool(right) and right[0] < 3
        if right[:1] != [0]:
            place = f"right is {right[0] + 1} of {len(found)}" if right else f"none of {len(found)} is right"
            wrong[truth.name] = f"{place}; first is {_said(found[0]) if found else 'nothing'}"
    return Figures(something, first, in_three, nothing, false, wrong)


def _said(candidate: Candidate) -> str:
    return f"{candidate.kind} {candidate.score} {candidate.texts[:2]} {dict(candidate.watch)}"


def main() -> None:
    """Print how the pages are judged."""
    print("pages of our own:", figures(PAGES))


if __name__ == "__main__":
    main()
