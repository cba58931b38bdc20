"""What only the process that checks a watch knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import WatchState


class LiveWatch(Struct, frozen=True, kw_only=True):
    """
    A watch as the process that checks it sees it.

    Attributes:
        url: without secrets.
        checked_at: the end of its last check; on the disk it may stand up to a minute later, and so may `good_at`.
        next_check_at: None: it is disabled.
        is_under_way: it is being checked now; then `next_check_at` is when that was due.
    """

    name: str
    url: str
    checked_at: datetime | None
    good_at: datetime | None
    next_check_at: datetime | None
    is_under_way: bool = False


def with_live_times(state: WatchState, live: LiveWatch | None) -> WatchState:
    """Return a state that was read from the disk with the times that the process knows."""
    if live is None:
        return state
    return replace(state, checked_at=live.checked_at, good_at=live.good_at, next_check_at=live.next_check_at)


Live = Mapping[str, LiveWatch]
"""The watches of the process that runs, by id; empty where none does."""
