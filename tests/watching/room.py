"""A runner at work over a real store, with a clock that only a test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, timedelta

from tests.outbox.recording import BOUND_SECONDS, Clock
from tests.store.around import Around
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.watch import AllWell, Watch
from watcher.errors import StoreError
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.roster import Follower
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks


class Ledger(Committer):
    """A committer that remembers what it was asked to save, and tells a test."""

    decisions: list[Decision]

    def __init__(self, store: Around) -> None:
        super().__init__(store, store.outbox, on_messages=lambda: None)
        self.decisions = []
        self._changed = asyncio.Condition()

    async def save(self, decision: Decision) -> None:
        try:
            await super().save(decision)
        finally:
            async with self._changed:
                self.decisions.append(decision)
                self._changed.notify_all()

    async def until(self, number: int) -> None:
        """Return when so many checks have ended."""
        async with asyncio.timeout(BOUND_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.decisions) >= number)

    @property
    def verdicts(self) -> list[tuple[str, Verdict]]:
        return [(decision.watch, decision.verdict) for decision in self.decisions]


class Hesitating(Ledger):
    """Saves nothing before it may."""

    may_save = asyncio.Event()

    async def save(self, decision: Decision) -> None:
        await self.may_save.wait()
        await super().save(decision)


class Disk(Around):
    """A store that can be full."""

    is_full = False

    async def commit(self, decisions: Sequence[Decision]) -> None:
        if self.is_full:
            raise StoreError("the disk is full")
        await super().commit(decisions)


class WallClock(Clock):
    """A clock whose hands may be set, while the seconds go on as they did."""

    def set(self, by: float) -> None:
        """Set the clock on the wall."""
        self._start += timedelta(seconds=by)
        self._at += timedelta(seconds=by)


class Room:
    """A runner at work, and what a test needs to look at it."""

    def __init__(
        self,
        store: DiskWatchStore,
        tools: CheckTools,
        watches: Sequence[Watch],
        states: Mapping[str, WatchState] | None = None,
        ledger: type[Ledger] = Ledger,
        all_well: AllWell | None = None,
        followers: Sequence[Follower] = (),
    ) -> None:
        self.clock = WallClock()
        self.disk = Disk(store)
        self.ledger = ledger(self.disk)
        self.runner = Runner(
            {watch.id: watch for watch in watches},
            states or {},
            tools,
            self.ledger,
            Clocks(
                now=self.clock.now,
                chance=lambda: 0.0,
                seconds=self.clock.seconds,
                awake_seconds=self.clock.seconds,
            ),
            all_well=all_well,
            timezone=UTC,
            followers=followers,
        )
        self.checks = 0

    async def turn(self, seconds: float, *, checks: int) -> None:
        """Turn the clock, and return when so many more checks have ended."""
        self.clock.turn(seconds)
        self.runner.loop.wake()
        self.checks += checks
        await self.ledger.until(self.checks)

    async def look(self, seconds: float = 0) -> None:
        """Turn the clock, and let the runner look at it, though no check may end."""
        self.clock.turn(seconds)
        self.runner.loop.wake()
        await settled()

    async def words(self) -> list[str]:
        """The summaries of what is in the outbox, with their topics."""
        await self.ledger.flush()
        return [f"{entry.message.topic}: {entry.message.summary}" for entry in await self.disk.outbox.waiting()]


async def settled() -> None:
    """Let the loop take what is due."""
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def working(
    store: DiskWatchStore,
    tools: CheckTools,
    *watches: Watch,
    states: Mapping[str, WatchState] | None = None,
    ledger: type[Ledger] = Ledger,
    all_well: AllWell | None = None,
    followers: Sequence[Follower] = (),
) -> AsyncIterator[Room]:
    """Let the runner and the committer work; at the end stop them."""
    room = Room(store, tools, watches, states, ledger, all_well, followers)
    committing = asyncio.create_task(room.ledger.run())
    running = asyncio.create_task(room.runner.run())
    try:
        async with asyncio.timeout(BOUND_SECONDS):
            yield room
            room.runner.stop()
            await running
    finally:
        for task in (running, committing):
            task.cancel()
            await asyncio.wait([task], timeout=BOUND_SECONDS)
