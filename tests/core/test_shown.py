"""Values as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from watcher.core.phrases.chinese import CHINESE
from watcher.core.phrases.english import ENGLISH
from watcher.core.shown import shown, shown_briefly
from watcher.core.values import Money, Value

EIGHT_AT_NIGHT = datetime(2026, 12, 3, 20, 5, tzinfo=UTC)


def money(amount: str, currency: str | None = None) -> Money:
    return Money(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (None, "–", "–"),
        (money("1299.00", "¥"), "¥1,299.00", "¥1,299.00"),
        (money("-1299", "€"), "€-1,299", "€-1,299"),
        (money("12.50", "USD"), "USD 12.50", "12.50 美元"),
        (money("1299", "元"), "1,299 元", "1,299 元"),
        (money("1299"), "1,299", "1,299"),
        (money("9.90", "zł"), "9.90 zł", "9.90 zł"),
        (money("9.90", "SFr"), "SFr 9.90", "SFr 9.90"),
        (2026, "2026", "2026"),
        (-12000, "-12,000", "-12,000"),
        (Decimal("12000.50"), "12,000.50", "12,000.50"),
        (Decimal("1e40"), "1" + "0" * 40, "1" + "0" * 40),
        (date(2026, 12, 3), "3 Dec 2026", "2026年12月3日"),
        (EIGHT_AT_NIGHT, "3 Dec 2026, 20:05 (UTC)", "2026年12月3日 20:05（UTC）"),
        (EIGHT_AT_NIGHT.replace(tzinfo=None), "3 Dec 2026, 20:05", "2026年12月3日 20:05"),
        (
            EIGHT_AT_NIGHT.astimezone(timezone(timedelta(hours=5, minutes=30))),
            "4 Dec 2026, 01:35 (UTC+5:30)",
            "2026年12月4日 01:35（UTC+5:30）",
        ),
        ("in_stock", "in stock", "有货"),
        ("preorder", "pre-order", "可预订"),
        ("out_of_stock", "out of stock", "缺货"),
        ("售罄", "售罄", "售罄"),
        ("12000", "12000", "12000"),
    ],
    ids=str,
)
def test_a_value_is_written_as_the_language_writes_it(value: Value, english: str, chinese: str) -> None:
    assert (shown(value, ENGLISH), shown(value, CHINESE)) == (english, chinese)


@pytest.mark.parametrize(
    ("value", "listed"),
    [
        (money("1299.00", "¥"), "¥1,299.00"),
        (money("1299", "元"), "1,299 元"),
        (date(2026, 12, 3), "2026-12-03"),
        (12000, "12000"),
        ("in_stock", "in stock"),
        (None, "–"),
    ],
    ids=str,
)
def test_a_list_of_values_has_amounts_as_messages_have_them(value: Value, listed: str) -> None:
    assert shown_briefly(value) == listed
