import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.values import Money, Value, ValueType
from watcher.errors import UnparsableError
from watcher.extract.values import typed


def read(text: str, type: ValueType) -> Value:  # noqa: A002
    return typed(text, type, base_url="https://shop.example/a/b?x=1")


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12.00", "12.00", None),
        ("€ 1.299,00", "1299.00", "€"),
        ("8.50 €", "8.50", "€"),
        ("35€99", "35.99", "€"),
        ("1 299,00 kr", "1299.00", "kr"),
        ("12 zł", "12", "zł"),
        ("$1,234.56", "1234.56", "$"),
        ("US $12.99", "12.99", "$"),
        ("$.75", "0.75", "$"),
        ("HK$88", "88", "HK$"),
        ("£1,299", "1299", "£"),
        ("₹12,34,567.50", "1234567.50", "₹"),
        ("CHF 1'299.00", "1299.00", "CHF"),
        ("12.99USD", "12.99", "USD"),
        ("R$ 1.299,90", "1299.90", "R$"),
        ("¥8,999", "8999", "¥"),
        ("￥1.2万", "12000", "¥"),
        ("1.5亿元", "150000000", "元"),
        ("现价：￥１，２９９．００", "1299.00", "¥"),
        ("3.50 元 起", "3.50", "元"),
        ("1200円（税込）", "1200", "円"),
        ("第3期 ¥99", "99", "¥"),
        ("2024-05-01 ¥99", "99", "¥"),
        ("1,23,456.00", "123456.00", None),
        ("12,-", "12", None),
    ],
)
def test_prices_as_shops_write_them(text: str, amount: str, currency: str | None) -> None:
    assert read(text, ValueType.MONEY) == Money(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Sold out", "'Sold out' holds no price"),
        ("", "'' holds no price"),
        ("¥1299 ¥999", "more than one price"),
        ("€5–€10", "more than one price"),
        ("5 € 10 €", "more than one price"),
        ("1.2.34", "no number that a watch reads"),
        ("¥ 11,100.50.00", "no number that a watch reads"),
        ("1,234.567,89.00", "no number that a watch reads"),
        ("9" * 40, "no number that a watch reads"),
        ("x" * 2_000, "2,000 characters are no number"),
    ],
)
def test_a_text_without_one_certain_price_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnparsableError, match=reason):
        read(text, ValueType.MONEY)


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
        ("-5", -5),
        ("−5", -5),
        ("99+", 99),
        ("3.0", 3),
        ("7 (7)", 7),
    ],
)
def test_integers(text: str, expected: int) -> None:
    value = read(text, ValueType.INTEGER)
    assert value == expected
    assert type(value) is int


@pytest.mark.parametrize("text", ["3 / 30", "3-5", "2.5", "none", "2024-05-01"])
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


@pytest.mark.parametrize(
    "text", ["javascript:void(0)", "mailto:a@b.example", "data:text/html,x", "http://[", "", "/" * 1_001]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(UnparsableError):
        read(text, ValueType.URL)


def test_text_is_taken_as_it_is() -> None:
    assert read("a\nb", ValueType.TEXT) == "a\nb"


@given(
    st.text(alphabet=st.sampled_from("0129.,'’ -−+¥￥€$元万亿kr%（）１٣²½abEUR\n\u3000"), max_size=40),
    st.sampled_from(ValueType),
)
def test_any_text_is_a_value_or_a_refusal(text: str, type: ValueType) -> None:  # noqa: A002
    with contextlib.suppress(UnparsableError):
        read(text, type)
