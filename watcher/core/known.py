"""What is known of rows before a check, and what subscribers know of them after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from watcher.core.check import Progress, WatchState
from watcher.core.values import Row, Rows
from watcher.core.watch import Items, Watch
from watcher.core.words import Firing

ROLLING_ROWS = 1_000
"""So many rows of a rolling list stay known at least, and ROLLING_PAGES times those on the page."""
ROLLING_PAGES = 5


def is_rolling(watch: Watch) -> bool:
    """Return whether the watch's list shows its newest rows only."""
    return isinstance(watch.extraction, Items) and watch.extraction.rolling


def rows_before(watch: Watch, state: WatchState, new: Rows) -> Rows:
    """
    Return the rows that this check's rows are compared with: those of the snapshot.

    Of a rolling list, where a row that left is not gone: what is known of the rows that are on the page now.
    """
    seen = state.rows
    if not is_rolling(watch):
        return seen
    return {key: seen.get(key, state.told.get(key, {})) for key in new if key in seen or key in state.told}


def told_after(watch: Watch, state: WatchState, new: Rows, firings: Iterable[Firing], *, is_baseline: bool) -> Rows:
    """Return what subscribers know of each row: as it was when it came, or when a message last carried it."""
    if is_baseline:
        return new
    carried = {firing.key for firing in firings}
    told = {key: row if key in carried else state.told.get(key, row) for key, row in new.items()}
    return {**_left(state, new), **told} if is_rolling(watch) else told


def _left(state: WatchState, new: Rows) -> dict[str, Row]:
    """Return the newest rows that left a rolling list, as they were last seen there."""
    seen = state.rows
    unconfirmed = _unconfirmed(state.progress)
    left = {key: seen.get(key, row) for key, row in state.told.items() if key not in new and key not in unconfirmed}
    room = max(ROLLING_ROWS, ROLLING_PAGES * len(new)) - len(new)
    return dict(islice(left.items(), max(0, len(left) - room), None))


def _unconfirmed(progress: Mapping[str, Mapping[str, Progress]]) -> set[str]:
    """Return the rows whose coming awaits its confirmation: when one leaves before, it has never been there."""
    return {
        key
        for rows in progress.values()
        for key, step in rows.items()
        if step.basis is None and step.candidate is not None
    }
