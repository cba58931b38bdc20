"""Selectors made for elements: each finds its element alone, whatever the page."""

from __future__ import annotations

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
    ],
)
def test_what_is_made(markup: str, expected: str) -> None:
    assert made_for(markup, "[t]") == expected


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
