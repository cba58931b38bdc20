"""A page that is looked at cannot have us ask what stands behind the operator's firewall."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.fetch.site import page, redirect, serving
from tests.site import serve_site
from watcher.config import parse
from watcher.core.values import Json
from watcher.core.watch import Watch
from watcher.errors import AddressDeniedError
from watcher.net import Sessions
from watcher.net.resolver import AddressInfo
from watcher.runtime.looking.suggesting import suggestions_of_page

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Shop</title>
<item><guid>1</guid><title>A lamp</title><link>https://shop.example/1</link></item>
<item><guid>2</guid><title>A chair</title><link>https://shop.example/2</link></item></channel></rss>"""
PAGE = """<html><head><title>Lamp</title><link rel="alternate" type="application/rss+xml" href="{feed}"></head>
<body><main><h1>Lamp</h1><div class="offer"><span class="price">€ 1,299.00</span></div>
<p>It gives a warm light, and stands on any table.</p></main></body></html>"""


def watch_of(url: str) -> Watch:
    """Return a watch of a page, as the command line makes one."""
    return parse(f"watches: {{a: {{url: '{url}', topic: t, allow_private: true}}}}", file="f", environ={}).watches["a"]


async def test_a_public_page_that_redirects_to_a_private_address_is_refused() -> None:
    async with serving(page(b"inside")) as inside, serving(redirect(inside.url(host="www.shop.example"))) as site:

        def look_up(_: str, port: int, **__: object) -> Sequence[AddressInfo]:
            address = "127.0.0.1" if port == site.port else "127.0.0.2"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        url = site.url(host="shop.example")
        with pytest.raises(AddressDeniedError):
            await suggestions_of_page(
                watch_of(url),
                url,
                sessions_of=lambda: Sessions(is_allowed=lambda address: address == "127.0.0.1", look_up=look_up),
            )
        assert (len(site.heads), len(inside.heads)) == (1, 0)


@pytest.mark.faults
async def test_the_login_of_a_page_goes_to_no_other_server() -> None:
    async with serving(page(FEED.encode(), headers={"Content-Type": "application/rss+xml"})) as other:
        feed = other.url(host="feeds.example")
        async with serving(page(PAGE.format(feed=feed).encode())) as site:
            url = site.url(host="shop.example")
            watch = watch_of(url)
            login: dict[str, Json] = {"headers": {"X-Key": "${KEY}"}}
            offers = await suggestions_of_page(
                replace(watch, request=replace(watch.request, headers={"X-Key": "0123456789"}, cookies={"a": "b"})),
                url,
                login=login,
                sessions_of=lambda: Sessions(is_allowed=lambda _: True, look_up=_loopback),
            )
    assert "x-key: 0123456789" in site.heads[0].lower()
    assert not {"x-key", "cookie"} & {line.partition(":")[0] for line in other.heads[0].lower().splitlines()}
    assert {each.watch["url"]: each.watch.get("headers") for each in offers.candidates} == {
        url: login["headers"],
        feed: None,
    }


def _loopback(_: str, port: int, **__: object) -> Sequence[AddressInfo]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@pytest.mark.faults
async def test_what_is_allowed_for_a_private_page_goes_for_no_other_server() -> None:
    async with serve_site() as site, serve_site() as other:
        other.show("/feed", FEED)
        site.show("/lamp", PAGE.format(feed=f"{other.url}/feed"))
        offers = await suggestions_of_page(watch_of(f"{site.url}/lamp"), f"{site.url}/lamp")
        assert not other.requests
    assert offers.is_private
    assert {each.watch["url"] for each in offers.candidates} == {f"{site.url}/lamp"}


@pytest.mark.faults
async def test_a_feed_that_a_page_names_is_watched_as_its_entries_are() -> None:
    async with serve_site() as site:
        site.show("/feed", FEED.replace("title>", "description>"))
        site.content_types["/feed"] = "application/rss+xml"
        site.show("/lamp", PAGE.format(feed="/feed"))
        offers = await suggestions_of_page(watch_of(f"{site.url}/lamp"), f"{site.url}/lamp")
    (feed,) = [each for each in offers.candidates if each.kind.value == "feed"]
    assert feed.watch["items"] == {"feed": True, "fields": {"title": "summary"}}


@pytest.mark.faults
async def test_a_feed_of_the_private_server_itself_is_asked() -> None:
    async with serve_site() as site:
        site.show("/feed", FEED)
        site.content_types["/feed"] = "application/rss+xml"
        site.show("/lamp", PAGE.format(feed="/feed"))
        offers = await suggestions_of_page(watch_of(f"{site.url}/lamp"), f"{site.url}/lamp")
    (feed,) = [each for each in offers.candidates if each.kind.value == "feed"]
    assert feed.watch["allow_private"] is True
