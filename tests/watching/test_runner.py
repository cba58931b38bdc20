"""The loop over a real site, with a clock that only a test turns."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import Hesitating, Ledger, Room, settled, working
from tests.watching.shop import Shop, watch_of
from watcher.background import loop as loops
from watcher.core.check import Decision, Verdict
from watcher.core.schedule import is_active
from watcher.core.values import SINGLE
from watcher.core.watch import ADMIN_TOPIC, Watch
from watcher.store.watch_store import DiskWatchStore
from watcher.watching import timetable
from watcher.watching.check import CheckTools


async def test_watches_are_checked_when_they_are_due(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    for name in ("fast", "slow"):
        shop.price(f"/{name}", "1", etag='"1"')
    async with working(store, tools, watch_of(shop, "fast", every=60), watch_of(shop, "slow", every=150)) as room:
        await room.turn(0, checks=2)
        await room.turn(60, checks=1)
        await room.turn(60, checks=1)
        await room.turn(59, checks=1)
        await room.turn(1, checks=1)
    assert sorted(shop.asked[:2]) == ["/fast", "/slow"]
    assert shop.asked[2:] == ["/fast", "/fast", "/slow", "/fast"]
    assert [verdict for _, verdict in room.ledger.verdicts[2:]] == [Verdict.NOT_MODIFIED] * 4


async def test_a_watch_is_never_checked_twice_at_once_and_holds_no_other_up(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    for name in ("stuck", "well"):
        shop.price(f"/{name}", "1")
    shop.held.add("/stuck")
    async with working(store, tools, watch_of(shop, "stuck", every=60), watch_of(shop, "well", every=60)) as room:
        await shop.until_asked(2)
        await room.turn(0, checks=1)
        for _ in range(4):
            await room.turn(60, checks=1)
        await shop.release()
        await room.turn(0, checks=1)
        await room.turn(60, checks=2)
    assert shop.asked.count("/stuck") == 2
    assert shop.most_at_once == {"/stuck": 1, "/well": 1}


async def test_a_watch_is_due_again_only_when_its_last_result_is_saved(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    """Else a version may be seen twice before it is told once, and be lost with the process."""
    shop.price("/a", "1")
    Hesitating.may_save = asyncio.Event()
    async with working(store, tools, watch_of(shop, "a", every=60), ledger=Hesitating) as room:
        await room.look()
        while not room.runner.states.is_being_saved("a"):
            await settled()
        await room.look(600)
        assert room.runner.live()["a"].next_check_at is None
        assert shop.asked == ["/a"]
        Hesitating.may_save.set()
        await room.turn(0, checks=1)
        await room.turn(60, checks=1)


async def test_watches_of_one_page_are_checked_together_by_one_request(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "1", etag='"1"')
    price, text = watch_of(shop, "dune", every=60), replace(watch_of(shop, "dune", every=64), id="text")
    async with working(store, tools, price, text) as room:
        await room.turn(0, checks=2)
        await room.turn(60, checks=2)  # the second one is due 4 s later, and comes along
        shop.price("/dune", "2", etag='"2"')
        await room.turn(60, checks=2)
    assert shop.asked == ["/dune"] * 3
    assert [verdict for _, verdict in room.ledger.verdicts[2:]] == [Verdict.NOT_MODIFIED] * 2 + [Verdict.CHANGED] * 2


async def test_a_watch_comes_along_no_earlier_than_a_tenth_of_its_interval(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "1", etag='"1"')
    often, seldom = watch_of(shop, "dune", every=60), replace(watch_of(shop, "dune", every=600), id="seldom")
    async with working(store, tools, often, seldom) as room:
        await room.turn(0, checks=2)
        for _ in range(8):
            await room.turn(60, checks=1)
        await room.turn(60, checks=2)  # due in 60 s
    assert shop.asked == ["/dune"] * 10


async def test_a_watch_that_fails_backs_off_while_the_others_keep_their_cadence(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/well", "1")
    async with working(store, tools, watch_of(shop, "gone", every=60), watch_of(shop, "well", every=60)) as room:
        await room.turn(0, checks=2)
        for minute in range(1, 15):
            await room.turn(60, checks=1 + (minute in (2, 6, 14)))
    assert shop.asked.count("/well") == 15
    assert shop.asked.count("/gone") == 4
    assert room.ledger.decisions[-1].state.failures + room.ledger.decisions[-2].state.failures == 4


async def test_the_wait_that_a_server_asks_for_is_kept(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    shop.show("/dune", "", status="429 Too Many Requests", headers={"Retry-After": "3600"})
    async with working(store, tools, watch_of(shop, every=60)) as room:
        await room.turn(0, checks=1)
    assert room.ledger.decisions[0].state.next_check_at == NOON + timedelta(hours=1)


async def test_a_long_wait_that_a_server_asks_for_is_told_once(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.show("/dune", "", status="503 Service Unavailable", headers={"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"})
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        await room.turn(86_400, checks=1)
        await room.ledger.flush()
        (told,) = [entry.message for entry in await room.disk.outbox.waiting()]
    assert told.topic == ADMIN_TOPIC
    assert "it asks to wait 86400 s" in told.content


@pytest.mark.parametrize(
    ("page", "status", "checks"),
    [
        pytest.param("<h1>A new design</h1><p>Nothing is where it was.</p>", "200 OK", 5, id="lost"),
        pytest.param('<p class="price"></p>', "200 OK", 5, id="empty"),
        pytest.param("<h1>Forbidden</h1>", "403 Forbidden", 2, id="refused"),
        pytest.param("<h1>Slow down</h1>", "429 Too Many Requests", 2, id="too many requests"),
        pytest.param("<h1>Are you human?</h1>", "200 OK", 2, id="a wall"),
    ],
)
async def test_a_page_that_was_read_without_the_value_is_looked_at_as_often_as_a_good_one(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, page: str, status: str, checks: int
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=600)) as room:
        await room.turn(0, checks=1)
        shop.show("/dune", page, status=status)
        for minutes in range(0, 50, 10):
            await room.turn(600, checks=0 if checks == 2 and minutes not in (0, 20) else 1)
    failed = room.ledger.decisions[1:]
    assert [decision.verdict for decision in failed] == [Verdict.FAILED] * checks
    told = [number for number, decision in enumerate(failed, 1) for message in decision.messages]
    assert told == ([5] if checks == 5 else [1] if "human" in page else [])


async def test_what_awaits_its_confirmation_is_looked_at_sooner(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    async with working(store, tools, watch_of(shop, every=600, confirm=2)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "9", etag='"2"')
        await room.turn(600, checks=1)
        await room.turn(120, checks=1)
    assert [bool(decision.messages) for decision in room.ledger.decisions] == [False, False, True]
    assert room.ledger.decisions[2].verdict is Verdict.NOT_MODIFIED
    assert room.ledger.decisions[2].state.next_check_at == NOON + timedelta(seconds=1320)


async def test_a_captcha_page_in_between_is_one_error_and_no_change(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=60)) as room:
        await room.turn(0, checks=1)
        shop.show("/dune", "<h1>Are you human?</h1>")
        await room.turn(60, checks=1)
        shop.price("/dune", "12")
        await room.turn(120, checks=1)
    assert [verdict for _, verdict in room.ledger.verdicts] == [Verdict.BASELINE, Verdict.FAILED, Verdict.UNCHANGED]
    messages = [message for decision in room.ledger.decisions for message in decision.messages]
    assert [message.topic for message in messages] == [ADMIN_TOPIC, ADMIN_TOPIC]  # a wall, and that it is gone
    assert room.ledger.decisions[2].state.failures == 0


async def test_what_could_not_be_saved_is_found_again_by_the_next_check(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    shop.price("/dune", "12", etag='"1"')
    async with working(store, tools, watch_of(shop, every=60)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "9", etag='"2"')
        room.disk.is_full = True
        await room.turn(60, checks=1)
        room.disk.is_full = False
        await room.turn(60, checks=1)
    assert [entry.message.summary for entry in await store.outbox.waiting()] == ["Dune: 12 → 9"]
    assert "not saved and is dropped: the disk is full" in caplog.text


async def test_a_stop_starts_nothing_more_and_lets_what_runs_end(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12")
    shop.held.add("/dune")
    async with working(store, tools, watch_of(shop, every=60)) as room:
        await shop.until_asked(1)
        room.runner.stop()
        room.clock.turn(600)
        await shop.release()
        await room.turn(0, checks=1)
    assert shop.asked == ["/dune"]
    assert [verdict for _, verdict in room.ledger.verdicts] == [Verdict.BASELINE]


async def test_a_stopped_runner_goes_on_at_the_planned_time(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/dune", "12", etag='"1"')
    watch = watch_of(shop, every=600)
    async with working(store, tools, watch) as room:
        await room.turn(0, checks=1)
    states = {"dune": room.ledger.decisions[0].state}
    async with working(store, tools, watch, states=states) as again:
        await again.turn(599, checks=0)
        await settled()
        assert len(shop.asked) == 1
        await again.turn(1, checks=1)
    assert again.ledger.verdicts == [("dune", Verdict.NOT_MODIFIED)]


class Tripping(Ledger):
    """A committer with a defect for one watch."""

    async def save(self, decision: Decision) -> None:
        await super().save(decision)
        if decision.watch == "odd":
            raise KeyError("a defect")


async def test_a_defect_in_one_watch_does_not_end_the_loop(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("odd", "well"):
        shop.price(f"/{name}", "1")
    watches = [watch_of(shop, name, every=60) for name in ("odd", "well")]
    async with working(store, tools, *watches, ledger=Tripping) as room:
        await room.turn(0, checks=2)
        await room.turn(60, checks=2)
    assert shop.asked.count("/odd") == 2
    assert "watch odd: a defect in watcher" in caplog.text


async def test_a_defect_while_a_watch_is_taken_loses_neither_it_nor_the_others(
    shop: Shop,
    tools: CheckTools,
    store: DiskWatchStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(loops, "PAUSE_SECONDS", 0.01)
    faults = [KeyError("a defect")]

    def trips_once(watch: Watch, now: datetime) -> bool:
        if faults:
            raise faults.pop()
        return is_active(watch, now)

    monkeypatch.setattr(timetable, "is_active", trips_once)
    for name in ("odd", "well"):
        shop.price(f"/{name}", "1")
    async with working(store, tools, *(watch_of(shop, name, every=3_600) for name in ("odd", "well"))) as room:
        await room.turn(0, checks=1)
        await room.turn(60, checks=1)
    assert sorted(shop.asked) == ["/odd", "/well"]
    assert "a defect in watcher: the loop that starts checks" in caplog.text


async def test_one_pass_checks_each_watch_once_whatever_becomes_of_the_others(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/a", "1")
    shop.price("/b", "2")
    room = Room(store, tools, [watch_of(shop, name) for name in ("a", "b", "gone")])
    committing = asyncio.create_task(room.ledger.run())
    decisions = {decision.watch: decision async for decision in room.runner.check_once(["a", "b", "gone"])}
    committing.cancel()
    await asyncio.wait([committing], timeout=BOUND_SECONDS)
    assert {name: decision.verdict for name, decision in decisions.items()} == {
        "a": Verdict.BASELINE,
        "b": Verdict.BASELINE,
        "gone": Verdict.FAILED,
    }
    snapshot = decisions["b"].state.snapshot
    assert snapshot is not None
    assert snapshot.observation.rows == {SINGLE: {"price": "2"}}


async def test_a_pass_that_is_left_early_leaves_no_check_behind(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/a", "1")
    shop.price("/b", "1")
    shop.held.add("/b")
    room = Room(store, tools, [watch_of(shop, "a"), watch_of(shop, "b")])
    committing = asyncio.create_task(room.ledger.run())
    before = asyncio.all_tasks()
    one_pass = room.runner.check_once(["a", "b"])
    assert (await anext(one_pass)).watch == "a"
    await one_pass.aclose()  # type: ignore[attr-defined]
    assert asyncio.all_tasks() - before <= {task for task in asyncio.all_tasks() if "connected" in repr(task)}
    committing.cancel()
    await asyncio.wait([committing], timeout=BOUND_SECONDS)


async def test_the_time_in_which_the_process_was_frozen_is_no_silence(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.price("/dune", "12")
    async with working(store, tools, watch_of(shop, every=20)) as room:
        await room.turn(0, checks=1)
        shop.held.add("/dune")
        await room.look(20)
        await shop.until_asked(2)
        loop, frozen = asyncio.get_running_loop(), 50
        time = loop.time
        monkeypatch.setattr(loop, "time", lambda: time() + frozen)
        await room.look(frozen)
        assert room.runner.figures().silent == 0
        await room.look(30)
        assert room.runner.figures().silent == 1
        await shop.release()
