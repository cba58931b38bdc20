"""What asks for pages, one host at its pace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable

from watcher.core.watch import Watch
from watcher.fetch.lanes import MAX_IN_FLIGHT, Lanes

_OTHERS = 4
"""Sockets in use by what asks for no page: a push server elsewhere."""


def lanes(watches: Iterable[Watch], *, sockets: int | None = None) -> Lanes:
    """Return the lanes of the hosts that these watches ask. `sockets`: that may be in use at once."""
    most = MAX_IN_FLIGHT if sockets is None else max(1, min(MAX_IN_FLIGHT, sockets - _OTHERS))
    made = Lanes(monotonic=time.monotonic, random=random.random, gate=asyncio.Semaphore(most))
    made.declare(watch.request for watch in watches if watch.is_enabled)
    return made
