import pytest
from msgspec.structs import replace

from tests.extract.builders import URL, css, feed_list, items, jsonpath, page, watch
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.watch import (
    Condition,
    Items,
    Language,
    NextPages,
    NumberedPages,
    Operator,
    Pages,
    Query,
    Selector,
    Values,
)
from watcher.errors import MissingError, UnparsableError
from watcher.extract.observe import Sight, look, merge
from watcher.extract.pages import first_url, numbered_url

NEXT = NextPages(link=css("a.next"), max_pages=5)
NUMBERED = NumberedPages(param="page", first=1, max_pages=5)


def paged(pages: Pages, **more: Selector) -> Items:
    return Items(query=Query.css("li"), key=css("b"), fields=more, pages=pages)


def seen_at(url: str, body: str, pages: Pages, number: int = 1, container: str = "") -> Sight:
    return seen_of(paged(pages), page(body), number, url=url, container=container)


def seen_of(listed: Items, sent: Page, number: int = 1, *, url: str = URL, container: str = "") -> Sight:
    return look(replace(sent, url=url), watch(listed), UNLIMITED, number=number, container=container)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<a class=next href='?page=2'>", "https://shop.example/deals/list?page=2"),
        ("<a class=next href=/p/2#top>", "https://shop.example/p/2#top"),
        ("<a class=next href=//other.example/>", "https://other.example/"),
        ("", None),
        ("<a class=next>", None),
        ("<a class=next href=''>", None),
        ("<a class=next href='#'>", None),
        ("<a class=next href=/deals/list#more>", None),
    ],
)
def test_the_next_page_is_where_the_link_points(link: str, url: str | None) -> None:
    assert seen_at(URL, f"<li><b>1</b></li>{link}", NEXT).next_url == url


def test_a_link_that_is_no_page_is_an_error() -> None:
    with pytest.raises(UnparsableError, match="next: 'javascript:go"):
        seen_at(URL, "<li><b>1</b></li><a class=next href='javascript:go(2)'>", NEXT)


@pytest.mark.parametrize(
    ("url", "number", "following"),
    [
        ("https://x.example/", 1, "https://x.example/?page=2"),
        ("https://x.example/?q=a%20b&page=1&z", 1, "https://x.example/?q=a%20b&page=2&z"),
        ("https://x.example/?page=3&x=1&page=9#f", 3, "https://x.example/?page=4&x=1#f"),
    ],
)
def test_a_numbered_page_is_followed_by_the_next_number(url: str, number: int, following: str) -> None:
    assert seen_at(url, "<li><b>1</b></li>", NUMBERED, number).next_url == following


def test_numbers_may_count_from_anything() -> None:
    zero = NumberedPages(param="p", first=0, max_pages=3)
    assert seen_at("https://x.example/?p=0", "<li><b>1</b></li>", zero).next_url == "https://x.example/?p=1"


ROW = "<li><b>{}</b></li>"
ROWS = ROW.format(1) + ROW.format(2)
LAYOUT = "<header><nav><a href=/deals/list>Deals</a><ul class=menu><a href=/>Home</a></ul></nav></header>"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(f"<ul>{ROWS}</ul>", "<ul></ul>", id="a bare list"),
        pytest.param(f"<ul class='deals p1'>{ROWS}</ul>", "<ul class='empty deals p2'><p>None</ul>", id="a class"),
        pytest.param(
            f"<div id=deals><i>{ROW.format(1)}</i><i>{ROW.format(2)}</i></div>", "<div id=deals>", id="wrapped"
        ),
        pytest.param(f"<div id=x><div><ul>{ROWS}", "<div id=x><div><ul>", id="within what has a name"),
        pytest.param("<table><tr><td><b>1</b><tr><td><b>2</b>", "<table><thead><tr><th>Deal</table>", id="a table"),
        pytest.param(ROWS, "<p>None <a href='?page=1'>1</a>", id="a pager"),
        pytest.param(
            ROWS, "<p>None <a href='http://['>?</a> <a href='/deals/list?page=1#top'>1</a>", id="a long pager"
        ),
        pytest.param(f"<div class=deals-1>{ROWS}</div>", "<div class=deals-2>", id="a numbered class"),
        pytest.param(f"<deal-s>{ROWS}</deal-s>", "<deal-s>", id="an element of its own"),
    ],
)
def test_a_later_page_without_rows_ends_the_list_that_it_is_of(first: str, last: str) -> None:
    listed = replace(paged(NUMBERED), query=Query.css("li, tbody tr"))
    container = seen_of(listed, page(LAYOUT + first)).container
    url = f"{URL}?page=2"
    sight = seen_of(listed, page(LAYOUT + last), 2, url=url, container=container)
    assert (sight.rows, sight.row_count, sight.next_url) == ({}, 0, None)
    with pytest.raises(MissingError, match="the list 'li, tbody tr' is empty"):
        seen_of(listed, page(LAYOUT + last), url=url)


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(f"<ul>{ROWS}</ul>", id="a bare list"),
        pytest.param(f"<main class=page>{ROWS}</main>", id="the main part"),
        pytest.param(f"<div class=page><h1>Deals</h1>{ROWS}</div>", id="what holds the heading"),
        pytest.param(f"<div class=page><div>{ROWS}</div></div>", id="what has no name"),
        pytest.param(ROWS, id="the page"),
    ],
)
@pytest.mark.parametrize(
    "last",
    [
        "<main class=page><h1>We will be back at noon</h1></main>",
        "<div class=page><h1>We will be back at noon</h1><div><a href='?page=2'>Try again</a></div></div>",
        "<div class=page><div><a href='/deals/'>Back</a> <a href='/news/7?page=1'>News</a></div>",
        "<div class=page><div><a href='http://['>Status</a><a>Top</a></div></div>",
        "",
    ],
)
def test_a_later_page_without_rows_that_is_not_of_the_list_is_an_error(first: str, last: str) -> None:
    container = seen_at(URL, LAYOUT + first, NUMBERED).container
    with pytest.raises(MissingError, match="the list 'li' is empty"):
        seen_at(f"{URL}?page=2", LAYOUT + last, NUMBERED, 2, container)


@pytest.mark.parametrize(
    ("rows", "last", "is_end"),
    [
        ("$.rooms[*]", '{"rooms": []}', True),
        ("$['rooms'][*]", '{"rooms": []}', True),
        ("[*]", "[]", True),
        ("$.rooms[*].room", '{"rooms": []}', True),
        ("$.rooms[?@.tags[*]]", '{"rooms": []}', True),
        ("$.rooms[0:9]", '{"rooms": []}', True),
        ("$..rooms[*]", '{"rooms": []}', True),
        ("$.rooms[*]", '{"rooms": null}', False),
        ("$.rooms[*]", '{"error": "busy"}', False),
        ("$.rooms[?@.tags[*]]", '{"error": "busy"}', False),
        ("$['a[*]']", '{"error": "busy"}', False),
        ("$[*]", "{}", False),
    ],
)
def test_of_json_the_end_has_the_array_of_the_rows(rows: str, last: str, *, is_end: bool) -> None:
    listed = Items(query=Query(Language.JSONPATH, rows), key=jsonpath("id"), fields={}, pages=NUMBERED)
    sent = page(last, media_type="application/json")
    if is_end:
        assert seen_of(listed, sent, 2).row_count == 0
        return
    with pytest.raises(MissingError, match="is empty"):
        seen_of(listed, sent, 2)


def test_the_end_is_what_empty_when_says_it_is_and_a_feed_without_entries() -> None:
    said = replace(paged(NUMBERED), empty_when=Query.css("p.none"))
    assert seen_of(said, page("<p class=none>None"), 2).row_count == 0
    feed = replace(feed_list(), pages=NUMBERED)
    assert seen_of(feed, page("<rss><channel></channel></rss>", media_type="text/xml"), 2).row_count == 0


@pytest.mark.parametrize(
    ("url", "first"),
    [
        ("https://x.example/a", "https://x.example/a?page=1"),
        ("https://x.example/a?q=1", "https://x.example/a?q=1&page=1"),
        ("https://x.example/a?page=7", "https://x.example/a?page=7"),
        ("https://x.example/a?mypage=7", "https://x.example/a?mypage=7&page=1"),
    ],
)
def test_the_first_page_has_its_number_unless_the_url_names_one(url: str, first: str) -> None:
    assert first_url(url, NUMBERED) == first


def test_a_parameter_is_written_as_urls_need_it() -> None:
    assert numbered_url("https://x.example/?a%5Bp%5D=1", "a[p]", 2) == "https://x.example/?a%5Bp%5D=2"


def test_all_pages_make_one_list_whose_rows_are_where_they_were_first() -> None:
    first = look(
        page("<li><b>1</b><i>x</i></li><li><b>2</b><i>x</i></li>"), watch(paged(NUMBERED, i=css("i"))), UNLIMITED
    )
    second = look(
        page("<li><b>2</b><i>y</i></li><li><b>3</b><i>y</i></li>"),
        watch(paged(NUMBERED, i=css("i"))),
        UNLIMITED,
        number=2,
    )
    whole = merge([first, second])
    assert list(whole.rows.items()) == [("1", {"i": "x"}), ("2", {"i": "x"}), ("3", {"i": "y"})]
    assert whole.row_count == 4


def test_rows_are_counted_before_where() -> None:
    nothing = items("li", "b", where=[Condition(operator=Operator.IS, subject="key", operand=("X",))])
    sight = look(page("<li><b>1</b></li><li><b>2</b></li>"), watch(nothing), UNLIMITED)
    assert (sight.rows, sight.row_count) == ({}, 2)
    assert merge([look(page("<p>x"), watch(Values(selectors={"x": css("p")})), UNLIMITED)]).row_count is None
