from __future__ import annotations

import asyncio

import pytest

from watcher.errors import StoreError
from watcher.runtime.serving import meanwhile


async def test_a_defect_in_an_errand_ends_what_it_runs_beside() -> None:
    async def fail() -> None:
        raise ValueError("a defect")

    with pytest.raises(ExceptionGroup) as raised:
        async with asyncio.timeout(5), meanwhile(fail()):
            await asyncio.Event().wait()
    assert [str(error) for error in raised.value.exceptions] == ["a defect"]


async def test_an_error_beside_an_errand_comes_as_it_is_and_ends_the_errand() -> None:
    ended = asyncio.Event()

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fail() -> None:
        async with asyncio.timeout(5), meanwhile(wait()):
            await asyncio.sleep(0)
            raise StoreError("the disk")

    with pytest.raises(StoreError, match="the disk"):
        await fail()
    assert ended.is_set()
