"""Signing in by scanning, in two real browsers."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser import in_one_browser
from tests.web.login import PASSWORD
from tests.web.site import Site
from watcher.core.accounts import Registration
from watcher.core.settings import Settings

pytestmark = in_one_browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, registration=Registration.OPEN, operator_name="Ada")


async def _open(browser: Browser, size: tuple[int, int], **more: str) -> tuple[BrowserContext, Page]:
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **more)  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    return context, await context.new_page()


async def _scan(desk: BrowserContext, phone: Page, base: str) -> None:
    """Open on the phone what the picture of the desk holds: its cookie says the same."""
    [cookie] = [each for each in await desk.cookies() if each.get("name") == "watcher_code"]
    await phone.goto(f"{base}/console/in/{cookie.get('value', '')[:32]}")


async def test_scan_compare_yes_and_the_other_page_goes_on(browser: Browser, site: Site) -> None:
    await site.push.operator.set_password(PASSWORD)
    errors: list[str] = []
    _, phone = await _open(browser, (360, 740))
    await phone.goto(f"{site.base}/console/login")
    await phone.get_by_label("Password").fill(PASSWORD)
    await phone.get_by_role("button", name="Sign in").click()
    await phone.goto(f"{site.base}/console/me")
    await phone.get_by_role("button", name="Let this browser approve").click()
    await expect(phone.get_by_role("status")).to_have_text("This browser may approve sign-ins now.")

    desk, page = await _open(browser, (1280, 900))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{site.base}/console/login?next=/console/me")
    letters = await page.locator("p.letters").inner_text()  # shown without being asked for
    await _scan(desk, phone, site.base)
    await expect(phone.locator(".letters")).to_have_text(letters)
    await phone.get_by_role("button", name="Yes, sign in there").click()
    said_at = time.perf_counter()
    await page.wait_for_url("**/console/me")
    assert time.perf_counter() - said_at < 1
    await expect(page.get_by_role("heading", name="Browsers that are signed in")).to_be_visible()
    await expect(phone.get_by_role("heading")).to_have_text("Done")
    assert errors == []


async def test_whoever_scans_for_the_first_time_makes_an_account_by_keyboard(browser: Browser, site: Site) -> None:
    desk, page = await _open(browser, (1280, 900))
    _, phone = await _open(browser, (320, 640))
    await page.goto(f"{site.base}/console/login?next=/console/me")
    await expect(page.locator("p.letters")).to_be_visible()
    await _scan(desk, phone, site.base)
    await phone.get_by_label("Your name").press_sequentially("Grace")
    await phone.keyboard.press("Enter")
    await page.wait_for_url("**/console/me")
    await expect(page.get_by_role("textbox", name="Your name")).to_have_value("Grace")
    wide = await phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320


async def test_without_scripts_a_button_goes_on(browser: Browser, site: Site) -> None:
    context = await browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
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
