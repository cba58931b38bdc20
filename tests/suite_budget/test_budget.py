"""The budget names what costs more than it may, by the table at its head; what is measured is the whole tree."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.suite_budget.budget import Budget, Cost, as_toml, budget_for, over_budget, read_budget
from tests.suite_budget.machine import reference_seconds
from tests.suite_budget.plugin import ticks_below

BUDGET = read_budget(
    """
    whole = { seconds = 10, processes = 20, browsers = 1 }
    default = { seconds = 1, processes = 3 }

    [modules]
    "tests/test_shop.py" = { seconds = 4, browsers = 1 }
    """
)


@pytest.mark.parametrize(
    ("costs", "said"),
    [
        ({"tests/test_price.py": Cost(seconds=1, processes=3)}, []),
        ({"tests/test_price.py": Cost(seconds=1.5)}, ["tests/test_price.py: seconds 1.5, and its budget is 1"]),
        ({"tests/test_price.py": Cost(clusters=1)}, ["tests/test_price.py: clusters 1, and its budget is 0"]),
        ({"tests/test_shop.py": Cost(seconds=4, processes=3, browsers=1)}, []),
        ({"tests/test_shop.py": Cost(processes=4)}, ["tests/test_shop.py: processes 4, and its budget is 3"]),
    ],
    ids=["keeps to the default", "is slow", "starts a cluster", "keeps to its line", "starts more than by default"],
)
def test_a_module_is_held_to_its_line_and_to_the_default(costs: Mapping[str, Cost], said: list[str]) -> None:
    assert list(over_budget(costs, BUDGET, is_whole=False)) == said


def test_many_that_keep_to_the_default_are_too_much_together() -> None:
    costs = {"tests/test_shop.py": Cost()} | {f"tests/test_{number}.py": Cost(seconds=1) for number in range(11)}
    assert list(over_budget(costs, BUDGET, is_whole=True)) == ["all tests: seconds 11, and its budget is 10"]


def test_a_line_of_a_module_that_is_gone_is_named_when_all_tests_ran() -> None:
    costs = {"tests/test_price.py": Cost(seconds=1)}
    assert list(over_budget(costs, BUDGET, is_whole=False)) == []
    assert list(over_budget(costs, BUDGET, is_whole=True)) == [
        "tests/test_shop.py: it is gone, and its line is still there"
    ]


def test_what_is_written_has_room_and_is_read_again() -> None:
    costs = {"tests/test_shop.py": Cost(seconds=4.1, browsers=2), "tests/test_price.py": Cost(seconds=0.5)}
    budget = budget_for(costs)
    assert budget.modules == {"tests/test_shop.py": Cost(seconds=7, processes=3, browsers=2)}
    assert read_budget(as_toml(budget)) == budget
    assert list(over_budget(costs, budget, is_whole=True)) == []


def test_a_run_of_some_tests_changes_their_lines_alone() -> None:
    budget = budget_for({"tests/test_price.py": Cost(seconds=2)}, BUDGET)
    assert budget.modules == {**BUDGET.modules, "tests/test_price.py": Cost(seconds=3, processes=3)}
    assert budget_for({"tests/test_shop.py": Cost()}, BUDGET) == Budget(whole=BUDGET.whole, default=BUDGET.default)


def test_what_a_process_spent_that_was_waited_for_is_counted() -> None:
    before = ticks_below(os.getpid())
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.2: pass"], check=True)
    assert ticks_below(os.getpid()) - before > 0.1 * os.sysconf("SC_CLK_TCK")


def test_a_machines_speed_is_more_than_nothing() -> None:
    assert reference_seconds() > 0
