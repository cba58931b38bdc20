"""The server: the push service, answering HTTP."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from msgspec.structs import replace

from watcher.core.protocols import WatchReader
from watcher.core.settings import EVERY_ADDRESS, Settings, server_url
from watcher.errors import StoreError
from watcher.net.lan import lan_address
from watcher.net.sessions import Sessions
from watcher.push.channels.webpush.settings import check_push_key
from watcher.push.service import PushService
from watcher.runtime.backups import keep_backups
from watcher.runtime.cluster.joining import join_cluster, require_one_url
from watcher.runtime.mending import keep_telling, mend_push
from watcher.runtime.process.files import file_budget, log_what_is_short, raise_limit
from watcher.runtime.process.health import Health
from watcher.runtime.process.meanwhile import meanwhile
from watcher.runtime.process.signals import stop_event
from watcher.runtime.process.systemd import systemd
from watcher.runtime.serving.channels import set_up_channels
from watcher.runtime.serving.duties import Work
from watcher.runtime.serving.errands import duties_of, errands_of, run_duties
from watcher.runtime.serving.health_address import showing
from watcher.runtime.serving.moving import forget_removed
from watcher.runtime.serving.operator_name import AskName, is_made_now, with_operator_name
from watcher.runtime.serving.parts import app_of, parts_of
from watcher.runtime.serving.service import make_admin_topic, push_service
from watcher.runtime.serving.telling import make_first_password, telling
from watcher.runtime.settings import LOCAL_URL, unchecked_reader, utc_now, watches_database
from watcher.store.files import write_durably
from watcher.store.lock import RoleLock
from watcher.web.keys import LocalWatcher
from watcher.web.transport.server import open_socket, start_server
from watcher.web.transport.tls import ServerTls

if TYPE_CHECKING:
    from watcher.runtime.cluster.driving import ClusterWatcher  # as in `_cluster_watcher`

OnPassword = Callable[[Settings, str], None]
"""Told the settings with the real port, and the operator's first password. It must reach no log."""
_log = logging.getLogger(__name__)


async def serve(
    settings: Settings,
    *,
    on_ready: Callable[[Settings], None],
    on_password: OnPassword,
    ask_name: AskName,
    timezone: tzinfo | None = None,
) -> None:
    """
    Run the push service alone until a signal comes.

    Args:
        on_password: is told the operator's first password, when there is none yet.
        ask_name: asks for the operator's name, when this start makes the data directory; the event loop stands still.
        timezone: as of `serving`.

    Raises:
        LockedError, UsageError, ConfigError, StoreError: nothing was started.
    """
    raise_limit()
    health = Health(settings.data, systemd())
    is_new = is_made_now(settings.data)
    with RoleLock(settings.data, "server", "watcher serve"):
        listening, settings = listen(settings)
        settings = with_operator_name(settings, ask_name, is_new=is_new)
        stopped = stop_event()  # until now a signal ends it at once, also while a name is asked for
        await mend_push(settings)
        async with (
            push_service(settings, is_served=True) as service,
            serving(settings, service, listening, health=health, timezone=timezone) as duties,
            meanwhile(run_duties(settings, duties)),
            showing(settings, health),
        ):
            await make_admin_topic(service)
            on_ready(settings)
            await make_first_password(service, partial(on_password, settings))
            health.systemd.ready(health.status())
            operator = telling(service)
            beside = keep_telling(settings.data, operator), keep_backups(settings, operator)
            async with meanwhile(health.beat(), health.give_signs_of_life(), *beside):
                await stopped.wait()
            health.systemd.stopping()


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """
    Return a listening socket, and the settings with its real port and a URL that leads there.

    Raises:
        UsageError: the port is taken, or the address is not this machine's; or a cluster needs a base URL.
    """
    require_one_url(settings)
    listening = open_socket(settings.host, settings.port)
    return listening, with_reachable_url(replace(settings, port=listening.getsockname()[1]), lan_address)


def with_reachable_url(settings: Settings, lan_address: Callable[[], str | None]) -> Settings:
    """Return the settings of a server on all addresses with the one that its network knows, unless a URL is given."""
    if settings.base_url is not None or settings.host not in EVERY_ADDRESS:
        return settings
    scheme = "https" if settings.tls else "http"
    return replace(settings, base_url=server_url(lan_address() or "127.0.0.1", settings.port, scheme))


@asynccontextmanager
async def serving(
    settings: Settings,
    service: PushService,
    listening: socket.socket,
    demo_site: web.Application | None = None,
    *,
    health: Health,
    local: LocalWatcher | None = None,
    timezone: tzinfo | None = None,
) -> AsyncIterator[Mapping[str, Work]]:
    """
    Answer HTTP on the socket while the context lasts; the demo's pages, if given, below `/demo`.

    Gives the duties of the server, which are the caller's to run (`run_duties`).

    Args:
        local: the watcher of this process, if it has one.
        timezone: of the watches of a cluster that name none.

    Raises ConfigError: its certificate, or a channel, is set up wrongly.
    """
    tls = None if settings.tls is None else ServerTls(settings.tls, now=utc_now)
    files = file_budget(settings)
    log_what_is_short(files, settings)
    await join_cluster(settings, os.environ)
    async with AsyncExitStack() as stack:
        sessions = await stack.enter_async_context(Sessions(most=files.sockets, lookups=files.lookups))
        channels = set_up_channels(settings, sessions)
        await check_push_key(service.addresses, channels)
        await forget_removed(service, settings.data)
        bounded = replace(settings, max_connections=files.connections)
        watches = unchecked_reader(settings)
        cluster = await stack.enter_async_context(_cluster_watcher(settings, service, sessions, watches, timezone))
        app = app_of(bounded, service, watches, sessions, channels, health, local or cluster)
        if demo_site is not None:
            app.add_subapp("/demo", demo_site)
        server = await start_server(app, listening, tls=tls.context if tls else None)
        _note_url(settings)
        health.serving = parts = parts_of(settings, service, sessions, channels, app, cluster)
        errands = errands_of(settings, watches, service, cluster)
        try:
            async with meanwhile(*errands, *([tls.follow()] if tls else [])):
                yield duties_of(settings, watches, parts, cluster)
        finally:
            health.serving = None
            await server.stop()


@asynccontextmanager
async def _cluster_watcher(
    settings: Settings, service: PushService, sessions: Sessions, reader: WatchReader, timezone: tzinfo | None
) -> AsyncIterator[ClusterWatcher | None]:
    """Give what the console drives of a cluster; None where there is none, or where its tables cannot be used."""
    if (url := watches_database(settings)) is None:
        yield None
        return
    from watcher.runtime.cluster.driving import cluster_watcher  # with SQLAlchemy and psycopg

    async with AsyncExitStack() as stack:
        try:
            opening = cluster_watcher(url, settings, service, sessions, reader, os.environ, timezone=timezone)
            watcher = await stack.enter_async_context(opening)
        except StoreError as error:
            _log.warning("the console does nothing with the watches of the cluster: %s", error)
            yield None
            return
        yield watcher


def _note_url(settings: Settings) -> None:
    """
    Tell the commands where people reach the server, and where this machine does.

    On a full disk they must be told by --base-url, and by --port.
    """
    try:
        write_durably(settings.data / "public_url", settings.public_url + "\n")
        write_durably(settings.data / LOCAL_URL, settings.local_url + "\n")
    except OSError as error:
        _log.warning("commands do not know the server's URL: %s cannot be written: %s", settings.data, error.strerror)
