"""Which worker takes on how many shards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Final

import pytest

from tests import postgresql as server
from tests.cluster.test_duties import Doing
from tests.push.relays import until
from tests.running import meanwhile
from watcher.cluster.duties import run_duties
from watcher.cluster.quotas import Quotas, quota_of
from watcher.core.shards import HOST_SHARDS, TOPIC_SHARDS, hosts_lease, topics_lease

TTL: Final = timedelta(seconds=3)
HOURS: Final = timedelta(hours=3)
SHARDS: Final = [hosts_lease(shard) for shard in range(8)]
_COMMITS: Final = "SELECT xact_commit FROM pg_stat_database WHERE datname = '{}'"
_MOST_A_SECOND: Final = 4


@pytest.mark.parametrize(
    ("shards", "most", "quotas"),
    [
        (64, {"a": 64}, {"a": 64}),
        (64, {"a": 64, "b": 64, "c": 64}, {"a": 22, "b": 21, "c": 21}),
        (64, {"a": 64, "b": 8, "c": 64}, {"a": 28, "b": 8, "c": 28}),
        (64, {"a": 8, "b": 8}, {"a": 8, "b": 8}),
        (1, {"a": 64, "b": 64}, {"a": 1, "b": 0}),
        (0, {"a": 64}, {"a": 0}),
    ],
)
def test_parts_are_equal_but_for_those_who_may_have_fewer(
    shards: int, most: Mapping[str, int], quotas: Mapping[str, int]
) -> None:
    assert {worker: quota_of(worker, shards, most) for worker in most} == quotas


def test_who_is_not_among_those_that_live_has_no_part() -> None:
    assert quota_of("c", 64, {"a": 64, "b": 64}) == 0


def test_each_kind_is_shared_out_for_itself_and_what_is_no_shard_falls_to_anybody() -> None:
    quotas = Quotas("b", ["hosts:0", "hosts:1", "topics:0", "digest"], 64)
    quotas.hear({"a": 64, "b": 64})
    assert quotas.may_take(["hosts:0", "topics:0", "digest"], []) == ["hosts:0", "digest"]
    assert quotas.may_take(["hosts:0", "digest"], ["hosts:1"]) == ["digest"]
    assert quotas.too_many(["hosts:1", "digest"]) is None
    assert quotas.too_many(["hosts:1", "hosts:0", "digest"]) == "hosts:0"


async def test_a_worker_that_comes_is_given_its_part_and_what_it_leaves_is_taken_at_once(cluster_url: str) -> None:
    doing = Doing()
    run = partial(run_duties, cluster_url, max_shards=64)
    async with meanwhile(run(doing.of("one", SHARDS), ttl=TTL)):
        await until(lambda: doing.names == SHARDS)
        async with meanwhile(run(doing.of("two", SHARDS), ttl=TTL)):
            await until(lambda: doing.names == SHARDS and _each(doing) == {"one": 4, "two": 4})
        await until(lambda: _each(doing) == {"one": 8})


async def test_workers_that_leave_are_not_missed_until_their_time_is_over(cluster_url: str) -> None:
    doing = Doing()
    run = partial(run_duties, cluster_url, max_shards=64)
    async with AsyncExitStack() as stack:
        async with meanwhile(run(doing.of("one", SHARDS), ttl=HOURS)):
            await until(lambda: doing.names == SHARDS)
            await stack.enter_async_context(meanwhile(run(doing.of("two", SHARDS), ttl=HOURS)))
            await until(lambda: _each(doing) == {"one": 8})
        await until(lambda: _each(doing) == {"two": 8})


async def test_a_worker_takes_on_no_more_than_it_may(cluster_url: str) -> None:
    doing = Doing()
    async with (
        meanwhile(run_duties(cluster_url, doing.of("one", SHARDS), ttl=TTL, max_shards=2)),
        meanwhile(run_duties(cluster_url, doing.of("two", SHARDS), ttl=TTL, max_shards=3)),
    ):
        await until(lambda: _each(doing) == {"one": 2, "two": 3})


@pytest.mark.faults
@pytest.mark.slow
async def test_a_worker_with_all_shards_of_a_cluster_makes_few_transactions(
    cluster_url: str, cluster_database: str, postgresql_server: server.Server
) -> None:
    doing, seconds = Doing(), 10.0
    names = sorted([*map(hosts_lease, range(HOST_SHARDS)), *map(topics_lease, range(TOPIC_SHARDS)), "digest"])
    loop = asyncio.get_running_loop()
    async with meanwhile(run_duties(cluster_url, doing.of("one", names), max_shards=64)):
        await until(lambda: doing.names == names)
        ready_at = loop.time()
        await until(lambda: loop.time() - ready_at > seconds)  # so late may PostgreSQL count what was before
        began_at, began = loop.time(), _commits(postgresql_server, cluster_database)
        await until(lambda: loop.time() - began_at > seconds)
        made = _commits(postgresql_server, cluster_database) - began
        print(f"{made / (loop.time() - began_at):.1f} transactions a second")
        assert made / (loop.time() - began_at) < _MOST_A_SECOND


def _each(doing: Doing) -> Mapping[str, int]:
    return Counter(process for process, _ in doing.now)


def _commits(asked: server.Server, database: str) -> int:
    ((commits,),) = asked.ask(_COMMITS.format(database))
    return int(commits)
