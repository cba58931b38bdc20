"""A push server elsewhere, which speaks enough of WxPusher's API, and may be down, hang, or refuse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message that was taken. `key`: what the sender knows it by."""

    key: str
    topic: int
    summary: str
    content: str


@dataclass
class PushServer:
    """
    What it took, and how it answers.

    Attributes:
        is_down: it answers 503.
        hangs: it answers after an hour.
        calls: whatever came.
    """

    taken: list[Taken] = field(default_factory=list)
    is_down: bool = False
    hangs: bool = False
    calls: int = 0
    url: str = ""

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.taken]

    def told(self, topic: int) -> list[str]:
        """The summaries of a topic's messages, in order."""
        return [message.summary for message in self.taken if message.topic == topic]

    async def _take(self, request: web.Request) -> web.Response:
        self.calls += 1
        if self.hangs:
            await asyncio.sleep(3_600)
        if self.is_down:
            return web.Response(status=503)
        body = await request.json()
        (topic,) = body["topicIds"]
        self.taken.append(
            Taken(
                key=request.headers["Idempotency-Key"],
                topic=topic,
                summary=body["summary"],
                content=body["content"],
            )
        )
        target = {"uid": None, "topicId": topic, "messageId": len(self.taken), "code": 1000, "status": "ok"}
        return web.json_response({"code": 1000, "msg": "ok", "data": [target], "success": True})


@asynccontextmanager
async def serve_push() -> AsyncIterator[PushServer]:
    """Serve on a free loopback port while the context lasts."""
    server = PushServer()
    app = web.Application()
    app.router.add_post("/api/send/message", server._take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
