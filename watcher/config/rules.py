"""`notify_when` and `where` → rules and conditions that can apply to what is extracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from watcher.config.explain import did_you_mean
from watcher.config.models import EntryModel, TestModel, WatchModel
from watcher.config.report import Report
from watcher.core.values import ValueType
from watcher.core.watch import Condition, Extraction, Items, Operator, Rule, Selector, Values

KEY = "key"
"""What `where` calls the identity of a row."""

_NUMERIC = frozenset({ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY})
_COMPARISONS = frozenset({Operator.BELOW, Operator.ABOVE})
_PRESENCE = frozenset({Operator.APPEARS, Operator.DISAPPEARS})


def compared_names(model: WatchModel) -> frozenset[str]:
    """Return the names of the values that a condition compares with a number: untyped, they are numbers."""
    tests = [*model.where.items()]
    for entry in model.notify_when or ():
        tests += _tests(entry).items()
    return frozenset(name for name, test in tests if test.below is not None or test.above is not None)


def rules_of(model: WatchModel, extraction: Extraction, report: Report) -> tuple[Rule, ...]:
    """Return the rules; without `notify_when`, any change is one. Mistakes go into the report."""
    if model.notify_when is None:
        return any_change(extraction)
    rules: list[Rule] = []
    for index, entry in enumerate(model.notify_when):
        rules += _rules_of_entry(entry, extraction, report.at("notify_when", index))
    return tuple({rule.id: rule for rule in rules}.values())


def where_of(model: WatchModel, items: Items, report: Report) -> tuple[Condition, ...]:
    """Return the conditions that a row must meet to count. Mistakes go into the report."""
    selectors = {**items.fields, KEY: items.key}
    conditions: list[Condition] = []
    for name, test in model.where.items():
        below = report.at("where", name)
        conditions += _conditions(name, test, selectors, below)
        if test.changes:
            below.add("`changes` says nothing of a single row; `where` takes is, contains, matches, below and the like")
    return tuple(conditions)


def any_change(extraction: Extraction) -> tuple[Rule, ...]:
    """Return the rules of a watch that says nothing else."""
    match extraction:
        case Values():
            return (Rule(conditions=(Condition(operator=Operator.CHANGES),)),)
        case Items():
            events = (Operator.ADDED, Operator.REMOVED, Operator.CHANGED)
            return tuple(Rule(conditions=(Condition(operator=event),)) for event in events)
        case _ as unknown:
            assert_never(unknown)


def _rules_of_entry(entry: EntryModel, extraction: Extraction, report: Report) -> tuple[Rule, ...]:
    events = tuple(_events(entry))
    tests = _tests(entry)
    if entry.changes and not tests and len(events) == 1:
        return any_change(extraction)
    _check_events(events, extraction, report)
    conditions = list(events)
    selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
    for name, test in tests.items():
        conditions += _conditions(name, test, selectors, report.at(name))
    return (Rule(conditions=tuple(conditions)),)


def _tests(entry: EntryModel) -> Mapping[str, TestModel]:
    return entry.__pydantic_extra__


def _events(entry: EntryModel) -> Iterator[Condition]:
    if entry.changes:
        yield Condition(operator=Operator.CHANGES)
    if entry.added:
        yield Condition(operator=Operator.ADDED)
    if entry.removed:
        yield Condition(operator=Operator.REMOVED)
    if entry.changed is not None:
        yield Condition(operator=Operator.CHANGED, operand=entry.changed)


def _check_events(events: tuple[Condition, ...], extraction: Extraction, report: Report) -> None:
    if len(events) > 1:
        words = " and ".join(f"`{event.operator}`" for event in events)
        report.add(f"{words} are never true of one row in one check; write an entry for each")
    for event in events:
        if isinstance(extraction, Values) and event.operator is not Operator.CHANGES:
            report.add(f"`{event.operator}` is for pages with `items`; here, write `changes`", event.operator)
        elif isinstance(extraction, Items) and isinstance(event.operand, tuple):
            _check_names(event.operand, extraction.fields, report.at(event.operator))


def _check_names(names: tuple[str, ...], known: Mapping[str, Selector], report: Report) -> None:
    for index, name in enumerate(names):
        if name not in known:
            report.add(_unknown_name(name, known), index)


def _unknown_name(name: str, known: Mapping[str, Selector]) -> str:
    suggestion = did_you_mean(name, list(known)) or f"; there is {', '.join(list(known)[:10]) or 'none'}"
    return f"`{name}` is not the name of a value{suggestion}"


def _conditions(name: str, test: TestModel, selectors: Mapping[str, Selector], report: Report) -> Iterator[Condition]:
    selector = selectors.get(name)
    if selector is None:
        report.add(_unknown_name(name, selectors), at_key=True)
        return
    for condition in _spelled_out(name, test):
        if complaint := _inapplicable(condition, selector):
            report.add(complaint, condition.operator)
        yield condition


def _spelled_out(name: str, test: TestModel) -> Iterator[Condition]:
    operands = {
        Operator.IS: test.is_,
        Operator.CONTAINS: test.contains,
        Operator.NOT_CONTAINS: test.not_contains,
        Operator.MATCHES: test.matches,
        Operator.BELOW: test.below,
        Operator.ABOVE: test.above,
    }
    for operator, operand in operands.items():
        if operand is not None:
            yield Condition(operator=operator, subject=name, operand=operand)
    flags = {Operator.APPEARS: test.appears, Operator.DISAPPEARS: test.disappears, Operator.CHANGES: test.changes}
    for operator, is_set in flags.items():
        if is_set:
            yield Condition(operator=operator, subject=name)


def _inapplicable(condition: Condition, selector: Selector) -> str:
    """Return why the condition can never hold of such a value; empty when it can."""
    if condition.operator in _COMPARISONS and selector.type not in _NUMERIC:
        return f"a {selector.type} cannot be compared with a number; give it `type: number`, `integer` or `money`"
    if condition.operator in _PRESENCE and not selector.optional:
        return f"without the value the check fails; add `optional: true` to `{condition.subject}`"
    if condition.operator is Operator.IS and selector.type in _NUMERIC:
        return _not_numbers(condition)
    return ""


def _not_numbers(condition: Condition) -> str:
    texts = condition.operand if isinstance(condition.operand, tuple) else ()
    wrong = [text for text in texts if not _is_number(text)]
    return f"must be a number, as `{condition.subject}` is one; got {wrong[0]!r}" if wrong else ""


def _is_number(text: str) -> bool:
    digits = text.strip().lstrip("+-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
