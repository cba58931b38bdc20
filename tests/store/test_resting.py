"""When a checkpoint is made, and when none is any more."""

from __future__ import annotations

import asyncio

from watcher.store.resting import RestingCheckpoint


async def test_none_is_made_after_the_end_though_one_that_ran_did_not_get_through() -> None:
    made, has_begun, may_end = [], asyncio.Event(), asyncio.Event()

    async def checkpoint() -> bool:
        made.append("one")
        has_begun.set()
        await may_end.wait()
        return False

    resting = RestingCheckpoint(checkpoint, rest_seconds=0)
    resting.wrote()
    await has_begun.wait()
    closing = asyncio.create_task(resting.close())
    await asyncio.sleep(0)  # so it waits for the one that runs
    may_end.set()
    await closing
    has_begun.clear()
    loop = asyncio.get_running_loop()
    has_passed = loop.create_future()
    loop.call_later(0.01, has_passed.set_result, None)  # behind whatever was to come at once
    await has_passed
    assert made == ["one", "one"], "the one that ran, and the last one"
