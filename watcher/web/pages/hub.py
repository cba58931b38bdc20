"""Who is listening to which inbox right now, so that a commit wakes exactly them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum, auto

from aiohttp import web

MAX_STREAMS = 6
"""Open live inboxes of one subscriber; browsers open no more to one host over HTTP/1.1 either."""


class Wake(Enum):
    """Why a listener woke up."""

    NEWS = auto()
    """there may be something new in the database"""
    QUIET = auto()
    """nothing happened for the time given"""
    CROWDED = auto()
    """a newer stream of the same subscriber took its place"""
    CLOSED = auto()
    """the server stops"""


class Listener:
    """One open live inbox. The database says what is new; a listener says only when to look."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._end: Wake | None = None

    async def wait(self, longest: timedelta) -> Wake:
        """Return why we woke up; news that came since the last call count."""
        try:
            async with asyncio.timeout(longest.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return Wake.QUIET
        self._woken.clear()
        return self._end or Wake.NEWS

    def wake(self) -> None:
        """Let `wait` return NEWS."""
        self._woken.set()

    def end(self, why: Wake) -> None:
        """Let `wait` return `why`."""
        self._end = why
        self._woken.set()


class Hub:
    """All listeners, by subscriber id. Used from one event loop."""

    def __init__(self) -> None:
        self._listeners: defaultdict[int, list[Listener]] = defaultdict(list)
        self._is_closed = False

    @contextmanager
    def listen(self, subscriber_id: int) -> Iterator[Listener]:
        """
        Hold a place for one stream; the seventh of a subscriber ends the oldest.

        The newest wins because a phone that lost its network leaves streams behind that look alive for minutes.
        """
        mine = self._listeners[subscriber_id]
        listener = Listener()
        mine.append(listener)
        if len(mine) > MAX_STREAMS:
            mine.pop(0).end(Wake.CROWDED)
        if self._is_closed:
            listener.end(Wake.CLOSED)
        try:
            yield listener
        finally:
            self._forget(subscriber_id, listener)

    def _forget(self, subscriber_id: int, listener: Listener) -> None:
        mine = self._listeners[subscriber_id]
        if listener in mine:
            mine.remove(listener)
        if not mine:
            del self._listeners[subscriber_id]

    def wake(self, subscriber_ids: Sequence[int]) -> None:
        """Wake the listeners of these subscribers."""
        for subscriber_id in subscriber_ids:
            for listener in self._listeners.get(subscriber_id, ()):
                listener.wake()

    def wake_all(self) -> None:
        """Wake everybody: another process wrote, and nobody knows what."""
        self.wake(tuple(self._listeners))

    def close(self) -> None:
        """End all streams, the coming ones too; browsers reconnect when the server is back."""
        self._is_closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.end(Wake.CLOSED)


HUB = web.AppKey("hub", Hub)
