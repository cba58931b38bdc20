"""
How far numbers moved since subscribers were last told them, for `drops_by` and `rises_by`.

Peaks are kept per row and per value that an entry measures; an entry with topics of its own has peaks of its own,
since what one audience was told another has not heard. With `confirm: N` a number moves a peak once it stood for N
checks, and one in another currency begins anew: what is 10 % less in dollars is no drop from euros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import NOTHING, Peak, WatchState
from watcher.core.values import Money, Row, Rows, Value, are_comparable, currency, magnitude
from watcher.core.watch import Condition, Operator, Rule, Step, Watch
from watcher.core.words import Firing

Peaks = Mapping[str, Mapping[str, Peak]]
Fresh = Mapping[str, Mapping[str, int]]
MEASURES = (Operator.DROPS_BY, Operator.RISES_BY)


def audience(watch: Watch, rule: Rule) -> tuple[str, ...]:
    """Return the topics that an entry tells."""
    return rule.topics or watch.topics


def moved(condition: Condition, before: Value, after: Value, peak: Peak | None) -> bool:
    """
    Return whether a number is a step or more below (above) the highest (lowest) that it was since told.

    How it came there does not count, so a drop is not lost when the entry's other conditions come to hold later.

    Args:
        before: what it is measured from when there is no peak.
    """
    number, step = magnitude(after), condition.operand
    if peak is None:
        peak = _stretched(None, before)
    if (
        number is None
        or peak is None
        or not isinstance(step, Step)
        or not are_comparable(peak.currency, currency(after))
    ):
        return False
    is_drop = condition.operator is Operator.DROPS_BY
    furthest = peak.high if is_drop else peak.low
    distance = furthest - number if is_drop else number - furthest
    return distance > 0 and distance >= size(step, furthest)


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
        peak = peaks.get(peak_name(rule, condition))
        if peak is not None and condition.operator in MEASURES and condition.subject in row:
            end = peak.high if condition.operator is Operator.DROPS_BY else peak.low
            row[condition.subject] = _like(row[condition.subject], end, peak.currency)
    return None if before is None else row


def _like(value: Value, amount: Decimal, unit: str | None) -> Value:
    """Return the amount as the value is written; the value itself when it is the same number."""
    if magnitude(value) == amount:
        return value
    if isinstance(value, Money):
        return replace(value, amount=amount)
    return amount if unit is None else Money(amount=amount, currency=unit)


class _Measure(Struct, frozen=True):
    subject: str
    audience: frozenset[str]


def advance_fresh(
    watch: Watch, fresh: Fresh, old: Rows, new: Rows, *, is_baseline: bool, is_counted: bool = True
) -> Fresh:
    """Return the measured numbers that have stood for fewer checks than `confirm`; at baseline they stand at once."""
    if watch.confirm == 1 or is_baseline:
        return NOTHING
    names = _measured_names(watch)
    advanced = {}
    for key, row in new.items():
        before, known = old.get(key), fresh.get(key)
        if names and (known or before != row):
            counts = {name: _stood(name, before, row, known or {}, watch.confirm, is_counted) for name in names}
            advanced[key] = {name: count for name, count in counts.items() if count < watch.confirm}
    return {key: counts for key, counts in advanced.items() if counts}


def _stood(name: str, before: Row | None, row: Row, known: Mapping[str, int], confirm: int, is_counted: bool) -> int:
    if before is None or before.get(name) != row.get(name):
        return 1
    return known[name] + is_counted if name in known else confirm


def _measured_names(watch: Watch) -> set[str]:
    measuring = (*MEASURES, Operator.NEW_LOW, Operator.NEW_HIGH)
    conditions = (condition for rule in watch.rules for condition in rule.conditions)
    return {condition.subject or "" for condition in conditions if condition.operator in measuring}


def advance_peaks(
    watch: Watch, state: WatchState, fresh: Fresh, old: Rows, new: Rows, firings: Iterable[Firing], *, is_baseline: bool
) -> Peaks:
    """
    Return the peaks after a good check. What was just told starts from its value now; rows that went have none.

    Args:
        fresh: after this check. A number that does not stand yet moves no peak.
    """
    measures = _measures(watch)
    if not measures:
        return NOTHING
    told: dict[str, list[frozenset[str]]] = {}
    for firing in firings:
        told.setdefault(firing.key, []).append(frozenset(audience(watch, firing.rule)))
    advanced = {}
    for key, row in new.items():
        known, before = ({}, None) if is_baseline else (state.peaks.get(key, {}), old.get(key))
        is_as_before = key not in told and key not in state.fresh and known.keys() == measures.keys() and before == row
        if is_as_before:
            advanced[key] = known
        else:
            stood = {name: value for name, value in (before or {}).items() if name not in state.fresh.get(key, ())}
            advanced[key] = _advance_row(measures, known, stood, row, fresh.get(key, {}), told.get(key, ()))
    return advanced


def _measures(watch: Watch) -> dict[str, _Measure]:
    return {
        peak_name(rule, condition): _Measure(condition.subject or "", frozenset(audience(watch, rule)))
        for rule in watch.rules
        for condition in rule.conditions
        if condition.operator in MEASURES
    }


def _advance_row(
    measures: Mapping[str, _Measure],
    known: Mapping[str, Peak],
    stood: Row,
    row: Row,
    fresh: Mapping[str, int],
    told: Iterable[frozenset[str]],
) -> dict[str, Peak]:
    advanced = {}
    for name, measure in measures.items():
        value, peak = row.get(measure.subject), known.get(name)
        if any(measure.audience <= topics for topics in told):
            peak = _stretched(None, value) or peak
        elif measure.subject not in fresh:
            peak = _stretched(peak, value)
        elif peak is None:
            peak = _stretched(None, stood.get(measure.subject))
        if peak is not None:
            advanced[name] = peak
    return advanced


def _stretched(peak: Peak | None, value: Value) -> Peak | None:
    """Return the peak with one more number; a new one of an amount in another currency."""
    number, unit = magnitude(value), currency(value)
    if number is None:
        return peak
    if peak is None or not are_comparable(peak.currency, unit):
        return Peak(low=number, high=number, currency=unit)
    return Peak(low=min(peak.low, number), high=max(peak.high, number), currency=unit or peak.currency)
