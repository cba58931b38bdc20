"""Which events the watch store keeps, by number, so that who adds some knows which ones go."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice

from watcher.core.check import WatchEvent
from watcher.core.event_kinds import KEPT_EVENTS
from watcher.store import records
from watcher.store.pruning import AT_ONCE


class EventNumbers:
    """
    The numbers with which the records of events begin, oldest first, and that of the last event.

    A record goes when all of it is older than the newest KEPT_EVENTS.
    """

    def __init__(self, firsts: Iterable[int], last: int) -> None:
        self.begin(firsts, last)

    def begin(self, firsts: Iterable[int], last: int) -> None:
        """Take these for what is kept, in the place of all that was known."""
        self._firsts = deque(firsts)
        self.last = last

    def writes(self, events: Sequence[WatchEvent]) -> dict[str, str | None]:
        """Return what notes events in one record, and lets as many old ones go: without any, this costs nothing."""
        if not events:
            return {}
        gone = dict.fromkeys(map(records.event_key, self.old(len(events))))
        return {records.event_key(self.last + 1): records.write_events(events), **gone}

    def old(self, added: int) -> Sequence[int]:
        """Return the records that go when so many events are added, at most AT_ONCE."""
        oldest_kept = self.last + added - KEPT_EVENTS + 1
        ends = zip(self._firsts, islice(self._firsts, 1, AT_ONCE + 1), strict=False)
        return [first for first, next_first in ends if next_first <= oldest_kept]

    def add(self, count: int) -> None:
        """Note that one record of so many was added, and the old ones went."""
        if not count:
            return
        for _ in self.old(count):
            self._firsts.popleft()
        self._firsts.append(self.last + 1)
        self.last += count
