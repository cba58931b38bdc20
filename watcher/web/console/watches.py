"""The watches in the console: a table of which there are and how each stands, and what is done with many at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.standing import Standing
from watcher.core.words import clean, cut, one_line
from watcher.errors import StoreError
from watcher.web.console.kept import KEPT_ACTS
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_acts import Lasting
from watcher.web.console.watch_list import Asked, Listing, asked_of, known_watches, listing, topic_names
from watcher.web.console.watch_rows import WatchRow, rows_in
from watcher.web.console.watch_stream import LIVE_PATH, version_of_page
from watcher.web.keys import LOCAL

_NAMED: Final = 5
_NAME_CHARACTERS: Final = 40
_log = logging.getLogger(__name__)


class Done(Struct, frozen=True, kw_only=True):
    """What was done with `count` watches, and can be taken back. `names`: of the first ones."""

    act: str
    names: Sequence[str]
    count: int


async def show_watches(request: web.Request) -> web.Response:
    """`GET /console/watches?text=&topic=&tag=&state=&page=`: trouble first."""
    asked, now = asked_of(request.query), datetime.now(UTC)
    try:
        found = listing(await known_watches(request.app, now=now), asked, topic_names(request.app))
        rows = await rows_in(request, found.shown)
    except StoreError as error:
        _log.warning("the console cannot show the watches: %s", error)
        return render_room(request, "watches.html", Room.WATCHES, found=None, is_here=LOCAL in request.app)
    return render_room(
        request,
        "watches.html",
        Room.WATCHES,
        found=found,
        rows=rows,
        asked=asked,
        is_here=LOCAL in request.app,
        lasting=[*Lasting],
        states=[*Standing],
        stream=_stream_of(asked, found, rows),
        address=asked.path,
        done=_done(request),
    )


def _done(request: web.Request) -> Done | None:
    """Return what was done just before and can be taken back."""
    act, local = request.query.get("done", ""), request.app.get(LOCAL)
    before = request.app[KEPT_ACTS].get(request, act)
    if before is None or local is None:
        return None
    names = [local.watches[watch].name if watch in local.watches else watch for watch in [*before][:_NAMED]]
    shown = [cut(one_line(clean(name)), _NAME_CHARACTERS) for name in names]
    return Done(act=act, names=shown, count=len(before))


def _stream_of(asked: Asked, found: Listing, rows: Sequence[WatchRow]) -> str:
    """Return the address of what tells of the rows of this page that change."""
    path = asked.path(found.page, of=LIVE_PATH)
    return f"{path}{'&' if '?' in path else '?'}version={version_of_page([row.version for row in rows])}"
