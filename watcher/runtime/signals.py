"""What signals say to a process that runs for long."""

from __future__ import annotations

import asyncio
import signal
import sys


def stop_event(*, on_hangup: asyncio.Event | None = None) -> asyncio.Event:
    """
    Return what SIGTERM and SIGINT set from now on; taken before anything says that it is ready.

    Where nohup has SIGHUP ignored, it stays ignored.

    Args:
        on_hangup: what SIGHUP sets; None: the same.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number, event in ((signal.SIGTERM, stopped), (signal.SIGINT, stopped), (signal.SIGHUP, on_hangup or stopped)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, event.set)
    return stopped


def has_terminal() -> bool:
    """Return whether somebody may sit at this process, so that SIGHUP says that he has left."""
    return any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
