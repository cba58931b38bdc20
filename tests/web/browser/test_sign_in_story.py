"""Signing in by scanning, in two real browsers of which one runs no scripts; `test_stories.py` has the other way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser import in_one_browser
from tests.web.site import Site
from watcher.core.accounts import Registration
from watcher.core.settings import Settings

pytestmark = in_one_browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, registration=Registration.OPEN, operator_name="Ada")


async def _open(browser: Browser, size: tuple[int, int], **more: str) -> tuple[BrowserContext, Page]:
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)  # type: ignore[arg-type]
    return context, await context.new_page()


async def _scan(desk: BrowserContext, phone: Page, base: str) -> None:
    """Open on the phone what the picture of the desk holds: its cookie says the same."""
    [cookie] = [each for each in await desk.cookies() if each.get("name") == "watcher_code"]
    await phone.goto(f"{base}/console/in/{cookie.get('value', '')[:32]}")


@pytest.mark.faults
async def test_without_scripts_a_button_goes_on(browser: Browser, site: Site) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    _, phone = await _open(browser, (360, 740))
    await page.goto(f"{site.base}/console/login?next=/console/me")
    await page.get_by_role("button", name="Show a code").click()
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("alert")).to_contain_text("has not approved yet")
    await _scan(context, phone, site.base)
    await phone.get_by_label("Your name").fill("Grace")
    await phone.get_by_role("button", name="Create an account and sign in").click()
    await expect(phone.get_by_role("heading")).to_have_text("Done")
    await page.get_by_role("button", name="Continue").click()
    await page.wait_for_url("**/console/me")
