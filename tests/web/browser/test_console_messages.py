"""A message written in the console, seen by its reader, looked into, and sent again, in a real browser."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.login import PASSWORD
from tests.web.pages.phone import open_phone
from tests.web.site import Site
from watcher.core.push import AppProfile
from watcher.push.service import PushService

pytestmark = in_one_browser


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "push.sqlite3"


async def _sign_in(page: Page, site: Site, path: str) -> None:
    await page.goto(f"http://localhost:{site.server.port}{path}")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def _lose(push: PushService, database: Path, summary: str) -> str:
    """Store that the newest message failed over the notifications of somebody who has it unseen; return their uid."""
    [topic] = [topic for topic in await push.topics.all() if topic.name == "News"]
    reader = await push.subscribers.add(topic_ids=[topic.id])
    with closing(sqlite3.connect(database)) as connection, connection:
        for channel, state, reason in (("inbox", "sent", None), ("webpush", "failed", "HTTP 410")):
            connection.execute(
                "INSERT INTO deliveries (message_id, subscriber_id, channel, state, reason) "
                "SELECT id, ?, ?, ?, ? FROM messages WHERE summary = ?",
                (reader.subscriber.id, channel, state, reason, summary),
            )
    return reader.subscriber.uid


async def test_a_message_is_written_previewed_sent_seen_looked_into_and_sent_again(
    browser: Browser, site: Site, push: PushService, database: Path
) -> None:
    await push.operator.set_password(PASSWORD)
    app, _ = await push.apps.add(AppProfile(name="Shop"))
    topic = await push.topics.add("News", app_id=app.id)
    async with open_phone(browser) as phone, open_phone(browser, width=1280) as desk:
        await phone.goto(f"http://localhost:{site.server.port}/t/{topic.slug}")
        await phone.get_by_role("button", name="Subscribe").click()
        await expect(phone.get_by_role("status")).to_have_text("Live")

        await desk.clock.install()
        await _sign_in(desk, site, f"/console/compose?topic={topic.id}")
        await desk.get_by_label("Summary").fill("Sale today")
        await desk.get_by_label("Markdown").check()
        await desk.get_by_label("Message", exact=True).fill("**Everything** for half the price")
        await desk.get_by_role("button", name="Preview").click()
        await expect(desk.get_by_text("1 person will get it.")).to_be_visible()
        await expect(desk.frame_locator("iframe").get_by_text("Everything")).to_be_visible()
        # Its reader has the inbox in the background until the sender looks at the message's page.
        await phone.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
        await desk.get_by_role("button", name="Send to 1 person").click()
        await expect(desk.get_by_text("Sent. How far it has come")).to_be_visible()
        await expect(desk.get_by_text("shown to 1")).to_have_count(0)
        await expect(phone.get_by_text("Sale today").first).to_be_visible()
        async with phone.expect_response("**/inbox/shown"):
            await phone.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        await desk.clock.fast_forward(5_000)
        await expect(desk.get_by_text("shown to 1")).to_be_visible()

        uid = await _lose(push, database, "Sale today")
        await desk.get_by_label("Why didn't it reach").fill(uid)
        await desk.get_by_role("button", name="Look").click()
        await expect(desk.get_by_text("HTTP 410")).to_be_visible()
        await desk.get_by_role("link", name="Send again").click()
        await desk.get_by_role("button", name="Send to 1 person").click()
        await expect(desk.get_by_text("Sent again, as this new message")).to_be_visible()
        await expect(desk).to_have_url(re.compile(r"/console/messages/\d+\?said="))
        await expect(desk.locator(".readers").get_by_text(uid)).to_be_visible()


async def test_who_looks_at_a_message_that_another_one_deletes_is_told(
    browser: Browser, site: Site, push: PushService
) -> None:
    await push.operator.set_password(PASSWORD)
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
