from tests.extract.builders import css, items, page, watch
from watcher.core.values import SINGLE, ValueType
from watcher.core.watch import Query, Values
from watcher.extract.explain import Finding, explain


def test_each_value_tells_its_engine_its_matches_and_its_raw_text() -> None:
    told = explain(
        page("<meta charset=utf-8><p>12</p><p>13"),
        watch(Values(selectors={"n": css("p", ValueType.INTEGER), "s": css("p:-soup-contains('13')")})),
    )
    assert (told.encoding, told.why, told.row_count, told.error) == ("UTF-8", "its <meta>", None, None)
    assert told.findings == (
        Finding(name="n", query=Query.css("p"), engine="turbohtml", matched=2, raw="12", value=12, error=None),
        Finding(
            name="s",
            query=Query.css("p:-soup-contains('13')"),
            engine="Beautiful Soup",
            matched=1,
            raw="13",
            value="13",
            error=None,
        ),
    )
    assert told.rows == {SINGLE: {"n": 12, "s": "13"}}


def test_every_error_is_told_and_the_first_fails_the_check() -> None:
    told = explain(
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
    told = explain(page(markup), watch(items("li", "b", fields={"n": css("i", ValueType.INTEGER), "gone": css("u")})))
    assert told.row_count == 7
    assert [(finding.name, finding.matched, finding.value) for finding in told.findings] == [
        ("items", 7, "k00"),
        ("key", 1, "k0"),
        ("n", 1, 0),
        ("gone", 0, None),
    ]
    assert told.error == "gone: 'u' is not on row 1 (k0)"


def test_the_first_rows_are_shown() -> None:
    told = explain(page("".join(f"<li><b>{number}</b>" for number in range(7))), watch(items("li", "b")))
    assert list(told.rows) == ["0", "1", "2", "3", "4"]
    assert told.error is None


def test_an_empty_list_tells_why_it_fails() -> None:
    told = explain(page("<p>"), watch(items("li", "b")))
    assert told.row_count == 0
    assert told.error == "the list 'li' is empty; if it may be empty, set `empty_when:` to what the page shows then"


def test_what_the_page_must_contain_is_part_of_it() -> None:
    told = explain(page("<p>x"), watch(Values(selectors={"x": css("p")}), must_contain=["y"]))
    assert told.error == "the page does not contain 'y': a login wall or an error page?"
    assert told.findings[0].value == "x"


def test_a_body_without_elements_is_explained_too() -> None:
    told = explain(page("{}", media_type="application/json"), watch(items("li", "b")))
    assert told.error is not None
    assert told.error.startswith("the page is application/json, not HTML")
