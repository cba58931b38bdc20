"""Money as CLDR has each locale write it, by Babel: what is formatted there is read back here."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import pytest
from babel import Locale, localedata
from babel.core import get_global
from babel.numbers import (
    UnsupportedNumberingSystemError,
    format_currency,
    get_currency_precision,
    get_territory_currencies,
)

from tests.sizes import FAULTS
from watcher.core.values import Money
from watcher.errors import UnparsableError
from watcher.extract.currencies import place_of
from watcher.extract.money import money
from watcher.extract.text import clean

_AMOUNTS = """
0.5 0.99 1 1.5 4.99 5 9.95 10 12.34 19.99 20 49.9 50 99 99.99 100 129 149.95 199 249.5 299.99 500 649 999 999.99 1000
1234 1299 1234.56 1999.99 2026 2499 3999.9 4999 9999.99 10000 12345.67 14990 19999 25000 49999.5 99999 100000 123456.78
129900 250000 999999 1000000 1234567.89 12345678.9
"""
AMOUNTS = [Decimal(text) for text in _AMOUNTS.split()]
NO_SIGN = "CVE"
"""Babel writes the escudo of Cape Verde with an invisible sign, and people `12$50`."""


def locales() -> Iterator[tuple[Locale, str]]:
    """Yield every locale that is at home somewhere, with the currency there."""
    likely = get_global("likely_subtags")
    for name in sorted(localedata.locale_identifiers()):
        locale = Locale.parse(name)
        territory = locale.territory or likely.get(name, "").rpartition("_")[2]
        currencies = get_territory_currencies(territory) if territory else []
        if currencies and currencies[0] != NO_SIGN:
            yield locale, currencies[0]


def written(amount: Decimal, currency: str, locale: Locale) -> set[str]:
    """Return how the locale writes an amount: with the digits of its script, and with Latin ones."""
    texts = {format_currency(amount, currency, locale=locale)}
    with suppress(UnsupportedNumberingSystemError):
        texts.add(format_currency(amount, currency, locale=locale, numbering_system="default"))
    return texts


def read(text: str, locale: Locale) -> Money | None:
    try:
        return money(clean(text), place=place_of(str(locale).replace("_", "-")))
    except UnparsableError:
        return None


@pytest.mark.sized
def test_what_a_locale_writes_of_its_currency_is_read_and_none_is_read_wrongly() -> None:
    every, amounts = FAULTS.sized((25, AMOUNTS[::5]), (1, AMOUNTS))
    count, refused, wrong = 0, 0, []
    for locale, currency in list(locales())[::every]:
        cent = Decimal(1).scaleb(-get_currency_precision(currency))
        for amount in amounts:
            for text in written(amount, currency, locale):
                price = read(text, locale)
                count += 1
                refused += price is None
                if price is not None and (price.amount, price.code) != (amount.quantize(cent), currency):
                    wrong.append((str(locale), text, price))
    assert count >= len(amounts) * 40
    assert not wrong
    assert refused <= count / 100
