"""The health of the process, at an address of its own and to the web side of a server."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from watcher.core.settings import Settings, server_url
from watcher.runtime.process.files import file_budget
from watcher.runtime.process.health import Health
from watcher.runtime.process.metrics import metrics
from watcher.web.api.health import build_health_app
from watcher.web.transport.server import open_socket, start_server
from watcher.web.vitals import Vitals

_CONNECTIONS = 48
"""Of all who ask at the address of `--health`."""
_log = logging.getLogger(__name__)


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
    most = min(_CONNECTIONS, file_budget(settings).reserved // 4)
    bounded = Settings(data=settings.data, base_url=url, max_connections=most)
    server = await start_server(build_health_app(vitals_of(health), bounded), listening)
    _log.info("health at %s/readyz", url)
    try:
        yield
    finally:
        await server.stop()


def vitals_of(health: Health) -> Vitals:
    """Return what is asked of the health of a process over HTTP."""
    return Vitals(problems=health.problems, metrics=partial(metrics, health))
