"""The console's first page: is all well? Trouble comes first; the rooms have the rest."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aiohttp import web
from msgspec import Struct

import watcher
from watcher.core.check import OutboxEntry
from watcher.core.message_log import LoggedMessage
from watcher.core.standing import Standing
from watcher.errors import StoreError
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_list import Asked, by_urgency, known_watches
from watcher.web.console.watch_rows import WatchRow, rows_in
from watcher.web.keys import LOCAL, SERVICE, WATCHES

_TROUBLE: Final = 10
"""Watches in trouble on the page."""
_DEAD: Final = 10
"""Dead letters on the page, the newest."""
_log = logging.getLogger(__name__)


class Watches(Struct, frozen=True, kw_only=True):
    """
    What the watch store says.

    Attributes:
        rows: the first of those in trouble.
        waiting: messages in the outbox that are tried again.
        dead: the newest of those that were given up; `dead_count`: how many there are.
    """

    counts: Mapping[Standing, int]
    rows: Sequence[WatchRow]
    waiting: int
    dead_count: int
    dead: Sequence[OutboxEntry]

    @property
    def total(self) -> int:
        """Return how many watches there are."""
        return sum(self.counts.values())

    @property
    def failing(self) -> int:
        """Return how many watches need the operator."""
        return sum(count for standing, count in self.counts.items() if standing.is_trouble)

    @property
    def failing_path(self) -> str:
        """Return the address of the table with them alone; of all, those first, where they stand in several ways."""
        standings = [standing for standing, count in self.counts.items() if standing.is_trouble and count]
        return Asked(state=standings[0] if len(standings) == 1 else None).path()

    @property
    def trouble(self) -> int:
        """Return how many things need the operator."""
        return self.failing + self.dead_count

    @property
    def left_alone(self) -> Mapping[Standing, int]:
        """Return how many watches are muted, and paused, where any are: of them nobody hears."""
        return {each: self.counts[each] for each in (Standing.MUTED, Standing.PAUSED) if self.counts[each]}

    @property
    def is_overdue(self) -> bool:
        """True when there are watches to check, and none is checked when it is due."""
        idle = self.counts[Standing.DISABLED] + self.counts[Standing.PAUSED]
        return self.total > idle and self.counts[Standing.OVERDUE] == self.total - idle


async def show_overview(request: web.Request, messages: Sequence[LoggedMessage]) -> web.Response:
    """`GET /console`, of the operator, with the newest messages."""
    totals = await request.app[SERVICE].operator.totals()
    watches = await _read(request, now=totals.counted_at)
    return render_room(
        request,
        "overview.html",
        Room.OVERVIEW,
        watches=watches,
        is_here=LOCAL in request.app,
        totals=totals,
        version=watcher.__version__,
        messages=messages,
    )


async def _read(request: web.Request, *, now: datetime) -> Watches | None:
    """Return what is known of the watches; None when that cannot be read."""
    try:
        known = await known_watches(request.app, now=now)
        trouble = sorted((each for each in known if each.standing.is_trouble), key=by_urgency)[:_TROUBLE]
        rows = await rows_in(request, trouble)
        entries = await asyncio.to_thread(request.app[WATCHES].outbox)
    except StoreError as error:
        _log.warning("the console cannot show the watches: %s", error)
        return None
    dead = [entry for entry in entries if entry.dead is not None]
    return Watches(
        counts=Counter(each.standing for each in known),
        rows=rows,
        waiting=len(entries) - len(dead),
        dead_count=len(dead),
        dead=dead[: -_DEAD - 1 : -1],
    )
