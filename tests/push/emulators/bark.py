"""A server of Bark: a real one on loopback, that knows some devices."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from tests.running import serving

KEY = "yMHzpR7vYbQ8Rt4Wn6Zc3H"
DEVICE = f"https://api.day.app/{KEY}"


@dataclass(slots=True)
class Bark:
    """
    Attributes:
        keys: of the devices that are registered.
        shown: what each device shows, by the notifications' ids: a later one takes an earlier one's place.
        pushes: each request's body.
        answers: what is answered next in place of looking: a status and a body.
    """

    url: str = ""
    keys: set[str] = field(default_factory=lambda: {KEY})
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    answers: deque[tuple[int, bytes]] = field(default_factory=deque)

    def route(self, address: URL) -> URL:
        """Return where the address of any server is really served: here."""
        return URL(self.url + address.raw_path, encoded=True)

    async def push(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body: dict[str, Any] = json.loads(raw)
        assert request.path == "/push"
        assert len(raw) < 4_096, "Apple takes no more"
        self.pushes.append(body)
        if self.answers:
            status, said = self.answers.popleft()
            return web.Response(status=status, body=said)
        if body["device_key"] not in self.keys:
            message = f"failed to get device token: failed to get [{body['device_key']}] device token from database"
            return web.json_response({"code": 400, "message": message, "timestamp": 1}, status=400)
        self.shown[body["id"]] = body
        return web.json_response({"code": 200, "message": "success", "timestamp": 1})


@asynccontextmanager
async def a_bark_server() -> AsyncIterator[Bark]:
    """Run one with one device."""
    bark = Bark()
    app = web.Application()
    app.router.add_post("/{path:.*}", bark.push)
    async with serving(app) as url:
        bark.url = url
        yield bark
