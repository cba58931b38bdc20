"""What a worker reads and writes of its cluster, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing

from msgspec import Struct

from watcher.store.cluster.declarations import DeclarationStore
from watcher.store.cluster.held_watches import HeldWatches
from watcher.store.cluster.kept_pages import ClusterKeptPages
from watcher.store.cluster.requests import RequestStore
from watcher.store.cluster.transactions import Transactions
from watcher.store.cluster.watch_store import ClusterWatchStore, open_cluster_watch_store


class WorkerTables(Struct, frozen=True, kw_only=True):
    """
    The tables of a cluster, as a worker needs them.

    Attributes:
        store: of states and of the outbox.
        database: of all that is small, such as how hosts stand.
        questions: that workers are asked.
        pages: as they were read last.
    """

    store: ClusterWatchStore
    declarations: DeclarationStore
    database: Transactions
    questions: RequestStore
    pages: ClusterKeptPages


@asynccontextmanager
async def worker_tables(url: str) -> AsyncIterator[WorkerTables]:
    """Open those of the cluster in this database, where they are made. Raises ConfigError, StoreError."""
    async with AsyncExitStack() as stack:
        yield WorkerTables(
            store=await stack.enter_async_context(aclosing(await open_cluster_watch_store(url, HeldWatches()))),
            declarations=await stack.enter_async_context(aclosing(DeclarationStore(url))),
            database=await stack.enter_async_context(aclosing(Transactions(url, name="shards"))),
            questions=await stack.enter_async_context(aclosing(RequestStore(url))),
            pages=stack.enter_context(closing(ClusterKeptPages(url))),
        )
