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
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from msgspec import Struct
from msgspec.structs import replace

from watcher.background.loop import LONGEST_WAIT_SECONDS, BackgroundLoop
from watcher.core.acts import BY_COMMAND
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.figures import Durations
from watcher.core.live import Live, LiveWatch
from watcher.core.pausing import PauseAct
from watcher.core.watch import NO_LANGUAGES, AllWell, TopicLanguages, Watch, WatchFile
from watcher.errors import LeaseLostError, StoreError
from watcher.watching.alerts import Alerts
from watcher.watching.check import CheckTools, check
from watcher.watching.committer import GROUP, Committer
from watcher.watching.freed_memory import keep_freed_memory
from watcher.watching.roster import Applied, Follower, Roster
from watcher.watching.timetable import Clocks

_STUCK_SECONDS = 3 * LONGEST_WAIT_SECONDS
_START_TOGETHER_SECONDS = 0.02
"""Checks that fall due within it start together; to wake the process for each costs half as much as a check."""
_ACCEPT_SECONDS = 60.0
_LEAVE_SECONDS = 10.0
"""How long what is being saved of watches that leave is waited for."""
_MOST_NOTES = 50
"""Notes of one watch that are logged; a page that makes a new one each time is not worth more."""
_log = logging.getLogger(__name__)


class WatchFigures(Struct, frozen=True, kw_only=True):
    """
    Figures about the watches.

    Attributes:
        watches: how many are `ok`, `failing`, `new` (never checked well), `paused`, `muted` and `disabled`.
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
    """
    Checks watches: all of them for ever (`run`), or some of them once (`check_once`).

    Attributes:
        states: the newest of each watch.
        loop: starts what is due.
    """

    def __init__(
        self,
        watches: Mapping[str, Watch],
        states: Mapping[str, WatchState],
        tools: CheckTools,
        committer: Committer,
        clocks: Clocks,
        *,
        all_well: AllWell | None = None,
        timezone: tzinfo | None = None,
        language_of: TopicLanguages = NO_LANGUAGES,
        followers: Iterable[Follower] = (),
    ) -> None:
        """
        Args:
            watches, states: as `join` takes them.
            followers: are told of these watches, and of all that come and go before they are checked.
            all_well: when to send the daily summary.
            timezone: in which the operator reads times; None: the system's.
        """
        self._tools = tools
        self._committer = committer
        self._now = clocks.now
        self._seconds = clocks.seconds
        self._running: dict[str, asyncio.Task[Decision | None]] = {}
        self.loop = BackgroundLoop("starts checks", shortest_wait=_START_TOGETHER_SECONDS, stuck_seconds=_STUCK_SECONDS)
        self._roster = Roster(committer, self._awake(clocks), is_under_way=self._running.__contains__)
        for each in followers:
            self._roster.let_follow(each)
        self._tasks: asyncio.TaskGroup | None = None
        self.join(watches, states)
        self.states = self._roster.states
        self._alerts = Alerts(
            self._roster,
            committer,
            epoch=tools.epoch,
            all_well=all_well,
            now=clocks.now,
            timezone=timezone,
            language_of=language_of,
            hurry=self._hurry,
        )
        self._looked_around_at = clocks.seconds()
        self._noted: defaultdict[str, set[str]] = defaultdict(set)
        self._is_stopping = False
        self.checks: Counter[Verdict] = Counter()
        self.failures: Counter[str] = Counter()
        self.check_seconds = Durations()
        self.schedule_lag_seconds = Durations()

    def _awake(self, clocks: Clocks) -> Clocks:
        """Return clocks of which the one that counts silence stands still while the process is frozen, too."""
        return replace(clocks, awake_seconds=lambda: clocks.awake_seconds() - self.loop.overslept_seconds)

    @property
    def watches(self) -> Mapping[str, Watch]:
        """The watches as they are declared now, by id, those that are not enabled included."""
        return self._roster.watches

    # The loop

    async def run(self) -> None:
        """
        Check every watch when it is due, until `stop`; then return when the checks under way have ended.

        Cancelled, it cancels them.
        """
        self._roster.plan(self._roster.watches)
        keep_freed_memory()  # from here on pages come and go, and what grew with the watches stays
        async with asyncio.TaskGroup() as self._tasks:
            await self.states.save_redacted()
            await self.loop.run(self._turn)

    def stop(self) -> None:
        """Start no more checks."""
        self._is_stopping = True
        self.loop.wake()

    async def _turn(self) -> float | None:
        """Start the checks that are due; return for how many seconds there are no more."""
        if self._is_stopping:
            return None
        try:
            for watch in self._roster.take_due():
                self._start(watch)
        finally:
            await self._look_around()
        due_at = self._roster.timetable.next_due_at()
        return LONGEST_WAIT_SECONDS if due_at is None else due_at - self._seconds()

    def _start(self, watch: Watch) -> asyncio.Task[Decision | None]:
        assert self._tasks is not None  # noqa: S101 - `run` has opened it
        task = self._running[watch.id] = self._tasks.create_task(self._check_and_plan(watch))
        return task

    async def _look_around(self) -> None:
        """Let the alerts look, now and then, for what no single check shows."""
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

        Those that are not enabled, or paused, are passed over; active hours are not looked at.
        """
        await self.states.save_redacted()
        wanted = [watch for one in ids if (watch := self._roster.watches[one]).is_enabled]
        left = {asyncio.create_task(self._check_and_save(watch.id)) for watch in wanted}
        # As `asyncio.as_completed`, which wraps each task in a coroutine and costs a twentieth of a check.
        ended: asyncio.Queue[asyncio.Task[Decision | None]] = asyncio.Queue()
        for task in left:
            task.add_done_callback(ended.put_nowait)
        try:
            while left:
                task = await ended.get()
                left.remove(task)
                if (decision := task.result()) is not None:
                    yield decision
        finally:
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _check_and_plan(self, watch: Watch) -> Decision | None:
        """
        Check one watch and put it back into the timetable. What goes wrong here concerns this watch alone.

        Return the decision; None when there is none.
        """
        self.schedule_lag_seconds.note(self._roster.watchdog.late_seconds(watch.id))
        decision = None
        try:
            decision = await self._check_and_save(watch.id)
        except LeaseLostError:
            _log.debug("watch %s: another process has it by now", watch.id)
        except StoreError as error:
            _log.error("watch %s: the result of its check was not saved and is dropped: %s", watch.id, error)
        except Exception:
            _log.exception("watch %s: a defect in watcher", watch.id)
        finally:
            if self._running.get(watch.id) is asyncio.current_task():
                del self._running[watch.id]
        due_at = self._roster.plan_next(watch.id, decision.state.next_check_at if decision else None)
        if due_at is not None:
            self.loop.wake_within(due_at - self._seconds())
        return decision

    async def _check_and_save(self, watch_id: str) -> Decision | None:
        """
        Check a watch and return the decision, with the time of the next check; None when it was removed or paused.

        The new state counts only once it is saved. Raises StoreError.
        """
        if watch_id in self.states.stale:
            await self.states.refresh(watch_id)
        while (watch := self._roster.watches.get(watch_id)) is not None:
            if watch_id in self.states.pauses and self._roster.is_paused(watch_id):
                break
            state, plan = self.states.of(watch_id), self._roster.plans[watch_id]
            began = time.perf_counter()
            decision = await check(
                self._tools, watch, plan, state, now=self._now(), is_outage=self._alerts.outage.is_network_down
            )
            self.check_seconds.note(time.perf_counter() - began)
            newest = self._roster.watches.get(watch_id)
            if newest is None:
                break
            next_at = self._roster.next_check_at(newest, decision)
            decision = replace(decision, state=replace(decision.state, next_check_at=next_at))
            if await self.states.save(decision, follows=state):
                self._count(decision)
                self._alerts.take_note(watch, decision, follows=state)
                self._report(watch, decision)
                return decision
        return None

    def _count(self, decision: Decision) -> None:
        self.checks[decision.verdict] += 1
        if decision.state.failure:
            self.failures[decision.state.failure.kind] += 1

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

    def _hurry(self, kinds: Container[str]) -> None:
        """Check soon what waits out a back-off after failures of these kinds, whose reason is gone."""
        self._roster.hurry(kinds)
        self.loop.wake()

    # What it counts, for whoever watches over it

    def figures(self) -> WatchFigures:
        """Return the present figures about the watches."""
        return WatchFigures(
            watches=self._roster.census.counts,
            silent=self._alerts.silence.count(),
            under_way=len(self._running),
            overdue_seconds=self._roster.watchdog.overdue_seconds(),
            is_network_down=self._alerts.outage.is_network_down,
        )

    # Other watches, and requests of commands

    def join(self, watches: Mapping[str, Watch], states: Mapping[str, WatchState]) -> None:
        """
        Check these watches too, by id, none of which is checked here; while the loop runs, as after a start.

        Args:
            states: of these, as they were saved, and of those that may come back.
        """
        self._roster.join(watches, states)
        if self._tasks is not None:
            self._roster.plan(watches)
            self.loop.wake()

    async def leave(self, ids: Collection[str], *, limit_seconds: float = _LEAVE_SECONDS) -> None:
        """
        Check these no more, and forget them with their states: another process goes on from what is stored.

        A check of one that is under way is called off, and what is being saved of it is saved when this returns, the
        times of earlier checks too; but after the limit it is no longer waited for. Unknown ids are passed over.
        """
        known = [one for one in dict.fromkeys(ids) if one in self._roster.watches]
        self._roster.leave(known)
        for one in known:
            self._noted.pop(one, None)
        self._alerts.leave(known)
        try:
            async with asyncio.timeout(limit_seconds):
                await self._end_checks(known)
                await self._committer.save_late(known)
                await self.states.settled(known)
        except TimeoutError:
            _log.warning("%d watches leave, and what was being saved of some may be lost", len(known))
        self.states.forget(known)

    async def _end_checks(self, ids: Iterable[str]) -> None:
        """Call off the checks of these, but those whose result is being saved, and return when they have ended."""
        tasks = {one: task for one in ids if (task := self._running.get(one)) is not None}
        for one, task in tasks.items():
            if not self.states.is_being_saved(one):
                task.cancel()
        try:
            if tasks:
                await asyncio.wait(tasks.values())
        finally:
            for one, task in tasks.items():
                if task.done() and self._running.get(one) is task:  # one that was called off before it began
                    del self._running[one]

    def apply(self, file: WatchFile) -> Applied:
        """
        Watch what this file says from now on, and return what is other than before; a watch is known by its id.

        A removed watch is forgotten, a check of it that is under way ends for nothing. A changed one keeps its due
        time, unless its schedule changed or it is to be tried at once (`core.schedule.is_to_be_tried`); a check of it
        that is under way is judged as it was begun, and saved.
        """
        applied = self._roster.apply(file.watches)
        for one in (*applied.removed, *applied.changed):
            self._noted.pop(one, None)
        self._alerts.follow(file.all_well)
        if self._tasks is not None:
            self._tasks.create_task(self.states.save_redacted())
        self.loop.wake()
        return applied

    def change(self, watches: Mapping[str, Watch]) -> Sequence[str]:
        """Watch these, each of which is here, as they are now, as `apply` says; return which differ."""
        changed = self._roster.change(watches)
        for one in changed:
            self._noted.pop(one, None)
        if changed and self._tasks is not None:
            self._tasks.create_task(self.states.save_redacted())
            self.loop.wake()
        return changed

    async def accept(self, watch_id: str, *, by: str = BY_COMMAND) -> bool:
        """
        Take what is suspicious of a watch as true, and check it now; return whether anything was suspicious.

        Returns when that check has ended, or still waits for its page after a minute.
        `by`: from where somebody does it, for the record of events.
        Raises StoreError: nothing was accepted.
        """
        if not await self.states.accept(watch_id, by=by, now=self._now()):
            return False
        watch = self._roster.watches.get(watch_id)
        if watch is None or not watch.is_enabled or self._tasks is None or self._is_stopping:
            return True
        if self._roster.is_paused(watch_id):
            return True
        # One that is under way will find that the state moved on, and look again.
        await asyncio.wait([self._check_soon(watch)], timeout=_ACCEPT_SECONDS)
        return True

    async def pause(
        self, ids: Iterable[str], act: PauseAct, *, until: datetime | None, by: str = BY_COMMAND
    ) -> Sequence[str]:
        """
        Pause or mute these watches until then, or resume them; return those with which something was done.

        Unknown ones and those that are not enabled are passed over; so are, to resume, those that are neither paused
        nor muted. A check that is under way is judged by the new state, or dropped.
        `by`: from where somebody does it, for the record of events.
        Raises StoreError: with some it was not done.
        """
        known = [one for one in dict.fromkeys(ids) if (watch := self._roster.watches.get(one)) and watch.is_enabled]
        done: list[str] = []
        for begin in range(0, len(known), GROUP):  # all of 10,000 at once would hold the event loop for a second
            group = known[begin : begin + GROUP]
            are_done = await asyncio.gather(*(self._pause(one, act, until, by) for one in group))
            done += [one for one, is_done in zip(group, are_done, strict=True) if is_done]
        self.loop.wake()
        return done

    def is_paused(self, watch: str) -> bool:
        """Return whether the watch is not to be checked now."""
        return self._roster.is_paused(watch)

    async def _pause(self, watch: str, act: PauseAct, until: datetime | None, by: str) -> bool:
        is_done = await self.states.pause(watch, act, until, by=by, now=self._now())
        if is_done and act is not PauseAct.MUTE:
            self._roster.plan_anew(watch)
        return is_done

    async def check_now(self, ids: Iterable[str], *, limit_seconds: float) -> Sequence[Decision]:
        """
        Check these watches now, though they are not due; return the decisions that came within the limit.

        Those that are not enabled are checked too, and one that is under way counts. Unknown and paused ones are
        passed over.
        """
        unpaused = [one for one in dict.fromkeys(ids) if not self._roster.is_paused(one)]
        wanted = [watch for one in unpaused if (watch := self._roster.watches.get(one)) is not None]
        if not wanted or self._tasks is None or self._is_stopping:
            return []
        tasks = [self._check_soon(watch) for watch in wanted]
        await asyncio.wait(tasks, timeout=limit_seconds)
        ended = [task for task in tasks if task.done() and not task.cancelled()]
        return [decision for task in ended if (decision := task.result()) is not None]

    def _check_soon(self, watch: Watch) -> asyncio.Task[Decision | None]:
        """Return the check of the watch that is under way, or start one."""
        if (task := self._running.get(watch.id)) is not None:
            return task
        self._roster.timetable.drop(watch.id)
        return self._start(watch)

    def live(self) -> Live:
        """Return what of each watch stands nowhere but here; of one at a time, when it is asked for, in any thread."""
        return _LiveView(self._roster.watches, self._live_of)

    def _live_of(self, watch: Watch) -> LiveWatch:
        state = self.states.of(watch.id)
        planned_at = self._roster.timetable.planned_at(watch.id) or state.next_check_at
        return LiveWatch(
            name=watch.name,
            url=watch.request.shown_url,
            checked_at=state.checked_at,
            good_at=state.good_at,
            next_check_at=planned_at if watch.is_enabled else None,
            is_under_way=watch.id in self._running,
        )


class _LiveView(Mapping[str, LiveWatch]):
    """The watches as they are when one is asked for: to build all of 100,000 takes 0.4 s, of which a page shows 50."""

    def __init__(self, watches: Mapping[str, Watch], live_of: Callable[[Watch], LiveWatch]) -> None:
        self._watches = watches
        self._live_of = live_of

    def __getitem__(self, watch: str) -> LiveWatch:
        return self._live_of(self._watches[watch])

    def __iter__(self) -> Iterator[str]:
        return iter(self._watches)

    def __len__(self) -> int:
        return len(self._watches)
