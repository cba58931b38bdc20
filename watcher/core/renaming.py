"""
Which watches have yet to go on as those that they were (`was`), with what those have seen and told.

A new one does that has fewer decisions and has seen no change since; then it has as many, so it does so once. The
sequence is that of the former watch, and is part of the ids of messages: none is made twice.
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.core.check import WatchState
from watcher.core.watch import Watch


def renames(watches: Mapping[str, Watch], states: Mapping[str, WatchState]) -> Mapping[str, str]:
    """Return the new id of each watch that is to be renamed, by its former one."""
    wanted = {watch.was: new for new, watch in watches.items() if watch.was is not None and watch.was in states}
    return {old: new for old, new in wanted.items() if _goes_on(states.get(new, WatchState()), states[old])}


def _goes_on(new: WatchState, old: WatchState) -> bool:
    has_seen_no_change = new.changed_at is None or (old.changed_at is not None and new.changed_at <= old.changed_at)
    return new.sequence < old.sequence and has_seen_no_change
