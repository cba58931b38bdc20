"""The shell of the console in a real browser: its menu, its keys, and that it is whole without scripts."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.login import COOKIE
from tests.web.site import Site
from tests.web.town import fill
from watcher.core.settings import Settings

pytestmark = in_one_browser


async def _console(browser: Browser, site: Site, settings: Settings, *, width: int, has_scripts: bool = True) -> Page:
    town = await fill(site.push, settings.watches)
    context = await browser.new_context(
        viewport={"width": width, "height": 740}, locale="en-US", java_script_enabled=has_scripts
    )
    context.set_default_timeout(10_000)
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
