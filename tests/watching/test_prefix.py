"""Checks of pages whose prefix decides what a watch sees: they come to the same as those that read all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.watch import Secrets, Watch
from watcher.extract.plan import plan
from watcher.store.records import read_state, write_checked, write_state
from watcher.watching.check import CheckTools, check

OFFERS = "<li><a href=/x>an offer</a> for <span class=price>5.00</span></li>\n" * 300
"""More matches, far behind the first: that there are several is noted only where all of a page is read."""


def page(price: str = "<p class=price>12.00</p>", *, noise: str = "", offers: str = OFFERS) -> str:
    head = f"<!doctype html><title>Dune</title><body><p>visitor {noise}</p>"
    return f"{head}<main><h1>Dune</h1>{price}</main><ul>{offers}</ul>"


async def look(tools: CheckTools, watch: Watch, state: WatchState, *, minutes: float = 10) -> Decision:
    planned = plan(watch.extraction, watch.link)
    return (await check(tools, watch, planned, state, now=NOON + timedelta(minutes=minutes))).decision


async def known(shop: Shop, tools: CheckTools) -> WatchState:
    """Return the state after a first check."""
    shop.show("/dune", page())
    state = (await look(tools, watch_of(shop), WatchState(), minutes=0)).state
    assert state.prefix_kib == 1
    return state


def notes_of(decision: Decision) -> tuple[str, ...]:
    assert decision.state.snapshot is not None
    return decision.state.snapshot.observation.notes


async def test_a_page_with_the_same_values_is_read_as_far_as_they_stand(shop: Shop, tools: CheckTools) -> None:
    state = await known(shop, tools)
    shop.show("/dune", page(noise="2"))
    quick = await look(tools, watch_of(shop), state)
    assert (quick.verdict, quick.has_new_page, notes_of(quick)) == (Verdict.UNCHANGED, True, ())


async def test_all_of_a_page_is_read_once_a_day(shop: Shop, tools: CheckTools) -> None:
    state = await known(shop, tools)
    shop.show("/dune", page(noise="2"))
    daily = await look(tools, watch_of(shop), state, minutes=24 * 60)
    assert "matches 301 elements" in notes_of(daily)[0]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(page(noise="2"), id="nothing new"),
        pytest.param(page("<p class=price>8.50</p>"), id="another price"),
        pytest.param(page("<p class=was>12.00</p>"), id="the price is gone, and others stand behind it"),
        pytest.param(page("", offers=""), id="the price is gone"),
        pytest.param(page("<p class=price></p>"), id="the price is empty"),
        pytest.param(page(noise="n" * 3_000), id="the price stands behind the prefix"),
        pytest.param(page("<table><tr><td class=price>12.00", offers=f"<p class=price>1</p>{OFFERS}"), id="a table"),
        pytest.param(page("<b><div><p class=price>12.00</p>") + "</b>", id="misnested"),
        pytest.param(page(noise="<!--") + "-->", id="a comment"),
        pytest.param("<title>Just a moment...</title><script>_cf_chl_opt</script>" + page(offers=""), id="a wall"),
        pytest.param(page("<p class=price>Please verify you are human</p>"), id="a wall's words"),
        pytest.param("", id="nothing"),
    ],
)
async def test_a_check_comes_to_the_same_as_one_that_reads_all(shop: Shop, tools: CheckTools, html: str) -> None:
    state = await known(shop, tools)
    shop.show("/dune", html)
    quick = await look(tools, watch_of(shop), state)
    whole = await look(tools, watch_of(shop), replace(state, prefix_kib=0))
    assert without_notes(quick) == without_notes(whole)


def without_notes(decision: Decision) -> Decision:
    snapshot = decision.state.snapshot
    assert snapshot is not None
    snapshot = replace(snapshot, observation=replace(snapshot.observation, notes=()))
    return replace(decision, state=replace(decision.state, snapshot=snapshot, prefix_kib=0))


async def test_what_is_learned_of_a_page_is_learned_anew_with_each_change(shop: Shop, tools: CheckTools) -> None:
    state = await known(shop, tools)
    for noise, expected in (("n" * 1_500, 4), ("n" * 9_000, 0), ("", 1)):
        shop.show("/dune", page(f"<p class=price>{len(noise)}</p>", noise=noise))
        state = (await look(tools, watch_of(shop), state)).state
        assert state.prefix_kib == expected


async def test_a_watch_with_a_secret_reads_a_prefix_too(shop: Shop, tools: CheckTools) -> None:
    request = watch_of(shop).request
    secret = replace(
        watch_of(shop), request=replace(request, secrets=Secrets(url=request.url, values=(("PRICE", "12.00"),)))
    )
    shop.show("/dune", page())
    state = (await look(tools, secret, WatchState(), minutes=0)).state
    assert state.prefix_kib == 1
    shop.show("/dune", page(noise="2"))
    assert notes_of(await look(tools, secret, state)) == ()


def test_how_much_is_read_is_remembered_and_older_records_have_nothing_of_it() -> None:
    for state in (WatchState(prefix_kib=4), WatchState()):
        assert read_state(write_state(state), write_checked(state)) == state
    assert "prefix_kib" not in write_state(WatchState())
