"""
A site of hundreds of hosts that knows the truth: which version of a page was shown when, and who was given it when.

Each host is an address of loopback, so each has a lane of its own. A version is a number that only grows, with a token
that follows from it: what was never shown is not told by accident.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from tests.running import free_port

LONGEST_ANSWER_SECONDS: Final = 0.2
"""An answer takes a random part of it, so that two to one host at the same time are seen."""
_VALUE: Final = re.compile(r"\b(\w+?)v(\d+)x([0-9a-f]{6})\b")


def address(number: int) -> str:
    """Return the address of a host."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def value_of(page: str, version: int) -> str:
    """Return what a page shows."""
    return f"{page}v{version}x{hashlib.blake2b(f'{page}/{version}'.encode(), digest_size=3).hexdigest()}"


def values_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield each page and version whose value stands in a text."""
    for found in _VALUE.finditer(text):
        page, version = found[1], int(found[2])
        if value_of(page, version) == found[0]:
            yield page, version


@dataclass(slots=True, kw_only=True, eq=False)
class Visit:
    """
    A request, and what came of it. Times are of the monotonic clock.

    Attributes:
        ended_at: when the answer had been written whole, or whoever asked had hung up; before that, never.
        version: that was answered whole; None: none was.
    """

    page: str
    host: str
    began_at: float
    ended_at: float = float("inf")
    version: int | None = None


@dataclass(kw_only=True)
class Record:
    """
    What a site was asked, and what it showed.

    Attributes:
        shown_at: page → when each of its versions was shown first, from 1 on.
        visits: in the order in which they began.
    """

    shown_at: dict[str, list[float]] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def newest(self, page: str) -> int:
        """Return the version that a page shows now."""
        return len(self.shown_at[page])

    def seen_since(self, at: float) -> set[tuple[str, str]]:
        """Return the page and host of each visit that began since then, and was answered whole."""
        found = set()
        for visit in reversed(self.visits):
            if visit.began_at < at:
                break
            if visit.version is not None:
                found.add((visit.page, visit.host))
        return found


class RecordingSite:
    """
    Answers for all of its hosts; any of them has any page. Made by `serve_recording_site`.

    Attributes:
        record: of all that was asked so far.
    """

    def __init__(self, port: int, chance: random.Random) -> None:
        self.record = Record()
        self._port = port
        self._chance = chance
        self._open: dict[Visit, web.Request] = {}

    def url(self, page: str, host: str) -> str:
        """Return where a page is, on a host."""
        return f"http://{host}:{self._port}/{page}"

    def show(self, page: str) -> None:
        """Show the next version of a page, or its first one."""
        self.record.shown_at.setdefault(page, []).append(time.monotonic())

    async def keep_changing(self, seconds: float) -> None:
        """Show the next versions of pages until cancelled, each page at random moments, so far apart on average."""
        while True:
            pages = list(self.record.shown_at)
            await asyncio.sleep(self._chance.expovariate(len(pages) / seconds))
            self.show(self._chance.choice(pages))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request, with what the page shows when it was waited for."""
        page = request.match_info["page"]
        if page not in self.record.shown_at:
            raise web.HTTPNotFound
        visit = self._begin(page, request)
        try:
            await asyncio.sleep(self._chance.uniform(0.01, LONGEST_ANSWER_SECONDS))
            version = self.record.newest(page)
            response = _response(request, value_of(page, version))
            await response.prepare(request)
            await response.write_eof()
            visit.version = version
        finally:
            self._end(visit)
        return response

    def _begin(self, page: str, request: web.Request) -> Visit:
        host = request.host.partition(":")[0]
        for other, its in list(self._open.items()):
            # Who hung up before this one asked has ended, although the loop may hear of both at once.
            if other.host == host and _has_hung_up(its):
                self._end(other)
        visit = Visit(page=page, host=host, began_at=time.monotonic())
        self.record.visits.append(visit)
        self._open[visit] = request
        return visit

    def _end(self, visit: Visit) -> None:
        if self._open.pop(visit, None) is not None:
            visit.ended_at = time.monotonic()


def _response(request: web.Request, value: str) -> web.Response:
    tag = f'"{value}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    body = f"<title>A page</title><h1>{value}</h1><p>All that this page has to say stands above.</p>"
    return web.Response(text=body, content_type="text/html", headers={"ETag": tag})


def _has_hung_up(request: web.Request) -> bool:
    connection = None if request.transport is None else request.transport.get_extra_info("socket")
    if connection is None or connection.fileno() < 0:
        return True
    with socket.socket(fileno=os.dup(connection.fileno())) as same:
        try:
            return not same.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True


@asynccontextmanager
async def serve_recording_site(hosts: Sequence[str], chance: random.Random) -> AsyncIterator[RecordingSite]:
    """Serve a site without pages at these addresses while the context lasts."""
    site = RecordingSite(free_port(), chance)
    app = web.Application()
    app.router.add_get("/{page}", site.answer)
    # Who hangs up ends the answer at once: so the end of a request of a killed process is known.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        for host in hosts:
            await web.TCPSite(runner, host, site._port).start()
        yield site
    finally:
        await runner.cleanup()
