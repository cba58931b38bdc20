"""
A newcomer's first watch, from `watcher run` in an empty directory to a change that is delivered, without an editor.

The site has a public address, in a network of its own, for the console watches no private one.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import WITHOUT_WORKERS, in_one_browser
from tests.site import serve_site
from tests.web.browser.namespace import PUBLIC, in_namespace
from watcher.core.locale import Locale
from watcher.translations import text

pytestmark = [*in_one_browser, pytest.mark.faults]
_DUNE: Final = "<!doctype html><title>Dune</title><h1>Dune</h1><p class=price>€{price}</p><p>Paperback, 412 pages</p>"
_CONSOLE: Final = re.compile(r"the console is at (http://\S+/console); its password, not shown again: (\S+)")
_SECONDS: Final = 60.0


@asynccontextmanager
async def _a_watcher(directory: Path) -> AsyncIterator[tuple[str, str]]:
    """Run `watcher run` in a directory; yield where its console is, and the password."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "run", "--port", "0"),
        cwd=directory,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    said = ""
    try:
        async with asyncio.timeout(_SECONDS):
            while not (found := _CONSOLE.search(said)):
                line = (await process.stdout.readline()).decode()
                assert line, said
                said += line
        assert "there is no watches.yaml yet: make watches in the console, " in said
        yield found[1], found[2]
        process.terminate()
        await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def _a_window(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    await context.add_init_script(WITHOUT_WORKERS)
    page = await context.new_page()
    yield page
    await context.close()


def _t(key: str, **values: object) -> str:
    return text(Locale.ENGLISH, key, **values)


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_SECONDS):
        while not holds():  # noqa: ASYNC110 - another process cannot set our event
            await asyncio.sleep(0.02)


async def _sign_in(page: Page, console: str, password: str) -> None:
    await page.goto(console)
    await page.fill("input[name=password]", password)
    await page.press("input[name=password]", "Enter")
    await expect(page.locator("nav a[href='/console/watches']")).to_be_attached()


@in_namespace
async def test_a_newcomer_comes_from_an_empty_directory_to_a_change_without_an_editor(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        serve_site(PUBLIC) as site,
        _a_watcher(tmp_path) as (console, password),
        _a_window(browser) as page,
        _a_window(browser) as phone,
    ):
        site.show("/dune", _DUNE.format(price="12.00"))
        await _sign_in(page, console, password)
        await page.click("nav a[href='/console/watches']")
        await page.locator("main").get_by_role("link", name=_t("edit_new")).first.click()
        await page.fill("#url", f"{site.url}/dune")
        await page.get_by_role("button", name=_t("edit_look")).click()
        await page.get_by_role("button", name=_t("edit_as_new_form")).click()
        await expect(page.locator("#v0-find")).not_to_be_empty()
        await expect(page.get_by_text("€12.00").first).to_be_visible()
        await page.fill("#every", "1s")
        await page.get_by_role("button", name=_t("edit_review"), exact=True).last.click()
        await expect(page.locator("ins", has_text="  dune:")).to_be_visible()
        assert not (tmp_path / "watches.yaml").exists()
        site.requests.clear()
        await page.get_by_role("button", name=_t("review_save_made")).click()
        await expect(page.get_by_text(_t("saved_means_made"))).to_be_visible()
        await _until(lambda: site.requests["/dune"] > 0)
        assert "include: watches.d/*.yaml" in (tmp_path / "watches.yaml").read_text()
        assert "  dune:" in (tmp_path / "watches.d/added.yaml").read_text()
        await _subscribe(page, phone, console)
        checked = site.requests["/dune"]
        await _until(lambda: site.requests["/dune"] > checked)
        site.show("/dune", _DUNE.format(price="8.50"))
        await expect(phone.get_by_text("8.50").first).to_be_visible()


async def _subscribe(page: Page, phone: Page, console: str) -> None:
    """Follow the watch's topic on another device, as its code says, and stay in the inbox."""
    await page.get_by_role("link", name="news", exact=True).click()
    link = await page.locator("[data-copy*='/t/']").first.get_attribute("data-copy")
    assert link is not None
    await phone.goto(link.replace(link.partition("/t/")[0], console.removesuffix("/console")))
    await phone.get_by_role("button", name=_t("follow"), exact=True).click()
    await expect(phone.locator("body")).to_contain_text("news")
    await phone.goto(f"{console.removesuffix('/console')}/inbox")


@in_namespace
async def test_the_same_by_keyboard_and_it_is_undone(browser: Browser, tmp_path: Path) -> None:
    async with (
        serve_site(PUBLIC) as site,
        _a_watcher(tmp_path) as (console, password),
        _a_window(browser) as page,
    ):
        site.show("/dune", _DUNE.format(price="12.00"))
        await _sign_in(page, console, password)
        await page.goto(f"{console}/watches/new")
        await page.focus("#url")
        await page.keyboard.type(f"{site.url}/dune")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name=_t("edit_as_new_form")).focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("#v0-find")).not_to_be_empty()
        await page.focus("#name")
        await page.keyboard.press("Enter")  # from any field to what changes
        await expect(page.locator("ins", has_text="  dune:")).to_be_visible()
        await page.get_by_role("button", name=_t("review_save_made")).focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(_t("saved_means_made"))).to_be_visible()
        await page.get_by_role("button", name=_t("undo")).focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(_t("said_watch_restored"))).to_be_visible()
        assert "watches: {}" in (tmp_path / "watches.d/added.yaml").read_text()
        await page.goto(f"{console}/watches/new?as=yaml")
        await page.fill("#written", f"dune:\n  url: {site.url}/dune\n  topic: news\n  evry: 1h\n")
        await expect(page.locator("[data-said] li")).to_contain_text("did you mean `every`?")
        await page.fill("#written", f"dune:\n  url: {site.url}/dune\n  topic: news\n  allow_private: true\n")
        await expect(page.locator("[data-said] li")).to_contain_text("private network")
        await page.fill("#written", f"dune:\n  url: {site.url}/dune\n  topic: news\n")
        await expect(page.locator("[data-said]")).to_contain_text(_t("edit_good"))
