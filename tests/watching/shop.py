"""A site on loopback whose pages a test changes, and the watches on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from tests.core.builders import NOON
from tests.fetch import site as raw
from tests.outbox.recording import BOUND_SECONDS, Clock
from watcher.core.check import Decision, WatchState
from watcher.core.watch import Condition, Lane, Operator, Query, Request, Rule, Selector, Values, Watch
from watcher.extract.plan import plan
from watcher.fetch import HttpFetcher, Lanes, SharedFetcher
from watcher.net import Sessions
from watcher.watching.check import CheckTools, check
from watcher.watching.page_pool import PagePool

LOOPBACK: Final = "127.0.0.1"


class Shop:
    """
    Pages by path, and who asked for them.

    Attributes:
        asked: the paths in the order asked, and `heads` what came with them.
        held: paths whose requests wait for `release`.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.held: set[str] = set()
        self.most_at_once: dict[str, int] = {}
        self._pages: dict[str, bytes] = {}
        self._etags: dict[str, str] = {}
        self._now: dict[str, int] = {}
        self._changed = asyncio.Condition()
        self.base = ""

    def show(
        self,
        path: str,
        html: str | bytes,
        *,
        status: str = "200 OK",
        etag: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Let a page look like this from now on."""
        body = html.encode() if isinstance(html, str) else html
        fields = {**(headers or {}), **({"ETag": etag} if etag else {})}
        self._pages[path] = raw.page(body, status, fields)
        self._etags[path] = etag or ""

    def price(self, path: str, price: str, *, etag: str | None = None) -> None:
        """Let a page show a price."""
        self.show(path, f"<p class=price>{price}</p>", etag=etag)

    async def until_asked(self, number: int) -> None:
        """Return when so many requests have come."""
        async with asyncio.timeout(BOUND_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.asked) >= number)

    async def release(self) -> None:
        """Answer the requests that were held."""
        async with self._changed:
            self.held.clear()
            self._changed.notify_all()

    async def handle(self, head: str, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        path = head.split()[1]
        async with self._changed:
            self.asked.append(path)
            self.heads.append(head)
            self._now[path] = self._now.get(path, 0) + 1
            self.most_at_once[path] = max(self.most_at_once.get(path, 0), self._now[path])
            self._changed.notify_all()
            await self._changed.wait_for(lambda: path not in self.held)
            self._now[path] -= 1
        writer.write(self._answer(path, head))

    def _answer(self, path: str, head: str) -> bytes:
        etag = self._etags.get(path)
        if etag and f"If-None-Match: {etag}\r\n" in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return self._pages.get(path, raw.page(b"gone", "404 Not Found"))


@asynccontextmanager
async def open_shop(host: str = LOOPBACK) -> AsyncIterator[Shop]:
    """Open a shop, at this address of the machine."""
    shop = Shop()
    async with raw.serving(shop.handle) as site:
        shop.base = site.url("", host)
        yield shop


@asynccontextmanager
async def open_tools() -> AsyncIterator[CheckTools]:
    """Give what checks need, with a real fetcher whose lanes wait no time."""
    async with PagePool() as pool, Sessions() as sessions:
        fetcher = HttpFetcher(sessions, Lanes(monotonic=time.monotonic, random=lambda: 0.0), now=Clock().now)
        yield CheckTools(fetcher=SharedFetcher(fetcher), readers=pool, epoch=lambda: "epoch")


def watch_of(shop: Shop, name: str = "dune", *, every: float = 600, confirm: int = 1) -> Watch:
    """A watch of any change of the price at `/{name}`."""
    return Watch(
        id=name,
        name=name.title(),
        request=Request(
            url=f"{shop.base}/{name}",
            timeout=timedelta(seconds=BOUND_SECONDS),
            allow_private=True,
            lane=Lane(concurrency=100, min_delay=timedelta(0)),
        ),
        topics=("deals",),
        extraction=Values(selectors={"price": Selector(query=Query.css(".price"))}),
        rules=(Rule(conditions=(Condition(operator=Operator.CHANGES),)),),
        every=timedelta(seconds=every),
        jitter=0,
        confirm=confirm,
    )


async def checked(tools: CheckTools, watch: Watch, state: WatchState | None = None) -> Decision:
    """Check a watch once, without a state for the first time, and return the decision."""
    fingerprint = plan(watch.extraction, watch.link, watch.scope)
    return await check(tools, watch, fingerprint, state or WatchState(), now=NOON)
