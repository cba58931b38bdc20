"""Draw what phones of different kinds are offered: `subscribe-*.png`, for `docs/subscribing.md`."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from tests.web.pages.phone import IPHONE, NO_PUSH, WECHAT, open_phone
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.channels.offered import Channels
from watcher.push.channels.webpush.keys import keys_of
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.settings import utc_now
from watcher.web.app import build_app
from watcher.web.transport.server import open_socket, start_server

FOLDER = Path(__file__).parent
SECURE, PLAIN = "localhost", "push.example"
"""Browsers hold the first to be a secure context, whatever its scheme. The second is mapped to this machine."""
BROWSER = f"--host-resolver-rules=MAP {PLAIN} 127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """
    One phone.

    Attributes:
        script: takes away from the browser what the phone cannot do.
        is_after: it has subscribed, and shows its inbox.
    """

    name: str
    host: str = SECURE
    user_agent: str | None = None
    script: str = ""
    locale: str = "en-US"
    is_after: bool = False


PICTURES = (
    Picture(name="subscribe-en"),
    Picture(name="subscribe-zh", locale="zh-CN"),
    Picture(name="subscribe-ask", is_after=True),
    Picture(name="subscribe-iphone", user_agent=IPHONE, is_after=True),
    Picture(name="subscribe-wechat", user_agent=WECHAT, locale="zh-CN"),
    Picture(name="subscribe-http", host=PLAIN),
    Picture(name="subscribe-no-push", script=NO_PUSH),
)


async def draw_subscribing(browser: Browser) -> None:
    """Write the pictures. The browser was opened with `BROWSER`."""
    async with _running_server() as (port, slug):
        for picture in PICTURES:
            await _draw(browser, picture, f"http://{picture.host}:{port}/t/{slug}")


async def _draw(browser: Browser, picture: Picture, link: str) -> None:
    async with open_phone(
        browser,
        user_agent=picture.user_agent,
        script=picture.script,
        locale=picture.locale,
        width=360,
        height=460 if picture.is_after else 640,
    ) as page:
        await page.goto(link)
        if picture.is_after:
            # The browser's own question has no picture.
            await page.locator("form[data-follow]").evaluate("form => HTMLFormElement.prototype.submit.call(form)")
            await page.locator('[data-status="live"]').wait_for()
        await page.locator("[data-offer]:not([hidden])").wait_for()
        await page.screenshot(path=FOLDER / f"{picture.name}.png")


@asynccontextmanager
async def _running_server() -> AsyncIterator[tuple[int, str]]:
    """Serve one topic; yield the port and the topic's slug."""
    with tempfile.TemporaryDirectory() as directory:
        service = await open_push_service(Path(directory) / "push.db", now=utc_now)
        slug = await _declare(service)
        settings = Settings(data=Path(directory), base_url="https://push.example")
        app = build_app(service, settings, Channels(push_key=keys_of(settings.data).public))
        server = await start_server(app, open_socket("127.0.0.1", 0))
        try:
            yield server.port, slug
        finally:
            await server.stop()
            await service.close()


async def _declare(service: PushService) -> str:
    await service.topics.declare([Topic(key="deals", name="Price drops", description="Books that get cheaper")])
    [topic] = await service.topics.all()
    return topic.slug
