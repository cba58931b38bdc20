"""
How far numbers moved since subscribers were last told them, for `drops_by` and `rises_by`.

Peaks are kept per row and per value that an entry measures; an entry with topics of its own has peaks of its own,
since what one audience was told another has not heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from watcher.core.check import Peak
from watcher.core.values import Money, Row, Rows, Value, magnitude
from watcher.core.watch import Condition, Operator, Rule, Step, Watch
from watcher.core.words import Firing

Peaks = Mapping[str, Mapping[str, Peak]]
_OPERATORS = (Operator.DROPS_BY, Operator.RISES_BY)


def audience(watch: Watch, rule: Rule) -> tuple[str, ...]:
    """Return the topics that an entry tells."""
    return rule.topics or watch.topics


def moved(condition: Condition, before: Value, after: Value, peak: Peak | None) -> bool:
    """
    Return whether a number fell (rose), and is a step or more from the highest (lowest) since told.

    One that comes back after it was absent is measured from the peak alone.
    """
    number, then, step = magnitude(after), magnitude(before), condition.operand
    if number is None or not isinstance(step, Step):
        return False
    known = [bound for bound in (then, _end(condition, peak)) if bound is not None]
    if not known:
        return False
    is_drop = condition.operator is Operator.DROPS_BY
    furthest = max(known) if is_drop else min(known)
    distance = furthest - number if is_drop else number - furthest
    is_on_its_way = then is None or (number < then if is_drop else number > then)
    return is_on_its_way and distance > 0 and distance >= size(step, furthest)


def size(step: Step, of: Decimal) -> Decimal:
    """Return the step as an amount."""
    return step.amount * abs(of) if step.is_share else step.amount


def peak_name(rule: Rule, condition: Condition) -> str:
    """Return the name that a peak is kept under: the value's, with the topics of an entry that has its own."""
    name = condition.subject or ""
    return f"{name} for {', '.join(sorted(rule.topics))}" if rule.topics else name


def from_peak(rule: Rule, before: Row | None, peaks: Mapping[str, Peak]) -> Row | None:
    """Return the row before, its measured values as far as they went: what a message compares the new ones with."""
    row = dict(before or {})
    for condition in rule.conditions:
        end = _end(condition, peaks.get(peak_name(rule, condition)))
        if end is not None and condition.subject in row:
            row[condition.subject] = _like(row[condition.subject], end)
    return None if before is None else row


def _end(condition: Condition, peak: Peak | None) -> Decimal | None:
    if peak is None or condition.operator not in _OPERATORS:
        return None
    return peak.high if condition.operator is Operator.DROPS_BY else peak.low


def _like(value: Value, amount: Decimal) -> Value:
    """Return the amount as the value is written; the value itself when it is the same number."""
    if magnitude(value) == amount:
        return value
    return replace(value, amount=amount) if isinstance(value, Money) else amount


@dataclass(frozen=True, slots=True)
class _Measure:
    """A value that an entry measures, and whom the entry tells."""

    subject: str
    audience: frozenset[str]


def advance_peaks(
    watch: Watch, peaks: Peaks, old: Rows, new: Rows, firings: Iterable[Firing], *, is_baseline: bool
) -> Peaks:
    """Return the peaks after a good check: of what was told anew, the value now; of rows that went, none."""
    measures = _measures(watch)
    if not measures:
        return {}
    told: dict[str, list[frozenset[str]]] = {}
    for firing in firings:
        told.setdefault(firing.key, []).append(frozenset(audience(watch, firing.rule)))
    advanced = {}
    for key, row in new.items():
        known = {} if is_baseline else peaks.get(key, {})
        is_as_before = key not in told and known.keys() == measures.keys() and old.get(key) == row
        advanced[key] = known if is_as_before else _advance_row(measures, known, row, told.get(key, ()))
    return advanced


def _measures(watch: Watch) -> dict[str, _Measure]:
    return {
        peak_name(rule, condition): _Measure(condition.subject or "", frozenset(audience(watch, rule)))
        for rule in watch.rules
        for condition in rule.conditions
        if condition.operator in _OPERATORS
    }


def _advance_row(
    measures: Mapping[str, _Measure], known: Mapping[str, Peak], row: Row, told: Iterable[frozenset[str]]
) -> dict[str, Peak]:
    advanced = {}
    for name, measure in measures.items():
        number, peak = magnitude(row.get(measure.subject)), known.get(name)
        if number is not None and peak is not None and not any(measure.audience <= topics for topics in told):
            peak = Peak(low=min(peak.low, number), high=max(peak.high, number))
        elif number is not None:
            peak = Peak(low=number, high=number)
        if peak is not None:
            advanced[name] = peak
    return advanced
