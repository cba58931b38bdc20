"""Bark at `/reach`: a code is sent to the device, and typed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse

from tests.push.emulators.bark import DEVICE, KEY, Bark, a_bark_server
from tests.web.login import FORM
from tests.web.site import NOW, Site
from watcher.core.push import NewSubscriber
from watcher.net import Sessions
from watcher.push.channels.bark.channel import BarkChannel
from watcher.push.channels.offered import Channels


@pytest.fixture
async def bark() -> AsyncIterator[Bark]:
    async with a_bark_server() as server:
        yield server


@pytest.fixture
async def channels(bark: Bark) -> AsyncIterator[Channels]:
    async with Sessions() as sessions:
        channel = BarkChannel(sessions, now=lambda: NOW, route=bark.route)
        yield Channels(by_name={channel.name: channel}, asking={channel.name: channel})


async def _send(site: Site, path: str, reader: NewSubscriber, **fields: str) -> ClientResponse:
    return await site.post(path, body=urlencode(fields).encode(), headers=FORM, device=reader)


async def _addresses(site: Site, reader: NewSubscriber) -> list[str]:
    return [address.value for address in await site.push.addresses.of(reader.subscriber)]


async def test_a_device_is_used_once_its_code_is_typed_in(site: Site, bark: Bark) -> None:
    reader = await site.reader()
    asked = await _send(site, "/reach/bark", reader, device=f"{DEVICE}/Title")
    assert (asked.status, asked.headers["Location"]) == (303, "/reach?told=bark#bark")
    [message] = bark.pushes
    code = next(word for word in message["title"].split() if word.isdigit())
    assert reader.subscriber.uid in message["body"]
    assert await _addresses(site, reader) == []
    html = await (await site.get("/reach?told=bark", device=reader)).text()
    assert '<input type="hidden" name="channel" value="bark">' in html
    wrong = await _send(site, "/reach/code", reader, channel="bark", code="000000" if code != "000000" else "1")
    assert wrong.status == 422
    assert (await _send(site, "/reach/code", reader, channel="upstream", code=code)).status == 422
    assert (await _send(site, "/reach/code", reader, channel="bark", code=code)).status == 303
    assert await _addresses(site, reader) == [DEVICE]
    html = await (await site.get("/reach", device=reader)).text()
    assert "api.day.app …Zc3H" in html
    assert KEY not in html


@pytest.mark.faults
async def test_a_device_that_bark_does_not_know_and_what_is_no_address_are_named(site: Site, bark: Bark) -> None:
    reader = await site.reader()
    bark.keys.clear()
    unknown = await _send(site, "/reach/bark", reader, device=DEVICE)
    assert unknown.status == 422
    assert "does not know this device" in await unknown.text()
    wrong = await _send(site, "/reach/bark", reader, device="https://example.org/verysecret")
    assert wrong.status == 422
    assert "no address of Bark" in await wrong.text()
    bark.answers.append((503, b""))
    assert (await _send(site, "/reach/bark", reader, device=DEVICE)).status == 503
