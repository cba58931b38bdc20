"""How a cluster stands."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from watcher.errors import UsageError
from watcher.store.postgresql.extra import needing_extra
from watcher.watching.committer import LATE_SECONDS

if TYPE_CHECKING:
    from watcher.store.cluster.status import ClusterStatus


async def cluster_status(url: str) -> ClusterStatus:
    """Return how the cluster of a database stands. Raises UsageError: there is none; ConfigError, StoreError."""
    found = await find_cluster(url)
    if found is None:
        raise UsageError("no watches were declared in this database yet; `watcher apply` declares those of a file")
    return found


async def find_cluster(url: str) -> ClusterStatus | None:
    """Return the same; None: there is none. Raises ConfigError, StoreError."""
    with needing_extra():
        from watcher.cluster.leases import TTL
        from watcher.store.cluster.status import read_status
        from watcher.store.cluster.transactions import Transactions
    async with aclosing(Transactions(url, name="status")) as database:
        return await database.run(partial(read_status, ttl=TTL, late=timedelta(seconds=LATE_SECONDS)))
