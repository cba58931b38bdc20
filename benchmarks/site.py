"""
The benchmark's site: answers from memory, in a process of its own, so that it is not what limits anybody.

    GET  /{number}            a page (`pages.page`) with the price early on it
    GET  /{layout}/{number}   one of that layout
    POST /phase/{phase}       from now on every answer is of this phase
    GET  /requests            how many pages were asked for since the last phase

| phase   | validators                   | body                                   |
|---------|------------------------------|----------------------------------------|
| 304     | an ETag, and 304 to it       | one for ever                           |
| same    | none                         | one for ever                           |
| parsed  | none                         | another noise with each answer         |
| changed | none                         | another noise and another price        |

`python -m benchmarks.site --help` tells the rest. The first line on standard output is JSON: the ports it listens on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from benchmarks.pages import Layout, Phase, page

_ETAG: Final = b'"first"'
_LAYOUTS: Final = {"": Layout.EARLY, **{str(layout): layout for layout in Layout}}
_MAX_HEAD_BYTES: Final = 65_536


@dataclass(slots=True)
class Site:
    """What the site shows, and what it was asked."""

    phase: Phase = Phase.NOT_MODIFIED
    pages: int = 0
    requests: int = 0
    not_modified: int = 0
    is_closing: bool = False
    latency_seconds: float = 0.0

    def answer(self, method: bytes, target: bytes, head: bytes) -> list[bytes]:
        """Return the pieces of a response."""
        if method == b"POST" and target.startswith(b"/phase/"):
            self.phase = Phase(target.removeprefix(b"/phase/").decode())
            self.requests = self.not_modified = 0
            return self._ok([b"{}"], b"application/json")
        if target == b"/requests":
            counted = {"requests": self.requests, "not_modified": self.not_modified}
            return self._ok([json.dumps(counted).encode()], b"application/json")
        layout, _, number = target[1:].decode().rpartition("/")
        if layout not in _LAYOUTS or not number.isdigit():
            return [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", self._connection(), b"\r\n"]
        return self._page(_LAYOUTS[layout], int(number), head)

    def _page(self, layout: Layout, number: int, head: bytes) -> list[bytes]:
        self.pages += 1  # never begun again: every answer of `changed` differs from all before it
        self.requests += 1
        if self.phase is Phase.NOT_MODIFIED:
            if _ETAG in head:
                self.not_modified += 1
                return [b"HTTP/1.1 304 Not Modified\r\nETag: ", _ETAG, b"\r\n", self._connection(), b"\r\n"]
            first = page(number, layout, noise=0, price=1)
            return self._ok(first, b"text/html; charset=utf-8", b"ETag: " + _ETAG + b"\r\n")
        noise = 0 if self.phase is Phase.SAME else self.pages
        price = self.pages if self.phase is Phase.CHANGED else 1
        return self._ok(page(number, layout, noise=noise, price=price), b"text/html; charset=utf-8")

    def _ok(self, body: list[bytes], media_type: bytes, more: bytes = b"") -> list[bytes]:
        length = sum(map(len, body))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b" % (media_type, length, more)
        return [head, self._connection(), b"\r\n", *body]

    def _connection(self) -> bytes:
        return b"Connection: close\r\n" if self.is_closing else b""


class Connection(asyncio.Protocol):
    """One client's connection; requests without bodies, one after the other."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no instances of it

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head, self._received = self._received[:end], self._received[end + 4 :]
            if self._site.latency_seconds:
                asyncio.get_running_loop().call_later(self._site.latency_seconds, self._answer, head)
            else:
                self._answer(head)
        if len(self._received) > _MAX_HEAD_BYTES and self._transport is not None:
            self._transport.abort()

    def _answer(self, head: bytes) -> None:
        if self._transport is None:
            return
        method, target, _ = head.split(b"\r\n", 1)[0].split(b" ", 2)
        self._transport.writelines(self._site.answer(method, target, head))
        if self._site.is_closing:
            self._transport.close()


async def serve(site: Site, hosts: int, certificate: Path | None) -> None:
    """Serve on so many addresses of 127/8, one port each, until SIGTERM."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    servers = [
        await loop.create_server(lambda: Connection(site), address(host), 0, ssl=tls, backlog=1_024)
        for host in range(hosts)
    ]
    places = [server.sockets[0].getsockname()[:2] for server in servers]
    print(json.dumps(places), flush=True)
    await stopped.wait()
    for server in servers:
        server.close()


def address(host: int) -> str:
    """Return the loopback address of a host by its number: each is a host of its own to a client."""
    return f"127.1.{host // 250}.{host % 250 + 1}"


def main() -> None:
    """Serve as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description="Serve the benchmark's pages.")
    parser.add_argument("--hosts", type=int, default=1, metavar="N", help="on how many loopback addresses")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    parser.add_argument("--close", action="store_true", help="close each connection after its answer")
    parser.add_argument("--certificate", type=Path, metavar="PEM", help="serve https with this certificate and key")
    parser.add_argument("--core", type=int, metavar="N", help="run on this core alone")
    wanted = parser.parse_args()
    if wanted.core is not None:
        os.sched_setaffinity(0, {wanted.core})
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        site = Site(is_closing=wanted.close, latency_seconds=wanted.latency)
        runner.run(serve(site, wanted.hosts, wanted.certificate))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


if __name__ == "__main__":
    main()
