"""
How much of a test is done: a part that ends in seconds, or all, where a switch in the environment says `full`.

With `FAULTS=small` the part is done of those tests too that `make test` leaves out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import pytest

_T = TypeVar("_T")


class Size:
    """What one switch decides."""

    def __init__(self, switch: str) -> None:
        self.is_full = os.environ.get(switch) == "full"
        self.leaves_out = os.environ.get(switch) not in {"full", "small"}

    def sized(self, quick: _T, full: _T) -> _T:
        """Return how much is done: `full` with the switch, `quick` by `make test`."""
        return full if self.is_full else quick


def some_now(values: Sequence[object], *, number: int, ids: Callable[[Any], str] | None = None) -> list[Any]:
    """Return the parameters of a test; the first ones, so many, are for `make test`, the others for `make faults`."""
    return [
        pytest.param(value, marks=[pytest.mark.faults] if place >= number else [], id=ids and ids(value))
        for place, value in enumerate(values)
    ]


FAULTS: Final = Size("FAULTS")
FIGURES: Final = Size("FIGURES")
BENCH: Final = Size("BENCH")
