"""
Worker processes that read what may be slow to read: they can be killed, which no thread can.

| a page | comes to |
|---|---|
| takes longer than DEADLINE of work | its worker ends itself, PageError |
| wants more than MEMORY_BYTES | its worker ends, PageError |
| crashes a parser | PageError |
| whose worker is ended from outside, as when a service stops | is read again, once |
| comes when no file is left for a worker's pipes | OutOfFilesError |

Three lanes, so that hostile pages of some watches do not hold up those of others. Where a page is read depends on how
the last one of its watch went:

| the last one was | its lane | at a time | may take | and then |
|---|---|---|---|---|
| quick | quick | 2 | QUICK | is read again in the slow lane |
| not known: the watch is new, or was slow before | new, then quick | 1 of those 2 | FIRST | the same |
| slow, or ended its worker | slow | 1 | DEADLINE | PageError |

So a page of a watch that was quick waits for other quick ones, and for at most one that is not known; a new one for
FIRST for each that came before it, however many of them take for ever. Quick ones that all turn slow at once take
QUICK each, once. A page that waits over LONGEST_WAIT for the new or the slow lane is a PageError: its watch backs off,
and the lane gets shorter.

The deadline is an alarm within the worker, which ends it whatever its parser does and although its parent may be gone;
pebble's own is by the wall clock, which jumps.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import BrokenExecutor, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from watcher.core.files import ADVICE, is_out_of_files
from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.errors import CheckError, OutOfFilesError, PageError
from watcher.watching.reading import explanation_of, see

if TYPE_CHECKING:
    from pebble import ProcessPool

    from watcher.extract.explain import Explanation
    from watcher.extract.observe import Sight

DEADLINE = timedelta(seconds=10)
QUICK = timedelta(seconds=2)
FIRST = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MEMORY_BYTES = 1024**3

_QUICK_LANES = 2
_MOST_KNOWN = 10_000
_MOST_TASKS = 1_000
"""After so many pages a worker is replaced, so that what a parser leaks does not add up."""
_GRACE_SECONDS = 20.0
"""How long a worker may take to start, to be handed a page and to hand back what it saw."""
_NICENESS = 5
"""On a machine with few processors the event loop goes first."""
_COLLECTED_EVERY = 100_000
_MOST_STARTS = 20
_PAUSE_SECONDS = 0.1
_OUT_OF_MEMORY = 77
_SIMPLER = "make the selectors plainer, or watch a smaller page"

_T = TypeVar("_T")


class _SlowError(Exception):
    """The work took longer than it was given."""


class _FatalError(PageError):
    """The work ended its worker."""


class Workers:
    """Worker processes, started when the first page comes. A context manager: leaving it ends them."""

    def __init__(
        self,
        *,
        deadline: timedelta = DEADLINE,
        quick: timedelta = QUICK,
        first: timedelta = FIRST,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._deadline = deadline
        self._quick = min(quick, deadline)
        self._first = min(first, quick, deadline)
        self._memory_bytes = memory_bytes
        self._quick_lane = asyncio.Semaphore(_QUICK_LANES)
        self._new_lane = asyncio.Semaphore(1)
        self._slow_lane = asyncio.Semaphore(1)
        self._was_quick: OrderedDict[str, bool] = OrderedDict()
        self._pool: ProcessPool | None = None
        self._futures: set[Future[Any]] = set()
        self._pools = ThreadPoolExecutor(1, thread_name_prefix="workers")  # opens and closes, which blocks

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.shield(self._in_thread(lambda: self._close(self._pool)))
        self._pools.shutdown()

    async def see(self, watch: Watch, response: Response, number: int) -> Sight:
        """Return what the watch sees in a response, as `reading.see`; PageError also for what the table names."""
        return await self.run(watch.id, see, watch, response, number)

    async def explain(self, watch: Watch, response: Response) -> Explanation:
        """Return how the page is read, as `extract.explain`; PageError also for what the table names."""
        return await self.run(watch.id, explanation_of, watch, response)

    async def run(self, name: str, work: Callable[..., _T], *arguments: object) -> _T:
        """
        Return what the work comes to in a worker.

        Args:
            name: of the watch whose page it is: one that was slow goes to the slow lane.
            work: a function at the head of a module; it, its arguments and what it returns are pickled.

        Raises:
            CheckError: as the work raised it, with its attributes, or for what the table at the head names.
            RuntimeError: the work raised something else, which is a defect.
        """
        try:
            match self._was_quick.get(name):
                case True:
                    return await self._run_quickly(self._quick, work, *arguments)
                case None:
                    async with _turn(self._new_lane):
                        result = await self._run_quickly(self._first, work, *arguments)
                    self._note(name, was_quick=True)
                    return result
        except _SlowError:
            self._note(name, was_quick=False)
        except _FatalError:
            self._note(name, was_quick=False)
            raise
        return await self._run_slowly(name, work, *arguments)

    async def _run_quickly(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        async with self._quick_lane:
            return await self._done(limit, work, *arguments)

    async def _run_slowly(self, name: str, work: Callable[..., _T], *arguments: object) -> _T:
        loop = asyncio.get_running_loop()
        async with _turn(self._slow_lane):
            start = loop.time()
            try:
                result = await self._done(self._deadline, work, *arguments)
            except _SlowError as error:
                seconds = self._deadline.total_seconds()
                raise PageError(f"reading the page took over {seconds:g} s; {_SIMPLER}") from error
        if loop.time() - start < self._quick.total_seconds():
            self._was_quick.pop(name, None)
        return result

    def _note(self, name: str, *, was_quick: bool) -> None:
        self._was_quick[name] = was_quick
        if len(self._was_quick) > _MOST_KNOWN:
            self._was_quick.popitem(last=False)

    async def _done(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        """Return what the work comes to; where its worker was ended from outside, that of a second try."""
        try:
            return await self._tried(limit, work, *arguments)
        except BrokenExecutor:
            return await self._tried_again(limit, work, *arguments)

    async def _tried_again(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        try:
            return await self._tried(limit, work, *arguments)
        except BrokenExecutor as error:
            raise PageError(f"what read the page was ended twice; {_SIMPLER}") from error

    async def _tried(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        """Raises BrokenExecutor when the work may be tried again in another pool."""
        from pebble import ProcessExpired

        try:
            pool = await self._in_thread(self._opened)
        except OSError as error:
            if not is_out_of_files(error):
                raise
            raise OutOfFilesError(
                f"nothing can read the page: this process can open no more files; {ADVICE}"
            ) from error
        future: Future[_T] | None = None
        try:
            future = _scheduled(pool, in_time, limit.total_seconds(), work, arguments)
            self._futures.add(future)
            async with asyncio.timeout(limit.total_seconds() + _GRACE_SECONDS):
                return await asyncio.wrap_future(future)
        except ProcessExpired as error:
            raise self._expired(error.exitcode) from error
        except TimeoutError as error:
            await self._in_thread(self._close, pool)
            raise _SlowError from error
        except BrokenExecutor:
            await self._in_thread(self._close, pool)
            raise
        finally:
            if future is not None:
                self._futures.discard(future)
            del future  # holds the error, which holds this frame, which holds the page: no cycle for the collector

    def _expired(self, status: int) -> Exception:
        """Return the error for the exit status of a worker, which is minus a signal's number where one ended it."""
        match -status:
            case signal.SIGALRM:
                return _SlowError()
            case signal.SIGTERM | signal.SIGHUP | signal.SIGINT:
                return BrokenExecutor("ended from outside")
        if status == _OUT_OF_MEMORY:
            return _FatalError(f"reading the page took over {self._memory_bytes // 1024**2:,} MB of memory; {_SIMPLER}")
        if -status == signal.SIGKILL:
            return _FatalError(f"what read the page was killed: is the machine's memory short? {_SIMPLER}")
        return _FatalError(f"the page crashed what read it (exit status {status}); {_SIMPLER}")

    def _opened(self) -> ProcessPool:
        """Return the pool, a new one if the last has broken. Raises BrokenExecutor when no process starts."""
        if self._pool is not None and not self._pool.active:
            self._close(self._pool)
        if self._pool is None:
            self._pool = _new_pool(self._memory_bytes)
        return self._pool

    def _close(self, pool: ProcessPool | None) -> None:
        """End a pool and its workers, unless another one's failure has closed it before."""
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


@asynccontextmanager
async def _turn(lane: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait for a place in the lane. Raises PageError after LONGEST_WAIT."""
    try:
        async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
            await lane.acquire()
    except TimeoutError as error:
        minutes = LONGEST_WAIT // timedelta(minutes=1)
        raise PageError(f"the page waited over {minutes} min for others that are slow to read; {_SIMPLER}") from error
    try:
        yield
    finally:
        lane.release()


def _new_pool(memory_bytes: int) -> ProcessPool:
    """Return a pool whose processes run; they end with this thread."""
    import multiprocessing  # both are for those who need a worker

    from pebble import ProcessPool

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["watcher.watching.fork_server"])
    for _ in range(_MOST_STARTS):
        pool = ProcessPool(
            max_workers=_QUICK_LANES + 1,
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


# Within a worker


def prepare(memory_bytes: int) -> None:
    """Make a new worker safe: it has so much memory, and ends with its parent."""
    import gc
    import resource

    from watcher.watching.orphans import end_with_parent  # ctypes, which the parent has no use for

    os.nice(_NICENESS)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's handler waits for the parser
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    end_with_parent()
    gc.freeze()
    gc.set_threshold(_COLLECTED_EVERY)


def in_time(seconds: float, work: Callable[..., _T], arguments: tuple[object, ...]) -> _T:
    """Return what the work comes to; end this process when it takes longer, or too much memory."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work(*arguments)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # what is left of it is no place for the next page
    except CheckError:
        raise
    except Exception as error:  # a defect, of a class that may not survive the way to the parent
        raise RuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
