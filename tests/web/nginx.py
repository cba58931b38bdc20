"""Debian's nginx in front of a server of ours, with TLS and HTTP/2, as somebody who follows docs/deploy.md has it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.certificates import an_identity
from tests.running import free_port

_NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_SECONDS = 30
_LOOK_SECONDS = 0.02

needs_nginx = pytest.mark.skipif(_NGINX is None, reason="nginx is not installed: nothing was asked over HTTP/2")

_CONFIGURATION = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{}}
http {{
    log_format seen "$server_protocol $http_priority";
    access_log {directory}/access.log seen;
    client_body_temp_path {directory}/bodies;
    proxy_temp_path {directory}/answers;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        http2 on;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        location / {{
            proxy_pass {upstream};
            proxy_http_version 1.1;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_buffering off;
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """One that runs."""

    base: str
    log: Path

    def requests(self) -> Sequence[str]:
        """Return the protocol of each request that is answered, and its header `Priority`."""
        return self.log.read_text().splitlines()


@asynccontextmanager
async def in_front(upstream: str, directory: Path) -> AsyncIterator[Nginx]:
    """Keep one in front of a server while the context lasts."""
    assert _NGINX is not None
    port = free_port()
    certificate, key = an_identity().write(directory)
    configuration = directory / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(directory=directory, port=port, certificate=certificate, key=key, upstream=upstream)
    )
    process = await asyncio.create_subprocess_exec(
        _NGINX, "-p", directory, "-c", configuration, "-e", directory / "error.log", stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _listens(port, process)
        yield Nginx(base=f"https://127.0.0.1:{port}", log=directory / "access.log")
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _listens(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(_SECONDS):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(_LOOK_SECONDS)
            else:
                writer.close()
                return
    raise AssertionError("nginx ended")
