"""The table at the head of `watcher.core.rereading`, row by row, and what entries remember over an upgrade."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, event_rule, measured, play, price, rolling, seats, seen, state_rule, watch
from watcher.core.check import Decision, Peak, Seen, Verdict
from watcher.core.locale import Locale
from watcher.core.phrases import phrases_in
from watcher.core.values import SINGLE, Row, Rows, Value
from watcher.core.watch import ADMIN_TOPIC, Difference, OnError, Operator

CHANGES = event_rule(Operator.CHANGES)
BELOW_10 = state_rule("price", Operator.BELOW, 10)
UPGRADED = phrases_in(None).upgraded


def upgraded(row: Row, reread: Row | None) -> Seen:
    """A page of one price as the next version reads it, and what that reads from the page before."""
    return seen({SINGLE: row}, engine="test 2", reread=None if reread is None else {SINGLE: reread})


def news(decision: Decision) -> list[str]:
    """What subscribers are told, with a mark where the upgrade is mentioned."""
    of_subscribers = [message for message in decision.messages if message.topic != ADMIN_TOPIC]
    return [message.summary + " (upgraded)" * (UPGRADED in message.content) for message in of_subscribers]


def notes(decision: Decision) -> list[str]:
    """What the operator is told."""
    return [message.content.split("\n", 1)[1] for message in decision.messages if message.topic == ADMIN_TOPIC]


@pytest.mark.parametrize(
    ("now", "reread", "verdict", "told", "noted"),
    [
        pytest.param(9, 12, Verdict.CHANGED, ["Dune 12 → 9 (−25%)"], [], id="read as before, and changed"),
        pytest.param(12, 12, Verdict.UNCHANGED, [], [], id="read as before, and the same"),
        pytest.param(7, 7, Verdict.BASELINE, [], ["12 → 7 (−41.7%)"], id="read otherwise, and the same"),
        pytest.param(
            8, 7, Verdict.CHANGED, ["Dune 7 → 8 (+14.3%)"], ["12 → 7 (−41.7%)"], id="read otherwise, and changed"
        ),
        pytest.param(9, None, Verdict.CHANGED, ["Dune 12 → 9 (−25%) (upgraded)"], [], id="no page, and another value"),
        pytest.param(12, None, Verdict.UNCHANGED, [], [], id="no page, and the same value"),
    ],
)
def test_an_upgrade_tells_what_changed_and_the_operator_what_it_reads_otherwise(
    now: int, reread: int | None, verdict: Verdict, told: list[str], noted: list[str]
) -> None:
    after = upgraded({"price": now}, None if reread is None else {"price": reread})
    decision = play(watch(CHANGES), price(12), after)[1]
    assert (decision.verdict, news(decision), notes(decision)) == (verdict, told, noted)


def test_only_the_values_that_are_read_otherwise_take_a_new_baseline() -> None:
    before = price(1000, seats=9), price(980, seats=9)
    after = upgraded({"price": 940, "seats": 2}, {"price": 980, "seats": 2})
    rules = measured(Operator.DROPS_BY, "5%"), state_rule("seats", Operator.BELOW, 3)
    decision = play(watch(*rules), *before, after)[2]
    assert news(decision) == ["Dune: price 1000 → 940 (−6%)"]
    assert notes(decision) == ["seats 9 → 2 (−77.8%)"]


def test_a_number_that_is_read_otherwise_is_measured_from_there() -> None:
    decision = play(watch(measured(Operator.DROPS_BY, "50%")), price(1000), upgraded({"price": 90}, {"price": 100}))[1]
    assert decision.state.peaks == {SINGLE: {"price": Peak(low=Decimal(90), high=Decimal(100))}}


def test_a_change_that_awaits_its_confirmation_is_told_after_an_upgrade() -> None:
    rows: Row = {"price": 9, "note": "new"}
    other: Row = {"price": 9, "note": "read otherwise"}
    played = play(watch(CHANGES, confirm=2), price(12, note="new"), seen({SINGLE: rows}), upgraded(other, other))
    assert news(played[-1]) == ["Dune: price 12 → 9 (−25%)"]


def test_a_state_that_only_the_new_version_sees_is_not_told() -> None:
    decision = play(watch(BELOW_10), price(1000), upgraded({"price": 9}, {"price": 9}))[1]
    assert (news(decision), notes(decision)) == ([], ["1000 → 9 (−99.1%)"])
    later = play(watch(BELOW_10), upgraded({"price": 12}, None), upgraded({"price": 8}, None), state=decision.state)
    assert [news(each) for each in later] == [[], ["Dune 12 → 8 (−33.3%)"]]


def test_rows_with_other_keys_are_compared_with_those_of_the_old_page() -> None:
    old, new = ({"a": {"seats": 1}, "b": {"seats": 2}}, {"A": {"seats": 1}, "B": {"seats": 2}, "C": {"seats": 3}})
    reread: Rows = {key: row for key, row in new.items() if key != "C"}
    after = seen(new, engine="test 2", reread=reread, row_count=3)
    decision = play(watch(event_rule(Operator.ADDED), is_list=True), seen(old, row_count=2), after)[1]
    assert news(decision) == ["Dune: + C: seats 3"]
    assert decision.state.told == new


def test_what_left_a_rolling_list_is_not_read_otherwise() -> None:
    reread = seats({"A": 1, "B": 2}).observation.rows
    after = replace(seats({"B": 2, "C": 3}), reread=reread)
    after = replace(after, observation=replace(after.observation, engine="test 2"))
    decision = play(rolling(event_rule(Operator.ADDED)), seats({"A": 1, "B": 2}), seats({"B": 2}), after)[2]
    assert (news(decision), notes(decision)) == (["Dune: + C: seats 3"], [])


@pytest.mark.parametrize("reread", ["DUNE", "Dune\u200d"])
def test_a_value_that_is_only_written_otherwise_is_the_same(reread: Value) -> None:
    watched = replace(watch(CHANGES), ignore_differences=frozenset({Difference.CASE}))
    decision = play(watched, price("Dune"), upgraded({"price": "Emma"}, {"price": reread}))[1]
    assert (news(decision), notes(decision)) == (["Dune: Dune → Emma"], [])


def test_workers_of_two_versions_in_turn_tell_the_operator_once() -> None:
    old = [seen({SINGLE: {"price": 12}}, reread={SINGLE: {"price": 12}})] * 2
    new = upgraded({"price": 7}, {"price": 7})
    played = play(watch(CHANGES), old[0], new, old[1], new)
    assert [news(decision) for decision in played] == [[], [], [], []]
    assert len({message.id for decision in played for message in decision.messages}) == 1


def test_a_failure_after_an_upgrade_keeps_the_values_as_they_are_stored() -> None:
    watched = replace(watch(CHANGES), accept_after=2)
    odd = upgraded({"price": ""}, {"price": "other"})
    good, failed = play(watched, price("Dune"), odd)
    assert failed.verdict is Verdict.FAILED
    assert failed.state.rows == good.state.rows
    again = play(watched, upgraded({"price": "other"}, {"price": "other"}), state=failed.state)[0]
    assert notes(again) == ["Dune → other"]


def test_an_operator_who_wants_to_hear_of_no_trouble_hears_of_no_reading() -> None:
    quiet = replace(watch(CHANGES), on_error=OnError(after=None))
    assert play(quiet, price(12), upgraded({"price": 7}, {"price": 7}))[1].messages == ()


def test_what_the_operator_is_told_travels_as_one_message() -> None:
    decision = play(watch(CHANGES), price(12), upgraded({"price": 7}, {"price": 7}), since=NOON)[1]
    (message,) = decision.messages
    assert message.summary == "Dune is read in another way since the upgrade"
    assert message.hold_until == NOON + timedelta(minutes=25)


def test_both_languages_say_that_there_was_an_upgrade() -> None:
    chinese = replace(watch(CHANGES), languages=(("deals", Locale.CHINESE),))
    decision = play(chinese, price(12), upgraded({"price": 9}, None))[1]
    assert phrases_in(Locale.CHINESE).upgraded in decision.messages[0].content
