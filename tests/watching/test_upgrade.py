"""The first check after an upgrade, of a real page over real files: what changed meanwhile is told."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from tests.clock import Clock
from tests.core.builders import NOON
from tests.watching.shop import Shop, checked, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.phrases import phrases_in
from watcher.core.values import SINGLE
from watcher.core.watch import ADMIN_TOPIC, Secrets
from watcher.extract.plan import ENGINE
from watcher.store.kept_pages import PAGES, KeptPages
from watcher.watching.check import CheckTools, check
from watcher.watching.keeping import KeptPageWriter

WATCHES: Final = 24
WITHOUT_PAGE: Final = 8
UPGRADED: Final = phrases_in(None).upgraded


@pytest.fixture
def tools(tools: CheckTools, pages: KeptPages) -> CheckTools:
    return replace(tools, pages=KeptPageWriter(pages))


def _by_former_version(state: WatchState, price: str | None = None) -> WatchState:
    """Return the state as a former version left it, which may have read another price from the same page."""
    assert state.snapshot is not None
    observation = replace(state.snapshot.observation, engine="reading 1")
    if price is None:
        return replace(state, snapshot=replace(state.snapshot, observation=observation))
    rows = {SINGLE: {"price": price}}
    snapshot = replace(state.snapshot, observation=replace(observation, rows=rows))
    return replace(state, snapshot=snapshot, told=rows)


def _told(decision: Decision) -> list[str]:
    return [message.summary for message in decision.messages if message.topic != ADMIN_TOPIC]


def _noted(decision: Decision) -> list[str]:
    return [message.content.split("\n")[-1] for message in decision.messages if message.topic == ADMIN_TOPIC]


async def test_of_24_pages_that_changed_meanwhile_24_are_told(shop: Shop, tools: CheckTools) -> None:
    told, with_word = 0, 0
    for number in range(WATCHES):
        watch = replace(watch_of(shop, f"w{number}"), keep_page=number >= WITHOUT_PAGE)
        shop.price(f"/{watch.id}", "€12")
        state = _by_former_version((await checked(tools, watch)).state)
        shop.price(f"/{watch.id}", "€9")
        decision = await checked(tools, watch, state)
        told += _told(decision) == [f"{watch.name}: €12 → €9"]
        with_word += any(UPGRADED in message.content for message in decision.messages)
        assert decision.state.snapshot is not None
        assert decision.state.snapshot.observation.engine == ENGINE
    assert (told, with_word) == (WATCHES, WITHOUT_PAGE)


async def test_what_is_only_read_otherwise_is_told_to_the_operator(shop: Shop, tools: CheckTools) -> None:
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch_of(shop))).state, price="from €12")
    shop.show("/dune", "<p class=price>€12</p><i>an advertisement</i>")
    decision = await checked(tools, watch_of(shop), state)
    assert (decision.verdict, _told(decision), _noted(decision)) == (Verdict.BASELINE, [], ["from €12 → €12"])
    shop.price("/dune", "€9")
    assert _told(await checked(tools, watch_of(shop), decision.state)) == ["Dune: €12 → €9"]


async def test_what_is_read_otherwise_and_changed_meanwhile_is_told_as_the_new_version_reads_it(
    shop: Shop, tools: CheckTools
) -> None:
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch_of(shop))).state, price="from €12")
    shop.price("/dune", "€9")
    decision = await checked(tools, watch_of(shop), state)
    assert (_told(decision), _noted(decision)) == (["Dune: €12 → €9"], ["from €12 → €12"])


async def test_a_page_that_came_again_as_it_was_needs_no_page_that_is_kept(shop: Shop, tools: CheckTools) -> None:
    watch = replace(watch_of(shop), keep_page=False)
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch)).state, price="from €12")
    decision = await checked(tools, watch, state)
    assert (_told(decision), _noted(decision)) == ([], ["from €12 → €12"])


@pytest.mark.parametrize("page", ["cut", "of a failure", "older than the change", "newer than the check", "damaged"])
async def test_a_page_that_may_not_be_the_one_that_was_read_says_nothing(
    shop: Shop, tools: CheckTools, pages: KeptPages, tmp_path: Path, page: str
) -> None:
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch_of(shop))).state, price="from €12")
    kept = pages.page("dune")
    assert kept is not None
    match page:
        case "cut":
            pages.keep(replace(kept, is_cut=True))
        case "of a failure":
            pages.keep(replace(kept, verdict=Verdict.FAILED))
        case "older than the change":
            state = replace(state, changed_at=Clock(NOON)() + (kept.at - NOON) + watch_of(shop).every)
        case "newer than the check":
            pages.keep(replace(kept, at=kept.at + watch_of(shop).every))
        case _:
            (file,) = (tmp_path / PAGES).iterdir()
            file.write_bytes(b"{")
    shop.price("/dune", "€9")
    decision = await checked(tools, watch_of(shop), state)
    assert (_told(decision), _noted(decision)) == (["Dune: from €12 → €9"], [])
    assert UPGRADED in decision.messages[0].content


async def test_a_page_without_a_secret_that_stood_in_it_says_nothing(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    secrets = Secrets(values=(("KEY", "hunter2secret"),), url=watch.request.url)
    watch = replace(watch, request=replace(watch.request, secrets=secrets))
    shop.show("/dune", "<p class=price>€12</p>hunter2secret")
    state = _by_former_version((await checked(tools, watch)).state, price="from €12")
    shop.show("/dune", "<p class=price>€9</p>hunter2secret")
    assert _told(await checked(tools, watch, state)) == ["Dune: from €12 → €9"]


async def test_a_failure_after_an_upgrade_takes_no_page_away(shop: Shop, tools: CheckTools, pages: KeptPages) -> None:
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch_of(shop))).state, price="from €12")
    shop.show("/dune", "<p>gone</p>")
    failed = await checked(tools, watch_of(shop), state)
    page = pages.page("dune")
    assert page is not None
    assert (failed.verdict, page.verdict) == (Verdict.FAILED, Verdict.BASELINE)
    shop.price("/dune", "€9")
    assert _noted(await checked(tools, watch_of(shop), failed.state)) == ["from €12 → €12"]


async def test_another_selector_still_takes_a_new_baseline(shop: Shop, tools: CheckTools) -> None:
    shop.price("/dune", "€12")
    state = _by_former_version((await checked(tools, watch_of(shop))).state)
    shop.price("/dune", "€9")
    decision = await check(tools, watch_of(shop), "another plan", state, now=Clock(NOON)())
    assert (decision.verdict, decision.messages) == (Verdict.BASELINE, ())
