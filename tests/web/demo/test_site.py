from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.demo.site import build_demo_site


class Clock:
    """The tick of the demo, set by the test."""

    tick = 0

    def __call__(self) -> int:
        return self.tick


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def demo(clock: Clock) -> AsyncIterator[TestClient[Request, Application]]:
    async with TestClient(TestServer(build_demo_site(clock))) as client:
        yield client


async def _text(demo: TestClient[Request, Application], path: str) -> str:
    return await (await demo.get(path)).text()


async def test_the_pages_follow_the_timetable(demo: TestClient[Request, Application], clock: Clock) -> None:
    assert '<p class="price">12.00</p>' in await _text(demo, "/books/dune")
    assert 'id="buy"' not in await _text(demo, "/tickets")
    clock.tick = 8
    assert '<p class="price">8.50</p>' in await _text(demo, "/books/dune")
    assert 'id="buy"' in await _text(demo, "/tickets")
    clock.tick = 16
    courses = await _text(demo, "/courses")
    assert "CS205" not in courses
    assert courses.count('<td class="code">') == 5


async def test_an_unchanged_page_answers_304(demo: TestClient[Request, Application], clock: Clock) -> None:
    etag = (await demo.get("/tickets")).headers["ETag"]
    again = await demo.get("/tickets", headers={"If-None-Match": etag})
    assert (again.status, again.headers["ETag"]) == (304, etag)
    clock.tick = 8
    assert (await demo.get("/tickets", headers={"If-None-Match": etag})).status == 200


async def test_the_pages_have_their_style(demo: TestClient[Request, Application]) -> None:
    assert (await demo.get("/style.css")).content_type == "text/css"


async def test_the_pages_are_served_below_a_path_of_the_server_too(
    push: PushService, settings: Settings, clock: Clock
) -> None:
    app = build_app(push, settings, DiskWatchReader(settings.watches))
    app.add_subapp("/demo", build_demo_site(clock))
    async with TestClient(TestServer(app)) as client:
        page = await client.get("/demo/books/dune")
        assert (page.status, page.headers["X-Content-Type-Options"]) == (200, "nosniff")
        assert "../style.css" in await page.text()
        missing = await client.get("/demo/nothing")
        assert missing.status == 404
        assert "Page not found" in await missing.text()
