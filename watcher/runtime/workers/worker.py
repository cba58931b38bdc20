"""A worker of a cluster, which checks watches and publishes messages, together with others, until a signal comes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import tzinfo

from watcher.core.settings import Settings
from watcher.runtime.process.collector import starting
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.signals import stop_event
from watcher.runtime.process.systemd import systemd
from watcher.runtime.serving.health_address import showing
from watcher.store.postgresql.extra import needing_extra


async def work(
    settings: Settings, url: str, *, max_shards: int, timezone: tzinfo | None, on_ready: Callable[[], None]
) -> None:
    """
    Do what falls to this worker of its cluster, until a signal comes.

    Args:
        url: of the database of that cluster.
        max_shards: of a kind that it takes on.
        timezone: of watches that name none.

    Raises UsageError, ConfigError, StoreError: nothing was begun.
    """
    with needing_extra():
        from watcher.runtime.workers.working import work_on, working
    stopped = stop_event()
    health = Health(settings.data, systemd())
    async with AsyncExitStack() as stack:
        with starting():
            parts, _ = await stack.enter_async_context(working(settings, url, timezone))
            health.watching = parts
            await stack.enter_async_context(showing(settings, health))
            on_ready()
        health.systemd.ready(health.status())
        async with meanwhile(health.beat(), health.give_signs_of_life()):
            await work_on(parts, url, max_shards=max_shards, stopped=stopped, on_stopping=health.systemd.stopping)
