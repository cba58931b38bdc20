"""Work that blocks, in threads of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from watcher.errors import StoreError
from watcher.store.threads import Threads

BOUND_SECONDS = 30


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(2, name="test", seconds=BOUND_SECONDS, late="nobody had time")
    yield made
    made.close()


async def test_what_work_returns_or_raises_comes_out(threads: Threads) -> None:
    assert await threads.run(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 // 0)


async def test_what_is_told_afterwards_is_told_in_the_loop_and_its_error_comes_out(threads: Threads) -> None:
    told: list[tuple[int, int]] = []
    await threads.run(lambda: 7, then=lambda number: told.append((number, threading.get_ident())))
    assert told == [(7, threading.get_ident())]

    def fail(_: int) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await threads.run(lambda: 7, then=fail)


async def test_as_much_goes_on_at_once_as_there_are_threads(threads: Threads) -> None:
    both = threading.Barrier(2)
    async with asyncio.timeout(BOUND_SECONDS):
        await asyncio.gather(*(threads.run(lambda: both.wait(BOUND_SECONDS)) for _ in range(2)))


async def test_work_that_waits_too_long_is_dropped_and_never_done() -> None:
    threads = Threads(1, name="test", seconds=0.5, late="nobody had time")
    go_on, done = threading.Event(), list[int]()
    first = asyncio.create_task(threads.run(lambda: go_on.wait(BOUND_SECONDS)))
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match="nobody had time"):
        await threads.run(lambda: done.append(1))
    go_on.set()
    assert await first
    assert await threads.run(lambda: tuple(done)) == ()
    threads.close()


async def test_what_has_begun_is_waited_for_however_long_it_takes() -> None:
    threads = Threads(1, name="test", seconds=0.5, late="nobody had time")
    begun, go_on = threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(BOUND_SECONDS)

    task = asyncio.create_task(threads.run(work))
    assert await asyncio.to_thread(begun.wait, BOUND_SECONDS)
    done, _ = await asyncio.wait([task], timeout=0.6)
    assert not done
    go_on.set()
    assert await task
    threads.close()
