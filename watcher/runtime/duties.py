"""
The duties of a server: what one process at a time does, of all that use its database.

A duty is begun in the same way whether this process has the database to itself or shares it; it is cancelled to end it,
and may be begun again. Nothing in it asks which of both it is: the lease stands in the context that it runs in
(`store/push/duty.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from watcher.cluster.leases import Lease

Work: TypeAlias = Callable[[], Coroutine[None, None, None]]


async def do_alone(duties: Mapping[str, Work]) -> None:
    """Do all of these, by name, until cancelled: nobody else has the database."""
    async with asyncio.TaskGroup() as tasks:
        for name, work in duties.items():
            tasks.create_task(work(), name=name)


async def do_with_others(url: str, duties: Mapping[str, Work]) -> None:
    """
    Do those of these that fall to this process, until cancelled (`cluster/duties.py`).

    Raises:
        ConfigError: the URL names no database.
        StoreError: the database cannot be reached, or refused.
    """
    from watcher.cluster.duties import do_duties  # with psycopg and the engine of jobs, which are an extra

    await do_duties(url, {name: partial(_do_under, work) for name, work in duties.items()})


async def _do_under(work: Work, lease: Lease) -> None:
    from watcher.store.push.duty import under  # with SQLAlchemy, which most commands never need

    with under(lease):
        await work()
