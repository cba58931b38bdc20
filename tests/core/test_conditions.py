"""The table at the head of `watcher.core.conditions`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.bounded import bounded
from watcher.core.conditions import holds, occurs
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import Money, Row, Stock, Value
from watcher.core.watch import Condition, Operand, Operator
from watcher.errors import PageError

YEN_9 = Money(amount=Decimal("9.00"), currency="¥")


@pytest.mark.parametrize(
    ("operator", "operand", "value", "expected"),
    [
        (Operator.IS, ("In Stock", "soon"), "in stock", True),
        (Operator.IS, ("In Stock",), "in stock now", False),
        (Operator.IS, ("9",), YEN_9, True),
        (Operator.IS, ("9.00",), 9, True),
        (Operator.IS, ("nine", "sNaN"), 9, False),
        (Operator.CONTAINS, ("售罄", "SOLD"), "sold out", True),
        (Operator.CONTAINS, ("售罄",), "有票", False),
        (Operator.NOT_CONTAINS, ("售罄", "缺货"), "有票", True),
        (Operator.NOT_CONTAINS, ("售罄", "缺货"), "现在缺货", False),
        (Operator.MATCHES, ("^CS", "^MA"), "MA201", True),
        (Operator.MATCHES, ("^CS",), "xCS", False),
        (Operator.MATCHES, (r"^\d$",), 7, True),
        (Operator.BELOW, Decimal(10), YEN_9, True),
        (Operator.BELOW, Decimal(9), YEN_9, False),
        (Operator.BELOW, Decimal(10), "9", False),
        (Operator.ABOVE, Decimal(0), 1, True),
        (Operator.ABOVE, Decimal(1), 1, False),
        (Operator.IS, ("in_stock",), Stock.IN_STOCK, True),
        (Operator.IS, ("in stock",), "in_stock", True),
        (Operator.IS, ("In_Stock",), "in_stock", True),
        (Operator.IS, ("out_of_stock",), "in_stock", False),
        (Operator.IS, ("in_stock",), "out_of_stock", False),
        (Operator.CONTAINS, ("_stock",), Stock.IN_STOCK, True),
        (Operator.MATCHES, ("^(in_stock|preorder)$",), Stock.PREORDER, True),
        (Operator.IS, ("2026-12-12",), date(2026, 12, 12), True),
        (Operator.BELOW, date(2026, 12, 12), date(2026, 12, 11), True),
        (Operator.BELOW, date(2026, 12, 12), date(2026, 12, 12), False),
        (Operator.ABOVE, date(2026, 12, 12), date(2026, 12, 13), True),
        (Operator.ABOVE, date(2026, 12, 12), datetime(2026, 12, 12, 23, 59), False),  # noqa: DTZ001  as pages have it
        (Operator.ABOVE, date(2026, 12, 12), datetime(2026, 12, 13, 0, 0), True),  # noqa: DTZ001
        (Operator.BELOW, datetime(2026, 12, 12, 8, 0), datetime(2026, 12, 12, 7, 59), True),  # noqa: DTZ001
        (Operator.BELOW, datetime(2026, 12, 12, 8, 0, tzinfo=UTC), datetime(2026, 12, 12, 7, 59), True),  # noqa: DTZ001
        (Operator.ABOVE, datetime(2026, 12, 12, 8, 0, tzinfo=UTC), datetime(2026, 12, 12, 9, 0, tzinfo=UTC), True),
        (Operator.ABOVE, date(2026, 12, 12), 20_261_213, False),
        (Operator.ABOVE, Decimal(1), date(2026, 12, 12), False),
        (Operator.ABOVE, date(2026, 12, 12), "2026-12-13", False),
        (Operator.APPEARS, None, "", True),
        (Operator.DISAPPEARS, None, "", False),
    ],
)
def test_states(operator: Operator, operand: Operand, value: Value, expected: bool) -> None:
    assert holds(Condition(subject="it", operator=operator, operand=operand), {"it": value}, UNLIMITED) is expected


@pytest.mark.parametrize("row", [{"it": None}, {}], ids=["None", "not there"])
@pytest.mark.parametrize("operator", [operator for operator in Operator if not operator.is_event])
def test_what_is_absent_satisfies_no_state_but_disappears(operator: Operator, row: Row) -> None:
    condition = Condition(subject="it", operator=operator, operand=("x",))
    assert holds(condition, row, UNLIMITED) is (operator is Operator.DISAPPEARS)


@pytest.mark.parametrize(
    ("operator", "fields", "before", "after", "expected"),
    [
        (Operator.ADDED, (), None, {"a": 1}, True),
        (Operator.ADDED, (), {"a": 1}, {"a": 2}, False),
        (Operator.REMOVED, (), {"a": 1}, None, True),
        (Operator.REMOVED, (), None, None, False),
        (Operator.CHANGED, (), {"a": 1, "b": 1}, {"a": 1, "b": 2}, True),
        (Operator.CHANGED, ("a",), {"a": 1, "b": 1}, {"a": 1, "b": 2}, False),
        (Operator.CHANGED, ("a", "b"), {"a": 1, "b": 1}, {"a": 1, "b": 2}, True),
        (Operator.CHANGED, (), None, {"a": 1}, False),
        (Operator.CHANGED, (), {"a": 1}, None, False),
        (Operator.CHANGED, ("a",), {"a": None}, {"a": 1}, True),
    ],
)
def test_events(
    operator: Operator, fields: tuple[str, ...], before: Row | None, after: Row | None, expected: bool
) -> None:
    assert occurs(Condition(operator=operator, operand=fields), before, after) is expected


def test_a_change_of_one_value_does_not_look_at_the_others() -> None:
    of_price = Condition(operator=Operator.CHANGES, subject="price")
    assert not occurs(of_price, {"price": 1, "stock": 1}, {"price": 1, "stock": 2})
    assert occurs(of_price, {"price": 1, "stock": 1}, {"price": 2, "stock": 1})


def test_an_expression_that_takes_for_ever_is_a_failed_check_soon() -> None:
    endless = Condition(subject="it", operator=Operator.MATCHES, operand=(r"^(a|aa)+$",))
    with bounded(5), pytest.raises(PageError, match="make it simpler"):
        holds(endless, {"it": "a" * 60 + "b"}, UNLIMITED)


def test_states_and_events_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="is an event"):
        holds(Condition(subject="it", operator=Operator.CHANGES), {"it": 1}, UNLIMITED)
    with pytest.raises(ValueError, match="is a state"):
        occurs(Condition(subject="it", operator=Operator.IS, operand=("1",)), {"it": 1}, {"it": 1})
    with pytest.raises(ValueError, match="is an event that is measured"):
        occurs(Condition(subject="it", operator=Operator.DROPS_BY), {"it": 2}, {"it": 1})


def test_characters_that_show_nothing_make_no_difference_to_states() -> None:
    for operator in (Operator.IS, Operator.CONTAINS):
        assert holds(Condition(subject="it", operator=operator, operand=("☎ HOME",)), {"it": "☎\ufe0f home"}, UNLIMITED)
        assert holds(Condition(subject="it", operator=operator, operand=("میخوان",)), {"it": "می\u200cخوان"}, UNLIMITED)
