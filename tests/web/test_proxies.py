"""Whose request it is: the table of `watcher/web/transport/proxies.py`, and that limits and log go by it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from aiohttp import ClientSession, ClientTimeout
from msgspec.structs import replace

from watcher.core.pace import RateLimit
from watcher.core.settings import Settings
from watcher.push.service import PushService
from watcher.store.watch_reader import DiskWatchReader
from watcher.web.app import build_app
from watcher.web.transport.proxies import client_address, read_address, read_proxy
from watcher.web.transport.server import open_socket, start_server

TRUSTED = [read_proxy(text) for text in ("127.0.0.1", "10.0.0.0/8", "fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "real_ip", "client"),
    [
        pytest.param("203.0.113.1", ["198.51.100.7"], None, "203.0.113.1", id="a stranger's word is nothing"),
        pytest.param("203.0.113.1", [], "198.51.100.7", "203.0.113.1", id="in the other header neither"),
        pytest.param("127.0.0.1", [], None, "127.0.0.1", id="a proxy that says nothing"),
        pytest.param("127.0.0.1", ["198.51.100.7"], None, "198.51.100.7", id="one proxy"),
        pytest.param("127.0.0.1", ["198.51.100.7, 10.0.0.9"], None, "198.51.100.7", id="two proxies"),
        pytest.param("127.0.0.1", ["198.51.100.7", "10.0.0.9"], None, "198.51.100.7", id="two lines"),
        pytest.param("127.0.0.1", ["1.1.1.1, 198.51.100.7"], None, "198.51.100.7", id="an invention before it"),
        pytest.param("127.0.0.1", ["1.1.1.1", "198.51.100.7, 10.0.0.9"], None, "198.51.100.7", id="and by lines"),
        pytest.param("127.0.0.1", ["10.0.0.1, 10.0.0.2"], None, "10.0.0.1", id="trusted ones only"),
        pytest.param("127.0.0.1", ["198.51.100.7, , 10.0.0.9,"], None, "198.51.100.7", id="empty elements"),
        pytest.param("127.0.0.1", ["", ","], None, "127.0.0.1", id="nothing but empty elements"),
        pytest.param("127.0.0.1", ["198.51.100.7, unknown, 10.0.0.9"], None, "10.0.0.9", id="no address in between"),
        pytest.param("127.0.0.1", ["unknown"], None, "127.0.0.1", id="no address at all"),
        pytest.param("127.0.0.1", ["198.51.100.7:4711"], None, "198.51.100.7", id="a port"),
        pytest.param("127.0.0.1", ["[2001:db8::7]:4711"], None, "2001:db8::7", id="a port in IPv6"),
        pytest.param("127.0.0.1", ["2001:db8::7, fd00::1"], None, "2001:db8::7", id="IPv6"),
        pytest.param("::ffff:127.0.0.1", ["198.51.100.7"], None, "198.51.100.7", id="a mapped peer"),
        pytest.param("127.0.0.1", ["::ffff:198.51.100.7"], None, "198.51.100.7", id="a mapped client"),
        pytest.param("fd00::1%eth0", ["198.51.100.7"], None, "198.51.100.7", id="a peer with a zone"),
        pytest.param("127.0.0.1", [], "198.51.100.7", "198.51.100.7", id="X-Real-IP"),
        pytest.param("127.0.0.1", ["198.51.100.7"], "1.1.1.1", "198.51.100.7", id="X-Real-IP is second"),
        pytest.param("127.0.0.1", [""], "1.1.1.1", "127.0.0.1", id="even to an empty one"),
        pytest.param("127.0.0.1", [], "no address", "127.0.0.1", id="X-Real-IP that is none"),
        pytest.param("", ["198.51.100.7"], None, "", id="a peer that has gone"),
    ],
)
def test_the_client_is(peer: str, forwarded: Sequence[str], real_ip: str | None, client: str) -> None:
    assert client_address(peer, forwarded, TRUSTED, real_ip=real_ip) == client


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1.2.3.4.5", "[::1", "[1.2.3.4", "::1::", "1.2.3.4, 5.6.7.8"])
def test_an_address_is_read_or_not_and_nothing_breaks(text: str) -> None:
    found = read_address(text)
    assert found is None or str(found) in text


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("192.0.2.1", "192.0.2.1/32"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("fd00::/8", "fd00::/8"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("::/0", "::/0"),
    ],
)
def test_a_proxy_is_an_address_or_a_network(text: str, network: str) -> None:
    assert str(read_proxy(text)) == network


@pytest.mark.parametrize("text", ["", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.1:80"])
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not appear|host bits"):
        read_proxy(text)


@pytest.fixture
async def behind(push: PushService, settings: Settings) -> AsyncIterator[ClientSession]:
    """A client that stands where the server's proxy does; one address may ask twice."""
    limit = RateLimit(calls=2, per=timedelta(minutes=1))
    trusting = replace(settings, trusted_proxies=[read_proxy("127.0.0.1")], address_calls=limit)
    server = await start_server(
        build_app(push, trusting, DiskWatchReader(trusting.watches)), open_socket("127.0.0.1", 0)
    )
    async with ClientSession(f"http://127.0.0.1:{server.port}", timeout=ClientTimeout(total=30)) as session:
        yield session
    await server.stop()


async def codes(session: ClientSession, *clients: str) -> list[int]:
    """Ask how a message stands, once for each client."""
    found = []
    for client in clients:
        async with session.get("/api/send/query/1", headers={"X-Forwarded-For": client}) as answer:
            found.append((await answer.json())["msg"].count("rate limit"))
    return found


async def test_each_client_behind_a_proxy_has_its_own_limit(behind: ClientSession) -> None:
    assert await codes(behind, *["198.51.100.7"] * 3, "198.51.100.8") == [0, 0, 1, 0]


async def test_a_household_of_ipv6_shares_one(behind: ClientSession) -> None:
    assert await codes(behind, "2001:db8::1", "2001:db8::2", "[2001:db8::3]:80", "2001:db8:0:1::1") == [0, 0, 1, 0]


async def test_the_log_names_the_client(behind: ClientSession, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="watcher.web.access")
    await codes(behind, "198.51.100.7")
    assert [record.getMessage().split()[0] for record in caplog.records] == ["198.51.100.7"]
