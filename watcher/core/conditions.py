"""
Whether a condition holds (a state) or occurs (an event).

| operator | holds when the value … |                    | operator | occurs when the row … |
|---|---|---|---|---|
| is | is one of the texts or numbers | | changes | has another value than before |
| contains | contains one of the texts | | added | was not there before |
| not_contains | contains none of the texts | | removed | is not there any more |
| matches | matches one of the expressions | | changed | has another value in one of the fields |
| below, above | is less, more than the number; | | drops_by, rises_by | see `watcher.core.measures` |
|              | is before, after the date      | | new_low, new_high | see `watcher.core.series` |
| appears, disappears | is there, is absent | | | |

Texts are compared without regard to case, and to characters that show nothing (`likeness`); stock as watches.yaml
writes it (`in_stock`), for `is` as it is shown (`in stock`) as well. Of two moments of which one is a day only, the
days are compared. A value that is absent satisfies no state but `disappears`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from watcher.core.cpu_budget import CpuBudget
from watcher.core.likeness import seen_text
from watcher.core.values import Row, Value, magnitude, show
from watcher.core.watch import Condition, Operand, Operator


def holds(condition: Condition, row: Row, budget: CpuBudget) -> bool:
    """
    Return whether a state holds in this row.

    Raises:
        SlowExpressionError: an expression of `matches` took too long.
    """
    value = row.get(condition.subject or "")
    if condition.operator is Operator.DISAPPEARS or value is None:
        return condition.operator is Operator.DISAPPEARS and value is None
    texts = condition.operand if isinstance(condition.operand, tuple) else ()
    match condition.operator:
        case Operator.APPEARS:
            return True
        case Operator.IS:
            return any(_is(value, text) for text in texts)
        case Operator.CONTAINS:
            return _contains_any(value, texts)
        case Operator.NOT_CONTAINS:
            return not _contains_any(value, texts)
        case Operator.MATCHES:
            return any(budget.search(pattern, _text(value)) for pattern in texts)
        case Operator.BELOW:
            return _compare(value, condition.operand) < 0
        case Operator.ABOVE:
            return _compare(value, condition.operand) > 0
        case _ if condition.operator.is_event:
            raise ValueError(f"{condition.operator} is an event, not a state")
        case _ as unknown:
            raise AssertionError(unknown)


def occurs(condition: Condition, before: Row | None, after: Row | None) -> bool:
    """
    Return whether an event occurs between two looks at a row; None: the row is not there.

    Raises:
        ValueError: it is a state, or one of the events that measure.
    """
    match condition.operator:
        case Operator.ADDED:
            return before is None and after is not None
        case Operator.REMOVED:
            return before is not None and after is None
        case Operator.CHANGES | Operator.CHANGED:
            return before is not None and after is not None and _differ(before, after, fields_of(condition))
        case _:
            what = "an event that is measured" if condition.operator.is_event else "a state"
            raise ValueError(f"{condition.operator} is {what}, not a difference between two rows")


def fields_of(condition: Condition) -> tuple[str, ...]:
    """Return the names of the values that an event of change looks at; empty means all of the row."""
    if condition.operator is Operator.CHANGED and isinstance(condition.operand, tuple):
        return condition.operand
    return (condition.subject,) if condition.subject else ()


def _differ(before: Row, after: Row, fields: tuple[str, ...]) -> bool:
    if not fields:
        return before != after
    return any(before.get(name) != after.get(name) for name in fields)


def _is(value: Value, text: str) -> bool:
    number = magnitude(value)
    if number is None:
        return _folded(text) in (_folded(_text(value)), _folded(show(value)))
    try:
        return number == Decimal(text)
    except InvalidOperation:
        return False


def _contains_any(value: Value, texts: tuple[str, ...]) -> bool:
    folded = _folded(_text(value))
    return any(_folded(text) in folded for text in texts)


def _folded(text: str) -> str:
    return seen_text(text).casefold()


def _text(value: Value) -> str:
    """Return a text as the page has it, and anything else as it is shown."""
    return str(value) if isinstance(value, str) else show(value)


def _compare(value: Value, bound: Operand) -> int:
    """Return the sign of value - bound; 0, which is neither below nor above, when they cannot be compared."""
    if isinstance(bound, Decimal):
        number = magnitude(value)
        return 0 if number is None else (number > bound) - (number < bound)
    if isinstance(bound, date) and isinstance(value, date):
        return _compare_dates(value, bound)
    return 0


def _compare_dates(one: date, other: date) -> int:
    if isinstance(one, datetime) and isinstance(other, datetime):
        if (one.tzinfo is None) != (other.tzinfo is None):  # a page that names no zone means its own clock
            one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
        return (one > other) - (one < other)
    one, other = _day(one), _day(other)
    return (one > other) - (one < other)


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
