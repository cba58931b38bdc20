"""
How a watch stands, in one word. The first row that fits decides.

| the watch | standing |
|---|---|
| is not enabled | disabled |
| is paused | paused |
| was due more than 10 minutes ago, or never is | overdue: no watcher runs |
| is muted | muted, though it may fail |
| saw something odd at its last check, not believed yet | suspicious |
| failed at its last check | failing |
| was never checked well | new |
| was checked well | fine |
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from watcher.core.check import WatchState
from watcher.core.pausing import is_muted, is_paused
from watcher.core.suspicion import is_suspicious

_LATE_AFTER: Final = timedelta(minutes=10)
"""Times of checks are written up to a minute late, and a host's lane may be long."""


class Standing(StrEnum):
    """How a watch stands; those that need the operator come first, then what is out of the ordinary."""

    FAILING = "failing"
    SUSPICIOUS = "suspicious"
    OVERDUE = "overdue"
    MUTED = "muted"
    PAUSED = "paused"
    NEW = "new"
    FINE = "fine"
    DISABLED = "disabled"

    @property
    def is_trouble(self) -> bool:
        """True where the operator has to look."""
        return self in (Standing.FAILING, Standing.SUSPICIOUS)


def standing_of(state: WatchState, *, now: datetime, is_enabled: bool = True) -> Standing:
    """Return how a watch with this state stands."""
    if not is_enabled:
        return Standing.DISABLED
    if state.paused_until is not None and is_paused(state, now):
        return Standing.PAUSED
    if state.next_check_at is None or now - state.next_check_at > _LATE_AFTER:
        return Standing.OVERDUE
    if state.muted_until is not None and is_muted(state, now):
        return Standing.MUTED
    if state.failure is not None:
        return Standing.SUSPICIOUS if is_suspicious(state) else Standing.FAILING
    return Standing.FINE if state.snapshot is not None else Standing.NEW


def until_of(state: WatchState, standing: Standing) -> datetime | None:
    """Return when a watch that is paused or muted is so no more."""
    match standing:
        case Standing.PAUSED:
            return state.paused_until
        case Standing.MUTED:
            return state.muted_until
        case _:
            return None
