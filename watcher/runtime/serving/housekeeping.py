"""Removes what is old from the push database, and what else a cluster has there: one of its servers does."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing, closing
from datetime import timedelta
from typing import Final

from watcher.background.loop import BackgroundLoop
from watcher.push.service import PushService

_EVERY_SECONDS: Final = 3600.0
_STEP_SECONDS: Final = 0.05
"""For so long a step may keep senders from writing; a slow disk or a busy machine makes the steps smaller."""
_MOST_MESSAGES: Final = 500
_FEWEST_MESSAGES: Final = 10
_log = logging.getLogger(__name__)


class Housekeeper:
    """Looks each hour for what is old, until cancelled (`run`)."""

    def __init__(self, service: PushService, *, keep_messages: timedelta | None, database: str | None = None) -> None:
        """
        Args:
            keep_messages: after that long a message is removed; None: never.
            database: URL of that of the cluster, if any.
        """
        self._service = service
        self._keep_messages = keep_messages
        self._database = database
        self.loop = BackgroundLoop("removes what is old", longest_wait=_EVERY_SECONDS)

    async def run(self) -> None:
        """Remove what is old now, and each hour, until cancelled; it may be run again."""
        await self.loop.run(self._turn)

    async def remove_old(self) -> None:
        """Remove it in small steps, so that no sender waits long for its turn to write. Raises StoreError."""
        if self._keep_messages is not None:
            await self._remove_messages(self._keep_messages)
        while removed := await self._service.subscribers.forget_strangers():
            _log.info("removed %d subscribers who never came back after their first page", removed)
        while await self._service.mirrors.tidy():
            pass
        if self._database is not None:
            await _remove_old_rows(self._database)

    async def _remove_messages(self, kept: timedelta) -> None:
        """Remove those that are older, in steps that are as long as they may be, with as long a pause after each."""
        limit, total = _MOST_MESSAGES, 0
        while True:
            began = time.monotonic()
            removed = await self._service.messages.forget_old(kept, limit=limit)
            if not removed:
                break
            took = time.monotonic() - began
            total += removed
            limit = max(_FEWEST_MESSAGES, min(_MOST_MESSAGES, int(limit * _STEP_SECONDS / took)))
            await asyncio.sleep(took)
        if total:
            _log.info("removed %d messages older than %s", total, kept)

    async def _turn(self) -> float:
        await self.remove_old()
        return _EVERY_SECONDS


async def _remove_old_rows(database: str) -> None:
    """Remove watches that are declared no more, their pages, and questions of whoever was killed. Raises StoreError."""
    from watcher.store.cluster.declarations import DeclarationStore  # with psycopg, which is an extra
    from watcher.store.cluster.kept_pages import ClusterKeptPages
    from watcher.store.cluster.requests import RequestStore

    async with aclosing(DeclarationStore(database)) as declarations:
        await declarations.forget_gone()
    with closing(ClusterKeptPages(database)) as pages:
        await asyncio.to_thread(pages.keep_declared)
    async with aclosing(RequestStore(database)) as requests:
        await requests.forget()
