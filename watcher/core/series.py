"""
The numbers that stood within a window of time, for `new_low` and `new_high`.

Kept is a monotonic queue: a number that a later one makes irrelevant goes, so the first is always the extreme one.
Ends of standing that lie within one 64th of the window count as one, so a queue holds 66 numbers at most, and an
extreme one is remembered for up to a 64th longer than the window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from watcher.core.check import Past, Progress
from watcher.core.values import Rows, Value, magnitude
from watcher.core.watch import Condition, Operator, Watch

BUCKETS = 64
_OPERATORS = (Operator.NEW_LOW, Operator.NEW_HIGH)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

PastsByCondition = Mapping[str, Mapping[str, tuple[Past, ...]]]


def is_extreme(condition: Condition, before: Value, after: Value, pasts: Sequence[Past], now: datetime) -> bool:
    """Return whether the value is beyond all that stood within the condition's window, the one before included."""
    number, then = magnitude(after), magnitude(before)
    since = now - _window(condition)
    stood = [past.value for past in pasts if past.until > since] + ([] if then is None else [then])
    if number is None or not stood:
        return False
    return number < min(stood) if condition.operator is Operator.NEW_LOW else number > max(stood)


def push(pasts: Sequence[Past], value: Decimal, condition: Condition, now: datetime) -> tuple[Past, ...]:
    """Return the queue after a value has stood until now."""
    window = _window(condition)
    is_low = condition.operator is Operator.NEW_LOW
    kept = [
        past for past in pasts if past.until > now - window and (past.value < value if is_low else past.value > value)
    ]
    if kept and _bucket(kept[-1].until, window) >= _bucket(now, window):
        return (*kept[:-1], Past(value=kept[-1].value, until=max(now, kept[-1].until)))
    return (*kept, Past(value=value, until=now))


def advance_pasts(
    watch: Watch,
    pasts: PastsByCondition,
    progress: Mapping[str, Mapping[str, Progress]],
    old: Rows,
    new: Rows,
    *,
    now: datetime,
    is_baseline: bool,
) -> PastsByCondition:
    """
    Return the pasts after a good check; rows that went have none.

    Args:
        progress: before this check. A value that still awaited its confirmation has never stood.
    """
    advanced: dict[str, dict[str, tuple[Past, ...]]] = {}
    for rule in watch.rules:
        for condition in (condition for condition in rule.conditions if condition.operator in _OPERATORS):
            known = {} if is_baseline else pasts.get(str(condition), {})
            ended = {} if is_baseline else _ended(condition, old, new, unless=progress.get(rule.id, {}))
            rows = {
                key: push(known.get(key, ()), ended[key], condition, now) if key in ended else known[key]
                for key in new
                if key in ended or key in known
            }
            if rows:
                advanced[str(condition)] = rows
    return advanced


def _ended(condition: Condition, old: Rows, new: Rows, *, unless: Mapping[str, Progress]) -> dict[str, Decimal]:
    """Return, by row, the numbers that stood until this check."""
    name = condition.subject or ""
    ended = {}
    for key, row in new.items():
        if key in unless or key not in old or old[key] == row:
            continue
        before = magnitude(old[key].get(name))
        if before is not None and before != magnitude(row.get(name)):
            ended[key] = before
    return ended


def _window(condition: Condition) -> timedelta:
    return condition.operand if isinstance(condition.operand, timedelta) else timedelta()


def _bucket(moment: datetime, window: timedelta) -> int:
    return (moment - _EPOCH) // max(window / BUCKETS, timedelta.resolution)
