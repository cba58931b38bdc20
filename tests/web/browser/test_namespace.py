"""A network of its own: a page with a public address is there, and nothing else."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.browser import in_one_browser
from tests.site import serve_site
from tests.web.browser.namespace import PUBLIC, in_namespace
from watcher.core.addresses import is_public

pytestmark = [*in_one_browser, pytest.mark.faults]


@in_namespace
async def test_browser_and_site_meet_at_a_public_address(browser: Browser) -> None:
    assert is_public(PUBLIC)
    async with serve_site(PUBLIC) as site:
        site.show("/", "<title>Public</title>")
        page = await browser.new_page()
        await page.goto(site.url)
        assert await page.title() == "Public"
