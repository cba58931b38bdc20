"""
Keeps every watch checked: a heap of due times, a task for each check under way, none for a watch that waits.

A watch re-enters the heap only after its last result is as safe as it must be, so a slow disk slows the checks down
instead of filling the memory. Due times are counted on a clock that neither jumps nor stands still in suspend.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.core.check import Decision, WatchState
from watcher.core.schedule import first_wait, wait_until_next
from watcher.core.watch import Watch
from watcher.errors import StoreError
from watcher.extract.plan import plan
from watcher.watching.check import Bench, Checked, check
from watcher.watching.committer import Committer

LONGEST_NAP_SECONDS = 30.0
"""The loop's own timers stand still in suspend, so the heap is looked at this often."""
_log = logging.getLogger(__name__)
_EMPTY = WatchState()


def boot_seconds() -> float:
    """Return seconds since boot, suspend included; on systems without that clock, the monotonic one."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


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
    ) -> None:
        """
        Args:
            now: the wall clock, for records.
            chance: a fresh random number, 0 ≤ chance < 1.
            seconds: the clock that due times are counted on.
        """
        self._watches = dict(watches)
        self._plans = {watch.id: plan(watch.extraction, watch.link) for watch in watches.values()}
        self._states = {watch: state for watch, state in states.items() if watch in watches}
        self._bench = bench
        self._committer = committer
        self._now = now
        self._chance = chance
        self._seconds = seconds
        self._heap: list[tuple[float, str]] = []
        self._wake = asyncio.Event()
        self._is_stopping = False

    async def run(self) -> None:
        """
        Check every watch when it is due, until `stop`; then return when the checks under way have ended.

        Cancelled, it cancels them.
        """
        self._plan_first_checks()
        async with asyncio.TaskGroup() as checks:
            while not self._is_stopping:
                self._wake.clear()
                for watch in self._take_due():
                    checks.create_task(self._check_and_plan(watch))
                await self._nap()

    def stop(self) -> None:
        """Start no more checks."""
        self._is_stopping = True
        self.wake()

    def wake(self) -> None:
        """Look at once what is due: the clock may have moved, as after a suspend."""
        self._wake.set()

    async def check_once(self, ids: Iterable[str]) -> AsyncIterator[Decision]:
        """Check each of these watches once, all together; yield each decision when it is saved. Raises StoreError."""
        pending = [asyncio.create_task(self._check_and_save(self._watches[watch])) for watch in ids]
        try:
            for next_done in asyncio.as_completed(pending):
                yield (await next_done)[0]
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    def _plan_first_checks(self) -> None:
        seconds, now = self._seconds(), self._now()
        for watch in self._watches.values():
            planned = self._states.get(watch.id, _EMPTY).next_check_at
            wait = first_wait(watch, since_planned=now - planned if planned else None, chance=self._chance())
            self._heap.append((seconds + wait.total_seconds(), watch.id))
        heapq.heapify(self._heap)

    def _take_due(self) -> Iterable[Watch]:
        now = self._seconds()
        while self._heap and self._heap[0][0] <= now:
            yield self._watches[heapq.heappop(self._heap)[1]]

    async def _nap(self) -> None:
        """Wait for the next due time, for a watch that re-enters the heap, or for LONGEST_NAP_SECONDS."""
        until_due = self._heap[0][0] - self._seconds() if self._heap else LONGEST_NAP_SECONDS
        try:
            async with asyncio.timeout(min(max(until_due, 0), LONGEST_NAP_SECONDS)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _check_and_plan(self, watch: Watch) -> None:
        """Check one watch and put it back into the heap. What goes wrong here concerns this watch alone."""
        wait = watch.every
        try:
            _, wait = await self._check_and_save(watch)
        except StoreError as error:
            _log.error("watch %s: the result of its check was not saved and is dropped: %s", watch.id, error)
        except Exception:
            _log.exception("watch %s: a defect in watcher", watch.id)
        heapq.heappush(self._heap, (self._seconds() + wait.total_seconds(), watch.id))
        self.wake()

    async def _check_and_save(self, watch: Watch) -> tuple[Decision, timedelta]:
        """
        Check one watch; return its decision and the wait until the next check.

        The new state counts only once it is saved. Raises StoreError.
        """
        state = self._states.get(watch.id, _EMPTY)
        checked = await check(self._bench, watch, self._plans[watch.id], state, now=self._now())
        wait = self._wait(watch, checked)
        planned = replace(checked.decision.state, next_check_at=self._now() + wait)
        decision = replace(checked.decision, state=planned)
        await self._committer.save(decision)
        self._states[watch.id] = planned
        _report(watch, decision)
        return decision, wait

    def _wait(self, watch: Watch, checked: Checked) -> timedelta:
        return wait_until_next(
            watch,
            failures=checked.decision.state.failures,
            is_confirming=checked.decision.is_confirming,
            retry_after=checked.retry_after,
            chance=self._chance(),
        )


def _report(watch: Watch, decision: Decision) -> None:
    failure = decision.state.failure
    if failure:
        _log.warning("%s: %s: %s", watch.id, failure.kind, failure.text)
    for message in decision.messages:
        _log.info("%s: telling %s: %s", watch.id, message.topic, message.summary)
