"""From a page that changes to a notification in a real Firefox; only Mozilla is an emulator."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.firefox import needs_firefox, open_firefox
from tests.push.emulators.autopush import FakeAutopush
from tests.site import serve_site
from tests.web.deployment import NOTIFICATIONS, UNSUBSCRIBE, WATCHES, deployed
from watcher.core.channels import ChannelName

pytestmark = [pytest.mark.faults, needs_firefox]

_SECONDS = 60


async def test_a_page_changes_and_the_firefox_of_who_pressed_the_button_says_so(tmp_path: Path) -> None:
    data, watches = tmp_path / "data", tmp_path / "watches.yaml"
    data.mkdir(mode=0o700)
    async with (
        asyncio.timeout(_SECONDS),
        serve_site() as shop,
        FakeAutopush() as autopush,
        deployed(data, autopush.route) as deployment,
    ):
        shop.show("/dune", '<p class="price">$12.00</p>')
        watches.write_text(WATCHES.format(url=shop.url))
        await deployment.check(watches)

        async with open_firefox(tmp_path / "profile", autopush.firefox_preferences) as firefox:
            await firefox.goto(await deployment.topic_page())
            await firefox.click("button", "Subscribe")
            await deployment.until_reached_by(ChannelName.WEB_PUSH)
            await firefox.until("document.querySelector('[role=status]').textContent.trim() === 'Live'")
            # Away from the inbox, which shows messages itself.
            await firefox.goto(f"{deployment.base}/subscriptions")

            shop.show("/dune", '<p class="price">$8.50</p>')
            await deployment.check(watches)

            await deployment.until_shown("Dune $12.00 → $8.50")
            assert await firefox.evaluate(NOTIFICATIONS) == ["Price drops: Dune $12.00 → $8.50"]

            await firefox.evaluate(UNSUBSCRIBE)
            await autopush.has(subscriptions=0)
            shop.show("/dune", '<p class="price">$9.00</p>')
            await deployment.check(watches)
            await deployment.until_reached_by()
