"""Draw the picker, for `docs/console.md`: `console-picker.png`, with a shop's page on which a price was pointed at."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser

from tests.web.console_desk import session_of
from tests.web.login import COOKIE, serving
from tests.web.pointing import WatcherOfPages
from tests.web.serving import a_push_service
from watcher.core.settings import Settings

PICTURE = Path(__file__).with_name("console-picker.png")
_URL: Final = "https://books.example/science-fiction"
_CARD: Final = (
    '<article class="book"><h3><a href="/{0}">{1}</a></h3><p class="by">{2}</p>'
    '<p class="price">€{3}</p><p class="stock">{4}</p></article>'
)
_BOOKS: Final = (
    ("dune", "Dune", "Frank Herbert", "12.00", "In stock"),
    ("solaris", "Solaris", "Stanisław Lem", "9.50", "In stock"),
    ("kindred", "Kindred", "Octavia E. Butler", "11.00", "Sold out"),
    ("ubik", "Ubik", "Philip K. Dick", "8.90", "In stock"),
    ("roadside-picnic", "Roadside Picnic", "A. & B. Strugatsky", "10.20", "Sold out"),
    ("the-dispossessed", "The Dispossessed", "Ursula K. Le Guin", "13.00", "In stock"),
)
_STYLE: Final = (
    "body{font:16px system-ui;margin:24px;color:#222}main{display:grid;grid-template-columns:repeat(3,1fr);gap:20px}"
    "h1{grid-column:1/-1;margin:0}.book{padding:14px;background:#f4f1ea;border-radius:10px}h3{margin:0 0 4px}"
    "p{margin:2px 0}.by{color:#666;font-size:14px}.price{font-weight:700}"
)


async def draw_picker(browser: Browser) -> None:
    """Write the picture."""
    books = "".join(_CARD.format(*book) for book in _BOOKS)
    page_of_shop = (
        f"<!doctype html><title>Books</title><style>{_STYLE}</style><main><h1>Science fiction</h1>{books}</main>"
    )
    with tempfile.TemporaryDirectory() as directory:
        watcher = WatcherOfPages(Path(directory), {_URL: page_of_shop.encode()})
        watcher.config.write_text("watches: {}\n", encoding="utf-8")
        settings = Settings(data=Path(directory) / "data", base_url="http://push.example")
        settings.data.mkdir()
        async with a_push_service(settings.data) as push, serving(push, settings, local=watcher) as site:
            context = await browser.new_context(
                viewport={"width": 1180, "height": 700}, locale="en-US", color_scheme="light", reduced_motion="reduce"
            )
            session = session_of(settings.data / "push.sqlite3")
            await context.add_cookies([{"name": COOKIE, "value": session, "url": site.base}])
            page = await context.new_page()
            await page.goto(f"{site.base}/console/watches/new")
            await page.locator("#url").fill(_URL)
            await page.keyboard.press("Enter")
            await page.locator('[data-of="c0"]').wait_for()
            await page.frame_locator("iframe").locator(".price").nth(4).click()
            await page.locator("[data-chosen]").wait_for()
            await page.screenshot(path=PICTURE)
            await context.close()
