"""`new_low` and `new_high`: values beyond all that stood within a window of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import BROKEN, NOON, NOT_MODIFIED, play, price, seats, told, watch
from watcher.core.check import Past
from watcher.core.series import BUCKETS, is_extreme, push
from watcher.core.values import SINGLE, Money
from watcher.core.watch import Condition, Operator, Rule

HOUR = timedelta(hours=1)


def extreme(operator: Operator, window: timedelta = HOUR, subject: str = "price") -> Rule:
    return Rule(conditions=(Condition(operator=operator, subject=subject, operand=window),))


LOW, HIGH = extreme(Operator.NEW_LOW), extreme(Operator.NEW_HIGH)


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(LOW, [10, 9], [1], id="lower than what stood"),
        pytest.param(LOW, [10, 10, 10], [], id="a value that stays is no new low"),
        pytest.param(LOW, [10, 8, 9, 8], [1], id="as low as within the window is no new low"),
        pytest.param(LOW, [10, 8, 9, 7], [1, 3], id="lower than within the window"),
        pytest.param(LOW, [10, 8, 9, 9, 9, 9, 9, 8.5], [1], id="the window has not passed"),
        pytest.param(LOW, [10, 8, 9, 9, 9, 9, 9, 9, 8.5], [1, 8], id="what stood before the window is forgotten"),
        pytest.param(LOW, [8, 8, 8, 8, 8, 8, 8, 9, 8], [], id="what stood until lately is not"),
        pytest.param(LOW, [10, None, 9], [2], id="an absent value is no low, and ends what stood"),
        pytest.param(LOW, [None, 9, 8], [2], id="the first number is no new low"),
        pytest.param(HIGH, [10, 11, 9, 11, 12], [1, 4], id="new high"),
        pytest.param(HIGH, [10, 9, 8], [], id="a low is no high"),
    ],
)
def test_when_a_value_is_extreme(rule: Rule, series: list[float | None], expected: list[int]) -> None:
    """Checks are ten minutes apart, so the window holds six."""
    prices = [price(None if value is None else Decimal(value)) for value in series]
    assert told(play(watch(rule), *prices)) == expected


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param([10, 9, 9], [2], id="the new low must stand"),
        pytest.param([10, 9, 8, 8], [3], id="another low starts to count anew"),
        pytest.param([10, 1, 10, 9, 9], [4], id="a low that did not stand was none"),
    ],
)
def test_confirm_2(series: list[int], expected: list[int]) -> None:
    assert told(play(watch(LOW, confirm=2), *map(price, series))) == expected


def test_errors_and_answers_without_news_do_not_end_what_stands() -> None:
    decisions = play(watch(LOW), price(10), BROKEN, NOT_MODIFIED, price(10), price(9))
    assert told(decisions) == [4]
    assert decisions[-1].state.pasts == {
        "price new low in 1h": {SINGLE: (Past(value=Decimal(10), until=NOON + timedelta(minutes=40)),)}
    }


def test_every_row_has_its_own_past_and_a_row_that_went_has_none() -> None:
    watched = watch(extreme(Operator.NEW_LOW, subject="seats"), is_list=True)
    decisions = play(watched, *map(seats, [{"A": 5, "B": 9}, {"A": 6, "B": 8}, {"B": 7}, {"A": 1, "B": 7}]))
    assert told(decisions) == [1, 2]
    assert [list(rows) for rows in decisions[-1].state.pasts.values()] == [["B"]]


STEPS = st.lists(st.tuples(st.integers(1, 5_000), st.integers(1, 20)), min_size=1, max_size=80)
"""Each: for how many seconds a value stands, and the value."""


@given(STEPS, st.sampled_from([Operator.NEW_LOW, Operator.NEW_HIGH]))
def test_it_agrees_with_all_that_stood_within_the_tolerance_of_a_bucket(
    steps: list[tuple[int, int]], operator: Operator
) -> None:
    condition = Condition(operator=operator, subject="price", operand=HOUR)
    now, kept, stood = NOON, tuple[Past, ...](), list[Past]()
    for (seconds, value), (_, following) in pairwise(steps):
        now += timedelta(seconds=seconds)
        if value == following:
            continue
        kept = push(kept, Decimal(value), condition, now)
        stood.append(Past(value=Decimal(value), until=now))
        found = is_extreme(condition, value, following, kept, now)
        within = [among(condition, stood, value, following, now, window) for window in (HOUR, HOUR * 65 / 64)]
        assert found in within
        assert len(kept) <= BUCKETS + 2


def among(condition: Condition, stood: list[Past], before: int, value: int, now: datetime, window: timedelta) -> bool:
    values: list[int | Decimal] = [before, *(past.value for past in stood if past.until > now - window)]
    return value < min(values) if condition.operator is Operator.NEW_LOW else value > max(values)


def test_a_value_that_never_rests_keeps_the_queue_short() -> None:
    condition = Condition(operator=Operator.NEW_LOW, subject="price", operand=timedelta(days=30))
    kept: tuple[Past, ...] = ()
    for minute in range(50_000):
        kept = push(kept, Decimal(minute), condition, NOON + timedelta(minutes=minute))
    assert BUCKETS <= len(kept) <= BUCKETS + 2


def test_a_clock_that_jumps_back_does_not_grow_the_queue() -> None:
    condition = LOW.conditions[0]
    kept = push((), Decimal(1), condition, NOON)
    earlier = NOON - HOUR / 2
    assert push(kept, Decimal(2), condition, earlier) == (Past(value=Decimal(1), until=earlier),)


def test_a_clock_that_is_set_back_again_and_again_keeps_the_queue_short() -> None:
    condition = extreme(Operator.NEW_LOW, timedelta(days=30)).conditions[0]
    kept, now, longest = tuple[Past, ...](), NOON, 0
    for number in range(4_000):
        now += timedelta(hours=1) if number % 800 else -timedelta(days=29)
        kept = push(kept, Decimal(number), condition, now)
        longest = max(longest, len(kept))
    assert longest <= BUCKETS + 2
    assert kept[0].value == min(past.value for past in kept)


def test_a_low_that_did_not_stand_for_confirm_checks_never_stood() -> None:
    both = Rule(conditions=(*LOW.conditions, Condition(operator=Operator.IS, subject="stock", operand=("in_stock",))))
    pages = [(10, "in_stock"), (8, "sold out"), (10, "in_stock"), (9, "in_stock"), (9, "in_stock")]
    assert told(play(watch(both, confirm=2), *(price(amount, stock=stock) for amount, stock in pages))) == [4]


def test_amounts_in_another_currency_are_no_low_of_this_one() -> None:
    pages = [("€", 10), ("$", 9), ("$", 8), ("€", 9)]
    series = [price(Money(amount=Decimal(amount), currency=unit)) for unit, amount in pages]
    assert told(play(watch(LOW), *series)) == [2]
