"""Listening: a socket first, so that its real port is known before anything is built, then the server on it."""

from __future__ import annotations

import errno
import logging
import socket
import ssl
from dataclasses import dataclass

from aiohttp import web

from watcher.errors import UsageError
from watcher.web.access_log import AccessLog, without_raw_request

_HEADER_SECONDS = 30.0
"""For a request's headers, and for an idle connection: aiohttp counts both by its keep-alive timer."""
_MAX_LINE_BYTES = 262_144
"""WxPusher's GET routes carry a content of up to 65,535 bytes, each of which may be written as three (`%E4`)."""
_LINGER_SECONDS = 2.0
_STOP_SECONDS = 5.0

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
    """Serve the application on a socket of `open_socket`; the socket is closed with the server. No tls: plain HTTP."""
    runner = web.AppRunner(
        app,
        access_log_class=AccessLog,
        access_log=logging.getLogger("watcher.web.access"),
        logger=_server_log,
        keepalive_timeout=_HEADER_SECONDS,
        max_line_size=_MAX_LINE_BYTES,
        lingering_time=_LINGER_SECONDS,
        shutdown_timeout=_STOP_SECONDS,
    )
    await runner.setup()
    await web.SockSite(runner, listening, ssl_context=tls).start()
    return RunningServer(port=listening.getsockname()[1], _runner=runner)
