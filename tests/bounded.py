"""A bound on what has a bound of its own that is tested: a test whose protection is gone fails, and does not hang."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooLongError(AssertionError):
    """It took longer than it may."""


@contextmanager
def bounded(cpu_seconds: float) -> Iterator[None]:
    """
    Raise TooLongError within, as soon as this process has used so much processor time, whatever else the machine does.

    It ends `re` and `regex`, which look for signals as they search; what else holds the interpreter in C, it does not.
    """

    def end(_: int, __: FrameType | None) -> None:
        raise TooLongError(f"it took over {cpu_seconds:g} s")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
