"""A page that shows versions in turn, so that nothing is ever confirmed: the operator is told, once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tests.core.builders import event_rule, play, price, seats, told, watch
from watcher.core.check import Decision
from watcher.core.unsettled import UNSETTLED_ROUNDS
from watcher.core.watch import ADMIN_TOPIC, OnError, Operator
from watcher.store.records import read_state, write_checked, write_state

PATIENT = watch(event_rule(Operator.CHANGES), confirm=2)


def told_of_turns(decisions: Sequence[Decision]) -> list[int]:
    """Return after which checks the operator was told."""
    return [number for number, each in enumerate(decisions) if any(one.topic == ADMIN_TOPIC for one in each.messages)]


def test_two_versions_in_turn_are_told_to_the_operator_once() -> None:
    decisions = play(PATIENT, *(price(1 + number % 2) for number in range(60)))
    assert told_of_turns(decisions) == [2 * UNSETTLED_ROUNDS]
    (message,) = decisions[2 * UNSETTLED_ROUNDS].messages
    assert "shows different versions in turn, so no change is ever confirmed" in message.summary
    assert "`ignore_text`" in message.content
    assert "`known_values: ignore`" in message.content
    assert all(one.topic == ADMIN_TOPIC for each in decisions for one in each.messages)


def test_other_values_at_each_check_are_told_too() -> None:
    assert len(told_of_turns(play(PATIENT, *(price(number) for number in range(1, 20))))) == 1


def test_a_page_that_flickers_now_and_then_is_not() -> None:
    pages = [price(2 if number % 5 == 4 else 1) for number in range(100)]
    assert told_of_turns(play(PATIENT, *pages)) == []


def test_a_change_that_is_confirmed_ends_the_count() -> None:
    turns = [price(1 + number % 2) for number in range(2 * UNSETTLED_ROUNDS - 1)]
    decisions = play(PATIENT, *turns, price(3), price(3), price(4))
    assert told_of_turns(decisions) == []
    assert told(decisions) == [len(turns) + 1]
    assert decisions[-1].state.unsettled == 0


def test_what_cannot_be_set_is_not_advised() -> None:
    listed = watch(event_rule(Operator.CHANGED), confirm=2, is_list=True)
    decisions = play(listed, *(seats({"CS101": number % 2}) for number in range(2 * UNSETTLED_ROUNDS + 1)))
    (message,) = decisions[-1].messages
    assert "known_values" not in message.content


def test_who_wants_to_hear_of_no_trouble_does_not() -> None:
    deaf = replace(PATIENT, on_error=OnError(after=None))
    assert told_of_turns(play(deaf, *(price(1 + number % 2) for number in range(30)))) == []


def test_the_count_outlives_a_restart() -> None:
    state = play(PATIENT, price(1), price(2), price(1))[-1].state
    assert state.unsettled == 1
    assert read_state(write_state(state), write_checked(state)).unsettled == 1
