"""The push store over PostgreSQL, as a duty uses it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.push.test_store import add, apps
from watcher.cluster.jobs import job_tables
from watcher.cluster.leases import Lease, LeaseHolder
from watcher.core.databases import ClusterDatabase
from watcher.errors import LeaseLostError
from watcher.store.cluster.leases import LeaseStore
from watcher.store.cluster.schema import make_schemas
from watcher.store.push.duty import under
from watcher.store.push.store import open_push_store


async def test_a_process_that_lost_a_lease_without_knowing_saves_nothing(postgresql_url: str, tmp_path: Path) -> None:
    """Its clock says that all is well; what it has read, it still acts upon."""
    make_schemas(postgresql_url, job_tables())
    store = await open_push_store(ClusterDatabase(url=postgresql_url, data=tmp_path))
    ttl = timedelta(minutes=10)
    async with aclosing(LeaseStore(postgresql_url, ttl=ttl)) as leases:

        async def deliver(lease: Lease) -> None:
            with under(lease):
                await store.write(add)
                await leases.release("deliverer", lease.epoch)
                await leases.take("deliverer", "another")
                assert await apps(store) == 1
                with pytest.raises(LeaseLostError, match="another process has the lease of deliverer"):
                    await store.write(add)
                await asyncio.Event().wait()

        with pytest.raises(LeaseLostError):
            await LeaseHolder(leases, owner="one", ttl=ttl).hold("deliverer", deliver)
    assert await apps(store) == 1
    await store.close()
