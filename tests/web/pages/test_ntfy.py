"""Where a subscriber is shown how an app of ntfy's follows the inbox, and where they end that."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import pytest

from tests.web.pages.test_reach import FORM
from tests.web.site import Site
from watcher.core.channels import ChannelName
from watcher.core.push import NewSubscriber
from watcher.push.channels.ntfy import NtfyChannel
from watcher.push.channels.offered import Channels
from watcher.web.pages.ntfy import app_link


@pytest.fixture
def channels() -> Channels:
    channel = NtfyChannel()
    return Channels(by_name={channel.name: channel}, ntfy=channel)


async def _page(site: Site, reader: NewSubscriber) -> str:
    return unescape(await (await site.get("/reach", device=reader)).text())


async def _topic(site: Site, reader: NewSubscriber) -> str:
    [address] = await site.push.addresses.of(reader.subscriber)
    assert address.channel is ChannelName.NTFY
    return address.value


async def test_a_press_of_the_button_shows_code_link_topic_and_server(site: Site) -> None:
    reader = await site.reader()
    assert "Use the ntfy app" in await _page(site, reader)
    answer = await site.post("/reach/ntfy", device=reader, headers=FORM)
    assert (answer.status, answer.headers["Location"]) == (303, "/reach#ntfy")
    page, topic = await _page(site, reader), await _topic(site, reader)
    assert f'href="ntfy://push.example/{topic}?secure=false"' in page
    assert f"<code>{topic}</code>" in page
    assert "<code>http://push.example</code>" in page
    assert "<svg" in page
    assert "ntfy app" in page


async def test_a_second_press_changes_nothing(site: Site) -> None:
    reader = await site.reader()
    await site.post("/reach/ntfy", device=reader, headers=FORM)
    topic = await _topic(site, reader)
    await site.post("/reach/ntfy", device=reader, headers=FORM)
    assert await _topic(site, reader) == topic


@pytest.mark.parametrize("end", ["/reach/ntfy/renew", "/reach/{id}/remove"])
async def test_a_new_topic_or_none_ends_what_the_old_one_opened(site: Site, end: str) -> None:
    reader = await site.reader()
    await site.post("/reach/ntfy", device=reader, headers=FORM)
    [address] = await site.push.addresses.of(reader.subscriber)
    async with asyncio.timeout(30), site.client.get(f"/{address.value}/json") as stream:
        assert b'"open"' in await stream.content.readline()
        await site.post(end.format(id=address.id), device=reader, headers=FORM)
        while await stream.content.readline():
            pass
    assert (await site.get(f"/{address.value}/auth")).status == 403
    assert address.value not in await _page(site, reader)


async def test_a_new_topic_is_told_of(site: Site) -> None:
    reader = await site.reader()
    await site.post("/reach/ntfy", device=reader, headers=FORM)
    answer = await site.post("/reach/ntfy/renew", device=reader, headers=FORM)
    assert answer.headers["Location"] == "/reach?told=ntfy_renewed#ntfy"
    page = unescape(await (await site.get("/reach?told=ntfy_renewed", device=reader)).text())
    assert re.search(r'role="status">The old topic has ended', page)


@pytest.mark.parametrize(
    ("server", "link"),
    [
        ("https://push.example", "ntfy://push.example/t"),
        ("https://push.example:8443", "ntfy://push.example:8443/t"),
        ("http://192.168.1.7:8400", "ntfy://192.168.1.7:8400/t?secure=false"),
        ("https://example.org/push", None),
    ],
)
def test_the_link_names_the_server_as_the_app_reads_it(server: str, link: str | None) -> None:
    assert app_link(server, "t") == link
