"""Which watches there are, as the newest file has them, and when each is checked next. Starts nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from watcher.core.check import Decision, WatchState
from watcher.core.schedule import (
    first_wait,
    has_same_schedule,
    is_to_be_tried,
    next_check_at,
    start_spread,
    wait_until_next,
)
from watcher.core.trouble import back_off_failures
from watcher.core.watch import Selector, Watch
from watcher.errors import UnsetError
from watcher.extract.plan import plan
from watcher.watching.census import Census
from watcher.watching.committer import Committer
from watcher.watching.request_groups import RequestGroups
from watcher.watching.states import States
from watcher.watching.timetable import Clocks, Timetable
from watcher.watching.watchdog import Watchdog


class Applied(Struct, frozen=True, kw_only=True):
    """What a new file of watches changed: ids of watches."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"


Follower: TypeAlias = Callable[[Collection[Watch], Collection[Watch]], object]
"""Told which watches came and which went; one that changed went as it was and came as it is."""


class Roster:
    """
    The watches, their states, and when each is due.

    Attributes:
        watches: by id, as they are at any time.
        states: the newest of each, and of those that were removed.
        plans: the fingerprint of what each extracts.
        census: how many are in which state.
        timetable: when each is due that waits for its check.
        watchdog: notices that one has fallen silent.
    """

    def __init__(self, committer: Committer, clocks: Clocks, *, is_under_way: Callable[[str], bool]) -> None:
        """
        Nobody is here before `join`.

        Args:
            is_under_way: whether a check of the watch with this id is.
        """
        self._watches: dict[str, Watch] = {}
        self.watches: Mapping[str, Watch] = MappingProxyType(self._watches)
        self.plans: dict[str, str] = {}
        self.states = States(committer, on_saved=self._recount)
        self.watchdog = Watchdog(clocks.awake_seconds)
        self._is_under_way = is_under_way
        self._to_be_tried: set[str] = set()  # once the check ends that is under way
        self._now = clocks.now
        self._chance = clocks.chance
        self.census = Census(self.states.of)
        self._groups = RequestGroups(self.watches, clocks.chance)
        self._followers: list[Follower] = [self.census.follow, self._groups.follow]
        self.timetable = Timetable(
            self._watches,
            clocks,
            pauses=self.states.pauses,
            on_planned=self.watchdog.planned,
        )

    # Who comes and who goes

    def let_follow(self, follower: Follower) -> None:
        """Let this follow the watches that are here, and all that come and go."""
        self._followers.append(follower)
        follower(self._watches.values(), ())

    def join(self, watches: Mapping[str, Watch], states: Mapping[str, WatchState]) -> None:
        """Follow these watches too, by id, none of which is here; nothing is planned. `states`: as they were saved."""
        self.states.join(states)
        self._learn(watches)
        self._moved(watches.values(), ())

    def leave(self, ids: Collection[str]) -> None:
        """Follow these no more, each of which is here; their states are for `states.forget`."""
        went = [self._watches[one] for one in ids]
        self._forget(ids)
        self._to_be_tried.difference_update(ids)
        self._moved((), went)

    def apply(self, new: Mapping[str, Watch]) -> Applied:
        """
        Replace the watches by these; return what has changed.

        Who follows is told once: between a watch that went and the one that came in its place, a host would be asked
        as often as the others of it allow.
        """
        old = dict(self._watches)
        applied = Applied(
            added=tuple(one for one in new if one not in old),
            changed=tuple(one for one in new if one in old and new[one] != old[one]),
            removed=tuple(one for one in old if one not in new),
        )
        came = {one: new[one] for one in (*applied.changed, *applied.added)}
        self._forget(applied.removed)
        self._learn(came)
        self._moved(came.values(), [old[one] for one in (*applied.changed, *applied.removed)])
        for one in applied.changed:
            self._plan_changed(old[one], new[one])
        self.plan(applied.added)
        return applied

    def change(self, new: Mapping[str, Watch]) -> tuple[str, ...]:
        """Replace these watches, each of which is here, by what they are now; return which differ."""
        changed = tuple(one for one in new if new[one] != self._watches[one])
        old, came = {one: self._watches[one] for one in changed}, {one: new[one] for one in changed}
        self._learn(came)
        self._moved(came.values(), old.values())
        for one in changed:
            self._plan_changed(old[one], came[one])
        return changed

    # When each is due

    def plan(self, ids: Iterable[str]) -> None:
        """Plan these watches as after a start."""
        for one in ids:
            self._plan_first(self._watches[one])

    def next_check_at(self, watch: Watch, decision: Decision) -> datetime:
        """Return when to check again after this. What was seen and not judged is looked at when the mute ends."""
        state = decision.state
        asked = state.failure.retry_after if state.failure else None
        at = next_check_at(
            watch,
            failures=back_off_failures(state),
            is_confirming=decision.is_confirming,
            retry_after=asked,
            now=self._now(),
            chance=self._chance(),
        )
        if state.muted_until is None or asked is not None:
            return at
        spread = start_spread(len(self._watches))
        wait = first_wait(watch, since_planned=timedelta(0), chance=self._chance(), spread=spread)
        return min(at, state.muted_until + wait)

    def plan_next(self, watch_id: str, planned_at: datetime | None) -> float | None:
        """
        Plan the check after one that has ended, at that time; None: after the watch's interval.

        Return when it is due, on the clock that due times are counted on; None when the watch is gone or disabled.
        """
        is_to_be_tried = watch_id in self._to_be_tried
        self._to_be_tried.discard(watch_id)
        watch = self._watches.get(watch_id)
        if watch is None:
            return None
        self.watchdog.ended(watch_id)
        if not watch.is_enabled:
            return None
        if is_to_be_tried:
            return self.timetable.plan_first(watch, planned_at=self._now())
        return self.timetable.plan(watch, planned_at or self._now() + watch.every)

    def take_due(self) -> Iterator[Watch]:
        """Yield the watches that are due, each with those that ask for its page as well and may come early."""
        self.timetable.follow_clock()
        for watch in self.timetable.take_due():
            yield watch
            for one in self._groups.of(watch.id):
                if self.timetable.take_early(self._watches[one]):
                    yield self._watches[one]

    def hurry(self, kinds: Container[str]) -> None:
        """Make watches due soon that wait out a back-off after failures of these kinds."""

        def waits(watch: Watch) -> bool:
            failure = self.states.of(watch.id).failure
            return failure is not None and failure.kind in kinds

        self.timetable.hurry(waits)

    # Paused, muted, resumed

    def is_paused(self, watch: str) -> bool:
        """Return whether the watch is not to be checked now."""
        paused_until = self.states.pauses.get(watch)
        return paused_until is not None and self._now() < paused_until

    def plan_anew(self, watch_id: str) -> None:
        """Plan a watch that was paused or resumed: a paused one for the end of that, another at once."""
        watch = self._watches.get(watch_id)
        if watch is None or not watch.is_enabled:
            return
        self.timetable.drop(watch_id)
        self.watchdog.forget(watch_id)
        if self._is_under_way(watch_id):
            self._to_be_tried.add(watch_id)
        self._plan_when_idle(watch, planned_at=self._now())

    def _recount(self, watch_id: str, before: WatchState, after: WatchState) -> None:
        watch = self._watches.get(watch_id)
        if watch is not None and watch.is_enabled:
            self.census.moved(before, after)

    def _learn(self, watches: Mapping[str, Watch]) -> None:
        """Take these in place of what was known of them."""
        self._watches |= watches
        self.plans |= plans_of(watches)
        self.states.redact(watches.values())

    def _forget(self, ids: Iterable[str]) -> None:
        """Forget these; their states are kept, for they may come back."""
        for one in ids:
            del self._watches[one]
            del self.plans[one]
            self.timetable.drop(one)
            self.watchdog.forget(one)

    def _moved(self, came: Collection[Watch], went: Collection[Watch]) -> None:
        if came or went:
            for follow in self._followers:
                follow(came, went)

    def _plan_changed(self, old: Watch, new: Watch) -> None:
        if is_to_be_tried(old, new, self.states.of(new.id)):
            planned_at: datetime | None = self._now()
            if self._is_under_way(new.id):
                self._to_be_tried.add(new.id)
        elif has_same_schedule(old, new):
            return
        else:
            planned_at = self._planned_by(new)
        self.timetable.drop(new.id)
        self.watchdog.forget(new.id)
        self._plan_when_idle(new, planned_at=planned_at)
        if (at := self.timetable.planned_at(new.id)) is not None:
            self.states.plan(new.id, at)

    def _plan_first(self, watch: Watch) -> None:
        state = self.states.of(watch.id)
        may_be_set_now = state.failure is not None and state.failure.kind == UnsetError.kind
        self._plan_when_idle(watch, planned_at=self._now() if may_be_set_now else state.next_check_at)

    def _plan_when_idle(self, watch: Watch, *, planned_at: datetime | None) -> None:
        """Plan a watch as after a start. One whose check is under way is planned when that ends, and it must end."""
        if not watch.is_enabled:
            return
        if self._is_under_way(watch.id):
            self.watchdog.planned(watch, timedelta(0))
        else:
            self.timetable.plan_first(watch, planned_at=planned_at, chance=self._groups.first_chance(watch.id))

    def _planned_by(self, watch: Watch) -> datetime | None:
        """Return when the watch would be due, had it had this interval at its last check."""
        state = self.states.of(watch.id)
        if watch.cron is not None or state.checked_at is None:
            return None
        return state.checked_at + wait_until_next(watch, failures=back_off_failures(state), chance=self._chance())


def plans_of(watches: Mapping[str, Watch]) -> dict[str, str]:
    """Return the fingerprint of what each watch extracts: one text for those that extract the same."""
    known: dict[tuple[int, int, int], str] = {}  # by identity: watches of one file share what is the same
    found: dict[str, str] = {}
    for one, watch in watches.items():
        parts = id(watch.extraction), id(watch.link) if isinstance(watch.link, Selector) else 0, id(watch.scope)
        if parts not in known:
            known[parts] = sys.intern(plan(watch.extraction, watch.link, watch.scope))
        found[one] = known[parts]
    return found
