"""What commands print: JSON lines for scripts, tables for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

import click

from watcher.core.check import CheckFailure
from watcher.core.shown import shown_briefly
from watcher.core.values import SINGLE, Json, Row, Rows, Value, to_json
from watcher.core.words import cut, one_line

_T = TypeVar("_T")


def print_json(record: dict[str, Json]) -> None:
    """Print one JSON object on one line."""
    click.echo(json.dumps(record, ensure_ascii=False))


def values_json(rows: Rows) -> Json:
    """Return value name → value; for a list, row key → such values."""
    if SINGLE in rows:
        return _row_json(rows[SINGLE])
    return {key: _row_json(row) for key, row in rows.items()}


def value_json(value: Value) -> Json:
    """
    Return numbers as numbers and dates as ISO 8601; money as its amount, in text so that no digit is lost, and its
    currency.
    """
    match value:
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case _:
            return to_json(value)


def failure_json(failure: CheckFailure | None) -> Json:
    """Return why a check failed, or null."""
    return {"kind": failure.kind, "text": failure.text} if failure else None


def time_json(at: datetime | None) -> str | None:
    """Return a point in time as ISO 8601 in UTC, or null."""
    return at.isoformat(timespec="seconds") if at else None


def values_text(rows: Rows) -> str:
    """Return values in a few words: `12.00`, `price 12.00, stock 3`, `14 rows`."""
    if SINGLE not in rows:
        return counted(len(rows), "row")
    row = rows[SINGLE]
    if len(row) == 1:
        return short(next(iter(row.values())))
    return ", ".join(f"{name} {short(value)}" for name, value in row.items())


def time_text(at: datetime | None, *, now: datetime) -> str:
    """Return a point in time in the reader's own time zone; without the date when that is today's."""
    if at is None:
        return "–"
    local = at.astimezone()
    return local.strftime("%H:%M:%S" if local.date() == now.astimezone().date() else "%Y-%m-%d %H:%M:%S")


def counted(count: int, one: str) -> str:
    """Return a number of things: `1 watch`, `2 watches`, `0 topics`."""
    if count == 1:
        return f"1 {one}"
    return f"{count} {one}{'es' if one.endswith('ch') else 's'}"


def named(name: str | None, key: str | None) -> str:
    """Return a topic as listings show it: `Price drops (deals)`, `deals` where both are the same, `–` for none."""
    if name is None or key is None or key == name:
        return name or "–"
    return f"{name} ({key})"


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, folding: Collection[str] = (), empty: str
) -> None:
    """
    Print a table, or `empty` when it has no row; a column that is empty in all rows is left out.

    No cell is ever cut, for links and ids are copied from here.

    Args:
        folding: headings of the columns of free text, which fold where the terminal ends; a file or a pipe gets one
            line a row.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(empty)
        return
    from watcher.cli.drawing import draw_table  # and with it rich, 40 ms that --json does not wait for

    filled = [number for number in range(len(headings)) if any(row[number] for row in cells)]
    draw_table([headings[number] for number in filled], [[row[number] for number in filled] for row in cells], folding)


def print_listing(
    things: Sequence[_T],
    *,
    as_json: bool,
    record: Callable[[_T], dict[str, Json]],
    headings: Sequence[str],
    cells: Callable[[_T], Sequence[str]],
    folding: Collection[str] = (),
    empty: str,
    has_more: bool = False,
) -> None:
    """
    Print things for scripts, a record each, or for people, as a table with a row each.

    Args:
        has_more: there are others beyond `--limit`, which the error stream says.
    """
    if as_json:
        for thing in things:
            print_json(record(thing))
    else:
        print_table(headings, map(cells, things), folding=folding, empty=empty)
    if has_more:
        click.echo(f"there are more than {len(things)}; --limit shows others too", err=True)


def printable(text: str) -> str:
    """Return a text of one line without what a terminal would take for an order."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _row_json(row: Row) -> Json:
    return {name: value_json(value) for name, value in row.items()}


def short(value: Value, characters: int = 40) -> str:
    """Return a value in one line of at most this many characters."""
    return cut(one_line(shown_briefly(value)), characters)
