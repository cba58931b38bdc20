from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.core.push import App, AppProfile
from watcher.errors import RefusedError
from watcher.store.push.store import PushStore, Transaction, open_push_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[PushStore]:
    opened = await open_push_store(tmp_path / "push.db")
    yield opened
    await opened.close()


async def add(tx: Transaction) -> App:
    return await tx.apps.add(AppProfile(name="x"), slug="x", created_at=NOW)


async def apps(store: PushStore) -> int:
    return len(await store.read(lambda tx: tx.apps.all()))


async def test_a_transaction_returns_what_it_made_and_then_comes_after_the_commit(store: PushStore) -> None:
    told: list[App] = []
    app = await store.write(add, then=told.append)
    assert told == [app]
    assert await apps(store) == 1


async def test_an_error_saves_nothing_tells_nothing_and_comes_out(store: PushStore) -> None:
    async def fail(tx: Transaction) -> App:
        await add(tx)
        raise RefusedError("no")

    told: list[App] = []
    with pytest.raises(RefusedError):
        await store.write(fail, then=told.append)
    assert (told, await apps(store)) == ([], 0)


async def test_a_cancelled_caller_waits_for_the_end_of_the_transaction(store: PushStore) -> None:
    begun, go_on, told = asyncio.Event(), asyncio.Event(), list[App]()

    async def work(tx: Transaction) -> App:
        begun.set()
        await go_on.wait()
        return await add(tx)

    task = asyncio.create_task(store.write(work, then=told.append))
    await begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (len(told), await apps(store)) == (1, 1)


async def test_a_failure_after_the_caller_is_gone_troubles_nobody(store: PushStore) -> None:
    begun = asyncio.Event()

    async def fail(_: Transaction) -> None:
        begun.set()
        await asyncio.sleep(0)
        raise RefusedError("no")

    task = asyncio.create_task(store.write(fail))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await apps(store) == 0
