"""
Whether a site has a new design, as far as the checks show.

One watch whose selector finds nothing, or something else, is that watch's trouble, and told by itself. Where three and
more of one host are told of within a while, the operator is also told once which line mends them all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.message import NAME_CHARACTERS
from watcher.core.pausing import is_muted
from watcher.core.phrases import Phrases, fill
from watcher.core.redaction import redacted
from watcher.core.trouble import has_lost_a_value
from watcher.core.urls import host_of
from watcher.core.watch import Watch
from watcher.core.words import cut, one_line
from watcher.watching.notices import Notices

WINDOW = timedelta(minutes=15)
"""So long it is waited for more watches of the same host, from the first that is told of."""
_FEWEST = 3
_MOST_NAMED: Final = 20
_log = logging.getLogger(__name__)


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

    def leave(self, watches: Collection[str]) -> None:
        """Forget these."""
        for told in self.lost.values():
            for one in watches:
                told.pop(one, None)

    def due(self, *, now: datetime) -> list[Redesign]:
        """Return, once, the hosts that have been waited with for long enough, and several watches of which are told."""
        over = [host for host, told in self.lost.items() if not told or not timedelta(0) <= now - _first(told) < WINDOW]
        ended = [(host, self.lost.pop(host)) for host in over]
        return [
            Redesign(host=host, watches=tuple(told), since=_first(told)) for host, told in ended if len(told) >= _FEWEST
        ]


def _first(told: dict[str, datetime]) -> datetime:
    return min(told.values())


class RedesignAlerts:
    """Follows the checks, and tells the operator once which line mends all watches of a site with a new design."""

    def __init__(self, watches: Mapping[str, Watch], notices: Notices, *, now: Callable[[], datetime]) -> None:
        """`watches`: by id, as they are at any time. `now`: the wall clock."""
        self._watches = watches
        self._notices = notices
        self._now = now
        self._redesigns = Redesigns()
        self.lost = self._redesigns.lost
        """what is known of hosts; while that is nothing, good checks need not be noted"""
        self.leave = self._redesigns.leave

    def take_note(self, watch: Watch, state: WatchState, *, follows: WatchState) -> None:
        """Take note of the state of a watch after a check, and of the one before."""
        if not is_muted(state, self._now()):
            host = redacted(host_of(watch.request.url), watch.request.secrets)
            self._redesigns.take_note(watch.id, host, follows, state, now=self._now())

    def look(self) -> None:
        """Tell of the sites that are due."""
        for redesign in self._redesigns.due(now=self._now()):
            self._tell(redesign)

    def _tell(self, redesign: Redesign) -> None:
        names = [self._watches[one].name if one in self._watches else one for one in redesign.watches]
        _log.warning(
            "%s: %d watches lost a value; `watcher suggest --failing` shows where they are now",
            redesign.host,
            len(names),
        )
        self._notices.tell(
            f"redesign {redesign.host}",
            partial(_of_redesign, redesign.host, names),
            number=int(redesign.since.timestamp()),
        )


def _of_redesign(host: str, names: Sequence[str], phrases: Phrases) -> tuple[str, str]:
    summary = fill(phrases.redesigned, host=host, watches=phrases.watches(len(names)))
    listed = [f"- {one_line(cut(name, NAME_CHARACTERS))}" for name in names[:_MOST_NAMED]]
    more = ["…"] if len(names) > _MOST_NAMED else []
    return summary, "\n".join([*listed, *more, phrases.suggest_failing])
