"""What the figures of the benchmarks should reach, on the machine of `make bench`. Ratios, for machines differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmarks.pages import Phase

OF_URLWATCH: Final[Mapping[str, Mapping[Phase, float]]] = {
    "whole 200": {Phase.NOT_MODIFIED: 2},
    "whole 1000": {Phase.NOT_MODIFIED: 4, Phase.SAME: 10, Phase.PARSED: 4.5, Phase.CHANGED: 3.6},
    "fresh 1000": {Phase.NOT_MODIFIED: 3.6, Phase.SAME: 8.5, Phase.PARSED: 4, Phase.CHANGED: 3.2},
}
"""By the name and size of a trial: how many times our CPU time urlwatch's is at least, the start of both included."""
OF_FLOOR: Final[Mapping[Phase, float]] = {
    Phase.NOT_MODIFIED: 1.5,
    Phase.SAME: 1.5,
    Phase.PARSED: 1.6,
    Phase.CHANGED: 1.8,
}
"""How many times the floor's CPU time ours is at most, of one more check in a long run."""
