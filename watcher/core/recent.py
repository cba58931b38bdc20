"""
The numbers that a page without a list showed last, for the small chart in its messages.

Kept is a text of a few hundred bytes, for 100,000 states stay in memory: `price=120.00@29412345,115.00@29416789`, each
number with the minute since 1970 until which it stood; the one that stands now is the page's own. A state that saw no
number change has none. An amount in another currency begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from watcher.core.check import Past, WatchState
from watcher.core.values import SINGLE, Row, Rows, Value, are_comparable, currency, magnitude

RECENT_NUMBERS: Final = 12
"""With the one that stands now."""
_MOST_VALUES: Final = 3
"""Of a page that has more numbers, those that changed last."""
_MOST_DIGITS: Final = 20
_MINUTE_SECONDS: Final = 60


def advance_recent(state: WatchState, old: Rows, new: Rows, *, now: datetime, is_baseline: bool) -> str:
    """Return the numbers that stood before, after a good check; none of a page that is read differently now."""
    if is_baseline:
        return state.recent if state.rows == new else ""
    before, after = old.get(SINGLE), new.get(SINGLE)
    if before is None or after is None or before == after:
        return state.recent
    return _advanced(state.recent, before, after, now)


def recent_numbers(recent: str) -> Mapping[str, Sequence[Past]]:
    """Return value name → the numbers that stood before, oldest first."""
    return {name: tuple(map(_past, pasts.split(","))) for name, pasts in _by_name(recent).items()}


def _advanced(recent: str, before: Row, after: Row, now: datetime) -> str:
    known = {name: pasts for name, pasts in _by_name(recent).items() if name in after}
    for name, value in after.items():
        then = before.get(name)
        number = magnitude(then)
        if number is not None and then != value:
            pasts = known.pop(name, "")
            text = f"{number:f}"
            if len(text) <= _MOST_DIGITS and _goes_on(then, value):  # behind those that changed before
                known[name] = _appended(pasts, f"{text}@{int(now.timestamp()) // _MINUTE_SECONDS}")
    return ";".join([f"{name}={pasts}" for name, pasts in known.items()][-_MOST_VALUES:])


def _appended(pasts: str, past: str) -> str:
    if not pasts:
        return past
    if pasts.count(",") == RECENT_NUMBERS - 2:
        pasts = pasts.partition(",")[2]
    return f"{pasts},{past}"


def _goes_on(then: Value, value: Value) -> bool:
    """Return whether both can stand in one chart; a value that is absent now may come back."""
    number = magnitude(value)
    if number is None:
        return True
    return len(f"{number:f}") <= _MOST_DIGITS and are_comparable(currency(then), currency(value))


def _by_name(recent: str) -> dict[str, str]:
    return dict([part.split("=") for part in recent.split(";")]) if recent else {}


def _past(text: str) -> Past:
    number, _, minute = text.partition("@")
    return Past(value=Decimal(number), until=datetime.fromtimestamp(int(minute) * _MINUTE_SECONDS, UTC))
