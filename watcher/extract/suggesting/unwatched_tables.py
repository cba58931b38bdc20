"""
Tables that nobody watches, though something in them looks as if it changed; the others have no evidence that they do.

| the table | is told by |
|---|---|
| the calendar of a month | seven cells in a row, which count its days |
| what a calculator computed | a first column that counts by one step, and others that go up or down all the way |
| telephones and addresses | a column of them, and neither prices nor dates nor stock |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from watcher.core.values import ValueType
from watcher.extract.suggesting.columns import Column
from watcher.extract.suggesting.survey import Spot, Survey

Cells = Sequence[Sequence[Spot]]
"""The cells of each row, without the header."""

_DAYS = 7
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_SHARE = 0.9
_MOST = 0.8
_LEAST_COMPUTED = 5
_CHANGING = frozenset({ValueType.MONEY, ValueType.DATE, ValueType.STOCK})
_REACHED = re.compile(
    r"[\w.+-]{1,60}@[\w-]{1,60}\.\w|\A\W{0,3}(?:tel|fon|phone|fax)?\W{0,3}(?!\d{1,2}[./-]\d{1,2}[./-]\d{2}"
    r"|0[.,])(?:\+\d|0\d|\(0)"
    r"[\d ()/.–-]{5,24}(?: ?(?:ext|x|-)\W?\d{1,5})?\Z",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d.,  ]*")
_CODE = re.compile(r"[^\W\d_]\d")


def is_calendar(survey: Survey, rows: Cells) -> bool:
    """Return whether the rows are the weeks of a month: seven cells each, which count its days."""
    weeks = [row for row in rows if len(row) == _DAYS]
    numbers = [
        _DAY.match(survey.text(cell).lstrip())
        for row in weeks
        for cell in row
        if cell.chars and (cell.tag == "td" or cell.role == "gridcell")
    ]
    days = [int(number[1]) for number in numbers if number]
    steps = [later - day for day, later in pairwise(days)]
    return len(days) > _DAYS and len(days) == len(numbers) and steps.count(1) >= _SHARE * len(steps)


def is_directory(columns: Sequence[Column]) -> bool:
    """Return whether a column is of telephones or addresses of mail, and none of prices, days or stock."""
    return not _is_changing(columns) and any(_has_mostly(column, _REACHED) for column in columns)


def is_computed(columns: Sequence[Column]) -> bool:
    """Return whether figures alone stand in the rows; the first count by one step, the others only rise or fall."""
    figures = [[_figure(text) for text in column.texts] for column in columns]
    if len(figures) < 2 or len(figures[0]) < _LEAST_COMPUTED or any(None in column for column in figures):
        return False
    first, *others = ([number for number in column if number is not None] for column in figures)
    steps = {later - earlier for earlier, later in pairwise(first)}
    return len(steps) == 1 and steps != {0.0} and not 1900 <= first[0] <= 2100 and all(map(is_monotone, others))


def is_monotone(numbers: Sequence[float]) -> bool:
    """Return whether no number is below the one before it, or none above."""
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return all(step >= 0 for step in steps) or all(step <= 0 for step in steps)


def _figure(text: str) -> float | None:
    found = () if _CODE.search(text) else _NUMBER.findall(text)
    digits = re.sub(r"\D", "", found[0]) if len(found) == 1 else ""
    return float(digits) if digits else None


def _has_mostly(column: Column, pattern: re.Pattern[str]) -> bool:
    filled = [text for text in column.texts if text]
    return sum(pattern.search(text) is not None for text in filled) >= _MOST * len(filled)


def _is_changing(columns: Sequence[Column]) -> bool:
    return any(column.type in _CHANGING for column in columns)
