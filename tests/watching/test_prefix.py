"""Checks of pages whose prefix decides what a watch sees: they come to the same as those that read all of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.watch import Query, Secrets, Selector, Values, Watch
from watcher.extract.document import Document
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
    return await check(tools, watch, planned, state, now=NOON + timedelta(minutes=minutes))


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


MORE = "<li><a href=/more>more of it</a> <i>from 5.00</i></li>\n" * 2_000
"""100 KB, without another price."""
FEW = MORE[: MORE.index("\n") + 1] * 8
SHOWN = """<!doctype html><title>Dune</title><body><nav><a href=/>Home</a> <a href=/books>Books</a></nav>
<main><div class=product><h1>Dune</h1><p>By Frank Herbert</p><b>Price</b> <span class=price>12.00</span>
<p class=stock>In stock</p><p>Ships today</p><button>Add to cart</button></div>
"""


def shown(old: str = "", new: str = "", *, more: str = MORE) -> str:
    """Return the page of a shop, the price early on it, with something else in one place."""
    assert not old or old in SHOWN
    return f"{SHOWN.replace(old, new, 1) if old else SHOWN}<ul class=more>{more}</ul>"


@contextmanager
def parsing() -> Iterator[list[int]]:
    """Give how many characters each document has that is parsed in this thread."""
    parsed: list[int] = []

    def see(frame: FrameType, event: str, arg: object) -> None:  # noqa: ARG001
        if event == "call" and frame.f_code is Document.__init__.__code__:
            parsed.append(len(frame.f_locals["text"]))

    sys.setprofile(see)
    try:
        yield parsed
    finally:
        sys.setprofile(None)


async def shown_first(shop: Shop, tools: CheckTools, watch: Watch, html: str) -> WatchState:
    """Return the state after a first check of this page."""
    shop.show("/dune", html)
    return (await look(tools, watch, WatchState(), minutes=0)).state


async def told(
    shop: Shop, tools: CheckTools, watch: Watch, state: WatchState, html: str, *, minutes: float = 10
) -> bool:
    """Check another page, in both ways; return whether its prefix was enough, and both came to the same."""
    shop.show("/dune", html)
    with parsing() as parsed:
        quick = await look(tools, watch, state, minutes=minutes)
    whole = await look(tools, watch, replace(state, prefix_kib=0), minutes=minutes)
    assert without_notes(quick) == without_notes(whole)
    return sum(parsed) <= len(html) / 10


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(shown("12.00", "8.50"), id="another price"),
        pytest.param(shown("12.00", "sold out"), id="no price"),
        pytest.param(shown("12.00", "8.50", more=MORE.replace("5.00", "4.00")), id="and other things behind it"),
        pytest.param(shown("12.00", "8.50", more=MORE[:40_000]), id="and half of the page is gone"),
        pytest.param(shown("12.00", "8.50").replace("<nav>", "<nav class=new id=x>"), id="and other names elsewhere"),
    ],
)
async def test_a_change_in_the_usual_place_is_told_by_the_prefix(shop: Shop, tools: CheckTools, html: str) -> None:
    watch = watch_of(shop)
    state = await shown_first(shop, tools, watch, shown())
    assert await told(shop, tools, watch, state, html)
    assert (await look(tools, watch, state)).verdict is Verdict.CHANGED


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(shown("<b>Price</b>", "<b>Rent</b>"), id="another label"),
        pytest.param(shown("<span class=price>12.00</span>", "<p class=price>8.50</p>"), id="another element"),
        pytest.param(shown("<div class=product>", "<div class=related>"), id="another box"),
        pytest.param(shown("In stock", "Of another shop"), id="another text behind it"),
        pytest.param(shown("<h1>Dune", "<h1>Emma"), id="another heading"),
        pytest.param(shown("<h1>Dune</h1>", "<p>Dune</p>"), id="no heading before the cut"),
        pytest.param(shown("<title>Dune", "<title>Emma"), id="another title"),
        pytest.param(shown("<title>Dune</title>", ""), id="no title"),
        pytest.param(shown("<p class=stock>", "<span class=price>9.00</span><p class=stock>"), id="a twin"),
        pytest.param(shown("<p>Ships today", "<b>Price</b><span>9.00</span><p>Ships today"), id="the label once more"),
        pytest.param(shown("<p>Ships", "<p class=price>9.00</p><p>Ships"), id="another match"),
        pytest.param(shown(more=f"{FEW}<b>Price</b><span>9.00</span>{MORE}"), id="the label once more, far behind"),
        pytest.param(shown(more=f"{FEW}<p class=price>9.00</p>{MORE}"), id="another match, far behind"),
        pytest.param(shown("<p class=stock>", "<table><tr><td>"), id="a table is open"),
        pytest.param(shown("<button>", "<b><button>"), id="what moves is open behind it"),
    ],
)
async def test_all_of_a_page_is_read_where_the_place_is_not_the_usual_one(
    shop: Shop, tools: CheckTools, html: str
) -> None:
    watch = watch_of(shop)
    state = await shown_first(shop, tools, watch, shown())
    assert not await told(shop, tools, watch, state, html.replace("12.00", "8.50"))


async def test_a_wall_is_one_whatever_its_prefix_shows(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    lines = "<br>a wall leads nowhere" * 2_000
    state = await shown_first(shop, tools, watch, shown(more=lines))
    for price in ("12.00", "8.50"):
        html = shown("12.00", price, more=lines).replace("<nav>", "<nav><!-- a -->")
        assert await told(shop, tools, watch, state, html)
        await told(shop, tools, watch, state, html.replace("<!-- a -->", "<script>_cf_chl_opt</script>"))
        failed = (await look(tools, watch, state)).state.failure
        assert failed is not None
        assert failed.kind == "blocked"


async def test_all_of_a_page_is_read_when_its_profile_is_due(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    state = await shown_first(shop, tools, watch, shown())
    assert not await told(shop, tools, watch, state, shown("12.00", "8.50"), minutes=24 * 60)


@pytest.mark.parametrize(
    ("selector", "usual"),
    [
        pytest.param(".price:nth-of-type(1)", shown(), id="what is counted"),
        pytest.param(
            ".price", shown("<b>Price</b>", "").replace("<p>By Frank Herbert</p>", ""), id="few texts before it"
        ),
        pytest.param(".price", shown("<h1>Dune</h1>", "<h2>Dune</h2>"), id="no heading"),
        pytest.param(
            ".price",
            "<title></title><h1></h1>" + shown("<h1>Dune</h1>", "").replace("<title>Dune</title>", ""),
            id="empty heads",
        ),
    ],
)
async def test_what_tells_no_place_is_read_whole(shop: Shop, tools: CheckTools, selector: str, usual: str) -> None:
    watch = replace(watch_of(shop), extraction=Values(selectors={"price": Selector(query=Query.css(selector))}))
    state = await shown_first(shop, tools, watch, usual)
    assert await told(shop, tools, watch, state, usual.replace("By", "by").replace("5.00", "4.00"))
    assert not await told(shop, tools, watch, state, usual.replace("12.00", "8.50"))


async def test_that_a_place_has_become_one_of_several_is_found_once_a_day(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    state = await shown_first(shop, tools, watch, shown())
    twin = SHOWN[SHOWN.index("<nav>") :].replace("12.00", "3.00")
    html = shown("12.00", "8.50", more=f"{MORE}</ul>{twin}")
    shop.show("/dune", html)
    believed = await look(tools, watch, state)
    assert (believed.verdict, believed.state.witnesses) == (Verdict.CHANGED, state.witnesses)
    shop.show("/dune", f"{html}<!-- other bytes -->")
    for known, minutes in ((believed.state, 24 * 60), (replace(state, prefix_kib=0), 10)):
        doubted = await look(tools, watch, known, minutes=minutes)
        assert doubted.state.failure is not None
        assert doubted.state.failure.kind == "wrong_place"


async def test_what_a_muted_watch_shows_is_read_from_the_prefix(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    state = await shown_first(shop, tools, watch, shown())
    muted = replace(state, muted_until=NOON + timedelta(hours=1))
    assert await told(shop, tools, watch, muted, shown("12.00", "8.50"))
    assert await told(shop, tools, watch, muted, shown("12.00", "8.50").replace("<h1>Dune", "<h1>Emma"))


async def test_a_change_with_a_secret_in_it_comes_to_the_same(shop: Shop, tools: CheckTools) -> None:
    url = watch_of(shop).request.url
    for secret, is_enough in (("8.50", True), ("Price", False)):
        secrets = Secrets(url=url, values=(("KEY", secret),))
        watch = replace(watch_of(shop), request=replace(watch_of(shop).request, secrets=secrets))
        state = await shown_first(shop, tools, watch, shown())
        assert await told(shop, tools, watch, state, shown("12.00", "8.50")) is is_enough


async def test_more_is_remembered_where_what_was_does_not_show_the_place(shop: Shop, tools: CheckTools) -> None:
    watch, html = watch_of(shop), shown("Ships today", "many words about it, and more of them than there were<br>" * 60)
    state = replace(await shown_first(shop, tools, watch, html), prefix_kib=1)
    shop.show("/dune", html.replace("12.00", "8.50"))
    assert (await look(tools, watch, state)).state.prefix_kib == 8


async def test_as_much_is_remembered_as_shows_the_place_too(shop: Shop, tools: CheckTools) -> None:
    watch = watch_of(shop)
    for words, expected in ((0, 2), (10, 4), (600, 1)):  # with the last, no prefix that is short enough has all
        html = shown("Ships today", f"{'words ' * words}<br>" * 20)
        state = await shown_first(shop, tools, watch, html)
        assert state.prefix_kib == expected
        assert await told(shop, tools, watch, state, html.replace("12.00", "8.50")) is (expected > 1)
