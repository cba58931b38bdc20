"""
What the operator configured for one origin is heard at no other: ways to be led on × kinds of credentials.

The servers are real: two with http (A, B), two with https (S, T), a proxy (P); each notes all that it is sent. Every
name leads to them, so that `same host` and `other host` are what they are on the internet.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tests.certificates import an_identity
from tests.faults.tally import Tally
from tests.fetch.conftest import fetcher_of
from tests.fetch.site import page, redirect
from watcher.core.page import Validators
from watcher.core.watch import Lane, Request
from watcher.errors import FetchError
from watcher.fetch.hop import onward
from watcher.net import Sessions
from watcher.net.resolver import AddressInfo

_SECRET: Final = "s3cr3t"
_MARKS: Final = (_SECRET, b64encode(f"me:{_SECRET}".encode()).decode())
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_NEXT_PAGE: Final = "the next page"

KINDS: Final[Mapping[str, Mapping[str, object]]] = {
    "a header": {"headers": {"X-Api-Key": _SECRET}},
    "Authorization": {"headers": {"authorization": f"Bearer {_SECRET}"}},
    "a Cookie header": {"headers": {"Cookie": f"session={_SECRET}"}},
    "Proxy-Authorization": {"headers": {"Proxy-Authorization": f"Bearer {_SECRET}"}},
    "a Referer": {"headers": {"Referer": f"https://shop.example/?token={_SECRET}"}},
    "cookies": {"cookies": {"session": _SECRET, "other": "1"}},
    "the body of a POST": {"method": "POST", "body": f"key={_SECRET}".encode(), "headers": _FORM},
    "the body of a PUT": {"method": "PUT", "body": f"key={_SECRET}".encode(), "headers": _FORM},
    "the proxy's login": {},
}
WAYS: Final[Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]]] = {
    # way → where it begins, and where each path leads on to, and how
    **{
        f"{status} to another port": ("http://shop.example:A", {"/": (status, "http://shop.example:B/end")})
        for status in ("301", "302", "303", "307", "308")
    },
    "302 to www.": ("http://shop.example:A", {"/": ("302", "http://www.shop.example:A/end")}),
    "307 to another host": ("http://shop.example:A", {"/": ("307", "http://evil.example:B/end")}),
    "302 without a scheme": ("http://shop.example:A", {"/": ("302", "//www.shop.example:B/end")}),
    "302 from https to http": ("https://shop.example:S", {"/": ("302", "http://shop.example:A/end")}),
    "308 from https to https": ("https://shop.example:S", {"/": ("308", "https://shop.example:T/end")}),
    "301 from http to https": ("http://shop.example:A", {"/": ("301", "https://shop.example:S/end")}),
    "302 to the host with a dot": ("http://shop.example:A", {"/": ("302", "http://shop.example.:A/end")}),
    "302 with a login": ("http://shop.example:A", {"/": ("302", "http://me@shop.example:B/end")}),
    "there and back": (
        "http://shop.example:A",
        {"/": ("302", "http://shop.example:B/back"), "/back": ("303", "http://shop.example:A/end")},
    ),
    _NEXT_PAGE: ("http://shop.example:A", {}),
}


@dataclass(kw_only=True)
class Town:
    """
    The servers.

    Attributes:
        ports: by name.
        heard: (name of the server, Host, path, all that was sent), in order.
        leads: path → status and Location.
    """

    ports: dict[str, int] = field(default_factory=dict)
    heard: list[tuple[str, str, str, str]] = field(default_factory=list)
    leads: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def url(self, text: str) -> str:
        """Return the URL with the real port in the place of a server's name."""
        return re.sub(r":([ABSTP])\b", lambda found: f":{self.ports[found[1]]}", text)

    async def talk(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                said = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"content-length: (\d+)", said, re.IGNORECASE)
                said += (await reader.readexactly(int(length[1]) if length else 0)).decode()
                method, target = said.split()[:2]
                path = "/" + target.partition("://")[2].partition("/")[2] if "://" in target else target
                host = re.search(r"host: (\S+)", said, re.IGNORECASE)
                self.heard.append((name, host[1] if host else "", path, said))
                if method == "CONNECT":
                    await _tunnel(reader, writer, int(target.rpartition(":")[2]))
                    break
                status, location = self.leads.get(path, ("", ""))
                writer.write(redirect(self.url(location), f"{status} On") if status else page())
                await writer.drain()
        writer.close()


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    there, onward_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"HTTP/1.1 200 Go on\r\n\r\n")

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(65_536):
                sink.write(chunk)
        sink.close()

    await asyncio.gather(carry(reader, onward_writer), carry(there, writer))


@asynccontextmanager
async def a_town(directory: Path) -> AsyncIterator[Town]:
    """Run the servers."""
    town, tls = Town(), an_identity(names=("shop.example",)).server(directory)
    contexts: Mapping[str, ssl.SSLContext | None] = {"A": None, "B": None, "S": tls, "T": tls, "P": None}
    talks: set[asyncio.Task[None]] = set()

    async with AsyncExitStack() as stack:
        for name, context in contexts.items():

            async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str = name) -> None:
                task = asyncio.current_task()
                assert task is not None
                talks.add(task)
                await town.talk(name, reader, writer)
                talks.discard(task)

            server = await asyncio.start_server(come, "127.0.0.1", 0, ssl=context)
            stack.callback(server.close)
            town.ports[name] = server.sockets[0].getsockname()[1]
        yield town
    for task in list(talks):
        task.cancel()
    await asyncio.gather(*talks, return_exceptions=True)


def look_up(_: str, port: int, **__: object) -> Sequence[AddressInfo]:
    """Know every name."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


async def heard_on(town: Town, kind: str, way: str) -> list[tuple[str, str, str, str]]:
    """Go this way with these credentials, over connections that nobody used before; return what was heard."""
    start, leads = WAYS[way]
    town.heard.clear()
    town.leads = leads
    request = _request(town, kind, town.url(start) + "/")
    async with Sessions(look_up=look_up) as sessions:
        fetcher = fetcher_of(sessions)
        with suppress(FetchError):
            await fetcher.fetch(request, Validators())
            if way == _NEXT_PAGE:
                links = (town.url(f"http://shop.example:B/{kind}"), town.url("http://www.shop.example:A/end"))
                for link in links:
                    await fetcher.fetch(onward(request, request.url, link), Validators())
    return town.heard


def _request(town: Town, kind: str, url: str) -> Request:
    request = Request(
        url=url,
        timeout=timedelta(seconds=10),
        verify=False,
        allow_private=True,
        proxy=town.url(f"http://me:{_SECRET}@127.0.0.1:P") if kind == "the proxy's login" else None,
        lane=Lane(concurrency=100, min_delay=timedelta(0)),
    )
    return replace(request, **KINDS[kind])


def _knows(said: str) -> bool:
    return any(mark in said for mark in _MARKS)


def leaks(heard: Sequence[tuple[str, str, str, str]], kind: str) -> list[str]:
    """Return where the secret was heard though it was not meant for there."""
    if kind == "the proxy's login":
        return [f"{name} {path}" for name, _, path, said in heard if name != "P" and _knows(said)]
    # The first to hear is the one it is meant for, with the first path alone: it stays behind for good.
    return [f"{name} {host} {path}" for name, host, path, said in heard[1:] if _knows(said)]


async def test_no_redirect_and_no_link_takes_credentials_to_another_origin(tally: Tally, tmp_path: Path) -> None:
    tally.what = "cells of redirect × credential"
    leaked: list[str] = []
    went_on = 0
    async with a_town(tmp_path) as town:
        for way in WAYS:
            for kind in KINDS:
                heard = await heard_on(town, kind, way)
                assert heard, f"{kind}, {way}: nobody was asked"
                assert _knows(heard[0][3]), f"{kind}, {way}: it was not even sent to whom it is for"
                tally.tried += 1
                went_on += any(path != "/" for _, _, path, _ in heard)
                found = leaks(heard, kind)
                tally.failed += bool(found)
                leaked += [f"{kind}, {way}: {one}" for one in found]
    tally.figures["of them were led on, the others refused"] = str(went_on)
    assert leaked == []
    assert tally.tried == 135
    assert went_on >= 90
