"""
Whether a site has a new design, as far as the checks show.

One watch whose selector finds nothing, or something else, is that watch's trouble, and told by itself. Where three and
more of one host are told of within a while, the operator is also told once which line mends them all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.trouble import has_lost_a_value

WINDOW = timedelta(minutes=15)
"""So long it is waited for more watches of the same host, from the first that is told of."""
_FEWEST = 3


class Redesign(Struct, frozen=True, kw_only=True):
    """A host of which several watches have lost a value, the ids of those, and when the first was told of."""

    host: str
    watches: tuple[str, ...]
    since: datetime


class Redesigns:
    """
    Follows which watches lose a value. A watch that has lost one is kept until it works, or for WINDOW.

    Attributes:
        lost: by host, the watches that are kept, and since when. Read at each check, so it is no property.
    """

    def __init__(self) -> None:
        self.lost: dict[str, dict[str, datetime]] = {}

    def take_note(self, watch: str, host: str, before: WatchState, after: WatchState, *, now: datetime) -> None:
        """Take note of a check: that the operator is told now that a value is lost, or that all is well."""
        if after.failure is None:
            self.lost.get(host, {}).pop(watch, None)
        elif after.is_error_told and not before.is_error_told and has_lost_a_value(after.failure):
            self.lost.setdefault(host, {})[watch] = now

    def due(self, *, now: datetime) -> list[Redesign]:
        """Return, once, the hosts that have been waited with for long enough, and several watches of which are told."""
        over = [host for host, told in self.lost.items() if not told or not timedelta(0) <= now - _first(told) < WINDOW]
        ended = [(host, self.lost.pop(host)) for host in over]
        return [
            Redesign(host=host, watches=tuple(told), since=_first(told)) for host, told in ended if len(told) >= _FEWEST
        ]


def _first(told: dict[str, datetime]) -> datetime:
    return min(told.values())
