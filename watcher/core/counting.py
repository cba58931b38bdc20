"""
Which checks count as one more that agrees: one that somebody asked for right after another says nothing new.

| counted are                           | once this has gone by since the last that counted         |
|---------------------------------------|-----------------------------------------------------------|
| suspicious checks, for `accept_after` | half of the interval                                      |
| failed checks, for `on_error`         | half of the interval                                      |
| good checks, for `confirm`            | half of the wait that leads to the check that confirms    |

The first of its kind always counts, and so does one after the clock was set back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from watcher.core.check import WatchState
from watcher.core.schedule import wait_until_next
from watcher.core.watch import Watch

_SHARE: Final = 0.5
"""Of the usual wait. A check that is taken along with another watch's may come a little early, and counts."""


def is_counted(watch: Watch, state: WatchState, now: datetime, *, is_good: bool) -> bool:
    """Return whether this check says something that the last one that counted did not."""
    if state.counted_at is None or now < state.counted_at:
        return True
    usual: timedelta = wait_until_next(watch, is_confirming=is_good, chance=0)
    return now - state.counted_at >= usual * _SHARE
