"""The steps of a selector: find, narrow, pick, map, read, scale."""

from decimal import Decimal

import pytest

from tests.bounded import bounded
from tests.extract.builders import css, items, page, seen, single, watch
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import Money, Value, ValueType
from watcher.core.watch import Items, Pick, Query, Selector, Values
from watcher.errors import MissingError, PageError, UnexpectedPageError
from watcher.extract.observe import look

LIST = "<h1>Seats</h1><ul><li>A: 3<li>B: none<li>C:<br>5<li></ul>"


@pytest.mark.parametrize(
    ("pick", "text"),
    [
        (None, "A: 3"),
        (Pick.FIRST, "A: 3"),
        (Pick.LAST, ""),
        (Pick.ALL, "A: 3\nB: none\nC:\n5"),
        (Pick.JOINED, "A: 3 B: none C: 5"),
    ],
)
def test_one_of_several_is_picked_or_all_are(pick: Pick | None, text: str) -> None:
    assert single(LIST, x=Selector(query=Query.css("li"), pick=pick)) == {"x": text}


@pytest.mark.parametrize("pick", Pick)
def test_nothing_to_pick_from_is_missing(pick: Pick) -> None:
    with pytest.raises(MissingError, match="x: 'b' is not on the page"):
        single(LIST, x=Selector(query=Query.css("b"), pick=pick))
    assert single(LIST, x=Selector(query=Query.css("b"), pick=pick, optional=True)) == {"x": None}


@pytest.mark.parametrize(
    ("query", "regex", "text"),
    [
        ("li", r"\d+", "3"),
        ("li", r"([A-Z]): (none)", "B"),
        ("li", r"(?:B|C)", "B"),
        (None, r"C:\s*(\d)", "5"),
        (None, r"(?m)^B: (.*)$", "none"),
        ("li", r"(\d)|(none)", "3"),
    ],
)
def test_a_regular_expression_narrows_each_text(query: str | None, regex: str, text: str) -> None:
    wanted = Selector(query=Query.css(query) if query else None, regex=regex)
    assert single(LIST, x=wanted) == {"x": text}


def test_a_node_without_a_match_is_none() -> None:
    digits = Selector(query=Query.css("li"), regex=r"\d", pick=Pick.JOINED)
    assert single(LIST, x=digits) == {"x": "3 5"}
    with pytest.raises(MissingError, match=r"x: `regex` 'Z' in 'li' is not on the page"):
        single(LIST, x=Selector(query=Query.css("li"), regex="Z"))
    assert single(LIST, x=Selector(regex="Z", optional=True)) == {"x": None}


def test_a_regular_expression_reads_a_row_on_one_line() -> None:
    rows = Items(
        query=Query.css("li:nth-child(-n+3)"), key=Selector(regex=r"^\w"), fields={"n": Selector(regex=": (.*)")}
    )
    assert seen(LIST, rows).rows == {"A": {"n": "3"}, "B": {"n": "none"}, "C": {"n": "5"}}


def test_a_regular_expression_reads_plain_text() -> None:
    sent = page("load: 3\nfree: 17 GB\n", media_type="text/plain")
    assert single(sent, free=Selector(regex=r"free: (\d+)", type=ValueType.INTEGER)) == {"free": 17}


@pytest.mark.parametrize("body", ["<p>" + "a" * 50 + "!", "<p>" + "a" * 500_000 + "!"])
@pytest.mark.parametrize("regex", ["^(a|aa)+$", "(a*)*b", "(.*a){20}b"])
def test_an_expression_that_takes_too_long_ends_as_an_error(body: str, regex: str) -> None:
    with (
        bounded(10),
        pytest.raises(PageError, match=r"the expression .* took over 0\.2 s; make it simpler|is not on the page"),
    ):
        single(body, x=Selector(query=Query.css("p"), regex=regex))


def test_a_whole_text_is_mapped_and_no_part_of_one() -> None:
    words = (("1", "in_stock"), ("有 货", "in_stock"), ("0", "out_of_stock"))

    def mapped(text: str, kind: ValueType = ValueType.TEXT) -> Value:
        return single(f"<p>{text}", x=Selector(query=Query.css("p"), mapping=words, type=kind))["x"]

    assert mapped("1") == "in_stock"
    assert mapped(" 有&nbsp;<b>货</b> ") == "in_stock"
    assert mapped("10") == "10"
    assert mapped("0", ValueType.STOCK) == "out_of_stock"


@pytest.mark.parametrize(
    ("text", "type", "scale", "value"),
    [
        ("129950", ValueType.INTEGER, "0.01", Decimal("1299.50")),
        ("3", ValueType.INTEGER, "100", 300),
        ("1.5", ValueType.NUMBER, "1000", Decimal("1500.0")),
        ("€129950", ValueType.MONEY, "0.01", Money(amount=Decimal("1299.50"), currency="€", code="EUR")),
        ("9" * 29, ValueType.NUMBER, "0.001", Decimal("9" * 26 + ".999")),
        ("12", ValueType.TEXT, "2", "12"),
    ],
)
def test_a_number_is_scaled_exactly(text: str, type: ValueType, scale: str, value: Value) -> None:  # noqa: A002
    assert single(f"<p>{text}", x=Selector(query=Query.css("p"), type=type, scale=Decimal(scale))) == {"x": value}


class TestNotes:
    def test_several_texts_without_a_pick_are_noted(self) -> None:
        told = seen("<b>1</b><b>2</b><i>3</i>", Values(selectors={"b": css("b"), "i": css("i")}))
        assert told.notes == ("b: 'b' matches 2 elements, the first is read; say `pick: first` if that is meant",)

    @pytest.mark.parametrize(
        ("body", "selector"),
        [
            ("<b>1</b><b>1</b>", css("b")),
            ("<b>1</b><b>2</b>", Selector(query=Query.css("b"), pick=Pick.FIRST)),
            ("<b>x1</b><b>y</b>", Selector(query=Query.css("b"), regex=r"\d")),
            ("<a href=/x>1</a><a href=/x>2</a>", css("a", ValueType.URL)),
        ],
        ids=["the same text", "a pick", "a narrower expression", "the same target"],
    )
    def test_where_there_is_one_text_or_a_choice_there_is_no_note(self, body: str, selector: Selector) -> None:
        assert seen(body, Values(selectors={"x": selector})).notes == ()

    def test_a_field_is_noted_once_for_all_rows(self) -> None:
        told = seen(
            "<li><b>a</b><i>1</i><i>2</i><li><b>b</b><i>1</i><i>2</i>", items("li", "b", fields={"n": css("i")})
        )
        assert told.notes == (
            "n: 'i' matches 2 elements in row 1 (a), the first is read; say `pick: first` if that is meant",
        )


def test_what_a_page_must_not_contain_is_an_error_before_all_else() -> None:
    wanted = watch(Values(selectors={"x": css("#nope")}), must_not_contain=["维护中", "Access denied"])
    with pytest.raises(UnexpectedPageError, match=r"the page contains 'Access denied', which `page_must_not_contain`"):
        look(page("<p>Access <b>denied</b>"), wanted, UNLIMITED)
    assert look(page("<p id=nope>fine"), wanted, UNLIMITED).rows
