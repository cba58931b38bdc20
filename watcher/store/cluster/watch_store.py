"""
The watch states of a cluster, as one of its processes reads and writes them: those of the shards that it holds.

What is promised of each commit stands in `watch_commits.py`, and so does what becomes of one whose answer is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from typing import Final

from watcher.core.check import Decision, WatchState
from watcher.store.cluster.cluster_row import ClusterRow, read_cluster, refuse_moved_cluster
from watcher.store.cluster.held_watches import HeldWatches
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_commits import GroupCommit, steps_of
from watcher.store.cluster.watch_outbox import ClusterOutbox
from watcher.store.cluster.watch_reader import ClusterWatchReader
from watcher.store.ending import to_its_end
from watcher.store.postgresql.urls import name_of, parse
from watcher.store.threads import Threads

_READ_SECONDS: Final = 600.0
"""How long a reading waits for those before it: many shards may come at once."""


class ClusterWatchStore:
    """
    A `WatchStore` of a cluster. Made by `open_cluster_watch_store`, used from one event loop.

    Attributes:
        cluster: what all processes have in common.
        held: what this process may write; a decision about any other watch is refused.
        outbox: where the messages of decisions wait.
    """

    def __init__(self, url: str, held: HeldWatches, cluster: ClusterRow) -> None:
        self.cluster = cluster
        self.held = held
        self._commits = Transactions(url, name="watch-writer")
        # A group of decisions may be large, and what is published must not wait behind it.
        self._messages = Transactions(url, name="outbox-writer")
        self.outbox = ClusterOutbox(self._messages, topic_shards=cluster.topic_shards)
        self._reader = ClusterWatchReader(url)
        late = f"{name_of(parse(url))}: what was read before took longer than {_READ_SECONDS:.0f} s"
        self._reading = Threads(1, name="state-reader", seconds=_READ_SECONDS, late=late)

    @property
    def epoch(self) -> str:
        """Return a random name of the states' life; a restored backup starts a new one."""
        return self.cluster.epoch

    async def refresh(self) -> None:
        """Read the epoch again: where all leases were ended, there is another one. Raises StoreError."""
        self.cluster = await self._commits.run(read_cluster)

    async def states(self) -> Mapping[str, WatchState]:
        """Return the states of the whole cluster, which may be many. Raises StoreError."""
        return await self._reading.run(lambda: dict(self._reader.each_state()))

    async def states_of(self, shard: int) -> Mapping[str, WatchState]:
        """Return the states in a shard. Raises StoreError."""
        return await self._reading.run(lambda: dict(self._reader.states_of(shard)))

    async def state_of(self, watch: str) -> WatchState | None:
        """Return the state of a watch as it is now; None where it has none. Raises StoreError."""
        return await self._reading.run(lambda: self._reader.state(watch))

    async def commit(self, decisions: Sequence[Decision]) -> None:
        """
        Save each decision's state, change, events and messages, in one transaction; as `WatchStore.commit`.

        Raises:
            StaleDecisionError, LeaseLostError: as there.
            StoreError: nothing was saved, or nobody knows.
        """
        if not decisions:
            return
        steps = steps_of(decisions, self.held.shard_of)
        fences = [self.held.shards[shard] for shard in {step.shard for step in steps}]
        group = GroupCommit(decisions, steps, fences, self.cluster)
        await to_its_end(self._commits.run(group))

    async def aclose(self) -> None:
        """Close its connections and end its threads. Nothing may be called after."""
        async with AsyncExitStack() as closing:
            closing.callback(self._reading.close)
            closing.push_async_callback(self._reading.run, self._reader.close)
            await closing.enter_async_context(aclosing(self._messages))
            await closing.enter_async_context(aclosing(self._commits))


async def open_cluster_watch_store(url: str, held: HeldWatches) -> ClusterWatchStore:
    """
    Open the watch store of a cluster, whose tables are there. It holds what it is told to, and that may change.

    Raises ConfigError: the URL names no database, or one whose watches were moved elsewhere; StoreError.
    """
    async with aclosing(Transactions(url, name="cluster")) as transactions:
        await transactions.run(refuse_moved_cluster)
        cluster = await transactions.run(read_cluster)
    return ClusterWatchStore(url, held, cluster)
