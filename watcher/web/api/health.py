"""Whether the process answers."""

from __future__ import annotations

from aiohttp import web


async def healthz(_request: web.Request) -> web.Response:
    """`GET /healthz`: 200 while the event loop turns."""
    return web.Response(text="ok\n", headers={"Cache-Control": "no-store"})
