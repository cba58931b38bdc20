"""Somebody makes an application, sends with its token, and resets the token, all in a real browser."""

from __future__ import annotations

import json
import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import in_one_browser
from tests.web.login import PASSWORD
from tests.web.site import JSON, Site

pytestmark = in_one_browser


async def test_an_application_is_made_sends_and_goes_on_with_a_new_token_while_the_old_one_works(
    browser: Browser, site: Site
) -> None:
    await site.push.operator.set_password(PASSWORD)
    page = await _signed_in(browser, site)
    await page.get_by_role("link", name="Applications").click()
    await page.get_by_role("link", name="New application").click()
    await page.get_by_label("Name").fill("Backups")
    await page.get_by_role("button", name="Create application").click()
    await expect(page.get_by_role("status")).to_have_text("The application is created.")
    first = await _copied(page)

    path = re.sub(r"\?.*", "", page.url)
    reader = await site.push.subscribers.add(app_ids=[int(path.rpartition("/")[2])])
    uid = reader.subscriber.uid
    assert await _send(site, first, uid) == 1000
    await page.goto(path)
    await expect(page.get_by_text(first)).to_have_count(0)
    await expect(_figure(page, "Messages")).to_have_text("1")
    await expect(page.get_by_role("rowheader", name="Finished")).to_be_visible()

    await page.get_by_role("link", name="Reset token").click()
    await page.get_by_label("The old token keeps working for").select_option(label="1 hour")
    await page.get_by_role("button", name="Reset token").click()
    await expect(page.get_by_role("status")).to_have_text("There is a new token.")
    second = await _copied(page)
    assert second != first
    assert [await _send(site, token, uid) for token in (first, second)] == [1000, 1000]
    await page.reload()
    await expect(page.get_by_text(second)).to_have_count(0)
    await expect(_figure(page, "Messages")).to_have_text("3")


async def _signed_in(browser: Browser, site: Site) -> Page:
    context = await browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.base)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    await page.goto(f"{site.base}/console")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    return page


async def _copied(page: Page) -> str:
    """Press the button beside the token; return what is in the clipboard."""
    await page.get_by_role("button", name="Copy the token").click()
    await expect(page.locator(".once [data-copy]")).to_have_text("Copied")
    copied: str = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("AT_")
    return copied


async def _send(site: Site, token: str, uid: str) -> int:
    body = {"appToken": token, "content": "Finished", "uids": [uid]}
    answer = await site.post("/api/send/message", body=json.dumps(body).encode(), headers=JSON)
    return int((await answer.json())["code"])


def _figure(page: Page, name: str) -> Locator:
    return page.locator(".figures div", has=page.get_by_text(name, exact=True)).locator("dd")
