"""Tells the operator of each watch that has fallen silent; `watchdog` says which ones have."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from watcher.core.judge import stale
from watcher.core.pausing import is_left_alone, is_paused
from watcher.core.schedule import is_active
from watcher.core.watch import Watch
from watcher.errors import StoreError
from watcher.watching.roster import Roster

_log = logging.getLogger(__name__)


class Silence:
    """Which watches are silent. That one is told of stands in its state, so each is told of once."""

    def __init__(self, roster: Roster, *, epoch: Callable[[], str], now: Callable[[], datetime]) -> None:
        """
        Args:
            epoch: returns that of the store's state.
            now: the wall clock.
        """
        self._watches = roster.watches
        self._states = roster.states
        self._watchdog = roster.watchdog
        self._epoch = epoch
        self._now = now
        self._with_hours: dict[str, Watch] = {}
        self._patient: dict[str, Watch] = {}
        """those with `stale_after`, which are examined each time"""
        roster.let_follow(self.follow)

    def follow(self, came: Iterable[Watch], went: Iterable[Watch]) -> None:
        """Take note that some watches came and others went."""
        for watch in went:
            self._with_hours.pop(watch.id, None)
            self._patient.pop(watch.id, None)
        for watch in came:
            if watch.is_enabled and watch.active_hours is not None:
                self._with_hours[watch.id] = watch
            if watch.is_enabled and watch.stale_after is not None:
                self._patient[watch.id] = watch

    def count(self) -> int:
        """Return how many watches are silent."""
        return sum(map(self._watchdog.is_silent, self._perhaps_silent()))

    async def look(self, *, is_network_down: bool) -> None:
        """Tell of those that have fallen silent; of none while the network is down."""
        now = self._now()
        closed = set(_closed(self._with_hours.values(), now))
        closed.update(watch.id for watch in self._patient.values() if is_paused(self._states.of(watch.id), now))
        for one in closed:
            self._watchdog.saw_closed(one)
        for watch in [] if is_network_down else self._perhaps_silent():
            if watch.id not in closed and self._watchdog.is_silent(watch):
                await self._tell(watch)

    def _perhaps_silent(self) -> list[Watch]:
        """Return all watches that are silent, and some that are not: looking at each of 100,000 takes too long."""
        overdue = (self._watches[one] for one in self._watchdog.overdue() if one in self._watches)
        return [
            *self._patient.values(),
            *(watch for watch in overdue if watch.is_enabled and watch.stale_after is None),
        ]

    async def _tell(self, watch: Watch) -> None:
        state = self._states.of(watch.id)
        if is_left_alone(state, self._now()):
            return
        decision = stale(watch, state, epoch=self._epoch(), now=self._now())
        if decision is None:
            return
        try:
            is_told = await self._states.save(decision, follows=state)
        except StoreError as error:
            _log.error("watch %s has fallen silent, and that cannot be saved: %s", watch.id, error)
            return
        if is_told:  # else a check has ended in the meantime
            _log.warning("%s: has fallen silent; the operator is told", watch.id)


def _closed(watches: Iterable[Watch], now: datetime) -> Iterator[str]:
    """Yield the ids of those that may not be checked now. Many have the same hours, which are looked at once."""
    known: dict[tuple[int, int], bool] = {}
    for watch in watches:
        hours = id(watch.active_hours), id(watch.timezone)
        if hours not in known:
            known[hours] = is_active(watch, now)
        if not known[hours]:
            yield watch.id
