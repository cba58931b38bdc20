from __future__ import annotations

import socket

import aiohttp
import pytest

from tests.fetch.site import page, serving
from watcher.core.addresses import is_public
from watcher.errors import AddressDeniedError
from watcher.net import Sessions
from watcher.net.guard import guarded_sockets

# First and last address of each row of the table, and the public neighbours of a few.
DENIED = """
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255
169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.192 192.0.0.255
192.0.2.0 192.0.2.255 192.31.196.0 192.31.196.255 192.52.193.0 192.52.193.255 192.88.99.0 192.88.99.255
192.168.0.0 192.168.255.255 192.175.48.0 192.175.48.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255
203.0.113.0 203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255
:: ::1 ::7f00:1 64:ff9b::1 100::1 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 4000:: fc00::1 fd00::1 fe80::1 ff02::1
2001:: 2001:0:1::1 2001:1ff:ffff::1 2001:db8:: 2001:db8:ffff::1 2002:: 2002:7f00:1::1 2002:ffff::1
2620:4f:8000:: 2620:4f:8000:ffff::1 3fff:: 3fff:fff::1
::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.1.2.3 ::ffff:169.254.169.254
""".split()  # noqa: SIM905 — a table of addresses reads better than a list of texts
PUBLIC = """
1.0.0.0 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 172.15.255.255
172.32.0.0 192.0.1.0 192.0.3.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2000::1 2001:200::1 2001:4860:4860::8888 2001:db7:ffff::1 2003::1 2620:4f:7fff::1 2620:4f:8001::1 3ffe::1
::ffff:8.8.8.8
""".split()  # noqa: SIM905 — a table of addresses reads better than a list of texts
UNREADABLE = ["", "localhost", "127.1", "0177.0.0.1", "0x7f000001", "2130706433", "8.8.8.8%eth0", "8.8.8.8 ", "①.0.0.1"]
ZONED = ["fe80::1%eth0", "2001:4860:4860::8888%eth0", "::ffff:8.8.8.8%eth0"]


@pytest.mark.parametrize("address", [*DENIED, *UNREADABLE, *ZONED])
def test_an_address_that_is_special_or_unreadable_is_denied(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_public_internet_is_allowed(address: str) -> None:
    assert is_public(address)


def test_the_factory_makes_a_socket_of_the_family_asked_for() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("8.8.8.8", 80))
    with guarded_sockets()(info) as made:
        assert made.family is socket.AF_INET


LITERALS = ["127.0.0.1", "127.0.0.2", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "①②⑦.0.0.1"]
SPELLINGS = ["127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"]


@pytest.mark.parametrize("host", [*LITERALS, *SPELLINGS, "localhost"])
async def test_no_spelling_of_loopback_is_reached_from_the_public_session(host: str) -> None:
    async with serving(page()) as site, Sessions() as sessions:
        with pytest.raises((AddressDeniedError, aiohttp.InvalidURL)):
            await sessions.of(False).get(site.url(host=host))
        assert site.heads == []


@pytest.mark.parametrize("host", [*LITERALS, "localhost"])
async def test_the_private_session_reaches_what_the_public_one_is_denied(host: str) -> None:
    async with serving(page()) as site, Sessions() as sessions:
        async with sessions.of(True).get(site.url(host=host)) as answer:
            assert answer.status == 200
        with pytest.raises(AddressDeniedError, match="allow_private"):
            await sessions.of(False).get(site.url(host=host))
        assert len(site.heads) == 1


async def test_a_connection_of_the_private_session_is_never_reused_by_the_public_one() -> None:
    async with serving(page()) as site, Sessions() as sessions:
        async with sessions.of(True).get(site.url()) as answer:
            await answer.read()
        with pytest.raises(AddressDeniedError):
            await sessions.of(False).get(site.url())
        assert len(site.heads) == 1
