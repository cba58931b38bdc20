"""Draw the table of watches, for `docs/console.md`: `console-watches.png`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.async_api import Browser

from tests.web.login import COOKIE
from tests.web.watches_at_rest import watches_of_every_kind

PICTURE = Path(__file__).with_name("console-watches.png")


async def draw_watches(browser: Browser) -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as directory:
        async with watches_of_every_kind(Path(directory)) as desk:
            context = await browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="en-US", color_scheme="light", reduced_motion="reduce"
            )
            await context.add_cookies([{"name": COOKIE, "value": desk.session, "url": desk.site.base}])
            page = await context.new_page()
            await page.goto(f"{desk.site.base}/console/watches")
            await page.locator("tr[data-watch=dune] input").check()
            await page.evaluate("scrollTo(0, 0)")
            await page.screenshot(path=PICTURE)
            await context.close()
