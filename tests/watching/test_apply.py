"""Another file of watches, taken into use while the loop runs."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.watching.room import Room, settled, working
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Verdict
from watcher.core.watch import Lane, Query, Secrets, Selector, Values, Watch, WatchFile
from watcher.runtime.fetching import follow, lanes
from watcher.store.watch_reader import DiskWatchReader
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.roster import Applied


def file_of(*watches: Watch) -> WatchFile:
    return WatchFile(topics={}, watches={watch.id: watch for watch in watches})


def apply(room: Room, *watches: Watch) -> Applied:
    return room.runner.apply(file_of(*watches))


def show(shop: Shop, names: Sequence[str]) -> None:
    for name in names:
        shop.price(f"/{name}", "12", etag='"1"')


async def test_what_is_added_changed_and_removed_is_named(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a", "b", "c", "d"])
    a, b, c, d = (watch_of(shop, name, every=60) for name in "abcd")
    async with working(store, tools, a, b, c) as room:
        await room.turn(0, checks=3)
        applied = apply(room, a, replace(b, name="Other"), d)
        await room.turn(0, checks=1)
    assert applied == Applied(added=("d",), changed=("b",), removed=("c",))
    assert str(applied) == "1 added, 1 changed, 1 removed"
    assert shop.asked[3:] == ["/d"]


async def test_the_same_file_again_changes_nothing(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a"])
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        assert apply(room, watch_of(shop, "a", every=60)) == Applied()
        await room.look(59)
        assert len(shop.asked) == 1
        await room.turn(1, checks=1)


async def test_a_removed_watch_is_checked_no_more_and_goes_on_when_it_comes_back(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, a, b) as room:
        await room.turn(0, checks=2)
        apply(room, b)
        await room.turn(60, checks=1)
        assert shop.asked.count("/a") == 1
        shop.price("/a", "9", etag='"2"')
        apply(room, a, b)
        await room.turn(0, checks=1)
    assert room.ledger.verdicts[-1] == ("a", Verdict.CHANGED)
    assert room.ledger.decisions[-1].state.sequence == 2


async def test_a_check_of_a_removed_watch_ends_for_nothing(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    shop.held.add("/a")
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, a, b) as room:
        await shop.until_asked(2)
        await room.turn(0, checks=1)
        apply(room, b)
        await shop.release()
        await room.turn(60, checks=1)
        await room.turn(60, checks=1)
    assert {watch for watch, _ in room.ledger.verdicts} == {"b"}
    assert shop.asked.count("/a") == 1


async def test_a_watch_that_comes_back_during_its_check_is_not_checked_twice_at_once(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a"])
    shop.held.add("/a")
    a = watch_of(shop, "a", every=60)
    async with working(store, tools, a) as room:
        await shop.until_asked(1)
        apply(room)
        apply(room, a)
        await room.look(120)
        await shop.release()
        await room.turn(0, checks=1)
        await room.turn(60, checks=1)
    assert shop.most_at_once["/a"] == 1
    assert len(shop.asked) == 2


@pytest.mark.parametrize("comes_back", [False, True], ids=["at another time", "after it was removed"])
async def test_a_watch_whose_check_never_ends_falls_silent_even_if_the_file_was_saved_meanwhile(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, comes_back: bool
) -> None:
    show(shop, ["a"])
    shop.held.add("/a")
    a = watch_of(shop, "a", every=60)
    async with working(store, tools, a) as room:
        await shop.until_asked(1)
        if comes_back:
            apply(room)
            apply(room, a)
        else:
            apply(room, replace(a, every=timedelta(seconds=90)))
        await room.look(3600)
        await room.ledger.until(1)
        await shop.release()
        words = await room.words()
    assert words == ["admin: ⚠ A: no good check so far"]


async def test_a_watch_that_reads_something_else_is_looked_at_soon_and_with_new_eyes(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.show("/a", "<p class=price>12</p><h1>Dune</h1>")
    a = watch_of(shop, "a", every=60)
    titled = replace(a, extraction=Values(selectors={"title": Selector(query=Query.css("h1"))}))
    async with working(store, tools, a) as room:
        await room.turn(0, checks=1)
        apply(room, titled)
        await room.turn(1, checks=1)
    assert room.ledger.verdicts[1] == ("a", Verdict.BASELINE)


async def test_a_watch_that_asks_and_reads_the_same_keeps_its_time(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a"])
    a = watch_of(shop, "a", every=60)
    async with working(store, tools, a) as room:
        await room.turn(0, checks=1)
        apply(room, replace(a, name="Other", topics=("other",)))
        await room.look(59)
        assert len(shop.asked) == 1
        await room.turn(1, checks=1)


async def test_a_failing_watch_is_tried_at_once_when_it_was_mended(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["b"])
    wrong = watch_of(shop, "a", every=600)  # there is no such page
    async with working(store, tools, wrong) as room:
        await room.turn(0, checks=1)
        apply(room, replace(watch_of(shop, "b", every=600), id="a"))
        await room.turn(1, checks=1)
    assert room.ledger.verdicts == [("a", Verdict.FAILED), ("a", Verdict.BASELINE)]


async def test_a_watch_that_is_mended_during_its_check_is_tried_again_when_that_ends(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    shop.held.add("/a")
    async with working(store, tools, watch_of(shop, "a", every=600)) as room:
        await shop.until_asked(1)
        apply(room, replace(watch_of(shop, "b", every=600), id="a"))
        await shop.release()
        await room.turn(0, checks=1)
        await room.turn(1, checks=1)
    assert shop.asked == ["/a", "/b"]


async def test_a_changed_interval_counts_from_the_last_check(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a"])
    async with working(store, tools, watch_of(shop, "a", every=3600)) as room:
        await room.turn(0, checks=1)
        apply(room, watch_of(shop, "a", every=600))
        await room.look(599)
        assert len(shop.asked) == 1
        await room.turn(1, checks=1)
    assert room.ledger.decisions[1].state.next_check_at == NOON + timedelta(seconds=1200)


async def test_the_time_that_a_changed_interval_leads_to_is_saved(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path
) -> None:
    """Else whoever looks at what is stored, as at how a cluster stands, takes the watch for late."""
    show(shop, ["a"])
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        apply(room, watch_of(shop, "a", every=3600))
        await room.ledger.save_late(["a"])
        assert DiskWatchReader(tmp_path).states()["a"].next_check_at == NOON + timedelta(seconds=3600)
        await room.turn(3600, checks=1)
    assert room.ledger.verdicts == [("a", Verdict.BASELINE), ("a", Verdict.NOT_MODIFIED)]


async def test_a_check_under_way_is_judged_as_it_was_begun_and_planned_as_the_new_file_says(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a"])
    shop.held.add("/a")
    a = watch_of(shop, "a", every=3600)
    async with working(store, tools, a) as room:
        await shop.until_asked(1)
        apply(room, replace(a, every=timedelta(seconds=60)))
        await shop.release()
        await room.turn(0, checks=1)
        await room.turn(60, checks=1)
    assert room.ledger.verdicts == [("a", Verdict.BASELINE), ("a", Verdict.NOT_MODIFIED)]


async def test_a_watch_that_is_not_enabled_is_not_checked_until_it_is(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, replace(a, is_enabled=False), b) as room:
        await room.turn(0, checks=1)
        await room.turn(600, checks=1)
        assert "/a" not in shop.asked
        apply(room, a, b)
        await room.turn(0, checks=1)
        assert shop.asked[-1] == "/a"
        apply(room, replace(a, is_enabled=False), b)
        await room.turn(60, checks=1)
        assert shop.asked[-1] == "/b"


async def test_one_pass_leaves_out_what_is_not_enabled(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a"])
    room = Room(store, tools, [replace(watch_of(shop, "a"), is_enabled=False)])
    assert [decision async for decision in room.runner.check_once(["a"])] == []
    assert shop.asked == []


async def test_removing_everything_leaves_a_loop_that_takes_new_watches(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["a", "b"])
    async with working(store, tools, watch_of(shop, "a", every=60)) as room:
        await room.turn(0, checks=1)
        apply(room)
        await room.look(600)
        await settled()
        assert len(shop.asked) == 1
        apply(room, watch_of(shop, "b", every=60))
        await room.turn(0, checks=1)
    assert shop.asked == ["/a", "/b"]


async def test_a_watch_whose_key_becomes_a_secret_forgets_it_without_an_alarm(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    shop.price("/a", "12 for key-of-mine")
    plain = watch_of(shop, "a", every=60)
    secret = Secrets(values=(("KEY", "key-of-mine"),), url=plain.request.url)
    async with working(store, tools, plain) as room:
        await room.turn(0, checks=1)
        await store.states()  # of before
        assert "key-of-mine" in repr(await store.states())
        apply(room, replace(plain, request=replace(plain.request, secrets=secret)))
        await room.turn(0, checks=1)  # none: what is remembered is saved anew
        assert "key-of-mine" not in repr(await store.states())
        await room.turn(60, checks=1)
        shop.price("/a", "9 for key-of-mine")
        await room.turn(60, checks=1)
    told = [message.summary for decision in room.ledger.decisions for message in decision.messages]
    assert told == ["A: 12 for *** → 9 for ***"]
    assert "key-of-mine" not in repr([*room.ledger.decisions[1:], await store.states()])


async def test_watches_that_join_go_on_from_their_states(shop: Shop, tools: CheckTools, store: DiskWatchStore) -> None:
    show(shop, ["a", "b"])
    a, b = (watch_of(shop, name, every=60) for name in "ab")
    async with working(store, tools, b) as elsewhere:
        await elsewhere.turn(0, checks=1)
    shop.price("/b", "9", etag='"2"')
    async with working(store, tools, a) as room:
        await room.turn(0, checks=1)
        room.runner.join({"b": b}, {"b": elsewhere.runner.states.of("b")})
        await room.turn(60, checks=2)
        assert dict(room.runner.figures().watches) == {"ok": 2}
    assert sorted(room.ledger.verdicts[1:]) == [("a", Verdict.NOT_MODIFIED), ("b", Verdict.CHANGED)]


async def test_whoever_follows_the_watches_is_told_of_those_alone_that_come_and_go(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    told: list[tuple[list[Watch], list[Watch]]] = []

    def follow(came: Collection[Watch], went: Collection[Watch]) -> None:
        told.append(([*came], [*went]))

    show(shop, ["a", "b", "c", "d"])
    a, b, c, d = (watch_of(shop, name, every=60) for name in "abcd")
    renamed = replace(b, name="Other")
    async with working(store, tools, a, b, c, followers=[follow]) as room:
        await room.turn(0, checks=3)
        assert told[-1] == ([a, b, c], [])
        told.clear()
        apply(room, a, renamed, d)
        assert told == [([renamed, d], [b, c])]
        told.clear()
        apply(room, a, renamed, d)
        assert told == []


async def test_a_host_is_asked_no_sooner_while_its_slowest_watch_is_renamed(
    shop: Shop, tools: CheckTools, store: DiskWatchStore
) -> None:
    show(shop, ["slow", "b", "c"])
    slow, b, c = (watch_of(shop, name, every=60) for name in ("slow", "b", "c"))
    slow = replace(slow, request=replace(slow.request, lane=Lane(concurrency=1, min_delay=timedelta(0))))
    hosts, started = lanes(), list[str]()

    async def ask(watch: Watch) -> None:
        async with hosts.slot(watch.request):
            started.append(watch.id)
            await asyncio.Event().wait()

    async with working(store, tools, slow, b, c, followers=[partial(follow, hosts)]) as room:
        await room.turn(0, checks=3)
        asking = [asyncio.create_task(ask(watch)) for watch in (slow, b, c)]
        await settled()
        apply(room, replace(slow, id="slower"), b, c)
        await settled()
        assert started == ["slow"]
    for task in asking:
        task.cancel()
    await asyncio.wait(asking, timeout=5)
