from msgspec.structs import replace

from tests.extract.builders import asked, css, feed_list, items, jsonpath, page, watch, xpath
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page import Page
from watcher.core.values import SINGLE, ValueType
from watcher.core.watch import Items, Language, NextPages, Query, Selector, Values, Watch
from watcher.extract.explain import Explanation, SelectorFinding, explain


def explained(page: Page, watch: Watch) -> Explanation:
    return explain(page, watch, UNLIMITED)


def test_each_value_tells_its_engine_its_matches_and_its_raw_text() -> None:
    told = explained(
        page("<meta charset=utf-8><p>12</p><p>13"),
        watch(Values(selectors={"n": css("p", ValueType.INTEGER), "s": css("p:-soup-contains('13')")})),
    )
    assert (told.encoding, told.why, told.row_count, told.error) == ("UTF-8", "its <meta>", None, None)
    assert told.findings == (
        SelectorFinding(
            name="n",
            query=Query.css("p"),
            engine="turbohtml",
            matched=2,
            raw="12",
            value=12,
            error=None,
            matches=(12, 13),
            note="n: 'p' matches 2 elements, the first is read; say `pick: first` if that is meant",
        ),
        SelectorFinding(
            name="s",
            query=Query.css("p:-soup-contains('13')"),
            engine="Beautiful Soup",
            matched=1,
            raw="13",
            value="13",
            error=None,
            matches=("13",),
        ),
    )
    assert told.rows == {SINGLE: {"n": 12, "s": "13"}}


def test_every_error_is_told_and_the_first_fails_the_check() -> None:
    told = explained(
        page("<p>x"), watch(Values(selectors={"n": css("p", ValueType.INTEGER), "m": css("b"), "all": css(None)}))
    )
    assert [finding.error for finding in told.findings] == [
        "n: 'x' holds no integer",
        "m: 'b' is not on the page",
        None,
    ]
    assert told.findings[0].raw == "x"
    assert told.error == "n: 'x' holds no integer"
    assert told.rows == {}


def test_a_list_tells_its_rows_and_what_the_first_holds() -> None:
    markup = "".join(f"<li><b>k{number}</b><i>{number}</i>" for number in range(7))
    told = explained(page(markup), watch(items("li", "b", fields={"n": css("i", ValueType.INTEGER), "gone": css("u")})))
    assert told.row_count == 7
    assert [(finding.name, finding.matched, finding.value) for finding in told.findings] == [
        ("items", 7, None),
        ("key", 1, "k0"),
        ("n", 1, 0),
        ("gone", 0, None),
    ]
    assert told.error == "gone: 'u' is not on row 1 (k0)"


def test_the_first_rows_are_shown() -> None:
    told = explained(page("".join(f"<li><b>{number}</b>" for number in range(12))), watch(items("li", "b")))
    assert list(told.rows) == [str(number) for number in range(10)]
    assert told.error is None


def test_the_first_ten_matches_are_shown_as_values_or_else_as_they_stand() -> None:
    markup = "<p>none" + "".join(f"<p>{number}" for number in range(11))
    told = explained(page(markup), watch(Values(selectors={"n": css("p", ValueType.INTEGER)})))
    assert (told.findings[0].matched, told.findings[0].matches) == (12, ("none", *range(9)))


def test_an_empty_list_tells_why_it_fails() -> None:
    told = explained(page("<p>"), watch(items("li", "b")))
    assert told.row_count == 0
    assert told.error == "the list 'li' is empty; if it may be empty, set `empty_when:` to what the page shows then"


def test_every_language_tells_its_engine_and_what_it_matched() -> None:
    several = {
        "x": xpath("//p/text()"),
        "r": Selector(regex=r"\d+", type=ValueType.INTEGER),
        "p": asked(Language.PRODUCT, "price", optional=True),
        "j": jsonpath("$.a"),
    }
    told = explained(page("<p>12<p>13"), watch(Values(selectors=several)))
    assert [(each.name, each.language, each.engine, each.matched, each.raw) for each in told.findings] == [
        ("x", Language.XPATH, "turbohtml", 2, "12"),
        ("r", None, None, 1, "12"),
        ("p", Language.PRODUCT, "turbohtml", 0, None),
        ("j", Language.JSONPATH, "python-jsonpath", 0, None),
    ]
    assert [bool(each.note) for each in told.findings] == [True, False, False, False]
    assert told.findings[1].value == 12
    assert told.error == told.findings[3].error


def test_a_feed_is_explained() -> None:
    told = explained(
        page("<rss><channel><item><title>a</title></item></channel></rss>"), watch(feed_list("title", "link"))
    )
    assert [(each.name, str(each.query), each.matched, each.value) for each in told.findings] == [
        ("items", "feed", 1, None),
        ("key", "id", 1, "a"),
        ("title", "title", 1, "a"),
        ("link", "link", 0, None),
    ]
    assert told.row_count == 1


def test_a_list_with_pages_tells_where_it_goes_on() -> None:
    paged = replace(items("li", "b"), pages=NextPages(link=css("a"), max_pages=2))
    told = explained(page("<li><b>x</b></li><a href=/2>more</a>"), watch(paged))
    assert told.next_url == "https://shop.example/2"


def test_a_list_that_is_one_array_is_explained() -> None:
    array = Items(query=Query(Language.JSONPATH, "$.a"), key=jsonpath("k"), fields={})
    told = explained(page('{"a": [{"k": 1}]}', media_type="application/json"), watch(array))
    assert told.row_count == 1
    assert told.error == "the list '$.a' is one array and not its rows; write '$.a[*]'"


def test_what_the_page_must_contain_is_part_of_it() -> None:
    told = explained(page("<p>x"), watch(Values(selectors={"x": css("p")}), must_contain=["y"]))
    assert told.error == "the page does not contain 'y': a login wall or an error page?"
    assert told.findings[0].value == "x"


def test_a_body_without_elements_is_explained_too() -> None:
    told = explained(page("{}", media_type="application/json"), watch(items("li", "b")))
    assert told.error is not None
    assert told.error.startswith("the page is application/json, not HTML")
