"""What a watch costs while it waits: bytes and calls are counted, nothing is timed."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import FrameType

import pytest
from msgspec.structs import replace

import watcher
from tests.core.builders import NOON, play, price
from tests.watching.room import Room, settled, working
from watcher.config import parse
from watcher.core.check import WatchState
from watcher.core.page_profile import Examined, Profile, marks_of
from watcher.core.values import Money
from watcher.core.watch import Watch
from watcher.store.records import read_state, write_checked, write_state
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools

FEW, MANY = 100, 600
OURS = str(Path(watcher.__file__).parent)
BYTES_OF_A_WATCH = 2_450
"""With all that is known of it, so 100,000 take 245 MB; 2.35 kB measured."""
DIGEST = f"{'0' * 32}/{'0' * 16}"
EXAMINED = Examined(
    profile=Profile(characters=20_000, links=90, heads=bytes(8), marks=marks_of(range(100))), witnesses=bytes(120)
)
"""As of a page of usual size."""


def declared(number: int) -> list[Watch]:
    bodies = "".join(
        f"  w{one:06d}:\n    url: https://shop.example/{one}\n    extract: {{price: {{css: .price, type: money}}}}\n"
        for one in range(number)
    )
    text = f"defaults: {{topic: t, every: 1h}}\nwatches:\n{bodies}"
    return list(parse(text, file="watches.yaml", environ={}).watches.values())


def read_back(watch: Watch) -> WatchState:
    """Return its state after a first check, due in an hour, as the store has it after a start."""
    outcome = replace(price(Money(amount=Decimal("15999.00"), currency="€")), digest=DIGEST, examined=EXAMINED)
    (decision,) = play(watch, outcome)
    state = replace(decision.state, next_check_at=NOON + timedelta(hours=1))
    return read_state(write_state(state), write_checked(state))


@asynccontextmanager
async def waiting(store: DiskWatchStore, tools: CheckTools, number: int) -> AsyncIterator[Room]:
    watches = declared(number)
    states = {watch.id: read_back(watch) for watch in watches}
    async with working(store, tools, *watches, states=states) as room:
        await settled()
        yield room


async def bytes_of(store: DiskWatchStore, tools: CheckTools, number: int) -> int:
    gc.collect()
    gc.freeze()  # what other tests left is not looked through again and again
    tracemalloc.start()
    try:
        async with waiting(store, tools, number):
            gc.collect()
            size, _ = tracemalloc.get_traced_memory()
            return size
    finally:
        tracemalloc.stop()
        gc.unfreeze()


async def bytes_of_a_watch(store: DiskWatchStore, tools: CheckTools) -> float:
    """Return what each of the many adds.

    One such figure may be wrong: the interpreter's table of interned strings doubles at some moment, by
    3.8 MB at the 87,000th, which no watch has to do with. It does not do so twice in a row.
    """
    return (await bytes_of(store, tools, MANY) - await bytes_of(store, tools, FEW)) / (MANY - FEW)


async def calls_of_a_tick(room: Room) -> int:
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename.startswith(OURS)

    sys.setprofile(count)
    try:
        await room.look()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.faults
async def test_a_watch_that_waits_takes_two_kilobytes_and_a_half(store: DiskWatchStore, tools: CheckTools) -> None:
    await bytes_of(store, tools, FEW)  # what is imported or cached once is no watch's
    each = await bytes_of_a_watch(store, tools)
    if each > BYTES_OF_A_WATCH:
        each = await bytes_of_a_watch(store, tools)
    print(f"{each:.0f} bytes a watch")
    assert each <= BYTES_OF_A_WATCH


async def test_a_tick_costs_the_same_for_few_watches_and_for_many(store: DiskWatchStore, tools: CheckTools) -> None:
    async with waiting(store, tools, FEW) as room:
        few = await calls_of_a_tick(room)
    async with waiting(store, tools, MANY) as room:
        assert await calls_of_a_tick(room) == few
    assert 0 < few < FEW  # no call for each watch


@pytest.mark.faults
def test_a_state_after_a_first_check_takes_no_more_than_after_a_start() -> None:
    fresh, again = kept_bytes(first_look), kept_bytes(read_back)
    print(f"{fresh:.0f} bytes of a state after a first check, {again:.0f} after a start")
    assert fresh <= again * 1.05


def first_look(watch: Watch) -> WatchState:
    """Return its state after a first check, due in an hour."""
    outcome = replace(price(Money(amount=Decimal("15999.00"), currency="€")), digest=DIGEST, examined=EXAMINED)
    (decision,) = play(watch, outcome)
    return replace(decision.state, next_check_at=NOON + timedelta(hours=1))


def kept_bytes(state_of: Callable[[Watch], WatchState]) -> float:
    """Return how many bytes a state takes, with nothing that it shares with others."""
    watches = declared(MANY)
    state_of(watches[0])
    gc.collect()
    tracemalloc.start()
    try:
        states = [state_of(watch) for watch in watches]
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return size / len(states)
