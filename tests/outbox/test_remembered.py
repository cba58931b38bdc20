"""What an outbox that remembers asks its store for, over a real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.core.builders import message
from tests.outbox.recording import Clock
from tests.store.around import AroundOutbox
from watcher.core.check import OutboxEntry
from watcher.errors import StoreError
from watcher.outbox.remembered import KNOWN_SECONDS, RememberedOutbox
from watcher.store.watch_store import DiskWatchStore, open_watch_store


class Counted(AroundOutbox):
    """Counts how often it was looked at; may answer slowly, or refuse to settle."""

    looks = 0
    refuses = False

    def __init__(self, store: DiskWatchStore) -> None:
        super().__init__(store.outbox)
        self.is_read = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def waiting(self) -> Sequence[OutboxEntry]:
        self.looks += 1
        found = await super().waiting()
        self.is_read.set()
        await self.may_answer.wait()
        return found

    async def drop(self, entries: Sequence[OutboxEntry]) -> None:
        await super().drop(entries)
        if self.refuses:
            raise StoreError("the answer was lost")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DiskWatchStore]:
    opened, _ = await open_watch_store(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
def counted(store: DiskWatchStore) -> Counted:
    return Counted(store)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remembered(counted: Counted, clock: Clock) -> RememberedOutbox:
    return RememberedOutbox(counted, seconds=clock.seconds)


async def ids(outbox: RememberedOutbox) -> list[str]:
    return [entry.message.id for entry in await outbox.waiting()]


async def test_at_rest_the_store_is_asked_once_in_thirty_seconds(
    remembered: RememberedOutbox, counted: Counted, clock: Clock
) -> None:
    assert await ids(remembered) == await ids(remembered) == []
    clock.turn(KNOWN_SECONDS - 1)
    await counted.add([message(1)])  # by another process, whose notice is lost
    assert (await ids(remembered), counted.looks) == ([], 1)
    clock.turn(1)
    assert (await ids(remembered), counted.looks) == ([message(1).id], 2)


async def test_it_is_asked_after_a_notice_and_after_whatever_is_written(
    remembered: RememberedOutbox, counted: Counted
) -> None:
    await remembered.waiting()
    await counted.add([message(1)])
    remembered.expect_more()
    assert await ids(remembered) == [message(1).id]
    await remembered.add([message(2)])
    assert await ids(remembered) == [message(1).id, message(2).id]
    await remembered.settle([message(1).id], [], [message(3)])
    assert await ids(remembered) == [message(2).id, message(3).id]
    await remembered.drop(await remembered.waiting())
    assert await ids(remembered) == []


async def test_it_is_asked_after_a_write_of_which_nobody_knows_what_became(
    remembered: RememberedOutbox, counted: Counted
) -> None:
    await remembered.add([message(1)])
    counted.refuses = True
    with pytest.raises(StoreError):
        await remembered.drop(await remembered.waiting())
    assert await ids(remembered) == []


async def test_a_notice_amid_a_look_lets_the_next_one_ask(remembered: RememberedOutbox, counted: Counted) -> None:
    counted.may_answer.clear()
    look = asyncio.create_task(ids(remembered))
    await counted.is_read.wait()
    await counted.add([message(1)])
    remembered.expect_more()
    counted.may_answer.set()
    await look
    assert await ids(remembered) == [message(1).id]
