"""How pages say when something was, or will be: in a real browser, whose clock is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, expect

from tests.browser import needs_chromium, open_browser
from tests.core.builders import BROKEN, play, price, watch
from tests.web.login import COOKIE
from tests.web.site import NOW, PASSWORD, Site
from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.settings import Settings
from watcher.store.watch_store import open_watch_store
from watcher.web.sessions.device import DEVICE_COOKIE

pytestmark = [pytest.mark.faults, needs_chromium]


@asynccontextmanager
async def _open(site: Site, cookie: str, value: str, language: str) -> AsyncIterator[Page]:
    """Keep a page open that knows the cookie, at NOW in London."""
    async with open_browser() as browser:
        context = await browser.new_context(
            locale=language, timezone_id="Europe/London", base_url=site.base, viewport={"width": 390, "height": 844}
        )
        await context.add_cookies([{"name": cookie, "value": value, "url": site.base}])
        page = await context.new_page()
        await page.clock.install(time=NOW)
        yield page


@pytest.mark.parametrize(
    ("language", "at_once", "later", "long_after"),
    [
        ("en-US", "added just now", "added 5 min. ago", "added Nov 24, 2026, 9:30 AM"),
        ("zh-CN", "添加时间：刚刚", "添加时间：5 分钟前", "添加时间：2026年11月24日 09:30"),
    ],
)
async def test_a_device_and_an_address_say_when_they_were_added(
    site: Site, language: str, at_once: str, later: str, long_after: str
) -> None:
    reader = await site.reader()
    await site.push.addresses.add(
        reader.subscriber, AddressDraft(channel=ChannelName.EMAIL, fingerprint="ann", value="ann@example.org")
    )
    async with _open(site, DEVICE_COOKIE, reader.device_token, language) as page:
        for path, part in (("/subscriptions", "#devices"), ("/reach", "#addresses")):
            said = page.locator(f"{part} li .note", has=page.locator("time"))
            for wait, words in (
                (timedelta(0), at_once),
                (timedelta(minutes=5), later),
                (timedelta(days=1), long_after),
            ):
                await page.clock.set_fixed_time(NOW + wait)
                await page.goto(path)
                await expect(said).to_contain_text(words)


@pytest.mark.parametrize(
    ("language", "planned", "soon"),
    [
        (
            "en-US",
            ["started failing just now", "last good just now", "next check in 10 min."],
            ["started failing 10 min. ago", "last good 10 min. ago", "about to be checked"],
        ),
        (
            "zh-CN",
            ["异常开始：刚刚", "上次成功：刚刚", "下次检查：10 分钟后"],
            ["异常开始：10 分钟前", "上次成功：10 分钟前", "即将检查"],
        ),
    ],
)
async def test_a_watch_in_trouble_says_when_it_was_checked_and_will_be(
    site: Site, settings: Settings, language: str, planned: list[str], soon: list[str]
) -> None:
    await _keep_a_watch(settings.watches)
    session = await site.push.operator.log_in(PASSWORD)
    assert session is not None
    async with _open(site, COOKIE, session, language) as page:
        for wait, words in ((timedelta(0), planned), (timedelta(minutes=10), soon)):
            await page.clock.set_fixed_time(NOW + wait)
            await page.goto("/console")
            await expect(page.locator(".when span")).to_have_text(words)


async def _keep_a_watch(directory: Path) -> None:
    """Save a watch that failed at NOW, was good then too, and is checked again 10 minutes later."""
    [decision] = play(watch(), price("12.00"))
    state = replace(
        decision.state,
        failure=BROKEN,
        failing_since=NOW,
        good_at=NOW,
        checked_at=NOW,
        next_check_at=NOW + timedelta(minutes=10),
    )
    store, _ = await open_watch_store(directory)
    await store.commit([replace(decision, state=state, change=None, messages=())])
    await store.close()
