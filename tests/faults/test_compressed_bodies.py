"""Compressed bodies that are tiny and decompress to 40 MB, against a server as it is started, and through nginx."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest

from tests.faults.tally import Tally, sized
from tests.faults.test_slow_clients import ask_health
from tests.figures.machine import Server, serving
from tests.web.bombs import CODINGS, bomb

pytestmark = [pytest.mark.faults, pytest.mark.alone]

_LIMITS: Final = ("--call-limit", "1000000", "--data")  # or most bodies meet a 429, which costs less
_COMMAND: Final = ("-m", "watcher", "serve", "--port", "0", "--trusted-proxy", "127.0.0.1", *_LIMITS)
_DECOMPRESSING: Final = (
    "-c",
    """
from aiohttp.web_protocol import RequestHandler
from watcher.__main__ import main
from watcher.web.middleware import bodies
plain = RequestHandler.__init__
def decompressing(self, *arguments, **options):
    plain(self, *arguments, **{**options, "auto_decompress": True})
RequestHandler.__init__ = decompressing
bodies._refuse_codings = lambda request: None
main()
""",
    *_COMMAND[2:],
)
"""A server as it was: it decompresses bodies on its event loop."""
_PLAIN: Final = {"utf-8": b"x" * 39}
_ASKED: Final = ("GET /healthz", "POST /api/send/message", "POST /api/v1/messages", "POST /nowhere")
_AT_ONCE: Final = 200
_MORE_SECONDS: Final = 0.2
_LOOK_SECONDS: Final = 0.02
_SECONDS: Final = 120
_NGINX: Final = """
user {user}; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://{server.host}:{server.port}; proxy_http_version 1.1; proxy_buffering off;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }}
    }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What bodies cost: the slowest look at /healthz meanwhile, and the server's CPU time, both in seconds."""

    worst: float
    cpu: float


@asynccontextmanager
async def _nginx(server: Server, folder: Path) -> AsyncIterator[Server]:
    """Run nginx in front of a server, as docs/deploy.md has it without https."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no nginx here")
    folder.mkdir()
    user = pwd.getpwuid(os.getuid()).pw_name  # as `nobody` it could not keep the bodies over 16 KB
    configuration = folder / "nginx.conf"
    with socket.create_server(("127.0.0.1", 0), backlog=511) as listening:
        front = Server(pid=server.pid, host="127.0.0.1", port=listening.getsockname()[1])
        configuration.write_text(
            _NGINX.format(folder=folder, port=front.port, server=server, user=user), encoding="utf-8"
        )
        process = await asyncio.create_subprocess_exec(
            program,
            *("-c", configuration, "-e", folder / "error.log"),
            env={"NGINX": f"{listening.fileno()};"},  # it takes this socket over, which listens already
            pass_fds=[listening.fileno()],
        )
    try:
        yield front
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), _SECONDS)


async def _post(server: Server, requests: Sequence[bytes]) -> None:
    """Send requests over one connection after the other, and read each answer to its end; the server made it."""
    for request in requests:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(request)
        async with asyncio.timeout(_SECONDS):
            answer = await reader.read()
        assert b"\r\nX-Content-Type-Options: nosniff\r\n" in answer, answer[:200]
        writer.close()


async def _cost(server: Server, bodies: dict[str, bytes], count: int) -> Cost:
    """Return what so many bodies cost, `_AT_ONCE` at a time, from one address."""
    kinds = cycle((asked, coding, body) for asked in _ASKED for coding, body in bodies.items())
    requests = [
        b"%b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b"
        % (asked.encode(), coding.encode(), len(body), body)
        for _, (asked, coding, body) in zip(range(count), kinds, strict=False)
    ]
    clock = ~server.pid << 3 | 2  # of another process's CPU time (Linux, clock_getcpuclockid)
    worked, waits = time.clock_gettime(clock), []
    sending = asyncio.gather(*(_post(server, requests[nth::_AT_ONCE]) for nth in range(min(_AT_ONCE, count))))
    while not sending.done():
        began = time.perf_counter()
        await asyncio.to_thread(ask_health, server)
        waits.append(time.perf_counter() - began)
        await asyncio.wait([sending], timeout=_LOOK_SECONDS)
    await sending
    return Cost(worst=max(waits), cpu=time.clock_gettime(clock) - worked)


def _is_harmless(bombs: Cost, plain: Cost) -> bool:
    return bombs.worst <= plain.worst + _MORE_SECONDS and bombs.cpu <= 2 * plain.cpu


@pytest.mark.parametrize("count", sized((200,), (200, 2_000)))
@pytest.mark.parametrize("through", ["direct", "nginx"])
async def test_compressed_bodies_cost_what_plain_ones_do(
    tmp_path: Path, tally: Tally, count: int, through: str
) -> None:
    tally.what = f"bodies that decompress to 40 MB, {count} of one address, {through}, beside as many plain ones"
    async with serving(tmp_path / "data", _COMMAND) as server:
        if through == "direct":
            bombs, plain = await _both(server, count)
        else:
            async with _nginx(server, tmp_path / "nginx") as front:
                bombs, plain = await _both(front, count)
    tally.tried, tally.failed = count, 0 if _is_harmless(bombs, plain) else 1
    tally.figures = {
        "worst /healthz": f"{bombs.worst * 1000:.0f} ms, {plain.worst * 1000:.0f} ms beside plain ones",
        "CPU": f"{bombs.cpu:.2f} s, {plain.cpu:.2f} s",
    }
    assert tally.failed == 0, (bombs, plain)


async def _both(server: Server, count: int) -> tuple[Cost, Cost]:
    await _cost(server, _PLAIN, _AT_ONCE)  # the first requests import what is imported late
    plain = await _cost(server, _PLAIN, count)
    return await _cost(server, {coding: bomb(coding) for coding in CODINGS}, count), plain


async def test_a_server_that_decompresses_them_is_noticed(tmp_path: Path, tally: Tally) -> None:
    tally.what = "control: the same, with a server that decompresses bodies"
    async with serving(tmp_path, _DECOMPRESSING) as server:
        bombs, plain = await _both(server, 100)
    tally.tried, tally.failed = 100, 1 if _is_harmless(bombs, plain) else 0
    tally.figures = {"worst /healthz": f"{bombs.worst:.1f} s", "CPU": f"{bombs.cpu:.1f} s, {plain.cpu:.2f} s"}
    assert tally.failed == 0, (bombs, plain)
