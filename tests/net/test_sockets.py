"""A budget of outbound sockets, on both event loops: idle ones make room, the longest idle first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.fetch.site import cut, page, serving
from watcher.net import Sessions

pytestmark = pytest.mark.both_loops
SECONDS = 20
HOSTS = [f"127.0.1.{host}" for host in range(1, 61)]


class Door:
    """A site that is reached at many addresses, each of which is another host to who asks."""

    def __init__(self) -> None:
        self.open = 0
        self.most = 0
        self.came: list[str] = []
        """the hosts, one for each connection, in the order in which they came"""
        self.gate = asyncio.Event()
        self.gate.set()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most = max(self.most, self.open)
        self.came.append(str(writer.get_extra_info("sockname")[0]))
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await self.gate.wait()
                writer.write(page())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def a_door(hosts: list[str]) -> AsyncIterator[tuple[Door, int]]:
    door = Door()
    first = await asyncio.start_server(door.answer, hosts[0], 0)
    port = first.sockets[0].getsockname()[1]
    others = await asyncio.start_server(door.answer, hosts[1:], port)
    async with first, others:
        yield door, port


async def ask(sessions: Sessions, host: str, port: int, *, is_private: bool = True) -> None:
    async with sessions.of(is_private).get(f"http://{host}:{port}/") as answer:
        assert await answer.read() == b"<p>hello</p>"


async def until_open(sessions: Sessions, number: int) -> None:
    async with asyncio.timeout(SECONDS):
        while sessions.sockets.open != number:  # noqa: ASYNC110 - a closed socket tells nobody
            await asyncio.sleep(0.001)


async def test_more_hosts_than_sockets_are_all_answered_within_the_budget() -> None:
    async with a_door(HOSTS) as (door, port), Sessions(most=20) as sessions:
        for _ in range(2):
            for start in range(0, len(HOSTS), 5):
                await asyncio.gather(*(ask(sessions, host, port) for host in HOSTS[start : start + 5]))
        await until_open(sessions, 10)
    assert door.most <= 20


async def test_the_longest_idle_connection_makes_room_and_the_newest_are_kept() -> None:
    async with a_door(HOSTS) as (door, port), Sessions(most=20) as sessions:
        for host in HOSTS[:10]:
            await ask(sessions, host, port)
        await ask(sessions, HOSTS[7], port)
        for host in HOSTS[10:12]:
            await ask(sessions, host, port)
        await until_open(sessions, 10)
        came = len(door.came)
        for host in (HOSTS[7], HOSTS[9], HOSTS[11]):
            await ask(sessions, host, port)
        assert door.came[came:] == []


async def test_no_more_are_in_use_at_once_than_the_budget_allows_and_all_get_their_turn() -> None:
    async with a_door(HOSTS) as (door, port), Sessions(most=20) as sessions:
        door.gate.clear()
        asking = asyncio.gather(*(ask(sessions, host, port) for host in HOSTS))
        await until_open(sessions, 10)
        assert len(door.came) <= 10
        door.gate.set()
        async with asyncio.timeout(SECONDS):
            await asking
    assert sorted(set(door.came)) == sorted(HOSTS)


async def test_a_connection_that_the_other_side_closes_counts_no_more() -> None:
    async with serving(cut(page())) as site, Sessions(most=4) as sessions:
        for _ in range(20):
            async with sessions.of(True).get(site.url()) as answer:
                await answer.read()
        await until_open(sessions, 0)


async def test_where_all_are_in_use_one_more_is_refused_as_by_the_system() -> None:
    """Addresses that are tried side by side are beyond what a connector counts, and so are two connectors."""
    async with a_door(HOSTS[:2]) as (door, port), Sessions(most=2, is_allowed=lambda _: True) as sessions:
        door.gate.clear()
        asking = [asyncio.create_task(ask(sessions, HOSTS[0], port, is_private=each)) for each in (True, False)]
        await until_open(sessions, 2)
        with pytest.raises(OSError, match="Too many open files"):
            sessions.sockets.make_room()
        door.gate.set()
        await asyncio.gather(*asking)
