"""What the operator does on the page of a watch, in a real browser, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.watching.shop import LOOPBACK
from tests.web.browser.namespace import PUBLIC, in_namespace
from tests.web.browser.stage import enter, tab_to
from tests.web.login import COOKIE
from tests.web.watchroom import WatchRoom, a_watch_room

pytestmark = in_one_browser

_WATCHES: Final = """# Written by `watcher add`.
defaults: {every: 1h, topic: deals, per_host: {concurrency: 20, min_delay: 0s}}
watches:
  dune:
    name: Dune
    url: "{shop}/dune"
    extract: {price: {css: .price, type: money}}
    notify_when:
      - price: {below: 95}
"""


def _shown(price: int, name: str = "price") -> str:
    return f"<main><h1>Dune</h1><dl><dt>Price</dt><dd><b class={name}>€ {price}</b></dd></dl></main>"


@pytest_asyncio.fixture(loop_scope="package")
async def room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    async with _a_room(tmp_path) as room:
        yield room


@pytest_asyncio.fixture(loop_scope="package")
async def public_room(tmp_path: Path) -> AsyncIterator[WatchRoom]:
    """The same of a shop with a public address, which nothing but a network of its own has."""
    async with _a_room(tmp_path, host=PUBLIC) as room:
        assert not any(watch.request.allow_private for watch in room.local.watches.values())
        yield room


@asynccontextmanager
async def _a_room(directory: Path, host: str = LOOPBACK) -> AsyncIterator[WatchRoom]:
    async with a_watch_room(directory, _WATCHES, {"/dune": _shown(100)}, host=host) as room:
        for price in (97, 93, 96, 92, 99):
            room.shop.show("/dune", _shown(price))
            await room.check("dune")
        yield room


async def _desk(browser: Browser, room: WatchRoom, *, has_scripts: bool = True) -> Page:
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-US", java_script_enabled=has_scripts
    )
    base = room.operator.site.base
    await context.add_cookies([{"name": COOKIE, "value": room.operator.session, "url": base}])
    page = await context.new_page()
    await page.goto(f"{base}/console/watches")
    return page


@pytest.mark.faults
@in_namespace
async def test_the_operator_sees_a_failing_watch_takes_the_proposal_and_replays_a_stricter_rule_and_saves_it(
    browser: Browser, public_room: WatchRoom
) -> None:
    await _mend_and_tighten(browser, public_room, has_scripts=True)


@pytest.mark.faults
@in_namespace
async def test_the_same_without_scripts(browser: Browser, public_room: WatchRoom) -> None:
    await _mend_and_tighten(browser, public_room, has_scripts=False)


async def _mend_and_tighten(browser: Browser, room: WatchRoom, *, has_scripts: bool) -> None:
    room.shop.show("/dune", _shown(98, "amount"))
    await room.check("dune")
    page = await _desk(browser, room, has_scripts=has_scripts)
    await expect(page.locator("tr", has_text="dune")).to_contain_text("failing")
    await page.get_by_role("link", name="dune").first.click()
    await expect(page.locator(".why").first).to_contain_text("'.price' is not on the page")

    await page.get_by_role("link", name="Find its values again").click()
    await expect(page.get_by_label("€ 98")).to_be_checked()
    await page.get_by_role("button", name="Show what would change").click()
    await expect(page.get_by_text("€99 → €98")).to_be_visible()
    await page.get_by_role("button", name="Take it").click()
    await expect(page).to_have_url(re.compile("/console/watches/saved/"))
    room.parts.checker.runner.apply(room.load())

    await page.goto(f"{room.operator.site.base}/console/watches/dune")
    await page.get_by_role("button", name="Check now").click()
    await expect(page.get_by_role("status")).to_contain_text("Checked")
    await expect(page.locator(".standing")).to_have_text("fine")

    await page.get_by_role("link", name="Try other rules").click()
    await page.get_by_label("price falls below a number", exact=True).fill("93")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="1 message")).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("2 messages were sent.")
    assert "below: 95" in room.config.read_text(encoding="utf-8")
    await page.get_by_role("button", name="Save these rules").click()
    await expect(page.get_by_text("- price: {below: 93}")).to_be_visible()
    await page.get_by_role("button", name="Save the change").click()
    await expect(page).to_have_url(re.compile("/console/watches/saved/"))
    assert "below: 93" in room.config.read_text(encoding="utf-8")
    assert "below: 95" not in room.config.read_text(encoding="utf-8")


@pytest.mark.faults
@in_namespace
async def test_what_no_proposal_finds_is_pointed_at_on_the_page_and_the_rules_stay(
    browser: Browser, public_room: WatchRoom
) -> None:
    room = public_room
    room.shop.show("/dune", "<section><h2>Dune</h2><p>In our shops only.</p></section>")
    await room.check("dune")
    page = await _desk(browser, room)
    await page.goto(f"{room.operator.site.base}/console/watches/dune/proposal")
    room.shop.show("/dune", "<section><h2>Dune</h2><ul><li>Paper</li><li id=offer>now 94 €</li></ul></section>")
    async with page.expect_navigation():  # until its script hears what is pointed at
        await page.get_by_role("button", name="Choose it on the page").click()
    await page.frame_locator("iframe").locator("#offer").click()
    await expect(page.locator("[data-chosen]")).to_contain_text("€94")
    await page.get_by_role("button", name="Show what changes").click()
    await page.get_by_role("button", name="Save the change").click()
    await expect(page).to_have_url(re.compile("/console/watches/saved/"))
    written = room.config.read_text(encoding="utf-8")
    assert 'extract: {price: {css: "#offer", type: money}}' in written
    assert "- price: {below: 95}" in written


@pytest.mark.faults
@in_namespace
async def test_the_operator_finds_out_why_nobody_was_told(browser: Browser, public_room: WatchRoom) -> None:
    room = public_room
    page = await _desk(browser, room)
    await page.get_by_role("link", name="dune").first.click()
    newest = page.locator(".history > li").first
    await expect(newest).to_contain_text("Not told: none of its rules (notify_when) asked for this.")
    await expect(newest).to_contain_text("not told: price was €99")
    told = page.locator(".history > li", has_text="Told by 1 message:").first
    await told.get_by_role("link", name="€92").click()
    await expect(page).to_have_url(f"{room.operator.site.base}/console/messages/2")


@pytest.mark.faults
@in_namespace
async def test_the_same_by_keyboard(browser: Browser, public_room: WatchRoom) -> None:
    page = await _desk(browser, public_room)
    await page.get_by_role("link", name="dune").first.focus()
    await enter(page)
    await tab_to(page, "Week")
    await enter(page)
    await expect(page.locator("svg.plot")).to_be_visible()
    await tab_to(page, "As a table")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("cell", name="€92")).to_be_visible()


@pytest.mark.faults
async def test_the_page_as_it_was_read_runs_nothing_and_asks_nobody(browser: Browser, room: WatchRoom) -> None:
    hostile = (
        "<script>top.location='http://evil.example'</script><img src=http://evil.example/x onerror=alert(1)>"
        "<iframe src=http://evil.example></iframe><a href=http://evil.example>go</a><base href=http://evil.example>"
    )
    room.shop.show("/dune", _shown(91) + hostile)
    await room.check("dune")
    page = await _desk(browser, room)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    await page.goto(f"{room.operator.site.base}/console/watches/dune/page")
    frame = page.frame_locator("iframe")
    await expect(frame.locator(".price")).to_have_css("outline-style", "solid")
    await frame.get_by_text("go").click()
    assert [url for url in asked if "evil" in url or not url.startswith(room.operator.site.base)] == []
    assert await page.evaluate("(() => { try { return frames[0].origin; } catch { return 'opaque'; } })()") == "opaque"
