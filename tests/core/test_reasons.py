"""Why something is told, as a person would say it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import event_rule, watch
from watcher.core.locale import Locale
from watcher.core.reasons import reasons
from watcher.core.values import SINGLE, Money, Value, ValueType
from watcher.core.watch import Condition, Operand, Operator, Rule, Selector, Step, Values, Watch
from watcher.core.words import Firing

SHOP = replace(
    watch(),
    extraction=Values(
        selectors={name: Selector() for name in ("price", "value")} | {"stock": Selector(type=ValueType.STOCK)}
    ),
)
NAMELESS = replace(watch(), extraction=Values(selectors={"value": Selector(type=ValueType.MONEY)}))
IN_STOCK = Condition(subject="stock", operator=Operator.IS, operand=("in_stock",))
FIVE_PERCENT = Step(amount=Decimal("0.05"), is_share=True)


def on(subject: str | None, operator: Operator, operand: Operand = None) -> Condition:
    return Condition(subject=subject, operator=operator, operand=operand)


def why(*rules: Rule, watched: Watch = SHOP, language: Locale | None = Locale.ENGLISH) -> str:
    """Return the sentences of entries, of whose rows nothing is known."""
    return reasons(rules, watched, language)


def why_fired(*firings: Firing, language: Locale | None = Locale.ENGLISH) -> str:
    return reasons([firing.rule for firing in firings], SHOP, language, fired=firings)


@pytest.mark.parametrize(
    ("conditions", "english", "chinese"),
    [
        (
            [on("price", Operator.DROPS_BY, FIVE_PERCENT), IN_STOCK],
            "Price fell 5% or more, and it is in stock.",
            "价格降了 5% 以上，且现在有货。",
        ),
        ([on("价格", Operator.BELOW, Decimal(10))], "价格 is below 10.", "价格低于 10。"),
        ([on("seats", Operator.ABOVE, Decimal(0))], "Seats are above 0.", "seats 大于 0。"),
        ([on("status", Operator.IS, ("open",))], "Status is “open”.", "status 是“open”。"),
        ([on("class", Operator.IS, ("3", "B"))], "Class is 3 or “B”.", "class 是 3 或“B”。"),
        ([on("price", Operator.BELOW, Decimal(12_000))], "Price is below 12,000.", "价格低于 12,000。"),
        ([on("day", Operator.BELOW, date(2026, 12, 1))], "Day is before 1 Dec 2026.", "day 早于 2026年12月1日。"),
        (
            [on("day", Operator.ABOVE, datetime(2026, 12, 1, 9, 30))],  # noqa: DTZ001 - as a page writes it
            "Day is after 1 Dec 2026, 09:30.",
            "day 晚于 2026年12月1日 09:30。",
        ),
        ([on("text", Operator.CONTAINS, ("sold out",))], "“sold out” is in text.", "text 包含“sold out”。"),
        (
            [on("text", Operator.NOT_CONTAINS, ("售罄", "停售"))],
            "“售罄” or “停售” is not in text.",
            "text 不包含“售罄”或“停售”。",
        ),
        (
            [on("value", Operator.CONTAINS, ("开售", "抢购"))],
            "“开售” or “抢购” is in the text.",
            "内容包含“开售”或“抢购”。",
        ),
        ([on("text", Operator.MATCHES, ("go+d",))], "“go+d” matches text.", "text 匹配“go+d”。"),
        ([on("button", Operator.APPEARS)], "Button appeared.", "button 出现了。"),
        ([on("button", Operator.DISAPPEARS)], "Button disappeared.", "button 消失了。"),
        ([on(None, Operator.CHANGES)], "The page changed.", "页面有变化。"),
        ([on("price", Operator.CHANGES)], "Price changed.", "价格有变化。"),
        (
            [on("price", Operator.RISES_BY, Step(amount=Decimal(10), is_share=False))],
            "Price rose by 10 or more.",
            "价格涨了 10 以上。",
        ),
        (
            [on("price", Operator.NEW_LOW, timedelta(days=30))],
            "Price is the lowest in 30 days.",
            "价格创 30 天新低。",
        ),
        (
            [on("price", Operator.NEW_HIGH, timedelta(days=1, hours=12))],
            "Price is the highest in 1 day 12 hours.",
            "价格创 1 天 12 小时新高。",
        ),
        ([on(None, Operator.ADDED)], "Something is new on the list.", "列表中有新内容。"),
        ([on(None, Operator.REMOVED)], "Something is gone from the list.", "列表有减少。"),
        ([on(None, Operator.CHANGED)], "Something on the list changed.", "列表有改动。"),
        ([on(None, Operator.CHANGED, ("seats", "room"))], "Seats or room changed.", "seats 或 room 有变化。"),
        ([on("stock", Operator.IS, ("Pre-order",))], "It can be pre-ordered.", "现在可以预订。"),
        (
            [on("stock", Operator.IS, ("in stock", "soon"))],
            "Stock is “in stock” or “soon”.",
            "库存是“in stock”或“soon”。",
        ),
        ([on("iPhone", Operator.CHANGES)], "iPhone changed.", "iPhone 有变化。"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_an_entry_is_a_sentence(conditions: list[Condition], english: str, chinese: str) -> None:
    rule = Rule(conditions=tuple(conditions))
    assert why(rule) == english
    assert why(rule, language=None) == english
    assert why(rule, language=Locale.CHINESE) == chinese


def test_several_entries_are_several_sentences_each_said_once() -> None:
    rules = [event_rule(Operator.ADDED), event_rule(Operator.CHANGED), event_rule(Operator.ADDED)]
    assert why(*rules) == "Something is new on the list. Something on the list changed."
    assert why(*rules, language=Locale.CHINESE) == "列表中有新内容。列表有改动。"


def test_what_came_and_what_went_is_one_sentence() -> None:
    rules = [event_rule(Operator.REMOVED), event_rule(Operator.ADDED)]
    assert why(*rules) == "Something is new on the list, and something is gone from it."
    assert why(*rules, language=Locale.CHINESE) == "列表有新增，也有减少。"


def test_a_number_without_a_name_is_called_a_value() -> None:
    rule = Rule(conditions=(on("value", Operator.BELOW, Decimal(90)),))
    assert why(rule, watched=NAMELESS) == "The value is below 90."
    assert why(rule, watched=NAMELESS, language=Locale.CHINESE) == "数值低于 90。"


def euros(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="€", code="EUR")


BELOW_90 = Rule(conditions=(on("price", Operator.BELOW, Decimal(90)),))
ABOVE_90 = Rule(conditions=(on("price", Operator.ABOVE, Decimal(90)),))


@pytest.mark.parametrize(
    ("rule", "old", "new", "english", "chinese"),
    [
        pytest.param(BELOW_90, euros(95), euros(85), "Price fell below €90.", "价格已低于 €90。", id="fell"),
        pytest.param(ABOVE_90, 85, 95, "Price rose above 90.", "价格已大于 90。", id="rose"),
        pytest.param(BELOW_90, euros(80), euros(85), "Price is below €90.", "价格低于 €90。", id="was below before"),
        pytest.param(BELOW_90, None, euros(85), "Price is below €90.", "价格低于 €90。", id="nothing before"),
        pytest.param(
            BELOW_90,
            Money(amount=Decimal(95), currency="$", code="USD"),
            euros(85),
            "Price is below €90.",
            "价格低于 €90。",
            id="another currency before",
        ),
        pytest.param(
            Rule(conditions=(on("price", Operator.DROPS_BY, Step(amount=Decimal(5), is_share=False)),)),
            euros(95),
            euros(85),
            "Price fell by €5 or more.",
            "价格降了 €5 以上。",
            id="a step",
        ),
    ],
)
def test_a_bound_is_said_as_it_was_crossed_and_in_the_money_of_the_page(
    rule: Rule, old: Value, new: Value, english: str, chinese: str
) -> None:
    firing = Firing(rule=rule, key=SINGLE, old={"price": old}, new={"price": new})
    assert why_fired(firing) == english
    assert why_fired(firing, language=Locale.CHINESE) == chinese


def test_a_reminder_says_what_is_and_not_what_happened() -> None:
    firing = Firing(rule=BELOW_90, key=SINGLE, old={"price": 95}, new={"price": 85}, is_reminder=True)
    assert why_fired(firing) == "Price is below 90."


def test_rows_in_several_currencies_share_a_bound_without_one() -> None:
    firings = [
        Firing(rule=BELOW_90, key=key, old=None, new={"price": Money(amount=Decimal(85), currency=key)}) for key in "€$"
    ]
    assert why_fired(*firings) == "Price is below 90."
