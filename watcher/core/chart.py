"""
The last numbers of a page in one line, as a chart of characters that any channel can show.

`Last 8 values: ▇▆▆▂▃▂▂▁ from €120.00 to €85.00, the lowest since 7 Oct 2026.` The words say what the characters show,
for who hears them read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from watcher.core.check import Past
from watcher.core.phrases import Phrases, fill
from watcher.core.shown import shown, shown_day
from watcher.core.values import Money, Value, magnitude

_BARS: Final = "▁▂▃▅▆▇"
"""Without ▄ and █, which many fonts set higher or lower than the others."""
_FEWEST: Final = 4
"""Numbers that are worth a chart."""


def chart_line(name: str | None, pasts: Sequence[Past], value: Value, zone: tzinfo, phrases: Phrases) -> str:
    """
    Return the line; empty when there are too few numbers.

    Args:
        name: of the value, when it must be said.
        pasts: the numbers that stood before, oldest first.
        value: the one that stands now.
    """
    number = magnitude(value)
    if number is None or len(pasts) + 1 < _FEWEST:
        return ""
    numbers = [*(past.value for past in pasts), number]
    sentence = phrases.last_values if name is None else phrases.last_values_of
    return sentence(
        len(numbers),
        name=phrases.called(name or ""),
        chart=bars(numbers),
        first=shown(_like(value, numbers[0]), phrases),
        last=shown(value, phrases),
        extent=_extent(numbers, value, shown_day(pasts[0].until.astimezone(zone), phrases), phrases),
    )


def bars(numbers: Sequence[Decimal]) -> str:
    """Return a bar for each number, between the lowest and the highest of them."""
    low, span = min(numbers), max(numbers) - min(numbers)
    top = len(_BARS) - 1
    return "".join(_BARS[round((number - low) * top / span) if span else 0] for number in numbers)


def _extent(numbers: Sequence[Decimal], value: Value, since: str, phrases: Phrases) -> str:
    """Return what the number that stands now is among them."""
    *others, last = numbers
    if last < min(others):
        return fill(phrases.lowest_since, day=since)
    if last > max(others):
        return fill(phrases.highest_since, day=since)
    low, high = (shown(_like(value, end(numbers)), phrases) for end in (min, max))
    return fill(phrases.between, low=low, high=high)


def _like(value: Value, amount: Decimal) -> Value:
    """Return the amount as the value is written."""
    return replace(value, amount=amount) if isinstance(value, Money) else amount
