"""`notify_when` and `where` → rules and conditions that can apply to what is extracted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import assert_never

from msgspec.structs import replace

from watcher.config.explain import did_you_mean
from watcher.config.models import EntryModel, TestModel, WatchModel
from watcher.config.names import check_name
from watcher.config.report import Report
from watcher.config.value_names import unknown_name
from watcher.core.values import Stock, ValueType
from watcher.core.watch import Condition, Extraction, Items, Operator, Rule, Selector, Values

KEY = "key"
"""What `where` calls the identity of a row."""

NUMERIC = frozenset({ValueType.INTEGER, ValueType.NUMBER, ValueType.MONEY})
_COMPARISONS = frozenset({Operator.BELOW, Operator.ABOVE})
_ATTRIBUTES = [(Operator(word), key.attribute) for word, key in TestModel.keys.items()]
_PRESENCE = frozenset({Operator.APPEARS, Operator.DISAPPEARS})
_MEASURES = frozenset({Operator.DROPS_BY, Operator.RISES_BY, Operator.NEW_LOW, Operator.NEW_HIGH})
_STOCK_WORDS = frozenset(Stock)
_STRONGEST = (ValueType.NUMBER, ValueType.DATE, ValueType.TEXT, ValueType.STOCK)
"""Of types that conditions imply: `is: 5` and `is: Sold out` suit others too, and what does not is told once."""


def implied_types(model: WatchModel) -> Mapping[str, ValueType]:
    """Return the types that conditions leave as the one choice, by the name of the value."""
    tests: dict[str, list[TestModel]] = {}
    listed = model.items.where.items() if model.items is not None else ()
    for name, test in (*model.where.items(), *listed):
        tests.setdefault(name, []).append(test)
    for entry in model.notify_when or ():
        for name, test in entry.others.items():
            tests.setdefault(name, []).append(test)
    return {name: implied for name, several in tests.items() if (implied := _implied(several))}


def _implied(tests: list[TestModel]) -> ValueType | None:
    kinds: set[ValueType] = set()
    for test in tests:
        bounds = [bound for bound in (test.below, test.above) if bound is not None]
        kinds.update(ValueType.DATE if isinstance(bound, date) else ValueType.NUMBER for bound in bounds)
        if any(size is not None for size in (test.drops_by, test.rises_by, test.new_low, test.new_high)):
            kinds.add(ValueType.NUMBER)
        if test.is_ is not None:
            kinds.add(ValueType.STOCK if _STOCK_WORDS.issuperset(test.is_) else ValueType.TEXT)
    return next((kind for kind in _STRONGEST if kind in kinds), None)


def rules_of(model: WatchModel, extraction: Extraction, report: Report) -> tuple[Rule, ...]:
    """Return the rules; without `notify_when`, any change is one. Mistakes go into the report."""
    if model.notify_when is None:
        any_ = any_change(extraction)
        return any_ if model.already is None else tuple(replace(rule, already=model.already) for rule in any_)
    rules: dict[frozenset[Condition], Rule] = {}
    for index, entry in enumerate(model.notify_when):
        at = report.at("notify_when", index)
        for rule in _rules_of_entry(entry, extraction, at):
            made = replace(rule, already=entry.already or model.already, topics=_topics(entry, at))
            if replace(rules.setdefault(frozenset(made.conditions), made), conditions=made.conditions) != made:
                at.add("says the same as an entry above, with another `topic` or `already`; make one of them")
    return tuple(rules.values())


def where_of(tests: Mapping[str, TestModel], items: Items, report: Report) -> tuple[Condition, ...]:
    """Return the conditions that a row must meet to count. Mistakes go into the report."""
    selectors = {**items.fields, KEY: items.key}
    conditions: list[Condition] = []
    for name, test in tests.items():
        below = report.at(name)
        found = list(_conditions(name, test, selectors, below))
        for condition in found:
            if condition.operator.is_event:
                text = "says nothing of a single row; `where` takes is, contains, matches, below and the like"
                below.add(f"`{condition.operator}` {text}")
        conditions += found
    return tuple(conditions)


def any_change(extraction: Extraction) -> tuple[Rule, ...]:
    """Return the rules of a watch that says nothing else."""
    match extraction:
        case Values():
            events: tuple[Operator, ...] = (Operator.CHANGES,)
        case Items(rolling=True):
            events = (Operator.ADDED, Operator.CHANGED)
        case Items():
            events = (Operator.ADDED, Operator.REMOVED, Operator.CHANGED)
        case _ as unknown:
            assert_never(unknown)
    return _rules_of_events(events)


@cache
def _rules_of_events(events: tuple[Operator, ...]) -> tuple[Rule, ...]:
    return tuple(Rule(conditions=(Condition(operator=event),)) for event in events)


def _topics(entry: EntryModel, report: Report) -> tuple[str, ...]:
    for index, key in enumerate(entry.topic or ()):
        check_name(key, report.at("topic", index))
    return tuple(dict.fromkeys(entry.topic or ()))


def _rules_of_entry(entry: EntryModel, extraction: Extraction, report: Report) -> tuple[Rule, ...]:
    events = tuple(_events(entry))
    if entry.changes and not entry.others and len(events) == 1:
        return any_change(extraction)
    _check_events(events, extraction, report)
    conditions = list(events)
    selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
    for name, test in entry.others.items():
        conditions += _conditions(name, test, selectors, report.at(name))
    return (Rule(conditions=tuple(conditions)),)


def _events(entry: EntryModel) -> Iterator[Condition]:
    for operator in (Operator.CHANGES, Operator.ADDED, Operator.REMOVED):
        if getattr(entry, operator):
            yield Condition(operator=operator)
    if entry.changed is not None:
        yield Condition(operator=Operator.CHANGED, operand=entry.changed)


def _check_events(events: tuple[Condition, ...], extraction: Extraction, report: Report) -> None:
    if len(events) > 1:
        words = " and ".join(f"`{event.operator}`" for event in events)
        report.add(f"{words} are never true of one row in one check; write an entry for each")
    for event in events:
        if isinstance(extraction, Values) and event.operator is not Operator.CHANGES:
            report.add(f"`{event.operator}` is for pages with `items`; here, write `changes`", event.operator)
        elif isinstance(extraction, Items) and extraction.rolling and event.operator is Operator.REMOVED:
            text = "a row that leaves a `rolling` list is not gone, so this never holds; remove it, or `rolling`"
            report.add(text, event.operator, at_key=True)
        elif isinstance(extraction, Items) and isinstance(event.operand, tuple):
            _check_names(event.operand, extraction.fields, report.at(event.operator))


def _check_names(names: tuple[str, ...], known: Mapping[str, Selector], report: Report) -> None:
    for index, name in enumerate(names):
        if name not in known:
            report.add(unknown_name(name, known), index)


def _conditions(name: str, test: TestModel, selectors: Mapping[str, Selector], report: Report) -> Iterator[Condition]:
    selector = selectors.get(name)
    if selector is None:
        report.add(unknown_name(name, selectors), at_key=True)
        return
    for condition in _spelled_out(name, test):
        if complaint := _inapplicable(condition, selector):
            report.add(complaint, condition.operator)
        yield condition


def _spelled_out(name: str, test: TestModel) -> Iterator[Condition]:
    given = [(operator, getattr(test, attribute)) for operator, attribute in _ATTRIBUTES]
    # Those without an operand come last: the order stands in messages and in a list's fingerprint (`extract.plan`).
    for operator, operand in given:
        if not isinstance(operand, bool | None):
            yield Condition(operator=operator, subject=name, operand=operand)
    for operator, operand in given:
        if operand is True:
            yield Condition(operator=operator, subject=name)


def _inapplicable(condition: Condition, selector: Selector) -> str:
    """Return why the condition can never hold of such a value; empty when it can."""
    operator, kind = condition.operator, selector.type
    if operator in _COMPARISONS:
        return _not_comparable(condition, kind)
    if operator in _MEASURES and kind not in NUMERIC:
        return f"a {kind} does not rise and fall; give it `type: number`, `integer` or `money`"
    if operator in _PRESENCE and not selector.optional:
        return f"without the value the check fails; add `optional: true` to `{condition.subject}`"
    if operator is Operator.IS and kind in NUMERIC:
        return _not_numbers(condition)
    if operator is Operator.IS and kind is ValueType.STOCK:
        return _not_stock(condition)
    return ""


def _not_comparable(condition: Condition, kind: ValueType) -> str:
    if isinstance(condition.operand, Decimal) and kind is ValueType.DATE:
        return "a date is compared with a date such as 2026-12-12"
    if isinstance(condition.operand, Decimal) and kind not in NUMERIC:
        return f"a {kind} cannot be compared with a number; give it `type: number`, `integer` or `money`"
    if isinstance(condition.operand, date) and kind is not ValueType.DATE:
        return f"a {kind} cannot be compared with a date; give it `type: date`"
    return ""


def _not_stock(condition: Condition) -> str:
    texts = condition.operand if isinstance(condition.operand, tuple) else ()
    wrong = next((text for text in texts if text not in _STOCK_WORDS), None)
    if wrong is None:
        return ""
    return f"must be in_stock, out_of_stock or preorder; got {wrong[:60]!r}{did_you_mean(wrong, list(Stock))}"


def _not_numbers(condition: Condition) -> str:
    texts = condition.operand if isinstance(condition.operand, tuple) else ()
    wrong = [text for text in texts if not _is_number(text)]
    return f"must be a number, as `{condition.subject}` is one; got {wrong[0]!r}" if wrong else ""


def _is_number(text: str) -> bool:
    digits = text.strip().lstrip("+-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
