"""The table and the rules at the head of `watcher.core.judge`, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import (
    BROKEN,
    NOON,
    NOT_MODIFIED,
    event_rule,
    play,
    price,
    seats,
    seen,
    state_rule,
    told,
    watch,
)
from watcher.core.check import Outcome, Verdict, WatchState
from watcher.core.judge import judge
from watcher.core.values import SINGLE
from watcher.core.watch import Already, Operator, Rule

BELOW_10 = state_rule("price", Operator.BELOW, 10)
CHANGES = event_rule(Operator.CHANGES)
ADDED = event_rule(Operator.ADDED)
REMOVED = event_rule(Operator.REMOVED)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        pytest.param([price(12)], Verdict.BASELINE, id="no snapshot, values: baseline"),
        pytest.param([NOT_MODIFIED], Verdict.FAILED, id="no snapshot, not modified: failed"),
        pytest.param([BROKEN], Verdict.FAILED, id="no snapshot, error: failed"),
        pytest.param([price(12), price(12)], Verdict.UNCHANGED, id="snapshot, same values: unchanged"),
        pytest.param([price(12), price(9)], Verdict.CHANGED, id="snapshot, other values: changed"),
        pytest.param([price(12), NOT_MODIFIED], Verdict.NOT_MODIFIED, id="snapshot, not modified: as same values"),
        pytest.param([price(12), BROKEN], Verdict.FAILED, id="snapshot, error: failed"),
    ],
)
def test_the_table(outcomes: list[Outcome], verdict: Verdict) -> None:
    assert play(watch(), *outcomes)[-1].verdict is verdict


def test_a_failed_check_keeps_the_snapshot_and_counts_the_failure() -> None:
    good, bad = play(watch(), price(12), BROKEN)
    assert bad.state.snapshot == good.state.snapshot
    assert (bad.state.failures, bad.state.failure) == (1, BROKEN)


def test_an_error_page_in_a_series_is_one_error_and_no_change() -> None:
    decisions = play(watch(), price(12), BROKEN, price(12), price(9))
    assert [decision.verdict for decision in decisions] == [
        Verdict.BASELINE,
        Verdict.FAILED,
        Verdict.UNCHANGED,
        Verdict.CHANGED,
    ]
    assert told(decisions) == [3]
    assert decisions[2].state.failures == 0


def test_only_a_change_makes_a_change_record() -> None:
    decisions = play(watch(), price(12), price(12), price(9))
    assert [decision.change is not None for decision in decisions] == [False, False, True]
    change = decisions[2].change
    assert change is not None
    assert (change.old, change.new) == ({SINGLE: {"price": 12}}, {SINGLE: {"price": 9}})
    assert change.messages == tuple(message.id for message in decisions[2].messages)


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(CHANGES, [1, 2, 2, 1], [1, 3], id="A→B→A is two changes"),
        pytest.param(BELOW_10, [12, 9, 8, 11, 9], [1, 4], id="below fires once, and again after it rose and fell"),
        pytest.param(BELOW_10, [9, 8], [0], id="a state that holds at the first check is told at once"),
        pytest.param(state_rule("price", Operator.ABOVE, 10), [12, 9, 12], [0, 2], id="above"),
        pytest.param(state_rule("price", Operator.APPEARS), [None, 5, 6, None, 5], [1, 4], id="appears"),
        pytest.param(state_rule("price", Operator.DISAPPEARS), [5, None, None, 5, None], [1, 4], id="disappears"),
        pytest.param(
            Rule(conditions=BELOW_10.conditions, already=Already.IGNORE), [9, 8, 12, 9], [3], id="already: ignore"
        ),
    ],
)
def test_when_an_entry_fires(rule: Rule, series: list[int | None], expected: list[int]) -> None:
    assert told(play(watch(rule), *map(price, series))) == expected


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(BELOW_10, [12, 9, 9, 9], [2], id="a state must hold twice; then it is told once"),
        pytest.param(BELOW_10, [12, 9, 12, 9, 9], [4], id="a state that ends starts to count anew"),
        pytest.param(BELOW_10, [9, 9], [1], id="a state of the first check is confirmed as well"),
        pytest.param(CHANGES, [1, 2, 2], [2], id="a new value must stand for two checks"),
        pytest.param(CHANGES, [1, 2, 1, 1], [], id="a value that goes back was no change worth telling"),
        pytest.param(CHANGES, [1, 2, 3, 3], [3], id="another new value starts to count anew"),
    ],
)
def test_confirm_2(rule: Rule, series: list[int], expected: list[int]) -> None:
    assert told(play(watch(rule, confirm=2), *map(price, series))) == expected


def test_a_confirmation_may_come_with_a_check_that_saw_no_change() -> None:
    decisions = play(watch(CHANGES, confirm=2), price(1), price(2), NOT_MODIFIED)
    assert decisions[1].is_confirming
    assert decisions[2].verdict is Verdict.NOT_MODIFIED
    assert decisions[2].messages[0].summary == "Dune 1 → 2"


def test_an_error_between_two_good_checks_does_not_end_a_confirmation() -> None:
    assert told(play(watch(BELOW_10, confirm=2), price(12), price(9), BROKEN, price(9))) == [3]


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(ADDED, [{"A": 0}, {"A": 0, "B": 0}], [1], id="a new row"),
        pytest.param(ADDED, [{"A": 0, "B": 1}, {"B": 1, "A": 0}], [], id="a reordered list"),
        pytest.param(ADDED, [{"A": 0}, {"A": 5}], [], id="an edited row is not a new one"),
        pytest.param(ADDED, [{}, {"A": 1}], [1], id="an empty list that fills"),
        pytest.param(REMOVED, [{"A": 0, "B": 0}, {"A": 0}], [1], id="a row that went"),
        pytest.param(event_rule(Operator.CHANGED), [{"A": 0}, {"A": 1}, {"A": 1, "B": 2}], [1], id="an edited row"),
        pytest.param(
            state_rule("seats", Operator.ABOVE, 0),
            [{"A": 1, "B": 0}, {"A": 2, "B": 0}, {"A": 2, "B": 1}, {"A": 2, "B": 1, "C": 4}],
            [2, 3],
            id="a state per row: the first list's rows are not told, later ones are",
        ),
        pytest.param(
            event_rule(Operator.ADDED, *state_rule("seats", Operator.ABOVE, 0).conditions),
            [{}, {"A": 0}, {"A": 1}, {"A": 1, "B": 3}],
            [3],
            id="an event with a state: both in the same check",
        ),
    ],
)
def test_rows(rule: Rule, series: list[dict[str, int]], expected: list[int]) -> None:
    assert told(play(watch(rule, is_list=True), *map(seats, series))) == expected


def test_a_row_that_came_must_stay_to_be_confirmed() -> None:
    watched = watch(ADDED, confirm=2, is_list=True)
    assert told(play(watched, seats({}), seats({"A": 1}), seats({}), seats({"A": 1}), seats({"A": 2}))) == [4]


def test_a_row_that_went_is_told_once_confirmed() -> None:
    watched = watch(REMOVED, confirm=2, is_list=True)
    assert told(play(watched, seats({"A": 1}), seats({}), seats({}), seats({}))) == [2]


def test_one_message_names_every_row_that_fired() -> None:
    decisions = play(watch(ADDED, REMOVED, is_list=True), seats({"A": 1}), seats({"B": 2, "C": 3}))
    (message,) = decisions[1].messages
    assert all(name in message.content for name in ("− A", "+ B", "+ C"))


def test_every_topic_gets_a_message_with_an_id_of_its_own() -> None:
    decisions = play(watch(topics=("deals", "books")), price(12), price(9))
    assert [message.topic for message in decisions[1].messages] == ["deals", "books"]
    assert len({message.id for message in decisions[1].messages}) == 2


def test_a_message_id_depends_on_epoch_watch_sequence_and_topic_alone() -> None:
    first, again = (play(watch(), price(12), price(9))[1].messages for _ in range(2))
    assert first == again
    state = play(watch(), price(12))[0].state
    other = judge(watch(), state, price(9), epoch="another life", now=NOON)
    assert other.messages[0].id != first[0].id


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(seen({SINGLE: {"price": 9}}, plan="plan 2"), id="another extraction"),
        pytest.param(seen({SINGLE: {"price": 9}}, engine="test 2"), id="another engine"),
    ],
)
@pytest.mark.parametrize("rule", [CHANGES, BELOW_10], ids=["event", "state"])
def test_what_is_read_differently_takes_a_new_baseline_silently(later: Outcome, rule: Rule) -> None:
    decisions = play(watch(rule), price(12), later)
    assert decisions[1].verdict is Verdict.BASELINE
    assert (decisions[1].messages, decisions[1].change) == ((), None)


def test_reordering_entries_keeps_their_state() -> None:
    state = play(watch(BELOW_10, CHANGES), price(9))[0].state
    again = judge(watch(CHANGES, BELOW_10), state, price(9), epoch="epoch", now=NOON)
    assert not again.messages


def test_an_edited_entry_is_met_for_the_first_time() -> None:
    state = play(watch(BELOW_10), price(9))[0].state
    edited = watch(state_rule("price", Operator.BELOW, 11))
    assert judge(edited, state, price(9), epoch="epoch", now=NOON).messages


def test_an_unchanged_check_is_written_late_and_any_other_at_once() -> None:
    decisions = play(watch(), price(12), price(12), NOT_MODIFIED, BROKEN, price(12))
    assert [decision.is_durable for decision in decisions] == [True, False, True, True, True]
    # NOT_MODIFIED brought another validator, and the last check ended a row of failures


def test_told_is_what_was_there_at_baseline_until_a_message_carries_more() -> None:
    decisions = play(watch(BELOW_10), price(20), price(15), price(9))
    assert [decision.state.told[SINGLE]["price"] for decision in decisions] == [20, 20, 9]


SERIES = st.lists(st.one_of(st.integers(0, 3).map(price), st.just(BROKEN)), max_size=30)


@given(SERIES)
def test_every_change_is_told_exactly_once_and_nothing_else_is(outcomes: list[Outcome]) -> None:
    state, last, changes, messages = WatchState(), None, 0, set()
    for outcome in outcomes:
        decision = judge(watch(), state, outcome, epoch="epoch", now=NOON)
        if outcome is not BROKEN:
            changes += last is not None and outcome != last
            last = outcome
        else:
            assert decision.state.snapshot == state.snapshot
        messages |= {message.id for message in decision.messages}
        state = decision.state
    assert len(messages) == changes
