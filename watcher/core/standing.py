"""
How a watch stands, in one word.

| the next check | the last one | standing |
|---|---|---|
| was due more than 10 minutes ago, or never | whatever | overdue: it is disabled, or no watcher runs |
| is due later | failed | failing |
| is due later | saw something odd, not believed yet | suspicious |
| is due later | was good | fine |
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from watcher.core.check import WatchState
from watcher.core.suspicion import is_suspicious

_LATE_AFTER: Final = timedelta(minutes=10)
"""Times of checks are written up to a minute late, and a host's lane may be long."""


class Standing(StrEnum):
    """How a watch stands; those that need the operator come first."""

    FAILING = "failing"
    SUSPICIOUS = "suspicious"
    OVERDUE = "overdue"
    FINE = "fine"

    @property
    def is_trouble(self) -> bool:
        """True where the operator has to look."""
        return self in (Standing.FAILING, Standing.SUSPICIOUS)


def standing_of(state: WatchState, *, now: datetime) -> Standing:
    """Return how a watch with this state stands."""
    if state.next_check_at is None or now - state.next_check_at > _LATE_AFTER:
        return Standing.OVERDUE
    if state.failure is None:
        return Standing.FINE
    return Standing.SUSPICIOUS if is_suspicious(state) else Standing.FAILING
