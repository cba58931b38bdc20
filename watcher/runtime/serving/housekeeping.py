"""Removes what is old from the push database, and what else a cluster has there: one of its servers does."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, closing
from datetime import timedelta
from typing import Final

from watcher.background.loop import BackgroundLoop
from watcher.push.service import PushService

_EVERY_SECONDS: Final = 3600.0
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
        kept = self._keep_messages
        while kept is not None and (removed := await self._service.messages.forget_old(kept)):
            _log.info("removed %d messages older than %s", removed, kept)
        while removed := await self._service.subscribers.forget_strangers():
            _log.info("removed %d subscribers who never came back after their first page", removed)
        while await self._service.mirrors.tidy():
            pass
        if self._database is not None:
            await _remove_old_rows(self._database)

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
