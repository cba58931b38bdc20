"""
Work in processes that can be killed, which no thread can.

| work that | comes to |
|---|---|
| takes longer than its limit | its process ends itself, TooSlowError |
| wants more memory than the pool gives | its process ends, EndedError |
| crashes | EndedError |
| whose process is ended from outside, as when a service stops | is done again, once; then LostError |

The limit is an alarm within the process, which ends it whatever it does and although its parent may be gone; pebble's
own is by the wall clock, which jumps. It goes by the process's processor time where a busy machine must not decide.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from watcher.errors import WatcherError

if TYPE_CHECKING:
    from pebble import ProcessPool

_MOST_TASKS: Final = 1_000
"""After so many pieces of work a process is replaced, so that what a parser leaks does not add up."""
_GRACE_SECONDS: Final = 20.0
"""How long a process may take to start, to be handed its work and to hand back what came of it."""
_NICENESS: Final = 5
"""On a machine with few processors the event loop goes first."""
_COLLECTED_EVERY: Final = 100_000
_MOST_STARTS: Final = 20
_PAUSE_SECONDS: Final = 0.1
_OUT_OF_MEMORY: Final = 77
_ALARMS: Final = (signal.SIGALRM, signal.SIGPROF)

_preloaded: list[str] = []
"""What the fork server imports before it forks. There is one in a process, which all pools share."""

_T = TypeVar("_T")


class TooSlowError(Exception):
    """The work took longer than it was given."""


class EndedError(Exception):
    """The work ended its process. `why` is a text that goes on a sentence: "was killed", "took over 1,024 MB"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LostError(EndedError):
    """A process was ended from outside, twice, or none starts: it is not the work's fault."""


class Pool:
    """
    Processes, started when the first work comes. Close it after use.

    What it raises besides the errors above: OSError, where no file is left for a process's pipes.
    """

    def __init__(self, *, processes: int, memory_bytes: int, preload: str, by_processor_time: bool = False) -> None:
        """
        Args:
            preload: a module that imports what the work needs.
            by_processor_time: what a limit is of.
        """
        self._processes = processes
        self._memory_bytes = memory_bytes
        self._timer = signal.ITIMER_PROF if by_processor_time else signal.ITIMER_REAL
        self._pool: ProcessPool | None = None
        self._futures: set[Future[Any]] = set()
        self._pools = ThreadPoolExecutor(1, thread_name_prefix="processes")  # opens and closes, which blocks
        if preload not in _preloaded:
            _preloaded.append(preload)

    async def close(self) -> None:
        """End all processes."""
        await asyncio.shield(self._in_thread(lambda: self._close(self._pool)))
        self._pools.shutdown()

    async def run(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        """
        Return what the work comes to.

        Args:
            work: a function at the head of a module; it, its arguments and what it returns are pickled.

        Raises:
            TooSlowError, EndedError, LostError: as the table at the head says.
            WatcherError: as the work raised it, with its attributes.
            RuntimeError: the work raised something else, which is a defect.
        """
        try:
            return await self._tried(limit, work, *arguments)
        except BrokenExecutor:
            return await self._tried_again(limit, work, *arguments)

    async def _tried_again(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        try:
            return await self._tried(limit, work, *arguments)
        except BrokenExecutor as error:
            raise LostError(f"was ended twice, or did not start ({error})") from error

    async def _tried(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        """Raises BrokenExecutor when the work may be tried again in another pool."""
        from pebble import ProcessExpired

        pool = await self._in_thread(self._opened)
        future: Future[_T] | None = None
        try:
            future = _scheduled(pool, in_time, self._timer, limit.total_seconds(), work, arguments)
            self._futures.add(future)
            async with asyncio.timeout(limit.total_seconds() + _GRACE_SECONDS):
                return await asyncio.wrap_future(future)
        except ProcessExpired as error:
            raise self._expired(error.exitcode) from error
        except TimeoutError as error:
            await self._in_thread(self._close, pool)
            raise TooSlowError from error
        except BrokenExecutor:
            await self._in_thread(self._close, pool)
            raise
        finally:
            if future is not None:
                self._futures.discard(future)
            del future  # holds the error, which holds this frame, which holds the work: no cycle for the collector

    def _expired(self, status: int) -> Exception:
        """Return the error for the exit status of a process, which is minus a signal's number where one ended it."""
        match -status:
            case signal.SIGALRM | signal.SIGPROF:
                return TooSlowError()
            case signal.SIGTERM | signal.SIGHUP | signal.SIGINT:
                return BrokenExecutor("ended from outside")
        if status == _OUT_OF_MEMORY:
            return EndedError(f"took over {self._memory_bytes // 1024**2:,} MB of memory")
        if -status == signal.SIGKILL:
            return EndedError("was killed: is the machine's memory short?")
        return EndedError(f"crashed (exit status {status})")

    def _opened(self) -> ProcessPool:
        """Return the pool, a new one if the last has broken. Raises BrokenExecutor when no process starts."""
        if self._pool is not None and not self._pool.active:
            self._close(self._pool)
        if self._pool is None:
            self._pool = _new_pool(self._processes, self._memory_bytes)
        return self._pool

    def _close(self, pool: ProcessPool | None) -> None:
        """End a pool and its processes, unless another one's failure has closed it before."""
        if pool is None or pool is not self._pool:
            return
        self._pool = None
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
        for future in list(self._futures):
            with suppress(InvalidStateError):
                future.set_exception(BrokenExecutor("its pool was closed"))

    async def _in_thread(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pools, work, *arguments)


def _new_pool(processes: int, memory_bytes: int) -> ProcessPool:
    """Return a pool whose processes run; they end with this thread."""
    import multiprocessing  # both are for those who need a process

    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_preloaded)
    for _ in range(_MOST_STARTS):
        pool = ProcessPool(
            max_workers=processes,
            max_tasks=_MOST_TASKS,
            initializer=prepare,
            initargs=(memory_bytes,),
            context=context,
        )
        try:
            if pool.active:  # asked, it starts its processes
                return pool
        except BrokenExecutor:  # an earlier fork server is just about to end
            time.sleep(_PAUSE_SECONDS)
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
    raise BrokenExecutor("no process starts")


def _scheduled(pool: ProcessPool, work: Callable[..., _T], *arguments: object) -> Future[_T]:
    try:
        return pool.schedule(work, arguments)
    except RuntimeError as error:  # it has broken since it was opened
        raise BrokenExecutor(str(error)) from error


# Within a process


def prepare(memory_bytes: int) -> None:
    """Make a new process safe: it has so much memory, and ends with its parent."""
    from watcher.background.orphans import end_with_parent  # ctypes, which the parent has no use for

    os.nice(_NICENESS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's handler waits for the work
    for alarm in _ALARMS:
        signal.signal(alarm, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    end_with_parent()
    gc.freeze()
    gc.set_threshold(_COLLECTED_EVERY)


def in_time(timer: int, seconds: float, work: Callable[..., _T], arguments: tuple[object, ...]) -> _T:
    """Return what the work comes to; end this process when it takes longer, or too much memory."""
    signal.setitimer(timer, seconds)
    try:
        return work(*arguments)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # what is left of it is no place for the next work
    except WatcherError:
        raise
    except Exception as error:  # a defect, of a class that may not survive the way to the parent
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        signal.setitimer(timer, 0)
