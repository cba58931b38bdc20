"""What a session comes back to within minutes, in the memory of this process: bounded in time, number and bytes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Kept(Generic[_T]):
    """
    Things by session and name, the oldest first; a session sees its own alone.

    One is let go after its time, as the oldest of too many, and as the oldest of those that are too large together;
    the newest stays, whatever its size.
    """

    def __init__(
        self,
        most: int,
        kept: timedelta,
        clock: Callable[[], float],
        *,
        size_of: Callable[[_T], int],
        most_bytes: int,
    ) -> None:
        """`clock`: monotonic seconds."""
        self._most, self._seconds, self._clock = most, kept.total_seconds(), clock
        self._size_of, self._most_bytes = size_of, most_bytes
        self._things: dict[tuple[int, str], tuple[float, _T]] = {}

    def put(self, session: int, name: str, thing: _T) -> None:
        """Keep a thing from now on, in the place of one of the same name."""
        self._things.pop((session, name), None)  # so that the oldest stays first
        self._things[session, name] = (self._clock(), thing)
        while len(self._things) > self._most or (self._size() > self._most_bytes and len(self._things) > 1):
            del self._things[next(iter(self._things))]
        while self._is_first_too_old():
            del self._things[next(iter(self._things))]

    def get(self, session: int, name: str) -> _T | None:
        """Return a thing; None where it is gone."""
        at, thing = self._things.get((session, name), (0.0, None))
        return thing if thing is not None and self._clock() - at <= self._seconds else None

    def newest(self, session: int, is_meant: Callable[[_T], bool]) -> _T | None:
        """Return what was put last of the things that are meant; None where there is none."""
        names = (name for owner, name in reversed(self._things) if owner == session)
        things = (thing for name in names if (thing := self.get(session, name)) is not None)
        return next(filter(is_meant, things), None)

    def pop(self, session: int, name: str) -> None:
        """Let a thing go."""
        self._things.pop((session, name), None)

    def _is_first_too_old(self) -> bool:
        at, _ = next(iter(self._things.values()))
        return self._clock() - at > self._seconds

    def _size(self) -> int:
        return sum(self._size_of(thing) for _, thing in self._things.values())
