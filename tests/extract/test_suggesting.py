"""What a page offers to watch. The pages of `suggested.py` are judged as a whole; here each rule stands for itself."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tests.extract.builders import page
from tests.extract.suggested import PAGES, Truth
from tests.extract.suggested_in_languages import LANGUAGE_PAGES, LANGUAGE_PAGES_AMONG_OTHERS
from tests.extract.suggested_last import LAST_PAGES
from tests.extract.suggestions import (
    by_others,
    by_others_5,
    by_others_6,
    by_others_7,
    by_others_8,
    by_others_9,
    by_others_10,
    by_others_11,
    by_others_12,
    by_others_13,
    by_others_14,
    by_others_15,
    by_others_16,
    by_others_17,
    by_others_18,
    by_others_last,
    by_others_later,
    by_others_open,
    by_others_unmended,
    figures,
    later,
)
from tests.sizes import FAULTS, some_now
from watcher.config import parse
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.core.page import Page
from watcher.core.values import Json
from watcher.core.watch import Watch
from watcher.extract.suggesting import Candidate, Kind, Suggestions, suggest

NAV = f"<header><nav>{''.join(f'<a href=/c/{number}>Category {number}</a>' for number in range(12))}</nav></header>"


def suggested(
    body: str, *, url: str | None = None, value: str | None = None, media_type: str = "text/html", year: int = 2026
) -> Suggestions:
    sent = page(body, media_type=media_type)
    return suggest(replace(sent, url=url) if url else sent, UNLIMITED, year=year, value=value)


def best(body: str, *, url: str | None = None, value: str | None = None) -> Candidate:
    return suggested(body, url=url, value=value).candidates[0]


def declared(candidate: Candidate) -> Watch:
    """Return the watch as a file would declare it."""
    text = json.dumps({"watches": {"w": {**candidate.watch, "topic": "t"}}})
    return parse(text, file="watches.yaml", environ={}).watches["w"]


PRODUCT = """
<script type="application/ld+json">{"@type": "Product", "offers": {"price": "12.99", "priceCurrency": "EUR",
"availability": "https://schema.org/InStock"}}</script>
"""
CARDS = "".join(
    f"<div class=cell><div class='card product-card'><a class=product-card__link href=/p/{name}><h3>{name}</h3></a>"
    f"<span class=product-card__price>€ {price}</span></div></div>"
    for name, price in [("Dune", "12.00"), ("Emma", "7.50"), ("Ulysses", "1,299.00"), ("Momo", "9.00")]
)
COURSES = "".join(
    f"<tr><td>CS{number}</td><td><a href=/c/{number}>Course {number}</a></td><td>{number % 7}</td></tr>"
    for number in (101, 103, 204, 250, 301)
)
COURSE_TABLE = f"<table><tr><th>Code</th><th>Title</th><th>Seats left</th></tr>{COURSES}</table>"


def test_the_feed_that_a_page_names_is_offered() -> None:
    link = '<link rel="alternate" type="application/rss+xml" title="Notes" href="feed.xml">'
    found = best(f"<html><head>{link}</head><body><main>A journal</main>", url="https://notes.example/")
    assert (found.kind, found.watch) == (
        Kind.FEED,
        {"url": "https://notes.example/feed.xml", "items": {"feed": True}},
    )
    assert found.texts == ()  # nobody fetched it


def test_a_feed_of_comments_is_not_offered() -> None:
    link = '<link rel=alternate type="application/rss+xml" title="Dune » Comments Feed" href="/dune/feed/">'
    assert suggested(f"<head>{link}</head><body>Dune").candidates == ()


def test_a_feed_of_another_site_comes_after_the_list_of_the_page() -> None:
    link = '<link rel=alternate type="application/rss+xml" title="The wire" href="https://wire.example/all.xml">'
    found = suggested(f"<head>{link}</head><body>{NAV}<main>{CARDS}</main>").candidates
    assert [each.kind for each in found[:2]] == [Kind.LIST, Kind.FEED]


@pytest.mark.parametrize("name", ["releases", "tags"])
def test_github_keeps_a_feed_of_what_a_repository_links_to(name: str) -> None:
    found = best(f"<body><a href=/o/r/{name}>{name}</a>", url="https://github.com/o/r")
    assert found.watch["url"] == f"https://github.com/o/r/{name}.atom"


def test_the_product_that_a_page_tells_machines_of_comes_first() -> None:
    found = best(f"{NAV}<h1>Dune</h1>{PRODUCT}<p class=price>12,99 €</p>")
    assert (found.kind, found.texts) == (Kind.PRODUCT, ("price: EUR 12.99", "stock: in stock"))
    assert found.watch["extract"] == {"price": {"product": "price"}, "stock": {"product": "availability"}}


def test_a_price_and_a_button_make_one_candidate() -> None:
    found = best(
        f"{NAV}<main><h1>Dune</h1><b class=product-price>12,99 €</b><button id=buy>Add to cart</button></main>"
    )
    assert (found.kind, found.texts) == (Kind.VALUE, ("price: €12.99", "stock: in stock"))


ROOMS = json.dumps(
    {"rooms": [{"id": 7 * number, "street": f"Quai {number}", "rent": 400.5 + number} for number in range(1, 6)]}
)


def test_objects_alike_in_json_are_a_list() -> None:
    found = suggested(ROOMS, media_type="application/json").candidates[0]
    assert (found.kind, found.texts[0]) == (Kind.JSON, "Quai 1 · 401.5")
    assert found.watch["items"] == {
        "jsonpath": "$.rooms[*]",
        "key": "id",
        "fields": {"street": "street", "rent": {"jsonpath": "rent", "type": "number"}},
    }


@pytest.mark.parametrize(
    ("script", "json_in"),
    [
        (f"<script id=__NEXT_DATA__ type=application/json>{ROOMS}</script>", "#__NEXT_DATA__"),
        (
            f"<script>window.__STATE__ = {ROOMS};</script>",
            {"xpath": "//script[starts-with(normalize-space(), 'window.__STATE__')]"},
        ),
    ],
)
def test_json_in_a_script_of_the_page_is_offered(script: str, json_in: Json) -> None:
    found = best(f"<div id=app></div>{script}")
    assert (found.kind, found.watch["json_in"]) == (Kind.JSON, json_in)


def test_navigation_in_json_is_not_offered_beside_the_product() -> None:
    data = {
        "queries": [{"data": {"productId": 7, "salePrice": 73500, "stockStatus": "SOLD_OUT"}}],
        "gnb": [{"id": number, "label": f"Category {number}"} for number in range(12)],
    }
    found = best(f"<div id=app></div><script id=data type=application/json>{json.dumps(data)}</script>")
    assert (found.kind, found.texts) == (Kind.JSON, ("price: 73500", "stock: out of stock"))


def test_measurements_in_json_that_only_a_chart_shows_are_offered() -> None:
    rows = [{"name": f"Lock {number}", "cm": 90 + 7 * number, "at": f"2026-04-1{number}T13:50"} for number in range(5)]
    text = "<p>The map shows how high the water stands, and works only where scripts are allowed. </p>" * 5
    found = best(f"<main>{text}</main><script id=data type=application/json>{json.dumps({'locks': rows})}</script>")
    assert (found.kind, found.texts[0]) == (Kind.JSON, "90 · 2026-04-10 13:50")


def test_json_of_which_the_page_shows_nothing_is_not_offered() -> None:
    text = "<p>This page tells at length of something that is in no script. " * 10
    assert suggested(f"<main>{text}</main><script id=data type=application/json>{ROOMS}</script>").candidates == ()


def test_cards_that_look_alike_are_a_list() -> None:
    found = best(f"{NAV}<main><h1>Books</h1><div>{CARDS}</div></main>")
    assert (found.kind, found.texts[0]) == (Kind.LIST, "Dune · €12.00 · https://shop.example/p/Dune")
    assert found.watch["items"] == {
        "css": ".product-card",
        "key": {"css": ".product-card__link", "attr": "href"},
        "fields": {
            "title": ".product-card__link",
            "price": {"css": ".product-card__price", "type": "money"},
            "link": {"css": ".product-card__link", "attr": "href", "type": "url"},
        },
    }


def test_what_each_row_lists_itself_takes_nothing_from_the_list_of_rows() -> None:
    features = f"<ul>{'<li><span>Bound in leather</span></li>' * 6}</ul>"
    rows = CARDS.replace("</span></div></div>", f"</span>{features}</div></div>")
    assert best(f"{NAV}<main><div>{rows}</div></main>").texts[0] == "Dune · €12.00 · https://shop.example/p/Dune"


def test_a_table_is_read_by_the_names_in_its_header() -> None:
    found = best(f"{NAV}<main>{COURSE_TABLE}</main>")
    fields = declared(found).extraction.fields  # type: ignore[union-attr]
    assert (found.kind, list(fields)) == (Kind.TABLE, ["code", "title", "seats_left", "link"])
    assert found.texts[0] == "CS101 · Course 101 · 3 · https://shop.example/c/101"


@pytest.mark.parametrize(
    ("heading", "codes", "is_key"),
    [
        ("Code", ("CS101", "CS103", "MA204"), True),
        ("Product code", ("A-1", "A-2", "B-10"), True),
        ("编号", ("X1", "X2", "X3"), True),
        ("Code", ("CS101", "CS101", "MA204"), False),
        ("Code", ("2024", "2025", "2026"), False),
        ("Code", ("12.90", "13.50", "9.00"), False),
        ("Code", ("CS101", "", "MA204"), False),
        ("Flight", ("LH101", "LH103", "BA204"), False),
    ],
)
def test_the_key_of_a_row_with_a_link_is_the_code_that_people_know_it_by(
    heading: str, codes: tuple[str, ...], is_key: bool
) -> None:
    titles = ("Algebra", "Biology", "Chemistry")
    rows = "".join(
        f"<tr><td>{code}</td><td><a href=/c/{title}>{title} for beginners</a></td><td>{seats} seats left</td></tr>"
        for code, title, seats in zip(codes, titles, (3, 0, 12), strict=True)
    )
    head = f"<tr><th>{heading}</th><th>Title</th><th>Seats left</th></tr>"
    found = best(f"{NAV}<main><h1>Courses</h1><table>{head}{rows}</table></main>")
    key = "td:nth-of-type(1)" if is_key else {"css": "a", "attr": "href"}
    assert found.watch["items"]["key"] == key  # type: ignore[index, call-overload]


def test_rows_of_one_cell_such_as_advertisements_are_passed_over() -> None:
    advertisement = "<tr><td colspan=3>A taxi to your course</td></tr>"
    found = best(f"{NAV}<main>{COURSE_TABLE.replace(COURSES, COURSES + advertisement)}</main>")
    assert found.watch["items"]["css"].endswith("tr:has(> td + td)")  # type: ignore[index, call-overload, union-attr]


STORIES = "".join(
    f"<tr class=athing><td>{number}.</td><td><a href=/s/{number * 7}>Story {number}</a></td></tr>"
    f"<tr><td colspan=2><i class=score>{number * 17} points</i></td></tr><tr class=spacer></tr>"
    for number in range(1, 6)
)
NOTICES = "".join(
    f"<dt>2026.04.1{number}</dt><dd><a href=/news/{number}>What the library tells you, part {number}</a></dd>"
    for number in range(5)
)
PAIRS = {
    "two rows of a table": (f"<table>{STORIES}</table>", "score", "following-sibling::tr[1]//i[@class='score']"),
    "a heading and its paragraph": (
        "".join(f"<h3>Street {name}</h3><p>Closed from {ord(name) % 9 + 1} June 2026.</p>" for name in "ABCDE"),
        "date",
        "following-sibling::p[1]",
    ),
    "a term and its text": (f"<dl>{NOTICES}</dl>", "title", "following-sibling::dd[1]//a"),
}


@pytest.mark.parametrize(("body", "name", "xpath"), PAIRS.values(), ids=PAIRS.keys())
def test_what_follows_a_row_and_belongs_to_it_is_read_with_it(body: str, name: str, xpath: str) -> None:
    query = declared(best(f"{NAV}<main>{body}</main>")).extraction.fields[name].query  # type: ignore[union-attr]
    assert query
    assert query.expression == xpath


def test_cells_that_span_several_rows_are_left_out() -> None:
    rows = "".join(
        f"<tr><td rowspan=2>Day {number}</td><td>1{number}:00</td><td>Part {number}</td></tr>"
        f"<tr><td>1{number}:30</td><td>Exercise {number}</td></tr>"
        for number in range(4)
    )
    found = best(f"{NAV}<main><table><tr><th>Day</th><th>Time</th><th>Topic</th></tr>{rows}</table></main>")
    assert (found.kind, found.texts[:2]) == (Kind.TABLE, ("10:00 · Part 0", "10:30 · Exercise 0"))


def test_sentences_with_their_dates_marked_are_a_list() -> None:
    rows = "".join(
        f"<p class=off><b>1{number}. 5. 2026</b> No water in the streets near the mill</p>" for number in range(4)
    )
    assert best(f"{NAV}<main><h1>Works</h1>{rows}</main>").texts[0].endswith("2026-05-10")


def test_rows_without_a_link_such_as_rules_are_passed_over() -> None:
    threads = "".join(
        f"<tbody><tr><td><a href=/t/{number * 7}>Thread {number}</a></td><td>2026-04-0{number}</td></tr></tbody>"
        for number in range(1, 9)
    )
    rules = "<tbody><tr><td>Read the rules</td><td></td></tr></tbody>"
    found = best(f"{NAV}<main><table id=threads>{rules}{threads}</table></main>")
    assert found.watch["items"]["css"] == "#threads > tbody > tr:has(a[href])"  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("<a rel=next href='?p=2'>2</a>", "a[rel~=next]"),
        ("<div class=pager><a class=page-next href='?p=2'>»</a></div>", "a.page-next"),
        ("<p><a href='?p=2'>下一页</a></p>", {"xpath": "//a[normalize-space()='下一页']"}),
    ],
)
def test_a_list_goes_on_where_the_page_links_to_the_next_one(link: str, written: Json) -> None:
    assert best(f"{NAV}<main>{COURSE_TABLE}</main>{link}").watch["pages"] == {"next": written}


@pytest.mark.parametrize(
    ("value", "texts"),
    [("1299", ("price: €1,299.00",)), ("1.299,00", ("price: €1,299.00",)), ("dune", ("title: Dune",))],
)
def test_what_shows_a_value_is_found_by_it(value: str, texts: tuple[str, ...]) -> None:
    body = f"{NAV}<main><h1>Dune</h1><b class=price>1,299.00 €</b><p>Ships from Lyon.</p></main>"
    assert best(body, value=value).texts == texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("考试时间：2月3日上午九点", "2月3日"),
        ("考试时间：2月3日上午九点", "上午"),
        ("合格発表は3月10日です", "3月10日"),
        ("시험은 2월 3일에 있습니다", "2월 3일"),
        ("共有RTX显卡12张", "rtx"),
        ("The exam is on 3 February.", "3 February"),
    ],
)
def test_a_part_of_a_text_is_found_where_its_script_sets_no_blanks(text: str, value: str) -> None:
    assert best(f"{NAV}<main><h1>Dune</h1><p id=notice>{text}</p></main>", value=value).texts == (f"text: {text}",)


def test_a_part_of_a_word_is_not_found() -> None:
    assert suggested(f"{NAV}<main><p>The exam is on 3 February.</p></main>", value="Febr").candidates == ()


def test_a_value_that_the_page_does_not_show_is_not_found() -> None:
    assert suggested(f"{NAV}<main><h1>Dune</h1></main>", value="1299").candidates == ()


def test_a_button_that_is_off_comes_before_what_the_thing_weighs() -> None:
    body = "<h1>Synth</h1><button disabled>Sold out – batch 14</button><dl><dt>Weight</dt><dd>13.4 kg</dd></dl>"
    assert [each.texts for each in suggested(body).candidates] == [("stock: out of stock",), ("weight: 13.4",)]


VALUES = {
    "a measure with a sign": ("<p class=now><b class=level>+34 cm</b> over the mean</p>", "over_the_mean: 34"),
    "a wait in Finnish": ("<p>Jonotusaika nyt: <b>15 min</b></p>", "jonotusaika_nyt: 15"),
    "a measure behind a label": ("<div><span>Water:</span> <b id=now>34,6 °C</b></div>", "water: 34.6"),
    "a number that is called a price": ("<p class=price-figure>64.82p</p>", "price: 64.82"),
    "a day on which something opens": ("<p class=release>Opens 3 September 2027</p>", "date: 2027-09-03"),
    "a text that is called a status": ("<p id=status>Under review</p>", "status: Under review"),
    "a day without a year": (
        "<p><b>Nächster Termin:</b> <i>Do, 22. Mai, 10:40 Uhr</i></p>",
        "nächster_termin: Do, 22. Mai, 10:40 Uhr",
    ),
    "a figure of all that there are": (
        "<p><span>Visitors now</span> <b class=occupancy>84 / 250</b></p>",
        "visitors_now: 84",
    ),
    "a label before what is marked": ("<p>Date limite : <b>30 novembre 2026</b></p>", "date_limite: 2026-11-30"),
    "a version": ("<p>Current version: <b>5.2.1</b></p>", "current_version: 5.2.1"),
    "a state behind its label": ("<p><i>Status</i> <b>Closed – high wind</b></p>", "status: Closed – high wind"),
    "a figure with its words": (
        "<div><b>18,406</b> <span>verified signatures</span></div>",
        "verified_signatures: 18406",
    ),
    "a share below its words": (
        "<div class=card><div>Doluluk oranı</div><div class=v>%61,47</div></div>",
        "doluluk_oranı: 61.47",
    ),
    "the progress in a box": (
        "<aside><p><b>18,406</b> <span>signatures</span></p><div role=progressbar></div></aside>",
        "signatures: 18406",
    ),
    "a count": ("<p>12 places left</p>", "places: 12"),
}


@pytest.mark.parametrize(("body", "text"), VALUES.values(), ids=VALUES.keys())
def test_a_single_value_is_offered_where_something_says_what_it_is(body: str, text: str) -> None:
    assert best(f"{NAV}<main><h1>Dune</h1>{body}</main>").texts == (text,)


NOTHING = {
    "a text": "<h1>About us</h1><p>Founded in 1998, we have 300 employees. Call 030 1234567.</p>",
    "navigation": f"<div class=menu>{NAV}</div><p>Welcome.</p>",
    "a cookie banner": "<div id=cookie-banner><ul><li><a href=/a>Necessary 1</a><li><a href=/b>Statistics 2</a>"
    "<li><a href=/c>Marketing 3</a></ul></div><p>Welcome.</p>",
    "a step": "<h1>Sign up</h1><p>Next: <b>step 2</b></p><p><i class=counter>1 / 24</i> <i>photos</i></p>",
    "a promise": "<h1>Fast hosting</h1><div><div class=num>99.9 %</div><div class=of>uptime</div></div>",
    "a note": "<h1>On walking</h1><dl><dt>Sources</dt><dd>See below.</dd><dt>Notes</dt><dd>None.</dd></dl>",
    "a button": "<h1>Our service</h1><p>It saves time.</p><a class=button href=/order>Order now</a>",
    "a dialog of partners": f"<div role=dialog aria-modal=true><h1>Your choice</h1>{COURSE_TABLE}</div>",
    "nothing at all": "",
}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING.keys())
def test_a_page_that_has_nothing_gets_nothing(body: str) -> None:
    assert suggested(f"<!doctype html><body>{body}").candidates == ()


def test_related_products_are_not_offered_beside_the_one_of_the_page() -> None:
    body = f"{NAV}<main><h1>Dune</h1>{PRODUCT}<section><h2>You may also like</h2>{CARDS}</section></main>"
    assert [each.kind for each in suggested(body).candidates] == [Kind.PRODUCT]


def test_a_shell_says_that_scripts_fill_it() -> None:
    problem = suggested("<body><div id=root></div><script src=/app.js></script>").problem
    assert problem
    assert "JavaScript" in problem


def test_a_shell_names_the_data_that_it_asks_for() -> None:
    problem = suggested("<body><div id=root></div><script>fetch('/api/items?page=1')</script>").problem
    assert problem
    assert "https://shop.example/api/items?page=1" in problem


def test_a_login_says_that_it_is_one() -> None:
    problem = suggested("<title>Log in</title><form>Please log in<input type=password></form>").problem
    assert problem
    assert "login" in problem


OFFERING = {
    "product": f"<h1>Dune</h1>{PRODUCT}",
    "cards": f"<main>{CARDS}</main>",
    "table": f"<main>{COURSE_TABLE}</main><a rel=next href='?p=2'>2</a>",
    "JSON": f"<div id=app></div><script>window.__STATE__ = {ROOMS};</script>",
    "values": "<h1>Dune</h1><p class=price>€ 9</p><dl><dt>Release date</dt><dd>12 December 2026</dd></dl>",
}


@pytest.mark.parametrize("body", OFFERING.values(), ids=OFFERING.keys())
def test_every_candidate_is_a_watch_that_a_file_may_declare(body: str) -> None:
    candidates = suggested(body).candidates
    assert candidates
    assert all(declared(candidate).request.url for candidate in candidates)


def test_a_feed_is_declared_as_it_was_read() -> None:
    feed = (
        "<rss version='2.0'><channel><item><title>Dune</title><link>https://a.example/1</link></item></channel></rss>"
    )
    found = suggested(feed, media_type="application/rss+xml").candidates[0]
    assert found.texts == ("Dune · https://a.example/1",)
    assert declared(found).extraction.rolling  # type: ignore[union-attr]


def test_of_a_feed_whose_entries_have_no_titles_their_summaries_are_watched() -> None:
    feed = (
        "<rss version='2.0'><channel><item><guid>4711</guid><link>https://a.example/1</link>"
        "<description>&lt;p&gt;Good morning&lt;/p&gt;</description></item></channel></rss>"
    )
    found = suggested(feed, media_type="application/rss+xml").candidates[0]
    assert found.texts == ("Good morning · https://a.example/1",)
    assert found.watch["items"] == {"feed": True, "fields": {"title": "summary"}}
    assert declared(found).extraction.fields["title"].query.expression == "summary"  # type: ignore[union-attr]


HOSTILE = {
    "flat": "<p>x" * 40_000,
    "deep": "<div>x" * 5_000,
    "many cards": "<div class=card><a href=/x>x</a><b>€ 5</b></div>" * 4_000,
    "many groups": "".join(
        f"<div class=c{number % 3_000}><a href=/{number}>Some title {number}</a></div>" for number in range(4_000)
    ),
    "one attribute": f"<p class='{'b ' * 1_000_000}'>x",
    "many attributes": "".join(f"<li id=i{number} class='{'c' * 200}' data-id={number}>x" for number in range(4_000)),
    "nested lists": "<ul><li><a href=/x>x</a>" * 1_000,
    "rows of other lengths": "<table><tr><th>a<th>b</tr><tr><td>1</tr><tr><td>2<td>3<td>4</tr></table>",
    "wide table": f"<table><tr>{'<th>x' * 1_000}{('<tr>' + '<td>1' * 1_000) * 5}</table>",
    "prices": "<span>€ 5</span> " * 8_000,
    "links that lead on": "<a href=/x>more</a>" * 40_000,
    "labels": "<dl>" + "<dt>Date:<dd>2026-01-01" * 3_000,
}


@pytest.mark.faults
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_is_looked_at_within_its_budget(body: str) -> None:
    sent: Page = page(body)
    start = time.thread_time()
    suggest(sent, CpuBudget(time.thread_time, seconds=1, regex_seconds=1), year=2026)
    assert time.thread_time() - start < 3


def test_the_right_thing_is_suggested_on_pages_of_our_own() -> None:
    found = figures([*PAGES, *LAST_PAGES, *later()])
    assert found.first == found.something, str(found)
    assert not found.false, str(found)


def test_the_right_thing_or_nothing_is_suggested_in_many_languages_and_scripts() -> None:
    found = figures(LANGUAGE_PAGES)
    assert found.first == found.something, str(found)
    assert not found.false, str(found)


@pytest.mark.sized
def test_what_a_page_is_about_is_suggested_though_other_things_stand_around_it() -> None:
    found = figures(LANGUAGE_PAGES_AMONG_OTHERS[:: FAULTS.sized(4, 1)])
    assert found.first == found.something, str(found)
    assert not found.false, str(found)


@pytest.mark.sized
def test_the_right_thing_is_suggested_on_pages_of_others() -> None:
    found = figures([*by_others(), *by_others_later()][:: FAULTS.sized(4, 1)])
    assert found.first >= 0.9 * found.something, str(found)
    assert found.in_three >= 0.97 * found.something, str(found)
    assert not found.false, str(found)
    assert not found.lost, str(found)


def test_the_right_thing_is_suggested_on_pages_that_were_written_last() -> None:
    found = figures(by_others_last())
    assert found.first >= 0.9 * found.something, str(found)
    assert found.in_three >= 0.97 * found.something, str(found)
    assert not found.false, str(found)


BY_OTHERS = [
    *(by_others_open, by_others_5, by_others_6, by_others_7, by_others_8, by_others_9, by_others_10, by_others_11),
    *(by_others_12, by_others_13, by_others_14, by_others_15, by_others_16, by_others_17, by_others_18),
]


@pytest.mark.faults
def test_the_right_thing_or_nothing_is_suggested_on_pages_for_which_nothing_was_mended() -> None:
    found = figures(by_others_unmended())
    assert found.first >= 0.9 * found.something, str(found)
    assert found.in_three >= 0.97 * found.something, str(found)
    assert not found.false, str(found)
    assert not found.lost, str(found)


@pytest.mark.faults
@pytest.mark.parametrize("pages", some_now(BY_OTHERS, number=2))
def test_the_right_thing_or_nothing_is_suggested_where_many_have_nothing(pages: Callable[[], list[Truth]]) -> None:
    found = figures(pages())
    assert found.first == found.something, str(found)
    assert not found.false, str(found)
    assert not found.lost, str(found)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.846 firmas", 12846),
        ("12.846 Unterschriften", 12846),
        ("12 846 personnes ont signé", 12846),
        ("12,846 of 15,000 signatures", 12846),
        ("12 846 podpisów", 12846),
        ("12 846 подписей", 12846),
        ("12.846 υπογραφές", 12846),
        ("12846 توقيع", 12846),
        ("12,846人が署名", 12846),
        ("12,846명 참여", 12846),
        ("已有12846人参与", 12846),
        ("Noch 7 freie Plätze", 7),
        ("Plus que 7 places disponibles", 7),
        ("Quedan 7 plazas", 7),
        ("Posti rimasti: 7", 7),
        ("Wolne miejsca: 7 z 20", 7),
        ("7 paikkaa jäljellä", 7),
        ("残り7席", 7),
        ("剩余7个名额", 7),
        ("7 предложений, 7 ставок", None),
        ("7 days left", None),
        ("Noch 7 Tage", None),
        ("Free shipping over £60", None),
    ],
)
def test_what_a_page_counts_is_found_in_any_language(text: str, number: int | None) -> None:
    found = suggested(f"{NAV}<main><h1>The night bus</h1><p class=n>{text}</p><p>It shall run.</p></main>").candidates
    assert [each.texts[0].rpartition(": ")[2] for each in found] == ([str(number)] if number else [])


@pytest.mark.parametrize(
    ("labels", "currency"),
    [
        (("Current bid", "Estimate", "Starting bid"), "£"),
        (("Aktuelles Gebot", "Schätzpreis", "Startpreis"), "€"),
        (("Enchère actuelle", "Estimation", "Mise à prix"), "€"),
        (("Offerta attuale", "Stima", "Base d’asta"), "€"),
        (("Puja actual", "Valoración", "Precio de salida"), "€"),
        (("Huidig bod", "Geschat", "Startbod"), "€"),
        (("Aktualna oferta", "Wycena", "Cena wywoławcza"), "€"),
        (("Текущая ставка", "Эстимейт", "Начальная цена"), "₽"),
        (("当前价", "评估价", "起拍价"), "¥"),
        (("現在価格", "評価額", "開始価格"), "¥"),
        (("Kaltmiete", "Kaution", "Nebenkosten"), "€"),
    ],
)
@pytest.mark.parametrize(
    "markup",
    ["<div class=row><span>{}</span><span>{}</span></div>", "<dt>{}</dt><dd>{}</dd>", "<p>{} <b>{}</b></p>"],
    ids=["spans", "definitions", "lines"],
)
def test_what_a_thing_costs_now_comes_before_what_else_is_said_of_it(
    labels: tuple[str, ...], currency: str, markup: str
) -> None:
    now, *others = labels
    amounts = [(others[0], f"{currency} 1,200"), (others[1], f"{currency} 800"), (now, f"{currency} 1,450")]
    rows = "".join(markup.format(label, amount) for label, amount in amounts)
    assert "1,450" in best(f"{NAV}<main><h1>A clock</h1><div>{rows}</div><p>It runs.</p></main>").texts[0]


AMORTISED = "".join(f"<tr><td>{year}<td>£{9_000 - 230 * year}.00<td>£{4_000 + 230 * year}.00" for year in range(1, 20))


def test_what_a_calculator_computed_is_not_offered() -> None:
    form = "<form><input name=a value=200000><input name=r value=5><button>Calculate</button></form>"
    table = f"<table><tr><th>Year<th>Interest<th>Principal</tr>{AMORTISED}</table>"
    result = "<p>£1,169.18 a month</p>"
    assert not suggested(f"{NAV}<main><h1>Mortgage calculator</h1>{form}{result}{table}</main>").candidates
    rates = "<p>2026-03-01</p><table><tr><th>Bank<th>Rate</tr>" + "".join(
        f"<tr><td>{bank}<td>{rate} %" for bank, rate in [("Alder", "4.9"), ("Birch", "5.1"), ("Cedar", "4.7")]
    )
    assert suggested(f"{NAV}<main><h1>Mortgage calculator</h1>{form}{rates}</table></main>").candidates


def test_what_stands_below_an_example_is_not_offered() -> None:
    rows = "".join(f"<tr><td>{thing}<td>£{price}.00" for thing, price in [("Chair", 100), ("Desk", 200), ("Lamp", 50)])
    table = f"<table><tr><th>Item<th>Net</tr>{rows}</table>"
    assert not suggested(f"{NAV}<main><h1>How VAT works</h1><h2>Example</h2>{table}</main>").candidates
    assert suggested(f"{NAV}<main><h1>What we sell</h1><h2>Furniture</h2>{table}</main>").candidates


UNWATCHED = {
    "opening hours": ("Day,Opens,Closes", "Monday,9:00,17:00;Tuesday,9:00,17:00;Saturday,10:00,14:00"),
    "telephones": ("Department,Phone", "Surgery,0100 111 222;Radiology,0100 111 223;Children,0100 111 224"),
    "a chronicle": ("Jahr,Ereignis", "1890,Gründung des Vereins;1921,Bau der Halle;1999,Anbau"),
    "parameters": ("Parameter,Type,Default", "limit,integer,20;offset,integer,0;sort,string,name"),
    "shortcuts": ("Keys,Action", "Ctrl+1,Open the first tab;Ctrl+2,The second;F5,Reload"),
    "what food holds": ("Nutrient,per 100 g,per piece", "Energy,320 kcal,410 kcal;Fat,12 g,15 g;Salt,0.2 g,0.3 g"),
    "troubles": ("Problem,Cause,Remedy", "No light,No power 230 V,Check the plug;Leaks,Worn seal 12 mm,Replace it"),
    "inches": ("Inch,cm", "1,2.54;2,5.08;3,7.62;4,10.16;5,12.70"),
}
WATCHED = {
    "tides by day": ("Day,High,Low", "Mon,02:22,12:42;Tue,03:23,13:43;Wed,04:24,14:44"),
    "lessons by day": ("Day,Time,Lesson", "Monday,9:00,Yoga for all;Tuesday,10:00,Pilates;Friday,9:00,Boxing"),
    "doctors on duty": ("Date,Doctor,Phone", "2027-03-01,Dr. Ada,0100 111 222;2027-03-02,Dr. Bob,0100 111 223"),
    "numbered courses": ("Code,Seats", "CS0,0;CS1,1;CS2,2;CS3,3;CS4,4;CS5,5"),
    "what a year brought": ("Year,Members", "2021,480;2022,512;2023,498;2024,530;2025,541"),
}


def _table(names: str, rows: str) -> str:
    header = "".join(f"<th>{name}</th>" for name in names.split(","))
    return f"<table><tr>{header}</tr>" + "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split(",")) + "</tr>" for row in rows.split(";")
    )


@pytest.mark.parametrize(("names", "rows"), UNWATCHED.values(), ids=UNWATCHED.keys())
def test_a_table_that_nobody_watches_is_not_offered(names: str, rows: str) -> None:
    assert not suggested(f"{NAV}<main><h1>The mill</h1>{_table(names, rows)}</table></main>").candidates


@pytest.mark.parametrize(("names", "rows"), WATCHED.values(), ids=WATCHED.keys())
def test_a_table_that_looks_like_one_of_these_is_offered(names: str, rows: str) -> None:
    assert suggested(f"{NAV}<main><h1>The mill</h1>{_table(names, rows)}</table></main>").candidates


OIL = "500,€ 104.72;1000,€ 98.41;1500,€ 95.10;2000,€ 94.85;2500,€ 92.71;3000,€ 92.10"
ON_DUTY = "Alder,0100 111 222;Birch,0100 111 223;Cedar,0100 111 224"


@pytest.mark.parametrize(
    ("heading", "names", "rows"),
    [("Heating oil today", "Litres,Price", OIL), ("Pharmacies on duty", "Pharmacy,Phone", ON_DUTY)],
    ids=["prices by quantity", "who is on duty"],
)
def test_what_is_news_in_such_a_table_is_offered(heading: str, names: str, rows: str) -> None:
    assert suggested(f"{NAV}<main><h1>{heading}</h1>{_table(names, rows)}</table></main>").candidates


STAYING = {
    "opening hours": (
        "Dag,Öppnar,Stänger",
        "Måndag,10:00,18:00;Tisdag,10:00,18:00;Lördag,11:00,15:00",
    ),
    "torques": ("Pos.,Componente,Coppia", "1,Viti testa,24;2,Candela,20;3,Volano,61;4,Coperchio,9;5,Supporto,35"),
    "a conjugation": ("Πρόσωπο,Ενεστώτας,Αόριστος", "εγώ,γράφω,έγραψα;εσύ,γράφεις,έγραψες;εμείς,γράφουμε,γράψαμε"),
    "lessons of a day": ("Uur,Begin,Einde", "1,08:30,09:20;2,09:20,10:10;3,10:30,11:20;4,11:20,12:10"),
    "pressures": ("Size,Front,Rear", "205/55 R16,2.2,2.1;225/45 R17,2.4,2.2;225/40 R18,2.5,2.4;215/50 R17,2.3,2.3"),
    "what editions have": ("Feature,Free,Pro", "Exports,no,yes;API,no,yes;Support,no,yes;Backups,no,yes;SSO,no,yes"),
    "reigns": ("Nome,Início,Fim", "Silva,15/03/1885,15/03/1890;Souza,15/03/1890,29/12/1892;Lima,29/12/1892,01/01/1895"),
    "elements": ("Element,Z,Mass", "Hydrogen,1,1.008;Helium,2,4.003;Lithium,3,6.94;Boron,5,10.81;Carbon,6,12.011"),
    "formats": ("Format,Seiten,Kante", "Quer,16:9,3:2;Hoch,9:16,4:3;Foto,3:2,4:3"),
    "how to pay": ("אמצעי תשלום,משך הטיפול", "כרטיס אשראי,עד שבעה ימי עסקים;העברה בנקאית,עד עשרה ימי עסקים"),
    "a firm": ("名称,株式会社佐伯建築設計室", "設立,1998年4月;資本金,1000万円;所在地,京都市"),
}
CHANGING = {
    "levels": ("Zeitpunkt,Wasserstand,Abfluss", "28.11. 01:00,311,148;28.11. 00:00,308,145;27.11. 23:00,304,141"),
    "a vacancy each night": ("宿泊日,相部屋,個室", "11月29日(日),○ 残6,△ 残2;11月30日(月),○ 残14,×;12月1日(火),満室,×"),
    "departures": ("Отправление,Рейс,Дни", "06:15,Заречный,кроме вс;07:40,Каменка,ежедневно;09:05,Липки,ежедневно"),
    "stops": ("Plaza,Estación,Hospital", "07:05,07:14,07:31;07:35,07:44,08:01;08:05,08:14,08:31"),
    "matches": ("Br.,Weiß,Erg.,Schwarz", "1,Kern,1 - 0,Huber;2,Lutz,½ - ½,Maier;3,Bach,0 - 1,Vogt"),
    "changes of a poll": ("Partij,Zetels,Verschil", "A,31,+2;B,25,-1;C,20,0;D,11,+1"),
}


@pytest.mark.parametrize(("names", "rows"), STAYING.values(), ids=STAYING.keys())
@pytest.mark.parametrize("sentences", [1, 9])
def test_a_table_without_evidence_that_it_changes_is_not_offered(names: str, rows: str, sentences: int) -> None:
    text = "<p>The wheel is made of oak, and it has turned for as long as anybody here can remember it doing so.</p>"
    body = f"<h1>The mill</h1>{text * sentences}{_table(names, rows)}</table>"
    assert not suggested(f"{NAV}<main>{body}</main>").candidates


@pytest.mark.parametrize(("names", "rows"), CHANGING.values(), ids=CHANGING.keys())
def test_a_table_that_shows_how_it_changes_is_offered_in_any_language(names: str, rows: str) -> None:
    assert best(f"{NAV}<main><h1>The mill</h1>{_table(names, rows)}</table></main>").kind is Kind.TABLE


@pytest.mark.parametrize(
    "moment",
    ["Stand: 28.11.2026, 07:40", "Oppdatert 27. november", "更新時間:2026/11/28 05:30", "Aggiornato alle 07:40"],
)
def test_figures_on_a_page_that_says_of_which_moment_it_is_are_offered(moment: str) -> None:
    table = _table("Sted,Snø,Siste", "Hemsedal,85 cm,12 cm;Trysil,70 cm,3 cm;Geilo,64 cm,5 cm;Oppdal,77 cm,9 cm")
    assert not suggested(f"{NAV}<main><h1>The mill</h1><p>How deep it is</p>{table}</table></main>").candidates
    assert best(f"{NAV}<main><h1>The mill</h1><p>{moment}</p>{table}</table></main>").kind is Kind.TABLE


def test_figures_of_a_day_of_other_years_are_not_offered() -> None:
    table = _table("Sted,Snø,Siste", "Hemsedal,85,12;Trysil,70,3;Geilo,64,5;Hafjell,49,0;Oppdal,77,9")
    body = (
        f"{NAV}<main><h1>The mill</h1><p>Report of 3 May 2024</p>{table}</table></main><footer>© {{}} The mill</footer>"
    )
    assert not suggested(body.format(2026)).candidates
    assert suggested(body.format(2024)).candidates


def test_figures_of_a_day_are_over_some_years_later_whatever_the_page_says_of_when_it_is() -> None:
    table = _table("Sted,Snø,Siste", "Hemsedal,85,12;Trysil,70,3;Geilo,64,5;Hafjell,49,0;Oppdal,77,9")
    body = f"{NAV}<main><h1>The mill</h1><p>Report of 3 May 2026</p>{table}</table></main>"
    assert [bool(suggested(body, year=year).candidates) for year in (2026, 2027, 2030)] == [True, True, False]


def test_a_table_of_what_things_are_like_is_offered_where_its_rows_lead_somewhere() -> None:
    rows = "Oak,28 m,America;White oak,30 m,America;Cork oak,20 m,Portugal"
    table = f"{_table('Species,Height,Where', rows)}</table>"
    assert not suggested(f"{NAV}<main><h1>The oak</h1><p>It grows.</p>{table}</main>").candidates
    linked = re.sub(r"<tr><td>(\w+)([^<]*)", r"<tr><td><a href=/\1>\1\2</a>", table)
    assert suggested(f"{NAV}<main><h1>The oak</h1><p>It grows.</p>{linked}</main>").candidates


def test_fees_do_not_come_before_the_list_of_the_page() -> None:
    text = "<p>We look after them until somebody takes them home, and would like to see you before that. " * 2
    fees = f"{_table('Animal,Fee', 'Dog,250 €;Puppy,300 €;Cat,90 €')}</table>"
    dogs = "".join(
        f"<li class=dog><a href=/{name}><h3>{name}</h3></a><p class=breed>{breed}</p><span class=age>{age} years</span>"
        for name, breed, age in [
            ("Nala", "Border collie, crossed", 3),
            ("Oslo", "Beagle, male", 6),
            ("Rex", "Irish setter, male", 4),
            ("Bella", "Labrador, female", 8),
            ("Lupo", "Shepherd, male", 2),
        ]
    )
    assert best(f"{NAV}<main><h1>Dogs</h1>{text}{fees}<ul>{dogs}</ul></main>").kind is Kind.LIST


@pytest.mark.parametrize(("said", "is_offered"), [("What it is like", False), ("Stand: 28.11.2026, 07:40", True)])
def test_figures_in_rows_are_offered_where_they_count_or_have_their_day(said: str, is_offered: bool) -> None:
    rows = "".join(
        f"<li class=layer><b class=name>{name}</b><span class=depth>{depth} mm</span><i class=of>{of}</i>"
        for name, depth, of in [("Walls", 24, "oak"), ("Floor", 60, "pine"), ("Roof", 18, "larch"), ("Door", 42, "oak")]
    )
    for each, is_found in [(rows, is_offered), (rows.replace(" mm", " seats left"), True)]:
        found = suggested(f"{NAV}<main><h1>The mill</h1><p>{said}</p><ul>{each}</ul></main>").candidates
        assert bool(found) is is_found


def test_places_that_are_kept_for_some_are_no_state_of_stock() -> None:
    facts = "<dl><dt>Plazas</dt><dd>12 turno libre, 2 reserva discapacidad</dd><dt>Estado</dt><dd>En proceso</dd></dl>"
    assert best(f"{NAV}<main><h1>Auxiliar</h1>{facts}</main>").texts == ("estado: En proceso",)


def test_of_which_day_states_are_does_not_come_before_them() -> None:
    groups = "".join(
        f"<article class=stock__drop><h3 class=stock__group>{group}</h3><p class=stock__state>{state}</p></article>"
        for group, state in [("0 Rh+", "Średni"), ("0 Rh−", "Krytyczny"), ("A Rh+", "Duży"), ("B Rh+", "Mały")]
    )
    day = "<p class=stock__updated>Stan na 27 listopada 2026, godz. 14:00</p>"
    assert best(f"{NAV}<main><h1>Zapasy krwi</h1>{groups}{day}</main>").kind is Kind.LIST


def test_what_a_project_has_collected_is_found_in_the_box_beside_its_story() -> None:
    collected = "<p>£41,237</p><p>pledged of £60,000 goal</p><p>618</p><p>supporters</p>"
    box = f"<aside>{collected}<button>Back this project</button></aside>"
    found = best(f"{NAV}<main><section><div><h1>Rookery</h1><p>Made in Leeds.</p></div>{box}</section></main>")
    assert found.texts == ("price: £41,237.00",)


def test_which_cookies_a_page_sets_is_not_offered_of_its_json() -> None:
    settings = {"eu_cookie_compliance": {"cookie_policy_version": "1.0.0", "popup": "We use cookies " * 9}}
    script = f"<script type=application/json data-drupal-selector=settings>{json.dumps(settings)}</script>"
    assert not suggested(f"{NAV}<main><h1>Sanasto</h1><p>Ankkuri on painava.</p></main>{script}").candidates


def test_countries_with_their_languages_are_no_list() -> None:
    countries = ["Belgique Français", "België Nederlands", "Italia Italiano", "Polska Polski", "日本 日本語"]
    named = [country.split() for country in countries]
    regions = "".join(
        f"<section><h2>{region}</h2><ul>"
        + "".join(f"<li><a href=/{region}/{name}><span>{name}</span> <i>{said}</i></a>" for name, said in named)
        + "</ul></section>"
        for region in ("Europe", "Asia", "Others")
    )
    assert not suggested(f"{NAV}<main><h1>Your country</h1>{regions}</main>").candidates


def test_a_danger_for_each_day_is_a_list() -> None:
    days = "".join(
        f"<section class=day><h2>{day}</h2><p class=level>{level}</p><p class=why>{why}</p></section>"
        for day, level, why in [
            ("fredag 27.11.", "3 – Betydelig", "Vedvarende svakt lag"),
            ("lørdag 28.11.", "4 – Stor", "Fokksnø, nysnø"),
            ("søndag 29.11.", "3 – Betydelig", "Fokksnø"),
        ]
    )
    assert "4 – Stor" in best(f"{NAV}<main><h1>Snøskredvarsel for Lyngen</h1>{days}</main>").texts[1]


def test_of_a_page_about_something_that_is_over_nothing_is_offered() -> None:
    body = f"<main><h1>Courses in spring</h1><p>{{}}</p>{COURSE_TABLE}</main>"
    assert not suggested(NAV + body.format("This workshop has ended.")).candidates
    assert not suggested(NAV + body.format("Konferansen er avsluttet. Siden oppdateres ikke lenger.")).candidates
    assert suggested(NAV + body.format("This workshop has begun.")).candidates


SITE_FEED = '<title>{}</title><link rel=alternate type="application/rss+xml" href="/feed/">'
TEXT = f"<h1>Oh no</h1>{'<p>Look elsewhere, or write to us, for we know where things are. ' * 40}"
INDEX = "".join(f"<p><a href=/n/{number}>What we have learnt about the thing {number}</a>" for number in (7, 12, 31))


@pytest.mark.parametrize(
    ("title", "body", "is_offered"),
    [
        ("Page not found - The ledger", INDEX, False),
        ("A page - The ledger", TEXT, False),
        ("A page - The ledger", INDEX, True),
    ],
    ids=["a page that is not there", "a text", "a page that leads to several"],
)
def test_the_feed_of_a_site_is_offered_where_a_page_leads_to_what_it_has(
    title: str, body: str, is_offered: bool
) -> None:
    sent = f"<head>{SITE_FEED.format(title)}</head>{NAV}<main>{body}</main>"
    assert bool(suggested(sent, url="https://notes.example/a/b").candidates) is is_offered


@pytest.mark.parametrize("body", ["<body class='error404 wp'><h1>Sayfa yok</h1>", "<h1>Ups</h1><b>404</b><p>Nic tu."])
def test_a_page_that_says_that_it_is_an_error_offers_nothing(body: str) -> None:
    assert not suggested(f"{body}{INDEX}").candidates


def test_what_a_front_page_shows_alone_comes_before_its_feed() -> None:
    head = '<link rel=alternate type="application/rss+xml" href="/feed/">'
    rink = "<main><h1>Is the rink open?</h1><p class=status>It is CLOSED</p></main>"
    found = suggested(f"<head>{head}</head>{NAV}{rink}", url="https://rink.example/").candidates
    assert [each.kind for each in found] == [Kind.VALUE, Kind.FEED]


def test_comments_below_an_article_are_not_offered() -> None:
    rows = "".join(
        f"<div class=comment-body><b class=who>Bob {day}</b><time datetime=2027-03-0{day}>{day} March 2027</time>"
        f"<p>This is very true, as I have said {day} times before, and shall say again.</p></div>"
        for day in range(1, 7)
    )
    article = "<article><h1>On walking</h1>" + "<p>One walks, and then one walks on. " * 40 + "</article>"
    assert not suggested(f"{NAV}{article}<section class=comments>{rows}</section>").candidates


def test_a_thread_of_comments_is_offered() -> None:
    rows = "".join(
        f"<div class=comment id=c{day * 37}><b>Bob {day}</b><time datetime=2027-03-0{day}>{day} March 2027</time>"
        f"<p>{'This is very true, as I have said. ' * (9 + day)}</p></div>"
        for day in range(1, 7)
    )
    found = best(f"{NAV}<main><h1>Who walks?</h1><section class=comments>{rows}</section></main>")
    assert (found.kind, found.texts[0][:18]) == (Kind.LIST, "Bob 1 · 2027-03-01")


def test_what_a_currency_is_worth_is_offered() -> None:
    found = best(f"{NAV}<main><h1>The euro</h1><p class=rate>1 EUR = 4,2731 PLN</p><p>As of today.</p></main>")
    assert found.texts == ("rate: 4.2731",)


def test_a_unit_of_a_currency_is_no_price() -> None:
    box = "<div><div class=title>1 EUR</div><div class=val>4,2815 PLN</div><p>27.11.2026, 12:15</div>"
    assert best(f"{NAV}<main><h1>The euro</h1>{box}</main>").texts == ("price: PLN 4.2815",)


def test_services_with_their_states_are_a_list() -> None:
    rows = "".join(
        f"<li class=component><span class=name>{name}</span><span class=component-status>{state}</span></li>"
        for name, state in [
            ("API", "Operational"),
            ("Web", "Degraded"),
            ("Mail", "Operational"),
            ("DNS", "Operational"),
        ]
    )
    found = best(f"{NAV}<main><h1>Status</h1><ul>{rows}</ul></main>")
    assert (found.kind, found.texts[0]) == (Kind.LIST, "API · Operational")


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>Company<td>Caradec Ltd<tr><td>Capital<td>£8,000<tr><td>Number<td>000 000<tr><td>Phone<td>0100 000",
        "<tr><td>Monday<td>closed<tr><td>Tuesday<td>19:00–22:30<tr><td>Wednesday<td>19:00–22:30<tr><td>Thursday<td>19–22",
    ],
    ids=["particulars", "opening hours"],
)
def test_a_table_of_names_and_what_they_are_is_no_list(rows: str) -> None:
    assert not suggested(f"{NAV}<main><h1>About us</h1><table>{rows}</table></main>").candidates


def test_the_name_in_a_link_to_an_author_is_called_author() -> None:
    rows = "".join(
        f"<div class=post id={name}-x><h2><a href=/{name}>{name} and the rest of it</a></h2><span itemprop=author "
        f"itemscope><a itemprop=url href=/by/{author}><b class=n>{author}</b></a> "
        f"<i itemprop=url>{author} Smith</i></span></div>"
        for name, author in [("Dune", "Frank"), ("Emma", "Jane"), ("Momo", "Michael"), ("Ulysses", "James")]
    )
    items: Any = best(f"{NAV}<main>{rows}</main>").watch["items"]
    assert "author" in items["fields"]
    assert "url" not in items["fields"]


def test_a_member_whose_name_no_path_can_say_costs_the_others_nothing() -> None:
    named = {"a\x01b": {"price": 5, "name": "Emma"}, "book": {"price": 7, "name": "Dune"}}
    candidates = suggested(json.dumps(named), media_type="application/json").candidates
    assert [text for each in candidates for text in each.texts] == ["price: 7"]


def test_a_list_whose_objects_have_a_member_that_no_path_can_say_keeps_its_others() -> None:
    rooms = [{"id": 7 * number, "a\x01b": number, "rent": 400.5 + number, "in": {"c\td": "x"}} for number in range(5)]
    found = suggested(json.dumps({"rooms": rooms}), media_type="application/json").candidates[0]
    assert (found.kind, found.texts[0]) == (Kind.JSON, "400.5")


def test_where_the_links_of_a_page_begin_is_looked_for_once() -> None:
    start = time.thread_time()
    offered = suggested("<a href=/feed>rss</a>" * 5_000 + "<i></i>" * 200_000, url="https://notes.example/")
    assert offered.candidates[0].kind is Kind.FEED
    assert time.thread_time() - start < 3


PERFORMANCES = "<tr><th>When<th>Left<th>Book</tr>" + "".join(
    f"<tr><td>{day}<td>{left}<td>{book}</tr>"
    for day, left, book in [
        ("2025.10.17 (금) 20:00", "매진", "예매불가"),
        ("2025.10.18 (토) 14:00", "R석 3 / S석 21", "예매하기"),
        ("2025.10.18 (토) 19:00", "매진", "예매불가"),
        ("2025.10.19 (일) 14:00", "S석 8 / A석 40", "예매하기"),
    ]
)


def test_performances_are_told_apart_by_their_days() -> None:
    found = best(f"{NAV}<main><h1>The lighthouse</h1><table>{PERFORMANCES}</table></main>")
    assert (found.kind, found.texts[1]) == (Kind.TABLE, "2025-10-18 14:00 · R석 3 / S석 21 · 예매하기")
    items = found.watch["items"]
    assert isinstance(items, dict)
    assert items["key"] == "td:nth-of-type(1)"


def test_rows_are_not_told_apart_by_how_long_ago_something_was() -> None:
    rows = "".join(
        f"<div class=lift><time datetime=2026-05-0{day}>{day} days ago</time><b class=status>{state}</b></div>"
        for day, state in [(2, "up"), (3, "down"), (4, "up"), (5, "up"), (6, "down")]
    )
    assert not suggested(f"{NAV}<main><h1>Lifts</h1>{rows}</main>").candidates


BID = """
<div><span>Lance atual</span><span>Aberto para lances</span></div><div class=text-3xl>R$ 52.300,00</div>
<div>Lance inicial: R$ 45.000,00 · Incremento: R$ 500,00</div>
"""
LOT = "<h1>Toyota Hilux</h1><p>Com chave e manual.</p><dl><dt>Quilometragem<dd>143.220 km<dt>Cor<dd>Prata</dl>"


@pytest.mark.parametrize("box", ["aside", "div class=lot-side"])
@pytest.mark.parametrize(
    "form",
    [
        "<form><input type=hidden name=_token value=Zk2><button>Dar lance</button></form>",
        "<form><input type=number name=bid><button>Dar lance</button></form><a href=/entrar>Entrar</a>",
        "<form><input type=submit value='Dar lance'></form>",
    ],
)
def test_a_bid_at_the_side_comes_before_the_mileage(box: str, form: str) -> None:
    found = best(f"{NAV}<main>{LOT}<{box}>{BID}{form}</{box.split()[0]}></main>")
    assert found.texts == ("price: R$52,300.00",)


def test_bids_for_other_lots_at_the_side_are_not_offered() -> None:
    lots = "".join(
        f"<div><a href=/lot/{number}>Lot {number}</a> Current bid <b>€ {number}00</b><button>Bid</button></div>"
        for number in (38, 39, 40)
    )
    found = suggested(f"{NAV}<main><h1>How we sell</h1><p>We sell.</p><aside>{lots}</aside></main>")
    assert not found.candidates


@pytest.mark.parametrize("busy", [{1}, {1, 4}])
def test_that_one_of_several_has_no_time_does_not_come_before_the_list_of_all(busy: set[int]) -> None:
    free = "<div class=time>{} вересня, 10:20</div><button class=slot>Записатися</button>"
    none = "<div class='time time--no'>немає вільних годин</div><button class=wait>Повідомити</button>"
    doctors = "".join(
        f"<div class=doc><a href=/likari/{number}>{name}</a><div class=field>{field}</div>"
        f"{none if number in busy else free.format(number + 3)}</div>"
        for number, (name, field) in enumerate(
            [
                ("Гриценко Олена", "Ендокринолог"),
                ("Бойчук Тарас", "Кардіолог"),
                ("Мельничук Ірина", "Невролог"),
                ("Стадник Роман", "Офтальмолог"),
                ("Юрченко Катерина", "Дерматолог"),
            ]
        )
    )
    found = suggested(f"{NAV}<main><h1>Запис на прийом</h1><div class=docs>{doctors}</div></main>").candidates
    assert [each.kind for each in found] == [Kind.LIST]


PICTURES = [
    ("Golf", "11.950,- EUR", "lieferbar"),
    ("Corsa", "8.490,- EUR", "verkauft"),
    ("Panda", "7.990,- EUR", "verkauft"),
]


def pictures(*, said: str) -> str:
    """Return a page with pictures, each with a name and what is said of it."""
    rows = "".join(
        f"<tr><td><a href=big/{number}.jpg><img src=small/{number}.jpg></a><td><b>{name}</b><td>"
        f"{said.format(number=number, price=price, state=state)}"
        for number, (name, price, state) in enumerate(PICTURES, 31)
    )
    return f"{NAV}<main><b>What we have</b><table>{rows}</table></main>"


@pytest.mark.parametrize(("said", "shown"), [("{price}", "Golf · EUR 11,950"), ("{state}", "Golf · in stock")])
def test_what_is_sold_is_a_list_though_it_leads_to_its_pictures_alone(said: str, shown: str) -> None:
    found = best(pictures(said=said))
    assert (found.kind, found.texts[0][: len(shown)]) == (Kind.LIST, shown)


@pytest.mark.parametrize("said", ["{number}.05.2026", "at the lake, {number}"])
def test_pictures_that_nobody_sells_are_no_list(said: str) -> None:
    assert not suggested(pictures(said=said)).candidates


LINES = [("Aoba", "normal"), ("Minami", "delayed"), ("Midori", "normal"), ("Kuko", "stopped"), ("Kosei", "normal")]


@pytest.mark.parametrize(
    "row",
    [
        "<dl class=line><dt>{name}<dd class=line__status><span class=label>{state}</span></dl>",
        "<li><b>{name}</b><div class=status><i class=icon></i><div><span>{state}</span></div></div>",
        "<li><b>{name}</b><div class=unko-jokyo><em>{state}</em></div>",
    ],
)
def test_what_is_called_a_status_may_hold_the_state_in_another_element(row: str) -> None:
    rows = "".join(row.format(name=name, state=state) for name, state in LINES)
    found = best(f"{NAV}<main><h1>Lines</h1><div>{rows}</div></main>")
    assert (found.kind, found.texts[:2]) == (Kind.LIST, ("Aoba · normal", "Minami · delayed"))


def test_a_row_that_is_called_by_its_status_has_none_in_its_texts() -> None:
    rows = "".join(f"<div class='post status-publish'><p><b>{name} line</b></p></div>" for name, _ in LINES)
    assert not suggested(f"{NAV}<main><h1>Lines</h1>{rows}</main>").candidates


def test_a_price_among_paragraphs_that_are_called_by_their_looks_is_found() -> None:
    body = (
        "<h1 class='text-3xl'>Svarainis</h1><p class='mt-2 text-sm'>Chaenomeles, 5 l vazonas</p>"
        "<p class='mt-6 text-2xl'>14,50 €</p><p class='mt-2 rounded-full'>Laikinai išparduota</p>"
        "<p class='mt-8'>Vaisiai aromatingi, tinka sirupui ir džiovinti.</p>"
    )
    assert best(f"{NAV}<main>{body}</main>").texts == ("price: €14.50",)


TURNS = {
    "buttons that take a time": (
        "<li class=slot><span>{time}</span><span>{text}</span><button>Vybrat</button></li>",
        [("10:00", "Volných 14 míst"), ("11:00", "Volná 3 místa"), ("12:00", "Vyprodáno"), ("13:00", "Vyprodáno")],
    ),
    "times with what takes place": (
        "<tr><td>{time}</td><td>To {text}</td><td>{text}</td></tr>",
        [("06:20", "Lauvvik"), ("07:10", "Oanes"), ("08:40", "Lauvvik"), ("09:30", "Oanes"), ("10:45", "Oanes")],
    ),
    "states of their own colours": (
        "<li>{time} <span class='badge bg-{text}'>{text} now</span></li>",
        [("Checkout", "fine"), ("Search", "slow"), ("Webhooks", "fine"), ("Exports", "down")],
    ),
    "states by the class of the row": (
        "<li class='lift is-{text}'><b>{time}</b><i>{text}</i></li>",
        [("Alp", "running"), ("Berg", "waiting"), ("Tal", "running"), ("Wald", "waiting")],
    ),
    "values for machines": (
        "<li><data value=4>{time}</data><span>{text}</span></li>",
        [("O+", "Low"), ("A+", "Good"), ("B+", "Critical"), ("AB", "Adequate")],
    ),
    "headings with their days": (
        "<h2>{time} <small>{text}</small></h2><ul><li>Some things were fixed in it</ul>",
        [("3.4.1", "2026-11-20"), ("3.4.0", "2026-10-30"), ("3.3.2", "2026-09-12")],
    ),
    "appointments that machines are told": (
        "<li><time datetime=2026-12-0{text}T{time}>{text} grudnia, {time}</time> <span>Room {text}</span></li>",
        [("09:00", "1"), ("09:20", "1"), ("10:40", "2"), ("08:00", "3")],
    ),
    "terms whose texts have a class for each state": (
        "<dt>{time}<dd class=c-{text}>{text}",
        [("Hellisheiði", "greið"), ("Öxnadalsheiði", "hálka"), ("Holtavörðuheiði", "ófær"), ("Fjarðarheiði", "hálka")],
    ),
    "how long it takes": (
        "<li>{time}: <strong>{text} Wochen</strong></li><!-- -->",
        [("Elterngeld", "6"), ("Wohngeld", "11"), ("Führerschein", "4"), ("Einbürgerung", "19")],
    ),
    "prices with their changes": (
        "<div class=coin><b>{time}</b><span>{text} Kč</span><i>+1,2 %</i></div>",
        [("BTC", "1 912 400"), ("ETH", "71 380"), ("XMR", "4 020")],
    ),
    "times to choose": (
        "<label><input type=radio name=s> <span class=h>{time}</span> <span class=st>{text}</span></label>",
        [("08:00", "wolny"), ("09:00", "zajęty"), ("10:00", "zajęty"), ("11:00", "wolny")],
    ),
    "terms with their days": (
        "<dt>{time}<dd>{text}.12.2026",
        [("Restmüll", "1"), ("Biotonne", "4"), ("Papier", "9"), ("Gelber Sack", "10")],
    ),
    "cells that are called by their number": (
        "<div class=row><div class=c1>{text}</div><div class=c2>{time}</div><div class=c3>1 20{text} Kč</div></div>",
        [("Točení", "3"), ("Glazování", "1"), ("Víkendový kurz", "2"), ("Sádra", "4")],
    ),
    "days with what comes": (
        "<h3>{text}. prosince 2026</h3><ul><li><a href=/f/{text}>{time}</a></li></ul>",
        [("Tichá řeka", "3"), ("Muž ve mlýně", "10"), ("Poslední vlak", "17")],
    ),
    "days without a year": (
        "<li><b>{time}</b><span>{text}</span><i>Arena {text}</i></li>",
        [("12.01.", "Wien"), ("14.01.", "Graz"), ("15.01.", "Linz"), ("17.01.", "Salzburg")],
    ),
    "ranks": (
        "<div class=r><i>{time}</i><b>Team {time}</b><u>14</u><s>{text}</s></div>",
        [("1", "30"), ("2", "28"), ("3", "25"), ("4", "24"), ("5", "20")],
    ),
    "minutes to wait": (
        "<li><b>{text}</b><span>{time} min</span></li>",
        [("3", "Hauptbahnhof"), ("5", "Messe"), ("8", "Zoo"), ("12", "Südfriedhof")],
    ),
}


@pytest.mark.parametrize(("row", "values"), TURNS.values(), ids=TURNS.keys())
def test_rows_that_lead_nowhere_are_a_list_where_they_show_that_they_change(
    row: str, values: list[tuple[str, str]]
) -> None:
    rows = "".join(row.format(time=time, text=text) for time, text in values)
    around = {"<tr": "table", "<dt": "dl"}.get(row[:3], "div")
    table = f"<{around}>{rows}</{around}>"
    said = "<p>Stand: 24.11.2026</p>" if "Wochen" in row else ""
    found = best(f"{NAV}<main><h1>The mill</h1>{table}{said}</main>")
    assert found.kind is Kind.LIST
    assert len(found.texts) == 3


STAYING_ROWS = {
    "the day of a kindergarten": "<li><b>{}:00</b><span>What we do then, number {}</span></li>",
    "what holds answers": "<li><button aria-expanded=false>Question {}?</button><div>Answer {} to it</div></li>",
    "ways to pay": "<li><h3>Card {}</h3><p>At once {}</p><b>0 Kč</b></li>",
    "a day at the camp": "<tr><td>{}:30</td><td>Part {}</td><td>Hall {}</td></tr>",
    "a league of heights": "<div class=r><i>{}</i><b>Mount {}</b><u>8{}48</u></div>",
    "what is numbered": "<li><b>{}. Platz</b> Anna {}</li>",
    "prizes of years": "<li><i>201{}</i><b>Prize {}</b><span class='medal gold'>gold</span></li>",
    "what a kind is called": "<li><b>Teacher {}</b><span class='tag tag-mathe'>mathe</span></li>",
    "what a cake holds": "<li><span>{}0 g</span> Flour {}</li>",
}


@pytest.mark.parametrize("row", STAYING_ROWS.values(), ids=STAYING_ROWS.keys())
def test_rows_that_show_no_change_are_not_offered(row: str) -> None:
    rows = "".join(row.replace("{}", str(number)) for number in range(1, 7))
    around = "table" if row.startswith("<tr") else "ul"
    assert not suggested(f"{NAV}<main><h1>The mill</h1><{around}>{rows}</{around}></main>").candidates


def test_a_grid_that_is_a_table_by_its_roles_is_read_by_its_header() -> None:
    header = "".join(f"<span role=columnheader>{name}</span>" for name in ("Kita", "Alter", "Plätze"))
    rows = "".join(
        f"<div role=row class=tr><span role=cell>Kita {name}</span><span role=cell>0–{age}</span>"
        f"<span role=cell>{free}</span></div>"
        for name, age, free in [("Sonne", 3, 2), ("Regen", 6, 0), ("Linde", 6, 5), ("Bach", 3, 1)]
    )
    found = best(f"{NAV}<main><h1>Kitas</h1><div role=table><div role=row class=tr>{header}</div>{rows}</div></main>")
    assert (found.kind, found.texts[0]) == (Kind.TABLE, "Kita Sonne · 0–3 · 2")


def test_a_card_with_a_picture_and_a_heading_is_no_navigation() -> None:
    rows = "".join(
        f"<a class=card href=/koira/{name}><img src=/{name}.jpg><h3>{name}</h3><p>{age} v</p></a>"
        for name, age in [("Rekku", 4), ("Musti", 2), ("Halla", 6), ("Peni", 9)]
    )
    assert best(f"{NAV}<main><h1>Koirat</h1>{rows}</main>").texts[0].startswith("Rekku")


STANDING = {
    "a level in its box": (
        "<div class=card><div>Tingkat aktivitas saat ini</div><p class='display-5 text-warning'>Level II (Waspada)</p>"
        "<p class=small>Ditetapkan sejak 14 Oktober 2026</p></div>",
        "tingkat_aktivitas_saat_ini: Level II (Waspada)",
    ),
    "a level behind the heading": (
        "<p class=grado>Grado 3 – marcato</p><p>Valido fino a sabato 28 novembre 2026, ore 17</p>",
        "grado: Grado 3 – marcato",
    ),
    "the number that is served": (
        "<div><div class=name>一般門診</div><div class=num>27</div></div><p>更新時間 2026/11/28 09:41</p>",
        "一般門診: 27",
    ),
    "a wait above its words": (
        "<div class=box><div class=box__value>3 h 25</div><div>Temps estimé</div></div><p>Mise à jour : 03:45</p>",
        "temps_estimé: 3 h 25",
    ),
    "a place in a queue": (
        "<div><p>Du är nummer</p><p class=huge>1 284</p><p>av 9 310 sökande</p></div>",
        "du_är_nummer: 1284",
    ),
    "a version with its build": (
        "<h2>Firmware</h2><div><b>AX_1.4.2_build20261012</b><ul><li>Published: 2026-10-20<li>Size: 18 MB</ul></div>",
        "firmware: AX_1.4.2_build20261012",
    ),
    "what fills its box": (
        "<div class=info-box><h2>Nuværende tid</h2><p>Ca. 7 måneder</p></div><p>Opdateret den 20. november 2026.</p>",
        "nuværende_tid: Ca. 7 måneder",
    ),
    "a version in a sentence": (
        "<p>Viimeisin vakaa julkaisu on <code>v5.8.2</code> (20.11.2026).</p><p>Lataa se tästä.</p>",
        "version: v5.8.2",
    ),
    "what an icon names": (
        "<div><span><i class=icon-temp></i>−6 °C</span><span><i class=icon-snow></i>12 cm</span></div><p>10:20 Uhr</p>",
        "status: -6",
    ),
    "a price of power": (
        "<div><p>Pris akkurat nå (NO1)</p><p class=h1>84,2 øre/kWh</p></div>",
        "pris_akkurat_nå_no1: 84.2",
    ),
    "a loan with what can be done": (
        "<div><span class=avail-no>Wypożyczona do 4.12.2026</span><button>Zamów</button></div>",
        "avail: Wypożyczona do 4.12.2026",
    ),
}


def test_what_stands_behind_a_question_answers_it() -> None:
    answer = "<p class='answer answer--no'>Nee, de brug is dicht</p><h2>Waarom</h2><p>Het waait.</p>"
    found = best(f"{NAV}<main><h1>Is de brug open?</h1>{answer}</main>")
    assert found.texts == ("is_de_brug_open: Nee, de brug is dicht",)
    written = answer.replace("answer answer--no", "by")  # by whom it was written
    assert not suggested(f"{NAV}<main><h1>Is de brug open?</h1>{written}</main>").candidates


@pytest.mark.parametrize(("body", "text"), STANDING.values(), ids=STANDING.keys())
def test_what_stands_for_itself_is_offered_without_a_word_that_is_known(body: str, text: str) -> None:
    assert best(f"{NAV}<main><h1>Sorowati</h1>{body}</main>").texts == (text,)


LEVEL = "<div><p>Degree of it</p><b class=level>Level 4</b><p>As of 14 October 2026</p></div>"
SILENT = {
    "an article": f"<article><h1>On walking</h1>{LEVEL}</article>",
    "a page that is not to be listed": f"<h1>On walking</h1>{LEVEL}",
    "figures without a moment": "<h1>About it</h1><div><b>1,240</b><i>us</i></div><div><b>38</b><i>them</i></div>",
    "who wrote a long text, and when": "<h1>On walking</h1><p><i class=by>Ada, 6 min</i> <time>4 May 2025</time></p>"
    + "<p>One walks, and then one walks on, until one has walked enough, and turns around to walk back again.</p>" * 12,
    "a colour in a legend": "<h1>Signs</h1><ul>"
    + "".join(f"<li class={name}><b>{name}</b><i>what it says</i></li>" for name in ("green", "yellow", "red")),
    "what is said to be over": "<h1>Konsert</h1><p>14. desember 2024 kl. 18:00<p class='status status--past'>Avholdt",
    "what a step says": "<h1>The clock</h1><ol><li>Turn it to 12:00</ol><p class=alert-warning>Use no more than 230 V.",
    "an order by how the shop calls it": "<div class=woocommerce-order><li>Skupaj: <strong>54,90 €</strong></div>",
    "a report of a day": "<div><p>12 June 2025</p><h1>The hall</h1><p>"
    + "It was opened by the mayor, who looked back on the long way from the first plan to this day. </p><p>" * 12
    + "<ul><li><b>320</b> members</ul></div>",
    "a fee alone": "<h1>Anreise</h1><p>Parkgebühr: 2,00 € pro Stunde</p>",
    "an auction that ended on a day": "<h1>Los 88</h1><p>Die Auktion ist am 12. Oktober 2025 zu Ende gegangen.<p>€ 420",
    "figures of a text with its day": "<h1>Why we moved</h1><p>Mar 4, 2025</p>"
    + "<p>The work that a request started took longer than anybody wanted to wait for it, as with many of us.</p>" * 9
    + "<table><tr><th>Setup<th>p50<th>p99<tr><td>Before<td>420<td>9100<tr><td>After<td>38<td>210</table>",
    "the number of an order": "<h1>Hvala na narudžbi!</h1><p>Broj: <b>#20394</b></p><p>Ukupno: <b>84,00 €</b></p>",
    "who wrote a short text": "<h1>On walking</h1><p><i class=by>Ada</i> <time>4 May 2025</time></p><p>One walks.",
    "a promise by a number": "<h1>Hosting</h1><div><b>99.9 %</b><i>uptime</i></div><div><b>24/7</b><i>help</i></div>",
    "fees": "<h1>Wie wir liefern</h1><table><tr><td>Standard<td>4,90 €<tr><td>Express<td>9,90 €</table>",
    "what a thing is like": "<h1>The engine</h1><dl><dt>Displacement<dd>1,598 cm³<dt>Weight<dd>132 kg</dl>",
    "the figures of a report": "<article><h1>Less power</h1><p>14 March 2025<dl><dt>Spent<dd>€ 12,000</dl></article>",
}


@pytest.mark.parametrize(("name", "body"), SILENT.items(), ids=SILENT.keys())
def test_what_stays_as_it_is_is_not_offered(name: str, body: str) -> None:
    head = "<meta name=robots content='noindex, follow'>" if "listed" in name else ""
    assert not suggested(f"<head>{head}</head>{NAV}<main>{body}</main>").candidates


def test_a_label_may_stand_in_the_text_of_its_value() -> None:
    found = best(f"{NAV}<main><h1>Ausfall</h1><p>Beginn um sieben</p><p>Status: in Bearbeitung</p></main>")
    assert found.texts == ("status: in Bearbeitung",)


def test_what_alone_fills_an_element_that_is_called_a_status_is_one() -> None:
    found = best(f"{NAV}<main><h1>Isbanan</h1><p class=status-text><strong>Banan är stängd</strong></p></main>")
    assert found.texts == ("status: Banan är stängd",)


def test_who_is_on_duty_is_a_list_though_each_is_but_reached() -> None:
    rows = "".join(
        f"<div class=e><b>{name}</b><br>Cad. {number}<br><a href=tel:{number}>{number}</a></div>"
        for name, number in [("Güneş", 2125550101), ("Çınar", 2125550102), ("Deniz", 2125550103)]
    )
    assert best(f"{NAV}<main><h1>Nöbetçi eczaneler</h1>{rows}</main>").kind is Kind.LIST
    assert not suggested(f"{NAV}<main><h1>Eczaneler</h1>{rows}</main>").candidates


def test_rows_with_a_text_beside_their_link_are_no_navigation() -> None:
    rows = "".join(
        f"<tr><td><strong>{name}</strong><br>{place}</td><td><a href=/o/{number}>Ver</a></td></tr>"
        for number, name, place in [(331, "Soldador", "Vigo"), (335, "Auxiliar", "Lugo"), (340, "Delineante", "Vigo")]
    )
    assert best(f"{NAV}<main><h1>Trabaja</h1><table>{rows}</table></main>").kind is Kind.LIST


def test_a_label_may_stand_in_a_paragraph_of_its_own() -> None:
    box = "<div><p><strong>Próximas vagas disponíveis em:</strong></p><p class=data>14/01/2027</p></div>"
    assert best(f"{NAV}<main><h1>Vistos</h1>{box}</main>").texts == ("próximas_vagas_disponíveis_em: 2027-01-14",)


def test_a_count_is_read_in_the_order_of_its_words() -> None:
    found = best(f"{NAV}<main><h1>El mercado</h1><p><b class=big>23.418</b> de 25.000 firmas</p></main>")
    assert found.texts == ("firmas: 23418",)


def test_how_many_rows_there_are_does_not_come_before_them() -> None:
    rows = "".join(
        f"<li><a href=/t/{number}>{name}</a> <span>{number % 9 + 1}.12.2026</span></li>"
        for number, name in [(4411, "Sairaanhoitaja"), (4402, "Lähihoitaja"), (4398, "Keittäjä")]
    )
    assert best(f"{NAV}<main><h1>Työ</h1><p>3 paikkaa</p><ul>{rows}</ul></main>").kind is Kind.LIST


def test_the_day_of_a_release_comes_behind_the_list_of_all() -> None:
    rows = "".join(
        f"<div class=r><a href=/p/{version}><p>{version}</p><time datetime=2026-11-{day}>{day} Nov</time></a></div>"
        for version, day in [("2.14.0", 25), ("2.13.3", 13), ("2.12.5", 10)]
    )
    now = "<p>Released: <time datetime=2026-11-25>Nov 25, 2026</time></p>"
    found = suggested(f"{NAV}<main><h1>tidegraph</h1>{now}{rows}</main>").candidates
    assert [each.kind for each in found[:2]] == [Kind.LIST, Kind.VALUE]


def test_a_feed_that_names_the_path_of_the_page_is_its_own() -> None:
    link = '<link rel=alternate type="application/rss+xml" href="/rss/project/tidegraph/releases.xml">'
    found = suggested(f"<head>{link}</head><h1>tidegraph</h1>", url="https://pak.example/project/tidegraph/")
    assert [each.kind for each in found.candidates] == [Kind.FEED]


def test_of_several_feeds_the_one_that_is_nearest_to_the_page_comes_first() -> None:
    links = "".join(
        f'<link rel=alternate type="application/atom+xml" href="{path}">'
        for path in ("/tallow/quern.atom", "/feeds/news.xml", "/tallow/quern/releases.atom")
    )
    found = suggested(f"<head>{links}</head><h1>Releases</h1>", url="https://git.example/tallow/quern/releases")
    assert found.candidates[0].watch["url"] == "https://git.example/tallow/quern/releases.atom"


def test_a_feed_is_of_the_page_whose_name_it_has() -> None:
    link = '<link rel=alternate type="application/rss+xml" href="/rss.php?area=tenders">'
    found = suggested(f"<head>{link}</head><h1>Tenders</h1>", url="https://town.example/office/tenders")
    assert [each.kind for each in found.candidates] == [Kind.FEED]


def test_where_a_page_stands_in_its_site_is_no_value() -> None:
    trail = "<div class=hero><h2>Races</h2><p>Home &gt; Races &gt; 2023</p></div>"
    assert not suggested(f"<h1>Dew race</h1>{trail}<p>15 October 2023</p><p>Well run, all of you.</p>").candidates


def test_a_level_is_offered_with_its_word() -> None:
    level = (
        "<section class=level><h2>Danger</h2><p class=degree><b class=num>3</b> <span>Considerable</span></p></section>"
    )
    issued = "<p>Issued <time datetime=2026-11-28T16:00>28 November, 16:00</time></p>"
    assert best(f"{NAV}<main><h1>Avalanches: the valley</h1>{issued}{level}</main>").texts == (
        "danger: 3 Considerable",
    )


def test_interest_rates_are_a_table_that_changes_though_they_rise() -> None:
    rows = "".join(
        f"<tr><th scope=row>{years} years</th><td>{net}%</td><td>{gross}%</td></tr>"
        for years, net, gross in [(1, "0.16", "0.20"), (2, "0.18", "0.22"), (3, "0.20", "0.25"), (5, "0.26", "0.32")]
    )
    header = "<tr><th>Term</th><th>Net</th><th>Gross</th></tr>"
    assert best(f"{NAV}<main><h1>Deposits</h1><table>{header}{rows}</table></main>").kind is Kind.TABLE


def test_rows_with_prices_and_buttons_come_before_a_sum_in_the_text() -> None:
    rows = "".join(
        f"<div class=tier><div><div>{name}</div><div>{state}</div></div><div>{price},00 €<button>Choose</button></div>"
        "</div>"
        for name, state, price in [("Floor", "Available", 249), ("Stand B", "Sold out", 149), ("Box", "Available", 690)]
    )
    text = f"<p>{'The venue opens at ten, and large bags stay outside. ' * 6}</p>"
    found = suggested(f"{NAV}<main><h1>Finals</h1><p>8 teams, pool of 500 000 USD</p>{rows}{text}</main>").candidates
    assert found[0].kind is Kind.LIST


def test_two_cells_tell_departures_apart_where_none_does_alone() -> None:
    rows = "".join(
        f"<tr><td>{at}</td><td>{line}</td><td>{to}</td><td>{state}</td></tr>"
        for at, line, to, state in [
            *(("16:10", "N14", "Porto", "on time"), ("16:30", "X1", "Viana", "on time")),
            *(("16:30", "206", "Porto", "cancelled"), ("16:50", "N14", "Viana", "on time")),
        ]
    )
    header = "<tr><th>Time</th><th>Line</th><th>To</th><th>Remarks</th></tr>"
    found = best(f"{NAV}<main><h1>Departures</h1><table>{header}{rows}</table></main>")
    assert "concat(td[1], ' ', td[2])" in json.dumps(found.watch["items"])


def test_rows_may_be_the_texts_of_one_term() -> None:
    rows = "".join(
        f"<dd class=item><a href=/n/{number}><i>Patch</i><span>{name}</span></a><div><span class=date>2026.11.{day}"
        f"</span><span class=hits>{number * 7} views</span></div></dd>"
        for number, name, day in [(331, "A tower of frost", 26), (327, "Balance of fighters", 19), (320, "Markets", 12)]
    )
    assert "A tower of frost" in best(f"{NAV}<main><h1>Patches</h1><dl><dt>Notes</dt>{rows}</dl></main>").texts[0]


def test_fields_with_names_of_their_own_are_no_list_within_a_row() -> None:
    rows = "".join(
        f"<div class=row><div class='field field-day'><time datetime=2026-12-{day}>{day} December</time></div>"
        f"<div class='field field-title'><a href=/node/{day}>Sitting</a></div>"
        f"<div class='field field-body'><div>{text}</div></div></div>"
        for day, text in [(17, "43 questions"), (14, "On a loan for the road"), (11, "On the roof of a hall")]
    )
    assert "On a loan for the road" in " ".join(best(f"{NAV}<main><h1>Council</h1>{rows}</main>").texts)


def test_two_texts_tell_departures_apart_that_are_no_table() -> None:
    rows = "".join(
        f"<div><span class=at>{at}</span><span class=to>{to}</span><span class='state {look}'>{state}</span></div>"
        for at, to, state, look in [
            *(("14:05", "Harbour", "on time", "ok"), ("14:05", "Airport", "6 min late", "late")),
            *(("14:20", "Harbour", "cancelled", "off"), ("14:31", "Airport", "on time", "ok")),
        ]
    )
    found = best(f"{NAV}<main><h1>Market square</h1><div>{rows}</div></main>")
    assert "concat(span[1], ' ', span[2])" in json.dumps(found.watch["items"])


@pytest.mark.parametrize(
    "rows",
    [
        "".join(f"<tr><td>{name}<td>0.{part} %<td>0.{part + 4} %" for name, part in [("C", 18), ("Si", 31), ("P", 12)]),
        "".join(f"<tr><td>{number}<td>{number + 7}:00<td>{number + 7}:45" for number in (1, 2, 3, 4)),
    ],
    ids=["an alloy", "lessons"],
)
def test_figures_in_a_table_do_not_say_of_when_it_is(rows: str) -> None:
    text = "<p>All of it is as it was when the works were founded.</p>"
    table = f"<table><tr><th>What</th><th>Usual</th><th>Most</th></tr>{rows}</table>"
    assert not suggested(f"{NAV}<main><h1>How it is made</h1>{text}{table}</main>").candidates


def test_of_several_feeds_the_nearest_may_be_told_by_what_an_address_asks_for() -> None:
    links = "".join(
        f'<link rel=alternate type="application/atom+xml" href="/index.php?{asked}&amp;feed=atom">'
        for asked in ("title=Special:RecentChanges", "title=Tide_mill&amp;action=history")
    )
    found = suggested(
        f"<head>{links}</head><h1>History</h1>", url="https://w.example/index.php?title=Tide_mill&action=history"
    )
    assert "action=history" in str(found.candidates[0].watch["url"])


def test_sums_to_choose_from_are_no_prices() -> None:
    rows = "".join(
        f"<div class=sum><strong>{euros} €</strong><span>{good_for}</span><button>Give</button></div>"
        for euros, good_for in [(10, "a warm meal"), (25, "two blankets"), (50, "medicine for a week")]
    )
    assert not suggested(f"{NAV}<main><h1>Give now</h1><div>{rows}</div></main>").candidates


def test_rates_may_be_named_percents_by_their_header() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{rate}</td></tr>"
        for name, rate in [("活期", "0.10"), ("三个月", "1.05"), ("半年", "1.25"), ("一年", "1.35"), ("三年", "1.75")]
    )
    table = f"<table><tr><td>项目</td><td>年利率(%)</td></tr>{rows}</table><p>执行日期：2026年10月20日</p>"
    assert best(f"{NAV}<main><h1>存款利率</h1>{table}</main>").kind is Kind.TABLE


def test_rows_are_told_by_what_the_tests_of_a_site_call_them() -> None:
    card = (
        '<div class="sc-{n}a{n}-0" data-testid="listing-card"><a href="/ads/20{n}.htm"><div class="css-e{n}b">'
        "<div>{n}14 900 €</div><div>House with {n} rooms</div></div></a></div>"
    )
    cards = "".join(card.format(n=number) for number in range(2, 8))
    found = best(f"<main><h1>Houses for sale</h1><div>{cards}</div></main>")
    assert found.kind is Kind.LIST
    assert "House with 2 rooms" in found.texts[0]


def test_pictures_that_lead_to_themselves_are_a_gallery() -> None:
    picture = (
        "<figure class=gallery-item><div><a href='/portraits?item={n}'><img src='/{n}.jpg' alt='Girl {n}'></a></div>"
        "<figcaption><p class=caption>A girl at her {n}th window</p></figcaption></figure>"
    )
    pictures = "".join(picture.format(n=number) for number in range(4, 16))
    assert not suggested(f"<main><h1>Portraits</h1><div class=gallery>{pictures}</div></main>").candidates


def of_json(data: Json) -> list[str]:
    """Return what is offered of a page that is this JSON, the best first."""
    return [
        text for each in suggested(json.dumps(data), media_type="application/json").candidates for text in each.texts
    ]


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (
            {
                "page": {"name": "Acme", "updated_at": "2026-04-19"},
                "status": {"indicator": "none", "description": "Up"},
            },
            "status: none",
        ),
        ({"order": {"id": 81, "state": {"id": 4, "label": "In transit"}}}, "state: In transit"),
        ({"lift": "Gondola", "availability": {"value": "closed until noon"}}, "availability: closed until noon"),
    ],
)
def test_an_object_that_is_called_status_tells_it_one_level_below(data: Json, first: str) -> None:
    assert of_json(data)[0] == first


@pytest.mark.parametrize(
    "data",
    [
        {"id": 81, "status": "published", "metadata": {"title": "Tides", "version": "v4.25.1"}},
        {"doi": "10.5/81", "state": "done", "version": "2.0"},
        {"created": "2026-01-02", "status": "active", "info": {"version": {"number": "7.1.0-rc2"}}, "version": "7.1"},
    ],
)
def test_the_version_of_a_record_comes_before_its_status(data: Json) -> None:
    assert of_json(data)[0].startswith("version: ")


@pytest.mark.parametrize(
    ("data", "first"),
    [
        ({"version_views": 8827, "account": {"state": "open"}}, "state: open"),
        ({"versions": "https://api.example/versions", "conversion": "metric", "statusUrl": "/status"}, None),
        ({"id": 7, "estate": "Hill", "discount": "none", "operated": "yes", "roomsLeft": "two"}, "rooms_left: two"),
        ({"id": 7, "status": "shipped", "version": 3}, "status: shipped"),
    ],
)
def test_a_member_is_known_by_whole_words_of_its_name(data: Json, first: str | None) -> None:
    assert next(iter(of_json(data)), None) == first


OLD_NEWS = [
    ("Ferry line closes after forty years", "12 March 2011"),
    ("Harbour museum opens its doors again", "4 July 2010"),
    ("New bridge is late by another year", "30 May 2009"),
    ("The last tram leaves the old depot", "2 January 2009"),
]


@pytest.mark.parametrize(
    "row",
    [
        "<article><a href=/n/{n}><h1 class=entry-title>{title}</h1></a><time>{day}</time></article>",
        "<li><h3><a href=/n/{n}>{title}</a></h3><span class=when>{day}</span></li>",
        "<div class=w data-widget={n}><div class=story><a href=/n/{n}><h2>{title}</h2></a><p>{day}</p></div></div>",
    ],
)
def test_a_list_that_leads_to_its_news_is_offered_however_old_they_are(row: str) -> None:
    rows = "".join(row.format(n=n, title=title, day=day) for n, (title, day) in enumerate(OLD_NEWS, 731))
    found = best(f"{NAV}<main><header><h1>All on harbours</h1></header><section>{rows}</section></main>")
    assert found.texts[0].startswith("Ferry line closes after forty years · 2011-03-12")


@pytest.mark.parametrize("others", ["<div><h3>Shops</h3></div><div><h3>About us</h3></div>", "<div></div><div></div>"])
@pytest.mark.parametrize("classes", ["", "entry post-{n} tag-sea category-ads", "card category-{n}"])
def test_rows_are_rows_where_as_many_boxes_stand_beside_theirs(others: str, classes: str) -> None:
    rows = "".join(
        f"<div class='{classes.format(n=n)}'><h2><a href=/n/{n}>{title}</a></h2><p>{day}</p></div>"
        for n, (title, day) in enumerate(OLD_NEWS[:3], 731)
    )
    found = best(f"{NAV}<main><h1>News</h1><div>{rows}</div>{others}</main>")
    assert [text[:12] for text in found.texts] == ["Ferry line c", "Harbour muse", "New bridge i"]


@pytest.mark.parametrize(
    "costs",
    [
        "<dl><dt>Versandkosten:<dd>29,00 €</dl>",
        "<ul class=order><li><span>Livraison :</span> <b class=price>4,90 €</b></ul>",
        "<p class=info>Shipping: <span class=amount>$12.50</span></p>",
        "<div class=box><div>Toimituskulut</div><div class=hinta>6,90 €</div></div>",
    ],
)
def test_what_it_costs_to_send_a_product_is_never_its_price(costs: str) -> None:
    found = suggested(f"{NAV}<main><h1>A chair</h1><button class=availability>In stock</button>{costs}</main>")
    assert not [text for each in found.candidates for text in each.texts if text.startswith("price")]


@pytest.mark.parametrize(
    "field",
    [
        "<li><label for=s>State<span class=must>*</span></label><input id=s type=text>",
        "<li><div class=row><b>Status:</b> <span>—</span></div>",
        "<li><label><span>Status</span><em>closed</em></label><input type=checkbox>",
        "<dl><dt>Availability<dd>* * *</dl>",
    ],
)
def test_a_field_to_fill_in_and_a_mark_are_no_value_of_their_label(field: str) -> None:
    assert not suggested(f"{NAV}<main><h1>Join us</h1><p>Tell us who you are.</p>{field}</main>").candidates


def test_a_sign_of_stock_is_a_value_of_its_label() -> None:
    assert best(f"{NAV}<main><h1>Lamp</h1><dl><dt>在庫<dd>○</dl></main>").texts == ("在庫: in stock",)


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("<span class=currentPrice>69.<sup>99</sup><i class=note></i></span>", "69.99"),
        ("<p class=price>1.249,<sup>50</sup></p>", "1249.50"),
        ("<div class=preis>29,<small>95</small></div>", "29.95"),
        ("<b class=price>5.<span>49</span></b>", "5.49"),
    ],
)
def test_a_price_whose_cents_stand_higher_is_found(price: str, shown: str) -> None:
    found = best(f"{NAV}<main><h1>A chair</h1>{price}<button>Add to cart</button></main>")
    assert found.texts[0] == f"price: {shown}"


@pytest.mark.parametrize(
    "row",
    [
        "<div class=shoe><b>{name}</b><i>{price}</i><button data-item-id={n}>Save</button></div>",
        "<li><span class=name>{name}</span> <span class=price>{price}</span><form data-sku=X{n}-9><input></form></li>",
        "<div class=box><div class=in><h3>{name}</h3><p>{price}</p><span data-product-id=p{n}></span></div></div>",
    ],
)
def test_rows_without_a_link_are_told_apart_by_an_id_within_them(row: str) -> None:
    shoes = [("Sailor", "€ 80.00"), ("Docker", "€ 95.00"), ("Sailor", "€ 80.00"), ("Pilot", "€ 72.50")]
    rows = "".join(row.format(n=n * n, name=name, price=price) for n, (name, price) in enumerate(shoes, 31))
    found = best(f"{NAV}<main><h1>Shoes</h1><div>{rows}</div></main>")
    assert (found.kind, found.texts[1]) == (Kind.LIST, "Docker · €95.00")
    assert re.search(r"\[@data-(?:item-id|sku|product-id)\]", json.dumps(found.watch["items"]))


CHANGES = "<ul><li>Faster by a half<li>Fixes a leak<li>Removes the old names<li>Knows new time zones</ul>"


@pytest.mark.parametrize(
    ("headings", "first"),
    [
        (["2024-08-13 (3.46.1)", "2024-05-23 (3.46.0)", "2024-04-15 (3.45.3)"], "2024-08-13 (3.46.1)"),
        (["Version 2.10", "Version 2.9.1", "Version 2.9", "Version 1.0"], "Version 2.10"),
        (["v1.2.0 – 3 May 2026", "v1.1.1 – 1 May 2026", "v1.1.0 – 9 June 2025"], "v1.2.0 – 3 May 2026"),
        (["[0.4.2] - 2026-02-01", "[0.4.1] - 2026-01-20", "[0.4.0] - 2025-12-24"], "[0.4.2] - 2026-02-01"),
    ],
)
@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_the_flat_headings_of_a_changelog_are_a_list(headings: list[str], first: str, tag: str) -> None:
    releases = "".join(f"<{tag}>{heading}</{tag}><p>{CHANGES}" for heading in headings)
    found = best(f"{NAV}<main><h1>Release history</h1><p>All there were.</p>{releases}</main>")
    assert (found.kind, found.texts[0]) == (Kind.LIST, first)


@pytest.mark.parametrize(
    "headings",
    [
        ["1.1 Scope", "1.2 Terms", "1.3 Payment", "2.1 Liability"],
        ["From 2.5 to 4 m", "A house", "Up to 2.0 m", "A hut"],
    ],
)
def test_numbered_sections_are_no_changelog(headings: list[str]) -> None:
    sections = "".join(f"<h2>{heading}</h2><p>{CHANGES}" for heading in headings)
    assert not suggested(f"{NAV}<main><h1>How we build</h1>{sections}</main>").candidates


NOTICES = "".join(
    f"<li><a href=/n/{n}>{title} of the harbour office</a> <time>2026-0{n}-03</time></li>"
    for n, title in enumerate(["A new pilot", "The yearly report", "Rates for moorings", "Dredging begins"], 2)
)
BOOK = '<link rel=next title="Chapter 4" href="/?page_id=200">'


@pytest.mark.parametrize(
    "beside",
    ["", "<p><a href=/?page_id=200>Chapter 4</a></p>", "<p class=foot><a href=/top>Back to the top</a></p>"],
)
def test_the_next_page_of_a_book_is_no_page_of_a_list(beside: str) -> None:
    found = best(f"<head>{BOOK}</head>{NAV}<main><h1>Notices</h1><ul>{NOTICES}</ul>{beside}</main>")
    assert "pages" not in found.watch


@pytest.mark.parametrize("pager", ["<a href=/n?p=2>2</a>", "<a href=/n?p=2>Next</a>", "<a href=/n?p=2>次へ</a>"])
def test_the_next_page_that_the_head_names_is_followed_where_a_pager_stands(pager: str) -> None:
    found = best(f"<head>{BOOK}</head>{NAV}<main><h1>Notices</h1><ul>{NOTICES}</ul><p>{pager}</main>")
    assert found.watch["pages"] == {"next": "link[rel~=next]"}
