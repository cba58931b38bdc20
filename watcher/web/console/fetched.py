"""
The pages that watches are made on, in the memory of this process: pointed at, or read by what a form says.

One is let go half an hour after it was last asked for, as the one of 20 that was used longest ago, or of those that
have over 64 MB together; and all when the process ends. Whoever comes back to one that is gone is told so, and fetches
it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web
from msgspec import Struct

from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.push.ids import new_secret
from watcher.web.console.kept import Kept

if TYPE_CHECKING:
    from watcher.extract.suggesting import Suggestions

KEPT: Final = timedelta(minutes=30)
_RECENT: Final = timedelta(minutes=2)
"""So old a page may be that selectors are tried on; what is older may have been another one."""
MOST_PAGES: Final = 20
MOST_BYTES: Final = 64_000_000


class Fetched(Struct, kw_only=True):
    """
    A page that was fetched once.

    Attributes:
        key: what its addresses in the console have.
        at: when it was fetched, in seconds of the clock.
        typed: its URL, as it was typed.
        watch: the draft that it was fetched by.
        title: what it calls itself, once it was looked at.
        suggestions: once somebody asked for them.
        places: of the elements that each of them finds, once somebody pointed.
        mends: the watch that reads it, whose selector is pointed at anew; empty of a new one.
    """

    key: str
    at: float
    typed: str
    watch: Watch
    response: Response
    title: str = ""
    suggestions: Suggestions | None = None
    places: tuple[tuple[int, ...], ...] | None = None
    mends: str = ""


class FetchedPages:
    """The pages that watches are made on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most_bytes: int = MOST_BYTES) -> None:
        """`clock`: monotonic seconds."""
        self._clock = clock
        self._kept: Kept[Fetched] = Kept(
            MOST_PAGES, KEPT, size_of=lambda page: len(page.response.wire), most_size=most_bytes, clock=clock
        )

    def keep(self, request: web.Request, typed: str, watch: Watch, response: Response) -> Fetched:
        """Keep a page for the session that asks."""
        page = Fetched(key=new_secret(), at=self._clock(), typed=typed, watch=watch, response=response)
        self._kept.put(request, page.key, page)
        return page

    def find(self, request: web.Request) -> Fetched | None:
        """Return the page that the address names (`{pick}`), of the session that asks; None where it is gone."""
        return self._again(request, self._kept.get(request, request.match_info["pick"]))

    def newest(self, request: web.Request, url: str) -> Fetched | None:
        """Return what was fetched last from a URL, for the session that asks; None where it is gone."""
        return self._again(request, self._kept.newest(request, lambda page: page.watch.request.url == url))

    def recent(self, request: web.Request, url: str) -> Fetched | None:
        """Return the same where it was fetched just now; None where it may be another one by now."""
        page = self.newest(request, url)
        return page if page is not None and self._clock() - page.at <= _RECENT.total_seconds() else None

    def _again(self, request: web.Request, page: Fetched | None) -> Fetched | None:
        if page is not None:
            self._kept.put(request, page.key, page)
        return page


FETCHED = web.AppKey("fetched", FetchedPages)
