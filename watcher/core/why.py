"""
Why a check was told or not, entry by entry, as far as what is kept says so.

| an entry of `notify_when` …                                | because …                                             |
|------------------------------------------------------------|-------------------------------------------------------|
| fired                                                      | the record names it                                   |
| does not hold                                              | a state of it does not: the value was another one     |
| did not happen                                             | nothing of what it waits for occurred in this check   |
| moved too little, or the other way                         | `drops_by`, `rises_by`, `new_low`, `new_high`         |
| had held before                                            | a state is told once, and again after it has ended    |
| waits                                                      | it must hold for `confirm` checks                     |
| came back                                                  | `known_values: ignore`, and the value may be known    |
| asks for it now, while one that is no more was told then   | the entry is newer than the check                     |
| asks for it now, and did not then                          | the entry may be newer than the check: nobody noted   |

The record keeps what changed and what fired, not what entries there were or what they measured from: so an entry that
did not fire is asked again as it stands today. It is asked of each row that changed, and what holds back most rows is
told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Change, WatchState
from watcher.core.conditions import fields_of, holds, occurs
from watcher.core.cpu_budget import CpuBudget
from watcher.core.known_values import is_ignoring, is_of_changes
from watcher.core.running import progress_name
from watcher.core.values import SINGLE, Row, Value, magnitude
from watcher.core.watch import Condition, Items, Operator, Rule, Watch
from watcher.core.words import cut, one_line

_ASKED_ROWS: Final = 50
_NAMED_CHARACTERS: Final = 200
"""As many as the record keeps of an entry (`noting`)."""
_DOWN: Final = frozenset({Operator.DROPS_BY, Operator.NEW_LOW})
_MEASURED: Final = frozenset({Operator.DROPS_BY, Operator.RISES_BY, Operator.NEW_LOW, Operator.NEW_HIGH})


class Reason(StrEnum):
    """Why an entry was told, or was not; `why_…` in the translations has the sentence."""

    FIRED = "fired"
    STATE = "state"
    ABSENT = "absent"
    NOTHING = "nothing"
    NOT_NEW = "not_new"
    NOT_GONE = "not_gone"
    OTHER_FIELD = "other_field"
    WRONG_WAY = "wrong_way"
    TOO_LITTLE = "too_little"
    HELD = "held"
    CONFIRM = "confirm"
    KNOWN = "known"
    NEWER = "newer"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True, kw_only=True):
    """
    What became of one entry in one check.

    Attributes:
        condition: what held it back; None where no single one did.
        value: what that was asked of.
        key: of the row, of a list.
        checks: of an entry that waits: in how many it has held so far; None where that is not known.
    """

    rule: Rule
    reason: Reason
    condition: Condition | None = None
    value: Value = None
    key: str = SINGLE
    checks: int | None = None


def why(watch: Watch, change: Change, fired: Collection[str], budget: CpuBudget) -> Sequence[Answer]:
    """
    Return what became of each entry in a check that saw a change.

    Args:
        fired: the entries that the record names, as conditions.

    Raises:
        SlowExpressionError: an expression of `matches` took too long.
    """
    answers = [_answer(watch, rule, change, fired, budget) for rule in watch.rules]
    if not former(watch, fired):
        return answers
    return [replace(each, reason=Reason.NEWER) if each.reason is Reason.UNKNOWN else each for each in answers]


def former(watch: Watch, fired: Iterable[str]) -> Sequence[str]:
    """Return the entries that the record names and the watch has no more."""
    present = set(map(_named, watch.rules))
    return [name for name in fired if name not in present]


def told(watch: Watch, fired: Collection[str]) -> Sequence[Answer]:
    """Return the entries that the record names, of a check that told something without a change."""
    return [Answer(rule=rule, reason=Reason.FIRED) for rule in watch.rules if _named(rule) in fired]


def waiting(watch: Watch, state: WatchState) -> Iterator[Answer]:
    """Yield the entries that hold and still await their confirmation, with in how many checks they held."""
    for rule in watch.rules:
        for key, step in state.progress.get(progress_name(rule), {}).items():
            if not step.has_fired and step.streak < watch.confirm:
                yield Answer(rule=rule, reason=Reason.CONFIRM, key=key, checks=step.streak)
                break


def _answer(watch: Watch, rule: Rule, change: Change, fired: Collection[str], budget: CpuBudget) -> Answer:
    if _named(rule) in fired:
        return Answer(rule=rule, reason=Reason.FIRED)
    keys = islice(dict.fromkeys((*change.new, *change.old)), _ASKED_ROWS)
    answers = [_of_row(watch, rule, key, change.old.get(key), change.new.get(key), budget) for key in keys]
    if not answers:
        return Answer(rule=rule, reason=Reason.UNKNOWN)
    ((most, _),) = Counter(answer.reason for answer in answers).most_common(1)
    return next(answer for answer in answers if answer.reason is most)


def _named(rule: Rule) -> str:
    """Return what the record calls an entry."""
    return cut(one_line(str(rule)), _NAMED_CHARACTERS)


def _of_row(watch: Watch, rule: Rule, key: str, old: Row | None, new: Row | None, budget: CpuBudget) -> Answer:
    row = new if new is not None else old or {}
    for condition in rule.conditions:
        reason = _held_back(watch, condition, old, new, row, budget)
        if reason is not None:
            value = row.get(condition.subject or "")
            return Answer(rule=rule, reason=reason, condition=condition, value=value, key=key)
    return Answer(rule=rule, reason=_though_it_holds(watch, rule, old, budget), key=key)


def _held_back(
    watch: Watch, condition: Condition, old: Row | None, new: Row | None, row: Row, budget: CpuBudget
) -> Reason | None:
    """Return why a condition does not hold in this row; None: it does, or nobody can tell that it did not."""
    if condition.operator in _MEASURED:
        return _not_far_enough(condition, old or {}, new or {})
    if condition.operator.is_event:
        return None if occurs(condition, old, new) else _no_event(watch, condition)
    if holds(condition, row, budget):
        return None
    is_absent = row.get(condition.subject or "") is None and condition.operator is not Operator.DISAPPEARS
    return Reason.ABSENT if is_absent else Reason.STATE


def _no_event(watch: Watch, condition: Condition) -> Reason:
    if condition.operator is Operator.ADDED:
        return Reason.NOT_NEW
    if condition.operator is Operator.REMOVED:
        return Reason.NOT_GONE
    is_field = bool(fields_of(condition)) or isinstance(watch.extraction, Items)
    return Reason.OTHER_FIELD if is_field else Reason.NOTHING


def _not_far_enough(condition: Condition, old: Row, new: Row) -> Reason:
    """Return why a number that is measured was no news; how far it was from what was told last, nobody noted."""
    name = condition.subject or ""
    before, after = magnitude(old.get(name)), magnitude(new.get(name))
    if after is None:
        return Reason.ABSENT
    if before is None or before == after:
        return Reason.OTHER_FIELD
    return Reason.TOO_LITTLE if (after < before) == (condition.operator in _DOWN) else Reason.WRONG_WAY


def _though_it_holds(watch: Watch, rule: Rule, old: Row | None, budget: CpuBudget) -> Reason:
    if not rule.is_event and old is not None and all(holds(each, old, budget) for each in rule.conditions):
        return Reason.HELD
    if is_of_changes(rule) and is_ignoring(watch):
        return Reason.KNOWN
    return Reason.CONFIRM if watch.confirm > 1 else Reason.UNKNOWN
