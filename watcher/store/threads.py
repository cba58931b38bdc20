"""Threads in which a database blocks, as the event loop sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

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
        self._executor = ThreadPoolExecutor(max_workers=number, thread_name_prefix=name)
        self._seconds = seconds
        self._late = late

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
        job = self._executor.submit(work)
        ended = asyncio.wrap_future(job)
        try:
            await asyncio.wait([ended], timeout=self._seconds)
            if not ended.done() and not job.cancel():
                await asyncio.wait([ended])  # it has begun, and what it does is bounded
        except asyncio.CancelledError:
            job.cancel()
            while not ended.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([ended])
            if not ended.cancelled() and ended.exception() is None and then is not None:
                then(ended.result())
            raise
        if job.cancelled():
            raise StoreError(self._late)
        result = ended.result()
        if then is not None:
            then(result)
        return result

    def close(self) -> None:
        """End the threads once what they do is done; nothing may be run after."""
        self._executor.shutdown(wait=False)
