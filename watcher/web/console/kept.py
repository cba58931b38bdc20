"""
What a session comes back to within minutes, in the memory of this process: bounded in time, number and size.

| kept                                               | for       | at once | together          |
|----------------------------------------------------|-----------|---------|-------------------|
| a secret that a page shows once, as a new token    | 2 minutes | 1,000   | 1 MB              |
| an edit of a watch, to take it back                | an hour   | 20      | 16 MB             |
| what was done with many watches, to take that back | an hour   | 20      | of 20,000 watches |
| the selectors proposed for a watch                 | an hour   | 100     | 4 MB              |
| a page that watches are made on (`fetched`)        | see there |         |                   |

So no address holds a secret, and loading the page again neither shows it nor makes another. Only proposed selectors are
tried, for other parts of the page may be secret.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from aiohttp import web
from msgspec import Struct

from watcher.push.ids import new_secret
from watcher.web.keys import SESSION

if TYPE_CHECKING:
    from watcher.config.edits import WatchEdit

_T = TypeVar("_T")
_HOUR: Final = timedelta(hours=1)


class Kept(Generic[_T]):
    """
    Things by session and name, the oldest first; a session sees its own alone.

    One is let go after its time, as the oldest of too many, and as the oldest of those that are too large together;
    the newest stays, whatever its size.
    """

    def __init__(
        self,
        most: int,
        lasts: timedelta,
        *,
        size_of: Callable[[_T], int],
        most_size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock`: monotonic seconds."""
        self._most, self._seconds, self._clock = most, lasts.total_seconds(), clock
        self._size_of, self._most_size = size_of, most_size
        self._things: dict[tuple[int, str], tuple[float, _T]] = {}

    def add(self, request: web.Request, thing: _T) -> str:
        """Keep a thing for the session that asks, under a new name; return the name."""
        name = new_secret()
        self.put(request, name, thing)
        return name

    def put(self, request: web.Request, name: str, thing: _T) -> None:
        """Keep a thing for the session that asks, from now on, in the place of one of the same name."""
        key = (request[SESSION].id, name)
        self._things.pop(key, None)  # so that the oldest stays first
        self._things[key] = (self._clock(), thing)
        while len(self._things) > self._most or (self._size() > self._most_size and len(self._things) > 1):
            del self._things[next(iter(self._things))]
        while self._is_first_too_old():
            del self._things[next(iter(self._things))]

    def get(self, request: web.Request, name: str) -> _T | None:
        """Return a thing; None where it is gone."""
        at, thing = self._things.get((request[SESSION].id, name), (0.0, None))
        return thing if thing is not None and self._clock() - at <= self._seconds else None

    def newest(self, request: web.Request, is_meant: Callable[[_T], bool]) -> _T | None:
        """Return what was put last of the things that are meant; None where there is none."""
        names = (name for owner, name in reversed(self._things) if owner == request[SESSION].id)
        things = (thing for name in names if (thing := self.get(request, name)) is not None)
        return next(filter(is_meant, things), None)

    def pop(self, request: web.Request, name: str) -> _T | None:
        """Return a thing as `get` does, and let it go."""
        thing = self.get(request, name)
        self._things.pop((request[SESSION].id, name), None)
        return thing

    def _is_first_too_old(self) -> bool:
        at, _ = next(iter(self._things.values()))
        return self._clock() - at > self._seconds

    def _size(self) -> int:
        return sum(self._size_of(thing) for _, thing in self._things.values())


class LeftAlone(Struct, frozen=True, kw_only=True):
    """Until when a watch was paused, and muted, before; None: it was not."""

    paused_until: datetime | None
    muted_until: datetime | None


LeftBefore: TypeAlias = Mapping[str, LeftAlone]
"""Watches that were paused or muted, each as it had been."""
Proposed: TypeAlias = Collection[tuple[str, str]]
"""Names of values, each with a selector."""

SECRETS: Final[web.AppKey[Kept[str]]] = web.AppKey("secrets", Kept)
KEPT_EDITS: Final[web.AppKey[Kept[WatchEdit]]] = web.AppKey("kept_edits", Kept)
KEPT_ACTS: Final[web.AppKey[Kept[LeftBefore]]] = web.AppKey("kept_acts", Kept)
KEPT_PROPOSALS: Final[web.AppKey[Kept[Proposed]]] = web.AppKey("kept_proposals", Kept)


def add_kept(app: web.Application) -> None:
    """Add what sessions come back to."""
    app[SECRETS] = Kept[str](1_000, timedelta(minutes=2), size_of=len, most_size=1_000_000)
    app[KEPT_EDITS] = Kept(20, _HOUR, size_of=_characters_of_edit, most_size=16_000_000)
    app[KEPT_ACTS] = Kept[LeftBefore](20, _HOUR, size_of=len, most_size=20_000)
    app[KEPT_PROPOSALS] = Kept(100, _HOUR, size_of=_characters_of_proposed, most_size=4_000_000)


def _characters_of_edit(edit: WatchEdit) -> int:
    return sum(len(each.before or "") + len(each.after) for each in edit.files)


def _characters_of_proposed(proposed: Proposed) -> int:
    return sum(len(name) + len(selector) for name, selector in proposed)
