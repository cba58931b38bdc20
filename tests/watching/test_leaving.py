"""Watches that another process checks from now on."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.watching.room import Hesitating, Room, settled, working
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.page import NotModified, Response, Validators
from watcher.core.watch import Request, Watch
from watcher.errors import LeaseLostError
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools

_TIMES: Final = 100
_FEW_BYTES: Final = 200_000
"""What the outdated entries of a heap may take, of which a thousand stay."""


def show(shop: Shop, names: Sequence[str]) -> None:
    for name in names:
        shop.price(f"/{name}", "12", etag='"1"')


async def test_watches_that_left_are_checked_no_more(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a", "b"])
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, a, b) as room:
        await room.turn(0, checks=2)
        await room.runner.leave(["b", "unknown"])
        assert dict(room.runner.figures().watches) == {"ok": 1}
        await room.turn(60, checks=1)
        assert await room.runner.check_now(["b"], limit_seconds=1) == []
    assert shop.asked.count("/b") == 1


async def test_a_check_under_way_is_called_off(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    shop.held.add("/a")
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.look()
        await shop.until_asked(1)
        await room.runner.leave(["a"])
        assert room.runner.figures().under_way == 0
    assert room.ledger.decisions == []


async def test_what_is_being_saved_is_saved(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path
) -> None:
    show(shop, ["a"])
    Hesitating.may_save = asyncio.Event()
    async with working(store, tools, watch_of(shop, "a", every=60), ledger=Hesitating) as room:
        await room.look()
        while not room.runner.states.is_being_saved("a"):
            await settled()
        leaving = asyncio.create_task(room.runner.leave(["a"]))
        await settled()
        assert not leaving.done()
        Hesitating.may_save.set()
        await leaving
        assert "a" in DiskWatchReader(tmp_path).states()
        assert dict(room.runner.states.known()) == {}


async def test_watches_that_come_back_after_a_leave_that_ran_out_of_time_are_checked_again(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    shop.held.add("/b")
    Hesitating.may_save = asyncio.Event()
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, a, b, ledger=Hesitating) as room:
        await room.look()
        await shop.until_asked(2)
        while not room.runner.states.is_being_saved("a"):
            await settled()
        await room.runner.leave(["a", "b"], limit_seconds=0)
        Hesitating.may_save.set()
        shop.held.clear()
        await room.turn(0, checks=1)
        room.runner.join({"a": a, "b": b}, {})
        await room.turn(60, checks=1)
        while room.runner.figures().under_way:
            await settled()
    assert shop.asked.count("/b") == 2


async def test_late_times_are_saved(shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path) -> None:
    show(shop, ["a", "b"])
    async with working(store, tools, *(watch_of(shop, name, every=60) for name in "ab")) as room:
        await room.turn(0, checks=2)
        await room.turn(60, checks=2)
        assert room.ledger.late == 2
        await room.runner.leave(["a"])
        assert room.ledger.late == 1
        checked = {one: state.checked_at for one, state in DiskWatchReader(tmp_path).each_state()}
        assert checked["a"] is not None
        assert checked["b"] is not None
        assert checked["a"] > checked["b"]


@pytest.mark.faults
async def test_joining_and_leaving_a_hundred_times_leaves_nothing_behind(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    names = [f"w{number}" for number in range(20)]
    show(shop, ["a"])
    watches = {name: replace(watch_of(shop, "a", every=60), id=name, name=name) for name in names}
    states = {
        name: WatchState(sequence=1, paused_until=NOON.replace(year=2030) if name == "w1" else None) for name in names
    }
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        before = _kept(room)
        await _come_and_go(room, watches, states)
        gc.collect()
        tracemalloc.start()
        began = tracemalloc.get_traced_memory()[0]
        for _ in range(_TIMES):
            await _come_and_go(room, watches, states)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - began
        tracemalloc.stop()
        assert _kept(room) == before
        assert grown < _FEW_BYTES


async def _come_and_go(room: Room, watches: Mapping[str, Watch], states: Mapping[str, WatchState]) -> None:
    room.runner.join(watches, states)
    await room.runner.leave(watches)


def _kept(room: Room) -> Mapping[str, object]:
    """What is kept by watch, wherever it is; the heap of due times keeps outdated entries, within a bound."""
    found: dict[str, object] = {}
    seen: set[int] = set()
    waiting: list[tuple[str, object]] = [("runner", room.runner), ("committer", room.ledger)]
    while waiting:
        path, each = waiting.pop()
        if id(each) in seen or not type(each).__module__.startswith(("watcher.watching", "tests.watching.room")):
            continue
        seen.add(id(each))
        for name, value in getattr(each, "__dict__", {}).items():
            if isinstance(value, dict | set | Mapping) and name != "_counts":  # a count of none may stay
                found[f"{path}.{name}"] = sorted(map(str, value))
            waiting.append((f"{path}.{name}", value))
    return found


async def test_a_watch_goes_on_from_what_the_store_has_when_that_is_not_what_it_was_thought_to_be(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    show(shop, ["a"])
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        found = room.runner.states.of("a")
        elsewhere = replace(found, sequence=found.sequence + 1)
        await store.commit([Decision(watch="a", verdict=Verdict.UNCHANGED, state=elsewhere)])
        shop.price("/a", "9", etag='"2"')
        await room.turn(60, checks=1)
        while room.runner.figures().under_way:
            await settled()
        await room.turn(60, checks=1)
    assert "does not follow" in caplog.text
    assert [entry.message.summary for entry in await store.outbox.waiting()] == ["A: 12 → 9"]


async def test_times_that_are_refused_late_let_the_next_check_go_on_from_what_the_store_has(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a"])
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        found = room.runner.states.of("a")
        elsewhere = replace(found, sequence=found.sequence + 1)
        await store.commit([Decision(watch="a", verdict=Verdict.UNCHANGED, state=elsewhere)])
        await room.turn(60, checks=1)
        await room.ledger.save_late(["a"])
        shop.price("/a", "9", etag='"2"')
        await room.turn(60, checks=1)
    assert [entry.message.summary for entry in await store.outbox.waiting()] == ["A: 12 → 9"]


async def test_some_watches_change_while_the_others_stay(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a", "b", "c"])
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    elsewhere = replace(a, request=replace(a.request, url=f"{shop.base}/c"))
    async with working(store, tools, a, b) as room:
        await room.turn(0, checks=2)
        assert room.runner.change({"a": elsewhere, "b": b}) == ("a",)
        await room.turn(0, checks=1)
        assert shop.asked[2:] == ["/c"]
        assert dict(room.runner.figures().watches) == {"ok": 2}


async def test_a_check_that_may_not_ask_any_more_comes_to_nothing(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process may ask by now: nothing was seen, so nothing has failed."""
    unable = replace(tools, fetcher=Unable())
    async with working(store, unable, watch_of(shop, "a", every=60)) as room:
        await room.look()
        while room.runner.figures().under_way:
            await settled()
        assert room.ledger.decisions == []
    assert not caplog.records


class Unable:
    """Fetches nothing any more."""

    async def fetch(self, request: Request, validators: Validators) -> Response | NotModified:
        raise LeaseLostError(f"another process may ask for {request.url}, {validators}")
