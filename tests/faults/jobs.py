"""What a workshop is asked for, what it answers, and how a test holds one."""

from __future__ import annotations

import asyncio
import pickle
import struct
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from tests.faults.driver import Errand

SECONDS: Final = 30.0
"""A driver that has not ended by then hangs."""
ILL_SECONDS: Final = 0.5
"""A disk that refused is well again by then: who waits longer after each attempt would wait for hours."""
LENGTH: Final = struct.Struct("I")
"""What goes to a workshop and comes from it is a pickle with its length before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """The process is killed in place of this call. `ordinal`: from 1."""

    call: str
    ordinal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """
    A disk that refuses.

    Attributes:
        call: the first that fails; while the disk refuses, all calls fail that ask it for the same or for room.
        ordinal: of that call, from 1.
        errno: ENOSPC or EIO.
        times: so many calls fail in all, or all within ILL_SECONDS, then the disk is well.
    """

    call: str
    ordinal: int
    errno: int
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One call that changed the disk, in the order of all: `data` is what was written, or the note that was made."""

    call: str
    path: str
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True, kw_only=True)
class Report:
    """
    How a driver ended.

    Attributes:
        status: as exit statuses are; -9: killed.
        text: what it had to say.
        counts: calls of each name that the gate saw.
        was_struck: whether it came to the fault.
        events: with `is_recorded`, all that the disk was told.
    """

    status: int = 0
    text: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    was_struck: bool = False
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of a driver. Without a fault, a count and a record it meets no gate, and is faster."""

    errand: Errand
    fault: Kill | Failure | None = None
    is_counted: bool = False
    is_recorded: bool = False

    @property
    def has_gate(self) -> bool:
        """Whether its calls wait to be let through."""
        return self.fault is not None or self.is_counted or self.is_recorded


class Workshop:
    """What a test holds of the process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def __call__(self, job: Job) -> Report:
        """Run one driver to its end."""
        work, answers = self._process.stdin, self._process.stdout
        assert work is not None
        assert answers is not None
        work.write(packed(job))
        async with asyncio.timeout(2 * SECONDS):
            length = LENGTH.unpack(await answers.readexactly(LENGTH.size))[0]
            report: Report = pickle.loads(await answers.readexactly(length))
        return report


@asynccontextmanager
async def a_workshop(warm_up: Errand) -> AsyncIterator[Workshop]:
    """Keep a workshop open. `warm_up`: is done in the process itself, so that all that is loaded late is there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.workshop", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        workshop = Workshop(process)
        first = await workshop(Job(errand=warm_up))
        assert first.status == 0, first.text
        yield workshop
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def packed(thing: object) -> bytes:
    packed = pickle.dumps(thing)
    return LENGTH.pack(len(packed)) + packed
