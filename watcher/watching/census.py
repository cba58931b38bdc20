"""How many watches are in which state, counted as they change: to count 100,000 on each request takes too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from watcher.core.check import WatchState
from watcher.core.watch import Watch


class Census:
    """How many watches are `ok`, `failing`, `new` (never checked well), `paused`, `muted` and `disabled`."""

    def __init__(self, state_of: Callable[[str], WatchState]) -> None:
        self._state_of = state_of
        self._counts: Counter[str] = Counter()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many watches are in each state, without states that no watch is in."""
        return +self._counts

    def follow(self, came: Iterable[Watch], went: Iterable[Watch]) -> None:
        """Count watches that came, and those that went no more."""
        self._counts.subtract(map(self._stands, went))
        self._counts.update(map(self._stands, came))

    def moved(self, before: WatchState, after: WatchState) -> None:
        """Count an enabled watch by its new state."""
        was, is_now = _says(before), _says(after)
        if was != is_now:
            self._counts[was] -= 1
            self._counts[is_now] += 1

    def _stands(self, watch: Watch) -> str:
        return _says(self._state_of(watch.id)) if watch.is_enabled else "disabled"


def _says(state: WatchState) -> str:
    """Return how a watch stands. One whose pause or mute has ended counts as such until it was checked."""
    if state.paused_until is not None:
        return "paused"
    if state.muted_until is not None:
        return "muted"
    return "failing" if state.failure else "ok" if state.snapshot else "new"
