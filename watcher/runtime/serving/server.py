"""The server: the push service, answering HTTP."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from msgspec.structs import replace

from watcher.core.check import OutboxMessage
from watcher.core.live import Live
from watcher.core.protocols import WatchReader
from watcher.core.push import TopicDraft
from watcher.core.settings import EVERY_ADDRESS, Settings, server_url
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import StoreError
from watcher.net.lan import lan_address
from watcher.net.sessions import Sessions
from watcher.push.background.callback_sender import CallbackSender
from watcher.push.background.deliverer import Deliverer
from watcher.push.channels.offered import Channels
from watcher.push.channels.webpush.settings import check_push_key
from watcher.push.draft import make_draft
from watcher.push.service import PushService
from watcher.runtime.asking import ask_of_outbox
from watcher.runtime.backups import keep_backups
from watcher.runtime.cluster.hearing import hear_others, look_and_hear
from watcher.runtime.cluster.joining import join_cluster, require_one_url
from watcher.runtime.diagnosing import look_at_server
from watcher.runtime.diagnosing.one_look import OneLook
from watcher.runtime.mending import Tell, mend_push, tell_notices
from watcher.runtime.process.files import file_budget, log_what_is_short, raise_limit
from watcher.runtime.process.health import Health, Serving
from watcher.runtime.process.metrics import metrics
from watcher.runtime.process.signals import stop_event
from watcher.runtime.process.systemd import systemd
from watcher.runtime.serving.channels import set_up_channels
from watcher.runtime.serving.duties import Work, run_all, run_leased
from watcher.runtime.serving.housekeeping import Housekeeper
from watcher.runtime.serving.moving import forget_removed
from watcher.runtime.serving.operator_name import AskName, is_made_now, with_operator_name
from watcher.runtime.serving.service import make_admin_topic, push_service
from watcher.runtime.serving.telling_webhooks import POLL_SECONDS, ChangeTeller
from watcher.runtime.settings import LOCAL_URL, unchecked_reader, utc_now, watches_database
from watcher.store.files import write_durably
from watcher.store.lock import RoleLock
from watcher.web.api.health import build_health_app
from watcher.web.app import build_app
from watcher.web.keys import LocalWatcher
from watcher.web.middleware.counts import REQUESTS
from watcher.web.pages.live import HUB
from watcher.web.transport.server import open_socket, start_server
from watcher.web.transport.tls import ServerTls
from watcher.web.vitals import Vitals

if TYPE_CHECKING:
    from watcher.runtime.cluster.driving import ClusterWatcher  # as in `_cluster_watcher`

OnPassword = Callable[[Settings, str], None]
"""Told the settings with the real port, and the operator's first password. It must reach no log."""
_HEALTH_CONNECTIONS = 48
"""Of all who ask at the address of `--health`."""
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
            serving(settings, service, listening, health=health, timezone=timezone),
            showing(settings, health),
        ):
            await make_admin_topic(service)
            await tell_notices(settings.data, telling(service))
            on_ready(settings)
            await service.operator.make_first_password(partial(on_password, settings))
            health.systemd.ready(health.status())
            backups = keep_backups(settings, telling(service))
            async with meanwhile(health.beat(), health.give_signs_of_life(), backups):
                await stopped.wait()
            health.systemd.stopping()


def listen(settings: Settings) -> tuple[socket.socket, Settings]:
    """
    Return a listening socket, and the settings with its real port and a URL that leads there.

    Raises:
        UsageError: the port is taken, or the address is not this machine's; or servers that share need a base URL.
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
) -> AsyncIterator[None]:
    """
    Answer HTTP on the socket while the context lasts; the demo's pages, if given, below `/demo`.

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
        app = _app(bounded, service, watches, sessions, channels, health, local or cluster)
        if demo_site is not None:
            app.add_subapp("/demo", demo_site)
        server = await start_server(app, listening, tls=tls.context if tls else None)
        _note_url(settings)
        health.serving = parts = _parts(settings, service, sessions, channels, app, cluster)
        try:
            async with meanwhile(*_errands(settings, watches, parts, cluster), *([tls.follow()] if tls else [])):
                yield
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
            _log.warning("the console does nothing with the watches that workers share: %s", error)
            yield None
            return
        yield watcher


def _app(
    settings: Settings,
    service: PushService,
    watches: WatchReader,
    sessions: Sessions,
    channels: Channels,
    health: Health,
    local: LocalWatcher | None,
) -> web.Application:
    """Return the web side, with what it asks of the rest of this process."""
    look = OneLook(partial(look_at_server, settings, sessions, os.environ))
    return build_app(
        service,
        settings,
        watches,
        channels,
        _vitals(health),
        partial(_live, health),
        look if settings.database is None else partial(look_and_hear, service, look),
        partial(ask_of_outbox, settings),
        local,
    )


def _parts(
    settings: Settings,
    service: PushService,
    sessions: Sessions,
    channels: Channels,
    app: web.Application,
    cluster: ClusterWatcher | None,
) -> Serving:
    """Return the parts of the server, none of which works yet, nor is missed before it does."""
    callbacks = _callbacks(settings, service, sessions)
    deliverer = _deliverer(settings, service, channels, sockets=sessions.sockets.at_once)
    callbacks.loop.pulse.rest()
    deliverer.loop.pulse.rest()
    return Serving(
        service=service,
        deliverer=deliverer,
        callbacks=callbacks,
        requests=app[REQUESTS],
        hub=app[HUB],
        channels=channels.by_name,
        sockets=sessions.sockets,
        is_in_cluster=settings.database is not None,
        cluster=None if cluster is None else cluster.figures,
    )


def _errands(
    settings: Settings, watches: WatchReader, parts: Serving, cluster: ClusterWatcher | None
) -> Sequence[Coroutine[None, None, None]]:
    """Return what the server does as long as it lasts; of a cluster, the duties that fall to it."""
    service, teller = parts.service, ChangeTeller(watches, parts.service)
    duties: dict[str, Work] = {
        "callbacks": parts.callbacks.run,
        "deliverer": parts.deliverer.run,
        "fan-out": partial(service.messages.fan_out, parts.hub.listening),
        "housekeeping": Housekeeper(service, keep_messages=settings.keep_messages).run,
    }
    if settings.database is None:
        return [teller.run(), run_all(duties)]
    if cluster is None:
        others = [_tell_changes(teller, settings)]
    else:
        duties["changes"] = partial(_tell_changes_of_cluster, teller, cluster)
        others = [cluster.run()]
    return [*others, run_leased(settings.database, duties), hear_others(settings.database, service)]


async def _tell_changes(teller: ChangeTeller, settings: Settings) -> None:
    """
    Tell webhooks what the watches of the data directory find.

    Not by a lease: of the servers of one database, whoever has the watches can. Those that have none would note that
    everything was told.
    """
    while not settings.watches.exists():  # noqa: ASYNC110 - a command makes them
        await asyncio.sleep(POLL_SECONDS)
    await teller.run()


async def _tell_changes_of_cluster(teller: ChangeTeller, cluster: ClusterWatcher) -> None:
    """Tell webhooks what the watches of a cluster find, once there is any; till then another process may have some."""
    while not cluster.is_declared:  # noqa: ASYNC110 - a command declares
        await asyncio.sleep(POLL_SECONDS)
    await teller.run()


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


@asynccontextmanager
async def showing(settings: Settings, health: Health) -> AsyncIterator[None]:
    """
    Serve the health of the process at an address of its own while the context lasts, if the operator gave one.

    Raises UsageError: it is taken, or not this machine's.
    """
    if settings.health is None:
        yield
        return
    host, port = settings.health
    listening = open_socket(host, port, host_option="--health", port_option="--health")
    url = server_url(host, listening.getsockname()[1])
    most = min(_HEALTH_CONNECTIONS, file_budget(settings).reserved // 4)
    bounded = Settings(data=settings.data, base_url=url, max_connections=most)
    server = await start_server(build_health_app(_vitals(health), bounded), listening)
    _log.info("health at %s/readyz", url)
    try:
        yield
    finally:
        await server.stop()


def _vitals(health: Health) -> Vitals:
    return Vitals(problems=health.problems, metrics=partial(metrics, health))


def _live(health: Health) -> Live:
    return health.watching.checker.runner.live() if health.watching is not None else {}


def _callbacks(settings: Settings, service: PushService, sessions: Sessions) -> CallbackSender:
    """
    Return what tells the owners of applications what happens.

    At public addresses, for they name them, unless the operator says otherwise.
    """
    return service.callbacks.sender(sessions, chance=random.random, allow_private=settings.private_callbacks)


def _deliverer(settings: Settings, service: PushService, channels: Channels, *, sockets: int) -> Deliverer:
    """Return what hands messages to the channels; `sockets` may be in use at once, by callbacks too."""
    return service.deliveries.deliverer(
        channels.by_name,
        chance=random.random,
        link=lambda message: settings.link(f"/m/{message.slug}"),
        failover_after=settings.failover_after,
        sockets=sockets,
    )


@asynccontextmanager
async def meanwhile(*errands: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run these while the context lasts; an error of one, a defect, ends the context, in an ExceptionGroup."""
    failure = None
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(errand) for errand in errands]
        try:
            yield
        except Exception as error:
            failure = error
        for task in running:
            task.cancel()
    if failure is not None:
        raise failure


def telling(service: PushService) -> Tell:
    """Return a function that sends a message to the operator through a push service of this process."""

    async def tell(message: OutboxMessage) -> None:
        draft = make_draft(message.content, summary=message.summary)
        await service.messages.publish([TopicDraft(idempotency_key=message.id, topic=ADMIN_TOPIC, draft=draft)])

    return tell
