"""The parts of a server, none of which works yet: the web side, what delivers, what calls back."""

from __future__ import annotations

import os
import random
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from watcher.core.protocols import WatchReader
from watcher.core.settings import Settings
from watcher.net.sessions import Sessions
from watcher.push.background.deliverer import Deliverer
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.runtime.asking import ask_of_outbox
from watcher.runtime.cluster.hearing import look_and_hear
from watcher.runtime.diagnosing import look_at_server
from watcher.runtime.diagnosing.one_look import OneLook
from watcher.runtime.process.health import Health, Serving
from watcher.runtime.serving.health_address import vitals_of
from watcher.web.app import build_app
from watcher.web.keys import LocalWatcher
from watcher.web.middleware.counts import REQUESTS
from watcher.web.pages.live import HUB

if TYPE_CHECKING:
    from watcher.runtime.cluster.driving import ClusterWatcher  # with SQLAlchemy and psycopg


def app_of(
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
        vitals_of(health),
        lambda: health.watching.checker.runner.live() if health.watching is not None else {},
        look if settings.database is None else partial(look_and_hear, service, look),
        partial(ask_of_outbox, settings),
        local,
    )


def parts_of(
    settings: Settings,
    service: PushService,
    sessions: Sessions,
    channels: Channels,
    app: web.Application,
    cluster: ClusterWatcher | None,
) -> Serving:
    """Return the parts of the server, none of which works yet, nor is missed before it does."""
    # Owners name where callbacks go: to public addresses, unless the operator says otherwise.
    callbacks = service.callbacks.sender(sessions, chance=random.random, allow_private=settings.private_callbacks)
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


def _deliverer(settings: Settings, service: PushService, channels: Channels, *, sockets: int) -> Deliverer:
    """Return what hands messages to the channels; `sockets` may be in use at once, by callbacks too."""
    return service.deliveries.deliverer(
        channels.by_name,
        chance=random.random,
        link=lambda message: settings.link(f"/m/{message.slug}"),
        failover_after=settings.failover_after,
        sockets=sockets,
    )
