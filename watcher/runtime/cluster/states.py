"""
How the watches of a cluster stand, for the console of a server: what the database said when somebody last looked.

| of | is known as of |
|---|---|
| the states of all watches | five seconds ago at most, or twenty times as long as it took to read them |
| the states of those on a page | two seconds ago |

They are read when somebody looks: a server whose console nobody has open reads no state.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from watcher.core.check import WatchState
from watcher.core.protocols import WatchReader

_ALL_SECONDS: Final = 5.0
_ALL_TIMES: Final = 20
_FEW_SECONDS: Final = 2.0
_NOTHING: Final = WatchState()


class ClusterStates:
    """The states of a cluster's watches, as they were when somebody last looked. Used from one event loop."""

    def __init__(self, reader: WatchReader) -> None:
        self._reader = reader
        self._known: dict[str, WatchState] = {}
        self._read_at: dict[str, float] = {}
        self._all_until = 0.0
        self._reading = asyncio.Lock()

    def of(self, watch: str) -> WatchState:
        """Return the state that is known of a watch; an empty one where none is."""
        return self._known.get(watch, _NOTHING)

    async def refresh(self, watches: Collection[str] | None, *, is_now: bool = False) -> None:
        """Read those of these, or of all, that were not read just before. `is_now`: in any case. Raises StoreError."""
        now = asyncio.get_running_loop().time()
        async with self._reading:
            if watches is None:
                if self._all_until < now:
                    await self._read_all()
                return
            wanted = [one for one in watches if is_now or now - self._read_at.get(one, 0.0) > _FEW_SECONDS]
            if wanted:
                self._take(await asyncio.to_thread(self._states_of, wanted), wanted)

    async def _read_all(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        found = await asyncio.to_thread(lambda: dict(self._reader.each_state()))
        self._take(found, {*found, *self._known})
        self._all_until = loop.time() + max(_ALL_SECONDS, _ALL_TIMES * (loop.time() - began))

    def _states_of(self, watches: Sequence[str]) -> Mapping[str, WatchState]:
        return {one: state for one in watches if (state := self._reader.state(one)) is not None}

    def _take(self, found: Mapping[str, WatchState], wanted: Collection[str]) -> None:
        """Know these; what is the same stays the very object, by which who shows it sees that nothing has changed."""
        now = asyncio.get_running_loop().time()
        for one in wanted:
            state = found.get(one)
            if state is None:
                self._known.pop(one, None)
                self._read_at.pop(one, None)
            else:
                self._read_at[one] = now
                if state != self._known.get(one):
                    self._known[one] = state
