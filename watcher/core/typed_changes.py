"""
A change as programs are told of it, in webhooks and by the API: values keep their types.

| a value | in JSON |
|---|---|
| integer, number | a number, as far as a double holds it exactly; else its digits as text |
| money | `{"amount": 8.5, "currency": "EUR"}`: the code of ISO 4217, or the sign where that cannot be told, or null |
| date | ISO 8601 as text, with a time and a zone where the page has them |
| text, URL, stock | text; of stock `in_stock`, `preorder` or `out_of_stock` |
| what an optional selector did not find | null |
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from watcher.core.check import NotedEvent
from watcher.core.event_kinds import EventKind
from watcher.core.values import Json, Money, Rows, Value

OF_CHANGES = frozenset({EventKind.CHANGED, EventKind.TOLD})
"""The events that tell of values."""


def change_json(noted: NotedEvent) -> dict[str, Json]:
    """
    Return what a change was, or what an entry told without one: `kind`, `watch`, `sequence`, `at`, `rules`, `link`,
    `topics`, `old` and `new`; these two are null when the history has the change no more.
    """
    event, change = noted.event, noted.change
    old, new = (event.old, event.new) if change is None else (change.old, change.new)
    is_gone = event.kind is EventKind.CHANGED and change is None
    return {
        "kind": event.kind.value,
        "watch": event.watch,
        "sequence": event.sequence,
        "at": moment(event.at),
        "rules": [*event.rules],
        "link": event.link,
        "topics": list(dict.fromkeys(each.topic for each in event.messages)),
        "old": None if is_gone else _rows(old),
        "new": None if is_gone else _rows(new),
    }


def moment(at: datetime) -> str:
    """Return a point in time as ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def typed(value: Value) -> Json:
    """Return a value as the table says."""
    match value:
        case Money(amount=amount):
            return {"amount": _number(amount), "currency": value.unit}
        case Decimal():
            return _number(value)
        case date():
            return value.isoformat()
        case str():
            return str(value)
        case _:
            return value


def _rows(rows: Rows) -> Json:
    return {key: {name: typed(value) for name, value in row.items()} for key, row in rows.items()}


def _number(value: Decimal) -> Json:
    """Return the number, as a whole one where it is; its digits where a double would change them."""
    if value == value.to_integral_value() and abs(value) < 2**53:
        return int(value)
    nearest = float(value)
    return nearest if Decimal(repr(nearest)) == value else f"{value:f}"
