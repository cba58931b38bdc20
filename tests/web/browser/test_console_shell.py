"""The shell of the console in a real browser: in and out, its menu, its keys, and that it is whole without scripts."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.login import COOKIE
from tests.web.site import PASSWORD, Site
from tests.web.test_console import a_decision, keep
from tests.web.town import fill
from watcher.core.check import CheckFailure
from watcher.core.settings import Settings

pytestmark = in_one_browser


async def _console(browser: Browser, site: Site, settings: Settings, *, width: int, has_scripts: bool = True) -> Page:
    town = await fill(site.push, settings.watches)
    context = await browser.new_context(
        viewport={"width": width, "height": 740}, locale="en-US", java_script_enabled=has_scripts
    )
    await context.add_cookies([{"name": COOKIE, "value": town.operator, "url": site.base}])
    page = await context.new_page()
    await page.goto(f"{site.base}/console")
    return page


async def test_on_a_phone_the_rooms_are_behind_a_button_that_needs_no_script(
    browser: Browser, site: Site, settings: Settings
) -> None:
    page = await _console(browser, site, settings, width=320, has_scripts=False)
    room = page.get_by_role("link", name="Overview")
    await expect(room).to_be_hidden()
    await page.get_by_role("button", name="Menu").click()
    await expect(room).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(room).to_be_hidden()


async def test_on_a_wide_screen_the_rooms_are_there_and_the_button_is_not(
    browser: Browser, site: Site, settings: Settings
) -> None:
    page = await _console(browser, site, settings, width=1280, has_scripts=False)
    await expect(page.get_by_role("link", name="Overview")).to_be_visible()
    await expect(page.get_by_role("button", name="Menu")).to_be_hidden()


async def test_keys_show_the_keys_lead_to_rooms_and_are_letters_where_somebody_writes(
    browser: Browser, site: Site, settings: Settings
) -> None:
    page = await _console(browser, site, settings, width=1280)
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    await page.keyboard.press("?")
    await expect(keys).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(keys).to_be_hidden()
    await page.goto(f"{site.base}/console?page=1")
    async with page.expect_navigation(url="**/console"):
        await page.keyboard.type("go")
    await page.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    await page.locator("main > textarea").press_sequentially("?go")
    await expect(keys).to_be_hidden()
    await expect(page.locator("main > textarea")).to_have_value("?go")


@pytest.mark.faults
@pytest.mark.parametrize(("width", "has_scripts"), [(360, False), (1280, True)], ids=["no scripts", "scripts"])
async def test_the_operator_logs_in_looks_and_logs_out(
    browser: Browser, site: Site, settings: Settings, width: int, has_scripts: bool
) -> None:
    failing = CheckFailure(kind="x", text="f" * 900)
    await keep(settings.watches, [a_decision("n" * 100, "v" * 200, failures=1, failure=failing)])
    context = await browser.new_context(
        viewport={"width": width, "height": 740}, locale="en-US", java_script_enabled=has_scripts
    )
    page = await context.new_page()
    await page.goto(f"http://push.example:{site.server.port}/console")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert page.url.endswith("/console")
    box = await page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= width
    if width < 960:
        await page.get_by_role("button", name="Menu").click()
    async with page.expect_navigation():  # else the next address would break it off
        await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.goto(f"http://push.example:{site.server.port}/console")
    await expect(page.get_by_label("Password")).to_be_visible()
