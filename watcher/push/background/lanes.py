"""Lanes: how much each relay is given at once, and until when it is left alone. In memory: a restart asks again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from watcher.core.channels import Retry, retry_at


class _Pause(Struct, frozen=True, kw_only=True):
    """How often in a row a relay asked us to wait, and from when until when it is left alone."""

    times: int
    since: datetime
    until: datetime


class Lanes:
    """The lanes that were used lately, by name."""

    def __init__(self) -> None:
        self._lane_of: dict[int, str] = {}
        """of the addresses that have one under way"""
        self._under_way: Counter[str] = Counter()
        self._pauses: dict[str, _Pause] = {}

    def copy(self) -> Lanes:
        """Return them as they are now."""
        copied = Lanes()
        copied._lane_of = self._lane_of.copy()
        copied._under_way = self._under_way.copy()
        copied._pauses = self._pauses.copy()
        return copied

    def count(self, counts: Callable[[str], bool]) -> int:
        """Return how many notifications are on their way in all lanes that count."""
        return sum(number for name, number in self._under_way.items() if counts(name))

    def open(self, names: Iterable[str], *, now: datetime) -> Sequence[str]:
        """Return those that are not left alone, the ones with the least under way first."""
        return sorted((name for name in names if self._waits_until(name, now) is None), key=self.under_way)

    def under_way(self, name: str) -> int:
        """Return how many notifications are on their way."""
        return self._under_way[name]

    def busy(self, name: str) -> Sequence[int]:
        """Return the ids of the addresses that have one on its way."""
        return [address_id for address_id, lane in self._lane_of.items() if lane == name]

    def of(self, address_id: int) -> str:
        """Return the lane in which an address has one on its way."""
        return self._lane_of[address_id]

    def enter(self, name: str, address_id: int) -> None:
        """Note that one more is on its way, to this address."""
        self._lane_of[address_id] = name
        self._under_way[name] += 1

    def leave(self, address_id: int) -> None:
        """Note that the one to this address is settled."""
        name = self._lane_of.pop(address_id)
        self._under_way[name] -= 1
        if not self._under_way[name]:
            del self._under_way[name]

    def pause(self, name: str, answer: Retry, *, now: datetime, chance: float) -> None:
        """Leave a lane alone as its relay asks, longer each time. What was on its way with the first counts once."""
        known = self._pauses.get(name)
        times = 1 if known is None else known.times
        if known is not None and known.until <= now:
            times += 1
        until = retry_at(times, answer, now=now, chance=chance)
        if self._waits_until(name, now) is not None and known is not None:
            until = max(until, known.until)
        self._pauses[name] = _Pause(times=times, since=now, until=until)

    def resume(self, name: str, *, now: datetime) -> None:
        """Note that the relay took something, after whatever pause it had."""
        if name in self._pauses and self._waits_until(name, now) is None:
            del self._pauses[name]

    def next_end(self, *, now: datetime) -> datetime | None:
        """Return when the next pause ends; None when no lane has one."""
        ends = [self._waits_until(name, now) for name in self._pauses]
        return min((end for end in ends if end is not None), default=None)

    def _waits_until(self, name: str, now: datetime) -> datetime | None:
        pause = self._pauses.get(name)
        # One that begins in the future is of a clock that was wrong.
        return pause.until if pause is not None and pause.since <= now < pause.until else None
