"""Callbacks: the events that are reported to owners of applications."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from watcher.core.callbacks import Callback
from watcher.core.push import Slice
from watcher.push.context import Resource

if TYPE_CHECKING:
    from watcher.net import Sessions
    from watcher.push.workers.callback_sender import CallbackSender


class Callbacks(Resource):
    """The callbacks of one push store: settled ones are kept for 30 days. Each method raises StoreError."""

    async def newest(self, app_id: int, *, limit: int = 100) -> Sequence[Callback]:
        """Return the newest callbacks of an application, newest first."""
        return await self.slice(app_id, Slice(limit=limit, is_newest_first=True))

    async def slice(self, app_id: int, cut: Slice) -> Sequence[Callback]:
        """Return a stretch of an application's callbacks by id."""
        return await self._store.read(lambda tx: tx.callbacks.slice(app_id, cut))

    def sender(self, sessions: Sessions, *, chance: Callable[[], float], allow_private: bool = False) -> CallbackSender:
        """Return the worker that sends them (`run`), which new ones wake. One per database may run."""
        from watcher.push.workers.callback_sender import CallbackSender  # and with it aiohttp: only a server sends

        sender = CallbackSender(self._store, sessions, now=self._now, chance=chance, allow_private=allow_private)
        self._wakeups.on_callback(sender.loop.wake)
        return sender
