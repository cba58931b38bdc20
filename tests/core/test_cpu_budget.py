"""What a page, or a run of the rules, may take of the processor, by a given clock."""

from __future__ import annotations

import pytest

from tests.bounded import bounded
from watcher.core.cpu_budget import UNLIMITED, CpuBudget
from watcher.errors import SlowExpressionError


class Clock:
    """Each look at it comes a second after the one before."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def test_it_is_spent_once_its_seconds_are_over() -> None:
    budget = CpuBudget(Clock(), seconds=2)
    assert [budget.is_spent for _ in range(4)] == [False, False, True, True]
    assert not CpuBudget(Clock()).is_spent


def test_all_expressions_together_are_limited() -> None:
    budget = CpuBudget(Clock(), regex_seconds=2.5)
    assert budget.search("b", "abc")
    assert budget.search("x", "abc") is None
    with pytest.raises(SlowExpressionError, match=r"together took too long on this page, 'c' the last of them"):
        budget.search("c", "abc")


def test_one_expression_is_limited_by_what_is_left_and_at_most_by_a_fifth_of_a_second() -> None:
    endless, text = r"^(a|aa)+$", "a" * 60 + "b"
    with bounded(5), pytest.raises(SlowExpressionError, match=r"took over 0\.2 s; make it simpler"):
        UNLIMITED.search(endless, text)
    with bounded(5), pytest.raises(SlowExpressionError, match=r"took over 0\.05 s; make it simpler"):
        CpuBudget(Clock(), regex_seconds=0.05).search(endless, text)
