"""ntfy's five priorities, by number and by name."""

from __future__ import annotations

from typing import Final

USUAL_PRIORITY: Final = 3
_BY_NAME: Final = {"min": 1, "low": 2, "default": 3, "high": 4, "max": 5, "urgent": 5}
_BY_NUMBER: Final = {str(number): number for number in range(1, 6)}


def parse_priority(text: str) -> int | None:
    """Return a priority, 1 to 5; None for what is none."""
    return (_BY_NUMBER | _BY_NAME).get(text.strip().lower())
