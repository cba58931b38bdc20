"""The table at the head of `watcher.core.why`: what was judged for real is asked again from its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import event_rule, measured, play, price, seats, state_rule, watch
from watcher.core.check import CheckOutcome, Decision
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import SINGLE
from watcher.core.watch import Condition, KnownValues, Operator, Rule, Watch
from watcher.core.why import Answer, Reason, former, told, waiting, why

_BELOW_10 = state_rule("price", Operator.BELOW, 10)
_ANY = event_rule(Operator.CHANGES)
_STOCK = Rule(conditions=(Condition(subject="stock", operator=Operator.CHANGES),))
_ADDED = event_rule(Operator.ADDED)
_REMOVED = event_rule(Operator.REMOVED)
_LOWEST = Rule(conditions=(Condition(subject="price", operator=Operator.NEW_LOW, operand=timedelta(days=30)),))
_SOON_STOCK = Rule(
    conditions=(
        Condition(subject="price", operator=Operator.BELOW, operand=Decimal(10)),
        Condition(subject="stock", operator=Operator.IS, operand=("yes",)),
    )
)


def _asked(watched: Watch, decisions: Sequence[Decision]) -> Sequence[Answer]:
    """Ask of the last check, with what the record of events names."""
    decision = decisions[-1]
    assert decision.change is not None
    fired = {rule for event in decision.events for rule in event.rules}
    return why(watched, decision.change, fired, UNLIMITED)


@pytest.mark.parametrize(
    ("rule", "seen", "reason"),
    [
        (_BELOW_10, [price(12), price(8)], Reason.FIRED),
        (_BELOW_10, [price(12), price(11)], Reason.STATE),
        (_BELOW_10, [price(12), price(None)], Reason.ABSENT),
        (_BELOW_10, [price(12), price(8), price(7)], Reason.HELD),
        (_ANY, [price(12), price(11)], Reason.FIRED),
        (_STOCK, [price(12, stock="no"), price(11, stock="no")], Reason.OTHER_FIELD),
        (_SOON_STOCK, [price(12, stock="no"), price(9, stock="no")], Reason.STATE),
        (measured(Operator.DROPS_BY, "10%"), [price(100), price(85)], Reason.FIRED),
        (measured(Operator.DROPS_BY, "10%"), [price(100), price(95)], Reason.TOO_LITTLE),
        (measured(Operator.DROPS_BY, "10%"), [price(100), price(105)], Reason.WRONG_WAY),
        (measured(Operator.RISES_BY, "10%"), [price(100), price(95)], Reason.WRONG_WAY),
        (measured(Operator.DROPS_BY, "10%"), [price(100, stock=1), price(100, stock=2)], Reason.OTHER_FIELD),
        (_LOWEST, [price(12), price(8), price(9)], Reason.WRONG_WAY),
        (_LOWEST, [price(12), price(8), price(9), price(8)], Reason.TOO_LITTLE),
        (_ADDED, [seats({"A": 1}), seats({"A": 2})], Reason.NOT_NEW),
        (_REMOVED, [seats({"A": 1}), seats({"A": 1, "B": 1})], Reason.NOT_GONE),
        (_ADDED, [seats({"A": 1}), seats({"A": 1, "B": 1})], Reason.FIRED),
    ],
)
def test_an_entry_says_why_it_was_told_or_not(rule: Rule, seen: list[CheckOutcome], reason: Reason) -> None:
    is_list = SINGLE not in getattr(seen[0], "observation").rows  # noqa: B009 - all of them were seen
    watched = watch(rule, is_list=is_list)
    (answer,) = _asked(watched, play(watched, *seen))
    assert answer.reason is reason


def test_a_condition_that_does_not_hold_is_named_with_what_it_was_asked_of() -> None:
    watched = watch(_SOON_STOCK)
    (answer,) = _asked(watched, play(watched, price(12, stock="no"), price(9, stock="no")))
    assert (answer.condition, answer.value) == (_SOON_STOCK.conditions[1], "no")


def test_each_entry_is_asked() -> None:
    watched = watch(_BELOW_10, _ANY)
    answers = _asked(watched, play(watched, price(12), price(11)))
    assert [answer.reason for answer in answers] == [Reason.STATE, Reason.FIRED]


def test_an_entry_that_is_newer_than_the_check_says_that_nobody_knows() -> None:
    decisions = play(watch(_BELOW_10), price(12), price(11))
    (answer,) = _asked(watch(_ANY), decisions)
    assert answer.reason is Reason.UNKNOWN


def test_an_entry_that_took_the_place_of_one_that_was_told_is_known_to_be_newer() -> None:
    decisions = play(watch(_BELOW_10), price(12), price(8))
    (answer,) = _asked(watch(_ANY), decisions)
    assert answer.reason is Reason.NEWER
    fired = [rule for event in decisions[-1].events for rule in event.rules]
    assert former(watch(_ANY), fired) == ["price below 10"]
    assert former(watch(_BELOW_10), fired) == []


def test_a_value_that_was_seen_before_says_so() -> None:
    watched = replace(watch(_ANY), known_values=KnownValues.IGNORE)
    (answer,) = _asked(watched, play(watched, price("a"), price("b"), price("a")))
    assert answer.reason is Reason.KNOWN


def test_what_must_be_confirmed_says_so_and_how_far_it_is() -> None:
    watched = watch(_BELOW_10, confirm=3)
    decisions = play(watched, price(12), price(8))
    (answer,) = _asked(watched, decisions)
    assert answer.reason is Reason.CONFIRM
    assert [each.checks for each in waiting(watched, decisions[-1].state)] == [1]
    told = play(watched, price(12), price(8), price(8), price(8))
    assert list(waiting(watched, told[-1].state)) == []


def test_what_was_told_without_a_change_says_which_entries_asked_for_it() -> None:
    watched = watch(_BELOW_10, _ANY, confirm=2)
    decision = play(watched, price(12), price(8), price(8))[-1]
    fired = {rule for event in decision.events for rule in event.rules}
    assert decision.change is None
    assert [answer.rule for answer in told(watched, fired)] == [_BELOW_10, _ANY]


def test_of_many_rows_what_holds_back_most_is_told() -> None:
    watched = watch(state_rule("seats", Operator.ABOVE, 5), is_list=True)
    (answer,) = _asked(watched, play(watched, seats({"A": 1, "B": 1, "C": 9}), seats({"A": 2, "B": 3, "C": 8})))
    assert (answer.reason, answer.key) == (Reason.STATE, "A")
