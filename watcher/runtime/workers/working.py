"""The parts of a cluster's worker, opened and closed in order; and what it does with them."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import tzinfo
from functools import partial
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from watcher.cluster.duties import make_tables
from watcher.cluster.leases import Duty, Lease
from watcher.cluster.wakeups import ChannelListener
from watcher.core.check import OutboxEntry
from watcher.core.figures import Pulse
from watcher.core.settings import Settings
from watcher.core.shards import hosts_lease, topics_lease
from watcher.runtime.checker import Checker, Surroundings, checker, surroundings
from watcher.runtime.process.signals import end_within
from watcher.runtime.serving.duties import run_shards
from watcher.runtime.serving.service import LazyService
from watcher.runtime.settings import utc_now
from watcher.runtime.workers.answering import ShardAnswers
from watcher.runtime.workers.checked_shards import CheckedShards
from watcher.runtime.workers.declaration_reader import DeclarationReader
from watcher.runtime.workers.digest import DIGEST_LEASE, ClusterDigest
from watcher.runtime.workers.held_hosts import HeldHosts
from watcher.runtime.workers.published_shards import PublishedShards
from watcher.runtime.workers.tables import WorkerTables, worker_tables
from watcher.store.cluster import declaring, outbox_statements, requests
from watcher.store.cluster.watch_store import ClusterWatchStore

STOP_SECONDS: Final = 10.0
"""How long what is given back after a signal is waited for, before the rest is ended too."""
END_SECONDS: Final = 25.0
"""So long after a signal the process has ended: units and pods are killed after 30 s."""
_LOOK_SECONDS: Final = 5.0
"""So soon it is noticed that nothing is heard any more; what was missed is looked for in any case."""
_NO_DUTIES: Final[Mapping[str, Duty]] = MappingProxyType({})
_log = logging.getLogger(__name__)


class Working(Struct, frozen=True, kw_only=True):
    """The parts of a worker at work."""

    checker: Checker
    store: ClusterWatchStore
    checked_shards: CheckedShards
    published_shards: PublishedShards
    answers: ShardAnswers
    digest: ClusterDigest

    async def answer(self) -> None:
        """Return when the store has answered something. Raises StoreError."""
        await self.store.state_of("")

    @property
    def living(self) -> Sequence[OutboxEntry]:
        """The messages that wait to be published here."""
        return self.published_shards.living

    @property
    def dead(self) -> None:
        """Messages that were given up are counted by servers, for the whole cluster (`store/cluster/figures.py`)."""

    @property
    def published(self) -> Mapping[str, int]:
        """Attempts by how they went, since the start."""
        return self.published_shards.published

    def pulses(self) -> Iterator[Pulse]:
        """Yield what each loop says of itself."""
        yield from (self.checker.runner.loop.pulse, self.checker.committer.loop.pulse)
        yield from (self.checked_shards.loop.pulse, self.answers.loop.pulse)
        yield from self.published_shards.pulses()


@asynccontextmanager
async def working(
    settings: Settings, url: str, timezone: tzinfo | None, *, is_served: bool = False
) -> AsyncIterator[tuple[Working, LazyService]]:
    """
    Open everything a worker needs, and close it. Nothing is checked before `work_on`.

    Args:
        url: of the database.
        timezone: of watches that name none.
        is_served: this process serves the subscribers as well.

    Raises ConfigError, StoreError.
    """
    await make_tables(url)
    async with AsyncExitStack() as stack:
        tables = await stack.enter_async_context(worker_tables(url))
        around = await stack.enter_async_context(surroundings(settings, {}, is_served=is_served))
        yield _parts(tables, around, timezone), around.service


def _parts(tables: WorkerTables, around: Surroundings, timezone: tzinfo | None) -> Working:
    store, reader = tables.store, DeclarationReader(os.environ, timezone)
    published_shards = PublishedShards(
        store.outbox.of, around.publisher, now=utc_now, chance=random.random, language_of=around.language_of
    )
    hosts = HeldHosts(store.cluster.host_shards)
    opened = checker(
        around,
        store,
        tables.pages,
        on_messages=published_shards.wake,
        may_start=hosts.may_start,
        asked_until=hosts.taken_at,
    )
    checked_shards = CheckedShards(tables, reader, opened, hosts, now=utc_now)
    return Working(
        checker=opened,
        store=store,
        checked_shards=checked_shards,
        published_shards=published_shards,
        answers=ShardAnswers(tables.questions),
        digest=ClusterDigest(tables, reader, lambda: checked_shards.all_well, around.language_of, now=utc_now),
    )


async def work_on(
    parts: Working,
    url: str,
    others: Mapping[str, Duty] = _NO_DUTIES,
    *,
    max_shards: int,
    stopped: asyncio.Event,
    on_stopping: Callable[[], None],
) -> None:
    """
    Do what falls to this worker until it is to stop; then give all of it back.

    Args:
        others: the duties that it may have besides those of a worker.
        on_stopping: called as soon as it is to stop, before anything is given back.

    A statement that PostgreSQL has begun is waited for, for only its answer tells what was saved; where it stands still
    the process ends without, after `END_SECONDS`: that loses nothing saved.
    """
    async with asyncio.TaskGroup() as tasks:
        committing = tasks.create_task(parts.checker.committer.run(), name="committer")
        running = tasks.create_task(parts.checker.runner.run(), name="runner")
        beside = [
            tasks.create_task(parts.checked_shards.follow(), name="declarations"),
            tasks.create_task(parts.answers.run(), name="answers"),
            tasks.create_task(_listener(parts, url).run(), name="wake-ups"),
        ]
        duties = tasks.create_task(
            run_shards(url, {**duties_of(parts), **others}, max_shards=max_shards), name="duties"
        )
        await stopped.wait()
        on_stopping()
        end_within(END_SECONDS)
        _log.info("stopping: what this worker has is given back within %d s, if the database answers", STOP_SECONDS)
        duties.cancel()
        await asyncio.wait([duties], timeout=STOP_SECONDS)
        parts.checker.runner.stop()
        for task in (*beside, running, committing):
            task.cancel()
            await asyncio.wait([task])


def duties_of(parts: Working) -> Mapping[str, Duty]:
    """Return the duties of the workers of a cluster, by the names of their leases."""
    cluster = parts.store.cluster
    hosts = {hosts_lease(shard): partial(_check, parts, shard) for shard in range(cluster.host_shards)}
    topics = {topics_lease(shard): partial(_publish, parts, shard) for shard in range(cluster.topic_shards)}
    return {**hosts, **topics, DIGEST_LEASE: parts.digest.run}


async def _check(parts: Working, shard: int, lease: Lease) -> None:
    """Check the watches of a shard of hosts, and answer what is asked of it, until cancelled."""
    async with parts.checked_shards.of_shard(shard, lease):
        await parts.answers.of_hosts(lease, parts.checker.runner)


async def _publish(parts: Working, shard: int, lease: Lease) -> None:
    """Publish the messages of a shard of topics, and answer what is asked of it, until cancelled."""
    with parts.published_shards.of_shard(shard, lease) as (dispatcher, control):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(dispatcher.run())
            tasks.create_task(parts.answers.of_topics(lease, control))


class _Heard:
    """Who is woken by what other processes say."""

    are_heard = False

    def __init__(self, parts: Working) -> None:
        self._parts = parts

    def hear(self, channel: str, payload: str) -> None:
        match channel:
            case declaring.CHANNEL:
                self._parts.checked_shards.loop.wake()
            case requests.CHANNEL:
                self._parts.answers.heard(payload)
            case outbox_statements.OUTBOX_CHANNEL:
                self._parts.published_shards.wake(int(shard) for shard in payload.split())
            case _:
                pass

    def wake_all(self) -> None:
        self._parts.checked_shards.loop.wake()
        self._parts.answers.loop.wake()
        self._parts.published_shards.wake()


def _listener(parts: Working, url: str) -> ChannelListener:
    heard = _Heard(parts)
    channels = (declaring.CHANNEL, requests.CHANNEL, outbox_statements.OUTBOX_CHANNEL)
    return ChannelListener(url, channels, heard, heard.hear, look_seconds=_LOOK_SECONDS)
