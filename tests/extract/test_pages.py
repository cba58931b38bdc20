import pytest

from tests.extract.builders import URL, css, items, page, watch
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.watch import Condition, Items, NextPages, NumberedPages, Operator, Pages, Query, Selector, Values
from watcher.errors import MissingError, UnparsableError
from watcher.extract.observe import Sight, look, merge
from watcher.extract.pages import first_url, numbered_url

NEXT = NextPages(link=css("a.next"), max_pages=5)
NUMBERED = NumberedPages(param="page", first=1, max_pages=5)


def paged(pages: Pages, **more: Selector) -> Items:
    return Items(query=Query.css("li"), key=css("b"), fields=more, pages=pages)


def seen_at(url: str, body: str, pages: Pages, number: int = 1) -> Sight:
    sent = page(body)
    return look(
        Page(url=url, body=sent.body, media_type=sent.media_type), watch(paged(pages)), UNLIMITED, number=number
    )


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


def test_a_later_page_may_be_empty_and_ends_the_list() -> None:
    last = seen_at(URL, "<p>nothing", NUMBERED, number=2)
    assert (last.rows, last.row_count, last.next_url) == ({}, 0, None)
    with pytest.raises(MissingError, match="the list 'li' is empty"):
        seen_at(URL, "<p>nothing", NUMBERED)


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
