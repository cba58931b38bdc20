"""Rolling lists: a row that leaves the page is not gone, and one that comes back is not new."""

from __future__ import annotations

import pytest

from tests.core.builders import event_rule, play, rolling, seats, seen, state_rule, told, watch
from watcher.core.check import Verdict
from watcher.core.known import ROLLING_ROWS
from watcher.core.watch import Operator, Rule

ADDED = event_rule(Operator.ADDED)
REMOVED = event_rule(Operator.REMOVED)
CHANGED = event_rule(Operator.CHANGED)
FREE = state_rule("seats", Operator.ABOVE, 0)


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(ADDED, [{"A": 1}, {"B": 1}, {"A": 1}], [1], id="a row that comes back is not new"),
        pytest.param(ADDED, [{"A": 1}, {"B": 1}, {"B": 1}, {"C": 1}, {"A": 1, "D": 1}], [1, 3, 4], id="a new one is"),
        pytest.param(REMOVED, [{"A": 1, "B": 1}, {"B": 1}, {"C": 1}], [], id="a row that leaves is not removed"),
        pytest.param(CHANGED, [{"A": 1}, {"B": 1}, {"A": 1}], [], id="a row that comes back as it was has not changed"),
        pytest.param(CHANGED, [{"A": 1}, {"B": 1}, {"A": 2}], [2], id="one that comes back otherwise has"),
        pytest.param(CHANGED, [{"A": 1}, {"A": 2}, {"B": 1}, {"A": 2}], [1], id="it is compared with the last sight"),
        pytest.param(FREE, [{"A": 0}, {"B": 1}, {"A": 0}, {"B": 1}], [1], id="a state that was told is not told again"),
        pytest.param(FREE, [{"A": 0}, {"B": 1}, {"B": 0}, {"A": 0}, {"B": 1}], [1, 4], id="unless it ended meanwhile"),
    ],
)
def test_rows_that_leave_and_come_back(rule: Rule, series: list[dict[str, int]], expected: list[int]) -> None:
    assert told(play(rolling(rule), *map(seats, series))) == expected


def test_of_a_list_that_is_not_rolling_the_same_are_news() -> None:
    pages = [seats({"A": 1}), seats({"B": 1}), seats({"A": 1})]
    assert told(play(watch(ADDED, is_list=True), *pages)) == [1, 2]
    assert told(play(watch(REMOVED, is_list=True), *pages)) == [1, 2]


def test_a_row_that_only_leaves_is_no_change() -> None:
    decisions = play(rolling(ADDED), seats({"A": 1, "B": 1}), seats({"B": 1}))
    assert (decisions[1].verdict, decisions[1].change) == (Verdict.UNCHANGED, None)


def test_a_history_says_nothing_of_rows_that_left() -> None:
    change = play(rolling(ADDED), seats({"A": 1, "B": 1}), seats({"C": 1, "B": 1}))[1].change
    assert change is not None
    assert (change.old, change.new) == ({}, {"C": {"seats": 1}})


def test_a_row_must_stay_to_be_confirmed_and_else_has_never_been_there() -> None:
    pages = [{"A": 1}, {"B": 1}, {"A": 1}, {"B": 1}, {"B": 1}]
    decisions = play(rolling(ADDED, confirm=2), *map(seats, pages))
    assert told(decisions) == [4]
    assert not decisions[2].is_confirming


def test_a_row_of_interest_that_gives_its_place_to_another_is_known_as_it_was_last_seen() -> None:
    with_others = [{"A": 1, "B": 1}, {"A": 2, "B": 1}, {"B": 1}, {"A": 2, "B": 1}]
    pages = (seen({key: {"seats": free} for key, free in rows.items()}, row_count=5) for rows in with_others)
    decisions = play(rolling(CHANGED), *pages)
    assert told(decisions) == [1]
    assert [decision.is_durable for decision in decisions] == [True, True, True, False]


def test_many_rows_stay_known_and_the_oldest_are_forgotten() -> None:
    old, newer = {f"old {n}": 1 for n in range(10)}, {f"newer {n}": 1 for n in range(ROLLING_ROWS - 5)}
    state = play(rolling(ADDED), seats(old), seats(newer), seats({"newest": 1}))[-1].state
    assert len(state.told) == ROLLING_ROWS
    assert [key for key in state.told if key.startswith("old")] == [f"old {n}" for n in range(6, 10)]
    assert list(state.told)[-1] == "newest"


def test_a_long_page_keeps_five_times_its_rows() -> None:
    pages = [seats({f"{page} {n}": 1 for n in range(500)}) for page in range(8)]
    assert len(play(rolling(ADDED), *pages)[-1].state.told) == 2_500


def test_other_lists_know_the_rows_on_the_page() -> None:
    assert list(play(watch(ADDED, is_list=True), seats({"A": 1}), seats({"B": 1}))[-1].state.told) == ["B"]
