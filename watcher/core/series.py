"""
The numbers that stood within a window of time, for `new_low` and `new_high`.

Kept is a monotonic queue: a number that a later one makes irrelevant goes, so the first is always the extreme one.
Ends of standing that lie within one 64th of the window count as one, so a queue holds 66 numbers at most, and an
extreme one is remembered for up to a 64th longer than the window. A number that did not stand for `confirm` checks
never stood, and amounts in another currency do not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from watcher.core.check import NOTHING, Past, WatchState
from watcher.core.values import Rows, Value, are_comparable, currency, magnitude
from watcher.core.watch import Condition, Operator, Watch

BUCKETS = 64
_OPERATORS = (Operator.NEW_LOW, Operator.NEW_HIGH)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PastsByCondition = Mapping[str, Mapping[str, tuple[Past, ...]]]


def is_extreme(condition: Condition, before: Value, after: Value, pasts: Sequence[Past], now: datetime) -> bool:
    """Return whether the value is beyond all that stood within the condition's window, and the one before."""
    number, then = magnitude(after), magnitude(before)
    since, unit = now - _window(condition), currency(after)
    stood = [past.value for past in pasts if past.until > since and are_comparable(past.currency, unit)]
    if then is not None and are_comparable(currency(before), unit):
        stood.append(then)
    if number is None or not stood:
        return False
    return number < min(stood) if condition.operator is Operator.NEW_LOW else number > max(stood)


def push(
    pasts: Sequence[Past], value: Decimal, condition: Condition, now: datetime, *, unit: str | None = None
) -> tuple[Past, ...]:
    """
    Return the queue after a value, in this currency, has stood until now.

    An end that is yet to come, as one is when the clock was set back, is now.
    """
    window = _window(condition)
    is_low = condition.operator is Operator.NEW_LOW
    kept = [
        past
        for past in pasts
        if past.until > now - window
        and (past.value < value if is_low else past.value > value)
        and are_comparable(past.currency, unit)
    ]
    bucket_at = _bucket_at(now, window)
    earlier = [past for past in kept if past.until < bucket_at]
    latest = next(iter(kept[len(earlier) :]), Past(value=value, until=now, currency=unit))
    return (*earlier, replace(latest, until=now))


def advance_pasts(
    watch: Watch, state: WatchState, old: Rows, new: Rows, *, now: datetime, is_baseline: bool
) -> PastsByCondition:
    """Return the pasts after a good check; rows that went have none."""
    advanced: dict[str, dict[str, tuple[Past, ...]]] = {}
    for rule in watch.rules:
        for condition in (condition for condition in rule.conditions if condition.operator in _OPERATORS):
            known = {} if is_baseline else state.pasts.get(str(condition), {})
            ended = {} if is_baseline else _ended(condition, state, old, new)
            rows = {
                key: _pushed(known.get(key, ()), ended[key], condition, now) if key in ended else known[key]
                for key in new
                if key in ended or key in known
            }
            if rows:
                advanced[str(condition)] = rows
    return advanced or NOTHING


def _ended(condition: Condition, state: WatchState, old: Rows, new: Rows) -> dict[str, Value]:
    """Return, by row, the numbers that stood until this check."""
    name = condition.subject or ""
    ended = {}
    for key, row in new.items():
        if key not in old or old[key] == row or name in state.fresh.get(key, ()):
            continue
        before, after = old[key].get(name), row.get(name)
        if before != after and magnitude(before) is not None:
            ended[key] = before
    return ended


def _pushed(pasts: Sequence[Past], value: Value, condition: Condition, now: datetime) -> tuple[Past, ...]:
    number = magnitude(value)
    return tuple(pasts) if number is None else push(pasts, number, condition, now, unit=currency(value))


def _window(condition: Condition) -> timedelta:
    return condition.operand if isinstance(condition.operand, timedelta) else timedelta()


def _bucket_at(moment: datetime, window: timedelta) -> datetime:
    """Return when the 64th of the window began that this moment is in."""
    return moment - (moment - _EPOCH) % max(window / BUCKETS, timedelta.resolution)
