"""What is around the process under test, and is never killed: the site, and a push server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from tests.faults.driver import shown_step
from tests.running import serving


@dataclass(slots=True)
class Outside:
    """
    Pages that all show the step that the notes name, and a push server that knows a repeat.

    Attributes:
        notes: of the process that looks at the pages now.
        calls: what the push server was sent, as (key, summary), repeats included.
    """

    notes: Path = Path("/nonexistent")
    url: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)

    def begin(self, notes: Path) -> None:
        """Begin anew, for another process."""
        self.notes = notes
        self.calls = []

    @property
    def told(self) -> list[str]:
        """The summaries that a subscriber got: a key that came before brings nothing new."""
        return list(dict(self.calls).values())

    async def page(self, _: web.Request) -> web.Response:
        """Answer with a page."""
        return web.Response(text=f"<h1>step {shown_step(self.notes)}</h1>", content_type="text/html")

    async def send(self, request: web.Request) -> web.Response:
        """Take a message."""
        self.calls.append((request.headers["Idempotency-Key"], (await request.json())["summary"]))
        return web.json_response({"code": 1000, "msg": "", "data": [{"code": 1000, "status": ""}]})


@asynccontextmanager
async def an_outside() -> AsyncIterator[Outside]:
    """Keep it open."""
    outside = Outside()
    app = web.Application()
    app.router.add_get("/{page}", outside.page)
    app.router.add_post("/api/send/message", outside.send)
    async with serving(app) as outside.url:
        yield outside
