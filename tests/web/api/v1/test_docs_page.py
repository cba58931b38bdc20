"""The page of the API in a real browser."""

from __future__ import annotations

from tests.browser import needs_chromium, open_browser
from tests.web.site import Site

_LEFT = "name => document.querySelector(name).getBoundingClientRect().left"


@needs_chromium
async def test_the_header_stands_above_the_text_and_nothing_sticks_out(site: Site) -> None:
    async with open_browser() as browser:
        for width in (320, 390, 1280):
            page = await browser.new_page(viewport={"width": width, "height": 800})
            await page.goto(f"{site.base}/docs?lang=en")
            assert await page.evaluate(_LEFT, ".brand") == await page.evaluate(_LEFT, "h1")
            await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_what_is_typed_is_marked_as_code(site: Site) -> None:
    html = await (await site.get("/docs")).text()
    assert "<code>watcher tokens add</code>" in html
    assert "`" not in html
