"""From a page that changes to a notification in a real browser; only Google is an emulator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser import needs_chromium, open_profile
from tests.push.emulators.gcm import FakeGcm
from tests.site import serve_site
from tests.web.deployment import NOTIFICATIONS, UNSUBSCRIBE, WATCHES, deployed
from watcher.core.channels import ChannelName

pytestmark = needs_chromium

_SECONDS = 60


@pytest.mark.faults
async def test_a_page_changes_and_the_browser_of_who_pressed_the_button_says_so(tmp_path: Path) -> None:
    data, watches = tmp_path / "data", tmp_path / "watches.yaml"
    data.mkdir(mode=0o700)
    async with (
        asyncio.timeout(_SECONDS),
        serve_site() as shop,
        FakeGcm() as gcm,
        deployed(data, gcm.route) as deployment,
    ):
        shop.show("/dune", '<p class="price">$12.00</p>')
        watches.write_text(WATCHES.format(url=shop.url))
        await deployment.check(watches)

        async with open_profile(tmp_path / "profile", *gcm.chromium_arguments) as browser:
            page = await browser.new_page()
            await page.goto(await deployment.topic_page())
            await page.get_by_role("button", name="Subscribe").click()
            await expect(page.get_by_role("status")).to_have_text("Live")
            await deployment.until_reached_by(ChannelName.WEB_PUSH)
            # Away from the inbox, which shows messages itself.
            await page.goto(f"{deployment.base}/subscriptions")

            shop.show("/dune", '<p class="price">$8.50</p>')
            await deployment.check(watches)

            await deployment.until_shown("Dune $12.00 → $8.50")
            assert await page.evaluate(NOTIFICATIONS) == ["Price drops: Dune $12.00 → $8.50"]

            await page.evaluate(UNSUBSCRIBE)
            await gcm.has(subscriptions=0)
            shop.show("/dune", '<p class="price">$9.00</p>')
            await deployment.check(watches)
            await deployment.until_reached_by()
