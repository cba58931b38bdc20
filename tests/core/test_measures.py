"""`drops_by` and `rises_by`: how far a number moved since subscribers were last told it."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.core.builders import (
    BROKEN,
    NOON,
    NOT_MODIFIED,
    event_rule,
    measured,
    play,
    price,
    rolling,
    seats,
    seen,
    state_rule,
    summaries,
    told,
    watch,
)
from watcher.core.check import Peak, Seen, WatchState
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.judge import judge
from watcher.core.values import SINGLE, Money
from watcher.core.watch import Condition, OnError, Operator, Rule, Watch

DROPS_5 = measured(Operator.DROPS_BY, "5%")
RISES_5 = measured(Operator.RISES_BY, "5%")
IN_STOCK = Condition(operator=Operator.IS, subject="stock", operand=("in_stock",))


@pytest.mark.parametrize(
    ("rule", "series", "expected"),
    [
        pytest.param(DROPS_5, [1000, 950], [1], id="a step is enough"),
        pytest.param(DROPS_5, [1000, 951], [], id="less than a step is not"),
        pytest.param(DROPS_5, [1000, 960, 922, 885, 849, 815], [2, 4], id="slow drift adds up, from the last told"),
        pytest.param(DROPS_5, [1000, 2000, 1200], [2], id="a drop after an untold rise counts"),
        pytest.param(DROPS_5, [1000, 2000, 1901, 1899], [3], id="it is measured from the highest since told"),
        pytest.param(DROPS_5, [1000, 900, 900, 900], [1], id="a fallen value that stays is told once"),
        pytest.param(DROPS_5, [1000, 900, 950, 901], [1, 3], id="after an alert the value told is the peak"),
        pytest.param(DROPS_5, [1000, 900, 940, 894], [1], id="and less than a step from the rise after it is nothing"),
        pytest.param(DROPS_5, [1000, 1100, 1200], [], id="a rise is no drop"),
        pytest.param(measured(Operator.DROPS_BY, "100"), [1000, 901, 900], [2], id="an amount"),
        pytest.param(measured(Operator.DROPS_BY, "100"), [1000, 1050, 960, 950], [3], id="an amount from the peak"),
        pytest.param(RISES_5, [1000, 1049, 1050], [2], id="rises_by"),
        pytest.param(RISES_5, [1000, 500, 524, 525], [3], id="a rise is measured from the lowest since told"),
        pytest.param(RISES_5, [1000, 900, 800], [], id="a drop is no rise"),
        pytest.param(RISES_5, [0, 1], [1], id="any rise from nothing is more than a share of it"),
        pytest.param(RISES_5, [-100, -96, -95], [2], id="a share of a number below zero"),
        pytest.param(DROPS_5, [1000, None, 960, 940], [3], id="an absent value does not set the peak anew"),
        pytest.param(DROPS_5, [1000, None, None], [], id="an absent value is no drop"),
        pytest.param(DROPS_5, [1000, None, 900, 900], [2], id="a value that comes back lower has dropped"),
        pytest.param(DROPS_5, [None, 900, 800], [2], id="the first number is the first peak"),
    ],
)
def test_when_a_step_is_reached(rule: Rule, series: list[int | None], expected: list[int]) -> None:
    assert told(play(watch(rule), *map(price, series))) == expected


def test_a_price_that_melts_in_steps_of_4_percent_is_told_at_each_5_percent_since_told() -> None:
    series = accumulate(range(8), lambda value, _: value * Decimal("0.96"), initial=Decimal(1000))
    decisions = play(watch(DROPS_5), *map(price, series))
    assert told(decisions) == [2, 4, 6, 8]
    assert summaries(decisions)[0] == "Dune 1000 → 921.6000 (−7.8%)"


def test_a_message_compares_with_the_peak_that_the_drop_is_measured_from() -> None:
    euros = [price(Money(amount=Decimal(amount), currency="€")) for amount in (1000, 2000, 1200)]
    assert summaries(play(watch(DROPS_5), *euros)) == ["Dune €2,000 → €1,200 (−40%)"]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param([1000, 900, 900], [2], id="the new value must stand"),
        pytest.param([1000, 900, 1000, 1000], [], id="a value that goes back has not dropped"),
        pytest.param([1000, 900, 890, 890], [3], id="another value starts to count anew"),
        pytest.param([1000, 970, 940, 940], [3], id="slow drift is confirmed as well"),
    ],
)
def test_confirm_2(series: list[int], expected: list[int]) -> None:
    assert told(play(watch(DROPS_5, confirm=2), *map(price, series))) == expected


def test_a_drop_is_confirmed_by_a_check_that_saw_no_change_and_across_an_error() -> None:
    assert told(play(watch(DROPS_5, confirm=3), price(1000), price(900), BROKEN, NOT_MODIFIED, price(900))) == [4]


def test_peaks_are_kept_of_measured_values_only() -> None:
    decisions = play(watch(DROPS_5), price(1000, pages=400), price(1200, pages=500), price(1190, pages=1))
    assert [decision.state.peaks for decision in decisions] == [
        {SINGLE: {"price": Peak(low=Decimal(1000), high=Decimal(1000))}},
        {SINGLE: {"price": Peak(low=Decimal(1000), high=Decimal(1200))}},
        {SINGLE: {"price": Peak(low=Decimal(1000), high=Decimal(1200))}},
    ]
    assert play(watch(), price(1000))[0].state.peaks == {}


def test_any_message_that_carries_the_row_sets_its_peak_anew() -> None:
    watched = watch(DROPS_5, state_rule("price", Operator.ABOVE, 1500))
    assert told(play(watched, price(1000), price(2000), price(1901), price(1900))) == [1, 3]


def test_what_one_audience_was_told_does_not_set_the_peak_of_another() -> None:
    for_friends = measured(Operator.DROPS_BY, "5%", topics=("friends",))
    decisions = play(watch(event_rule(Operator.CHANGES), for_friends), *map(price, (1000, 970, 940)))
    assert [[message.topic for message in decision.messages] for decision in decisions] == [
        [],
        ["deals"],
        ["deals", "friends"],
    ]


def test_a_drop_needs_the_states_beside_it() -> None:
    rule = Rule(conditions=(*DROPS_5.conditions, IN_STOCK))
    series = [price(amount, stock=stock) for amount, stock in ((1000, "in_stock"), (900, "out_of_stock"))]
    assert told(play(watch(rule), *series, price(890, stock="in_stock"))) == [2]


def test_every_row_is_measured_by_itself_and_a_row_that_went_is_forgotten() -> None:
    watched = watch(measured(Operator.DROPS_BY, "5", subject="seats"), is_list=True)
    pages = [{"A": 10, "B": 10}, {"A": 5, "B": 6}, {"B": 5}, {"A": 1, "B": 5}]
    decisions = play(watched, *map(seats, pages))
    assert told(decisions) == [1, 2]
    assert [sorted(decision.state.peaks) for decision in decisions] == [["A", "B"], ["A", "B"], ["B"], ["A", "B"]]


def test_a_row_of_a_rolling_list_starts_anew_when_it_comes_back() -> None:
    watched = rolling(measured(Operator.DROPS_BY, "5", subject="seats"))
    assert told(play(watched, seats({"A": 10, "B": 1}), seats({"B": 1}), seats({"A": 9}), seats({"A": 5}))) == []


def test_an_entry_that_is_added_later_measures_from_then_on() -> None:
    state = play(watch(), price(1000), price(700))[-1].state
    decisions = play_on(watch(DROPS_5), state, 690, 660, 655)
    assert decisions == [[], [], ["Dune 690 → 655 (−5.1%)"]]


def play_on(watched: Watch, state: WatchState, *series: int) -> list[list[str]]:
    """Judge further prices; return what each check tells."""
    said = []
    for amount in series:
        decision = judge(watched, state, price(amount), epoch="epoch", budget=UNLIMITED, now=NOON)
        state = decision.state
        said.append([message.summary for message in decision.messages])
    return said


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(seen({SINGLE: {"price": 500}}, plan="plan 2"), id="another extraction"),
        pytest.param(
            seen({SINGLE: {"price": 500}}, engine="test 2", reread={SINGLE: {"price": 500}}), id="another engine"
        ),
    ],
)
def test_what_is_read_differently_is_measured_from_then_on(later: Seen) -> None:
    decisions = play(watch(DROPS_5), price(1000), later)
    assert decisions[1].state.peaks == {SINGLE: {"price": Peak(low=Decimal(500), high=Decimal(500))}}


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_a_drop_is_told_exactly_when_the_value_fell_to_a_step_below_the_highest_since_told(series: list[int]) -> None:
    expected, since_told = [], [series[0]]
    for place, (before, value) in enumerate(pairwise(series), start=1):
        since_told.append(value)
        if value < before and (max(since_told) - value) * 20 >= max(since_told):
            expected.append(place)
            since_told = [value]
    assert told(play(watch(DROPS_5), *map(price, series))) == expected


def test_a_drop_is_told_when_the_other_conditions_come_to_hold_later() -> None:
    rule = Rule(conditions=(*DROPS_5.conditions, IN_STOCK))
    pages = [(1000, "in_stock"), (900, "out_of_stock"), (900, "in_stock"), (900, "out_of_stock"), (900, "in_stock")]
    assert told(play(watch(rule), *(price(amount, stock=stock) for amount, stock in pages))) == [2]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param([1000, 2000, 1000, 1000], [], id="a height seen once moves no peak"),
        pytest.param([1000, 2000, 2000, 1200, 1200], [4], id="one that stood does"),
        pytest.param([None, 2000, 1000, 1000], [], id="nor is it the first peak"),
    ],
)
def test_only_what_stood_for_confirm_checks_is_measured_from(series: list[int | None], expected: list[int]) -> None:
    assert told(play(watch(DROPS_5, confirm=2), *map(price, series))) == expected


def money(*pages: tuple[str | None, int]) -> list[Seen]:
    return [price(Money(amount=Decimal(amount), currency=unit)) for unit, amount in pages]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        pytest.param([("¥", 1000), ("$", 140), ("$", 130)], [2], id="another currency is no drop, and begins anew"),
        pytest.param([("€", 1000), ("€", 960), ("$", 1500), ("€", 900)], [], id="and so does the first again"),
        pytest.param([("€", 1000), (None, 900)], [1], id="one that the page leaves out is the same"),
    ],
)
def test_amounts_in_two_currencies_are_not_compared(series: list[tuple[str | None, int]], expected: list[int]) -> None:
    assert told(play(watch(DROPS_5), *money(*series))) == expected


def test_a_price_that_comes_back_in_another_currency_has_not_dropped() -> None:
    (before,), (after,) = money(("€", 1000)), money(("$", 900))
    assert told(play(watch(DROPS_5), before, price(None), after)) == []


def test_two_values_that_dropped_are_each_shown_from_where_they_are_measured() -> None:
    watched = watch(DROPS_5, measured(Operator.DROPS_BY, "5%", subject="fee"))
    decisions = play(watched, price(1000, fee=100), price(960, fee=99), price(949, fee=90))
    assert summaries(decisions) == ["Dune: price 1000 → 949 (−5.1%), fee 100 → 90 (−10%)"]


def test_the_same_drop_for_two_audiences_is_confirmed_for_each() -> None:
    for_friends = measured(Operator.DROPS_BY, "5%", topics=("friends",))
    decisions = play(watch(DROPS_5, for_friends, confirm=2), price(1000), price(900), price(900))
    assert [message.topic for message in decisions[2].messages] == ["deals", "friends"]
    watched = watch(DROPS_5, state_rule("price", Operator.ABOVE, 1500), for_friends, confirm=2)
    later = play(watched, *map(price, (1000, 1600, 1600, 1510, 1510)))
    assert [message.topic for message in later[4].messages] == ["deals", "friends"]


STATES = st.tuples(st.sampled_from([None, 85, 90, 95, 100, 110]), st.sampled_from(["in_stock", "sold out"]))


@given(st.lists(STATES, min_size=1, max_size=40), st.integers(1, 3))
def test_what_is_told_is_a_drop_that_stood_from_the_highest_that_stood(
    pages: list[tuple[int | None, str]], confirm: int
) -> None:
    """By the definition: all held for `confirm` checks at one price, a step below the highest that stood since told."""
    watched = watch(Rule(conditions=(*DROPS_5.conditions, IN_STOCK)), confirm=confirm)
    watched = replace(watched, on_error=OnError(after=None))  # what awaits its confirmation in vain is told, too
    highest, expected, held, stood = pages[0][0], list[int](), list[int | None](), confirm
    for place, (value, stock) in enumerate(pages[1:], start=1):
        stood = stood + 1 if value == pages[place - 1][0] else 1
        is_drop = value is not None and highest is not None and value < highest and (highest - value) * 20 >= highest
        held = [*(held if held and held[-1] == value else []), value] if is_drop and stock == "in_stock" else []
        if len(held) >= confirm:
            expected.append(place)
            highest, held = value, []
        elif value is not None and stood >= confirm:
            highest = max(value, highest or value)
    assert told(play(watched, *(price(value, stock=stock) for value, stock in pages))) == expected
