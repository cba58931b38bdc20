"""Pauses and mutes in the loop: when is checked, what survives what, over a real store and a real site."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import Room, settled, working
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Verdict
from watcher.core.pausing import PauseAct
from watcher.core.watch import ActiveHours, OnError, Watch, WatchFile
from watcher.errors import StoreError
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools

HOUR = 3_600.0


def until(room: Room, seconds: float) -> datetime:
    return room.clock.now() + timedelta(seconds=seconds)


async def pause(room: Room, *watches: str, seconds: float = HOUR) -> list[str]:
    return [*await room.runner.pause(watches, PauseAct.PAUSE, until=until(room, seconds))]


async def mute(room: Room, *watches: str, seconds: float = HOUR) -> list[str]:
    return [*await room.runner.pause(watches, PauseAct.MUTE, until=until(room, seconds))]


async def resume(room: Room, *watches: str) -> list[str]:
    return [*await room.runner.pause(watches, PauseAct.RESUME, until=None)]


def checks(room: Room) -> list[Verdict]:
    """What the checks came to; what was saved without one is left out."""
    seen: list[Verdict] = []
    last = None
    for decision in room.ledger.decisions:
        if decision.state.checked_at not in (None, last):
            seen.append(decision.verdict)
        last = decision.state.checked_at
    return seen


async def test_a_paused_watch_is_checked_next_when_the_pause_ends(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        assert await pause(room, "dune") == ["dune"]
        assert room.runner.live()["dune"].next_check_at == until(room, HOUR)
        shop.price("/dune", "9")
        for _ in range(5):
            await room.look(600)
        assert len(shop.asked) == 1
        room.checks += 1  # the pause was saved, too
        await room.turn(600, checks=1)
        assert await room.words() == ["deals: Dune: 12 → 9"]
        await room.turn(600, checks=1)
    assert len(shop.asked) == 3


async def test_a_pause_survives_a_restart_and_ends_when_it_would_have(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        await pause(room, "dune", seconds=48 * HOUR)
        paused_until = room.runner.states.of("dune").paused_until
        states = DiskWatchReader(tmp_path).states()  # as after a kill
        assert states["dune"].paused_until == paused_until
    async with working(store, tools, watch_of(shop, every=600), states=states) as room:
        await room.look(0)
        await room.look(47 * HOUR)
        assert len(shop.asked) == 1
        await room.turn(HOUR, checks=1)
    assert len(shop.asked) == 2


async def test_a_watch_that_is_changed_removed_or_comes_back_stays_paused(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    shop.price("/other", "12")
    watch = watch_of(shop, every=600)
    other = replace(watch, request=replace(watch.request, url=f"{shop.base}/other"), every=timedelta(seconds=300))
    async with working(store, tools, watch) as room:
        await room.turn(0, checks=1)
        await pause(room, "dune")
        for watches in ({"dune": other}, {}, {"dune": watch}):
            room.runner.apply(WatchFile(topics={}, watches=watches))
            await room.look(600)
        assert shop.asked == ["/dune"]
        room.checks += 1
        await room.turn(HOUR - 1_800, checks=1)
    assert shop.asked == ["/dune"] * 2


async def test_a_check_that_is_under_way_when_its_watch_is_paused_comes_to_nothing(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "9")
        shop.held.add("/dune")
        await room.look(600)
        await shop.until_asked(2)
        await pause(room, "dune")
        await shop.release()
        await room.look(600)
        assert await room.words() == []
        room.checks += 1
        await room.turn(HOUR - 600, checks=1)
        assert await room.words() == ["deals: Dune: 12 → 9"]
    assert len(shop.asked) == 3


async def test_a_check_that_is_under_way_when_its_watch_is_muted_tells_nothing(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "9")
        shop.held.add("/dune")
        await room.look(600)
        await shop.until_asked(2)
        await mute(room, "dune")
        room.checks += 1
        await shop.release()
        await room.turn(0, checks=1)
        assert await room.words() == []
        assert room.runner.states.of("dune").snapshot is not None


async def test_what_a_muted_watch_saw_is_judged_when_the_mute_ends_though_no_check_were_due(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=1_500)) as room:
        await room.turn(0, checks=1)
        await mute(room, "dune")
        room.checks += 1
        shop.price("/dune", "9")
        await room.turn(1_500, checks=1)
        await room.turn(1_500, checks=1)
        assert await room.words() == []
        await room.turn(600, checks=1)
        assert await room.words() == ["deals: Dune: 12 → 9"]
    assert checks(room)[1:] == [Verdict.MUTED, Verdict.MUTED, Verdict.CHANGED]


@pytest.mark.parametrize("act", [PauseAct.PAUSE, PauseAct.MUTE])
async def test_a_watch_that_is_resumed_is_checked_at_once_and_judged(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, act: PauseAct
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        await room.runner.pause(["dune"], act, until=until(room, HOUR))
        shop.price("/dune", "9")
        assert await resume(room, "dune") == ["dune"]
        room.checks += 2
        await room.turn(0, checks=1)
        assert await room.words() == ["deals: Dune: 12 → 9"]
        assert await resume(room, "dune") == []


async def test_nothing_is_done_with_watches_that_are_not_there_or_not_enabled(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    off = replace(watch_of(shop, "off"), is_enabled=False)
    async with working(store, tools, off) as room:
        assert await pause(room, "off", "nowhere") == []
        assert await mute(room, "off") == []
        assert room.ledger.decisions == []


async def test_a_paused_watch_is_not_checked_by_hand_nor_by_accept_nor_beside_another(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    watch = watch_of(shop, every=600)
    beside = replace(watch, id="beside", every=timedelta(seconds=610))
    async with working(store, tools, watch, beside) as room:
        await room.turn(0, checks=2)
        await pause(room, "beside", seconds=620)
        room.checks += 1
        assert await room.runner.check_now(["beside"], limit_seconds=BOUND_SECONDS) == []
        await room.turn(600, checks=1)
        assert [decision.watch for decision in room.ledger.decisions[2:]] == ["beside", "dune"]


async def test_a_pass_leaves_paused_watches_out(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    shop.price("/dune", "12")
    shop.price("/emma", "12")
    async with working(store, tools, watch_of(shop), watch_of(shop, "emma")) as room:
        await room.turn(0, checks=2)
        await pause(room, "dune")
        assert [each.watch async for each in room.runner.check_once(["dune", "emma"])] == ["emma"]


async def test_a_pause_ends_by_the_clock_on_the_wall_though_that_was_set(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        await pause(room, "dune", seconds=24 * HOUR)
        room.checks += 1
        room.clock.set(12 * HOUR)
        await room.look(11 * HOUR)
        assert len(shop.asked) == 1
        await room.turn(HOUR, checks=1)


async def test_a_pause_that_ends_outside_of_the_active_hours_goes_on_until_they_begin(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    hours = ActiveHours(start=NOON.time(), end=(NOON + timedelta(hours=2)).time())
    async with working(store, tools, replace(watch_of(shop), active_hours=hours)) as room:
        start = room.clock.now()
        room.clock.turn(
            (NOON.replace(year=start.year, month=start.month, day=start.day) - start).total_seconds() % 86_400
        )
        await room.turn(0, checks=1)
        await pause(room, "dune", seconds=10 * HOUR)
        room.checks += 1
        await room.look(10 * HOUR)
        await room.look(10 * HOUR)
        assert len(shop.asked) == 1
        await room.turn(4 * HOUR, checks=1)


@pytest.mark.parametrize("stale_after", [None, timedelta(hours=1)])
async def test_nobody_is_told_that_a_paused_watch_is_silent(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, stale_after: timedelta | None
) -> None:
    shop.price("/dune", "12")
    careful: Watch = replace(watch_of(shop, every=600), stale_after=stale_after, on_error=OnError(after=1))
    async with working(store, tools, careful) as room:
        await room.turn(0, checks=1)
        await pause(room, "dune", seconds=24 * HOUR)
        room.checks += 1
        for _ in range(47):
            await room.look(HOUR / 2)
        assert room.runner.figures().silent == 0
        assert await room.words() == []
        shop.held.add("/dune")
        await room.look(HOUR)
        await shop.until_asked(2)
        for _ in range(4):
            await room.look(HOUR)
        await settled()
        assert room.runner.figures().silent == 1
        await shop.release()


async def test_paused_and_muted_watches_are_counted(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    names = ("dune", "emma", "ulysses")
    for name in names:
        shop.price(f"/{name}", "12")
    async with working(store, tools, *(watch_of(shop, name) for name in names)) as room:
        await room.turn(0, checks=3)
        await pause(room, "dune")
        await mute(room, "emma")
        assert room.runner.figures().watches == {"paused": 1, "muted": 1, "ok": 1}
        room.checks += 2
        for _ in range(5):
            await room.turn(600, checks=2)
        assert room.runner.figures().watches == {"paused": 1, "muted": 1, "ok": 1}
        await room.turn(600, checks=3)
        await settled()
        assert room.runner.figures().watches == {"ok": 3}


async def test_a_disk_that_refuses_leaves_the_watch_as_it_was(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        room.disk.is_full = True
        with pytest.raises(StoreError, match="full"):
            await pause(room, "dune")
        room.disk.is_full = False
        room.checks += 1
        await room.turn(600, checks=1)
