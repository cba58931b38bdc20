import time
from contextlib import suppress

import pytest

from tests.extract.builders import page, seen, single, xpath
from watcher.core.values import Value, ValueType
from watcher.core.watch import Items, Language, Query, Selector
from watcher.errors import MissingError, PageError

SHOP = """<!doctype html><h1>RTX <b>5090</b></h1><p class=price>¥9</p><p class=price>¥8</p>
<a href=/x>A</a> <a href=/y>B</a><table><tr><td>Colour<td>red<tr><td>Seats<td>3</table>
<template><p class=price>¥1</p></template>"""
CATALOGUE = """\ufeff
<?xml version="1.0"?><!DOCTYPE catalogue [<!ENTITY own "x">]>
<catalogue xmlns:dc="urn:dc"><book id="1" dc:lang="de"><title>A</title><dc:title>B</dc:title><pubDate>5 &nbsp;</pubDate>
</book><book id="2"><title><![CDATA[x < y & <b>z</b>]]></title><dc:title>R&D &own;</dc:title></book></catalogue>"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("//h1", "RTX 5090"),
        ("//a/@href", "/x"),
        ("(//a)[last()]/@href", "/y"),
        ("//h1/text()", "RTX"),
        ("string(//h1)", "RTX 5090"),
        ("count(//p[@class='price'])", "2"),
        ("1 div 4", "0.25"),
        ("0.1 + 0.2", "0.3"),
        ("boolean(//h2)", "false"),
        ("//td[.='Seats']/following-sibling::td", "3"),
        ("//td[contains(., 'Col')]/../td[2]", "red"),
    ],
)
def test_elements_attributes_texts_and_numbers_are_read(expression: str, value: str) -> None:
    assert single(SHOP, x=xpath(expression)) == {"x": value}


@pytest.mark.parametrize("expression", ["//h2", "//h2/@id", "string(//h2)", "number(//h1)", "//template/p"])
def test_what_is_not_there_is_missing(expression: str) -> None:
    with pytest.raises(MissingError, match=r"x: .* is not on the page"):
        single(SHOP, x=xpath(expression))


def test_a_link_that_is_found_is_absolute() -> None:
    assert single(SHOP, by_element=xpath("//a", ValueType.URL), by_attribute=xpath("//a/@href", ValueType.URL)) == {
        "by_element": "https://shop.example/x",
        "by_attribute": "https://shop.example/x",
    }


def test_rows_are_relative() -> None:
    extraction = Items(
        query=Query(Language.XPATH, "//tr"),
        key=xpath("td[1]"),
        fields={"v": xpath("./td[2]"), "up": xpath("count(..)")},
    )
    assert seen(SHOP, extraction).rows == {"Colour": {"v": "red", "up": "1"}, "Seats": {"v": "3", "up": "1"}}


def test_an_attribute_can_be_a_row_and_holds_nothing() -> None:
    by_attribute = Items(query=Query(Language.XPATH, "//a/@href"), key=Selector(), fields={})
    assert list(seen(SHOP, by_attribute).rows) == ["/x", "/y"]
    with pytest.raises(MissingError, match=r"row 1 has no key \('td'\)"):
        seen(SHOP, Items(query=by_attribute.query, key=Selector(query=Query.css("td")), fields={}))


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/vnd.x+xml", "text/html", "text/plain"])
@pytest.mark.parametrize(
    ("query", "value"),
    [
        (Query(Language.XPATH, "//book[2]/title"), "x < y & <b>z</b>"),
        (Query(Language.XPATH, "//title[contains(., '<b>')]"), "x < y & <b>z</b>"),
        (Query(Language.XPATH, "//dc:title"), "B"),
        (Query(Language.XPATH, "/catalogue/book[2]/dc:title"), "R&D &own;"),
        (Query(Language.XPATH, "//book/@dc:lang"), "de"),
        (Query(Language.XPATH, "count(//title)"), "4"),
        (Query(Language.XPATH, "//pubDate"), "5"),
        (Query.css("pubDate"), "5"),
        (Query.css("book[id='2'] > title"), "x < y & <b>z</b>"),
        (Query.css("dc|title"), "B"),
    ],
)
def test_xml_is_asked_by_local_names_and_by_prefixes(kind: str, query: Query, value: str) -> None:
    first = Selector(query=query)
    assert single(page(CATALOGUE, media_type=kind), x=first) == {"x": value}


def test_attributes_of_xml_keep_their_case() -> None:
    by_name = Selector(query=Query.css("a"), attr="viewBox")
    assert single(page("<r><a viewBox='1' viewbox='2'/></r>", media_type="text/xml"), x=by_name) == {"x": "1"}


def test_more_than_plain_css_is_refused_on_xml() -> None:
    with pytest.raises(PageError, match="more than plain CSS, which is all that XML takes; use `xpath:`"):
        single(page("<r/>", media_type="text/xml"), x="r:empty")


BILLION = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
HOSTILE_XML = {
    "a billion laughs": f"<!DOCTYPE r [<!ENTITY l0 'lol'>{BILLION}]><r>&l11;</r>",
    "a file": "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>",
    "a DTD elsewhere": "<!DOCTYPE r SYSTEM 'http://127.0.0.1:9/x.dtd'><r>x</r>",
    "deep": "<r>" * 200_000 + "x" + "</r>" * 200_000,
    "wide": "<r>x" + "<a/>" * 400_000 + "</r>",
    "many attributes": "<r " + " ".join(f"a{n}='1'" for n in range(100_000)) + ">x</r>",
    "ampersands": "<r>x" + "&" * 1_000_000 + "</r>",
    "open sections": "<r>x" + "<![CDATA[" * 100_000 + "]]></r>",
}


@pytest.mark.parametrize("body", HOSTILE_XML.values(), ids=HOSTILE_XML.keys())
def test_hostile_xml_expands_nothing_and_costs_little(body: str) -> None:
    start = time.process_time()
    value: Value = single(page(body, media_type="text/xml"), x=xpath("/r"))["x"]
    assert time.process_time() - start < 3.0
    assert isinstance(value, str)
    assert len(value) < 70_000
    assert "root:" not in value


@pytest.mark.parametrize("body", ["", "no xml", "<a><b></a>", "<a/><b/>"])
def test_what_is_not_well_formed_is_an_error(body: str) -> None:
    with pytest.raises(PageError, match="the page is no well-formed XML: xml-"):
        single(page(body, media_type="text/xml"), x=xpath("/r"))


FLAT = "<p>x" * 20_000
COSTLY = [
    "//p[count(preceding::p) > 1]",
    "//p[count(//p) > 1]",
    "//p[. = //p]",
    "//p[id('x')]",
    "//p/preceding::p",
    "//p/following-sibling::*",
    "//*[following::*]",
    "//*[../p = 'q']",
    "//p[preceding-sibling::p[preceding-sibling::p]]",
    "//*[//p[//p]]",
]


@pytest.mark.parametrize("expression", COSTLY)
def test_what_could_stop_the_process_is_refused_on_a_page_made_for_it(expression: str) -> None:
    with pytest.raises(PageError, match="may take too long on a page of 20,004 elements"):
        single(FLAT, x=xpath(expression))


@pytest.mark.parametrize("expression", ["//*[. > .//*]", "//*[not(descendant::*[contains(., 'q')])]"])
def test_texts_within_texts_are_refused_on_a_deep_page(expression: str) -> None:
    with pytest.raises(PageError, match="may take too long"):
        single("<div>" * 100 + "<p>x" * 2_000 + "x " * 500_000, x=xpath(expression))


@pytest.mark.faults
@pytest.mark.parametrize("expression", COSTLY)
def test_what_is_let_through_ends_soon(expression: str) -> None:
    for elements in (100, 300, 1_000, 3_000):
        start = time.process_time()
        with suppress(PageError):
            single("<p>x" * elements, x=xpath(expression))
        assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    "expression",
    [
        "//td[.='v3']/following-sibling::td",
        "//td[contains(., 'v3')]/../td[2]",
        "//tr[td[contains(., 'v3')]]/td[2]",
        "//tr[.//b]/td[2]",
        "//td[.='v3']/ancestor::tr/td[2]",
        "//tr[preceding-sibling::tr]/td[2]",
        "//td[../td[1] = 'v3'][2]",
    ],
)
def test_what_people_write_is_asked_of_a_page_of_a_shop(expression: str) -> None:
    row = "<tr><td>v{0}</td><td><b>{0}</b></td><td>x</td></tr>"
    shop = "<div>" * 12 + "".join(
        "<table>" + "".join(row.format(number) for number in range(100)) + "</table>" for _ in range(15)
    )
    assert single(shop, x=xpath(expression))["x"] in ("3", "1", "0")


def test_plain_steps_take_big_pages() -> None:
    start = time.process_time()
    assert single("<div>" * 400 + "<p class=a>x</p>" * 100_000, x=xpath("//div//div//p[@class='a'][1]")) == {"x": "x"}
    assert time.process_time() - start < 5.0
