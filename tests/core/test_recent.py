"""The last numbers of a page, and the small chart that messages make of them."""

from __future__ import annotations

import sys
from datetime import UTC, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import NOON, event_rule, measured, play, price, seats, watch
from watcher.core.chart import bars, chart_line
from watcher.core.check import Decision, Past, WatchState
from watcher.core.phrases import Phrases
from watcher.core.phrases.chinese import CHINESE
from watcher.core.phrases.english import ENGLISH
from watcher.core.recent import RECENT_NUMBERS, advance_recent, recent_numbers
from watcher.core.values import SINGLE, Money, Value
from watcher.core.watch import Operator

PRICES = (12, 11, 13, 9, 10, 8)


def euros(amount: str | int) -> Money:
    return Money(amount=Decimal(amount), currency="€", code="EUR")


def dollars(amount: str | int) -> Money:
    return Money(amount=Decimal(amount), currency="$", code="USD")


def played(*values: Value) -> list[Decision]:
    return play(watch(), *map(price, values))


def kept(*values: Value) -> list[int]:
    """Return what is kept of the numbers that stood, after these have been seen."""
    pasts = recent_numbers(played(*values)[-1].state.recent)
    return [int(past.value) for past in pasts.get("price", ())]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([12], [], id="a page that never changed"),
        pytest.param([12, 12, 12], [], id="a number that stays"),
        pytest.param(PRICES, [12, 11, 13, 9, 10], id="each number that stood"),
        pytest.param([12, None, 11, 10], [12, 11], id="gone for a while"),
        pytest.param([euros(12), euros(11), dollars(12), dollars(13)], [12], id="another currency begins anew"),
        pytest.param(["a", "b"], [], id="texts"),
        pytest.param([10**30, 1, 2], [1], id="what nobody reads begins anew"),
        pytest.param(range(40), list(range(28, 39)), id="the last twelve, with the one that stands"),
    ],
)
def test_which_numbers_are_kept(values: list[Value], expected: list[int]) -> None:
    assert kept(*values) == expected


def test_a_number_is_kept_with_when_it_ended() -> None:
    (past,) = recent_numbers(played(12, 11)[-1].state.recent)["price"]
    assert past == Past(value=Decimal(12), until=NOON + timedelta(minutes=10))


def test_a_list_and_a_page_that_never_changed_keep_nothing() -> None:
    listed = play(watch(is_list=True), seats({"A": 1}), seats({"A": 2}))
    assert listed[-1].state.recent == played(12)[-1].state.recent == ""


def test_another_extraction_keeps_the_numbers_of_a_page_that_says_the_same() -> None:
    before = WatchState(recent="price=12@29412345")
    for rows, expected in (({}, before.recent), ({SINGLE: {"price": 9}}, "")):
        assert advance_recent(before, rows, rows, now=NOON, is_baseline=True) == expected


@pytest.mark.faults
@given(st.lists(st.dictionaries(st.sampled_from("abcde"), st.decimals(allow_nan=False, allow_infinity=False))))
def test_what_is_kept_is_a_few_hundred_bytes(rows: list[dict[str, Value]]) -> None:
    state = WatchState()
    for old, new in pairwise(rows):
        recent = advance_recent(state, {SINGLE: old}, {SINGLE: new}, now=NOON, is_baseline=False)
        state = WatchState(recent=recent)
        assert all(0 < len(pasts) < RECENT_NUMBERS for pasts in recent_numbers(recent).values())
    assert sys.getsizeof(state.recent) < 1_200


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([1, 2, 3, 4, 5, 6], "▁▂▃▅▆▇"),
        ([120, 115, 118, 99, 101, 95, 97, 85], "▇▆▇▃▃▂▃▁"),
        ([-1, 0], "▁▇"),
        ([5, 5], "▁▁"),
        ([Decimal("1E-20"), Decimal("1E+20")], "▁▇"),
    ],
)
def test_each_number_is_a_bar(numbers: list[Decimal | int], shown: str) -> None:
    assert bars([Decimal(number) for number in numbers]) == shown


def line(*numbers: int | str, name: str | None = None, phrases: Phrases = ENGLISH) -> str:
    *before, now = numbers
    pasts = [Past(value=Decimal(number), until=NOON + timedelta(days=day)) for day, number in enumerate(before)]
    return chart_line(name, pasts, euros(now), UTC, phrases)


def test_a_chart_says_in_words_what_it_shows() -> None:
    assert line(12, 11, 13, "8.50") == "Last 4 values: ▆▅▇▁ from €12 to €8.50, the lowest since 24 Nov 2026."
    assert line(12, 11, 9, 14) == "Last 4 values: ▅▃▁▇ from €12 to €14, the highest since 24 Nov 2026."
    assert line(12, 9, 12, 9, name="price") == "Last 4 values of price: ▇▁▇▁ from €12 to €9, all between €9 and €12."
    assert line(12, 11, 13, 8, phrases=CHINESE) == "最近 4 个值：▆▅▇▁，从 €12 到 €8，2026年11月24日以来最低。"
    assert line(12, 9, 8, 9, name="price", phrases=CHINESE) == (
        "价格最近 4 个值：▇▂▁▂，从 €12 到 €9，都在 €8 和 €12 之间。"
    )


def test_fewer_than_four_numbers_are_no_chart() -> None:
    assert line(12, 11, 13) == ""


def test_a_message_shows_the_last_numbers_below_why() -> None:
    (message,) = played(*PRICES)[-1].messages
    assert message.summary == "Dune 10 → 8 (−20%)"
    assert message.content.splitlines() == [
        "The page changed.",
        "Last 6 values: ▆▅▇▂▃▁ from 12 to 8, the lowest since 24 Nov 2026.",
    ]


def test_a_chart_is_of_what_changed_or_was_asked_for() -> None:
    looks = [price(amount, views=place) for place, amount in enumerate(PRICES)]
    (message,) = play(watch(), *looks)[-1].messages
    assert message.content.count("Last 6 values of") == 2
    (message,) = play(watch(), *looks, price(PRICES[-1], views=100))[-1].messages
    assert "values of views" in message.content
    assert "values of price" not in message.content


def test_a_fall_is_told_with_what_it_is_measured_from() -> None:
    decisions = play(watch(measured(Operator.DROPS_BY, "15%")), *map(price, (100, 102, 95, 97, 85)))
    (message,) = decisions[-1].messages
    assert message.summary == "Dune 102 → 85 (−16.7%)"
    assert message.content.startswith("Price fell 15% or more (it was 102 until 24 Nov 2026).\n")


def test_a_fall_from_the_last_number_needs_no_more_words() -> None:
    (message,) = play(watch(measured(Operator.DROPS_BY, "5%")), price(100), price(90))[-1].messages
    assert message.content == "Price fell 5% or more."


def test_a_repeat_of_the_same_check_says_the_same_letter_for_letter() -> None:
    *_, before, last = played(*PRICES)
    (again,) = play(watch(event_rule(Operator.CHANGES)), price(PRICES[-1]), state=before.state)[0].messages
    assert (again.id, again.content) == (last.messages[0].id, last.messages[0].content)
