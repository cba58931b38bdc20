"""Whether a text says a day is told in all languages that CLDR knows, and by the years of other calendars."""

from __future__ import annotations

import sys
from unicodedata import decimal

import pytest
from babel.dates import format_date

from tests.extract.calendar_names import MODULE, locales, module_text
from watcher.extract.dates import date_of
from watcher.extract.numbers import with_plain_digits
from watcher.extract.suggesting.days import are_days_to_come, says_day, years_of
from watcher.extract.text import clean

A_DAY = date_of("2027-03-15")
SCRIPTS_OF_FEW = frozenset({"Shaw", "Dsrt"})
NUMBERED = frozenset(
    {"ak", "az", "bo", "bua", "ckb", "dv", "dz", "gd", "gv", "ht", "iu", "ln", "mdf", "mn", "ny", "nso", "quc", "rw"}
    | {"sah", "sat", "sms", "sn", "ss", "st", "tn", "to", "tpi", "yo", "za", "zh"}
)
"""Languages in which CLDR numbers months, names them by several words, or in two letters."""


def test_every_decimal_digit_that_unicode_knows_is_a_digit() -> None:
    digits = [chr(code) for code in range(sys.maxunicode) if decimal(chr(code), None) is not None]
    assert len(digits) > 600
    assert [with_plain_digits(digit) for digit in digits] == [str(decimal(digit)) for digit in digits]


@pytest.mark.faults
def test_the_names_of_months_and_weekdays_are_those_of_cldr() -> None:
    assert MODULE.read_text(encoding="utf-8") == module_text(), "python -m tests.extract.calendar_names writes them"


@pytest.mark.parametrize("month", [3, 5, 11])
def test_a_day_as_each_language_writes_it_is_one(month: int) -> None:
    written = {
        str(locale): with_plain_digits(clean(format_date(A_DAY.replace(month=month), "long", locale)))
        for locale in locales()
        if locale.language not in NUMBERED and locale.script not in SCRIPTS_OF_FEW
    }
    assert {name: text for name, text in written.items() if not says_day(text)} == {}


@pytest.mark.parametrize(
    "text",
    [
        *("15 फरवरी", "गुरुवार, 18 फरवरी 2027", "2 மார்ச் 2027", "15 ธันวาคม 2569", "20 دی 1405", "1405/09/07"),
        *("15 בינואר 2027", "ጥር 5 2019", "марта 15", "15. březen", "Abenduak 4", "8 Rhagfyr", "28 tháng 11"),
        *("3 Jul", "Kasım 28", "2027年3月15日", "12/5/2027", "08NOV16", "So 29.11., 10 Uhr"),
    ],
)
def test_a_day_is_told_in_any_language(text: str) -> None:
    assert says_day(text)


@pytest.mark.parametrize(
    "text",
    ["6. Std.", "3 × 4", "Vol 12", "24 ± 2", "S7", "12 mm", "10 म", "R 114", "2026/27", "८ गुण", "3 of 2026", ""],
)
def test_what_says_no_day_is_none(text: str) -> None:
    assert not says_day(text)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Saison 2025/26", [2026]),
        ("2026-11-24", [2026]),
        ("พ.ศ. 2569", [2026]),
        ("۲۸ آبان ۱۴۰۵", [2026]),
        ("1448 هـ", [2027]),
        ("Founded in 1405", [1405]),
        ("1998–2004", [1998, 2004]),
        ("12 345", []),
    ],
)
def test_years_are_those_of_our_calendar(text: str, years: list[int]) -> None:
    assert years_of(with_plain_digits(text)) == years


@pytest.mark.parametrize(
    ("texts", "are_so"),
    [
        (["Sab", "Dom", "Lun"], True),
        (["Do 3.", "Fr", "Sa", "So", "Mo"], True),
        (["शुक्रवार", "शनिवार", "रविवार"], True),
        (["Mon", "Tue", "Wed"], False),
        (["Sunday", "Monday", "Tuesday"], False),
        (["Fri", "Sun", "Mon"], False),
    ],
)
def test_days_of_the_week_from_any_but_the_first_are_those_to_come(texts: list[str], are_so: bool) -> None:
    assert are_days_to_come(texts) is are_so
