"""Databases of a cluster, and who holds what of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager

from watcher.store.cluster.held_watches import HeldWatches
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.watch_store import ClusterWatchStore, open_cluster_watch_store

HELD = """
UPDATE watcher.cluster SET topic_shards = 1;
INSERT INTO watcher.lease (name, epoch, owner, since, renewed)
SELECT name, 1, 'one', now(), now() FROM unnest(ARRAY['hosts:0', 'hosts:1', 'topics:0']) AS name;
"""
"""Two shards of hosts and all topics, each with its lease in its first epoch."""
WATCHES = ("dune", "other", "a", "a-1", "ab", "b", "店", "𝒜")


def declare(watches: Iterable[str], *, shard: int = 0) -> str:
    """Return the statement that declares these watches in a shard."""
    rows = ", ".join(f"('{watch}', 'files', {shard}, 'example.org', 1, '', false)" for watch in watches)
    return (
        "INSERT INTO watcher.declaration (watch, origin, shard, host, generation, body, is_gone) "
        f"VALUES {rows} ON CONFLICT (watch) DO UPDATE SET shard = excluded.shard"
    )


def the_fence(name: str, epoch: int = 1) -> Fence:
    """Return a fence of who believes to have a lease."""
    return Fence(name, epoch, on_lost=lambda: None)


def holding(watches: Iterable[str], *, shard: int = 0, epoch: int = 1) -> HeldWatches:
    """Return that these watches of a shard are held, by this epoch of its lease."""
    held = HeldWatches()
    held.take(shard, the_fence(f"hosts:{shard}", epoch))
    held.add(shard, watches)
    return held


@asynccontextmanager
async def opened(url: str, held: HeldWatches) -> AsyncIterator[ClusterWatchStore]:
    """Give a store that lasts as long as the context."""
    async with aclosing(await open_cluster_watch_store(url, held)) as store:
        yield store
