"""What a worker takes into use of what is declared, while it is read."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from tests.push.relays import until
from tests.running import meanwhile
from tests.runtime.leases import AnyLease
from tests.store.cluster.tables import ask, make_watch_tables
from watcher.cluster.jobs import job_tables
from watcher.config.declared import DeclaredWatch
from watcher.core.host_pace import HostPace
from watcher.core.shards import HOST_SHARDS, shard_of
from watcher.core.watch import Watch
from watcher.errors import StoreError
from watcher.fetch.lanes import Lanes
from watcher.runtime.checker import Checker
from watcher.runtime.workers.checked_shards import CheckedShards
from watcher.runtime.workers.declaration_reader import DeclarationReader
from watcher.runtime.workers.held_hosts import HeldHosts
from watcher.runtime.workers.tables import WorkerTables
from watcher.store.cluster.declarations import Changes, DeclarationStore, DeclaredRows
from watcher.store.cluster.declaring import FILES, WantedRows
from watcher.store.cluster.held_watches import HeldWatches
from watcher.store.cluster.schema import make_schemas
from watcher.store.cluster.transactions import Transactions


class _Declarations(DeclarationStore):
    """Lets a test hold back what was read, and hear that changes were."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.may_return = asyncio.Event()
        self.may_return.set()
        self.has_read = asyncio.Event()
        self.has_looked = asyncio.Event()
        self.refuses = False

    async def of_shard(self, shard: int) -> DeclaredRows:
        if self.refuses:
            raise StoreError("it is away for a moment")
        may_return = self.may_return
        declared = await super().of_shard(shard)
        self.has_read.set()
        await may_return.wait()
        return declared

    async def changed_since(self, generation: int) -> Changes:
        changes = await super().changed_since(generation)
        self.has_looked.set()
        return changes


class _Runner:
    """Has watches, and checks none."""

    def __init__(self) -> None:
        self.watches: dict[str, Watch] = {}
        self.is_leaving = asyncio.Event()
        self.may_leave = asyncio.Event()
        self.may_leave.set()

    def join(self, watches: Mapping[str, Watch], _: object) -> None:
        self.watches |= watches

    def change(self, watches: Mapping[str, Watch]) -> None:
        self.watches |= watches

    async def leave(self, ids: Collection[str]) -> None:
        for one in ids:
            del self.watches[one]
        self.is_leaving.set()
        await self.may_leave.wait()


class _Store:
    """Knows no state."""

    epoch = "epoch"

    def __init__(self) -> None:
        self.held = HeldWatches()

    async def refresh(self) -> None:
        pass

    async def state_of(self, _: str) -> None:
        return None


class _NoPaces:
    async def run(self, _: object) -> Sequence[HostPace]:
        return []


def a_frame(every: str) -> str:
    return json.dumps({"topics": {"t": {"name": "T"}}, "defaults": {"every": every}})


def file_of(*ids: str, every: str = "1m", at: str | None = None) -> WantedRows:
    """Return a file of watches of which each is at its own host, or at that of another one."""
    watches = {
        one: DeclaredWatch(
            host=f"{at or one}.example",
            body=json.dumps({"url": f"https://{at or one}.example/", "extract": "h1", "topic": "t"}),
        )
        for one in ids
    }
    return WantedRows(
        origin=FILES, frame=a_frame(every), watches=watches, digest=repr((ids, every, at)), applied_by="somebody"
    )


@pytest.fixture
async def declarations(postgresql_url: str) -> AsyncIterator[_Declarations]:
    make_watch_tables(postgresql_url)
    async with aclosing(_Declarations(postgresql_url)) as opened:
        yield opened


def checked_shards_of(
    declarations: DeclarationStore,
    runner: _Runner,
    store: _Store | None = None,
    database: Transactions | None = None,
    lanes: Lanes | None = None,
) -> CheckedShards:
    anything: Any = None
    tables = WorkerTables(
        store=cast("Any", store or _Store()),
        declarations=declarations,
        database=cast("Any", database or _NoPaces()),
        questions=anything,
        pages=anything,
    )
    checker = Checker(
        runner=cast("Any", runner),
        committer=anything,
        fetcher=anything,
        lanes=lanes or new_lanes(),
        topics={},
        pool=anything,
        sockets=anything,
    )
    reader, hosts = DeclarationReader({}, None), HeldHosts(HOST_SHARDS)
    return CheckedShards(tables, reader, checker, hosts, now=lambda: datetime.now(UTC))


def new_lanes() -> Lanes:
    return Lanes(monotonic=time.monotonic, random=lambda: 0.0)


def shard_with(watch: str) -> int:
    return shard_of(f"{watch}.example", HOST_SHARDS)


async def test_what_is_declared_while_the_only_shard_is_read_is_taken_into_use(declarations: _Declarations) -> None:
    runner = _Runner()
    checked = checked_shards_of(declarations, runner)
    await declarations.apply(file_of("a"))
    async with checked.of_shard(shard_with("b"), AnyLease()):
        pass
    declarations.may_return.clear()
    declarations.has_read.clear()
    async with AsyncExitStack() as stack:
        beginning = asyncio.create_task(stack.enter_async_context(checked.of_shard(shard_with("a"), AnyLease())))
        await declarations.has_read.wait()
        await declarations.apply(file_of("b", "c", "d", "e", "f"), may_delete=True)
        await stack.enter_async_context(meanwhile(checked.follow()))
        await declarations.has_looked.wait()
        declarations.may_return.set()
        await beginning
        await until(lambda: not runner.watches)


async def test_other_defaults_reach_a_shard_though_another_one_was_read_with_them_before(
    declarations: _Declarations,
) -> None:
    runner = _Runner()
    checked = checked_shards_of(declarations, runner)
    await declarations.apply(file_of("a", "b"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(checked.of_shard(shard_with("a"), AnyLease()))
        await declarations.apply(file_of("a", "b", every="2m"))
        await stack.enter_async_context(checked.of_shard(shard_with("b"), AnyLease()))
        assert [runner.watches[one].every for one in "ab"] == [timedelta(minutes=1), timedelta(minutes=2)]
        await stack.enter_async_context(meanwhile(checked.follow()))
        await until(lambda: runner.watches["a"].every == timedelta(minutes=2))


async def test_other_defaults_reach_a_shard_though_the_database_refused_it_at_first(
    declarations: _Declarations,
) -> None:
    runner = _Runner()
    checked = checked_shards_of(declarations, runner)
    await declarations.apply(file_of("a"))
    async with checked.of_shard(shard_with("a"), AnyLease()):
        await declarations.apply(file_of("a", every="2m"))
        declarations.refuses = True
        with pytest.raises(StoreError):
            await checked._turn()
        declarations.refuses = False
        await checked._turn()
        assert runner.watches["a"].every == timedelta(minutes=2)
    assert not runner.watches, "whoever has the shard by now checks them"


async def test_a_watch_that_moves_while_its_older_rows_are_read_is_checked_where_it_is(
    declarations: _Declarations,
) -> None:
    runner, store = _Runner(), _Store()
    checked = checked_shards_of(declarations, runner, store)
    await declarations.apply(file_of("a"))
    async with AsyncExitStack() as first, AsyncExitStack() as second, asyncio.timeout(30):
        declarations.may_return.clear()
        reading = asyncio.create_task(first.enter_async_context(checked.of_shard(shard_with("a"), AnyLease())))
        await declarations.has_read.wait()
        may_return, declarations.may_return = declarations.may_return, asyncio.Event()
        declarations.may_return.set()
        await declarations.apply(file_of("a", at="b"))
        beginning = asyncio.create_task(second.enter_async_context(checked.of_shard(shard_with("b"), AnyLease())))
        await asyncio.wait([beginning], timeout=0.2)  # it waits for the first, and must not end before
        may_return.set()
        await asyncio.gather(reading, beginning)
        await checked._turn()
        assert store.held.shard_of("a") == shard_with("b")
        assert [watch.request.url for watch in runner.watches.values()] == ["https://b.example/"]


async def test_a_watch_that_moves_while_its_shard_is_left_is_held_by_the_other_one(
    declarations: _Declarations,
) -> None:
    runner, store = _Runner(), _Store()
    checked = checked_shards_of(declarations, runner, store)
    await declarations.apply(file_of("a"))
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(checked.of_shard(shard_with("a"), AnyLease()))
        await declarations.apply(file_of("a", at="b"))
        runner.may_leave.clear()
        leaving = asyncio.create_task(first.aclose())
        await runner.is_leaving.wait()
        beginning = asyncio.create_task(second.enter_async_context(checked.of_shard(shard_with("b"), AnyLease())))
        await asyncio.wait([beginning], timeout=0.2)  # as above
        runner.may_leave.set()
        await asyncio.gather(leaving, beginning)
        assert store.held.shard_of("a") == shard_with("b")
        assert [*runner.watches] == ["a"]


async def test_a_watch_that_is_in_another_shard_by_now_is_not_read_with_this_one(declarations: _Declarations) -> None:
    await declarations.apply(file_of("a"))
    assert (await declarations.of_ids(["a"], shard=shard_with("a"))).bodies
    assert not (await declarations.of_ids(["a"], shard=shard_with("a") + 1)).bodies


async def test_a_host_is_left_alone_by_who_has_its_shard_next_as_it_was_before(postgresql_url: str) -> None:
    make_schemas(postgresql_url, job_tables())
    ask(postgresql_url, "INSERT INTO watcher.lease (name, epoch, since, renewed) VALUES ('hosts', 1, now(), now())")
    failing = HostPace(host="a.example", failures=3, pause=timedelta(hours=1), why="503")
    before, after = new_lanes(), new_lanes()
    async with (
        aclosing(_Declarations(postgresql_url)) as declarations,
        aclosing(Transactions(postgresql_url, name="shards")) as database,
    ):
        async with checked_shards_of(declarations, _Runner(), database=database, lanes=before).of_shard(
            shard_with("a"), AnyLease()
        ):
            before.put_in([failing])
        async with checked_shards_of(declarations, _Runner(), database=database, lanes=after).of_shard(
            shard_with("a"), AnyLease()
        ):
            [pace] = after.take_out(lambda _: True)
    assert (pace.host, pace.failures, pace.why) == ("a.example", 3, "503")
    assert pace.pause
    assert pace.pause > timedelta(minutes=50)
