"""The types that values keep in webhooks and in the API of changes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tests.core.builders import play, price, watch
from watcher.core.check import NotedEvent, WatchEvent
from watcher.core.event_kinds import EventKind
from watcher.core.typed_changes import change_json, typed
from watcher.core.values import Json, Money, Stock, Value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, 3),
        (Decimal("8.50"), 8.5),
        (Decimal("1299.00"), 1299),
        (Decimal("12345678901234567890.123"), "12345678901234567890.123"),
        (Decimal("1e400"), f"{Decimal('1e400'):f}"),
        (Money(amount=Decimal("8.50"), currency="€", code="EUR"), {"amount": 8.5, "currency": "EUR"}),
        (Money(amount=Decimal(12), currency="¥"), {"amount": 12, "currency": "¥"}),
        (Money(amount=Decimal(12)), {"amount": 12, "currency": None}),
        (date(2026, 12, 12), "2026-12-12"),
        (datetime(2026, 12, 12, 20, tzinfo=timezone(timedelta(hours=8))), "2026-12-12T20:00:00+08:00"),
        (Stock.IN_STOCK, "in_stock"),
        ("Dune", "Dune"),
        (None, None),
    ],
)
def test_a_value_keeps_its_type(value: Value, shown: Json) -> None:
    assert typed(value) == shown
    assert type(json.loads(json.dumps(typed(value), allow_nan=False))) is type(shown)


def test_a_change_says_what_fired_whom_it_told_and_where_it_leads() -> None:
    *_, decision = play(watch(), price(Money(amount=Decimal(12), currency="€")), price(Money(amount=Decimal(8))))
    [event] = decision.events
    said = change_json(NotedEvent(number=1, event=event, change=decision.change))
    assert (said["kind"], said["watch"], said["sequence"]) == ("changed", decision.watch, 2)
    assert said["rules"]
    assert said["link"] == decision.messages[0].url
    assert said["topics"] == [decision.messages[0].topic]
    assert said["old"] != said["new"]
    assert str(said["at"]).endswith("Z")


def test_a_change_that_the_history_has_no_more_says_so() -> None:
    event = WatchEvent(kind=EventKind.CHANGED, at=datetime(2026, 1, 1, tzinfo=UTC), watch="a", sequence=4)
    said = change_json(NotedEvent(number=1, event=event))
    assert (said["old"], said["new"]) == (None, None)
