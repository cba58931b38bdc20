from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import aiohttp
import pytest

from tests.fetch.site import page, serving
from tests.files import no_more_files
from watcher.core.addresses import is_public
from watcher.errors import AddressDeniedError
from watcher.net import Sessions
from watcher.net.resolver import AddressInfo, LookUp, Places, Resolver

_SECONDS = 30


def info(address: str) -> AddressInfo:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sockaddr: tuple[str, int] | tuple[str, int, int, int] = (address, 80, 0, 0) if ":" in address else (address, 80)
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", sockaddr)


def names(table: dict[str, Sequence[str]]) -> LookUp:
    """Return a DNS that knows these names."""

    def look_up(host: str, *_: object, **__: object) -> Sequence[AddressInfo]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [info(address) for address in table[host]]

    return look_up


@contextmanager
def hanging(is_dead: Callable[[str], bool]) -> Iterator[LookUp]:
    """Give a DNS that never answers for dead names, until the block ends."""
    over = threading.Event()

    def look_up(host: str, *_: object, **__: object) -> Sequence[AddressInfo]:
        if is_dead(host):
            over.wait(2 * _SECONDS)
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [info("127.0.0.1")]

    try:
        yield look_up
    finally:
        over.set()


def resolver(look_up: LookUp, lookup_seconds: float = 5.0) -> Resolver:
    return Resolver(is_allowed=lambda _: True, look_up=look_up, lookup_seconds=lookup_seconds)


async def test_private_addresses_are_taken_out_of_a_mixed_answer() -> None:
    mixed = Resolver(is_allowed=is_public, look_up=names({"mixed.example": ["10.0.0.1", "8.8.8.8", "::1"]}))

    assert [result["host"] for result in await mixed.resolve("mixed.example", 80)] == ["8.8.8.8"]


async def test_a_name_with_private_addresses_alone_is_denied_by_name() -> None:
    private = Resolver(is_allowed=is_public, look_up=names({"intranet.example": ["10.0.0.1", "10.0.0.2"]}))

    with pytest.raises(AddressDeniedError, match=r"intranet\.example is 10\.0\.0\.1"):
        await private.resolve("intranet.example", 80)


async def test_an_answer_without_addresses_is_no_such_name() -> None:
    with pytest.raises(socket.gaierror):
        await resolver(names({"empty.example": []})).resolve("empty.example", 80)


async def test_a_lookup_that_hangs_is_given_up_in_time() -> None:
    with hanging(lambda _: True) as look_up, pytest.raises(socket.gaierror) as raised:
        await resolver(look_up, lookup_seconds=0.02).resolve("dead.example", 80)

    assert raised.value.errno == socket.EAI_AGAIN


async def test_fifty_dead_names_stop_the_others_once_at_most() -> None:
    dead = [f"dead{n}.example" for n in range(50)]
    with hanging(lambda host: host.startswith("dead")) as look_up:
        many = resolver(look_up, lookup_seconds=0.05)
        # Eight hang for the first time; from now on they are doubtful, and get twenty places together.
        await asyncio.gather(*(many.resolve(host) for host in dead[:8]), return_exceptions=True)
        many._lookup_seconds = 3_600
        again = [asyncio.ensure_future(many.resolve(host)) for host in dead[:8] * 5]
        async with asyncio.timeout(_SECONDS):
            assert await many.resolve("alive.example") != []
        assert not any(task.done() for task in again)
        for task in again:
            task.cancel()
        await asyncio.gather(*again, return_exceptions=True)


async def test_fifty_dead_names_hold_up_no_living_one_even_at_first() -> None:
    with hanging(lambda host: host.startswith("dead")) as look_up:
        many = resolver(look_up, lookup_seconds=3_600)
        dead = [asyncio.ensure_future(many.resolve(f"dead{n}.example")) for n in range(50)]
        async with asyncio.timeout(_SECONDS):
            assert await many.resolve("alive.example") != []
        for task in dead:
            task.cancel()
        await asyncio.gather(*dead, return_exceptions=True)


async def test_who_got_no_place_is_not_doubted_and_who_had_enough_leaves_a_doubt() -> None:
    with hanging(lambda host: host.startswith("dead")) as look_up:
        many = resolver(look_up, lookup_seconds=0.1)
        hung = [asyncio.ensure_future(many.resolve(f"dead{n}.example")) for n in range(100)]
        await asyncio.sleep(0)
        with pytest.raises(socket.gaierror):
            await many.resolve("alive.example")
        for task in hung:
            task.cancel()
        await asyncio.gather(*hung, return_exceptions=True)
        assert "alive.example" not in many._doubtful
        assert "dead0.example" in many._doubtful


async def test_a_lookup_that_fails_in_an_odd_way_says_so_and_keeps_no_place() -> None:
    def odd(*_: object, **__: object) -> Sequence[AddressInfo]:
        raise ValueError("embedded null character")

    some = resolver(odd)
    for _ in range(40):
        with pytest.raises(ValueError, match="null"):
            await some.resolve("odd.example")


async def test_a_machine_without_threads_left_is_a_passing_failure_and_keeps_no_place() -> None:
    size = threading.stack_size()
    some = resolver(names({"host.example": ["127.0.0.1"]}))
    threading.stack_size(2**46)
    try:
        for _ in range(40):
            with pytest.raises(socket.gaierror) as refused:
                await some.resolve("host.example")
            assert refused.value.errno == socket.EAI_AGAIN
    finally:
        threading.stack_size(size)
    assert await some.resolve("host.example") != []


async def test_a_name_that_came_back_is_trusted_again() -> None:
    table: dict[str, Sequence[str]] = {}
    some = resolver(names(table))
    with pytest.raises(socket.gaierror):
        await some.resolve("back.example", 80)
    table["back.example"] = ["127.0.0.1"]

    assert (await some.resolve("back.example", 80))[0]["host"] == "127.0.0.1"
    assert (await some.resolve("back.example", 80))[0]["host"] == "127.0.0.1"


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.1", "127.0.0.2"], ["127.0.0.1", "::1", "10.0.0.1"]])
async def test_a_name_that_rebinds_to_loopback_is_denied_through_the_session(addresses: Sequence[str]) -> None:
    async with serving(page()) as site, Sessions(look_up=names({"rebind.example": addresses})) as sessions:
        with pytest.raises(AddressDeniedError):
            await sessions.of(False).get(site.url(host="rebind.example"))
        assert site.heads == []
        async with sessions.of(True).get(site.url(host="rebind.example")) as answer:
            assert answer.status == 200


async def test_a_name_that_does_not_exist_is_a_dns_error_to_aiohttp() -> None:
    async with Sessions(look_up=names({})) as sessions:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await sessions.of(False).get("http://nowhere.example/")


async def test_a_lookup_for_which_no_file_is_left_says_so_and_casts_no_doubt_on_the_name() -> None:
    """getaddrinfo tells of a server that does not answer when it cannot open a socket to ask it."""
    has_files = False

    def look_up(*_: object, **__: object) -> Sequence[AddressInfo]:
        if not has_files:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [info("8.8.8.8")]

    asked = Resolver(is_allowed=is_public, look_up=look_up, places=Places(2))
    with no_more_files(), pytest.raises(OSError, match="Too many open files"):
        await asked.resolve("shop.example", 80)
    has_files = True
    assert [result["host"] for result in await asked.resolve("shop.example", 80)] == ["8.8.8.8"]
