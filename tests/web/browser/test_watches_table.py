"""The table of watches in a real browser: narrowed, paused, resumed, by hand and by keyboard; rows that change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import in_one_browser
from tests.web.login import COOKIE
from tests.web.watchroom import WatchRoom, a_watch_room

pytestmark = in_one_browser

_WATCHES: Final = """
defaults: {every: 1h, allow_private: true, per_host: {concurrency: 20, min_delay: 0s}}

watches:
  dune: {url: "{shop}/dune", topic: books, extract: {price: {css: p, type: money}}}
  emma: {url: "{shop}/emma", topic: books, extract: {price: {css: p, type: money}}}
  exam: {url: "{shop}/exam", topic: courses, extract: h1}
"""
_MOST_TABS: Final = 60


@pytest_asyncio.fixture(loop_scope="package")
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    pages = {"/dune": "<p>€ 12", "/emma": "<p>€ 8", "/exam": "<h1>soon"}
    async with a_watch_room(tmp_path, _WATCHES, pages) as room:
        yield room


async def _open(browser: Browser, room: WatchRoom, path: str, *, width: int = 1280, has_scripts: bool = True) -> Page:
    base = room.operator.site.base
    context = await browser.new_context(
        viewport={"width": width, "height": 800}, locale="en-US", base_url=base, java_script_enabled=has_scripts
    )
    await context.add_cookies([{"name": COOKIE, "value": room.operator.session, "url": base}])
    page = await context.new_page()
    await page.goto(path)
    return page


def _row(page: Page, watch: str) -> Locator:
    return page.locator(f"tr[data-watch={watch}]")


@pytest.mark.faults
@pytest.mark.parametrize(("width", "has_scripts"), [(360, False), (1280, True)], ids=["no scripts", "scripts"])
async def test_the_operator_narrows_the_table_pauses_sees_it_and_resumes(
    browser: Browser, room: WatchRoom, width: int, has_scripts: bool
) -> None:
    page = await _open(browser, room, "/console/watches", width=width, has_scripts=has_scripts)
    await page.get_by_label("Topic").select_option("books")
    if not has_scripts:
        await page.get_by_role("button", name="Apply").click()
    await expect(page.locator("tr[data-watch]")).to_have_count(2)
    await _row(page, "dune").get_by_role("checkbox").check()
    await page.get_by_label("For how long").select_option("8h")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("status").first).to_contain_text("Paused: 1 watch.")
    await expect(_row(page, "dune")).to_contain_text("paused until")
    await expect(page.locator("tr[data-watch]")).to_have_count(2)  # the filter stays

    room.shop.show("/dune", "<p>€ 9")
    await _row(page, "dune").get_by_role("checkbox").check()
    await page.get_by_role("button", name="Resume").click()
    await expect(page.get_by_role("status").first).to_contain_text("Resumed: 1 watch.")
    await _row(page, "dune").get_by_role("checkbox").check()
    await page.get_by_role("button", name="Check now").click()
    await expect(_row(page, "dune")).to_contain_text("€9 before: €12")


@pytest.mark.faults
async def test_what_is_chosen_of_the_filter_narrows_the_table_and_keeps_the_focus(
    browser: Browser, room: WatchRoom
) -> None:
    page = await _open(browser, room, "/console/watches", width=360)
    await page.get_by_label("Topic").select_option("courses")
    await expect(page.locator("tr[data-watch]")).to_have_count(1)
    await expect(page.get_by_label("Topic")).to_be_focused()
    await page.go_back()
    await expect(page.locator("tr[data-watch]")).to_have_count(3)
    await expect(page.get_by_label("Topic")).to_have_value("")


@pytest.mark.faults
async def test_all_that_match_are_those_that_the_filter_shows(browser: Browser, room: WatchRoom) -> None:
    page = await _open(browser, room, "/console/watches")
    await page.evaluate("document.querySelector('[name=topic]').value = 'courses'")  # the page for it has not come yet
    await page.get_by_label("All that match (3)").check()
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("status").first).to_contain_text("Paused: 1 watch.")
    assert [watch for watch in room.local.watches if room.local.state(watch).paused_until] == ["exam"]


@pytest.mark.faults
async def test_the_same_by_keyboard(browser: Browser, room: WatchRoom) -> None:
    page = await _open(browser, room, "/console")
    async with page.expect_navigation(url="**/console/watches"):
        await page.keyboard.type("gw")
    await page.keyboard.press("/")
    await page.keyboard.type("dune")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(page.locator("tr[data-watch]")).to_have_count(1)
    await _tab_to(page, page.get_by_label("All that match (1)"))
    await page.keyboard.press("Space")
    await _tab_to(page, page.get_by_role("button", name="Mute"))
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(_row(page, "dune")).to_contain_text("muted until")
    await _tab_to(page, _row(page, "dune").get_by_role("checkbox"))
    await page.keyboard.press("Space")
    await _tab_to(page, page.get_by_role("button", name="Resume"), backwards=True)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await expect(_row(page, "dune")).to_contain_text("fine")


async def _tab_to(page: Page, wanted: Locator, *, backwards: bool = False) -> None:
    for _ in range(_MOST_TABS):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError("the keyboard does not lead there")


async def test_a_row_changes_by_itself_and_keeps_what_was_ticked_and_where_one_was(
    browser: Browser, room: WatchRoom
) -> None:
    page = await _open(browser, room, "/console/watches")
    await page.evaluate("window.sameDocument = true")
    box = _row(page, "dune").get_by_role("checkbox")
    await box.check()
    await box.focus()
    room.shop.show("/dune", "<p>€ 9")
    await room.check("dune")
    await expect(_row(page, "dune")).to_contain_text("€9 before: €12")
    await expect(_row(page, "dune").locator("time").first).to_have_text("just now")
    await expect(box).to_be_checked()
    await expect(box).to_be_focused()
    await expect(page.get_by_text("Chosen: 1")).to_be_visible()
    assert await page.evaluate("window.sameDocument")


@pytest.mark.faults
async def test_what_a_slow_check_says_comes_as_soon_as_it_has_ended(browser: Browser, room: WatchRoom) -> None:
    page = await _open(browser, room, "/console/watches")
    room.shop.held.add("/dune")
    room.shop.show("/dune", "<p>€ 9")
    await _row(page, "dune").get_by_role("checkbox").check()
    await page.get_by_role("button", name="Check now").click()
    await expect(page.get_by_role("status").first).to_contain_text("1 watch is still being checked")
    await expect(_row(page, "dune")).to_contain_text("being checked")
    await room.shop.release()
    await expect(_row(page, "dune")).to_contain_text("€9 before: €12")


@pytest.mark.faults
async def test_the_wait_for_the_next_check_does_not_look_like_a_time_of_day(browser: Browser, room: WatchRoom) -> None:
    page = await _open(browser, room, "about:blank")
    at = room.local.state("dune").next_check_at
    assert at is not None
    await page.clock.install(time=at - timedelta(minutes=11))
    await page.clock.pause_at(at - timedelta(minutes=10))
    await page.goto("/console/watches")
    ahead = _row(page, "dune").locator("time").last
    await expect(ahead).to_have_text("in 10 min.")
    await page.clock.run_for(7_200_000)
    await expect(ahead).to_have_text("now")


@pytest.mark.faults
async def test_all_on_a_page_are_ticked_by_one_box(browser: Browser, room: WatchRoom) -> None:
    page = await _open(browser, room, "/console/watches")
    await page.get_by_label("All on this page").check()
    await expect(page.get_by_text("Chosen: 3")).to_be_visible()
    await _row(page, "emma").get_by_role("checkbox").uncheck()
    await expect(page.get_by_text("Chosen: 2")).to_be_visible()
    await page.get_by_label("All that match (3)").check()
    await expect(_row(page, "emma").get_by_role("checkbox")).to_be_disabled()
