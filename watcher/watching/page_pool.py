"""
Processes that read what may be slow to read: they can be killed, which no thread can.

| a page | comes to |
|---|---|
| takes longer than DEADLINE of work | its process ends itself, PageError |
| wants more than MEMORY_BYTES | its process ends, PageError |
| crashes a parser | PageError |
| whose process is ended from outside, as by a service that stops, or does not start | is read again; then PageError |
| comes when no file is left for a process's pipes | OutOfFilesError |

Three lanes, so that hostile pages of some watches do not hold up those of others. Where a page is read depends on how
the last one of its watch went:

| the last one was | its lane | at a time | may take | and then |
|---|---|---|---|---|
| quick | quick | 2 | QUICK | is read again in the slow lane |
| not known: the watch is new, or was slow before | new, then quick | 1 of those 2 | FIRST | the same |
| slow, or ended its process | slow | 1 | DEADLINE | PageError |

So a page of a watch that was quick waits for other quick ones, and for at most one that is not known; a new one for
FIRST for each that came before it, however many of them take for ever. Quick ones that all turn slow at once take
QUICK each, once. A page that waits over LONGEST_WAIT for the new or the slow lane is a PageError: its watch backs off,
and the lane gets shorter.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from watcher.background.pool import EndedError, LostError, Pool, TooSlowError
from watcher.core.files import ADVICE, is_out_of_files
from watcher.core.page import Response
from watcher.core.page_profile import Examined, Usual
from watcher.core.proposal import Proposal
from watcher.core.values import Rows
from watcher.core.watch import Watch
from watcher.core.wording import worded
from watcher.errors import OutOfFilesError, PageError

if TYPE_CHECKING:
    from watcher.extract.explain import Explanation
    from watcher.extract.observe import Sight

DEADLINE = timedelta(seconds=10)
QUICK = timedelta(seconds=2)
FIRST = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MEMORY_BYTES = 1024**3

_QUICK_LANES = 2
_MOST_KNOWN = 10_000
_SIMPLER = worded("error_simpler", "make the selectors plainer, or watch a smaller page")

_T = TypeVar("_T")


class _FatalError(PageError):
    """The work ended its process."""


class PagePool:
    """Processes that read pages, started when the first page comes. A context manager: leaving it ends them."""

    def __init__(
        self,
        *,
        deadline: timedelta = DEADLINE,
        quick: timedelta = QUICK,
        first: timedelta = FIRST,
        memory_bytes: int = MEMORY_BYTES,
        processes: int = _QUICK_LANES + 1,
    ) -> None:
        """
        Args:
            processes: one for who reads one page at a time: others would still be starting when all are ended.
        """
        self._deadline = deadline
        self._quick = min(quick, deadline)
        self._first = min(first, quick, deadline)
        self._quick_lane = asyncio.Semaphore(_QUICK_LANES)
        self._new_lane = asyncio.Semaphore(1)
        self._slow_lane = asyncio.Semaphore(1)
        self._was_quick: OrderedDict[str, bool] = OrderedDict()
        self._pool = Pool(processes=processes, memory_bytes=memory_bytes, preload="watcher.watching.fork_server")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._pool.close()

    async def see(self, watch: Watch, response: Response, number: int = 1, container: str = "") -> Sight:
        """Return what the watch sees in a response, as `reading.see`; PageError also for what the table names."""
        from watcher.watching.reading import see  # brings the parser

        return await self.run(watch.id, see, watch, response, number, container)

    async def examine(self, watch: Watch, response: Response, rows: Rows, usual: Usual) -> Examined:
        """Return what comes of a closer look, as `reading.examine`; PageError also for what the table names."""
        from watcher.watching.reading import examine

        return await self.run(watch.id, examine, watch, response, rows, usual)

    async def propose(self, watch: Watch, response: Response, usual: Usual) -> tuple[Proposal, ...]:
        """Return where lost values may stand, as `reading.propose`; PageError also for what the table names."""
        from watcher.watching.reading import propose

        return await self.run(f"{watch.id} lost", propose, watch, response, usual)  # a watch that is quick stays so

    async def explain(self, watch: Watch, response: Response) -> Explanation:
        """Return how the page is read, as `extract.explain`; PageError also for what the table names."""
        from watcher.watching.reading import explanation_of

        return await self.run(watch.id, explanation_of, watch, response)

    async def run(self, name: str, work: Callable[..., _T], *arguments: object) -> _T:
        """
        Return what the work comes to in a process of the pool.

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
        except TooSlowError:
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
            except TooSlowError as error:
                seconds = self._deadline.total_seconds()
                raise PageError(
                    worded(
                        "error_reading_slow",
                        "reading the page took over {seconds} s; {advice}",
                        seconds=f"{seconds:g}",
                        advice=_SIMPLER,
                    )
                ) from error
        if loop.time() - start < self._quick.total_seconds():
            self._was_quick.pop(name, None)
        return result

    def _note(self, name: str, *, was_quick: bool) -> None:
        self._was_quick[name] = was_quick
        if len(self._was_quick) > _MOST_KNOWN:
            self._was_quick.popitem(last=False)

    async def _done(self, limit: timedelta, work: Callable[..., _T], *arguments: object) -> _T:
        """Return the result of the work. Raises as `Pool.run` does, in words of a page."""
        try:
            return await self._pool.run(limit, work, *arguments)
        except LostError as error:
            raise PageError(
                worded(
                    "error_reader_lost",
                    "the page is not at fault, but the process that was to read it {reason}; check again",
                    reason=error.why,
                )
            ) from error
        except EndedError as error:
            raise _FatalError(
                worded(
                    "error_reader_ended",
                    "the process that read the page {reason}; {advice}",
                    reason=error.why,
                    advice=_SIMPLER,
                )
            ) from error
        except OSError as error:
            if not is_out_of_files(error):
                raise
            raise OutOfFilesError(
                worded(
                    "error_reader_files",
                    "nothing can read the page: this process can open no more files; {advice}",
                    advice=ADVICE,
                )
            ) from error


@asynccontextmanager
async def _turn(lane: asyncio.Semaphore) -> AsyncIterator[None]:
    """Wait for a place in the lane. Raises PageError after LONGEST_WAIT."""
    try:
        async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
            await lane.acquire()
    except TimeoutError as error:
        minutes = LONGEST_WAIT // timedelta(minutes=1)
        raise PageError(
            worded(
                "error_waited",
                "the page waited over {minutes} min for others that are slow to read; {advice}",
                minutes=minutes,
                advice=_SIMPLER,
            )
        ) from error
    try:
        yield
    finally:
        lane.release()
