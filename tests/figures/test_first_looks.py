"""
What a watcher keeps in memory after its first look at each of its watches, and how soon it stops amid them.

`FIGURES=full` has 100,000, in seven minutes. Meant: at most 400 MiB, and 10 s.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from tests.cli.command import Command
from tests.running import free_port
from tests.sizes import FIGURES

_WATCHES: Final = FIGURES.sized(300, 100_000)
_HOSTS: Final = 2_000
_OF_A_FILE: Final = 4_000
_MOST_MIB: Final = 400
_MOST_STOP_SECONDS: Final = 10.0
_BOUND_SECONDS: Final = 1_200
_LOOK_SECONDS: Final = 0.5
_NEW: Final = re.compile(r'^watcher_watches\{state="new"\} ([0-9.]+)$', re.MULTILINE)
_WATCH: Final = (
    "  w{number}: {{url: 'http://{host}/{number}', topic: t, every: 30m, extract: .price, allow_private: true, "
    "per_host: {{min_delay: 0s, concurrency: 2}}}}\n"
)
_BODY: Final = (
    "<html><head><title>Shop {path}</title></head><body><h1>Product {path}</h1>"
    + "<p>some text of the page that stands here</p>" * 30
    + "<p class=price>€{price}.00</p><ul>"
    + "<li><a href=/x>link</a></li>" * 20
    + "</ul></body></html>"
)


class _Shop(asyncio.Protocol):
    """Answers each request with a page of its own."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._left = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._left = (self._left + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split()[1].decode()
            body = _BODY.format(path=path, price=path.rpartition("/")[2]).encode()
            fields = f'Content-Type: text/html\r\nETag: "{path}"\r\nContent-Length: {len(body)}'
            self._transport.write(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode() + body)


async def test_first_looks_leave_little_in_memory_and_stop_soon(tmp_path: Path) -> None:
    shop = await asyncio.get_running_loop().create_server(_Shop, "0.0.0.0", 0, backlog=4096)
    command, port = _declared(tmp_path, shop.sockets[0].getsockname()[1]), free_port()
    async with command.running("run", "--port", f"{port}") as (process, _):
        await _left(port, _WATCHES * 2 // 3)
        began = time.monotonic()
        process.terminate()
        assert await process.wait() in {0, -15}
        amid = time.monotonic() - began
    (tmp_path / ".watcher").rename(tmp_path / "before")
    async with command.running("run", "--port", f"{port}") as (process, _):
        await _left(port, 0)
        pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1])
        after = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    shop.close()
    print(f"{_WATCHES:,} watches: {after:.0f} MiB after their first looks; a stop amid them took {amid:.1f} s")
    assert after <= _MOST_MIB
    assert amid <= _MOST_STOP_SECONDS


def _declared(directory: Path, port: int) -> Command:
    """Write the watches, in files of a size that is read."""
    (directory / "watches.d").mkdir()
    for first in range(0, _WATCHES, _OF_A_FILE):
        watches = "".join(
            _WATCH.format(number=number, host=f"127.0.{number % _HOSTS // 250 + 1}.{number % 250 + 1}:{port}")
            for number in range(first, min(_WATCHES, first + _OF_A_FILE))
        )
        (directory / "watches.d" / f"{first}.yaml").write_text(f"watches:\n{watches}", encoding="utf-8")
    command = Command(directory, is_warm=False)
    command.write("include: [watches.d/*.yaml]\n")
    return command


async def _left(port: int, most: int) -> None:
    """Return when at most so many watches were never looked at. Raises TimeoutError."""
    async with asyncio.timeout(_BOUND_SECONDS), ClientSession(f"http://127.0.0.1:{port}") as client:
        while True:
            async with client.get("/metrics") as answer:
                found = _NEW.search(await answer.text())
            if found is not None and float(found[1]) <= most:
                return
            await asyncio.sleep(_LOOK_SECONDS)
