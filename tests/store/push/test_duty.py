"""What is done under a lease, with one that says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.push.prepared import place_tables
from tests.store.push.test_store import add, apps
from watcher.errors import LeaseLostError
from watcher.store.push.duty import under
from watcher.store.push.store import PushStore, open_push_store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[PushStore]:
    opened = await open_push_store(await place_tables(tmp_path / "push.db"))
    yield opened
    await opened.close()


class Lease:
    """One that was taken by another process, or may have been."""

    def __init__(self, *, is_taken: bool = False, may_be_taken: bool = False) -> None:
        self.is_taken = is_taken
        self.may_be_taken = may_be_taken
        self.fenced = 0

    def check(self) -> None:
        if self.may_be_taken:
            raise LeaseLostError("it is too old")

    def fence(self, _: Connection) -> None:
        self.fenced += 1
        if self.is_taken:
            raise LeaseLostError("another process has it")


async def test_what_is_done_under_a_lease_is_fenced_and_saved(store: PushStore) -> None:
    lease = Lease()
    with under(lease):
        await store.write(add)
        assert await apps(store) == 1
    assert lease.fenced == 1


async def test_nothing_is_saved_once_the_lease_is_taken(store: PushStore) -> None:
    with under(Lease(is_taken=True)), pytest.raises(LeaseLostError, match="another process has it"):
        await store.write(add)
    assert await apps(store) == 0


async def test_nothing_is_begun_and_nothing_read_is_handed_out_once_it_may_be_taken(store: PushStore) -> None:
    lease = Lease(may_be_taken=True)
    with under(lease):
        for asked in (store.write(add), apps(store)):
            with pytest.raises(LeaseLostError, match="it is too old"):
                await asked
    assert lease.fenced == 0
    assert await apps(store) == 0


async def test_a_task_that_a_duty_starts_is_under_its_lease_and_another_duty_is_not(store: PushStore) -> None:
    async def duty(lease: Lease) -> None:
        with under(lease):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(store.write(partial(add, slug="y")))

    lost, kept = Lease(is_taken=True), Lease()
    ended = await asyncio.gather(duty(lost), duty(kept), store.write(add), return_exceptions=True)
    assert [isinstance(each, ExceptionGroup) for each in ended] == [True, False, False]
    assert (lost.fenced, kept.fenced, await apps(store)) == (1, 1, 2)
