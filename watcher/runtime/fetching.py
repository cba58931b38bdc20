"""What gets pages, and what reads the big ones."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from watcher.core.watch import Watch
from watcher.runtime.settings import utc_now

if TYPE_CHECKING:
    # aiohttp costs 0.1 s to import, and commands that only look at the data directory never need it.
    from watcher.fetch import HttpFetcher, Lanes
    from watcher.net.sessions import Sessions
    from watcher.watching.workers import Workers


_OTHERS = 4
"""Sockets in use by what asks for no page: a push server elsewhere."""


def fetcher(sessions: Sessions, lanes: Lanes) -> HttpFetcher:
    """Return what asks for pages, one host at its pace."""
    from watcher.fetch import HttpFetcher

    return HttpFetcher(sessions, lanes, now=utc_now)


def lanes(watches: Iterable[Watch], *, sockets: int | None = None) -> Lanes:
    """Return the lanes of the hosts that these watches ask. `sockets`: that may be in use at once."""
    from watcher.fetch.lanes import MAX_IN_FLIGHT, Lanes

    most = MAX_IN_FLIGHT if sockets is None else max(1, min(MAX_IN_FLIGHT, sockets - _OTHERS))
    made = Lanes(monotonic=time.monotonic, random=random.random, max_in_flight=most)
    made.declare(watch.request for watch in watches if watch.is_enabled)
    return made


def readers() -> Workers:
    """Return what reads pages that may be slow to read; it starts its processes at the first of them."""
    from watcher.watching.workers import Workers

    return Workers()
