"""Values: shown to readers, written to the store and read back."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.values import Json, Money, Value, from_json, magnitude, show, to_json


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        ("In stock", "In stock"),
        (12, "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("8.50"), "8.50"),
        (Money(amount=Decimal("8.50")), "8.50"),
        (Money(amount=Decimal(1299), currency="¥"), "¥1299"),
        (Money(amount=Decimal("12.00"), currency="USD"), "USD 12.00"),
    ],
)
def test_a_value_is_shown_as_a_reader_expects_it(value: Value, shown: str) -> None:
    assert show(value) == shown


def test_only_numbers_and_money_have_a_magnitude() -> None:
    values: list[Value] = [7, Decimal(7), Money(amount=Decimal(7), currency="€"), "7", None]
    assert [magnitude(value) for value in values] == [7, 7, 7, None, None]


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    NUMBERS,
    st.builds(Money, amount=NUMBERS, currency=st.none() | st.sampled_from(["¥", "USD"])),
)


@given(VALUES)
def test_what_is_stored_is_read_back_as_it_was(value: Value) -> None:
    again = from_json(json.loads(json.dumps(to_json(value))))
    assert (again, type(again), show(again)) == (value, type(value), show(value))


@pytest.mark.parametrize(
    "stored", [[], {"number": 1}, {"number": "twelve"}, {"amount": "?", "currency": None}, {"amount": "1"}, 1.5]
)
def test_what_was_not_stored_by_us_is_refused(stored: Json) -> None:
    with pytest.raises(ValueError, match="not a stored"):
        from_json(stored)
