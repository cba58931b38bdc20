"""
`watcher run` over a PostgreSQL: its file is applied, at the start and whenever it is saved, and this process is one of
the workers and one of the servers.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from datetime import tzinfo

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.declared import DeclaredFile
from watcher.core.settings import Settings
from watcher.core.shards import HOST_SHARDS
from watcher.core.watch import TopicLanguages, WatchFile
from watcher.errors import ConfigError, UsageError
from watcher.runtime.announcing import OnReady, announce
from watcher.runtime.applying import apply
from watcher.runtime.backups import keep_backups
from watcher.runtime.live import Live, reload_whenever_saved
from watcher.runtime.mending import keep_telling
from watcher.runtime.process.collector import starting
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.signals import stop_event
from watcher.runtime.process.systemd import systemd
from watcher.runtime.serving.duties import under_leases
from watcher.runtime.serving.health_address import showing
from watcher.runtime.serving.server import OnPassword, serving
from watcher.runtime.serving.service import LazyService, make_admin_topic
from watcher.runtime.serving.telling import telling
from watcher.runtime.settings import utc_now
from watcher.runtime.workers.working import Working, work_on, working
from watcher.store.cluster.declaring import FILES, AppliedRows
from watcher.watching.reload import Reloader
from watcher.watching.roster import Applied


class AppliedFile(Struct, frozen=True, kw_only=True):
    """
    The file that is applied.

    Attributes:
        read: returns what it declares; None: there is none yet. Raises ConfigError.
        timezone: of watches that name none.
    """

    read: Callable[[], DeclaredFile | None]
    timezone: tzinfo | None


async def run_in_cluster(
    settings: Settings,
    url: str,
    file: WatchFile,
    listening: socket.socket,
    on_ready: OnReady,
    on_password: OnPassword,
    live: Live,
    applied_file: AppliedFile,
) -> None:
    """
    Apply the file, work and serve until a signal comes. `url`: of the database.

    Raises ConfigError, UsageError, StoreError: nothing was started.
    """
    stopped = stop_event(on_hangup=live.on_hangup)
    health = Health(settings.data, systemd())
    with closing(listening):
        async with AsyncExitStack() as stack:
            with starting():
                await _apply(settings, applied_file.read())
                opened = working(settings, url, applied_file.timezone, is_served=True)
                parts, open_service = await stack.enter_async_context(opened)
                service = await open_service()
                health.watching = parts
                opened_server = serving(settings, service, listening, health=health, timezone=applied_file.timezone)
                duties = await stack.enter_async_context(opened_server)
                await stack.enter_async_context(showing(settings, health))
                await make_admin_topic(service)
                live = replace(live, told=await announce(settings, service, file, on_ready, on_password))
            health.systemd.ready(health.status())
            backups = keep_backups(settings, telling(service), language_of=TopicLanguages(parts.checker.topics))
            applying = _apply_for_ever(settings, parts, open_service, live, applied_file, health)
            notices = keep_telling(settings.data, telling(service))
            async with meanwhile(health.beat(), health.give_signs_of_life(), backups, applying, notices):
                await work_on(
                    *(parts, url, under_leases(duties)),
                    max_shards=HOST_SHARDS,
                    stopped=stopped,
                    on_stopping=health.systemd.stopping,
                )


async def _apply_for_ever(
    settings: Settings, parts: Working, service: LazyService, live: Live, applied_file: AppliedFile, health: Health
) -> None:
    """Apply the file whenever it was saved, until cancelled."""
    applier = FileApplier(settings, applied_file, live)
    reloader = Reloader(
        applier.read,
        applier.use,
        parts.checker.committer.tell,
        epoch=parts.store.epoch,
        now=utc_now,
        language_of=TopicLanguages(parts.checker.topics),
    )
    await reload_whenever_saved(settings, reloader, service, live, health)


class FileApplier:
    """Applies a file that was saved, as a watcher of one process takes it into use. It is read once for both."""

    def __init__(self, settings: Settings, applied_file: AppliedFile, live: Live) -> None:
        self._settings = settings
        self._applied_file = applied_file
        self._live = live
        self._declared: DeclaredFile | None = None

    async def read(self) -> WatchFile:
        """Return what the file says. Raises ConfigError: it has mistakes, or names a variable that is not set here."""
        self._declared = declared = await asyncio.to_thread(self._applied_file.read)
        if declared is None or declared.missing:
            return await asyncio.to_thread(self._live.read)  # which says where a variable is named
        return declared.file

    async def use(self, _: WatchFile) -> Applied:
        """Apply what was read. Raises ConfigError: it removes too much, say; PushError, StoreError."""
        try:
            return _applied(await _apply(self._settings, self._declared))
        except UsageError as error:
            raise ConfigError(str(error)) from error


async def _apply(settings: Settings, declared: DeclaredFile | None) -> AppliedRows | None:
    """Apply a file, if there is one. Raises UsageError, PushError, StoreError."""
    return None if declared is None else await apply(settings, declared, origin=FILES)


def _applied(applied: AppliedRows | None) -> Applied:
    """Return the same of what changed in the rows, as a file in one process says it."""
    if applied is None:
        return Applied()
    return Applied(added=applied.added.first, changed=applied.changed.first, removed=applied.removed.first)
