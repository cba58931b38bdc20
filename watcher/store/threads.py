"""
Threads in which a database blocks, as the event loop sees them.

There and back costs as much as a statement or two, so both ways are short: a queue, and one call in the loop.
Work that waits for the same thread may be done together, as one transaction; then all of it is told at once.
"""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from watcher.errors import StoreError

T = TypeVar("T")
Together = Callable[[Iterator["Job[Any]"]], None]
"""Runs a first job, and those queued behind it that have the same `together`. If it raises, all that it took fail."""


class Threads:
    """A fixed number of threads that take work in the order it comes. Used from one event loop."""

    def __init__(self, number: int, *, name: str, seconds: float, late: str) -> None:
        """
        Args:
            seconds: how long work waits for a thread.
            late: what is said of work that waited in vain.
        """
        self._number = number
        self._name = name
        self._seconds = seconds
        self._late = late
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._has_begun = False
        self._is_closed = False

    async def run(
        self,
        work: Callable[..., T],
        *,
        then: Callable[[T], object] | None = None,
        together: Together | None = None,
    ) -> T:
        """
        Return what `work` returns, done in one of the threads.

        A caller who is cancelled waits until it has ended, for what is on the disk and what is known of it must not
        differ; work that has not begun never does.

        Args:
            then: is called in the loop with what it returned, whatever became of the caller.
            together: runs it and others that wait for the same, as one; without it, `work` is called with no argument.

        Raises:
            StoreError: no thread was free in time, or `close` was called.
        """
        if self._is_closed:
            raise StoreError("it is closed")
        if not self._has_begun:
            self._begin()
        loop = asyncio.get_running_loop()
        job = Job(work, then, together, loop)
        self._jobs.put(job)
        too_late = loop.call_later(self._seconds, job.drop, StoreError(self._late))
        try:
            await job.end()
        except asyncio.CancelledError:
            job.drop(StoreError("the caller went away"))
            while not job.has_ended:
                with suppress(asyncio.CancelledError):
                    await job.end()
            raise
        finally:
            too_late.cancel()
        return job.result()

    def close(self) -> None:
        """End the threads once what waits for them is done; nothing may be run after."""
        self._is_closed = True
        for _ in range(self._number):
            self._jobs.put(None)

    def _begin(self) -> None:
        self._has_begun = True
        for number in range(self._number):
            threading.Thread(target=_work, args=(self._jobs,), name=f"{self._name}-{number}", daemon=True).start()


def _work(jobs: SimpleQueue[Job[Any] | None]) -> None:
    taken = _Taken(jobs)
    while (job := taken.next()) is not None:
        begun = [job]
        try:
            if job.together is None:
                job.do()
            else:
                job.together(taken.joining(begun))
        except BaseException as error:
            for each in begun:
                each.fail(error)
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            job.loop.call_soon_threadsafe(_settle, begun)
        del job, begun  # what they returned is not kept until the next one comes


def _settle(jobs: Sequence[Job[Any]]) -> None:
    for job in jobs:
        job.settle()


class _Taken:
    """What one thread takes from the queue: only jobs that have begun, and so are dropped no more."""

    def __init__(self, jobs: SimpleQueue[Job[Any] | None]) -> None:
        self._jobs = jobs
        self._held: list[Job[Any] | None] = []
        """What was taken and may not join; at most one."""

    def next(self) -> Job[Any] | None:
        """Return the next job, however long it is until one comes; None at the end."""
        while (job := self._held.pop() if self._held else self._jobs.get()) is not None:
            if job.begin():
                return job
        return None

    def joining(self, begun: list[Job[Any]]) -> Iterator[Job[Any]]:
        """Yield the job that has begun, then those that wait behind it and may join; add them to `begun`."""
        yield begun[0]
        with suppress(Empty):
            while (job := self._jobs.get_nowait()) is not None and job.together == begun[0].together:
                if job.begin():
                    begun.append(job)
                    yield job
            self._held.append(job)


class Job(Generic[T]):
    """A piece of work, its end, and who is told of it."""

    __slots__ = ("_result", "_then", "_ticket", "_waiter", "_work", "error", "has_ended", "loop", "together")

    def __init__(
        self,
        work: Callable[..., T],
        then: Callable[[T], object] | None,
        together: Together | None,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.together = together
        self.loop = loop
        self.error: BaseException | None = None
        self.has_ended = False
        self._work = work
        self._then = then
        self._ticket = threading.Lock()  # whoever has it first decides: the thread that begins, or who drops it
        self._result: T | None = None
        self._waiter: asyncio.Future[None] | None = None

    # In the thread

    def begin(self) -> bool:
        """Return whether it may be done: it was not dropped, and cannot be from now on."""
        return self._ticket.acquire(blocking=False)

    def do(self, *given: Any) -> None:
        """Do the work with what it is given, and keep what it returned or raised. Raises nothing."""
        try:
            self._result = self._work(*given)
        except BaseException as error:
            self.error = error

    def fail(self, error: BaseException) -> None:
        """Let it end with an error like this, unless it has one of its own: each caller's trace is added to its own."""
        if self.error is None:
            self.error = copy.copy(error)
            self.error.__cause__ = error.__cause__

    # In the loop

    def drop(self, error: Exception) -> None:
        """Let it end with this error, unless it has begun."""
        if self.begin():
            self.error = error
            self.settle()

    async def end(self) -> None:
        """Return when it has ended, however."""
        if not self.has_ended:
            self._waiter = self.loop.create_future()
            await self._waiter

    def result(self) -> T:
        """Return what the work returned, or raise what it raised."""
        if self.error is not None:
            try:
                raise self.error
            finally:
                self.error = None  # it refers to this frame, and so to itself
        return self._result  # type: ignore[return-value]

    def settle(self) -> None:
        """Tell who waits that it has ended."""
        self.has_ended = True
        if self.error is None and self._then is not None:
            try:
                self._then(self._result)  # type: ignore[arg-type]
            except Exception as error:
                self.error = error
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
