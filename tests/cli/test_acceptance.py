"""The whole flow as people meet it: the command, a page that changes, a browser."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser import needs_chromium, open_browser
from tests.cli.command import Command, eventually, line_with
from tests.site import Site

WATCHES = """
topics:
  deals: {{name: Price drops}}
watches:
  dune:
    name: Dune
    url: {site}/dune
    topic: deals
    allow_private: true
    every: 1s
    per_host: {{min_delay: 0s}}
    extract:
      price: {{css: .price, type: money}}
    notify_when:
      - price: {{below: 10}}
"""


@needs_chromium
async def test_a_page_changes_and_who_subscribed_reads_it_without_a_reload(watcher: Command, site: Site) -> None:
    watcher.write(WATCHES.format(site=site.url))
    site.show("/dune", "<h1>Dune</h1><p class=price>12.00</p>")
    await watcher("check")
    async with watcher.running("run", "--port", "0") as (process, _), open_browser() as browser:
        link = re.search(r"http://\S+/t/\S+", await line_with(process.stdout, "nobody listens to"))
        assert link
        page = await browser.new_page()
        await page.goto(link[0])
        await page.get_by_role("button", name="Subscribe").click()
        await expect(page.get_by_role("status")).to_have_text("Live")
        await page.evaluate("window.sameDocument = true")

        site.show("/dune", "<h1>Dune</h1><p class=price>8.50</p>")
        told = page.get_by_role("link", name="Dune 12.00 → 8.50")
        await expect(told).to_be_visible()
        assert await page.evaluate("window.sameDocument")
        await told.click()
        await expect(page.get_by_role("heading", name="Dune 12.00 → 8.50")).to_be_visible()

        async def was_opened() -> bool:  # which the page has told while it left
            (message,) = (await watcher("messages", "--json")).records
            return bool(message["deliveries"] == {"queued": 0, "sent": 0, "shown": 0, "opened": 1, "failed": 0})

        await eventually(was_opened)


@pytest.mark.faults
@needs_chromium
async def test_the_demo_shows_a_change_in_a_browser_within_a_minute(watcher: Command) -> None:
    async with watcher.running("demo", "--host", "127.0.0.1") as (process, _), open_browser() as browser:
        link = re.search(r"http://127\.0\.0\.1:\d+/t/\S+", await line_with(process.stdout, "/t/"))
        said = await line_with(process.stdout, "/console with the password ")
        console = re.search(r"(http://\S+/console) with the password (\S+)", said)
        assert link
        assert console
        page = await browser.new_page()
        await page.goto(link[0])
        await page.get_by_role("button", name="Subscribe").click()
        await expect(page.get_by_role("link", name=re.compile("Dune|Courses|Harbour")).first).to_be_visible()
        told: set[str] = set()
        async with asyncio.timeout(60):  # what changed, who was told, and that it was seen
            while not told >= {"changed", "message", "delivery"}:
                told.add((await process.stdout.readline()).decode().split()[1])
        await page.goto(console[1])
        await page.locator("input[type=password]").fill(console[2])
        await page.locator("button[type=submit]").first.click()
        await expect(page).to_have_url(re.compile("/console$"))
        await expect(page.locator("input[type=password]")).to_have_count(0)
