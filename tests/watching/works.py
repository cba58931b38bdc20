"""What a worker may be asked to do. Importing this is cheap, for each new worker does."""

from __future__ import annotations

import mmap
import os
import signal
import time
from datetime import timedelta
from pathlib import Path

from watcher.background.pool import prepare
from watcher.errors import BlockedError, PageError


def pid() -> int:
    return os.getpid()


def spin() -> None:
    """Hold the GIL for ever, in C."""
    "".join("a" for _ in ()).count("a") or max(iter(int, 1))


def hang() -> None:
    """Take for ever, at no cost for others."""
    while True:
        time.sleep(1_000)


class Load:
    """What stands for a page."""


def hang_over(_: Load) -> None:
    hang()


def refuse(_: Load) -> None:
    raise PageError("no")


def spin_and_say(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    spin()


def take_seconds(seconds: float) -> float:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass
    return seconds


def take_memory() -> None:
    hoard = []
    while True:
        hoard.append(bytearray(mmap.PAGESIZE * 1_000))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def be_stopped() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(10)


def be_stopped_once(path: str) -> str:
    """End as a service's stop ends all its processes, but for the second time."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
    return "read"


def be_prepared_too_late(memory_bytes: int) -> None:
    """Say that this process is here, and make it a worker when what it was forked from is gone."""
    parent = os.getppid()
    print("here", flush=True)
    while os.getppid() == parent:
        pass
    prepare(memory_bytes)


def raise_wall() -> None:
    raise BlockedError("a wall", status=403, retry_after=timedelta(seconds=7))


def raise_odd() -> None:
    class OddError(Exception):
        def __init__(self, *, odd: int) -> None:
            super().__init__(odd)

    raise OddError(odd=1)
