"""From a page that changes to a notification in a real browser; only Google is an emulator."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, expect

from tests.browser import needs_chromium, open_profile
from tests.push.emulators.gcm import FakeGcm
from tests.site import serve_site
from watcher.core.channels import Address, ChannelName
from watcher.core.push import DeliveryState, Subscriber
from watcher.core.watch import Topic
from watcher.net import Sessions
from watcher.push.channels.webpush.channel import WebPushChannel
from watcher.push.channels.webpush.keys import keys_of
from watcher.push.service import PushService, open_push_service
from watcher.web.app import build_app
from watcher.web.server import open_socket, start_server
from watcher.web.settings import WebSettings

pytestmark = needs_chromium

_SECONDS = 60
_LOOK_SECONDS = 0.05
_NOTIFICATIONS = """navigator.serviceWorker.ready
  .then((registration) => registration.getNotifications())
  .then((found) => found.map(({ title, body }) => `${title}: ${body}`))"""
_WATCHES = """
topics:
  deals: {{name: Price drops}}
watches:
  dune:
    url: {url}/dune
    allow_private: true
    topic: deals
    extract:
      price: {{css: .price, type: money}}
    message:
      summary: "Dune {{{{ price.old }}}} → {{{{ price.new }}}}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A data directory with its push service, its server and its deliverer."""

    data: Path
    service: PushService
    base: str

    async def check(self, watches: Path) -> None:
        """Run `watcher check`, as cron does."""
        command = [sys.executable, "-m", "watcher", "check", "--config", str(watches), "--data", str(self.data)]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()

    async def topic_page(self) -> str:
        [topic] = [topic for topic in await self.service.topics() if topic.key == "deals"]
        return f"{self.base}/t/{topic.slug}"

    async def subscriber(self) -> Subscriber:
        [(subscriber, _, _)] = await self.service.subscribers()
        return subscriber

    async def addresses(self) -> Sequence[Address]:
        return await self.service.reach.addresses(await self.subscriber())

    async def until_shown(self, summary: str) -> None:
        """Wait until the subscriber's device said that it showed the message."""
        while True:
            items = await self.service.inbox(await self.subscriber())
            if [each.state for each in items if each.message.draft.summary == summary] == [DeliveryState.SHOWN]:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def until_no_address(self) -> None:
        """Wait until nobody is reached by Web Push any more."""
        while await self.addresses():  # noqa: ASYNC110 the database is what is looked at
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def deployed(data: Path, gcm: FakeGcm) -> AsyncIterator[Deployment]:
    """Serve a data directory while the context lasts; the way to Google leads to the emulator."""
    listening = open_socket("127.0.0.1", 0)
    base = f"http://localhost:{listening.getsockname()[1]}"
    keys = keys_of(data)
    service = await open_push_service(data / "push.db", now=lambda: datetime.now(UTC))
    await service.declare_topics([Topic(key="deals", name="Price drops")])
    async with Sessions(is_allowed=lambda _: True) as sessions:
        channel = WebPushChannel(
            sessions, keys, "mailto:operator@push.example", now=lambda: datetime.now(UTC), route=gcm.route
        )
        deliverer = service.deliverer(
            {ChannelName.WEB_PUSH: channel}, chance=random.random, link=lambda message: f"{base}/m/{message.slug}"
        )
        settings = WebSettings(base_url=base, channels=(ChannelName.WEB_PUSH,), push_key=keys.public)
        server = await start_server(build_app(service, settings), listening)
        delivering = asyncio.create_task(deliverer.run())
        try:
            yield Deployment(data=data, service=service, base=base)
        finally:
            delivering.cancel()
            await asyncio.wait([delivering])
            await server.stop()
            await service.close()


async def _notifications(page: Page, count: int) -> list[str]:
    while True:
        found: list[str] = await page.evaluate(_NOTIFICATIONS)
        if len(found) == count:
            return found
        await asyncio.sleep(_LOOK_SECONDS)


async def test_a_page_changes_and_the_browser_of_who_pressed_the_button_says_so(tmp_path: Path) -> None:
    data, watches = tmp_path / "data", tmp_path / "watches.yaml"
    data.mkdir(mode=0o700)
    async with asyncio.timeout(_SECONDS), serve_site() as shop, FakeGcm() as gcm, deployed(data, gcm) as deployment:
        shop.show("/dune", '<p class="price">$12.00</p>')
        watches.write_text(_WATCHES.format(url=shop.url))
        await deployment.check(watches)

        async with open_profile(tmp_path / "profile", *gcm.chromium_arguments) as browser:
            page = await browser.new_page()
            await page.goto(await deployment.topic_page())
            await page.get_by_role("button", name="Subscribe").click()
            await expect(page.get_by_role("status")).to_have_text("Live")
            await gcm.has(subscriptions=1)
            # Away from the inbox, which shows messages itself.
            await page.goto(f"{deployment.base}/subscriptions")
            assert [address.channel for address in await deployment.addresses()] == [ChannelName.WEB_PUSH]

            shop.show("/dune", '<p class="price">$8.50</p>')
            await deployment.check(watches)

            assert await _notifications(page, 1) == ["Price drops: Dune $12.00 → $8.50"]
            await deployment.until_shown("Dune $12.00 → $8.50")

            await page.evaluate("""navigator.serviceWorker.ready
              .then((registration) => registration.pushManager.getSubscription())
              .then((subscription) => subscription.unsubscribe())""")
            await gcm.has(subscriptions=0)
            shop.show("/dune", '<p class="price">$9.00</p>')
            await deployment.check(watches)
            await deployment.until_no_address()
