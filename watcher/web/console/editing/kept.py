"""
What an editor comes back to within minutes, in the memory of this process: fetched pages, and edits to take back.

| it is let go | when |
|---|---|
| a page | after 10 minutes, as the oldest of 20, or of those that have over 32 MB together |
| an edit | after an hour, as the oldest of 20, or of those that have over 16 MB together |
| all | the process ends |

Both are for the session that they were made in, and no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from aiohttp import web
from msgspec import Struct

from watcher.core.page import Response
from watcher.push.ids import new_secret
from watcher.web.keys import SESSION

if TYPE_CHECKING:
    from watcher.config.edits import WatchEdit
    from watcher.extract.suggesting import Suggestions

MOST_PAGES: Final = 20
MOST_BYTES: Final = 32_000_000
PAGES_KEPT: Final = timedelta(minutes=10)
MOST_EDITS: Final = 20
MOST_EDITED_CHARACTERS: Final = 16_000_000
EDITS_KEPT: Final = timedelta(hours=1)

_T = TypeVar("_T")


class Fetched(Struct, kw_only=True):
    """A page that was fetched once. `suggestions`: once somebody asked for them."""

    response: Response
    suggestions: Suggestions | None = None


class _Kept(Generic[_T]):
    """Things by session and name, the oldest first."""

    def __init__(
        self,
        most: int,
        kept: timedelta,
        clock: Callable[[], float],
        *,
        size_of: Callable[[_T], int],
        most_bytes: int,
    ) -> None:
        self._most, self._seconds, self._clock = most, kept.total_seconds(), clock
        self._size_of, self._most_bytes = size_of, most_bytes
        self._things: dict[tuple[int, str], tuple[float, _T]] = {}

    def put(self, session: int, name: str, thing: _T) -> None:
        self._things.pop((session, name), None)  # so that the oldest stays first
        self._things[session, name] = (self._clock(), thing)
        while len(self._things) > self._most or (self._size() > self._most_bytes and len(self._things) > 1):
            del self._things[next(iter(self._things))]

    def get(self, session: int, name: str) -> _T | None:
        at, thing = self._things.get((session, name), (0.0, None))
        return thing if thing is not None and self._clock() - at <= self._seconds else None

    def pop(self, session: int, name: str) -> None:
        self._things.pop((session, name), None)

    def _size(self) -> int:
        return sum(self._size_of(thing) for _, thing in self._things.values())


class KeptPages:
    """The pages that selectors are tried on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._kept: _Kept[Fetched] = _Kept(
            MOST_PAGES, PAGES_KEPT, clock, size_of=lambda page: len(page.response.wire), most_bytes=MOST_BYTES
        )

    def keep(self, request: web.Request, url: str, response: Response) -> Fetched:
        """Keep a page for the session that asks."""
        page = Fetched(response=response)
        self._kept.put(request[SESSION].id, url, page)
        return page

    def find(self, request: web.Request, url: str) -> Fetched | None:
        """Return the page of this URL for the session that asks; None where it is gone."""
        return self._kept.get(request[SESSION].id, url)


class KeptEdits:
    """The edits that were written, to take them back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._kept: _Kept[WatchEdit] = _Kept(
            MOST_EDITS, EDITS_KEPT, clock, size_of=_characters, most_bytes=MOST_EDITED_CHARACTERS
        )

    def keep(self, request: web.Request, edit: WatchEdit) -> str:
        """Keep an edit for the session that asks; return its name."""
        name = new_secret()
        self._kept.put(request[SESSION].id, name, edit)
        return name

    def find(self, request: web.Request, name: str) -> WatchEdit | None:
        """Return the edit of this name for the session that asks; None where it is gone."""
        return self._kept.get(request[SESSION].id, name)

    def forget(self, request: web.Request, name: str) -> None:
        """Let an edit go that was taken back."""
        self._kept.pop(request[SESSION].id, name)


def _characters(edit: WatchEdit) -> int:
    return sum(len(each.before or "") + len(each.after) for each in edit.files)


KEPT_PAGES = web.AppKey("kept_pages", KeptPages)
KEPT_EDITS = web.AppKey("kept_edits", KeptEdits)
