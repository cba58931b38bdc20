"""Listening: a socket first, so that its real port is known before anything is built, then the server on it."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl
from dataclasses import dataclass

from aiohttp import web

from watcher.errors import UsageError
from watcher.web.access_log import AccessLog, without_raw_request
from watcher.web.connections import Connection, Door, Doorway
from watcher.web.settings import SETTINGS, WebSettings

_STOP_SECONDS = 5.0
_BACKLOG = 512
"""Connections that wait to be accepted; a message to thousands brings their phones back at once."""

_server_log = logging.getLogger("watcher.web.http")
_server_log.addFilter(without_raw_request)


def open_socket(host: str, port: int) -> socket.socket:
    """
    Return a listening socket; with port 0 the system chooses one, `getsockname()[1]` tells which.

    Raises:
        UsageError: the port is taken, needs rights that we lack, or the host is no address of this machine.
    """
    if not 0 <= port < 65_536:
        raise UsageError(f"port {port} does not exist; choose one below 65536 with --port")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(_advice(host, port, error)) from error


def _advice(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} on {host} is taken; choose another with --port"
        case errno.EACCES:
            return f"port {port} on {host} needs more rights than we have; choose one above 1023 with --port"
        case _:
            # Python adds what it did to what the system said.
            why = str(error.strerror or error).partition(" (while ")[0]
            return f"cannot listen on {host}: {why}; choose an address of this machine with --host"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A server that answers until `stop`."""

    port: int
    _runner: web.AppRunner

    async def stop(self) -> None:
        """Take no more connections, end the live inboxes, let running requests finish within 5 s, then cut them."""
        await self._runner.cleanup()


async def start_server(
    app: web.Application, listening: socket.socket, *, tls: ssl.SSLContext | None = None
) -> RunningServer:
    """Serve the application on a socket of `open_socket`, which is the server's from then on. No tls: plain HTTP."""
    settings = app[SETTINGS]
    runner = web.AppRunner(app, shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    site = _Site(runner, _counting(listening, settings), settings, tls=tls)
    await site.start()
    return RunningServer(port=site.port, _runner=runner)


def _counting(listening: socket.socket, settings: WebSettings) -> Doorway:
    door = Door(
        most=settings.max_connections,
        most_of_one=settings.max_connections_per_address,
        trusted=settings.trusted_proxies,
    )
    return Doorway.over(listening, door)


class _Site(web.SockSite):
    """A site whose connections have deadlines."""

    def __init__(
        self, runner: web.AppRunner, doorway: Doorway, settings: WebSettings, *, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(runner, doorway, ssl_context=tls)
        self.port = doorway.getsockname()[1]
        self._settings = settings

    async def start(self) -> None:
        """Listen."""
        await web.BaseSite.start(self)
        server, loop, tls = self._runner.server, asyncio.get_running_loop(), self._ssl_context
        assert server is not None  # noqa: S101 - the runner is set up
        self._server = await loop.create_server(
            lambda: Connection(
                server,
                self._settings,
                loop=loop,
                access_log_class=AccessLog,
                access_log=logging.getLogger("watcher.web.access"),
                logger=_server_log,
            ),
            sock=self._sock,
            ssl=tls,
            backlog=_BACKLOG,
            ssl_handshake_timeout=self._settings.head_timeout.total_seconds() if tls else None,
            ssl_shutdown_timeout=self._settings.write_timeout.total_seconds() if tls else None,
        )
