"""Selectors made for elements: each finds its element alone, whatever the page."""

from __future__ import annotations

import time
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from turbohtml import Element

from tests.extract.made_pages import pages
from tests.sizes import BENCH
from watcher.extract.document import Document
from watcher.extract.selector_of import field_selector, selector_of
from watcher.extract.soup import Twin

made = settings(
    max_examples=BENCH.sized(60, 3_000),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@made
@given(pages)
def test_a_selector_finds_its_element_alone_by_both_engines(text: str) -> None:
    document = Document(text)
    soup = Twin(text, document.elements())
    for element in document.elements():
        css = selector_of(document, element)
        assert document.select(css) == [element], css
        assert soup.select(css) == [element], css


@made
@given(pages)
def test_a_selector_within_a_row_finds_its_element_alone_there(text: str) -> None:
    document = Document(text)
    for row in islice(document.elements(), 0, None, 3):
        for element in islice(row.select("*"), 5):
            css = selector_of(document, element, row)
            assert document.select(css, row) == [element], css


def made_for(markup: str, target: str) -> str:
    document = Document(f"<!doctype html><body>{markup}")
    return selector_of(document, document.select(target)[0])


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<p id=price t>1", "#price", id="an id"),
        pytest.param("<p class=price t>1<p>2", ".price", id="a class"),
        pytest.param("<p itemprop=price content=1 t>1<p>2", '[itemprop="price"]', id="what it says it is"),
        pytest.param("<p class='mt-4 css-1q2w3e price is-open' t>1<p>2", ".price", id="the only name that stays"),
        pytest.param(
            "<p class='Price_value__3xYz1' t>1<p>2", '[class*="Price_value__"]', id="the part that people gave"
        ),
        pytest.param("<div id=offer><p class=price t>1</div><p class=price>2", "#offer .price", id="within a name"),
        pytest.param("<dl><dt class=cost>A<dd t>1<dt>B<dd>2</dl>", ".cost + dd", id="beside a name"),
        pytest.param("<p id='form:price' t>1<p>2", '[id="form:price"]', id="in quotes in place of an escape"),
        pytest.param("<p data-label='Unit price' t>1<p data-label=Tax>2", '[data-label="Unit price"]', id="a label"),
        pytest.param("<p data-sku=4711 t>1<p>2", "[data-sku]", id="that there is an attribute"),
        pytest.param("<b data-price=1 t>1</b><b>2</b>", "[data-price]", id="no value of an attribute that may be it"),
        pytest.param("<p title=Lamp data-name=lamp t>Lamp<p>x", "[data-name]", id="not what the element says itself"),
        pytest.param("<p id=price-4711 t>1<p id=tax-4711>2", '[id*="price-"]', id="an id without the number in it"),
        pytest.param(
            "<div itemscope itemtype=https://schema.org/Product><b t>1</b></div><b>2</b>",
            '[itemtype$="/Product"] b',
            id="within an item of a type",
        ),
        pytest.param(
            "<ul><li><a t><i class=icon-mail></i>1</a><li><a><i>!</i>2</a></ul>",
            "a:has(.icon-mail)",
            id="what has a name in it",
        ),
        pytest.param(
            f"{'<p><b>0</b>' * 60}<h1>A</h1><div><b>1</b><b t>2</b></div>",
            "h1 ~ div b:nth-last-of-type(1)",
            id="a place behind a name",
        ),
        pytest.param("<ul id=x><li>1<li>2<li t>3</ul>", "li:nth-last-of-type(1)", id="a place from the nearer end"),
        pytest.param(
            "<table id=x><tr><td>1<td t>2<td>3</table>",
            "td:nth-of-type(2)",
            id="the place of a cell",
        ),
        pytest.param(
            "<p class=line><i class=t>1</i><p class=line><i class=t t>2</i><p class=line><i class=t>3</i>",
            ".line:nth-of-type(2):nth-last-of-type(2) .t",
            id="the place of a named row between rows of its kind",
        ),
        pytest.param(
            "<ul><li><a href=/desk>Desk</a><b>9</b><li><a href=https://s.example/lamp-12>Lamp</a><b t>39</b></ul>",
            'li:has([href$="/lamp-12"]) b',
            id="in a row that leads somewhere of its own",
        ),
        pytest.param(
            "<table><tr><td><a href=/c/CS1>CS1</a><td>4<td>a<tr><td><a href=/c/CS2>CS2</a><td>7<td t>b</table>",
            'tr:has([href$="/CS2"]) td:nth-last-of-type(1)',
            id="the place of a cell in such a row",
        ),
        pytest.param(
            "<ul><li><a href=/desk/>Desk</a><b>9</b><li><a href=/lamp/>Lamp</a><b t>39</b></ul>",
            'li:has([href$="/lamp/"]) b',
            id="in a row that leads to a folder",
        ),
        pytest.param(
            "<ul><li><a href=/desk>Desk</a><li><a href=/lamp t>Lamp</a></ul>",
            'a[href$="/lamp"]',
            id="where the element itself leads",
        ),
        pytest.param(
            "<div><a href=/desk><i>Desk</i><b>9</b></a></div><div><a href=/lamp><i>Lamp</i><b t>39</b></a></div>",
            'a[href$="/lamp"] b',
            id="in a link",
        ),
        pytest.param(
            "<p><a href=#a>A</a><p t><a href=shipping.html>Shipping</a><p>C",
            'p:has([href="shipping.html"])',
            id="what holds a link",
        ),
        pytest.param(
            "<dl><dt><a href=/cup>Cup</a><dd>9<dt><a href=/pot>Pot</a><dd t>7<dt><a href=/pan>Pan</a><dd>8</dl>",
            'dt:has([href$="/pot"]) + dd',
            id="behind what leads somewhere",
        ),
        pytest.param(
            "<ul><li><img src=/cup.jpg><b>9</b><li><img src=/pot.jpg><b t>7</b><li><img src=/pan.jpg><b>8</b></ul>",
            'li:has([src$="/pot.jpg"]) b',
            id="in a row with a picture of its own",
        ),
        pytest.param(
            "<ul><li><img src=/cup.3f2a9c1b.jpg><b>9</b><li><img src=/pot.9c1b3f2a.jpg><b t>7</b></ul>",
            "li:nth-last-of-type(1) b",
            id="not by a picture whose name a tool made",
        ),
        pytest.param(
            "<p><a href=/lxml-1.2.tgz>lxml 1.2</a><p><a href=/lxml-1.3.tgz t>lxml 1.3</a>",
            "p:nth-last-of-type(1) a",
            id="not a link that holds the value",
        ),
        pytest.param(
            "<div class=Card_root__x1y2z><a href=/cup>Cup</a><b>9</b></div>"
            "<div class=Card_root__x1y2z><a href=/pot>Pot</a><b t>7</b></div>"
            "<div class=Card_root__x1y2z><a href=/pan>Pan</a><b>8</b></div>",
            '[class*="Card_root__"]:has([href$="/pot"]) b',
            id="in a card whose class a tool made",
        ),
        pytest.param(
            f"<p>0<section><h2>A</h2><p t>1<p>2</section>{'<p>3' * 9}", "h2 + p", id="what stands behind a heading"
        ),
    ],
)
def test_what_is_made(markup: str, expected: str) -> None:
    assert made_for(markup, "[t]") == expected


BOXES = {
    "the only article, in what has a name": (
        "<main><article><h1>A</h1><p class=price t>1</p></article></main>",
        "main > article:only-of-type .price",
    ),
    "the only article, in what has none": (
        "<div><article><h1>A</h1><p class=price t>1</p></article></div>",
        "article:only-of-type .price",
    ),
    "an article beside another": (
        "<main><article><h1>A</h1><p class=price t>1</p></article><article><p>2</p></article></main>",
        ".price",
    ),
    "an article without the page's heading": (
        "<main><h1>A</h1><article><p class=price t>1</p></article></main>",
        ".price",
    ),
    "an id in it": ("<main><article><h1>A</h1><p id=price t>1</p></article></main>", "#price"),
}


@pytest.mark.parametrize(("markup", "expected"), BOXES.values(), ids=BOXES.keys())
def test_the_one_article_that_holds_the_heading_is_said_to_be_the_only_one(markup: str, expected: str) -> None:
    assert made_for(markup, "[t]") == expected


def test_a_related_product_beside_the_one_of_the_page_is_not_taken_for_it() -> None:
    own, other = (f"<article><h1>A</h1><p class=price{mark}>1</p></article>" for mark in (" t", ""))
    css = made_for(f"<main>{own}</main>", "[t]")
    assert not Document(f"<main>{other}{own}</main>").select(css)


def test_a_step_beside_a_name_is_no_other_sibling_with_its_class() -> None:
    deep = "<u><u><u><b>1</b></u></u></u>"
    document = Document(f"<!doctype html><i id=a></i><div class=x>{deep}</div><p class=x>{deep}</p>{'<b>0</b>' * 200}")
    for element in document.select(".x b"):
        css = selector_of(document, element)
        assert document.select(css) == [element], css


def test_a_field_of_a_list_is_found_in_its_sibling_rows() -> None:
    rows = "".join(
        f"<li><a id=a{n} class=name>{n}</a><b class='price{' sale-price' * (n == 0)}'>{n}</b>" for n in range(9)
    )
    document = Document(f"<ul>{rows}</ul>")
    found: list[Element] = list(document.select("li"))
    assert field_selector(document, found[0].select("b")[0], found[0], found) == ".price"


def test_an_element_outside_of_the_row_has_no_selector_there() -> None:
    document = Document("<p>1<p>2")
    one, other = document.select("p")
    with pytest.raises(ValueError, match="does not lie within the row"):
        selector_of(document, one, other)


def letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


HOSTILE = {
    "deep": "<div>" * 100_000,
    "deep, with names": "<div class=a><p class=b>" * 50_000,
    "nested tables": "<table><tr><td>" * 20_000,
    "flat": "<p class=b>x" * 100_000,
    "rows": "<table>" + "<tr><td>1<td>2<td>3" * 25_000,
    "one with all classes": f"<p class='{' '.join(f'word{letters(number)}' for number in range(17_000))}'><b>x",
    "classes everywhere": f"<p class='{' '.join(f'c{letters(number)}' for number in range(300))}'>x" * 3_000,
    "attributes": f"<p {' '.join(f'data-a{letters(number)}=x' for number in range(17_000))}>x",
    "a long name": f"<p data-{'a-' * 500_000}id=1>x",
    "each with a class": "".join(f"<p class='n{letters(number)}x b'>x" for number in range(17_000)),
    "lists": f"<ul class=l>{'<li class=i><a class=t>x</a>' * 50}</ul>" * 1_000,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_costs_little(body: str) -> None:
    document = Document(body)
    element = list(document.elements())[-1]
    start = time.thread_time()
    css = selector_of(document, element)
    # 2 to 60 ms here, and seconds where anything is quadratic.
    assert time.thread_time() - start < 0.5
    assert element.matches(css)  # to select by it, the engine counts each row for each cell
