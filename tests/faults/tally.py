"""What a fault test counts, and how much of it is done."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final, TypeVar

IS_FULL: Final = os.environ.get("FAULTS") == "full"
"""Whether `make faults` runs, which does all; else a part that ends in seconds."""
_T = TypeVar("_T")


def sized(quick: _T, full: _T) -> _T:
    """Return how much is done: `full` by `make faults`, `quick` by `make test`."""
    return full if IS_FULL else quick


@dataclass(slots=True)
class Tally:
    """
    One row of docs/reliability.md.

    Attributes:
        what: was tried, in words.
        tried, failed: how many.
        figures: more that was measured, each with its unit, as `"worst lag": "42 ms"`.
    """

    what: str = ""
    tried: int = 0
    failed: int = 0
    figures: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        more = "".join(f"; {name} {figure}" for name, figure in self.figures.items())
        return f"{self.what}: {self.tried:,} tried, {self.failed:,} failed{more}"
