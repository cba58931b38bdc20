"""What is read from the prefix of a page, and what makes a watch read all of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from tests.extract.builders import asked, css, items, page, seen, watch, xpath
from tests.extract.test_hostile import HOSTILE
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.values import SINGLE, Row, ValueType
from watcher.core.watch import WHOLE_PAGE, Language, Pick, Query, Selector, Values, Watch
from watcher.extract.body import Body, open_body
from watcher.extract.prefix_reading import PrefixBody, likely_kib, may_read_prefix, read_prefix

START = "<!doctype html><html lang=de><head><title>Dune</title></head><body><main>"
REST = "<p class=other>1</p>\n" * 400
PRICE = css(".price", ValueType.MONEY)


def watching(*selectors: Selector) -> Watch:
    return watch(Values(selectors={f"value {number}": each for number, each in enumerate(selectors)}))


def prefix_row(body: str | Page, wanted: Watch, kib: int = 1) -> Row | None:
    sight = read_prefix(page(body) if isinstance(body, str) else body, wanted, kib, UNLIMITED)
    return None if sight is None else sight.rows[SINGLE]


@dataclass(frozen=True, slots=True)
class Read:
    """Markup near the top of a page, and a selector that its prefix decides."""

    markup: str
    selector: Selector


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Read("<p class=price>12,50 €</p>", PRICE), id="a price"),
        pytest.param(Read("<p class=price>$49 <b data-price=39>$39</b></p>", PRICE), id="a price that markup states"),
        pytest.param(Read("<p class=price>12.500</p>", css(".price", ValueType.INTEGER)), id="a number"),
        pytest.param(Read("<button disabled>Add to cart</button>", css("button", ValueType.STOCK)), id="a button"),
        pytest.param(Read("<h1>Dune<br>II</h1>", css("main > h1")), id="a text on lines"),
        pytest.param(Read("<time class=x datetime=2026-01-02>", css("title")), id="the title"),
        pytest.param(Read("<img class=x alt=Dune>", css("img", attr="alt")), id="an attribute"),
        pytest.param(
            Read("<p>a</p><p>b 7</p>", asked(Language.CSS, "p", ValueType.INTEGER, regex=r"b (\d)")), id="a regex"
        ),
        pytest.param(
            Read("<p>a</p><p>b</p>", asked(Language.CSS, "p + p", pick=Pick.FIRST)), id="the first that counts"
        ),
        pytest.param(
            Read("<p class=x>a</p>", asked(Language.CSS, ".x", optional=True)), id="an optional one that is there"
        ),
    ],
)
def test_what_stands_near_the_top_is_read_from_the_prefix(case: Read) -> None:
    body = START + case.markup + REST
    wanted = watching(case.selector)
    expected = seen(body, wanted.extraction).rows[SINGLE]
    assert prefix_row(body, wanted) == expected
    assert likely_kib(open_body(page(body)), wanted) == 1


@pytest.mark.parametrize(
    ("markup", "selector"),
    [
        pytest.param("", css(".price"), id="what comes late"),
        pytest.param("", asked(Language.CSS, ".price", optional=True), id="an absent one that may come late"),
        pytest.param("<div class=price>", css(".price"), id="what goes on"),
        pytest.param("<table><tr><td class=price>1</table>" * 99, css("p.price"), id="what is not in the prefix"),
        pytest.param("<p class=price>1</p><table><tr><td class=x>2</td>", css(".x"), id="a cell of an open table"),
        pytest.param("<p>see the shop</p>", css("p", ValueType.STOCK), id="stock that product data may tell"),
        pytest.param("<p>a", asked(Language.CSS, "p", regex="9"), id="a regex that matches late"),
    ],
)
def test_what_the_prefix_does_not_decide_is_left_to_the_page(markup: str, selector: Selector) -> None:
    assert prefix_row(START + markup + REST + "<p class=price>9</p>", watching(selector)) is None


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (watching(css(None)), "page text"),
        (watching(PRICE, css(None)), "page text beside a price"),
        (watching(xpath("//p")), "xpath"),
        (watching(asked(Language.PRODUCT, "price")), "product data"),
        (watching(css("a", ValueType.URL)), "a link, whose base may come late"),
        (watching(css("p:last-child")), "looks on"),
        (watching(css("p:has(b)")), "looks into what may go on"),
        (watching(asked(Language.CSS, "p", pick=Pick.LAST)), "the last"),
        (watching(asked(Language.CSS, "p", pick=Pick.ALL)), "all"),
        (watching(asked(Language.CSS, "p", pick=Pick.JOINED)), "all on a line"),
        (watch(items()), "a list"),
        (watch(Values(selectors={"price": PRICE}), must_contain=["shop"]), "words that all of the page must have"),
        (watch(Values(selectors={"price": PRICE}), must_not_contain=["shop"]), "words that it must not have"),
        (watch(Values(selectors={"price": PRICE}), link=css("a")), "a link that is looked for"),
        (replace(watching(PRICE), scope=replace(WHOLE_PAGE, exclude=(Query.css("nav"),))), "a part of the page"),
    ],
)
def test_watches_that_need_all_of_a_page(unfit: Watch, why: str) -> None:
    body = START + "<p class=price>12</p><a href=/x>x</a>" + REST
    assert may_read_prefix(watching(PRICE))
    assert not may_read_prefix(unfit), why
    assert prefix_row(body, unfit) is None
    assert likely_kib(open_body(page(body)), unfit) == 0


def test_what_a_body_tells_and_a_selector_asks_is_decided_for_prefixes_too() -> None:
    told = {name for name in vars(Body) if not name.startswith("_")}
    by_its_element_or_the_root = {"begin", "read", "language"}
    assert told == {"select", "text", "base_url", "is_shell", "stock"} | by_its_element_or_the_root
    assert told - by_its_element_or_the_root <= vars(PrefixBody).keys()
    asked_for = {"query", "attr", "regex", "pick", "mapping", "default", "type", "scale", "currency", "optional"}
    assert set(Selector.__struct_fields__) == asked_for | {"max_step"}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"price": "<p class=price>1</p>"}', "text/html"),
        ("<?xml version='1.0'?><rss><p class='price'>1</p>", "text/html"),
        ("<p class='price'>1</p>", "application/xml"),
        ("<p class='price'>1</p>", "application/json"),
        ("price <p class='price'>1</p>", "text/plain"),
    ],
)
def test_a_page_that_is_no_html_has_no_prefix(body: str, media_type: str) -> None:
    assert prefix_row(page(body + REST, media_type=media_type), watching(css(".price"))) is None


def test_a_prefix_is_half_of_its_page_at_most() -> None:
    wanted = watching(css(".price"))
    for filler, expected in ((0, 1), (1_000, 2), (3_000, 4), (4_000, 0)):
        body = START + "<i>i</i>" * (filler // 8) + "<p class=price>1</p>" + "<p>more</p>\n" * 700
        assert likely_kib(open_body(page(body)), wanted) == expected, filler


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_prefix_of_a_hostile_page_costs_little_and_says_nothing_false(body: str) -> None:
    wanted = watching(css("p"), css("div", attr="title"))
    start = time.process_time()
    for kib in (1, 64):
        assert prefix_row(body, wanted, kib) is None
    deep = page("<body>" + "<div>" * 5_000 + "</div>" * 5_000 + "<p>x</p>" + body)
    assert prefix_row(deep, watching(css("div")), 64) in (None, {"value 0": ""})
    assert time.process_time() - start < 1.0
    closed = page("<p>x</p><div title=y></div>" + body)
    assert prefix_row(closed, wanted) in (None, {"value 0": "x", "value 1": "y"})
