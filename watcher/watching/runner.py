"""
Keeps every watch checked: an agenda of due times, a task for each check under way, none for a watch that waits.

A watch re-enters the agenda only after its last result is as safe as it must be, so a slow disk slows the checks down
instead of filling the memory. Due times are counted on a clock that neither jumps nor stands still in suspend; those
that were read off a clock on the wall (`cron`, `active_hours`) are read again when that one is set.

Only this writes the states of watches. What else changes one (`accept`, a watch that fell silent) does so between
two checks or during one; the result of a check that was under way then is dropped, and the page looked at again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import urlsplit

from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.judge import accepted, stale
from watcher.core.schedule import (
    first_check_at,
    follows_clock,
    has_same_schedule,
    is_active,
    next_check_at,
    wait_until_next,
)
from watcher.core.watch import AllWell, Watch, WatchFile
from watcher.errors import StoreError
from watcher.extract.plan import plan
from watcher.watching.agenda import Agenda
from watcher.watching.check import Bench, Checked, check
from watcher.watching.committer import Committer
from watcher.watching.digest import Digest
from watcher.watching.guardian import Guardian
from watcher.watching.notices import notices
from watcher.watching.outage import TURNED_AWAY, UNREACHED, Network, remembered

LONGEST_NAP_SECONDS = 30.0
"""The loop's own timers stand still in suspend, so the agenda is looked at this often."""
CLOCK_JUMP_SECONDS = 60.0
"""The clock on the wall was set when it has moved by more than this against the one that due times are counted on."""
_MOST_NOTES = 50
"""Notes of one watch that are logged; a page that makes a new one each time is not worth more."""
_log = logging.getLogger(__name__)
_EMPTY = WatchState()


def boot_seconds() -> float:
    """Return seconds since boot, suspend included; on systems without that clock, the monotonic one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What another file of watches came to: ids of watches."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"


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
        self._watches: dict[str, Watch] = {}
        self._plans: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        for watch in watches.values():
            self._learn(watch)
        self._states = dict(states)
        self._bench = bench
        self._committer = committer
        self._now = now
        self._chance = chance
        self._seconds = seconds
        self._timezone = timezone
        self._agenda = Agenda()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._saving: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._noted: defaultdict[str, set[str]] = defaultdict(set)
        self._guardian = Guardian(awake_seconds)
        self._network = remembered(self._states, self._hosts)
        self._digest = Digest(all_well, now=now())
        self._clock_offset = self._wall_offset()
        self._looked_around_at = seconds()
        self._tasks: asyncio.TaskGroup | None = None
        self._wake = asyncio.Event()
        self._is_stopping = False

    # The loop

    async def run(self) -> None:
        """
        Check every watch when it is due, until `stop`; then return when the checks under way have ended.

        Cancelled, it cancels them.
        """
        for watch in self._watches.values():
            self._plan_first_check(watch)
        async with asyncio.TaskGroup() as self._tasks:
            while not self._is_stopping:
                self._wake.clear()
                self._follow_clock()
                for watch in self._take_due():
                    self._start(watch)
                await self._look_around()
                await self._nap()

    def stop(self) -> None:
        """Start no more checks."""
        self._is_stopping = True
        self.wake()

    def wake(self) -> None:
        """Look at once what is due: the clock may have moved, as after a suspend."""
        self._wake.set()

    def _take_due(self) -> Iterable[Watch]:
        for one in self._agenda.take_due(self._seconds()):
            watch, now = self._watches[one], self._now()
            if is_active(watch, now):
                yield watch
            else:  # its hours have passed, in suspend or while the clock was set
                self._plan(watch, first_check_at(watch, planned_at=now, now=now, chance=self._chance()))

    def _start(self, watch: Watch) -> asyncio.Task[None]:
        assert self._tasks is not None  # noqa: S101 - `run` has opened it
        task = self._running[watch.id] = self._tasks.create_task(self._check_and_plan(watch))
        return task

    async def _nap(self) -> None:
        """Wait for the next due time, for a watch that re-enters the agenda, or for LONGEST_NAP_SECONDS."""
        due_at = self._agenda.next_due_at()
        until_due = LONGEST_NAP_SECONDS if due_at is None else due_at - self._seconds()
        try:
            async with asyncio.timeout(min(max(until_due, 0), LONGEST_NAP_SECONDS)):
                await self._wake.wait()
        except TimeoutError:
            pass

    # One check

    async def check_once(self, ids: Iterable[str]) -> AsyncIterator[Decision]:
        """
        Check each of these watches once, all together; yield each decision when it is saved. Raises StoreError.

        Those that are not enabled are passed over; active hours are not looked at.
        """
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
        """Check one watch and put it back into the agenda. What goes wrong here concerns this watch alone."""
        next_at = self._now() + watch.every
        try:
            decision = await self._check_and_save(watch.id)
            next_at = decision.state.next_check_at or next_at if decision else next_at
        except StoreError as error:
            _log.error("watch %s: the result of its check was not saved and is dropped: %s", watch.id, error)
        except Exception:
            _log.exception("watch %s: a defect in watcher", watch.id)
        del self._running[watch.id]
        self._guardian.ended(watch.id)
        newest = self._watches.get(watch.id)
        if newest is not None and newest.is_enabled:
            self._plan(newest, next_at)
        self.wake()

    async def _check_and_save(self, watch_id: str) -> Decision | None:
        """
        Check a watch and return the decision, with the time of the next check; None when it was removed meanwhile.

        The new state counts only once it is saved. Raises StoreError.
        """
        while (watch := self._watches.get(watch_id)) is not None:
            state, plan_of_watch, is_outage = self._state(watch_id), self._plans[watch_id], self._network.is_down
            checked = await check(self._bench, watch, plan_of_watch, state, now=self._now(), is_outage=is_outage)
            newest = self._watches.get(watch_id)
            if newest is None:
                break
            next_at = self._next_check_at(newest, checked)
            decision = replace(checked.decision, state=replace(checked.decision.state, next_check_at=next_at))
            if await self._save(decision, follows=state):
                self._take_note(watch, decision)
                return decision
        return None

    async def _save(self, decision: Decision, *, follows: WatchState) -> bool:
        """Save a decision and return True; False when the state that it was made from is no longer the newest."""
        async with self._saving[decision.watch]:
            if self._state(decision.watch) is not follows:
                return False
            await self._committer.save(decision)
            self._states[decision.watch] = decision.state
            return True

    def _take_note(self, watch: Watch, decision: Decision) -> None:
        """Tell everything that follows the checks how this one went."""
        failure = decision.state.failure
        if failure is None:
            self._guardian.saw_good(watch.id)
        self._digest.count(decision)
        self._follow_network(watch, decision.state)
        self._report(watch, decision)

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
        return self._states.get(watch, _EMPTY)

    # When

    def _plan_first_check(self, watch: Watch) -> None:
        if watch.is_enabled:
            planned_at = self._state(watch.id).next_check_at
            self._plan(watch, first_check_at(watch, planned_at=planned_at, now=self._now(), chance=self._chance()))

    def _plan(self, watch: Watch, at: datetime) -> None:
        wait = max(at - self._now(), timedelta(0))
        self._agenda.plan(watch.id, self._seconds() + wait.total_seconds())
        self._guardian.planned(watch, wait)

    def _next_check_at(self, watch: Watch, checked: Checked) -> datetime:
        return next_check_at(
            watch,
            failures=checked.decision.state.failures,
            is_confirming=checked.decision.is_confirming,
            retry_after=checked.retry_after,
            now=self._now(),
            chance=self._chance(),
        )

    def _follow_clock(self) -> None:
        """Read the due times that depend on the clock on the wall again, when it was set."""
        before, offset = self._clock_offset, self._wall_offset()
        if abs(offset - before) <= CLOCK_JUMP_SECONDS:
            return
        self._clock_offset = offset
        _log.info("the clock was set by %+.0f s: what depends on it is planned anew", offset - before)
        for one, due_at in self._agenda.planned():
            watch = self._watches[one]
            if follows_clock(watch):
                # A time of cron that the clock jumped over is made up for; an interval goes on as it was.
                planned_at = datetime.fromtimestamp((before if watch.cron else offset) + due_at, UTC)
                self._plan(watch, first_check_at(watch, planned_at=planned_at, now=self._now(), chance=self._chance()))

    def _wall_offset(self) -> float:
        return self._now().timestamp() - self._seconds()

    # Another file of watches, and requests of commands

    def apply(self, file: WatchFile) -> Applied:
        """
        Watch what this file says from now on, and return what is other than before; a watch is known by its id.

        A removed watch is forgotten, a check of it that is under way ends for nothing. A changed one keeps its due
        time, unless its schedule changed; a check of it that is under way is judged as it was begun, and saved.
        """
        old, new = self._watches, file.watches
        applied = Applied(
            added=tuple(one for one in new if one not in old),
            changed=tuple(one for one in new if one in old and new[one] != old[one]),
            removed=tuple(one for one in old if one not in new),
        )
        for one in applied.removed:
            self._forget(one)
        for one in applied.changed:
            self._change(old[one], new[one])
        for one in applied.added:
            self._learn(new[one])
            if one not in self._running:  # removed and put back in the time of one check
                self._plan_first_check(new[one])
        self._digest.follow(file.all_well, now=self._now())
        self.wake()
        return applied

    async def accept(self, watch_id: str) -> bool:
        """
        Take what is suspicious of a watch as true, and check it now; return whether anything was suspicious.

        Returns when that check has ended. Raises StoreError: nothing was accepted.
        """
        if not await self.mark_accepted(watch_id):
            return False
        watch = self._watches.get(watch_id)
        if watch is None or not watch.is_enabled or self._tasks is None or self._is_stopping:
            return True
        task = self._running.get(watch_id)  # it will find that the state moved on, and look again
        if task is None:
            self._agenda.drop(watch_id)
            task = self._start(watch)
        await asyncio.wait([task])
        return True

    async def mark_accepted(self, watch_id: str) -> bool:
        """Let the next check believe what it sees; return whether anything was suspicious. Raises StoreError."""
        while True:
            state = self._state(watch_id)
            believing = accepted(state)
            if believing is None:
                return False
            decision = Decision(watch=watch_id, verdict=Verdict.UNCHANGED, state=believing)
            if await self._save(decision, follows=state):
                return True

    def _learn(self, watch: Watch) -> None:
        self._watches[watch.id] = watch
        self._plans[watch.id] = plan(watch.extraction, watch.link)
        self._hosts[watch.id] = _host(watch)

    def _forget(self, watch_id: str) -> None:
        """Forget a watch but for its state: it may come back."""
        for known in (self._watches, self._plans, self._hosts, self._noted, self._saving):
            known.pop(watch_id, None)
        self._agenda.drop(watch_id)
        self._guardian.forget(watch_id)

    def _change(self, old: Watch, new: Watch) -> None:
        self._learn(new)
        self._noted.pop(new.id, None)
        if has_same_schedule(old, new):
            return
        self._agenda.drop(new.id)
        self._guardian.forget(new.id)
        if new.is_enabled and new.id not in self._running:
            planned_at = self._planned_by(new)
            self._plan(new, first_check_at(new, planned_at=planned_at, now=self._now(), chance=self._chance()))

    def _planned_by(self, watch: Watch) -> datetime | None:
        """Return when the watch would be due, had it had this interval at its last check."""
        state = self._state(watch.id)
        if watch.cron is not None or state.checked_at is None:
            return None
        return state.checked_at + wait_until_next(watch, failures=state.failures, chance=self._chance())

    # What is of no one watch

    async def _look_around(self) -> None:
        """Once per nap: tell the operator of watches that fell silent, and how things stand when it is time."""
        seconds = self._seconds()
        if seconds - self._looked_around_at < LONGEST_NAP_SECONDS:
            return
        self._looked_around_at = seconds
        try:
            await self._tell_what_stands_out()
        except Exception:
            _log.exception("a defect in watcher: the operator may not be told of what stands out")

    async def _tell_what_stands_out(self) -> None:
        enabled = [watch for watch in self._watches.values() if watch.is_enabled]
        if words := self._digest.due(enabled, self._states, epoch=self._bench.epoch, now=self._now()):
            self._committer.tell(words)
        for watch in enabled:
            if not is_active(watch, self._now()):
                self._guardian.saw_closed(watch.id)
            elif not self._network.is_down and self._guardian.is_silent(watch):
                await self._tell_silence(watch)

    async def _tell_silence(self, watch: Watch) -> None:
        state = self._state(watch.id)
        decision = stale(watch, state, epoch=self._bench.epoch, now=self._now())
        if decision is None:
            return
        try:
            await self._save(decision, follows=state)
        except StoreError as error:
            _log.error("watch %s has fallen silent, and that cannot be saved: %s", watch.id, error)
            return
        _log.warning("%s: has fallen silent; the operator is told", watch.id)

    def _follow_network(self, watch: Watch, state: WatchState) -> None:
        before, kind = self._network, state.failure.kind if state.failure else None
        self._network = after = before.seen(watch.id, _host(watch), kind, at=state.checked_at or self._now())
        if after.is_down and not before.is_down:
            fail = f"{len(after.watches)} watches on {len(after.hosts)} hosts fail"
            self._tell_of_network(
                after, f"The network is down: {fail}", "As long as it is, nothing else is told of them."
            )
        elif before.is_down and not after.is_down:
            fail = f"{len(before.watches)} watches on {len(before.hosts)} hosts failed"
            self._tell_of_network(before, f"The network is back: {fail}", "They are checked again within a minute.")
            self._guardian.forgive()
            self._hurry()

    def _tell_of_network(self, network: Network, what: str, besides: str) -> None:
        """Tell the operator once of each outage and once of its end: its id is that of the outage."""
        since = (network.since or self._now()).astimezone(self._timezone)
        summary = f"{what} since {since:%H:%M}"
        _log.warning(summary)
        self._committer.tell(
            notices(
                self._bench.epoch,
                f"outage {network.is_down} {what.partition(':')[0]}",
                number=int(since.timestamp()),
                summary=summary,
                content=f"{what} since {since:%Y-%m-%d %H:%M %Z}.\n{besides}",
                now=self._now(),
            )
        )

    def _hurry(self) -> None:
        """Check soon what waits out a back-off that the network was the reason of."""
        for one, due_at in self._agenda.planned():
            failure, now = self._state(one).failure, self._now()
            if failure and failure.kind in UNREACHED | {TURNED_AWAY}:
                soon = first_check_at(self._watches[one], planned_at=now, now=now, chance=self._chance())
                if self._seconds() + (soon - now).total_seconds() < due_at:
                    self._plan(self._watches[one], soon)
        self.wake()


def _host(watch: Watch) -> str:
    try:
        return urlsplit(watch.request.url).hostname or ""
    except ValueError:
        return ""  # it is never asked for
