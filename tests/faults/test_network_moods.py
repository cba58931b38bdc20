"""Names that nobody answers for, and a network that is down: the real loop, with a clock that only a test turns."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import TCPConnector
from msgspec.structs import replace

from tests.faults.tally import Tally, sized
from tests.fetch.conftest import fetcher_of
from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import Room, working
from tests.watching.shop import Shop, open_shop, watch_of
from watcher.core.check import Verdict
from watcher.core.watch import Watch
from watcher.net import Sessions
from watcher.net.resolver import AddressInfo
from watcher.store.watch_store import DiskWatchStore, open_watch_store
from watcher.watching.check import CheckTools
from watcher.watching.page_pool import PagePool

DEAD = 50
LIVING = 10
ROUNDS = sized(5, 30)
EVERY = 60.0
_CLOSE = {"Connection": "close"}
"""A connection that is kept needs no name."""


@dataclass
class Dns:
    """
    A name server. Every name lives on loopback.

    Attributes:
        asked: how often, by name.
    """

    is_down: bool = False
    over: threading.Event = field(default_factory=threading.Event)
    asked: Counter[str] = field(default_factory=Counter)

    def look_up(self, host: str, port: int, **__: object) -> Sequence[AddressInfo]:
        """Hang for dead names, as getaddrinfo does when no server answers."""
        self.asked[host] += 1
        if host.startswith("dead"):
            self.over.wait(60)
        if self.is_down or host.startswith("dead"):
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


@contextmanager
def a_dns() -> Iterator[Dns]:
    dns = Dns()
    try:
        yield dns
    finally:
        dns.over.set()


@asynccontextmanager
async def some_tools(dns: Dns) -> AsyncIterator[tuple[CheckTools, Callable[[], None]]]:
    """Give tools, and what makes it look all names up again, as it would after a minute."""
    async with Sessions(look_up=dns.look_up) as sessions, PagePool() as pool:
        connector = sessions.of(True).connector
        assert isinstance(connector, TCPConnector)
        yield CheckTools(fetcher=fetcher_of(sessions), readers=pool, epoch=lambda: "epoch"), connector.clear_dns_cache


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with open_shop() as opened:
        yield opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


def watch_at(shop: Shop, name: str, *, seconds: float = BOUND_SECONDS) -> Watch:
    """A watch whose host is a name."""
    watch = watch_of(shop, name, every=EVERY)
    url = f"{shop.base}/{name}".replace("127.0.0.1", f"{name}.example")
    request = replace(watch.request, url=url, timeout=timedelta(seconds=seconds))
    return replace(watch, request=request)


def good_checks(room: Room, names: Sequence[str]) -> Counter[str]:
    """How many good checks of these watches have ended."""
    return Counter(
        decision.watch
        for decision in room.ledger.decisions
        if decision.watch in names and decision.state.failure is None
    )


async def until_good(room: Room, names: Sequence[str], number: int) -> None:
    """Return when so many good checks of each have ended; those of others may end, too, or hang."""
    async with asyncio.timeout(BOUND_SECONDS):
        ended = 0
        while min(good_checks(room, names)[name] for name in names) < number:
            ended = max(ended, len(room.ledger.decisions)) + 1
            await room.ledger.until(ended)


async def test_fifty_names_that_nobody_answers_for_hold_no_other_watch_up(
    tally: Tally, shop: Shop, store: DiskWatchStore
) -> None:
    tally.what = f"checks beside {DEAD} watches whose names hang"
    dead, living = [f"dead{n}" for n in range(DEAD)], [f"living{n}" for n in range(LIVING)]
    for name in living:
        shop.show(f"/{name}", "<p class=price>1</p>", headers=_CLOSE)
    watches = [*(watch_at(shop, name, seconds=2) for name in dead), *(watch_at(shop, name) for name in living)]
    slowest = 0.0
    with a_dns() as dns:
        async with some_tools(dns) as (tools, forget_names), working(store, tools, *watches) as room:
            for number in range(1, ROUNDS + 1):
                began = time.monotonic()
                await until_good(room, living, number)
                slowest = max(slowest, time.monotonic() - began)
                forget_names()
                await room.look(EVERY)
            good = good_checks(room, living)
            failed = [one for one in room.ledger.decisions if one.watch in living and one.verdict is Verdict.FAILED]
            tally.tried, tally.failed = sum(good.values()), len(failed)
            tally.figures["slowest round"] = f"{slowest * 1_000:.0f} ms"
            assert failed == []
            assert min(dns.asked[f"{name}.example"] for name in living) >= ROUNDS
            assert len([name for name in dead if dns.asked[f"{name}.example"]]) == DEAD
            dns.over.set()


async def test_a_network_that_is_down_is_told_once_and_not_once_for_each_watch(
    tally: Tally, shop: Shop, store: DiskWatchStore
) -> None:
    tally.what = "watches whose whole network is down"
    names = [f"w{n}" for n in range(sized(20, 100))]
    for name in names:
        shop.show(f"/{name}", "<p class=price>1</p>", headers=_CLOSE)
    number = len(names)
    with a_dns() as dns:
        watches = [watch_at(shop, name) for name in names]
        async with some_tools(dns) as (tools, forget_names), working(store, tools, *watches) as room:
            await room.turn(0, checks=number)
            dns.is_down = True
            for minutes in (1, 2, 4, 8, 16):  # each failure doubles the interval
                forget_names()
                await room.turn(minutes * EVERY, checks=number)
            failed = [one for one in room.ledger.decisions if one.verdict is Verdict.FAILED]
            during = await room.words()
            dns.is_down = False
            forget_names()
            await room.turn(32 * EVERY, checks=number)
            words = await room.words()
    tally.tried, tally.failed = number, len(words) - 2
    tally.figures["failed checks"] = str(len(failed))
    tally.figures["alerts"] = f"{len(during)}, and {len(words) - len(during)} when it was back"
    assert len(failed) == 5 * number
    assert [one[:26] for one in words] == ["admin: The network is down", "admin: The network is back"]
    assert len(during) == 1
