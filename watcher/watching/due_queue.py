"""What is due when: a heap in which outdated entries stay until they come up."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from msgspec import Struct

_SLACK = 1_000
"""Outdated entries that are not worth a clean-up."""


class _Due(Struct, frozen=True, order=True, gc=False):
    """When a watch is due."""

    at: float
    watch: str


class DueQueue:
    """Due times by watch id, in seconds of whatever clock the caller counts on."""

    def __init__(self) -> None:
        self._due: dict[str, _Due] = {}
        self._heap: list[_Due] = []

    def plan(self, watch: str, at: float) -> None:
        """Plan the watch for this time, in place of whatever was planned for it."""
        due = self._due[watch] = _Due(at, watch)
        heapq.heappush(self._heap, due)
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = list(self._due.values())
            heapq.heapify(self._heap)

    def drop(self, watch: str) -> None:
        """Forget what was planned for the watch."""
        self._due.pop(watch, None)

    def due_at(self, watch: str) -> float | None:
        """Return when the watch is due; None when nothing is planned for it."""
        due = self._due.get(watch)
        return None if due is None else due.at

    def take_due(self, now: float) -> Iterator[str]:
        """Yield the watches that are due, each once, and remove them from the queue."""
        while (due_at := self.next_due_at()) is not None and due_at <= now:
            due = heapq.heappop(self._heap)
            del self._due[due.watch]
            yield due.watch

    def next_due_at(self) -> float | None:
        """Return when the next watch is due; None when none is planned."""
        while self._heap and self._due.get(self._heap[0].watch) is not self._heap[0]:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def planned(self) -> list[tuple[str, float]]:
        """Return what is planned, in no order."""
        return [(due.watch, due.at) for due in self._due.values()]
