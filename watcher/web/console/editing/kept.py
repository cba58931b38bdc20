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
from typing import TYPE_CHECKING, Final

from aiohttp import web
from msgspec import Struct

from watcher.core.page import Response
from watcher.push.ids import new_secret
from watcher.web.console.kept import Kept
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


class Fetched(Struct, kw_only=True):
    """A page that was fetched once. `suggestions`: once somebody asked for them."""

    response: Response
    suggestions: Suggestions | None = None


class KeptPages:
    """The pages that selectors are tried on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._kept: Kept[Fetched] = Kept(
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
        self._kept: Kept[WatchEdit] = Kept(
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
