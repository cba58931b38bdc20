"""How hosts stood, from one process to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from tests.store.cluster.tables import ask
from watcher.core.host_pace import HostPace
from watcher.errors import LeaseLostError
from watcher.store.cluster.hosts import read_paces, save_paces
from watcher.store.cluster.leases import Fence
from watcher.store.cluster.transactions import Transactions

FAILING = HostPace(host="a.example", failures=3, pause=timedelta(hours=1), why="503")
BACK = HostPace(host="b.example", failures=1, pause=None, why="no answer")
_LEASE = "INSERT INTO watcher.lease (name, epoch, since, renewed) VALUES ('hosts:7', 2, now(), now())"


@pytest.fixture
async def database(cluster_url: str) -> AsyncIterator[Transactions]:
    async with aclosing(Transactions(cluster_url, name="test")) as opened:
        await opened.run(lambda connection: connection.exec_driver_sql(_LEASE))
        yield opened


def fence(epoch: int) -> Fence:
    return Fence("hosts:7", epoch, on_lost=lambda: None)


async def test_who_takes_a_shard_finds_how_its_hosts_stood(database: Transactions) -> None:
    await database.run(partial(save_paces, shard=7, fence=fence(2), paces=[FAILING, BACK]))
    failing, back = sorted(await database.run(partial(read_paces, shard=7)), key=lambda each: each.host)
    assert (replace(failing, pause=FAILING.pause), back) == (FAILING, BACK)
    assert await database.run(partial(read_paces, shard=8)) == []
    await database.run(partial(save_paces, shard=7, fence=fence(2), paces=[BACK]))
    assert await database.run(partial(read_paces, shard=7)) == [BACK]


async def test_what_is_left_of_a_pause_is_counted_by_the_clock_of_the_database(
    database: Transactions, cluster_url: str
) -> None:
    await database.run(partial(save_paces, shard=7, fence=fence(2), paces=[FAILING]))
    ask(cluster_url, "UPDATE watcher.host SET paused_until = paused_until - interval '20 minutes'")
    (failing,) = await database.run(partial(read_paces, shard=7))
    assert failing.pause
    assert timedelta(minutes=35) < failing.pause < timedelta(minutes=40)


async def test_who_has_lost_a_shard_says_nothing_of_its_hosts(database: Transactions) -> None:
    with pytest.raises(LeaseLostError):
        await database.run(partial(save_paces, shard=7, fence=fence(1), paces=[FAILING]))
    assert await database.run(partial(read_paces, shard=7)) == []
