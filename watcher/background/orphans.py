"""Processes that end with their parent, however that ends."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """
    Let this process be killed when the thread that started it ends, on Linux.

    Elsewhere, and where that has ended before, a process of a pool ends when it finds its pipe closed, or by its alarm,
    and the fork server when none of them and no parent is left.
    """
    # That the parent is process 1 does not say that it was gone before: in a container it may be the watcher.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
