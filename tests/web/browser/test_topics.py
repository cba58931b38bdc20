"""Topics in a real browser: posters on paper."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.login import COOKIE
from tests.web.site import PASSWORD, Site
from watcher.core.locale import Locale
from watcher.core.push import AppProfile, PushTopic

pytestmark = in_one_browser

_POINTS_PER_MM = 72 / 25.4
_SHEETS = {"a4": (210, 297), "a6": (105, 148)}
_PAGE = re.compile(rb"/Type\s*/Page\b")
_BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]")


async def _console(browser: Browser, site: Site) -> Page:
    """Open a window in which the operator is signed in."""
    session = await site.push.operator.log_in(PASSWORD)
    assert session is not None
    context = await browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    base = f"http://push.example:{site.server.port}"
    await context.add_cookies([{"name": COOKIE, "value": session, "url": base}])
    return await context.new_page()


async def _topics(site: Site) -> list[PushTopic]:
    contact = "Write to us " * 30
    app, _ = await site.push.apps.add(AppProfile(name="The library", contact=contact[:500]))
    words = '"><img src=x> \u202eevil ' + "Neuerscheinungen " * 40
    texts = [
        ("New books", "Each Friday: what came in this week.", Locale.ENGLISH),
        ("新书通知", "每周五公布本周到馆的新书。", Locale.CHINESE),
        (words[:500], words[:500], Locale.ENGLISH),
        ("W" * 500, "好" * 500, Locale.CHINESE),
    ]
    return [
        await site.push.topics.add(name, app_id=app.id, description=description, language=language)
        for name, description, language in texts
    ]


@pytest.mark.faults
@pytest.mark.parametrize("sheet", _SHEETS)
async def test_a_poster_is_one_page_of_its_paper_with_all_of_it_on_it(browser: Browser, site: Site, sheet: str) -> None:
    page, topics = await _console(browser, site), await _topics(site)
    for topic in topics:
        await page.goto(f"http://push.example:{site.server.port}/console/topics/{topic.id}/poster?size={sheet}")
        pdf = await page.pdf(prefer_css_page_size=True)
        assert len(_PAGE.findall(pdf)) == 1
        [box] = _BOX.findall(pdf)
        assert [float(side) / _POINTS_PER_MM for side in box] == pytest.approx(_SHEETS[sheet], abs=0.5)
        await page.emulate_media(media="print", color_scheme="dark")
        fits = "(main) => main.scrollHeight <= main.clientHeight && main.scrollWidth <= main.clientWidth"
        assert await page.locator("main").evaluate(fits), topic.name
        paper = "(main) => [getComputedStyle(main).backgroundColor, getComputedStyle(main).color]"
        assert await page.locator("main").evaluate(paper) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
        await expect(page.locator("header")).to_be_hidden()
        await page.emulate_media(media="null")  # else it prints as it is on the screen
