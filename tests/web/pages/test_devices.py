"""Another device for the same subscriber."""

from __future__ import annotations

import logging
import re
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientResponse

from tests.web.site import JSON, Site
from watcher.core.masking import masked
from watcher.core.push import NewSubscriber
from watcher.web.device import DEVICE_COOKIE


async def _claim(site: Site, reader: NewSubscriber) -> str:
    html = await (await site.post("/devices", device=reader)).text()
    found = re.search(r"http://push\.example(/claim/\w{32})<", html)
    assert found, html
    return found[1]


def _device(answer: ClientResponse) -> str:
    return SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE].value


async def test_a_code_makes_another_device_a_reader_of_the_same_inbox_once(site: Site) -> None:
    reader = await site.reader()
    path = await _claim(site, reader)
    answer = await site.post(path)
    assert (answer.status, answer.headers["Location"]) == (303, "/inbox")
    assert await site.push.subscriber_of_device(_device(answer)) == reader.subscriber
    again = await site.post(path)
    assert again.status == 410
    assert "Set-Cookie" not in again.headers
    assert "This link is over" in await again.text()


async def test_looking_at_a_claim_takes_nothing(site: Site) -> None:
    path = await _claim(site, await site.reader())
    for _ in range(3):
        answer = await site.get(path)
        assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Read your messages on this device too" in await answer.text()
    assert (await site.post(path)).status == 303


async def test_a_device_with_an_inbox_of_its_own_is_told_what_it_leaves_behind(site: Site) -> None:
    reader, other = await site.reader(), await site.reader()
    path = await _claim(site, reader)
    assert "leaves that behind" not in await (await site.get(path)).text()
    assert "leaves that behind" in await (await site.get(path, device=other)).text()
    assert await site.push.subscriber_of_device(_device(await site.post(path, device=other))) == reader.subscriber
    assert await site.push.subscriber_of_device(other.device_token) == other.subscriber


async def test_an_icon_whose_claim_was_taken_opens_the_inbox(site: Site) -> None:
    reader = await site.reader()
    path = await _claim(site, reader)
    await site.post(path)
    assert (await site.get(path, device=reader)).headers["Location"] == "/inbox"
    assert (await site.get(path)).status == 410


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "%ff"])
async def test_a_claim_that_nobody_made_is_over(site: Site, token: str) -> None:
    assert (await site.get(f"/claim/{token}")).status == (await site.post(f"/claim/{token}")).status == 410


async def test_a_get_makes_no_claim(site: Site) -> None:
    reader = await site.reader()
    for path in ("/devices", "/devices/home"):
        assert (await site.get(path, device=reader)).status in {404, 405}


async def test_the_icon_on_an_iphones_home_screen_begins_with_a_claim(site: Site) -> None:
    reader = await site.reader()
    answer = await site.post("/devices/home", device=reader, body=b"{}", headers=JSON)
    manifest = await (await site.get((await answer.json())["manifest"])).json(content_type=None)
    taken = await site.post(manifest["start_url"])
    assert await site.push.subscriber_of_device(_device(taken)) == reader.subscriber


async def test_who_makes_claims_without_end_waits(site: Site) -> None:
    reader = await site.reader()
    statuses = {(await site.post("/devices", device=reader)).status for _ in range(31)}
    assert statuses == {200, 429}


async def test_no_log_names_a_claim(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        path = await _claim(site, await site.reader())
        await site.get(path)
        await site.post(path)
    assert path not in caplog.text
    assert masked(path) == "/claim/***"
