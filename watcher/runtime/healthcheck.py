"""
Whether a server is ready: its `/readyz` is asked.

That of a data directory is asked where it noted that it listens; that of given settings over its own port, or where
`--health` shows it.

Written over bare streams: to import the HTTP client costs more CPU than the question, which is asked twice a minute.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from watcher.core.settings import EVERY_ADDRESS, Settings, server_url
from watcher.core.words import clean, cut, one_line
from watcher.errors import UsageError
from watcher.store.lock import holder_of

SECONDS: Final = 5.0
"""For everything; `/readyz` itself answers within three."""
_MAX_ANSWER_BYTES: Final = 64 * 1024
_MAX_CHARACTERS: Final = 500
_EVERYWHERE: Final = dict(zip(EVERY_ADDRESS, ("127.0.0.1", "::1"), strict=True))
"""Where a server is asked that listens everywhere."""


def is_running(data: Path) -> bool:
    """Return whether a server, or a watcher that pushes to one elsewhere, runs on a data directory."""
    return any(holder_of(data, role) is not None for role in ("server", "watcher"))


def asked_url(settings: Settings) -> str:
    """Return where the server of these settings is asked. Raises UsageError: its port is not known."""
    host, port, is_tls = _address(settings)
    if port == 0:
        raise UsageError("port 0 is whichever was free: give the server a port, and name it here too")
    return server_url(host, port, "https" if is_tls else "http")


async def why_not_ready(url: str, *, seconds: float = SECONDS) -> str | None:
    """Return what is wrong with the server at a URL, in one line; None when it is ready."""
    parts = urlsplit(url)
    is_tls = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_tls else 80)
    try:
        async with asyncio.timeout(seconds):
            return _judged(url, await _answer(host, port, is_tls=is_tls))
    except TimeoutError:
        return f"{url} does not answer within {seconds:g} s"
    except OSError as error:
        # asyncio's own text names the address once more.
        reason = type(error).__name__ if error.errno is None else os.strerror(error.errno)
        return f"nobody answers at {url} ({reason})"


def _address(settings: Settings) -> tuple[str, int, bool]:
    """Return host, port, and whether TLS is spoken there."""
    if settings.health is not None:
        host, port = settings.health
        return _EVERYWHERE.get(host, host), port, False
    return _EVERYWHERE.get(settings.host, settings.host), settings.port, settings.tls is not None


async def _answer(host: str, port: int, *, is_tls: bool) -> bytes:
    """Return the answer to the question, head and body. Raises OSError."""
    reader, writer = await asyncio.open_connection(host, port, ssl=_tls() if is_tls else None)
    try:
        # HTTP/1.0: the answer ends with the connection, and comes in one piece.
        writer.write(f"GET /readyz HTTP/1.0\r\nHost: {f'[{host}]' if ':' in host else host}:{port}\r\n\r\n".encode())
        answer = bytearray()
        while len(answer) < _MAX_ANSWER_BYTES and (more := await reader.read(_MAX_ANSWER_BYTES)):
            answer += more
        return bytes(answer)
    finally:
        writer.transport.abort()


def _tls() -> ssl.SSLContext:
    """Return a context that takes any certificate: it is that of the base URL, and this machine asks itself."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _judged(url: str, answer: bytes) -> str | None:
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1:2]
    text = cut(one_line(clean(body.decode("utf-8", errors="replace").strip().replace("\n", "; "))), _MAX_CHARACTERS)
    match status, text:
        case [b"200"], "ok":
            return None
        case [b"503"], text if text:
            return text
    return f"what answers at {url} is not this server"
