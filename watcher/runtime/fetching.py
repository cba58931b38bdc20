"""What asks for pages, one host at its pace."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator

from watcher.core.watch import Request, Watch
from watcher.fetch.lanes import MAX_IN_FLIGHT, Lanes

_OTHERS = 4
"""Sockets in use by what asks for no page: a push server elsewhere."""


def lanes(
    watches: Iterable[Watch] = (),
    *,
    sockets: int | None = None,
    may_start: Callable[[str], object] | None = None,
    asked_until: Callable[[str], float] | None = None,
) -> Lanes:
    """
    Return the lanes of the hosts that these watches ask.

    Args:
        sockets: that may be in use at once.
        may_start, asked_until: as `Lanes` takes them.
    """
    most = MAX_IN_FLIGHT if sockets is None else max(1, min(MAX_IN_FLIGHT, sockets - _OTHERS))
    made = Lanes(
        monotonic=time.monotonic,
        random=random.random,
        most_in_flight=most,
        may_start=may_start,
        asked_until=asked_until,
    )
    follow(made, watches, ())
    return made


def follow(lanes_of_hosts: Lanes, came: Iterable[Watch], went: Iterable[Watch]) -> None:
    """Hold the lanes to what watches that came declare, and no longer to what those that went did."""
    lanes_of_hosts.declare(_requests(came), _requests(went))


def _requests(watches: Iterable[Watch]) -> Iterator[Request]:
    return (watch.request for watch in watches if watch.is_enabled)
