"""
Who is listening to which inbox right now, so that a commit wakes exactly them.

A few are woken one by one, and each asks the database for itself. A crowd, which a message to a topic reaches, is told
together (`tell_crowd`): what is new is read and rendered once for all of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Final, Generic, Protocol, TypeVar

from watcher.core import pace
from watcher.errors import StoreError

MAX_STREAMS: Final = 6
"""Open live inboxes of one subscriber; browsers open no more to one host over HTTP/1.1 either. Of one topic, too."""
CROWD: Final = 16
"""So many listeners woken at once are told together."""
_CLOSE_SECONDS: Final = 1.0
_log = logging.getLogger(__name__)


class Listener(Protocol):
    """One open live inbox. The database says what is new; the hub says only when to look."""

    @property
    def key(self) -> int:
        """Of what it listens to: the id of an inbox's subscriber, or of a topic."""

    def wake(self) -> None:
        """Look: there may be something new in the database."""

    def crowd_out(self) -> None:
        """End: a newer stream of the same subscriber takes the place."""

    def close(self) -> None:
        """End in order, as soon as the reader has all that was written: the server stops."""

    def cut(self) -> None:
        """End now."""


L = TypeVar("L", bound=Listener)


class Hub(Generic[L]):
    """All listeners, by the key of what they listen to. Used from one event loop."""

    def __init__(
        self, tell_crowd: Callable[[Sequence[L]], Awaitable[None]] | None = None, *, most: int = pace.CONNECTIONS
    ) -> None:
        """
        Args:
            tell_crowd: tells many at once what is new to them; None: each looks for itself.
            most: open at once, of all subscribers.
        """
        self.tell_crowd = tell_crowd
        self._most = most
        self._open = 0
        self._listeners: dict[int, list[L]] = {}
        self._crowd: dict[L, None] = {}
        self._telling: asyncio.Task[None] | None = None
        self._is_closed = False
        self._emptied = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """True when no more live inboxes may be opened."""
        return self._open >= self._most

    def add(self, listener: L) -> None:
        """
        Give a place to one stream; the seventh with one key ends the oldest.

        The newest wins because a phone that lost its network leaves streams behind that look alive for minutes.
        Whoever opens streams asks `is_full` first.
        """
        mine = self._listeners.setdefault(listener.key, [])
        mine.append(listener)
        self._open += 1
        if len(mine) > MAX_STREAMS:
            self._open -= 1
            mine.pop(0).crowd_out()
        if self._is_closed:
            listener.close()

    def remove(self, listener: L) -> None:
        """Forget a stream that ended; again is no error."""
        mine = self._listeners.get(listener.key, [])
        if listener in mine:
            self._open -= 1
            mine.remove(listener)
        if not mine:
            self._listeners.pop(listener.key, None)
        if not self._listeners:
            self._emptied.set()

    def listening(self) -> Collection[int]:
        """Return the keys of those who have a stream open."""
        return tuple(self._listeners)

    def __len__(self) -> int:
        return sum(map(len, self._listeners.values()))

    def of(self, key: int) -> Sequence[L]:
        """Return the listeners with one key."""
        return tuple(self._listeners.get(key, ()))

    def wake(self, keys: Sequence[int] | None) -> None:
        """Wake the listeners with these keys; None: everybody."""
        found = self._listeners.values() if keys is None else (self._listeners.get(key, ()) for key in keys)
        woken = [listener for listeners in found for listener in listeners]
        if self.tell_crowd is None or len(woken) < CROWD:
            _wake_each(woken)
            return
        self._crowd.update(dict.fromkeys(woken))
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell(self.tell_crowd), name="tell live inboxes")

    async def close(self) -> None:
        """
        End all streams, the coming ones too, and return when they have ended, within 2 s.

        Who does not read is cut off after a second; browsers reconnect when the server is back.
        """
        self._is_closed = True
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait([self._telling])
        for listener in self._all():
            listener.close()
        await self._wait_until_empty()
        for listener in self._all():
            listener.cut()
        await self._wait_until_empty()

    def _all(self) -> Sequence[L]:
        return [listener for listeners in self._listeners.values() for listener in listeners]

    async def _wait_until_empty(self) -> None:
        """Wait for at most `_CLOSE_SECONDS`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                while self._listeners:
                    self._emptied.clear()
                    await self._emptied.wait()

    async def _tell(self, tell_crowd: Callable[[Sequence[L]], Awaitable[None]]) -> None:
        """Tell crowd after crowd; whoever is woken meanwhile is in the next one."""
        try:
            while self._crowd and not self._is_closed:
                crowd, self._crowd = tuple(self._crowd), {}
                await _tell_or_wake(tell_crowd, crowd)
        finally:
            self._telling = None


async def _tell_or_wake(tell_crowd: Callable[[Sequence[L]], Awaitable[None]], crowd: Sequence[L]) -> None:
    try:
        await tell_crowd(crowd)
    except StoreError as error:
        # Each meets it again by itself, and ends; pages reconnect from where they were.
        _log.warning("cannot tell %d live inboxes together: %s", len(crowd), error)
        _wake_each(crowd)
    except Exception:
        _log.exception("telling %d live inboxes together failed", len(crowd))
        _wake_each(crowd)


def _wake_each(listeners: Sequence[Listener]) -> None:
    for listener in listeners:
        listener.wake()
