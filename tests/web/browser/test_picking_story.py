"""From an empty directory to a watch that was checked, by pointing: the command itself, on a page of a public site."""

from __future__ import annotations

import re
from pathlib import Path
from time import monotonic
from typing import Final

import pytest
from playwright.async_api import Browser, expect

from tests.browser import in_one_browser
from tests.cli.command import Command
from tests.site import serve_site
from tests.web.browser.namespace import PUBLIC, in_namespace
from tests.web.browser.stage import press, say
from tests.web.test_console_picking import SHOP

pytestmark = [*in_one_browser, pytest.mark.faults]
_PASSWORD: Final = re.compile(r"the console is at (\S+)/console; its password, not shown again: (\S+)")
_MOST_LINES: Final = 80
_FIRST_CHECK_SECONDS: Final = 60.0
"""Meant: 2 s, of which 1 s is the pace of its host; many more with others on the same cores."""


@in_namespace
async def test_a_newcomer_points_at_a_price_and_sees_it_checked(browser: Browser, tmp_path: Path) -> None:
    async with (
        serve_site(PUBLIC) as site,
        Command(tmp_path, is_warm=False).running("run", "--port", "0") as (run, line),
    ):
        site.show("/books", SHOP)
        for _ in range(_MOST_LINES):
            if found := _PASSWORD.search(line):
                break
            line = (await run.stdout.readline()).decode()
        assert found, line
        base, password = found[1], found[2]
        page = await browser.new_page(locale="en-US")
        foreign: list[str] = []
        page.on("request", lambda asked: None if asked.url.startswith(base) else foreign.append(asked.url))
        await page.goto(f"{base}/console")
        await page.get_by_label(say("login_password")).fill(password)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(say("watches_begin"))).to_be_visible()
        await press(page, "edit_new")
        await page.get_by_label(say("edit_url")).fill(f"{base}/console")
        await press(page, "edit_look")
        await expect(page.get_by_text(say("edit_wrong_private").split(".")[0])).to_be_visible()
        await page.get_by_label(say("edit_url")).fill(f"{site.url}/books")
        async with page.expect_navigation():  # until its script hears what is pointed at
            await press(page, "edit_look")
        await page.frame_locator("iframe").locator("#deal").click()
        await expect(page.locator("[data-chosen]")).to_contain_text("$9.99")
        await page.get_by_label(say("pick_name")).fill("Deal")
        saved_at = monotonic()
        async with page.expect_navigation(url="**/console/watches/saved/*"):
            await press(page, "pick_save")
        await page.goto(f"{base}/console/watches/deal")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Deal")
        while "$9.99" not in await page.inner_text("main"):
            assert monotonic() - saved_at < _FIRST_CHECK_SECONDS, await page.inner_text("main")
            await page.reload()
        print(f"checked {monotonic() - saved_at:.1f} s after it was saved")
        assert site.requests["/books"] == 3
        assert foreign == []
        assert "allow_private" not in (tmp_path / "watches.d/added.yaml").read_text(encoding="utf-8")
