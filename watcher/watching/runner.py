"""
Keeps every watch checked: a task for each check under way, none for a watch that waits.

A watch re-enters the timetable only after its last result is as safe as it must be, so a slow disk slows the checks
down instead of filling the memory.

Only this and what it is made of writes the states of watches. What else changes one (`accept`, a watch that fell
silent) does so between two checks or during one; the result of a check that was under way then is dropped, and the
page looked at again.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Container, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.figures import Durations, Pulse
from watcher.core.schedule import has_same_schedule, next_check_at, wait_until_next
from watcher.core.trouble import OF_THE_NETWORK, OUT_OF_FILES
from watcher.core.watch import AllWell, Selector, Watch, WatchFile
from watcher.errors import StoreError
from watcher.extract.plan import plan
from watcher.watching.alerts import Alerts
from watcher.watching.census import Census
from watcher.watching.check import Bench, Checked, check
from watcher.watching.committer import Committer
from watcher.watching.request_groups import RequestGroups
from watcher.watching.states import States
from watcher.watching.timetable import Timetable, boot_seconds
from watcher.watching.watchdog import Watchdog
from watcher.workers.loop import LONGEST_WAIT_SECONDS, WorkerLoop

_STUCK_SECONDS = 3 * LONGEST_WAIT_SECONDS
_ACCEPT_SECONDS = 60.0
_MOST_NOTES = 50
"""Notes of one watch that are logged; a page that makes a new one each time is not worth more."""
_log = logging.getLogger(__name__)


class Applied(Struct, frozen=True, kw_only=True):
    """What another file of watches came to: ids of watches."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"


class Standing(Struct, frozen=True, kw_only=True):
    """
    How the watches stand.

    Attributes:
        watches: how many are `ok`, `failing`, `new` (never checked well) and `disabled`.
        silent: how many have not been checked for too long, see `watchdog`.
        under_way: checks.
        overdue_seconds: for how long the watch is due that waits longest for the end of its check.
    """

    watches: Mapping[str, int]
    silent: int
    under_way: int
    overdue_seconds: float
    is_network_down: bool


class Runner:
    """Checks watches: all of them for ever (`run`), or some of them once (`check_once`)."""

    def __init__(
        self,
        watches: Mapping[str, Watch],
        states: Mapping[str, WatchState],
        bench: Bench,
        committer: Committer,
        *,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        seconds: Callable[[], float] = boot_seconds,
        awake_seconds: Callable[[], float] = time.monotonic,
        all_well: AllWell | None = None,
        timezone: tzinfo | None = None,
    ) -> None:
        """
        Args:
            states: of these watches, and of those that may come back.
            now: the wall clock, for records.
            chance: a fresh random number, 0 ≤ chance < 1.
            seconds: the clock that due times are counted on.
            awake_seconds: a monotonic clock that stands still in suspend; silence is counted on it.
            all_well: when to say once a day how things stand.
            timezone: in which the operator reads times; None: the system's.
        """
        self._watches = dict(watches)
        self._plans = plans_of(watches)
        self._states = States(states, committer, on_saved=self._recount)
        self._redacted = self._redact(watches.values())
        self._census = Census(watches.values(), self._states.of)
        self._bench = bench
        self._now = now
        self._chance = chance
        self._seconds = seconds
        self._running: dict[str, asyncio.Task[None]] = {}
        self._noted: defaultdict[str, set[str]] = defaultdict(set)
        self._watchdog = Watchdog(awake_seconds)
        self._timetable = Timetable(
            self._watches, now=now, chance=chance, seconds=seconds, on_planned=self._watchdog.planned
        )
        self._alerts = Alerts(
            self._watches,
            self._states,
            committer,
            self._watchdog,
            epoch=bench.epoch,
            all_well=all_well,
            now=now,
            timezone=timezone,
            on_network_back=partial(self._hurry, OF_THE_NETWORK),
            on_files_back=partial(self._hurry, {OUT_OF_FILES}),
        )
        self._groups = RequestGroups(self._watches, chance)
        self._looked_around_at = seconds()
        self._tasks: asyncio.TaskGroup | None = None
        self._loop = WorkerLoop("starts checks", stuck_seconds=_STUCK_SECONDS)
        self._is_stopping = False
        self.checks: Counter[Verdict] = Counter()
        self.failures: Counter[str] = Counter()
        self.check_seconds = Durations()
        self.schedule_lag_seconds = Durations()

    # The loop

    async def run(self) -> None:
        """
        Check every watch when it is due, until `stop`; then return when the checks under way have ended.

        Cancelled, it cancels them.
        """
        for watch in self._watches.values():
            self._plan_first_check(watch)
        async with asyncio.TaskGroup() as self._tasks:
            await self._save_redacted()
            await self._loop.run(self._turn)

    @property
    def pulse(self) -> Pulse:
        """When the loop last came round."""
        return self._loop.pulse

    def stop(self) -> None:
        """Start no more checks."""
        self._is_stopping = True
        self.wake()

    def wake(self) -> None:
        """Look at once what is due: the clock may have moved, as after a suspend."""
        self._loop.wake()

    async def _turn(self) -> float | None:
        """Start the checks that are due; return for how many seconds there are no more."""
        if self._is_stopping:
            return None
        self._timetable.follow_clock()
        for watch in self._timetable.take_due():
            self._start_with_group(watch)
        await self._look_around()
        due_at = self._timetable.next_due_at()
        return LONGEST_WAIT_SECONDS if due_at is None else due_at - self._seconds()

    def _start(self, watch: Watch) -> asyncio.Task[None]:
        assert self._tasks is not None  # noqa: S101 - `run` has opened it
        task = self._running[watch.id] = self._tasks.create_task(self._check_and_plan(watch))
        return task

    def _start_with_group(self, watch: Watch) -> None:
        """Start the check of a watch that is due, and of those that ask for its page as well and may come early."""
        self._start(watch)
        for one in self._groups.of(watch.id):
            if self._timetable.take_early(self._watches[one]):
                self._start(self._watches[one])

    async def _look_around(self) -> None:
        """Now and then, look for what no single check shows."""
        seconds = self._seconds()
        if seconds - self._looked_around_at < LONGEST_WAIT_SECONDS:
            return
        self._looked_around_at = seconds
        try:
            await self._alerts.look_around()
        except Exception:
            _log.exception("a defect in watcher: the operator may not be told of what stands out")

    # One check

    async def check_once(self, ids: Iterable[str]) -> AsyncIterator[Decision]:
        """
        Check each of these watches once, all together; yield each decision when it is saved. Raises StoreError.

        Those that are not enabled are passed over; active hours are not looked at.
        """
        await self._save_redacted()
        wanted = [self._watches[watch] for watch in ids]
        pending = [asyncio.create_task(self._check_and_save(watch.id)) for watch in wanted if watch.is_enabled]
        try:
            for next_done in asyncio.as_completed(pending):
                decision = await next_done
                if decision is not None:
                    yield decision
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def _check_and_plan(self, watch: Watch) -> None:
        """Check one watch and put it back into the timetable. What goes wrong here concerns this watch alone."""
        self.schedule_lag_seconds.note(self._watchdog.late_seconds(watch.id))
        decision = None
        try:
            decision = await self._check_and_save(watch.id)
        except StoreError as error:
            _log.error("watch %s: the result of its check was not saved and is dropped: %s", watch.id, error)
        except Exception:
            _log.exception("watch %s: a defect in watcher", watch.id)
        del self._running[watch.id]
        newest = self._watches.get(watch.id)
        if newest is not None:
            self._watchdog.ended(watch.id)
            self._plan_next_check(newest, decision)

    def _plan_next_check(self, watch: Watch, decision: Decision | None) -> None:
        if watch.is_enabled:
            planned_at = decision.state.next_check_at if decision else None
            due_at = self._timetable.plan(watch, planned_at or self._now() + watch.every)
            self._loop.wake_within(due_at - self._seconds())

    async def _check_and_save(self, watch_id: str) -> Decision | None:
        """
        Check a watch and return the decision, with the time of the next check; None when it was removed meanwhile.

        The new state counts only once it is saved. Raises StoreError.
        """
        while (watch := self._watches.get(watch_id)) is not None:
            state, plan_of_watch, is_outage = (
                self._state(watch_id),
                self._plans[watch_id],
                self._alerts.is_network_down,
            )
            began = time.perf_counter()
            checked = await check(self._bench, watch, plan_of_watch, state, now=self._now(), is_outage=is_outage)
            self.check_seconds.note(time.perf_counter() - began)
            newest = self._watches.get(watch_id)
            if newest is None:
                break
            next_at = self._next_check_at(newest, checked)
            decision = replace(checked.decision, state=replace(checked.decision.state, next_check_at=next_at))
            if await self._states.save(decision, follows=state):
                self._count(decision)
                self._alerts.take_note(watch, decision)
                self._report(watch, decision)
                return decision
        return None

    def _count(self, decision: Decision) -> None:
        self.checks[decision.verdict] += 1
        if decision.state.failure:
            self.failures[decision.state.failure.kind] += 1

    def _next_check_at(self, watch: Watch, checked: Checked) -> datetime:
        return next_check_at(
            watch,
            failures=checked.decision.state.failures,
            is_confirming=checked.decision.is_confirming,
            retry_after=checked.retry_after,
            now=self._now(),
            chance=self._chance(),
        )

    def _report(self, watch: Watch, decision: Decision) -> None:
        failure, snapshot = decision.state.failure, decision.state.snapshot
        if failure:
            _log.warning("%s: %s: %s", watch.id, failure.kind, failure.text)
        for message in decision.messages:
            _log.info("%s: telling %s: %s", watch.id, message.topic, message.summary)
        for note in snapshot.observation.notes if snapshot else ():
            known = self._noted[watch.id]
            if note not in known and len(known) < _MOST_NOTES:
                known.add(note)
                _log.info("%s: %s", watch.id, note)

    def _state(self, watch: str) -> WatchState:
        return self._states.of(watch)

    def _hurry(self, kinds: Container[str]) -> None:
        """Check soon what waits out a back-off after failures of these kinds, whose reason is gone."""

        def waits(watch: Watch) -> bool:
            failure = self._state(watch.id).failure
            return failure is not None and failure.kind in kinds

        self._timetable.hurry(waits)
        self.wake()

    # What it counts, for whoever watches over it

    def standing(self) -> Standing:
        """Return how the watches stand now."""
        return Standing(
            watches=self._census.counts,
            silent=self._alerts.silent(),
            under_way=len(self._running),
            overdue_seconds=self._watchdog.overdue_seconds(),
            is_network_down=self._alerts.is_network_down,
        )

    def _recount(self, watch_id: str, before: WatchState, after: WatchState) -> None:
        watch = self._watches.get(watch_id)
        if watch is not None and watch.is_enabled:
            self._census.moved(before, after)

    # Another file of watches, and requests of commands

    def apply(self, file: WatchFile) -> Applied:
        """
        Watch what this file says from now on, and return what is other than before; a watch is known by its id.

        A removed watch is forgotten, a check of it that is under way ends for nothing. A changed one keeps its due
        time, unless its schedule changed; a check of it that is under way is judged as it was begun, and saved.
        """
        old, new = dict(self._watches), file.watches
        applied = Applied(
            added=tuple(one for one in new if one not in old),
            changed=tuple(one for one in new if one in old and new[one] != old[one]),
            removed=tuple(one for one in old if one not in new),
        )
        self._groups.follow(new)
        self._plans |= plans_of({one: new[one] for one in (*applied.added, *applied.changed)})
        self._redacted |= self._redact(new[one] for one in (*applied.added, *applied.changed))
        for one in applied.removed:
            self._forget(one)
        for one in applied.changed:
            self._change(old[one], new[one])
        for one in applied.added:
            self._learn(new[one])
            self._plan_first_check(new[one])
        self._alerts.follow(file.all_well)
        if self._redacted and self._tasks is not None:
            self._tasks.create_task(self._save_redacted())
        self.wake()
        return applied

    def _redact(self, watches: Iterable[Watch]) -> set[str]:
        """Forget the secrets in what an older version, or a watch without `${…}`, remembered; return whose had some."""
        return {watch.id for watch in watches if self._states.redact(watch.id, watch.request.secrets)}

    async def _save_redacted(self) -> None:
        """Let the disk forget them, too. What it refuses is saved with the next change of that watch."""
        while self._redacted:
            one = self._redacted.pop()
            try:
                await self._states.rewrite(one)
            except StoreError as error:
                _log.warning("watch %s: what is stored of it may hold a secret still: %s", one, error)

    async def accept(self, watch_id: str) -> bool:
        """
        Take what is suspicious of a watch as true, and check it now; return whether anything was suspicious.

        Returns when that check has ended, or still waits for its page after a minute.
        Raises StoreError: nothing was accepted.
        """
        if not await self.mark_accepted(watch_id):
            return False
        watch = self._watches.get(watch_id)
        if watch is None or not watch.is_enabled or self._tasks is None or self._is_stopping:
            return True
        task = self._running.get(watch_id)  # it will find that the state moved on, and look again
        if task is None:
            self._timetable.drop(watch_id)
            task = self._start(watch)
        await asyncio.wait([task], timeout=_ACCEPT_SECONDS)
        return True

    async def mark_accepted(self, watch_id: str) -> bool:
        """Let the next check believe what it sees; return whether anything was suspicious. Raises StoreError."""
        return await self._states.accept(watch_id)

    def _learn(self, watch: Watch) -> None:
        if (old := self._watches.get(watch.id)) is not None:
            self._census.went(old)
        self._watches[watch.id] = watch
        self._census.came(watch)

    def _forget(self, watch_id: str) -> None:
        """Forget a watch but for its state: it may come back."""
        self._census.went(self._watches[watch_id])
        for known in (self._watches, self._plans, self._noted):
            known.pop(watch_id, None)
        self._timetable.drop(watch_id)
        self._watchdog.forget(watch_id)

    def _change(self, old: Watch, new: Watch) -> None:
        self._learn(new)
        self._noted.pop(new.id, None)
        if has_same_schedule(old, new):
            return
        self._timetable.drop(new.id)
        self._watchdog.forget(new.id)
        self._plan_when_idle(new, planned_at=self._planned_by(new))

    def _plan_first_check(self, watch: Watch) -> None:
        self._plan_when_idle(watch, planned_at=self._state(watch.id).next_check_at)

    def _plan_when_idle(self, watch: Watch, *, planned_at: datetime | None) -> None:
        """Plan a watch as after a start. One whose check is under way is planned when that ends, and it must end."""
        if not watch.is_enabled:
            return
        if watch.id in self._running:
            self._watchdog.planned(watch, timedelta(0))
        else:
            self._timetable.plan_first(watch, planned_at=planned_at, chance=self._groups.first_chance(watch.id))

    def _planned_by(self, watch: Watch) -> datetime | None:
        """Return when the watch would be due, had it had this interval at its last check."""
        state = self._state(watch.id)
        if watch.cron is not None or state.checked_at is None:
            return None
        return state.checked_at + wait_until_next(watch, failures=state.failures, chance=self._chance())


def plans_of(watches: Mapping[str, Watch]) -> dict[str, str]:
    """Return the fingerprint of what each watch extracts: one text for those that extract the same."""
    known: dict[tuple[int, int], str] = {}  # by identity: watches of one file share what is the same
    found: dict[str, str] = {}
    for one, watch in watches.items():
        parts = id(watch.extraction), id(watch.link) if isinstance(watch.link, Selector) else 0
        if parts not in known:
            known[parts] = sys.intern(plan(watch.extraction, watch.link))
        found[one] = known[parts]
    return found
