"""A website for tests: real HTTP on loopback, pages that the test changes, requests that it can count."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Site:
    """
    Pages by path; a test sets and changes them as it goes.

    Attributes:
        pages: path → body. A path that is not there answers 404.
        content_types: path → Content-Type, where it is not UTF-8 HTML.
        turns: path → bodies, one after the other, in place of one in `pages`.
        forms: paths that may be asked for by POST as well.
        requests: path → how often it was asked for; `not_modified` counts the 304 among them.
    """

    pages: dict[str, bytes] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)
    turns: dict[str, list[bytes]] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)
    requests: Counter[str] = field(default_factory=Counter)
    not_modified: Counter[str] = field(default_factory=Counter)
    url: str = ""

    def show(self, path: str, html: str | bytes) -> None:
        """Set a page."""
        self.pages[path] = html.encode() if isinstance(html, str) else html

    def take_turns(self, path: str, *pages: str) -> None:
        """Set the pages that a path shows in turn, one at each request."""
        self.turns[path] = [page.encode() for page in pages]

    async def _answer(self, request: web.Request) -> web.Response:
        body = self.pages.get(request.path)
        if request.method == "POST" and request.path not in self.forms:
            raise web.HTTPMethodNotAllowed(request.method, ["GET"])
        if turns := self.turns.get(request.path):
            body = turns[self.requests[request.path] % len(turns)]
        self.requests[request.path] += 1
        if body is None:
            return web.Response(status=404, text="no such page")
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            self.not_modified[request.path] += 1
            return web.Response(status=304, headers={"ETag": tag})
        content_type = self.content_types.get(request.path, "text/html; charset=utf-8")
        return web.Response(body=body, headers={"ETag": tag, "Content-Type": content_type})


@asynccontextmanager
async def serve_site(host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Site]:
    """Serve an empty site on loopback while the context lasts; port 0 is a free one."""
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site._answer)
    app.router.add_post("/{path:.*}", site._answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    listening = web.TCPSite(runner, host, port)
    await listening.start()
    site.url = f"http://{host}:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
