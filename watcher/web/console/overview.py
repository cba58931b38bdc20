"""The console's first page: is all well? Trouble comes first; what is long comes in pages."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from aiohttp import web
from msgspec import Struct

import watcher
from watcher.core.check import OutboxEntry, WatchState
from watcher.core.live import Live, LiveWatch, with_live_times
from watcher.core.message_log import LoggedMessage
from watcher.core.phrases import Phrases, phrases_in
from watcher.core.shown import shown
from watcher.core.standing import Standing, standing_of
from watcher.core.values import SINGLE, Rows
from watcher.core.words import cut, one_line
from watcher.errors import StoreError
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import LIVE, SERVICE, WATCHES, WatchReader
from watcher.web.pages.language import language_of

_PAGE: Final = 50
"""Watches on a page."""
_DEAD: Final = 10
"""Dead letters on the page, the newest."""
_VALUES: Final = 3
"""Values shown of a watch."""
_VALUE_CHARACTERS: Final = 60
_TEXT_CHARACTERS: Final = 300
_URGENCY: Final = tuple(Standing)
_log = logging.getLogger(__name__)


class Line(Struct, frozen=True, kw_only=True):
    """
    One watch on the page.

    Attributes:
        name: where it is another than the id.
        url: without secrets; empty where no watcher runs here.
        values: the first of them as (name, text), of a page without a list.
        row_count: of a list; None of a page without one.
    """

    id: str
    name: str
    url: str
    standing: Standing
    values: Sequence[tuple[str, str]]
    row_count: int | None
    good_at: datetime | None
    next_check_at: datetime | None
    failing_since: datetime | None
    failure: str


class Watches(Struct, frozen=True, kw_only=True):
    """
    What the watch store says.

    Attributes:
        lines: one page of them, trouble first.
        waiting: messages in the outbox that are tried again.
        dead: the newest of those that were given up; `dead_count`: how many there are.
    """

    counts: Mapping[Standing, int]
    lines: Sequence[Line]
    page: int
    pages: int
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
    """`GET /console?page=`, of the operator, with the newest messages."""
    totals = await request.app[SERVICE].operator.totals()
    live = request.app[LIVE]()
    phrases = phrases_in(language_of(request))
    watches = await _read(request.app[WATCHES], live, _page_of(request), phrases, now=totals.counted_at)
    return render_room(
        request,
        "overview.html",
        Room.OVERVIEW,
        watches=watches,
        totals=totals,
        version=watcher.__version__,
        messages=messages,
    )


async def _read(reader: WatchReader, live: Live, page: int, phrases: Phrases, *, now: datetime) -> Watches | None:
    """Return what the watch store says; None when it cannot be read."""
    try:
        return await asyncio.to_thread(_look, reader, live, page, phrases, now=now)
    except StoreError as error:
        _log.warning("the console cannot show the watches: %s", error)
        return None


def _look(reader: WatchReader, live: Live, page: int, phrases: Phrases, *, now: datetime) -> Watches:
    lines = [_line(watch, state, live.get(watch), phrases, now=now) for watch, state in reader.each_state()]
    lines.sort(key=lambda line: (_URGENCY.index(line.standing), line.id))
    pages = max(1, -(-len(lines) // _PAGE))
    page = min(page, pages)
    entries = reader.outbox()
    dead = [entry for entry in entries if entry.dead is not None]
    return Watches(
        counts=Counter(line.standing for line in lines),
        lines=lines[(page - 1) * _PAGE : page * _PAGE],
        page=page,
        pages=pages,
        waiting=len(entries) - len(dead),
        dead_count=len(dead),
        dead=dead[: -_DEAD - 1 : -1],
    )


def _line(watch: str, state: WatchState, live: LiveWatch | None, phrases: Phrases, *, now: datetime) -> Line:
    state = with_live_times(state, live)
    rows = state.snapshot.observation.rows if state.snapshot else {SINGLE: {}}
    return Line(
        id=watch,
        name=live.name if live is not None and live.name != watch else "",
        url=live.url if live is not None else "",
        standing=standing_of(state, now=now),
        values=_values(rows, phrases),
        row_count=None if SINGLE in rows else len(rows),
        good_at=state.good_at,
        next_check_at=state.next_check_at,
        failing_since=state.failing_since,
        failure=cut(one_line(state.failure.text), _TEXT_CHARACTERS) if state.failure else "",
    )


def _values(rows: Rows, phrases: Phrases) -> Sequence[tuple[str, str]]:
    row = rows.get(SINGLE, {})
    return [
        (name, cut(one_line(shown(value, phrases)), _VALUE_CHARACTERS)) for name, value in islice(row.items(), _VALUES)
    ]


def _page_of(request: web.Request) -> int:
    """Return the number of the page that was asked for, from 1; for anything odd 1."""
    given = request.query.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1
