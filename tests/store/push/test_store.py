from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from watcher.core.databases import DatabasePlace
from watcher.core.push import App, AppProfile, Place, SubscriptionState
from watcher.errors import RefusedError, StoreError
from watcher.store.push import sqlite
from watcher.store.push.store import PushStore, Transaction, open_push_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BOUND_SECONDS = 30


@pytest.fixture
async def store(place: DatabasePlace) -> AsyncIterator[PushStore]:
    opened = await open_push_store(place)
    yield opened
    await opened.close()


def add(tx: Transaction, slug: str = "x") -> App:
    return tx.apps.add(AppProfile(name="x"), slug=slug, created_at=NOW)


async def apps(store: PushStore) -> int:
    return len(await store.read(lambda tx: tx.apps.all()))


async def test_a_transaction_runs_in_one_other_thread_and_then_comes_after_the_commit_in_ours(store: PushStore) -> None:
    threads: list[int] = []

    def work(tx: Transaction) -> App:
        threads.append(threading.get_ident())
        app = add(tx)
        assert tx.apps.all() == [app]
        threads.append(threading.get_ident())
        return app

    app = await store.write(work, then=lambda _: threads.append(threading.get_ident()))
    first, second, last = threads
    assert first == second != last == threading.get_ident()
    assert await store.read(lambda tx: tx.apps.all()) == [app]


@pytest.mark.on_sqlite("counts its instructions")
async def test_a_send_to_one_reads_none_of_the_others_who_follow_its_application(store: PushStore) -> None:
    def steps(tx: Transaction, uid: str) -> int:
        """Of a hundred instructions of SQLite each."""
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        driver = sqlite.driver_of(tx.apps._connection)
        driver.set_progress_handler(count, 100)
        found = tx.subscriptions.to_app(app.id, [uid])
        driver.set_progress_handler(None, 100)
        assert [*found] == [uid]
        return taken

    def follow(tx: Transaction, numbers: range) -> None:
        for number in numbers:
            subscriber = tx.subscribers.add(uid=f"UID_{number}", spt_hash=f"{number}", created_at=NOW)
            place = Place(app_id=app.id)
            tx.subscriptions.add(subscriber.id, place, state=SubscriptionState.FOLLOWING, created_at=NOW)

    app = await store.write(add)
    await store.write(lambda tx: follow(tx, range(10)))
    with_few = await store.read(lambda tx: steps(tx, "UID_5"))
    await store.write(lambda tx: follow(tx, range(10, 1_000)))
    assert await store.read(lambda tx: steps(tx, "UID_5")) <= with_few + 2


async def test_an_error_saves_nothing_tells_nothing_and_comes_out(store: PushStore) -> None:
    def fail(tx: Transaction) -> App:
        add(tx)
        raise RefusedError("no")

    told: list[App] = []
    with pytest.raises(RefusedError):
        await store.write(fail, then=told.append)
    assert (told, await apps(store)) == ([], 0)


async def test_what_the_database_refuses_is_a_store_error(store: PushStore) -> None:
    await store.write(add)
    with pytest.raises(StoreError, match=r"apps[._]slug"):
        await store.write(add)
    assert await apps(store) == 1


async def test_a_cancelled_caller_waits_for_the_end(store: PushStore) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Transaction) -> App:
        begun.set()
        go_on.wait(BOUND_SECONDS)
        return add(tx)

    told: list[App] = []
    task = asyncio.create_task(store.write(work, then=told.append))
    assert await asyncio.to_thread(begun.wait, BOUND_SECONDS)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (len(told), await apps(store)) == (1, 1)


async def test_a_failure_after_the_caller_is_gone_troubles_nobody(store: PushStore) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def fail(_: Transaction) -> None:
        begun.set()
        go_on.wait(BOUND_SECONDS)
        raise RefusedError("no")

    task = asyncio.create_task(store.write(fail))
    assert await asyncio.to_thread(begun.wait, BOUND_SECONDS)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await apps(store) == 0


async def test_what_has_not_begun_when_its_caller_is_cancelled_never_does(store: PushStore) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Transaction) -> None:
        begun.set()
        go_on.wait(BOUND_SECONDS)

    first = asyncio.create_task(store.write(hold))
    assert await asyncio.to_thread(begun.wait, BOUND_SECONDS)
    second = asyncio.create_task(store.write(add))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not first.done()
    go_on.set()
    await first
    assert await apps(store) == 0
