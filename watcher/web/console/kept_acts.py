"""
What was done with many watches, to take it back, in the memory of this process, for the session that did it.

One is let go after an hour, as the oldest of 20, or of those that name over 4 MB of watches; all when the process ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.push.ids import new_secret
from watcher.web.console.kept import Kept
from watcher.web.keys import SESSION

_MOST_ACTS: Final = 20
_MOST_BYTES: Final = 4_000_000
_KEPT: Final = timedelta(hours=1)
_BYTES_OF_A_WATCH: Final = 200


class LeftAlone(Struct, frozen=True, kw_only=True):
    """Until when a watch was paused, and muted, before; None: it was not."""

    paused_until: datetime | None
    muted_until: datetime | None


class BulkAct(Struct, frozen=True, kw_only=True):
    """Watches that were paused or muted, each as it had been. `name`: what the addresses of the console call it."""

    name: str
    before: Mapping[str, LeftAlone]


class KeptActs:
    """What was done with many watches."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._kept: Kept[BulkAct] = Kept(_MOST_ACTS, _KEPT, clock, size_of=_bytes, most_bytes=_MOST_BYTES)

    def keep(self, request: web.Request, before: Mapping[str, LeftAlone]) -> str:
        """Keep how watches were, for the session that asks; return the name of what was done with them."""
        act = BulkAct(name=new_secret(), before=before)
        self._kept.put(request[SESSION].id, act.name, act)
        return act.name

    def find(self, request: web.Request, name: str) -> BulkAct | None:
        """Return what was done under this name, by the session that asks; None where it is gone."""
        return self._kept.get(request[SESSION].id, name)

    def forget(self, request: web.Request, name: str) -> None:
        """Let go what was taken back."""
        self._kept.pop(request[SESSION].id, name)


def _bytes(act: BulkAct) -> int:
    return len(act.before) * _BYTES_OF_A_WATCH


KEPT_ACTS = web.AppKey("kept_acts", KeptActs)
