"""
The daily summary of a cluster: one of its workers says it, by a lease of its own.

Watches and states are read shard by shard, so that no process needs to have all of them at once. How often pages were
checked is counted nowhere; what changed, the events say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from watcher.core.check import WatchState
from watcher.core.watch import AllWell, TopicLanguages, Watch
from watcher.errors import StoreError
from watcher.runtime.workers.declaration_reader import DeclarationReader
from watcher.runtime.workers.held_hosts import HeldLease
from watcher.runtime.workers.tables import WorkerTables
from watcher.store.cluster.status import changes_since
from watcher.watching.digest import Digest, Report, broken_of

DIGEST_LEASE: Final = "digest"
_LOOK_SECONDS: Final = 30.0
_MISSED: Final = timedelta(minutes=10)
"""What was due so long before this worker took over is said: who had the lease may have died just then."""
_DAY: Final = timedelta(days=1)
_log = logging.getLogger(__name__)


class ClusterDigest:
    """Says once a day that all is well, or what is not."""

    def __init__(
        self,
        tables: WorkerTables,
        reader: DeclarationReader,
        all_well: Callable[[], AllWell | None],
        language_of: TopicLanguages,
        *,
        now: Callable[[], datetime],
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        """
        Args:
            all_well: returns what is declared; None as well while that is not read yet.
            now: the wall clock.
            look_seconds: how often it looks whether it is time.
        """
        self._tables = tables
        self._reader = reader
        self._all_well = all_well
        self._language_of = language_of
        self._now = now
        self._look_seconds = look_seconds

    async def run(self, lease: HeldLease) -> None:
        """Say it whenever it is time, until cancelled."""
        digest: Digest | None = None
        while True:
            try:
                digest = self._follow(digest)
                if digest is not None and digest.is_time(self._now()):
                    lease.check()
                    await self._say(digest)
            except StoreError as error:
                _log.warning("the daily summary waits: %s", error)
            await asyncio.sleep(self._look_seconds)

    def _follow(self, digest: Digest | None) -> Digest | None:
        """Keep to what is declared now; the first that is found may have been missed."""
        all_well, now = self._all_well(), self._now()
        if digest is not None:
            digest.follow(all_well, now=now)
            return digest
        return None if all_well is None else Digest(all_well, now=now - _MISSED, language_of=self._language_of)

    async def _say(self, digest: Digest) -> None:
        store, now = self._tables.store, self._now()
        report = await self._report(now)
        await store.outbox.add(digest.messages(report, epoch=store.epoch, now=now))
        digest.move_on(now)

    async def _report(self, now: datetime) -> Report:
        watches = 0
        broken: list[tuple[str, WatchState]] = []
        for shard in range(self._tables.store.cluster.host_shards):
            enabled = await self._enabled(shard)
            watches += len(enabled)
            broken += broken_of(enabled, await self._tables.store.states_of(shard) if enabled else {}, now=now)
        changes = await self._tables.database.run(partial(changes_since, since=now - _DAY))
        return Report(watches=watches, broken=broken, checks=None, changes=changes, since=None)

    async def _enabled(self, shard: int) -> Sequence[Watch]:
        found = await self._reader.read(await self._tables.declarations.of_shard(shard))
        return [watch for watch in found.file.watches.values() if watch.is_enabled]
