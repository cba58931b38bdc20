"""A watcher that runs until a signal comes."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack, closing
from datetime import tzinfo
from functools import partial

from aiohttp import web
from msgspec.structs import replace

from watcher.config.declared import DeclaredFile
from watcher.config.writing import Writer
from watcher.core.check import OutboxMessage
from watcher.core.settings import Settings
from watcher.core.watch import TopicLanguages, WatchFile
from watcher.errors import ConfigError
from watcher.push.listeners import Listeners
from watcher.runtime.announcing import OnReady, announce
from watcher.runtime.answering import answer
from watcher.runtime.asking import RUN
from watcher.runtime.backups import keep_backups
from watcher.runtime.driving import WatcherHere
from watcher.runtime.live import Live, follow, reload_for_ever
from watcher.runtime.mending import mend_push
from watcher.runtime.process.collector import starting
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.signals import stop_event
from watcher.runtime.process.systemd import systemd
from watcher.runtime.serving.errands import run_duties
from watcher.runtime.serving.health_address import showing
from watcher.runtime.serving.operator_name import AskName, is_made_now, with_operator_name
from watcher.runtime.serving.server import OnPassword, listen, serving
from watcher.runtime.serving.service import LazyService
from watcher.runtime.serving.telling import telling
from watcher.runtime.settings import watches_database
from watcher.runtime.watching import Watching, watching
from watcher.store.lock import RoleLock
from watcher.store.postgresql.extra import needing_extra
from watcher.watching.control_requests import ControlRequests, answer_requests
from watcher.watching.question_files import answer_questions

STOP_SECONDS = 10.0
"""How long checks under way may take to finish after a signal."""
_log = logging.getLogger(__name__)


async def run(
    settings: Settings,
    file: WatchFile,
    *,
    on_ready: OnReady,
    on_password: OnPassword,
    ask_name: AskName,
    read: Callable[[], WatchFile],
    writer: Writer | None = None,
    declared: Callable[[], DeclaredFile | None] = lambda: None,
    timezone: tzinfo | None = None,
) -> None:
    """
    Watch until a signal comes, with the push service in the process unless `settings.push` names one elsewhere.

    The files of watches are read again when they are saved, and on SIGHUP; what is wrong in them changes nothing.

    Args:
        on_password: is told the operator's first password, when the push service is in the process and has none yet.
        ask_name: asks for the operator's name, when this start makes the data directory; the event loop stands still.
        read: reads the file again. Raises ConfigError.
        writer: changes it for the console.
        declared: reads what it declares to a cluster; None: there is none yet. Raises ConfigError.
        timezone: of watches that name none.

    Raises:
        LockedError, UsageError, ConfigError, StoreError: nothing was started.
    """
    live = follow(file, read)
    if settings.database is not None:
        _require_cluster(settings)
    if settings.push is not None:
        await _run_pushing(settings, file, on_ready, live)
        return
    is_new = is_made_now(settings.data)
    with RoleLock(settings.data, "server", RUN):
        listening, settings = listen(settings)
        settings = with_operator_name(settings, ask_name, is_new=is_new)
        await mend_push(settings)
        if settings.database is None:
            await run_embedded(settings, file, listening, on_ready, on_password=on_password, live=live, writer=writer)
            return
        with needing_extra():
            from watcher.runtime.workers.running import AppliedFile, run_in_cluster
        applied_file = AppliedFile(read=declared, timezone=timezone)
        await run_in_cluster(settings, settings.database, file, listening, on_ready, on_password, live, applied_file)


async def _run_pushing(settings: Settings, file: WatchFile, on_ready: OnReady, live: Live) -> None:
    """Watch until a signal comes; the push service is elsewhere."""
    stopped = stop_event(on_hangup=live.on_hangup)
    health = Health(settings.data, systemd())
    async with AsyncExitStack() as stack:
        with starting():
            parts, service = await stack.enter_async_context(watching(settings, file, RUN))
            health.watching = parts
            await stack.enter_async_context(showing(settings, health))
            on_ready(settings, Listeners())
        health.systemd.ready(health.status())
        await _watch_until(stopped, parts, _errands(settings, parts, service, live, health), health)


def _require_cluster(settings: Settings) -> None:
    """Raise ConfigError where this process can be none of a cluster: its data directory has states of watches, say."""
    if settings.push is not None:
        raise ConfigError("--push and --database together are for `watcher apply` and `watcher worker`")
    if watches_database(settings) is None:
        raise ConfigError(
            f"{settings.data} has the states of watches: `watcher database copy --to URL` takes them to the database, "
            "or name another directory with --data"
        )


async def run_embedded(
    settings: Settings,
    file: WatchFile,
    listening: socket.socket,
    on_ready: OnReady,
    *,
    on_password: OnPassword,
    demo_site: web.Application | None = None,
    live: Live | None = None,
    writer: Writer | None = None,
    beside: Callable[[], Coroutine[None, None, None]] | None = None,
) -> None:
    """
    Watch and serve until a signal comes; no live, no reload; no writer, no edits.

    Args:
        beside: what else is done meanwhile.
    """
    stopped = stop_event(on_hangup=live.on_hangup if live else None)
    health = Health(settings.data, systemd())
    with closing(listening):
        async with AsyncExitStack() as stack:
            with starting():
                parts, open_service = await stack.enter_async_context(watching(settings, file, RUN, is_served=True))
                service = await open_service()
                health.watching = parts
                local = WatcherHere(parts, writer)
                opened = serving(settings, service, listening, demo_site, health=health, local=local)
                duties = await stack.enter_async_context(opened)
                await stack.enter_async_context(meanwhile(run_duties(settings, duties)))
                await stack.enter_async_context(showing(settings, health))
                told = await announce(settings, service, file, on_ready, on_password)
                live = replace(live, told=told) if live else None
            health.systemd.ready(health.status())
            errands = _errands(settings, parts, open_service, live, health)
            await _watch_until(stopped, parts, [*errands, *([beside()] if beside else [])], health)


def _errands(
    settings: Settings, parts: Watching, service: LazyService, live: Live | None, health: Health
) -> list[Coroutine[None, None, None]]:
    """Return what a watcher that runs for long does besides checking."""

    async def tell(message: OutboxMessage) -> None:
        parts.checker.committer.tell([message])
        if settings.push is None:  # the watch store may be what is damaged
            await telling(await service())(message)

    errands = [
        answer_requests(ControlRequests(settings.data), parts.checker.runner.accept),
        answer_questions(settings.data, partial(answer, parts.checker.runner, parts.outbox)),
        keep_backups(settings, tell, language_of=TopicLanguages(parts.checker.topics)),
        health.beat(),
        health.give_signs_of_life(),
    ]
    return errands if live is None else [*errands, reload_for_ever(settings, parts, service, live, health)]


async def _watch_until(
    stopped: asyncio.Event, parts: Watching, errands: Iterable[Coroutine[None, None, None]], health: Health
) -> None:
    """Run all tasks until then; then start no more checks, let those under way finish within a bound, and save."""
    async with asyncio.TaskGroup() as tasks:
        committing = tasks.create_task(parts.checker.committer.run(), name="committer")
        dispatching = tasks.create_task(parts.dispatcher.run(), name="dispatcher")
        running = tasks.create_task(parts.checker.runner.run(), name="runner")
        errands_running = [tasks.create_task(errand) for errand in errands]
        await stopped.wait()
        health.systemd.stopping()
        _log.info("stopping: checks under way may finish within %d s", STOP_SECONDS)
        parts.checker.runner.stop()
        parts.checker.lanes.close()
        await asyncio.wait([running], timeout=STOP_SECONDS)
        for task in (*errands_running, running, dispatching, committing):
            task.cancel()
            await asyncio.wait([task])
