"""
Which watches ask for one page in the same way, so that one fetch and one parse serve them all (`fetch/shared.py`).

They are checked together: their first checks after a start fall on one moment, and when one of them is due, those that
may come that much earlier (`core.schedule.earliness`) come along. Their next checks are then no further apart than
their jitter, so they stay together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from watcher.core.watch import Request, Watch


class _Group(Struct, frozen=True, kw_only=True):
    """Watches of one request. `chance`: 0 ≤ chance < 1, of their first checks."""

    request: Request
    chance: float
    watches: list[str]


class RequestGroups:
    """The watches that share their page; nothing is kept of those that do not."""

    def __init__(self, watches: Mapping[str, Watch], chance: Callable[[], float]) -> None:
        """
        Args:
            watches: by id, as they are at any time.
            chance: a fresh random number, 0 ≤ chance < 1.
        """
        self._watches = watches
        self._chance = chance
        self._groups: dict[str, _Group] = {}

    def follow(self, came: Iterable[Watch], went: Iterable[Watch]) -> None:
        """Group anew all that ask for a page of those watches that came, and of those that went."""
        urls = {watch.request.url for watch in chain(came, went)}
        self._groups = {one: group for one, group in self._groups.items() if group.request.url not in urls}
        asking = [watch for watch in self._watches.values() if watch.is_enabled and watch.request.url in urls]
        count = Counter(watch.request.url for watch in asking)
        by_url: dict[str, list[_Group]] = {}
        for watch in asking:
            if count[watch.request.url] > 1:
                self._groups[watch.id] = group = self._group(by_url.setdefault(watch.request.url, []), watch.request)
                group.watches.append(watch.id)

    def of(self, watch: str) -> Sequence[str]:
        """Return all that ask for the watch's page as it does, itself among them; nothing when it is alone."""
        group = self._groups.get(watch)
        return group.watches if group else ()

    def first_chance(self, watch: str) -> float:
        """Return what the watch's first check depends on: one number for all of its group."""
        group = self._groups.get(watch)
        return group.chance if group else self._chance()

    def _group(self, of_url: list[_Group], request: Request) -> _Group:
        for group in of_url:
            if group.request == request:
                return group
        of_url.append(_Group(request=request, chance=self._chance(), watches=[]))
        return of_url[-1]
