"""
The pages that are being pointed at, in the memory of this process.

| it is let go | when |
|---|---|
| after 30 minutes without being asked for | it is asked for again, or another one is fetched |
| as the oldest of its session | the session has 5 |
| as the oldest of all | all of them have over 64 MB |
| all of them | the process ends |

Whoever comes back to one that is gone is told so, and fetches it again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from aiohttp import web
from msgspec import Struct

from watcher.core.page import Response
from watcher.core.watch import Watch
from watcher.push.ids import new_secret
from watcher.web.keys import SESSION

if TYPE_CHECKING:
    from watcher.extract.suggesting import Suggestions

KEPT_SECONDS: Final = 1_800.0
MOST_OF_SESSION: Final = 5
MOST_BYTES: Final = 64_000_000


class Suggested(Struct, frozen=True, kw_only=True):
    """What a page suggests, and for each candidate the places of the elements that it finds."""

    suggestions: Suggestions
    places: tuple[tuple[int, ...], ...]


class Fetched(Struct, kw_only=True):
    """
    A page that was fetched once.

    Attributes:
        key: what its addresses in the console have.
        typed: its URL, as it was typed.
        watch: the draft that it was fetched by.
        title: what it calls itself, once it was looked at.
        suggested: once somebody asked for it.
        used_at: in monotonic seconds.
    """

    key: str
    session: int
    typed: str
    watch: Watch
    response: Response
    used_at: float
    title: str = ""
    suggested: Suggested | None = None


class FetchedPages:
    """The pages that were fetched, the one that was used longest ago first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most_bytes: int = MOST_BYTES) -> None:
        """`clock`: monotonic seconds."""
        self._clock = clock
        self._most_bytes = most_bytes
        self._pages: dict[str, Fetched] = {}

    def keep(self, request: web.Request, typed: str, watch: Watch, response: Response) -> Fetched:
        """Keep a page for the session that asks."""
        session = request[SESSION].id
        page = Fetched(
            key=new_secret(),
            session=session,
            typed=typed,
            watch=watch,
            response=response,
            used_at=self._clock(),
        )
        self._pages[page.key] = page
        own = [each.key for each in self._pages.values() if each.session == session]
        for key in own[:-MOST_OF_SESSION]:
            del self._pages[key]
        self._make_room()
        return page

    def find(self, request: web.Request) -> Fetched | None:
        """Return the page that the address names (`{pick}`), of the session that asks; None where it is gone."""
        self._make_room()
        page = self._pages.get(request.match_info["pick"])
        if page is None or page.session != request[SESSION].id:
            return None
        del self._pages[page.key]  # so that the one that was used longest ago stays first
        page.used_at = self._clock()
        self._pages[page.key] = page
        return page

    def _make_room(self) -> None:
        pages = list(self._pages.values())
        size = sum(len(each.response.wire) for each in pages)
        for page in pages:
            is_old = self._clock() - page.used_at > KEPT_SECONDS
            if not is_old and (size <= self._most_bytes or page is pages[-1]):
                return
            size -= len(page.response.wire)
            del self._pages[page.key]


FETCHED = web.AppKey("fetched", FetchedPages)
