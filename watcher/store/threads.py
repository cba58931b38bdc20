"""
Threads in which a database blocks, as the event loop sees them.

There and back costs as much as a statement or two, so both ways are short: a queue, and one call in the loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Generic, TypeVar

from watcher.errors import StoreError

T = TypeVar("T")


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
        self._jobs: SimpleQueue[_Job[object] | None] = SimpleQueue()
        self._has_begun = False

    async def run(self, work: Callable[[], T], *, then: Callable[[T], object] | None = None) -> T:
        """
        Return what `work` returns, done in one of the threads.

        A caller who is cancelled waits until it has ended, for what is on the disk and what is known of it must not
        differ; work that has not begun never does.

        Args:
            then: is called in the loop with what it returned, whatever became of the caller.

        Raises:
            StoreError: no thread was free in time.
        """
        if not self._has_begun:
            self._begin()
        loop = asyncio.get_running_loop()
        job = _Job(work, then, loop)
        self._jobs.put(job)  # type: ignore[arg-type]
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
        """End the threads once what they do is done; nothing may be run after."""
        for _ in range(self._number):
            self._jobs.put(None)

    def _begin(self) -> None:
        self._has_begun = True
        for number in range(self._number):
            threading.Thread(target=_work, args=(self._jobs,), name=f"{self._name}-{number}", daemon=True).start()


def _work(jobs: SimpleQueue[_Job[object] | None]) -> None:
    while (job := jobs.get()) is not None:
        job.do()
        del job  # what it returned is not kept until the next one comes


class _Job(Generic[T]):
    """A piece of work, its end, and who is told of it."""

    __slots__ = ("_error", "_loop", "_result", "_then", "_ticket", "_waiter", "_work", "has_ended")

    def __init__(
        self, work: Callable[[], T], then: Callable[[T], object] | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._work = work
        self._then = then
        self._loop = loop
        self._ticket = threading.Lock()  # whoever has it first decides: the thread that begins, or who drops it
        self._result: T | None = None
        self._error: BaseException | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.has_ended = False

    def do(self) -> None:
        """Do the work, in a thread, unless it was dropped."""
        if not self._ticket.acquire(blocking=False):
            return
        try:
            self._result = self._work()
        except BaseException as error:
            self._error = error
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            self._loop.call_soon_threadsafe(self._settle)

    def drop(self, error: Exception) -> None:
        """Let it end with this error, unless it has begun."""
        if self._ticket.acquire(blocking=False):
            self._error = error
            self._settle()

    async def end(self) -> None:
        """Return when it has ended, however."""
        if not self.has_ended:
            self._waiter = self._loop.create_future()
            await self._waiter

    def result(self) -> T:
        """Return what the work returned, or raise what it raised."""
        if self._error is not None:
            try:
                raise self._error
            finally:
                self._error = None  # it refers to this frame, and so to itself
        return self._result  # type: ignore[return-value]

    def _settle(self) -> None:
        self.has_ended = True
        if self._error is None and self._then is not None:
            try:
                self._then(self._result)  # type: ignore[arg-type]
            except Exception as error:
                self._error = error
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
