"""
The edits that can be taken back, in the memory of this process, each for the session that made it.

One is let go after an hour, as the oldest of 20, or of those that have over 16 MB together; all when the process ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from aiohttp import web

from watcher.push.ids import new_secret
from watcher.web.console.kept import Kept
from watcher.web.keys import SESSION

if TYPE_CHECKING:
    from watcher.config.edits import WatchEdit

MOST_EDITS: Final = 20
MOST_EDITED_CHARACTERS: Final = 16_000_000
EDITS_KEPT: Final = timedelta(hours=1)


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


KEPT_EDITS = web.AppKey("kept_edits", KeptEdits)
