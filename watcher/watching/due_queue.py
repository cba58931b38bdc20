"""What is due when: a heap in which outdated entries stay until they come up."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

_SLACK = 1_000
"""Outdated entries that are not worth a clean-up."""


class DueQueue:
    """Due times by watch id, in seconds of whatever clock the caller counts on."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._heap: list[tuple[float, str]] = []

    def plan(self, watch: str, at: float) -> None:
        """Plan the watch for this time, in place of whatever was planned for it."""
        self._due[watch] = at
        heapq.heappush(self._heap, (at, watch))
        if len(self._heap) > 2 * len(self._due) + _SLACK:
            self._heap = [(due_at, one) for one, due_at in self._due.items()]
            heapq.heapify(self._heap)

    def drop(self, watch: str) -> None:
        """Forget what was planned for the watch."""
        self._due.pop(watch, None)

    def due_at(self, watch: str) -> float | None:
        """Return when the watch is due; None when nothing is planned for it."""
        return self._due.get(watch)

    def take_due(self, now: float) -> Iterator[str]:
        """Yield the watches that are due, each once, and remove them from the queue."""
        while (due_at := self.next_due_at()) is not None and due_at <= now:
            _, watch = heapq.heappop(self._heap)
            del self._due[watch]
            yield watch

    def next_due_at(self) -> float | None:
        """Return when the next watch is due; None when none is planned."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def planned(self) -> list[tuple[str, float]]:
        """Return what is planned, in no order."""
        return list(self._due.items())
