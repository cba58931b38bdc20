"""The page of the API in a real browser."""

from __future__ import annotations

import re

import pytest
from markupsafe import escape

from tests.browser import needs_chromium, open_shell
from tests.web.site import Site
from watcher.translations import Locale, text
from watcher.web.api.listing import WXPUSHER
from watcher.web.api.v1.operations import DOCUMENTED
from watcher.web.middleware.guard import Role
from watcher.web.routes import ROUTES

_LEFT = "name => document.querySelector(name).getBoundingClientRect().left"


@pytest.mark.faults
@needs_chromium
async def test_the_header_is_above_the_text_and_nothing_sticks_out(site: Site) -> None:
    async with open_shell() as browser:
        for width in (320, 390, 1280):
            page = await browser.new_page(viewport={"width": width, "height": 800})
            await page.goto(f"{site.base}/docs?lang=en")
            assert await page.evaluate(_LEFT, ".brand") == await page.evaluate(_LEFT, "h1")
            await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_what_is_typed_is_marked_as_code(site: Site) -> None:
    html = await (await site.get("/docs")).text()
    assert "<code>watcher tokens add</code>" in html
    assert "`" not in html


@pytest.mark.parametrize(("language", "sends"), [("en", "Send a message"), ("zh", "发送消息")])
async def test_it_lists_both_apis_in_the_readers_language(site: Site, language: str, sends: str) -> None:
    for answer in (
        await site.get("/docs", headers={"Accept-Language": language}),
        await site.get(f"/docs?lang={language}", headers={"Accept-Language": "fr"}),
    ):
        html = await answer.text()
        assert answer.headers["Content-Language"] == language
        assert html.count(f"<span>{sends}</span>") == 2
        for operation in DOCUMENTED:
            assert f"<span>{escape(text(Locale(language), f'operation_{operation.id}'))}</span>" in html
        for route in WXPUSHER:
            assert f"<code>{escape(route.path)}</code>" in html
            assert f"<span>{escape(text(Locale(language), f'wxpusher_{route.name}'))}</span>" in html


def test_each_of_wxpushers_routes_is_listed() -> None:
    served = {
        (route.method, re.sub(r"{(\w+):(?:[^{}]|{[^}]*})*}", r"{\1}", route.path))
        for route in ROUTES
        if route.role in (Role.APP_TOKEN, Role.SPT, Role.OPEN)
        and not route.path.startswith(("/api/v1/", "/v1/", "/ntfy/"))
    }
    assert {(route.method, route.path) for route in WXPUSHER} == served
