"""
Values as a language writes them in a message: `€1,299.00`, `1,299.00 元`, `12 Dec 2026`, `2026年12月12日`, `有货`.

Thousands are set apart in amounts of money, and in other numbers from 10,000 on: 2026 may be a year, and 1024 a room.
A sign or code of a currency stands before the amount as the page wrote it; a word (`元`, or the name that the language
has for a code) stands behind it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from watcher.core.phrases import ENGLISH, Phrases, fill
from watcher.core.values import Money, Value, show

_APART_FROM = 10_000
_MOST_DIGITS = 30
"""A number with more is shown without marks: it is none that anyone reads."""
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))
_NO_OFFSET = timedelta(0)


def shown(value: Value, phrases: Phrases) -> str:
    """Return the value as messages say it; an absent one is `–`."""
    match value:
        case None:
            return "–"
        case Money(amount=amount, currency=currency):
            return _money(amount, currency, phrases)
        case datetime():
            return shown_moment(value, phrases)
        case date():
            return shown_day(value, phrases)
        case str():
            return phrases.stock.get(value, value)
        case _:
            return shown_number(value)


def shown_briefly(value: Value) -> str:
    """Return the value as commands and suggestions list it: amounts as in messages (`¥1,299.00`), others by `show`."""
    return _money(value.amount, value.currency, ENGLISH) if isinstance(value, Money) else show(value)


def shown_number(number: int | Decimal) -> str:
    """Return a number that is no amount of money."""
    is_apart = abs(Decimal(number)) >= _APART_FROM and Decimal(number).adjusted() < _MOST_DIGITS
    return f"{number:,f}" if is_apart and isinstance(number, Decimal) else f"{number:,}" if is_apart else _plain(number)


def shown_day(day: date, phrases: Phrases) -> str:
    """Return a day: `12 Dec 2026`, `2026年12月12日`."""
    month_name = phrases.months[day.month - 1]
    return phrases.day.format(day=day.day, month=day.month, month_name=month_name, year=day.year)


def shown_moment(moment: datetime, phrases: Phrases) -> str:
    """Return a moment, with its distance from UTC when it knows one: `12 Dec 2026, 20:10 (UTC+8)`."""
    day, time = shown_day(moment.date(), phrases), f"{moment:%H:%M}"
    offset = moment.utcoffset()
    if offset is None:
        return fill(phrases.moment_here, day=day, time=time)
    return fill(phrases.moment, day=day, time=time, zone=_zone(offset))


def shown_span(length: timedelta, phrases: Phrases) -> str:
    """Return a length of time: `30 days`, `1 day 12 hours`."""
    milliseconds = round(length / timedelta(milliseconds=1))
    parts = []
    for unit, size in _UNITS:
        count, milliseconds = divmod(milliseconds, size)
        parts += [phrases.span[unit](count)] if count else []
    return " ".join(parts)


def _money(amount: Decimal, currency: str | None, phrases: Phrases) -> str:
    number = f"{amount:,f}" if amount.adjusted() < _MOST_DIGITS else f"{amount:f}"
    if not currency:
        return number
    name = phrases.currencies.get(currency.upper())
    if name is not None or (currency.isalpha() and not currency.isascii()):
        return f"{number} {name or currency}"
    return f"{currency} {number}" if currency.isalnum() else f"{currency}{number}"


def _plain(number: int | Decimal) -> str:
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def _zone(offset: timedelta) -> str:
    if offset == _NO_OFFSET:
        return "UTC"
    minutes = round(abs(offset) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"UTC{'+' if offset > _NO_OFFSET else '−'}{hours}" + (f":{rest:02}" if rest else "")
