"""Leases in a real database: who has one, until when, and what is refused to who had it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy

from tests import postgresql as server
from tests.push.relays import until
from tests.running import meanwhile
from watcher.cluster.leases import Duty, Lease, LeaseHolder
from watcher.errors import LeaseLostError, StoreError
from watcher.store.cluster.leases import Fence, LeaseStore, Taken, WorkerRow, held_leases
from watcher.store.postgresql.connections import open_engine
from watcher.store.postgresql.urls import parse

TTL = timedelta(seconds=60)
"""Longer than any test here."""
SHORT = timedelta(seconds=2)
"""So that a machine with other things to do does nothing too late: half of it is what a duty has left."""
SECONDS = 30.0
"""For what has to happen."""


@pytest.fixture
async def store(cluster_url: str) -> AsyncIterator[LeaseStore]:
    async with aclosing(LeaseStore(cluster_url, ttl=TTL)) as opened:
        yield opened


@pytest.fixture
async def short(cluster_url: str) -> AsyncIterator[LeaseStore]:
    """The same leases, over after a moment."""
    async with aclosing(LeaseStore(cluster_url, ttl=SHORT)) as opened:
        yield opened


@pytest.fixture
def transaction(cluster_url: str) -> Iterator[Callable[[], sqlalchemy.Connection]]:
    """Begins transactions as a duty does."""
    engine = open_engine(parse(cluster_url), schema="watcher", connections=2, are_reading=False)
    yield engine.connect
    engine.dispose()


async def test_each_who_takes_a_lease_raises_its_epoch(store: LeaseStore) -> None:
    for epoch in (1, 2, 3):
        assert await store.take("deliverer", "one") == Taken(epoch=epoch, is_unclean=False)
        await store.release("deliverer", epoch)


async def test_another_owners_lease_is_not_taken_while_it_lasts(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    await store.take("deliverer", "one")
    assert await store.take("deliverer", "two") is None
    row = held_leases(transaction(), TTL)["deliverer"]
    assert (row.owner, row.epoch) == ("one", 1)


@pytest.mark.faults
async def test_a_lease_that_was_not_renewed_is_taken_uncleanly(short: LeaseStore) -> None:
    await short.take("deliverer", "one")
    assert await _taken(short, "deliverer", "two") == Taken(epoch=2, is_unclean=True)


@pytest.mark.faults
async def test_who_lost_the_answer_takes_its_lease_once_more_and_waits_for_who_may_have_had_it(
    short: LeaseStore,
) -> None:
    await short.take("deliverer", "one")
    await _taken(short, "deliverer", "two")
    assert await short.take("deliverer", "two") == Taken(epoch=3, is_unclean=True)


async def test_a_renewal_is_of_ones_own_and_of_what_is_still_done(store: LeaseStore) -> None:
    for name, owner in (("deliverer", "one"), ("callbacks", "one"), ("fan-out", "two")):
        await store.take(name, owner)
    assert await store.renew("one", ["deliverer", "fan-out"]) == {"deliverer": 1}


async def test_an_older_epoch_gives_nothing_back(store: LeaseStore) -> None:
    await store.take("deliverer", "one")
    await store.take("deliverer", "one")
    await store.release("deliverer", 1)
    assert await store.take("deliverer", "two") is None


async def test_a_transaction_of_an_older_epoch_is_refused(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    lost: list[str] = []
    fence = await _fence(store, on_lost=partial(lost.append, "deliverer"))
    with transaction() as connection:
        fence(connection)
    await store.release("deliverer", 1)
    await store.take("deliverer", "two")
    with transaction() as connection, pytest.raises(LeaseLostError, match="another process has the lease of deliverer"):
        fence(connection)
    assert lost == ["deliverer"]


@pytest.mark.faults
async def test_a_lease_is_not_taken_amid_a_transaction_of_its_owner(
    short: LeaseStore, transaction: Callable[[], sqlalchemy.Connection], postgresql_server: server.Server
) -> None:
    fence = await _fence(short)
    with transaction() as connection:
        fence(connection)
        taking = asyncio.create_task(_taken(short, "deliverer", "two"))
        await _until_one_waits(postgresql_server, "FOR UPDATE")
        connection.execute(sqlalchemy.text("INSERT INTO public.work (duty, epoch) VALUES ('deliverer', 1)"))
        connection.commit()
    assert await taking == Taken(epoch=2, is_unclean=True)


async def test_a_transaction_that_began_while_the_lease_was_taken_is_refused(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection], postgresql_server: server.Server
) -> None:
    fence = await _fence(store)
    with transaction() as taker, transaction() as owner:
        taker.execute(sqlalchemy.text("SELECT 1 FROM watcher.lease FOR UPDATE"))
        taker.execute(sqlalchemy.text("UPDATE watcher.lease SET epoch = epoch + 1"))
        refused = asyncio.create_task(asyncio.to_thread(fence, owner))
        await _until_one_waits(postgresql_server, "FOR KEY SHARE")
        taker.commit()
        with pytest.raises(LeaseLostError):
            await refused


async def test_a_renewal_does_not_wait_for_a_transaction_of_its_owner(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    fence = await _fence(store)
    with transaction() as connection:
        fence(connection)
        assert await store.renew("one", ["deliverer"]) == {"deliverer": 1}


async def test_a_duty_begins_at_once_where_the_one_before_gave_its_lease_back(store: LeaseStore) -> None:
    holder, begun = LeaseHolder(store, owner="two", ttl=TTL), asyncio.Event()
    await store.take("deliverer", "one")
    await store.release("deliverer", 1)
    async with meanwhile(_held(holder, "deliverer", partial(_begin, begun))):
        await asyncio.wait_for(begun.wait(), SECONDS)


async def test_a_process_that_is_asked_twice_at_once_does_a_duty_once(store: LeaseStore) -> None:
    """As when others have made another job of the duty meanwhile, because this process was silent."""
    holder, begun = LeaseHolder(store, owner="one", ttl=TTL), list[int]()

    async def work(lease: Lease) -> None:
        begun.append(lease.epoch)
        await until(lambda: len(begun) > 1 or second.done())

    first, second = [asyncio.create_task(holder.hold("deliverer", work)) for _ in range(2)]
    assert [await first, await second] == [True, False]
    assert begun == [1]


@pytest.mark.faults
async def test_a_duty_begins_half_the_time_after_it_was_taken_from_a_silent_owner(short: LeaseStore) -> None:
    """What the silent one has under way, it breaks off when half the time is over without a renewal."""
    await short.take("deliverer", "one")
    loop, begun_at = asyncio.get_running_loop(), list[float]()
    noting = _Noting(short)
    holder = LeaseHolder(noting, owner="two", ttl=SHORT)

    async def begin(_: Lease) -> None:
        begun_at.append(loop.time())

    async with asyncio.timeout(SECONDS):
        while not await holder.hold("deliverer", begin):
            pass
    assert begun_at[0] - noting.taken_at >= SHORT.total_seconds() / 2
    assert noting.renewals == [["deliverer"]], "it is renewed right before it begins"


async def test_all_leases_of_a_process_are_renewed_by_one_statement(store: LeaseStore) -> None:
    noting = _Noting(store)
    holder, names = LeaseHolder(noting, owner="one", ttl=timedelta(seconds=3)), ["callbacks", "deliverer", "fan-out"]
    begun = [asyncio.Event() for _ in names]
    async with asyncio.TaskGroup() as tasks:
        held = [
            tasks.create_task(_held(holder, name, partial(_begin, event)))
            for name, event in zip(names, begun, strict=True)
        ]
        held.append(tasks.create_task(holder.renew_for_ever()))
        await asyncio.gather(*(event.wait() for event in begun))
        noting.renewals.clear()
        await until(lambda: len(noting.renewals) > 1)
        for task in held:
            task.cancel()
    assert noting.renewals == [names] * len(noting.renewals)


async def test_a_duty_is_cancelled_when_it_was_not_renewed_for_half_its_time(short: LeaseStore) -> None:
    """Nobody has taken it: the database, or the way there, is gone."""
    loop = asyncio.get_running_loop()
    holder = LeaseHolder(_Silent(short), owner="one", ttl=SHORT)
    asked_at, ended_at = loop.time(), list[float]()

    async def work(_: Lease) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended_at.append(loop.time())

    async with meanwhile(holder.renew_for_ever()):
        with pytest.raises(LeaseLostError):
            await asyncio.wait_for(holder.hold("deliverer", work), SECONDS)
    assert ended_at[0] - asked_at < SHORT.total_seconds()


async def test_a_process_that_was_frozen_begins_nothing_when_it_goes_on(store: LeaseStore) -> None:
    """Before its event loop has come to any timer."""
    now = [1_000.0]
    holder = LeaseHolder(store, owner="one", ttl=TTL, clock=lambda: now[0])

    async def work(lease: Lease) -> None:
        lease.check()
        now[0] += TTL.total_seconds() / 2
        lease.check()

    with pytest.raises(LeaseLostError, match="another process may have the lease of deliverer"):
        await holder.hold("deliverer", work)


async def test_a_duty_is_cancelled_when_a_renewal_says_that_another_has_it(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    holder, begun = LeaseHolder(store, owner="one", ttl=TTL), asyncio.Event()
    holding = asyncio.create_task(holder.hold("deliverer", partial(_begin, begun)))
    await begun.wait()
    await store.release("deliverer", 1)
    await store.take("deliverer", "two")
    await holder.renew()
    with pytest.raises(LeaseLostError):
        await asyncio.wait_for(holding, SECONDS)
    row = held_leases(transaction(), TTL)["deliverer"]
    assert (row.owner, row.epoch) == ("two", 2), "what another has is not given back"


async def test_a_duty_is_cancelled_when_its_fence_says_that_another_has_it(
    store: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    holder = LeaseHolder(store, owner="one", ttl=TTL)

    def write(lease: Lease) -> None:
        with transaction() as connection:
            lease.fence(connection)

    async def work(lease: Lease) -> None:
        await store.release("deliverer", lease.epoch)
        await store.take("deliverer", "two")
        with pytest.raises(LeaseLostError):
            write(lease)
        await asyncio.Event().wait()  # as a loop does that tries again later

    with pytest.raises(LeaseLostError):
        await asyncio.wait_for(holder.hold("deliverer", work), SECONDS)


async def test_a_lease_is_given_back_when_the_duty_has_ended_and_not_before(store: LeaseStore) -> None:
    holder, begun = LeaseHolder(store, owner="one", ttl=TTL), asyncio.Event()
    taken_amid: list[Taken | None] = []

    async def work(_: Lease) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            taken_amid.append(await store.take("deliverer", "two"))

    holding = asyncio.create_task(holder.hold("deliverer", work))
    await begun.wait()
    holding.cancel()
    await asyncio.wait([holding])
    assert taken_amid == [None]
    assert await store.take("deliverer", "two") == Taken(epoch=2, is_unclean=False)


async def test_a_lease_is_not_given_back_before_the_duty_has_ended_however_often_it_is_cancelled(
    store: LeaseStore,
) -> None:
    """As when a fence says that it is lost, and the process stops while the duty is being ended."""
    holder, ending, may_end = LeaseHolder(store, owner="one", ttl=TTL), asyncio.Event(), asyncio.Event()

    async def work(lease: Lease) -> None:
        lease.lose()
        try:
            await asyncio.Event().wait()
        finally:
            ending.set()
            await may_end.wait()

    holding = asyncio.create_task(holder.hold("deliverer", work))
    await ending.wait()
    for _ in range(2):
        holding.cancel()
        await asyncio.wait([holding], timeout=0.05)
    assert not holding.done()
    assert await store.take("deliverer", "two") is None
    may_end.set()
    await asyncio.wait([holding])
    assert holding.cancelled()
    assert await store.take("deliverer", "two") == Taken(epoch=2, is_unclean=False)


@pytest.mark.faults
async def test_a_lease_is_not_given_back_by_who_still_waits_for_the_one_before(
    short: LeaseStore, transaction: Callable[[], sqlalchemy.Connection]
) -> None:
    """Or the next one would begin at once."""
    await short.take("deliverer", "one")
    noting = _Noting(short)
    async with meanwhile(_held(LeaseHolder(noting, owner="two", ttl=TTL), "deliverer", _never)):
        await until(lambda: noting.taken_at > 0)
    row = held_leases(transaction(), TTL)["deliverer"]
    assert (row.owner, row.epoch) == ("two", 2)


@pytest.mark.faults
async def test_many_leases_that_are_taken_from_a_silent_owner_are_renewed_together(short: LeaseStore) -> None:
    names = [f"hosts:{number}" for number in range(64)]
    for name in names:
        await short.take(name, "one")
    noting, begun = _Noting(short), list[str]()
    holder = LeaseHolder(noting, owner="two", ttl=timedelta(seconds=10))

    async def begin(lease: Lease) -> None:
        begun.append(lease.name)
        await asyncio.Event().wait()

    async with AsyncExitStack() as stack:
        for name in names:
            await stack.enter_async_context(meanwhile(_held(holder, name, begin)))
        await until(lambda: len(begun) == len(names))
    assert len(noting.renewals) < len(names) / 2


async def test_a_lease_does_not_age_while_others_are_taken(store: LeaseStore) -> None:
    """A slow database takes one after another; the last of many would be too old to begin with."""
    names, begun = [f"hosts:{number}" for number in range(5)], list[str]()
    slow = _Slow(store, seconds=TTL.total_seconds() / 5)
    holder = LeaseHolder(slow, owner="one", ttl=TTL, clock=slow.clock)

    async def begin(lease: Lease) -> None:
        begun.append(lease.name)

    await asyncio.gather(*(holder.hold(name, begin) for name in names))
    assert begun == names


@pytest.mark.faults
async def test_a_renewal_says_that_a_worker_lives(store: LeaseStore, short: LeaseStore) -> None:
    await store.announce("one", 8)
    async with asyncio.timeout(SECONDS):
        while await short.workers():
            pass
    await store.renew("one", [])
    (worker,) = await short.workers()
    assert (worker.name, worker.max_shards, worker.renewed > worker.since) == ("one", 8, True)
    await store.depart("one")
    assert await store.workers() == []


class _Noting:
    """Hands on what is asked of leases, and notes it."""

    def __init__(self, store: LeaseStore) -> None:
        self._store = store
        self.renewals: list[Sequence[str]] = []
        self.taken_at = 0.0

    async def take(self, name: str, owner: str) -> Taken | None:
        if (taken := await self._store.take(name, owner)) is not None:
            self.taken_at = asyncio.get_running_loop().time()
        return taken

    async def renew(self, owner: str, names: Sequence[str]) -> Mapping[str, int]:
        self.renewals.append(names)
        return await self._store.renew(owner, names)

    async def release(self, name: str, epoch: int) -> None:
        await self._store.release(name, epoch)

    async def announce(self, owner: str, max_shards: int) -> None:
        await self._store.announce(owner, max_shards)

    async def depart(self, owner: str) -> None:
        await self._store.depart(owner)

    async def workers(self) -> Sequence[WorkerRow]:
        return await self._store.workers()


class _Slow(_Noting):
    """Takes so many seconds of its own clock to take a lease, one after another."""

    def __init__(self, store: LeaseStore, *, seconds: float) -> None:
        super().__init__(store)
        self._turn = asyncio.Lock()
        self._seconds = seconds
        self._now = 0.0

    def clock(self) -> float:
        return self._now

    async def take(self, name: str, owner: str) -> Taken | None:
        async with self._turn:
            self._now += self._seconds
            return await super().take(name, owner)


class _Silent(_Noting):
    """The same, where no renewal comes through."""

    async def renew(self, owner: str, names: Sequence[str]) -> Mapping[str, int]:
        raise StoreError(f"the database does not answer {owner} about {names}")


async def _fence(store: LeaseStore, *, on_lost: Callable[[], None] = lambda: None) -> Fence:
    taken = await store.take("deliverer", "one")
    assert taken
    return Fence("deliverer", taken.epoch, on_lost=on_lost)


async def _taken(store: LeaseStore, name: str, owner: str) -> Taken:
    async with asyncio.timeout(SECONDS):
        while True:
            if (taken := await store.take(name, owner)) is not None:
                return taken


async def _begin(begun: asyncio.Event, _: Lease) -> None:
    begun.set()
    await asyncio.Event().wait()


async def _never(_: Lease) -> None:
    raise AssertionError("it was begun")


async def _held(holder: LeaseHolder, name: str, duty: Duty) -> None:
    """Hold it until cancelled, as soon as it is free."""
    while not await holder.hold(name, duty):
        pass


async def _until_one_waits(asked: server.Server, words: str) -> None:
    """Return when a statement that ends so waits for a lock."""
    waits = f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{words}'"
    await until(lambda: asked.ask(waits) != [(0,)])
