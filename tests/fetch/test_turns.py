from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.fetch.conftest import response
from watcher.core.page import Response
from watcher.fetch.turns import BYTES_A_TURN, Turns

pytestmark = pytest.mark.both_loops
_SECONDS = 30


def of_size(size: int, *codings: str) -> Response:
    return response(b"x" * size, *codings)


_LARGE = of_size(BYTES_A_TURN // 2 + 1)


@contextmanager
def _counting(counted: list[int]) -> Iterator[None]:
    """Count the turns of the loop."""
    loop, is_over = asyncio.get_running_loop(), False

    def count() -> None:
        if not is_over:
            counted[0] += 1
            loop.call_soon(count)

    count()
    yield
    is_over = True


async def _turns_of(pages: list[Response]) -> list[int]:
    """Return the turn of the loop in which each page is handed over, when all come at once."""
    turns, turn, taken = Turns(), [0], dict[int, int]()

    async def take(number: int) -> None:
        await turns.take(pages[number])
        taken[number] = turn[0]

    with _counting(turn):
        async with asyncio.timeout(_SECONDS):
            await asyncio.gather(*map(take, range(len(pages))))
    assert list(taken) == sorted(taken)  # in the order in which they came
    return list(taken.values())


async def test_large_pages_have_a_turn_each_and_no_turn_is_wasted() -> None:
    turns = await _turns_of([_LARGE] * 30)
    assert len(set(turns)) == 30
    assert turns[-1] - turns[0] < 2 * 30


async def test_small_pages_share_turns() -> None:
    assert len(set(await _turns_of([of_size(BYTES_A_TURN // 11)] * 30))) == 3


async def test_a_page_that_was_compressed_is_as_large_as_it_becomes() -> None:
    assert len(set(await _turns_of([of_size(BYTES_A_TURN // 6, "gzip")] * 4))) == 4


async def test_empty_pages_take_no_room() -> None:
    assert len(set(await _turns_of([of_size(0)] * 30))) == 1


async def test_who_is_alone_does_not_wait() -> None:
    turns = Turns()
    for _ in range(3):
        with pytest.raises(StopIteration):
            turns.take(_LARGE).send(None)
        await asyncio.sleep(0)


async def test_who_is_called_off_keeps_nobody_waiting() -> None:
    turns = Turns()
    await turns.take(_LARGE)
    waiting = [asyncio.create_task(turns.take(_LARGE)) for _ in range(5)]
    await asyncio.sleep(0)
    *called_off, last = waiting
    for each in called_off:
        each.cancel()
    async with asyncio.timeout(_SECONDS):
        await last
        await turns.take(_LARGE)
