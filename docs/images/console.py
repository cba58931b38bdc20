"""Draw the console, for `docs/console.md`: `console-*.png`, at the sizes of a phone and of a desk, light and dark."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser

from tests.web.console_desk import an_owner, session_of
from tests.web.login import COOKIE
from tests.web.serving import a_push_service, a_site
from tests.web.town import fill
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels

FOLDER = Path(__file__).parent
_WIDE = (1000, 640)
_PHONE = (360, 640)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """
    One page.

    Attributes:
        path: as in the table of routes.
        is_new: an owner looks, who has nothing yet; else the operator.
        press: the button to press first.
    """

    name: str
    path: str
    scheme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = _WIDE
    is_new: bool = False
    press: str = ""


PICTURES = (
    Picture(name="console-begin", path="/console", is_new=True),
    Picture(name="console-topic", path="/console/topics/{topic}", scheme="dark"),
    Picture(name="console-messages", path="/console/messages"),
    Picture(name="console-menu", path="/console", size=_PHONE, press="Menu"),
    Picture(name="console-message", path="/console/messages/{message}", size=_PHONE, scheme="dark"),
    Picture(name="console-app", path="/console/apps/{app}", size=_PHONE),
)


async def draw_console(browser: Browser) -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings(data=Path(directory), base_url="http://push.example")  # https renames the cookie
        async with a_push_service(Path(directory)) as push, a_site(push, settings, Channels()) as site:
            town = await fill(push, settings.watches)
            database = Path(directory) / "push.sqlite3"
            newcomer = session_of(database, an_owner(database))
            for picture in PICTURES:
                width, height = picture.size
                context = await browser.new_context(
                    viewport={"width": width, "height": height},
                    locale="en-US",
                    color_scheme=picture.scheme,
                    reduced_motion="reduce",
                )
                session = newcomer if picture.is_new else town.operator
                await context.add_cookies([{"name": COOKIE, "value": session, "url": site.base}])
                page = await context.new_page()
                await page.goto(f"{site.base}{town.path(picture.path)}", wait_until="networkidle")
                if picture.press:
                    await page.get_by_role("button", name=picture.press).click()
                await page.screenshot(path=FOLDER / f"{picture.name}.png")
                await context.close()
