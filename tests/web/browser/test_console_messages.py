"""A message's page in the console, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.pages.phone import open_phone
from tests.web.site import PASSWORD, Site
from watcher.push.service import PushService

pytestmark = in_one_browser


async def _sign_in(page: Page, site: Site, path: str) -> None:
    await page.goto(f"http://localhost:{site.server.port}{path}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")


@pytest.mark.faults
async def test_who_looks_at_a_message_that_another_one_deletes_is_told(
    browser: Browser, site: Site, push: PushService
) -> None:
    await site.reader()
    sent = await site.tell("Hello")
    async with open_phone(browser) as page:
        await page.clock.install()
        await _sign_in(page, site, f"/console/messages/{sent.message_id}")
        await expect(page.get_by_role("heading", name="Hello")).to_be_visible()
        message = await push.message_log.message(sent.message_id or 0)
        assert message is not None
        await push.message_log.delete(message)
        await page.clock.fast_forward(5_000)
        await expect(page.get_by_text("The message was deleted already.")).to_be_visible()
