"""What signals say to a process that runs for long."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn


def stop_event(*, on_hangup: asyncio.Event | None = None) -> asyncio.Event:
    """
    Return what SIGTERM and SIGINT set from now on; taken before anything says that it is ready.

    A second one ends the process at once, with the status 128 + its number. That loses nothing: what was seen and what
    is to be told are on the disk, as after a kill. Where nohup has SIGHUP ignored, it stays ignored.

    Args:
        on_hangup: what SIGHUP sets; None: the same.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def stop() -> None:
        stopped.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            signal.signal(number, _end_at_once)  # even when the event loop is stuck

    for number, listen in ((signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, on_hangup or stop)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, listen.set if isinstance(listen, asyncio.Event) else listen)
    return stopped


def _end_at_once(number: int, _frame: object) -> NoReturn:
    _end(128 + number, b"ends at once; what was under way is done after the next start\n")


def end_within(seconds: float) -> None:
    """Let this process end after so long, whatever it still waits for."""
    asyncio.get_running_loop().call_later(seconds, _end_unanswered)


def _end_unanswered() -> NoReturn:
    _end(1, b"ends before all was given back, for the database does not answer; others take over\n")


def _end(status: int, why: bytes) -> NoReturn:
    with suppress(OSError):  # who read what it says may be gone
        os.write(sys.stderr.fileno(), why)
    os._exit(status)


def has_terminal() -> bool:
    """Return whether somebody may sit at this process, so that SIGHUP says that he has left."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
