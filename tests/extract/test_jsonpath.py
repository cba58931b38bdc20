from decimal import Decimal

import pytest

from tests.extract.builders import asked, css, jsonpath, page, seen, single
from watcher.core.page import Page
from watcher.core.values import Money, Rows, Value, ValueType
from watcher.core.watch import Condition, Items, Language, Operator, Query, Selector
from watcher.errors import MissingError, PageError
from watcher.extract.jsonpath import normalized_jsonpath

ANSWER = """{"data": {"price": 1299.50, "big": 12345678901234567890, "tiny": 1.0e-3, "name": " RTX  5090\\u200b",
  "ok": true, "gone": null, "specs": {"a": [1, "中"]}, "price now": 9, "余票": 3,
  "courses": [{"code": "CS101", "seats": 3, "t": {"room": "A"}}, {"code": "MA201", "seats": 0, "t": {"room": "B"}}]}}"""


def json(body: str | bytes, kind: str = "application/json") -> Page:
    return page(body, media_type=kind)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$.data.price", "1299.50"),
        ("$.data.big", "12345678901234567890"),
        ("$.data.tiny", "0.0010"),
        ("$.data.name", "RTX 5090"),
        ("$.data.ok", "true"),
        ("$.data.specs", '{"a":[1,"中"]}'),
        ("$.data['price now']", "9"),
        ("$.data.余票", "3"),
        ("data.余票", "3"),
        ("$..room", "A"),
        ("$.data.courses[-1].code", "MA201"),
        ("$.data.courses[?@.seats == 0].code", "MA201"),
        ("$.data.courses[?search(@.code, '^MA')].code", "MA201"),
        ("$.data[?@ == 1299.5]", "1299.50"),
    ],
)
def test_a_path_finds_a_value_as_text(path: str, text: str) -> None:
    assert single(json(ANSWER), value=jsonpath(path)) == {"value": text}


@pytest.mark.parametrize(
    ("number", "type", "value"),
    [
        ("1.234", ValueType.MONEY, Money(amount=Decimal("1.234"))),
        ("1299.0", ValueType.MONEY, Money(amount=Decimal(1299))),
        ("12.500", ValueType.MONEY, Money(amount=Decimal("12.5"))),
        ("1.5e3", ValueType.NUMBER, Decimal(1500)),
        ("3.000", ValueType.INTEGER, 3),
        ('"1,299.00"', ValueType.MONEY, Money(amount=Decimal(1299))),
    ],
)
def test_the_point_of_a_number_is_decimal(number: str, type: ValueType, value: Value) -> None:  # noqa: A002
    assert single(json(f'{{"n": {number}}}'), n=jsonpath("$.n", type)) == {"n": value}


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("1.1300000000000001", "1.13"),
        ("0.30000000000000004", "0.3"),
        ("1.1299999999999999", "1.13"),
        ("-12.500000000000002", "-12.5"),
        ("100000.00000000001", "100000"),
        ("1.1300000000000", "1.1300000000000"),
        ("0.123456789012345678", "0.123456789012345678"),
        ("12345678901234567890", "12345678901234567890"),
        ("0.00000000000000001", "0.00000000000000001"),
    ],
)
def test_a_number_is_told_without_what_binary_arithmetic_leaves(sent: str, text: str) -> None:
    assert single(json(f'{{"n": {sent}}}'), n=jsonpath("$.n")) == {"n": text}


def test_null_is_absent() -> None:
    with pytest.raises(MissingError, match=r"x: '\$\.data\.gone' is not on the page"):
        single(json(ANSWER), x=jsonpath("$.data.gone"))
    optional = asked(Language.JSONPATH, "$.data.gone", optional=True)
    assert single(json(ANSWER), x=optional) == {"x": None}


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/vnd.api+json", "application/octet-stream"])
def test_json_under_another_name_is_json(kind: str) -> None:
    assert single(json(ANSWER, kind), x=jsonpath("data.price")) == {"x": "1299.50"}
    assert single(json(")]}',\n[7]", "application/json"), x=jsonpath("$[0]")) == {"x": "7"}


@pytest.mark.parametrize("kind", ["application/json", "text/javascript"])
@pytest.mark.parametrize("call", ['jQuery12_3({"a": [1]});', ' /**/ cb.x( {"a": [1]} ) \n'])
def test_json_in_a_call_of_a_function_is_json(kind: str, call: str) -> None:
    assert single(json(call, kind), x=jsonpath("a[0]")) == {"x": "1"}


def test_a_page_that_begins_like_json_may_be_html() -> None:
    assert single("[Ad] <b>x</b>", x="b") == {"x": "x"}


def test_json_in_gbk_is_read() -> None:
    sent = page('{"状态": "有票"}'.encode("gbk"), media_type="application/json", charset="gbk")
    assert single(sent, status=jsonpath("$.状态")) == {"status": "有票"}


def rows(listed: str, key: str, **fields: str) -> Rows:
    extraction = Items(
        query=Query(Language.JSONPATH, listed),
        key=jsonpath(key),
        fields={name: jsonpath(path) for name, path in fields.items()},
        where=(Condition(operator=Operator.CONTAINS, subject="key", operand=("1",)),),
    )
    return seen(json(ANSWER), extraction).rows


@pytest.mark.parametrize(("key", "room"), [("code", "t.room"), ("$.code", "$.t.room"), ("@.code", "$['t']['room']")])
def test_within_a_row_paths_start_at_the_row(key: str, room: str) -> None:
    expected = {"CS101": {"room": "A"}, "MA201": {"room": "B"}}
    assert rows("$.data.courses[*]", key, room=room) == expected


def test_a_scalar_can_be_a_row() -> None:
    tags = Items(query=Query(Language.JSONPATH, "$[*]"), key=Selector(), fields={"again": jsonpath("$")})
    assert seen(json('["a", "[1]", null, 2]'), tags).rows == {
        "a": {"again": "a"},
        "[1]": {"again": "[1]"},
        "2": {"again": "2"},
    }


def test_a_list_that_is_one_array_says_how_to_reach_its_rows() -> None:
    with pytest.raises(PageError, match=r"is one array and not its rows; write '\$\.data\.courses\[\*\]'"):
        rows("$.data.courses", "code")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("code", "$.code"),
        (" a.b ", "$.a.b"),
        ("a[0].b", "$.a[0].b"),
        ("[0]", "$[0]"),
        ("..price", "$..price"),
        ("@.code", "$.code"),
        ("$.x", "$.x"),
        ("price-now.v2", "$['price-now'].v2"),
        ("2024", "$['2024']"),
        ("价格", "$.价格"),
    ],
)
def test_a_bare_name_is_short_for_a_path(text: str, path: str) -> None:
    assert normalized_jsonpath(text) == path
    assert normalized_jsonpath(path) == path


@pytest.mark.faults
@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        ("[" * 100_000, "$..x", "nested too deeply"),
        ('{"a":' * 100_000, "$..x", "nested too deeply"),
        ('{"a":' * 300 + "1" + "}" * 300, "$..x", "cannot be answered on this page: recursion limit"),
        ('{"a": ' + "9" * 5_000 + "}", "$.a", "a number that is too long"),
        (
            "<html>",
            "$.a",
            "the page is no JSON: Expecting value: line 1 column 1 (char 0); it looks like HTML: an error page",
        ),
        ('{"a": 1,}', "$.a", "the page is no JSON"),
        ("", "$.a", "the page is no JSON"),
        ('["' + "a" * 60 + '"]', "$[?search(@, '^(a|aa)+b')]", "took over 0.2 s; make it simpler"),
        ('["' + "a" * 60 + '"]', "$[?match(@, '(a|aa)+b')]", "took over 0.2 s; make it simpler"),
        ("[" + "1," * 60_000 + "1]", "$[*]", "matches more than 50,000 values"),
        ("[" + "[1,1,1,1,1,1,1,1]," * 2_000 + "1]", "$..*..*..*", ""),
    ],
)
def test_hostile_json_ends_in_an_error(body: str, path: str, reason: str) -> None:
    with pytest.raises(PageError, match=r"^[^\n]*$") as refused:
        single(json(body), x=jsonpath(path))
    assert reason in str(refused.value)


def test_odd_numbers_and_halves_of_characters_are_text() -> None:
    body = '{"huge": 1e999999999, "half": "a\\ud800\\u0000b", "nan": NaN}'
    assert single(json(body), a=jsonpath("huge"), b=jsonpath("half")) == {"a": "1e999999999", "b": "a?b"}


def test_what_the_page_must_contain_may_be_escaped() -> None:
    escaped = json('{"s": "\\u552e\\u7f44 \\u0022"}')
    whole = Items(query=Query(Language.JSONPATH, "$"), key=jsonpath("s"), fields={})
    assert seen(escaped, whole, must_contain=["售罄"]).row_count == 1
    assert single(escaped, s=css(None)) == {"s": '{"s": "售罄 \\u0022"}'}


def test_the_order_of_members_is_no_change() -> None:
    one, other = ('{"a":{"x":1,"y":2}}', '{"a": {"y": 2, "x": 1}}')
    read = [single(page(body, media_type="application/json"), x=jsonpath("$.a"))["x"] for body in (one, other)]
    assert read == ['{"x":1,"y":2}'] * 2
