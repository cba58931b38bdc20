"""What is due when."""

from __future__ import annotations

from watcher.watching.due_queue import DueQueue


def agenda(**planned: float) -> DueQueue:
    made = DueQueue()
    for watch, at in planned.items():
        made.plan(watch, at)
    return made


def test_what_is_due_comes_in_its_order_and_once() -> None:
    made = agenda(b=2, a=1, c=3)
    assert list(made.take_due(2)) == ["a", "b"]
    assert list(made.take_due(2)) == []
    assert made.next_due_at() == 3


def test_a_new_plan_takes_the_place_of_the_old_one() -> None:
    made = agenda(a=1, b=2)
    made.plan("a", 5)
    assert list(made.take_due(4)) == ["b"]
    made.plan("a", 3)
    assert list(made.take_due(9)) == ["a"]
    assert made.next_due_at() is None


def test_what_was_dropped_is_never_due_and_may_be_planned_again() -> None:
    made = agenda(a=1)
    made.drop("a")
    made.drop("never planned")
    assert made.next_due_at() is None
    made.plan("a", 1)
    assert list(made.take_due(1)) == ["a"]


def test_plans_that_change_all_the_time_take_no_memory() -> None:
    made = agenda(a=1, b=2)
    for at in range(10_000):
        made.plan("a", at)
    assert len(made._heap) < 2_000
    assert sorted(made.planned()) == [("a", 9_999), ("b", 2)]
    assert list(made.take_due(10_000)) == ["b", "a"]
