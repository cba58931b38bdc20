"""What a fault test counts, and how much of it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.sizes import FAULTS

IS_FULL: Final = FAULTS.is_full
"""Whether `make faults` runs, which does all; else a part that ends in seconds."""
sized = FAULTS.sized


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
