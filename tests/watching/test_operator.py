"""What the operator is told of the whole, and what he may say to the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, time, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.files import no_more_files
from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import Room, working
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Verdict, WatchState
from watcher.core.values import ValueType
from watcher.core.watch import ActiveHours, AllWell, OnError, Query, Selector, Step, Values, Watch
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools

HOUR = timedelta(hours=1)


# The clock on the wall


async def test_a_clock_that_is_set_moves_what_is_due_by_it(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    daily = replace(watch_of(shop, every=24 * 3600), cron="0 15 * * *")
    async with working(store, tools, daily) as room:
        await room.look()
        room.clock.set(3 * 3600 - 90)
        await room.look()
        assert shop.asked == []
        await room.turn(90, checks=1)
    assert room.ledger.decisions[0].state.checked_at == NOON + 3 * HOUR


async def test_a_time_that_the_clock_jumped_over_is_made_up_for(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    daily = replace(watch_of(shop, every=24 * 3600), cron="0 15 * * *")
    async with working(store, tools, daily) as room:
        await room.look()
        room.clock.set(5 * 3600)
        await room.turn(0, checks=1)
    assert room.ledger.decisions[0].state.next_check_at == NOON + 27 * HOUR


async def test_a_clock_that_is_set_back_while_the_disk_refuses_a_check_puts_nothing_off(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    shop.held.add("/dune")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await shop.until_asked(1)
        room.disk.is_full = True
        room.clock.set(-365 * 24 * 3600)
        await shop.release()
        await room.turn(0, checks=1)
        room.disk.is_full = False
        await room.turn(600, checks=1)
    assert room.ledger.verdicts[-1] == ("dune", Verdict.BASELINE)


@pytest.mark.parametrize("years", [-1, 1])
async def test_an_interval_goes_on_whatever_the_clock_says(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, years: int
) -> None:
    shop.price("/dune", "12", etag='"1"')
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        room.clock.set(years * 365 * 24 * 3600)
        await room.look(599)
        assert len(shop.asked) == 1
        await room.turn(1, checks=1)


async def test_what_became_due_outside_of_the_hours_waits_for_them(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    hours = ActiveHours(start=time(7), end=time(13))
    async with working(store, tools, replace(watch_of(shop, every=600), active_hours=hours)) as room:
        await room.turn(0, checks=1)
        await room.look(2 * 3600)  # the machine slept
        assert len(shop.asked) == 1
        await room.turn(17 * 3600, checks=1)
    assert room.ledger.decisions[1].state.checked_at == NOON + 19 * HOUR


# Silence


async def test_a_check_that_never_ends_is_told_once_and_its_result_is_looked_for_again(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    async with working(store, tools, watch_of(shop, every=60)) as room:
        await room.turn(0, checks=1)
        shop.held.add("/dune")
        room.clock.turn(60)
        room.runner.loop.wake()
        await shop.until_asked(2)
        await room.turn(130, checks=1)
        await room.look(600)
        (word,) = await room.words()
        assert word.startswith("admin: ⚠ Dune: no good check since")
        await shop.release()
        await room.turn(0, checks=1)
        assert (await room.words())[1].startswith("admin: Dune works again")
    assert [verdict for _, verdict in room.ledger.verdicts][1:] == [Verdict.FAILED, Verdict.NOT_MODIFIED]


async def test_a_watch_is_stale_without_a_good_check_for_that_long(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    watch = replace(watch_of(shop, every=60), stale_after=timedelta(minutes=30), on_error=OnError(after=None))
    async with working(store, tools, watch) as room:
        await room.turn(0, checks=1)
        await room.turn(1700, checks=1)
        assert await room.words() == []
        await room.turn(101, checks=1)
        (word,) = await room.words()
    assert word == "admin: ⚠ Dune: no good check so far"


# The network


def unreachable(shop: Shop, name: str, host: str, *, after: int = 1) -> Watch:
    """A watch of a host on which nothing listens."""
    watch = watch_of(shop, name, every=60)
    return replace(watch, request=replace(watch.request, url=f"http://{host}:1/"), on_error=OnError(after=after))


def planned(hours: float) -> Mapping[str, WatchState]:
    """The state of the watch `well`, which is to be checked so much later."""
    return {"well": WatchState(next_check_at=NOON + hours * HOUR)}


async def outage(room: Room) -> None:
    """Let two hosts fail twice each."""
    await room.turn(0, checks=2)
    await room.turn(120, checks=2)


async def test_when_nothing_is_reached_the_operator_is_told_once_and_once_when_it_is_back(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/well", "12")
    watches = [unreachable(shop, "a", "127.0.0.2", after=3), unreachable(shop, "b", "127.0.0.3", after=3)]
    async with working(store, tools, *watches, watch_of(shop, "well", every=3600), states=planned(1)) as room:
        await outage(room)
        for seconds in (240, 480, 960):
            await room.turn(seconds, checks=2)
        assert await room.words() == ["admin: The network is down: 2 watches on 2 hosts fail since 12:00"]
        await room.turn(1800, checks=1)
        words = await room.words()
        assert words[1:] == ["admin: The network is back: 2 watches on 2 hosts failed since 12:00"]
        await room.turn(60, checks=2)  # at once, and not after a back-off of an hour
        words = await room.words()
    assert [word.split(":")[1].strip() for word in words[2:]] == ["⚠ A", "⚠ B"]


async def test_a_login_page_in_the_place_of_all_sites_is_told_as_one(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    portal = "<title>Hotel Wi-Fi</title><h1>Hotel Wi-Fi</h1><form><input type=password><button>Log in</button></form>"
    watches = []
    for number in range(2, 10):
        shop.price(f"/{number}", "12")
        watch = watch_of(shop, str(number), every=60 + number)
        url = watch.request.url.replace("127.0.0.1", f"127.0.0.{number}")
        watches.append(replace(watch, request=replace(watch.request, url=url)))
    async with working(store, tools, *watches) as room:
        await room.turn(0, checks=8)
        for number in range(2, 10):
            shop.show(f"/{number}", portal)
        await room.turn(62, checks=1)
        for _ in range(3, 10):
            await room.turn(1, checks=1)
        words = [word.partition(": ")[2] for word in await room.words()]
        assert [word[:4] for word in words if word.startswith("⚠")] == ["⚠ 2:", "⚠ 3:", "⚠ 4:"]
        assert words.count("The same page stands in front of 3 watches on 3 hosts since 12:01") == 1
        assert len(words) == 4
        for number in range(2, 10):
            shop.price(f"/{number}", "12")
        await room.turn(120, checks=8)
        words = [word.partition(": ")[2] for word in await room.words()][4:]
    assert [word.split(" (")[0] for word in sorted(words)] == [
        "2 works again",
        "3 works again",
        "4 works again",
        "The network is back: 8 watches on 8 hosts failed since 12:01",
    ]


async def test_a_restart_in_an_outage_tells_nothing_twice(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    watches = [unreachable(shop, "a", "127.0.0.2", after=3), unreachable(shop, "b", "127.0.0.3", after=3)]
    async with working(store, tools, *watches) as room:
        await outage(room)
        before = await room.words()
    states = {decision.watch: decision.state for decision in room.ledger.decisions}
    async with working(store, tools, *watches, states=states) as again:
        again.clock.turn(120)
        for seconds in (240, 480, 960):
            await again.turn(seconds, checks=2)
        assert await again.words() == before
    assert len(before) == 1


async def test_one_dead_host_is_told_as_that_watchs_trouble(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/well", "12")
    async with working(
        store, tools, unreachable(shop, "a", "127.0.0.2", after=2), watch_of(shop, "well", every=90)
    ) as room:
        await room.turn(0, checks=2)
        await room.turn(120, checks=2)
        words = await room.words()
    assert [word.split(":")[1].strip() for word in words] == ["⚠ A"]


async def test_that_no_more_files_can_be_opened_is_told_once_for_all_watches_and_never_as_an_outage(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    for page in ("/a", "/b"):
        shop.price(page, "12")
    watches = [replace(watch_of(shop, one, every=60), on_error=OnError(after=1)) for one in ("a", "b")]
    async with working(store, tools, *watches) as room:
        with no_more_files():
            await room.turn(0, checks=2)
            for seconds in (120, 240, 480, 960):
                await room.turn(seconds, checks=2)
        words = await room.words()
        assert words == ["admin: This watcher can open no more files: checks fail"]
        kinds = {one.state.failure.kind for one in room.ledger.decisions if one.state.failure}
        assert kinds == {"files"}
        await room.look(60)
        await room.turn(60, checks=2)  # within a minute, and not after a back-off of an hour
        assert await room.words() == words
    assert [verdict for _, verdict in room.ledger.verdicts[-2:]] == [Verdict.BASELINE, Verdict.BASELINE]


# A new design


@pytest.mark.faults
async def test_a_site_with_a_new_design_is_told_in_one_line_for_all_its_watches(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    names = ("a", "b", "c", "d")
    for name in names:
        shop.price(f"/{name}", "12")
    watches = [replace(watch_of(shop, name, every=300), on_error=OnError(after=1)) for name in names]
    async with working(store, tools, *watches) as room:
        await room.turn(0, checks=4)
        for name in names:
            shop.show(f"/{name}", f"<h1>{name}</h1>")
        await room.turn(300, checks=4)
        shop.price("/d", "12")
        await room.turn(600, checks=4)
        assert (await room.words())[4:] == ["admin: D works again (after 1 failed check, since 12:05)"]
        await room.turn(600, checks=1)
        words = (await room.words())[5:]
        content = [each.message.content for each in await room.disk.outbox.waiting()][-1]
    assert words == ["admin: 127.0.0.1 may have a new design: 3 watches lost a value"]
    assert content.startswith("- A\n- B\n- C\n`watcher suggest --failing` shows")


# The day


async def test_all_is_well_is_said_at_its_time(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    shop.price("/dune", "12")
    at_one = AllWell(at=time(13), timezone=UTC)
    async with working(store, tools, watch_of(shop, every=1800), all_well=at_one) as room:
        await room.turn(0, checks=1)
        await room.turn(1800, checks=1)
        assert await room.words() == []
        await room.turn(1800, checks=1)
        assert await room.words() == ["admin: All well: 1 watch, 0 changes since 24 Nov 2026, 12:00"]


# Accepting


def careful(shop: Shop, **changes: object) -> Watch:
    """A watch that believes no price that moved by more than a tenth."""
    selector = Selector(
        query=Query.css(".price"), type=ValueType.NUMBER, max_step=Step(amount=Decimal("0.1"), is_share=True)
    )
    watch = replace(watch_of(shop, every=600), extraction=Values(selectors={"price": selector}), accept_after=100)
    return replace(watch, **changes)


async def test_what_the_operator_accepts_is_checked_at_once_and_told(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, careful(shop)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "6")
        await room.turn(600, checks=1)
        assert await room.runner.accept("dune")
        words = await room.words()
    assert [verdict for _, verdict in room.ledger.verdicts][-1] is Verdict.CHANGED
    (word,) = words
    assert word.startswith("deals: Dune 12 → 6")


async def test_a_check_under_way_is_looked_at_again_after_accepting(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, careful(shop)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "6")
        await room.turn(600, checks=1)
        shop.held.add("/dune")
        room.clock.turn(1200)
        room.runner.loop.wake()
        await shop.until_asked(3)
        accepting = asyncio.create_task(room.runner.accept("dune"))
        await room.ledger.until(3)
        await shop.release()
        async with asyncio.timeout(BOUND_SECONDS):
            assert await accepting
        words = await room.words()
    (word,) = words
    assert word.startswith("deals: Dune 12 → 6")
    assert shop.most_at_once["/dune"] == 1


async def test_where_nothing_is_suspicious_there_is_nothing_to_accept(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, careful(shop)) as room:
        await room.turn(0, checks=1)
        assert not await room.runner.accept("dune")
        assert not await room.runner.accept("unheard of")
    assert len(shop.asked) == 1


# Notes


async def test_how_a_page_was_read_is_logged_once(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="watcher.watching")
    async with working(store, tools, watch_of(shop, every=60)) as room:
        for step in range(3):
            shop.show("/dune", f"<p class=price>{step}</p><p class=price>9</p>")
            await room.turn(60 * bool(step), checks=1)
    assert len([record for record in caplog.records if "matches 2" in record.getMessage()]) == 1
