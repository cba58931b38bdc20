"""
The duties of a server: what one process at a time does, of all that use its database.

A duty is begun in the same way whether this process has the database to itself or shares it; it is cancelled to end it,
and may be begun again. Nothing in it asks which of both it is: the lease stands in the context that it runs in
(`store/push/duty.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from watcher.background.loop import PAUSE_SECONDS, is_cancelled
from watcher.errors import StoreError

if TYPE_CHECKING:
    from watcher.cluster.leases import Duty, Lease

Work: TypeAlias = Callable[[], Coroutine[None, None, None]]
_log = logging.getLogger(__name__)


async def run_all(duties: Mapping[str, Work]) -> None:
    """Do all of these, by name, until cancelled: nobody else has the database."""
    async with asyncio.TaskGroup() as tasks:
        for name, work in duties.items():
            tasks.create_task(work(), name=name)


async def run_leased(url: str, duties: Mapping[str, Work]) -> None:
    """
    Do those of these that fall to this process, until cancelled (`cluster/duties.py`).

    While the database refuses, none is done here, and it is tried again.
    """
    from watcher.cluster.duties import run_duties  # with psycopg and the job queue, which are an extra

    await _trying_again(partial(run_duties, url, under_leases(duties)))


def under_leases(duties: Mapping[str, Work]) -> Mapping[str, Duty]:
    """Return the same, each of whose transactions is fenced by the lease that it is done under."""
    return {name: partial(_do_under, work) for name, work in duties.items()}


async def run_shards(url: str, duties: Mapping[str, Duty], *, max_shards: int) -> None:
    """The same of duties that are shards, of which this process takes on so many of a kind, and of those beside."""
    from watcher.cluster.duties import run_duties  # as above

    await _trying_again(partial(run_duties, url, duties, max_shards=max_shards))


async def _trying_again(run: Work) -> None:
    while True:
        try:
            await run()
        except* StoreError as errors:
            _log.warning("duties are not shared, trying again in %g s: %s", PAUSE_SECONDS, errors.exceptions[0])
        if is_cancelled():  # amid which the database refused
            raise asyncio.CancelledError
        await asyncio.sleep(PAUSE_SECONDS)


async def _do_under(work: Work, lease: Lease) -> None:
    from watcher.store.push.duty import under  # with SQLAlchemy, which most commands never need

    with under(lease):
        await work()
