"""The picker in a real Firefox: our script runs in the frame, its number comes out, and nothing of the page's does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.firefox import needs_firefox, open_firefox
from tests.web.console_desk import session_of
from tests.web.login import COOKIE, serving
from tests.web.pointing import WatcherOfPages
from tests.web.test_console_picking import NEW, SHOP, URL
from watcher.core.settings import Settings
from watcher.push.service import PushService

pytestmark = [pytest.mark.faults, needs_firefox]


async def test_a_price_is_pointed_at_in_firefox(push: PushService, settings: Settings, tmp_path: Path) -> None:
    watcher = WatcherOfPages(tmp_path, {URL: SHOP.encode()})
    watcher.config.write_text("watches: {}\n", encoding="utf-8")
    async with (
        serving(push, settings, local=watcher) as site,
        open_firefox(tmp_path / "profile", {"network.cookie.sameSite.laxByDefault": False}) as firefox,
    ):
        await firefox.goto(f"{site.base}/console/login")
        cookie = f"{COOKIE}={session_of(tmp_path / 'push.sqlite3')}; path=/"
        await firefox.evaluate(f"void (document.cookie = {json.dumps(cookie)})")
        await firefox.goto(f"{site.base}{NEW}")
        await firefox.evaluate(f"void (document.querySelector('[name=url]').value = {json.dumps(URL)})")
        await firefox.click("button", "Look at the page")
        await firefox.until("!!document.querySelector('[data-of=c0]')")
        frame = await firefox.frame()
        await frame.until("!!document.querySelector('[data-mark~=found]')")
        assert await frame.evaluate("[origin, document.scripts.length]") == ["null", 1]
        await frame.click_at("#deal")
        await firefox.until("document.querySelector('[data-chosen]')?.textContent.includes('$9.99')")
