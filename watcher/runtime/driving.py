"""The watcher of this process, as the console of this process drives it; of a cluster: `cluster/driving.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.config.writing import Writer
from watcher.core.check import Decision, WatchState
from watcher.core.pausing import PauseAct
from watcher.core.watch import Topic, Watch
from watcher.runtime.page_reader import PageReader
from watcher.runtime.watching import Watching

if TYPE_CHECKING:
    from watcher.core.kept_page import KeptPage


class WatcherHere(PageReader):
    """What the console asks of the watcher (`web.keys.LocalWatcher`)."""

    def __init__(self, parts: Watching, writer: Writer | None) -> None:
        super().__init__(parts.checker.fetcher, parts.checker.pool)
        self._parts = parts
        self.writer = writer

    @property
    def watches(self) -> Mapping[str, Watch]:
        """The watches as they are declared now, by id."""
        return self._parts.checker.runner.watches

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The topics that they name, by key."""
        return self._parts.checker.topics

    async def check(self, watches: Sequence[str], *, limit_seconds: float) -> Sequence[Decision]:
        """Check these now; return the decisions that came within the limit."""
        return await self._parts.checker.runner.check_now(watches, limit_seconds=limit_seconds)

    def state(self, watch: str) -> WatchState:
        """Return the newest state of a watch."""
        return self._parts.checker.runner.states.of(watch)

    async def pause(self, watches: Sequence[str], act: PauseAct, *, until: datetime | None, by: str) -> Sequence[str]:
        """Pause or mute these until then, or resume them. Raises StoreError."""
        return await self._parts.checker.runner.pause(watches, act, until=until, by=by)

    async def accept(self, watch: str, *, by: str) -> bool:
        """Take what is suspicious of a watch as true. Raises StoreError."""
        return await self._parts.checker.runner.accept(watch, by=by)

    async def refresh(self, watches: Collection[str] | None = None) -> None:
        """Do nothing: what is known is what is."""

    def kept_page(self, watch: str) -> KeptPage | None:
        """Return the page of a watch as it was read last, if it is kept."""
        return self._parts.pages.page(watch)
