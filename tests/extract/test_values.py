import contextlib
from datetime import date
from decimal import Decimal
from time import process_time
from urllib.parse import urljoin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from watcher.core.urls import escaped, is_web_url
from watcher.core.values import Money, Stock, Value, ValueType
from watcher.errors import UnparsableError
from watcher.extract.values import Origin, typed


def read(text: str, type: ValueType) -> Value:  # noqa: A002
    return typed(text, type, Origin(base_url="https://shop.example/a/b?x=1"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 seats", 12),
        ("余票12张", 12),
        ("１２", 12),
        ("1,234", 1234),
        ("1.234", 1234),
        ("1 234 567", 1234567),
        ("1.2万", 12000),
        ("3만", 30000),
        ("-5", -5),
        ("−5", -5),
        ("99+", 99),
        ("3.0", 3),
        ("1.299,00", 1299),
        ("1,299.00", 1299),
        ("7 (7)", 7),
    ],
)
def test_integers(text: str, expected: int) -> None:
    value = read(text, ValueType.INTEGER)
    assert value == expected
    assert type(value) is int


@pytest.mark.parametrize("text", ["3 / 30", "3-5", "2.5", "none", "2024-05-01", "x" * 2_000, "9" * 40])
def test_a_text_without_one_integer_is_refused(text: str) -> None:
    with pytest.raises(UnparsableError):
        read(text, ValueType.INTEGER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.299", "1.299"),
        ("1,299", "1299"),
        ("0,5", "0.5"),
        ("1.234.567,89", "1234567.89"),
        ("★ 4.7", "4.7"),
    ],
)
def test_numbers(text: str, expected: str) -> None:
    assert read(text, ValueType.NUMBER) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/c/1", "https://shop.example/c/1"),
        ("x?y=1", "https://shop.example/a/x?y=1"),
        ("//cdn.example/z", "https://cdn.example/z"),
        (" http://other.example/ ", "http://other.example/"),
    ],
)
def test_urls_become_absolute(text: str, expected: str) -> None:
    assert read(text, ValueType.URL) == expected


@given(
    path=st.text(alphabet="/abZ09%_~-?=&+.;#: é", max_size=12).map("/{}".format),
    base=st.sampled_from(["https://shop.example/a/b?x=1", "HTTP://Shop.example:80", "https://u:p@h.example/a/"]),
)
def test_an_absolute_path_is_joined_as_the_standard_library_does(path: str, base: str) -> None:
    url = urljoin(base, path.strip())
    assume(is_web_url(escaped(url)))
    assert typed(path, ValueType.URL, Origin(base_url=base)) == url


@pytest.mark.parametrize(
    "text", ["javascript:void(0)", "mailto:a@b.example", "data:text/html,x", "http://[", "", "/" * 1_001]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(UnparsableError):
        read(text, ValueType.URL)


def test_text_is_taken_as_it_is() -> None:
    assert read("a\nb", ValueType.TEXT) == "a\nb"


# Beside what pages write: signs of all kinds, digits of other scripts, and what is half a date, a price or a phrase.
SIGNS = st.sampled_from("01١²½１.,'’-–−+¥￥€$元万亿만천%(）a/x:年月日ZT\n\u3000")
WORDS = st.sampled_from(
    (
        "kr",
        "EUR",
        "原价",
        "券后",
        "was",
        "29",
        "2026",
        "-11-",
        "nov",
        "19:30",
        "pm",
        "下午",
        "+08:00",
        "in",
        "stock",
        "余票",
        "不",
    )
)
TEXTS = st.lists(SIGNS | WORDS, max_size=14).flatmap(lambda parts: st.sampled_from(["".join(parts), " ".join(parts)]))


@given(
    st.text(max_size=40) | TEXTS,
    st.sampled_from(ValueType),
)
def test_any_text_is_a_value_of_its_type_or_a_refusal(text: str, type: ValueType) -> None:  # noqa: A002
    expected = {
        ValueType.INTEGER: int,
        ValueType.NUMBER: Decimal,
        ValueType.MONEY: Money,
        ValueType.DATE: date,
        ValueType.STOCK: Stock,
    }
    try:
        value = read(text, type)
    except UnparsableError as error:
        assert "\n" not in str(error)  # noqa: PT017  one line, whatever the text
    else:
        assert isinstance(value, expected.get(type, str))


HOSTILE = [
    "1" * 1_000,
    "1 " * 500,
    "1 111" + " 111" * 248 + "1",
    "¥1 " * 333,
    "$1-" * 333,
    "1€" * 500,
    "1 € " * 250,
    "1.1," * 250,
    "原价" * 500,
    "now " * 250,
    "1%" * 500,
    "2026-" * 200,
    "24 nov " * 142,
    "12:30 " * 166,
    "not a " * 166,
    "in stock " * 111,
    "1 left " * 142,
    "库存" * 500,
    "¥" * 1_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:6])
@pytest.mark.parametrize(
    "type", [ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY, ValueType.DATE, ValueType.STOCK]
)
def test_a_hostile_text_of_1_000_characters_takes_little_time(text: str, type: ValueType) -> None:  # noqa: A002
    read_or_not(text, type)  # imports, and builds tables
    begin = process_time()
    read_or_not(text, type)
    assert process_time() - begin < 1  # measured: 6 ms


def read_or_not(text: str, type: ValueType) -> None:  # noqa: A002
    with contextlib.suppress(UnparsableError):
        read(text, type)


def test_a_price_that_was_read_is_read_otherwise_on_a_page_of_another_place() -> None:
    pages = [Origin(language=language) for language in ("sv", "da", "sv")]
    kronor = [typed("100 kr", ValueType.MONEY, each) for each in pages]
    dollars = [typed("$ 9", ValueType.MONEY, pages[0], currency=code) for code in (None, "CAD", None)]
    codes = [each.code for each in (*kronor, *dollars) if isinstance(each, Money)]
    assert codes == ["SEK", "DKK", "SEK", None, "CAD", None]
