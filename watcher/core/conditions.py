"""
Whether a condition holds (a state) or occurs (an event).

| operator | holds when the value … |                    | operator | occurs when the row … |
|---|---|---|---|---|
| is | is one of the texts or numbers | | changes | has another value than before |
| contains | contains one of the texts | | added | was not there before |
| not_contains | contains none of the texts | | removed | is not there any more |
| matches | matches one of the expressions | | changed | has another value in one of the fields |
| below, above | is less, more than the number | | | |
| appears, disappears | is there, is absent | | | |

Texts are compared without regard to case. A value that is absent satisfies no state but `disappears`.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from watcher.core.values import Row, Value, magnitude, show
from watcher.core.watch import Condition, Operator
from watcher.errors import PageError

REGEX_SECONDS = 0.2
"""How long one expression may look at one value: an exponential one must not stop the loop."""


def holds(condition: Condition, row: Row) -> bool:
    """
    Return whether a state holds in this row.

    Raises:
        PageError: an expression of `matches` took longer than REGEX_SECONDS.
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
            return any(_matches(value, pattern) for pattern in texts)
        case Operator.BELOW:
            return _compare(value, condition.operand) < 0
        case Operator.ABOVE:
            return _compare(value, condition.operand) > 0
        case _ if condition.operator.is_event:
            raise ValueError(f"{condition.operator} is an event, not a state")
        case _ as unknown:
            raise AssertionError(unknown)


def occurs(condition: Condition, before: Row | None, after: Row | None) -> bool:
    """Return whether an event occurs between two looks at a row; None: the row is not there."""
    match condition.operator:
        case Operator.ADDED:
            return before is None and after is not None
        case Operator.REMOVED:
            return before is not None and after is None
        case Operator.CHANGES | Operator.CHANGED:
            return before is not None and after is not None and _differ(before, after, fields_of(condition))
        case _:
            raise ValueError(f"{condition.operator} is a state, not an event")


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
        return show(value).casefold() == text.casefold()
    try:
        return number == Decimal(text)
    except InvalidOperation:
        return False


def _contains_any(value: Value, texts: tuple[str, ...]) -> bool:
    folded = show(value).casefold()
    return any(text.casefold() in folded for text in texts)


def _matches(value: Value, pattern: str) -> bool:
    import regex  # 10 ms, and few watches have an expression

    try:
        return regex.search(pattern, show(value), timeout=REGEX_SECONDS) is not None
    except TimeoutError as error:
        raise PageError(f"the expression {pattern!r} took over {REGEX_SECONDS} s; make it simpler") from error


def _compare(value: Value, bound: object) -> int:
    """Return the sign of value - bound; 0, which is neither below nor above, when they cannot be compared."""
    number = magnitude(value)
    if number is None or not isinstance(bound, Decimal):
        return 0
    return (number > bound) - (number < bound)
