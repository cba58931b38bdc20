"""
What pages cost the server that stay open and live: inboxes, messages of the console, and codes to sign in by; meant:
ten of them under 1 % of a core.

Counted is the time that the server's process had of a processor; `pytest -rP tests/figures` prints the figure.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, BrowserContext, Page

from tests.browser import needs_chromium, open_browser
from tests.figures.crowd import OPERATOR, SUBSCRIBER, Crowd, Visitor, found
from tests.figures.machine import PLAIN, Server, serving
from tests.sizes import FIGURES

_SECONDS: Final = FIGURES.sized(30, 120)
_CROWD: Final = Crowd(subscribers=1_000, messages=2_000, topics=100, apps=100)
_MOST: Final = 0.01


@needs_chromium
async def test_ten_open_live_pages(tmp_path: Path) -> None:
    visitors = {visitor.name: visitor for visitor in await found(tmp_path, _CROWD)}
    message = next(path for path in visitors[OPERATOR].paths if path.endswith("/state")).removesuffix("/state")
    async with serving(tmp_path, PLAIN) as server, open_browser() as browser:
        base = f"http://{server.host}:{server.port}"
        alone = await _share(server)
        reader, operator, stranger = [
            await _window(browser, base, who) for who in (visitors[SUBSCRIBER], visitors[OPERATOR], None)
        ]
        for context, path, is_live, number in (
            (reader, "/inbox", "[data-status=live]", 4),
            (operator, message, "[data-live]", 4),
            (stranger, "/console/login", "[data-scan=open]", 2),
        ):
            for _ in range(number):
                page: Page = await context.new_page()
                await page.goto(f"{base}{path}")
                await page.locator(is_live).first.wait_for(state="attached")
        share = await _share(server)
    print(f"ten open live pages: {share:.2%} of a core; without them {alone:.2%}; over {_SECONDS} s")
    assert share < _MOST


async def _window(browser: Browser, base: str, who: Visitor | None) -> BrowserContext:
    context = await browser.new_context(locale="en-US")
    if who is not None:
        name, _, value = who.headers["Cookie"].partition("=")
        await context.add_cookies([{"name": name, "value": value, "url": base}])
    return context


async def _share(server: Server) -> float:
    """Return how much of a core the server needs while nothing happens."""
    had = server.processor_seconds()
    await asyncio.sleep(_SECONDS)  # this time is what is measured
    return (server.processor_seconds() - had) / _SECONDS
