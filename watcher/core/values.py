"""
What a selector yields: typed values, and how they are compared, stored and shown.

A value is a text, a URL or a state of stock (all `str`), an integer, a decimal number, an amount of money, a date
(with or without a time), or `None` for an optional selector that found nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct


class ValueType(StrEnum):
    """The types that `type:` of a selector may name."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    STOCK = "stock"
    URL = "url"


class Stock(StrEnum):
    """Whether a thing can be had."""

    IN_STOCK = "in_stock"
    PREORDER = "preorder"
    """It can be ordered now, and comes later."""
    OUT_OF_STOCK = "out_of_stock"


STOCK: Final[Mapping[str, str]] = {"in_stock": "in stock", "preorder": "pre-order", "out_of_stock": "out of stock"}
"""How a state of stock is shown, in English."""


class Money(Struct, frozen=True, kw_only=True, gc=False):
    """
    An amount, and its currency as the page wrote it (`¥`, `USD`), if it did.

    Two are equal when their amounts and their currencies are: `€ 12` and `EUR 12.00`, but not `¥ 12` of two countries.

    Attributes:
        code: of ISO 4217, when it can be told.
    """

    amount: Decimal
    currency: str | None = None
    code: str | None = None

    @property
    def unit(self) -> str | None:
        """What tells one currency from another: the code, or the sign where that cannot be told."""
        return self.code or self.currency

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and self.amount == other.amount and self.unit == other.unit

    def __hash__(self) -> int:
        return hash((self.amount, self.unit))


Value: TypeAlias = str | int | Decimal | Money | date | None
Row: TypeAlias = Mapping[str, Value]
"""Value name → value. The values of a page without a list are one row."""
Rows: TypeAlias = Mapping[str, Row]
"""Row key → row, in the order of the page. A page without a list has the one key `SINGLE`."""

SINGLE = ""
"""The row key of a page without a list."""
SINGLE_VALUE = "value"
"""The name of a page's only value where watches.yaml gives it none (`extract: "#x"`)."""

# A JSON value as `json.loads` gives it; the border of the package to untyped text.
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def magnitude(value: Value) -> Decimal | None:
    """Return what `below` and `above` compare: the number or the amount; None for anything else."""
    match value:
        case Money():
            return value.amount
        case int() | Decimal():
            return Decimal(value)
        case _:
            return None


def currency(value: Value) -> str | None:
    """Return what tells the currency of an amount of money; None when the page wrote none, and of the rest."""
    return value.unit if isinstance(value, Money) else None


def are_comparable(one: str | None, other: str | None) -> bool:
    """Return whether amounts in these currencies can be compared; one that the page leaves out may be any."""
    return one is None or other is None or one == other


def other_than(known: Rows, rows: Rows) -> Rows:
    """Return the rows that are not as they are known."""
    return {key: row for key, row in rows.items() if known.get(key) != row}


def show(value: Value) -> str:
    """
    Return the value as rules, templates and row keys have it: `¥1299.00`, `3`, `in stock`; an absent one is `–`.

    What people are shown is for `core.shown`.
    """
    match value:
        case None:
            return "–"
        case Money(amount=amount, currency=currency):
            return f"{currency}{' ' if currency.isalnum() else ''}{amount:f}" if currency else f"{amount:f}"
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(" ", "minutes")
        case str():
            return STOCK.get(value, value)
        case _:
            return str(value)


def to_json(value: Value) -> Json:
    """
    Return the value for `--json` and for the store; `from_json` reads it back.

    Money is `{"amount": "12.00", "currency": "€", "code": "EUR"}`, without `code` where it cannot be told, a decimal
    number `{"number": "1.50"}` and a date `{"date": "2026-12-12"}`: amounts travel as text, for a JSON number would
    lose their digits.
    """
    match value:
        case Money(amount=amount, currency=currency, code=code):
            stored: dict[str, Json] = {"amount": f"{amount:f}", "currency": currency}
            return stored | {"code": code} if code else stored
        case Decimal():
            return {"number": f"{value:f}"}
        case date():
            return {"date": value.isoformat()}
        case str():
            return str(value)
        case _:
            return value


def from_json(stored: Json) -> Value:
    """Read back what `to_json` wrote. Raises ValueError when it did not write this."""
    match stored:
        case {"amount": str(amount), "currency": str() | None as currency, "code": str(code)}:
            return Money(amount=_decimal(amount), currency=currency and sys.intern(currency), code=sys.intern(code))
        case {"amount": str(amount), "currency": str() | None as currency}:
            return Money(amount=_decimal(amount), currency=currency and sys.intern(currency))
        case {"number": str(number)}:
            return _decimal(number)
        case {"date": str(day)}:
            return datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
        case str() | int() | None:
            return stored
        case _:
            raise ValueError(f"not a stored value: {stored!r}")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a stored number: {text!r}") from error
