"""The server that an application's callbacks go to: a real one on loopback, that keeps what it was told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.running import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: its body as it came, and its headers."""

    body: bytes
    headers: dict[str, str]

    @property
    def said(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass(slots=True, kw_only=True)
class CallbackServer:
    """`answer` gives the status of each call; `gate` holds answers back while it is clear."""

    url: str
    answer: Callable[[Call], int] = lambda _: 200
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    calls: list[Call] = field(default_factory=list)
    busy: int = 0
    busiest: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def hears(self, number: int) -> list[Call]:
        """Return the calls once there are so many."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.calls) >= number)
        return self.calls

    async def handle(self, request: web.Request) -> web.Response:
        call = Call(body=await request.read(), headers=dict(request.headers))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        async with self._came:
            self.calls.append(call)
            self._came.notify_all()
        await self.gate.wait()
        self.busy -= 1
        status = self.answer(call)
        return web.Response(status=status, headers={"Location": "/elsewhere"} if 300 <= status < 400 else {})


@asynccontextmanager
async def a_callback_server(path: str = "/callback") -> AsyncIterator[CallbackServer]:
    """Run one that takes everything."""
    app = web.Application()
    server = CallbackServer(url="")
    server.gate.set()
    app.router.add_post(path, server.handle)
    async with serving(app) as url:
        server.url = url + path
        try:
            yield server
        finally:
            server.gate.set()
