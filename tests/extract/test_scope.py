"""The part of a page that a watch reads: what is cut out of it, and where it begins and ends."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.bounded import bounded
from tests.extract.builders import asked, css, page, watch
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.values import SINGLE, Value
from watcher.core.watch import Language, Query, Scope, Selector, Values, Watch
from watcher.errors import MissingError, PageError, UnexpectedPageError
from watcher.extract.explain import explain
from watcher.extract.observe import is_cheap, look
from watcher.extract.plan import plan

NEWS = """<!doctype html><head><title>News</title><base href=/n/></head>
<body><div id=top>Menu <b class=ago>now</b></div>
<main><h2>First</h2><p>One <span class=ago>5 minutes ago</span></p><h2>Second</h2><p>Two</p>
<h2>Third</h2><div class=ad>Buy</div></main><footer>12 views</footer>"""


def cutting(*queries: str) -> Scope:
    return Scope(exclude=tuple(map(found_by, queries)))


def found_by(text: str) -> Query:
    return Query(Language.XPATH, text) if text.startswith("/") else Query.css(text)


def between(
    *, at: str | None = None, after: str | None = None, to: str | None = None, before: str | None = None
) -> Scope:
    start, end = at or after, to or before
    return Scope(
        start=found_by(start) if start else None,
        is_after_start=after is not None,
        end=found_by(end) if end else None,
        is_before_end=before is not None,
    )


def reading(scope: Scope, selector: Selector | str | None = None) -> Watch:
    found = selector if isinstance(selector, Selector) else css(selector)
    return replace(watch(Values(selectors={"value": found})), scope=scope)


def value_of(scope: Scope, selector: Selector | str | None = None, body: Page | None = None) -> Value:
    return look(body or page(NEWS), reading(scope, selector), UNLIMITED).rows[SINGLE]["value"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        pytest.param(cutting(".ago", "footer, .ad"), "Menu|First|One|Second|Two|Third", id="cut out"),
        pytest.param(cutting("//main", "//div/text()"), "Menu now|12 views", id="by XPath, elements alone"),
        pytest.param(
            cutting("p:-soup-contains('Two'), #top, .ad, footer"),
            "First|One 5 minutes ago|Second|Third",
            id="by any CSS",
        ),
        pytest.param(cutting("main", "main p", ".no"), "Menu now|12 views", id="within another, or not there"),
        pytest.param(cutting("body", "html", "main"), "Menu now|12 views", id="never the body"),
        pytest.param(between(at="h2 + p"), "One 5 minutes ago|Second|Two|Third|Buy|12 views", id="start at"),
        pytest.param(between(after="p"), "Second|Two|Third|Buy|12 views", id="start after"),
        pytest.param(between(to="h2"), "Menu now|First", id="end at"),
        pytest.param(between(before="h2"), "Menu now", id="end before"),
        pytest.param(between(at="h2", before="h2"), "First|One 5 minutes ago", id="to the next one"),
        pytest.param(between(after="main", to="//footer"), "12 views", id="behind a large one"),
        pytest.param(between(at="main", to="h2"), "First", id="an end within the start"),
        pytest.param(
            replace(between(at="h2", before="p"), exclude=(found_by("h2:first-child"),)), "Second", id="of what is left"
        ),
    ],
)
def test_what_is_left_of_a_page(scope: Scope, expected: str) -> None:
    assert value_of(scope) == expected.replace("|", "\n")


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        (between(at=".none"), "start_at"),
        (between(at="footer", to="h2"), "end_at"),
        (between(after="main", before="h2"), "end_before"),
    ],
)
def test_an_edge_that_is_not_on_the_page_is_an_error(scope: Scope, key: str) -> None:
    with pytest.raises(MissingError, match=rf"`{key}`: .* is not on the page"):
        value_of(scope)


def test_the_head_is_never_cut_nor_an_edge_of_the_range() -> None:
    linked = '<script type="application/ld+json">{"@type": "Product", "offers": {"price": "9"}}</script>'
    body = NEWS.replace("</head>", f"{linked}</head>")
    price = Selector(query=Query(Language.PRODUCT, "price"))
    for scope in (cutting("head", "script", "//head/*"), between(after="title, h2", before="script, footer")):
        assert value_of(scope, price, page(body)) == "9"
        assert "Two" in str(value_of(scope, body=page(body)))
    for scope, key in ((between(at="base"), "start_at"), (between(before="title"), "end_before")):
        with pytest.raises(MissingError, match=f"`{key}`: .* is not on the page"):
            value_of(scope)


def test_an_end_is_found_in_time_however_deep_the_page_is() -> None:
    with bounded(1), pytest.raises(MissingError, match="`end_before`: 'div' is not on the page behind the start"):
        value_of(between(after="h1", before="div"), body=page("<h1>" + "<div>" * 80_000))


def test_selectors_find_what_is_left_and_still_know_where_it_stands() -> None:
    scope = between(at="h2:nth-of-type(2)", before="footer")
    assert value_of(scope, "body main h2") == "Second"
    assert value_of(scope, "h2:-soup-contains('Third')") == "Third"
    with pytest.raises(MissingError):
        value_of(scope, "#top")


def test_two_watches_of_one_page_may_leave_out_different_things() -> None:
    shared = page(NEWS)
    scopes = (Scope(), cutting(".ago"), Scope())
    assert [value_of(each, "p", shared) for each in scopes] == ["One 5 minutes ago", "One", "One 5 minutes ago"]


def test_links_are_relative_to_the_base_of_the_whole_page() -> None:
    following = replace(reading(between(at="h2"), "h2"), link=css("p", attr="title"))
    body = page(NEWS.replace("<p>", "<p title=c>"))
    assert look(body, following, UNLIMITED).link == "https://shop.example/n/c"


def test_the_words_that_must_be_on_the_page_may_stand_in_what_is_cut_out() -> None:
    vouched = replace(reading(cutting("footer"), "h2"), page_must_contain=("12 views",))
    assert look(page(NEWS), vouched, UNLIMITED).rows[SINGLE] == {"value": "First"}
    with pytest.raises(UnexpectedPageError):
        look(page(NEWS), replace(vouched, page_must_contain=("13 views",)), UNLIMITED)


def test_of_other_pages_nothing_is_cut_out_and_a_range_is_an_error() -> None:
    body = page('{"a": 1}', media_type="application/json")
    assert value_of(cutting(".a"), body=body) == '{"a": 1}'
    with pytest.raises(PageError, match="the page is not HTML"):
        value_of(between(at="a"), body=body)


def test_another_part_of_the_page_takes_a_new_baseline() -> None:
    extraction = reading(Scope()).extraction
    scopes = (Scope(), cutting("a"), between(at="a"), between(after="a"), between(to="a"))
    assert len({plan(extraction, None, scope) for scope in scopes}) == 5
    assert plan(extraction, None, Scope()) == plan(extraction, None)


def test_what_needs_a_worker_is_known_of_what_is_cut_out_too() -> None:
    assert is_cheap(reading(cutting("b"), "h2"), page(NEWS))
    assert not is_cheap(reading(cutting("b:-soup-contains(x)"), "h2"), page(NEWS))


def test_an_explanation_says_how_much_is_cut_out() -> None:
    explained = explain(
        page(NEWS), reading(replace(between(at="main"), exclude=cutting(".ago").exclude), "h2"), UNLIMITED
    )
    assert [(each.name, each.matched) for each in explained.findings] == [("excluded", 2), ("range", 1), ("value", 3)]
    gone = explain(page(NEWS), reading(between(at=".no")), UNLIMITED)
    assert gone.error == "`start_at`: '.no' is not on the page"


SHOP = """<!doctype html><title>Rain jacket</title><div id=app></div>
<script id=__NEXT_DATA__ type=application/json>{"product": {"price": 49.90, "stock": 3}}</script>
<script id=state>window.__STATE__ = {"stock": "a </b> } ;"};(function(){})()</script>
<script id=code>start()</script>"""


def in_json(css_of_script: str) -> Scope:
    return Scope(json_in=Query.css(css_of_script))


@pytest.mark.parametrize(
    ("script", "path", "expected"),
    [("#__NEXT_DATA__", "$.product.price", "49.90"), ("#state", "stock", "a </b> } ;")],
    ids=["JSON", "assigned to a variable"],
)
def test_json_in_a_page_is_read_in_its_place(script: str, path: str, expected: str) -> None:
    assert value_of(in_json(script), asked(Language.JSONPATH, path), page(SHOP)) == expected


@pytest.mark.parametrize(
    ("script", "path", "error"),
    [
        ("#gone", "$.a", "`json_in`: '#gone' is not on the page"),
        ("#code", "$.a", "the page is no JSON"),
        ("#__NEXT_DATA__", "$.gone", r"'\$.gone' is not on the page"),
    ],
)
def test_json_that_is_not_in_the_page_is_an_error(script: str, path: str, error: str) -> None:
    with pytest.raises(PageError, match=error):
        value_of(in_json(script), asked(Language.JSONPATH, path), page(SHOP))


def test_css_finds_nothing_to_select_from_in_json() -> None:
    with pytest.raises(PageError, match="the page is JSON in '#__NEXT_DATA__', not HTML"):
        value_of(in_json("#__NEXT_DATA__"), "h1", page(SHOP))


def test_a_page_that_is_json_has_no_element_with_json() -> None:
    with pytest.raises(PageError, match="the page is not HTML, so it has no element that `json_in` could find"):
        value_of(in_json("script"), asked(Language.JSONPATH, "$.a"), page('{"a": 1}', media_type="application/json"))


def test_a_plan_is_what_it_was_before_there_was_json_in_a_page() -> None:
    extraction = reading(Scope()).extraction
    assert plan(extraction, None, cutting("nav")) == "c5ee2ab6f158bb041b43a2ae"
    assert plan(extraction, None, in_json("script")) != plan(extraction, None)
