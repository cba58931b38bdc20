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
from watcher.core.live import Live
from watcher.core.message_log import LoggedMessage
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.standing import Standing
from watcher.errors import StoreError
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_lines import Line, lines_of
from watcher.web.console.watches import path_of
from watcher.web.keys import LIVE, SERVICE, WATCHES, WatchReader
from watcher.web.pages.language import language_of

_TROUBLE: Final = 10
"""Watches in trouble on the page."""
_DEAD: Final = 10
"""Dead letters on the page, the newest."""
_log = logging.getLogger(__name__)


class Watches(Struct, frozen=True, kw_only=True):
    """
    What the watch store says.

    Attributes:
        lines: the first of those in trouble.
        waiting: messages in the outbox that are tried again.
        dead: the newest of those that were given up; `dead_count`: how many there are.
    """

    counts: Mapping[Standing, int]
    lines: Sequence[Line]
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
    def trouble(self) -> int:
        """Return how many things need the operator."""
        return self.failing + self.dead_count

    @property
    def is_overdue(self) -> bool:
        """True when there are watches, and none is checked when it is due."""
        return self.total > 0 and self.counts[Standing.OVERDUE] == self.total


async def show_overview(request: web.Request, messages: Sequence[LoggedMessage]) -> web.Response:
    """`GET /console`, of the operator, with the newest messages."""
    totals = await request.app[SERVICE].operator.totals()
    live = request.app[LIVE]()
    phrases = phrases_in(language_of(request))
    watches = await _read(request.app[WATCHES], live, phrases, now=totals.counted_at)
    return render_room(
        request,
        "overview.html",
        Room.OVERVIEW,
        watches=watches,
        totals=totals,
        version=watcher.__version__,
        messages=messages,
        path_of=path_of,
    )


async def _read(reader: WatchReader, live: Live, phrases: Phrases, *, now: datetime) -> Watches | None:
    """Return what the watch store says; None when it cannot be read."""
    try:
        return await asyncio.to_thread(_look, reader, live, phrases, now=now)
    except StoreError as error:
        _log.warning("the console cannot show the watches: %s", error)
        return None


def _look(reader: WatchReader, live: Live, phrases: Phrases, *, now: datetime) -> Watches:
    lines = lines_of(reader, live, phrases, now=now)
    entries = reader.outbox()
    dead = [entry for entry in entries if entry.dead is not None]
    return Watches(
        counts=Counter(line.standing for line in lines),
        lines=[line for line in lines if line.standing.is_trouble][:_TROUBLE],
        waiting=len(entries) - len(dead),
        dead_count=len(dead),
        dead=dead[: -_DEAD - 1 : -1],
    )
