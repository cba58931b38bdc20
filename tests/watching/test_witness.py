"""A selector that finds another place: what is told of it, and what ends it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.config.files import watch as declared
from tests.core.builders import NOON
from tests.watching.shop import Shop, watch_of
from watcher.core.check import Decision, Verdict, WatchState
from watcher.core.locale import Locale
from watcher.core.suspicion import accepted, is_suspicious
from watcher.core.values import ValueType
from watcher.core.watch import Language, OnError, Query, Secrets, Selector, Values, Watch
from watcher.core.witness import NO_WITNESSES, packed, unpacked
from watcher.extract.plan import plan
from watcher.watching.check import CheckTools, check

LAMP = "<main class=product><h1>Lamp</h1><p class=sku>L-1</p><b>Price</b> <span class=price>{}</span></main>"
RELATED = "<aside class=related><h2>You may also like</h2><h3>Desk</h3><span class=price>9 €</span></aside>"
SOLD_OUT = LAMP.replace("<b>Price</b> <span class=price>{}</span>", "<i>Sold out</i>") + RELATED
ROWS = "".join(f"<li class=row><b>CS{number}</b> Course {number}</li>" for number in range(101, 106))
COURSES = f"<main><h1>Courses</h1><ul>{ROWS}</ul></main>"
REDESIGNED = LAMP.replace("span class=price", "strong class=amount").replace("/span", "/strong")


def priced(shop: Shop, *, language: Locale = Locale.ENGLISH) -> Watch:
    selector = Selector(query=Query.css(".price"), type=ValueType.MONEY)
    told_at_once = replace(watch_of(shop), on_error=OnError(after=1), languages=(("admin", language),))
    return replace(told_at_once, extraction=Values(selectors={"price": selector}))


async def look(tools: CheckTools, watch: Watch, state: WatchState, *, hours: float = 0) -> Decision:
    planned = plan(watch.extraction, watch.link)
    return await check(tools, watch, planned, state, now=NOON + timedelta(hours=hours))


@pytest.mark.faults
async def test_the_price_of_another_product_is_told_to_the_operator_alone(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €"))
    state = (await look(tools, priced(shop), WatchState())).state
    shop.show("/dune", SOLD_OUT)
    decisions = []
    for _ in range(5):  # more than `accept_after`
        decisions.append(await look(tools, priced(shop), state))
        state = decisions[-1].state
    assert {each.verdict for each in decisions} == {Verdict.FAILED}
    assert [[message.topic for message in each.messages] for each in decisions] == [["admin"], [], [], [], []]
    assert state.failure is not None
    assert state.failure.kind == "wrong_place"
    assert state.failure.text.startswith("price: '.price' now finds '9 €' (after 'Desk')")
    assert is_suspicious(state)
    shop.show("/dune", LAMP.format("39 €"))
    assert (await look(tools, priced(shop), state)).verdict is Verdict.UNCHANGED


@pytest.mark.faults
async def test_what_the_operator_accepts_is_the_place_from_then_on(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €"))
    before = (await look(tools, priced(shop), WatchState())).state
    shop.show("/dune", SOLD_OUT)
    doubted = (await look(tools, priced(shop), before)).state
    state = accepted(doubted)
    assert state is not None
    believed = await look(tools, priced(shop), state)
    assert believed.verdict is Verdict.CHANGED
    assert believed.state.witnesses not in (NO_WITNESSES, before.witnesses)
    shop.show("/dune", SOLD_OUT.replace("9 €", "8 €"))
    assert (await look(tools, priced(shop), believed.state)).verdict is Verdict.CHANGED


@pytest.mark.faults
async def test_the_message_of_a_lost_value_says_where_it_is_now(shop: Shop, tools: CheckTools) -> None:
    for language, line in (
        (Locale.ENGLISH, "price is probably now at `css: .amount`, which says “45 €”."),
        (Locale.CHINESE, "price 可能已移到 `css: .amount`，内容是“45 €”。"),
    ):
        shop.show("/dune", LAMP.format("39 €"))
        watch = priced(shop, language=language)
        state = (await look(tools, watch, WatchState())).state
        shop.show("/dune", REDESIGNED.format("45 €"))
        lost = await look(tools, watch, state)
        (message,) = lost.messages
        assert line in message.content.splitlines()
        assert f"watcher suggest {watch.id}" in message.content
        assert not (await look(tools, watch, lost.state)).messages


@pytest.mark.faults
async def test_the_message_of_a_lost_list_calls_it_a_list(shop: Shop, tools: CheckTools) -> None:
    for language, line in (
        (Locale.ENGLISH, "the list is probably now at `css: "),
        (Locale.CHINESE, "列表可能已移到 `css: "),
    ):
        shop.show("/dune", COURSES)
        watch = replace(priced(shop, language=language), extraction=declared("items: {css: li.row, key: b}").extraction)
        state = (await look(tools, watch, WatchState())).state
        shop.show("/dune", COURSES.replace("li class=row", "li class=course"))
        (message,) = (await look(tools, watch, state)).messages
        assert any(each.startswith(line) for each in message.content.splitlines()), message.content


async def test_what_was_refused_is_not_believed_once_the_other_place_is_gone(shop: Shop, tools: CheckTools) -> None:
    link = Values(selectors={"link": Selector(query=Query.css("#get > p > a"))})
    watch = replace(priced(shop), extraction=link)
    page = "<main id=get><h2>Get it</h2><p class=how>{}</p><p>Ask on the list.</p></main>"
    shop.show("/dune", page.format("Get it with <a class=ref>pip</a>, which most have."))
    first = await look(tools, watch, WatchState())
    shop.show("/dune", page.format("In <a>virtual environments</a> there is <a class=ref>setup.py</a> with it."))
    refused = await look(tools, watch, first.state, hours=1)
    assert refused.state.failure is not None
    assert refused.state.failure.kind == "wrong_place"
    shop.show("/dune", page.format("Make <a>virtual environments</a> first, which most have."))
    assert (await look(tools, watch, first.state, hours=2)).verdict is Verdict.CHANGED
    later = await look(tools, watch, refused.state, hours=2)
    assert later.verdict is Verdict.FAILED
    state = accepted(later.state)
    assert state is not None
    assert (await look(tools, watch, state, hours=3)).verdict is Verdict.CHANGED


async def test_a_price_of_zero_was_no_other_place(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €"))
    state = (await look(tools, priced(shop), WatchState())).state
    shop.show("/dune", LAMP.format("0 €"))
    odd = (await look(tools, priced(shop), state, hours=1)).state
    assert odd.failure is not None
    assert odd.failure.kind == "suspicious"
    shop.show("/dune", LAMP.replace("<b>Price</b>", "<p>Until Sunday</p><b>Our price</b>").format("41 €"))
    assert (await look(tools, priced(shop), odd, hours=2)).verdict is Verdict.CHANGED


async def test_the_message_of_a_lost_member_of_json_says_where_it_is_now(shop: Shop, tools: CheckTools) -> None:
    cents = Selector(query=Query(Language.JSONPATH, "$.cents"), type=ValueType.INTEGER)
    watch = replace(priced(shop), extraction=Values(selectors={"cents": cents}))
    shop.show("/dune", '{"sku": "L-1", "cents": 3900}', headers={"Content-Type": "application/json"})
    first = await look(tools, watch, WatchState())
    shop.show("/dune", '{"data": {"sku": "L-1", "cents": 3400}}', headers={"Content-Type": "application/json"})
    (message,) = (await look(tools, watch, first.state)).messages
    assert "cents is probably now at `jsonpath: $.data.cents`, which says “3400”." in message.content.splitlines()


async def test_a_state_from_before_gets_its_witness_in_silence(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €"))
    known = (await look(tools, priced(shop), WatchState())).state
    older = replace(known, witnesses=NO_WITNESSES)
    shop.show("/dune", LAMP.format("39 €") + "<p>News</p>")
    soon = await look(tools, priced(shop), older, hours=1)
    later = await look(tools, priced(shop), older, hours=25)
    assert (soon.state.witnesses, soon.is_durable) == (NO_WITNESSES, False)
    assert list(unpacked(later.state.witnesses)) == ["price"]
    assert (later.messages, later.is_durable) == ((), False)


async def test_another_extraction_begins_with_another_witness(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €"))
    first = await look(tools, priced(shop), WatchState())
    other = replace(priced(shop), extraction=Values(selectors={"sku": Selector(query=Query.css(".sku"))}))
    edited = await look(tools, other, first.state)
    assert edited.verdict is Verdict.BASELINE
    assert list(unpacked(edited.state.witnesses)) == ["sku"]


async def test_no_label_of_a_witness_holds_a_secret(shop: Shop, tools: CheckTools) -> None:
    shop.show("/dune", LAMP.format("39 €").replace("Price", "opensesame"))
    watch = priced(shop)
    secrets = Secrets(values=(("KEY", "opensesame"),), url=watch.request.url)
    watch = replace(watch, request=replace(watch.request, secrets=secrets))
    state = (await look(tools, watch, WatchState())).state
    assert b"opensesame" not in state.witnesses
    assert packed(unpacked(state.witnesses)) == state.witnesses
