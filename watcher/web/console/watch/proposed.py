"""
The selectors that were proposed for a watch: no other is tried, for what a page holds beside may be secret.

They are in the memory of this process, each for the session that saw them, and are let go after an hour, as the oldest
of those of 100 watches, or of those that have over 4 MB together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Final

from aiohttp import web

from watcher.web.console.kept import Kept
from watcher.web.keys import SESSION

PROPOSED_KEPT: Final = timedelta(hours=1)
_MOST_WATCHES: Final = 100
_MOST_CHARACTERS: Final = 4_000_000


class KeptProposals:
    """What was proposed, by watch: names of values, each with a selector."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._kept: Kept[Collection[tuple[str, str]]] = Kept(
            _MOST_WATCHES, PROPOSED_KEPT, clock, size_of=_characters, most_bytes=_MOST_CHARACTERS
        )

    def keep(self, request: web.Request, watch: str, proposed: Collection[tuple[str, str]]) -> None:
        """Keep what is proposed to the session that asks, in the place of what was before."""
        self._kept.put(request[SESSION].id, watch, proposed)

    def find(self, request: web.Request, watch: str) -> Collection[tuple[str, str]]:
        """Return what was proposed to the session that asks; nothing where that is gone."""
        return self._kept.get(request[SESSION].id, watch) or ()


def _characters(proposed: Collection[tuple[str, str]]) -> int:
    return sum(len(name) + len(selector) for name, selector in proposed)


KEPT_PROPOSALS = web.AppKey("kept_proposals", KeptProposals)
