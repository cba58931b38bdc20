from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.extract.builders import css, single
from tests.extract.price_snippets import SNIPPETS
from tests.extract.prices import REFUSED
from watcher.core.values import Money, ValueType
from watcher.errors import UnparsableError


def read(language: str, html: str) -> Money | None:
    """Return the price that a watch reads of an element on a page in this language; None when it is refused."""
    try:
        price = single(
            f'<!doctype html><html lang="{language}"><div id=x>{html}</div>', price=css("#x", ValueType.MONEY)
        )["price"]
    except UnparsableError:
        return None
    assert isinstance(price, Money)
    return price


def is_right(language: str, html: str, expected: str) -> bool:
    """Return whether a price is read, or refused, as expected; of a currency its code counts, not its notation."""
    price = read(language, html)
    if expected == REFUSED or price is None:
        return expected == REFUSED and price is None
    amount, _, currency = expected.partition(" ")
    return price.amount == Decimal(amount) and price.unit == (currency or None)


def false_ones(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return the elements of which another price is read than a buyer pays."""
    return [
        html for language, html, expected in rows if read(language, html) and not is_right(language, html, expected)
    ]


def test_prices_in_the_markup_of_shops_are_what_a_buyer_pays_now() -> None:
    assert len(SNIPPETS) >= 200
    assert len({language.partition("-")[0] for language, *_ in SNIPPETS}) >= 20
    assert [html for row in SNIPPETS if not is_right(*row) for html in [row[1]]] == []


@pytest.mark.parametrize(
    ("notations", "language"),
    [
        (("€ 12,00", "12 EUR", "12,00 Euro"), "de"),
        (("$12.00", "USD 12", "US$12"), "en-US"),
        (("¥12", "12元", "RMB 12", "CNY 12.00", "12块"), "zh-CN"),
        (("¥12", "12円", "JPY 12"), "ja"),
        (("₩12,000", "12,000원", "KRW 12,000"), "ko"),
        (("12,00 zł", "12 PLN"), "pl"),
        (("Rs. 12", "₹12", "INR 12.00"), "en-IN"),
        (("12 kr", "SEK 12"), "sv"),
        (("12 руб.", "12 ₽", "12 RUB"), "ru"),
    ],
)
def test_another_notation_of_a_currency_is_no_change(notations: Sequence[str], language: str) -> None:
    assert len({read(language, notation) for notation in notations}) == 1


@pytest.mark.parametrize(
    ("sign", "one", "other"), [("$", "en-US", "en-AU"), ("¥", "ja", "zh"), ("kr", "sv", "da"), ("Rs", "en-IN", "en-PK")]
)
def test_a_sign_is_told_by_the_language_of_the_page(sign: str, one: str, other: str) -> None:
    assert read(one, f"{sign} 12") != read(other, f"{sign} 12")
