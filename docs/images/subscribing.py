"""
Draw what phones of different kinds are offered: `subscribe-*.png`, for `docs/subscribing.md`.

And an inbox with its first message, in each language: `inbox-*.png`, for `docs/first-steps.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from tests.web.pages.phone import IPHONE, NO_PUSH, WECHAT, open_phone
from watcher.core.push import TopicDraft
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.channels.offered import Channels
from watcher.push.channels.webpush.keys import keys_of
from watcher.push.draft import make_draft
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.runtime.settings import utc_now
from watcher.store.watch_reader import DiskWatchReader
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
        offer: which one of the page's offers it ends with, once the page has looked at what the phone can do.
        script: takes away from the browser what the phone cannot do.
        is_after: it has subscribed, and shows its inbox.
        told: what it is told after that.
    """

    name: str
    offer: str = "ask"
    host: str = SECURE
    user_agent: str | None = None
    script: str = ""
    locale: str = "en-US"
    is_after: bool = False
    told: str | None = None


TOPICS = {
    "en-US": Topic(key="deals", name="Price drops", description="Books that get cheaper"),
    "zh-CN": Topic(key="jiangjia", name="降价提醒", description="图书降价时通知"),
}
PICTURES = (
    Picture(name="subscribe-en"),
    Picture(name="subscribe-zh", locale="zh-CN"),
    Picture(name="subscribe-ask", is_after=True),
    Picture(name="subscribe-iphone", offer="home", user_agent=IPHONE, is_after=True),
    Picture(name="subscribe-wechat", offer="wechat", user_agent=WECHAT, locale="zh-CN"),
    Picture(name="subscribe-http", offer="http", host=PLAIN),
    Picture(name="subscribe-no-push", offer="none", script=NO_PUSH),
    Picture(name="inbox-en", is_after=True, told="It works"),
    Picture(name="inbox-zh", locale="zh-CN", is_after=True, told="测试一下"),
)


async def draw_subscribing(browser: Browser) -> None:
    """Write the pictures. The browser was opened with `BROWSER`."""
    async with _running_server() as (service, port):
        slugs = {topic.key: topic.slug for topic in await service.topics.all()}
        for picture in PICTURES:
            slug = slugs[TOPICS[picture.locale].key]
            await _draw(browser, service, picture, f"http://{picture.host}:{port}/t/{slug}")


async def _draw(browser: Browser, service: PushService, picture: Picture, link: str) -> None:
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
        if picture.told is not None:
            draft = make_draft(picture.told)
            topic = TOPICS[picture.locale].key
            await service.messages.publish([TopicDraft(idempotency_key=picture.name, topic=topic, draft=draft)])
            await page.get_by_role("link", name=picture.told).wait_for()
        await page.locator(f'[data-offer="{picture.offer}"]:not([hidden])').wait_for()
        await page.screenshot(path=FOLDER / f"{picture.name}.png")


@asynccontextmanager
async def _running_server() -> AsyncIterator[tuple[PushService, int]]:
    """Serve the topics; yield the service and the port."""
    with tempfile.TemporaryDirectory() as directory:
        service = await open_push_service(Path(directory) / "push.db", now=utc_now)
        await service.topics.declare(list(TOPICS.values()))
        settings = Settings(data=Path(directory), base_url="https://push.example", operator_name="Ada Lovelace")
        channels = Channels(push_key=keys_of(settings.data).public)
        app = build_app(service, settings, DiskWatchReader(settings.watches), channels)
        server = await start_server(app, open_socket("127.0.0.1", 0))
        try:
            yield service, server.port
        finally:
            await server.stop()
            await service.close()
