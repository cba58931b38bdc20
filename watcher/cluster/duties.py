"""
The duties of a cluster: each is done by one of its processes at a time, for as long as any of them lives.

What a killed or frozen process did is taken over within twice the lease's time and 5 s; what one leaves, at once.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import aclosing
from datetime import timedelta

from watcher.cluster.jobs import DutyRunner, job_tables
from watcher.cluster.leases import TTL, Duty, LeaseHolder
from watcher.cluster.quotas import Quotas
from watcher.store.cluster.leases import LeaseStore
from watcher.store.cluster.schema import make_schemas


async def run_duties(
    url: str, duties: Mapping[str, Duty], *, ttl: timedelta = TTL, max_shards: int | None = None
) -> None:
    """
    Do those of these duties that fall to this process, until cancelled; the tables are made where they are missing.

    Args:
        url: of a database, without a pooler between.
        duties: by name. Each is cancelled when its lease ends, and may be begun again.
        ttl: of leases, the same in all processes.
        max_shards: of a kind that this process takes on (`cluster/quotas.py`); None: no duty is a shard.

    Raises:
        ConfigError: the URL names no database.
        StoreError: the database cannot be reached, or refused.
    """
    await make_tables(url)
    async with aclosing(LeaseStore(url, ttl=ttl)) as leases:
        owner = _new_owner()
        holder = LeaseHolder(leases, owner=owner, ttl=ttl)
        quotas = None if max_shards is None else Quotas(owner, duties, max_shards)
        async with asyncio.TaskGroup() as tasks:
            renewing = tasks.create_task(holder.renew_for_ever(), name="renew leases")
            # Renewed until the last one was given back.
            await DutyRunner(url, holder, duties, ttl=ttl, quotas=quotas).run()
            renewing.cancel()


async def make_tables(url: str) -> None:
    """Make the tables of leases, watches and jobs where they are missing. Raises as `run_duties`."""
    await asyncio.to_thread(make_schemas, url, job_tables())


def _new_owner() -> str:
    """Return what this process is known by: where it is, for people, and what no process was before."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
