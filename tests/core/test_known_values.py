"""A value that was seen before is no news with `known_values: ignore`: the rules of `watcher.core.known_values`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import event_rule, measured, play, price, seats, state_rule, told, watch
from watcher.core.check import Verdict
from watcher.core.known_values import MAX_KNOWN
from watcher.core.values import Money, Value
from watcher.core.watch import Difference, KnownValues, Operator, Watch
from watcher.store.records import read_state, write_checked, write_state

CHANGES = event_rule(Operator.CHANGES)


def ignoring(watched: Watch) -> Watch:
    return replace(watched, known_values=KnownValues.IGNORE)


CALM = ignoring(watch(CHANGES))


def told_of(watched: Watch, *values: Value) -> list[int]:
    return told(play(watched, *map(price, values)))


def test_each_version_is_told_once_and_noted_as_ever() -> None:
    decisions = play(CALM, *map(price, "ABABCAB"))
    assert told(decisions) == [1, 4]
    assert [each.verdict for each in decisions[1:]] == [Verdict.CHANGED] * 6
    assert all(each.change for each in decisions[1:])
    assert decisions[4].messages[0].summary == "Dune: B → C"


def test_no_change_waits_for_its_confirmation() -> None:
    assert told_of(ignoring(watch(CHANGES, confirm=3)), *"ABABCDCD") == [1, 4, 5]


def test_what_the_page_showed_last_is_known_and_older_values_are_news_again() -> None:
    others = [f"{number}" for number in range(MAX_KNOWN)]
    decisions = play(CALM, *map(price, ("A", *others, "A")))
    assert told(decisions)[-1] == len(others) + 1
    assert [len(each) for each in decisions[-1].state.known_values.values()] == [MAX_KNOWN]
    assert told_of(CALM, *(value for other in others for value in ("A", other)), "A")[-1] == 2 * len(others) - 1


@pytest.mark.parametrize(
    ("first", "again"),
    [
        pytest.param("Sold  out!", "SOLD OUT", id="texts, as far as they are compared"),
        pytest.param(Decimal("1.50"), Decimal("1.5"), id="numbers"),
        pytest.param(Money(amount=Decimal(100), currency="€", code="EUR"),
                     Money(amount=Decimal("100.00"), currency="EUR", code="EUR"), id="money"),
        pytest.param(datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 1, 1, 9, tzinfo=UTC), id="dates"),
        pytest.param(None, None, id="absence"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_known(first: Value, again: Value) -> None:
    noisy = replace(CALM, ignore_differences=frozenset({Difference.CASE, Difference.PUNCTUATION}))
    assert told_of(noisy, first, "other", again) == [1]


def test_an_amount_in_another_currency_is_news() -> None:
    dollars, euros = (Money(amount=Decimal(5), currency=sign) for sign in "$€")
    assert told_of(CALM, dollars, Decimal(7), euros) == [1, 2]


def test_values_are_known_by_their_names_and_one_that_is_new_is_enough() -> None:
    pages = [price("A", title="x"), price("B", title="y"), price("A", title="y"), price("y", title="x")]
    assert told(play(CALM, *pages)) == [1, 3]


def test_other_conditions_and_lists_see_what_comes_back() -> None:
    assert told_of(ignoring(watch(CHANGES, state_rule("price", Operator.IS, "A"))), *"BABA") == [1, 3]
    assert told_of(ignoring(watch(CHANGES, measured(Operator.DROPS_BY, "1"))), *map(Decimal, (9, 8, 9, 8))) == [1, 3]
    listed = ignoring(watch(event_rule(Operator.CHANGED), is_list=True))
    assert told(play(listed, *(seats({"CS101": number % 2}) for number in range(4)))) == [1, 2, 3]


def test_values_outlive_a_restart_and_another_question_forgets_them() -> None:
    state = play(CALM, *map(price, "ABA"))[-1].state
    assert read_state(write_state(state), write_checked(state)) == state
    assert told(play(CALM, price("B"), price("C"), state=state)) == [1]
    other = replace(price("A"), plan="plan 2")
    decisions = play(CALM, other, replace(price("B"), plan="plan 2"), state=state)
    assert not decisions[0].state.known_values
    assert told(decisions) == [1]


def test_without_the_key_nothing_is_kept() -> None:
    calm = play(CALM, *map(price, "ABA"))[-1].state
    loud = play(replace(CALM, known_values=KnownValues.TELL), *map(price, "BA"), state=calm)
    assert told(loud) == [0, 1]
    assert "known_values" not in write_state(loud[-1].state)


def test_a_check_that_finds_nothing_new_writes_nothing() -> None:
    assert not play(CALM, *map(price, "ABAA"))[-1].is_durable
