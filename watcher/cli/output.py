"""What commands print: JSON lines for scripts, tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import typer

from watcher.core.check import CheckFailure
from watcher.core.values import SINGLE, Json, Row, Rows, Value, show, to_json


def print_json(record: dict[str, Json]) -> None:
    """Print one JSON object on one line."""
    typer.echo(json.dumps(record, ensure_ascii=False))


def values_json(rows: Rows) -> Json:
    """Return value name → value; for a list, row key → such values."""
    if SINGLE in rows:
        return _row_json(rows[SINGLE])
    return {key: _row_json(row) for key, row in rows.items()}


def failure_json(failure: CheckFailure | None) -> Json:
    """Return why a check failed, or null."""
    return {"kind": failure.kind, "text": failure.text} if failure else None


def time_json(at: datetime | None) -> str | None:
    """Return a point in time as ISO 8601 in UTC, or null."""
    return at.isoformat(timespec="seconds") if at else None


def values_text(rows: Rows) -> str:
    """Return values in a few words: `12.00`, `price 12.00, stock 3`, `14 rows`."""
    if SINGLE not in rows:
        return f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    row = rows[SINGLE]
    if len(row) == 1:
        return _short(next(iter(row.values())))
    return ", ".join(f"{name} {_short(value)}" for name, value in row.items())


def time_text(at: datetime | None) -> str:
    """Return a point in time in the reader's own time zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S") if at else "–"


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print a table as wide as the terminal, or `empty` when it has no row."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(_plain(cell) for cell in row))
    if not table.rows:
        typer.echo(empty)
        return
    Console(highlight=False, emoji=False).print(table)


def _plain(cell: str) -> str:
    """Return a cell without what a terminal, or rich's markup, would take for an order."""
    from rich.markup import escape

    return escape("".join(letter if letter.isprintable() else " " for letter in cell))


def _row_json(row: Row) -> Json:
    return {name: _value_json(value) for name, value in row.items()}


def _value_json(value: Value) -> Json:
    """Return numbers as numbers; money as its amount, in text so that no digit is lost, and its currency."""
    return float(value) if isinstance(value, Decimal) else to_json(value)


def _short(value: Value, characters: int = 40) -> str:
    text = " ".join(show(value).split())
    return text if len(text) <= characters else text[: characters - 1] + "…"
