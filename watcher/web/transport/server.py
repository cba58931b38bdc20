"""Listening: a socket first, so that its real port is known before anything is built, then the server on it."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import ssl

from aiohttp import web
from msgspec import Struct

from watcher.core.settings import Settings
from watcher.errors import UsageError
from watcher.web.keys import SETTINGS
from watcher.web.transport.access_log import AccessLog, without_raw_request
from watcher.web.transport.connection_limiter import ConnectionCount, ConnectionLimiter
from watcher.web.transport.connections import Heads, HttpConnection, PipelineQueue

_STOP_SECONDS = 5.0

_access_log = logging.getLogger("watcher.web.access")
_server_log = logging.getLogger("watcher.web.http")
_server_log.addFilter(without_raw_request)


def open_socket(host: str, port: int, *, host_option: str = "--host", port_option: str = "--port") -> socket.socket:
    """
    Return a listening socket; with port 0 the system chooses one, `getsockname()[1]` tells which.

    Args:
        host: an address; `0.0.0.0` is every one of IPv4, `::` every one.
        host_option, port_option: where the operator chose them, for the words of an error.

    Raises:
        UsageError: the port is taken, needs rights that we lack, or the host is no address of this machine.
    """
    if not 0 <= port < 65_536:
        raise UsageError(f"port {port} does not exist; choose one below 65536 with {port_option}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    is_every_one = host == "::" and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, dualstack_ipv6=is_every_one)
    except OSError as error:
        raise UsageError(_advice(host, port, error, host_option, port_option)) from error


def _advice(host: str, port: int, error: OSError, host_option: str, port_option: str) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} on {host} is taken; choose another with {port_option}"
        case errno.EACCES:
            return f"port {port} on {host} needs more rights than we have; choose one above 1023 with {port_option}"
        case _:
            # Python adds what it did to what the system said.
            why = str(error.strerror or error).partition(" (while ")[0]
            return f"cannot listen on {host}: {why}; choose an address of this machine with {host_option}"


class RunningServer(Struct, frozen=True, kw_only=True):
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
    site = _Site(runner, listening, settings, tls=tls)
    await site.start()
    return RunningServer(port=site.port, _runner=runner)


class _Site(web.BaseSite):
    """A site whose connections are counted and have deadlines."""

    def __init__(
        self, runner: web.AppRunner, listening: socket.socket, settings: Settings, *, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(runner, ssl_context=tls)
        self._settings = settings
        self._pipeline, self._heads = PipelineQueue(), Heads()
        self._host, self.port = listening.getsockname()[:2]
        self._limiter = ConnectionLimiter(listening, _connection_count(settings), self._let_in)

    @property
    def name(self) -> str:
        return f"{self._host}:{self.port}"

    async def start(self) -> None:
        await super().start()
        self._limiter.open()

    async def stop(self) -> None:
        self._limiter.close()
        await super().stop()

    async def _let_in(self, accepted: socket.socket) -> None:
        tls = self._ssl_context
        await asyncio.get_running_loop().connect_accepted_socket(
            self._connection,
            accepted,
            ssl=tls,
            ssl_handshake_timeout=self._settings.head_timeout.total_seconds() if tls else None,
            ssl_shutdown_timeout=self._settings.write_timeout.total_seconds() if tls else None,
        )

    def _connection(self) -> HttpConnection:
        server = self._runner.server
        assert server is not None  # noqa: S101 - the runner is set up
        return HttpConnection(
            server,
            self._settings,
            pipeline=self._pipeline,
            heads=self._heads,
            loop=asyncio.get_running_loop(),
            access_log_class=AccessLog,
            access_log=_access_log,
            logger=_server_log,
        )


def _connection_count(settings: Settings) -> ConnectionCount:
    return ConnectionCount(
        most=settings.max_connections,
        most_of_one=settings.max_connections_per_address,
        trusted=settings.trusted_proxies,
    )
