"""
The daily summary of a cluster: one of its workers says it, by a lease of its own.

Watches and states are read shard by shard, so that no process needs to have all of them at once. How often pages were
checked is counted nowhere; what changed, the events say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from watcher.core.check import WatchState
from watcher.core.watch import AllWell, TopicLanguages
from watcher.errors import StoreError
from watcher.runtime.cluster.declaration_reader import DeclarationReader
from watcher.runtime.cluster.held_hosts import HeldLease
from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.status import changes_since
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_store import ClusterWatchStore
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
        declarations: DeclarationStore,
        reader: DeclarationReader,
        store: ClusterWatchStore,
        database: Transactions,
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
        self._declarations = declarations
        self._reader = reader
        self._store = store
        self._database = database
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
        now, watches = self._now(), 0
        broken: list[tuple[str, WatchState]] = []
        for shard in range(self._store.cluster.host_shards):
            found = await self._reader.read(await self._declarations.of_shard(shard))
            enabled = [watch for watch in found.file.watches.values() if watch.is_enabled]
            watches += len(enabled)
            broken += broken_of(enabled, await self._store.states_of(shard) if enabled else {}, now=now)
        changes = await self._database.run(partial(changes_since, since=now - _DAY))
        report = Report(watches=watches, broken=broken, checks=None, changes=changes, since=None)
        await self._store.outbox.add(digest.messages(report, epoch=self._store.epoch, now=now))
        digest.move_on(now)
