"""Letting all reads end before the connections that they use are closed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadGate:
    """What readers pass, and what can be closed until the last of them has gone. Used from threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._reads = 0
        self._is_closed = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count as a reader; while it is closed, wait."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_closed)
            self._reads += 1
        try:
            yield
        finally:
            with self._changed:
                self._reads -= 1
                self._changed.notify_all()

    @contextmanager
    def closed(self, seconds: float) -> Iterator[bool]:
        """Let nobody in meanwhile; yield whether all readers have gone within so many seconds."""
        with self._changed:
            self._is_closed = True
            try:
                yield self._changed.wait_for(lambda: not self._reads, timeout=seconds)
            finally:
                self._is_closed = False
                self._changed.notify_all()
