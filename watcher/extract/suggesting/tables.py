"""
Tables with header cells, by their tags or their roles: their rows, with a field for each column that has a name.

The header is a row of `<th>`, or two of which the first stands for several columns, or the first row where all of its
cells are short and without digits while those below have some. Titles of some rows, and rows with fewer cells than
there are names, are passed over; where the latter are many, the cells' places say nothing, and the table is not
offered; but the first columns are left out where their cells stand for several rows, and the others are counted from
the row's end. A table is offered where something speaks for it that it changes (`evidence.py`); the calendar of a month
and the like are left out all the same (`unwatched_tables.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from watcher.core.values import ValueType
from watcher.core.wording import worded
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.columns import SHARE, Column, Table, column_of, link_column
from watcher.extract.suggesting.evidence import may_change
from watcher.extract.suggesting.page_kinds import is_of_duties, kind_of
from watcher.extract.suggesting.page_titles import PageKind
from watcher.extract.suggesting.rows import items_of, plainer
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.unwatched_tables import is_calendar, is_computed, is_directory
from watcher.extract.suggesting.unwatched_words import is_unwatched_table

_TABLES = frozenset({"table", "grid", "treegrid"})
_CELLS = frozenset({"cell", "gridcell", "columnheader", "rowheader"})
_LEAST_ROWS = 2
_MOST_TABLES = 10
_MOST_ALIKE = 3
"""Of one header; where there are more, all their rows are a list."""
_MOST_ROWS = 5_000
_HEADER_CHARACTERS = 40
_SAMPLE_ROWS = 40
_SPAN_DIGITS = 4


def tables_of(survey: Survey) -> Iterator[tuple[Spot, CandidateDraft]]:
    """Yield the page's tables with names for their columns, the largest first, each with its element."""
    tables = [spot for spot in survey.spots if _is_table(spot) and not spot.is_out]
    tables.sort(key=lambda spot: -spot.chars)
    alike: Counter[tuple[str, ...]] = Counter()
    for spot in tables[:_MOST_TABLES]:
        if survey.is_over():
            return
        rows = _without_title(_rows(survey, spot))
        names = _header(survey, rows)
        if names and _is_unwatched(survey, spot, rows, names):
            survey.leave_out(spot)  # nor are its rows a list without a header
        elif names and alike[tuple(names)] < _MOST_ALIKE and (draft := _draft(survey, spot, rows, names)):
            alike[tuple(names)] += 1
            yield spot, draft


def table_of(survey: Survey, table: Spot, *, may_be_by_text: bool = False) -> CandidateDraft | None:
    """Return the list of a table's rows; None where nothing names its columns, or no watch could read it."""
    rows = _without_title(_rows(survey, table))
    names = _header(survey, rows)
    return _draft(survey, table, rows, names, may_be_by_text=may_be_by_text) if names else None


def _draft(
    survey: Survey, table: Spot, rows: Sequence[_Row], names: list[str], *, may_be_by_text: bool = False
) -> CandidateDraft | None:
    rows = [row for row in rows if not _says(survey, row, names)]
    names, kept = _without_spanned(names, rows)
    told = [row for row in kept if not row.is_header and not _is_title_of_some(row)]
    below = [row for row in told if len(row.cells) == len(names)]
    if len(below) < _LEAST_ROWS or len(below) < SHARE * len(told):
        return None
    found = _columns(survey, below, names)
    if found is None:
        return None
    items = items_of(survey, found, may_be_by_text=may_be_by_text)
    if items is None:
        return None
    shown = ", ".join(f"“{name}”" for name in names if name)
    why = worded(
        "suggest_table", "A table of {number} rows, whose header names {names}.", number=len(below), names=shown
    )
    return CandidateDraft(
        kind=Kind.TABLE, why=why, extraction=items, plainer=plainer(items), score=_score(survey, table, found)
    )


class _Row:
    """A row of a table, with its own cells."""

    def __init__(self, spot: Spot, cells: Sequence[Spot]) -> None:
        self.spot = spot
        self.cells = cells

    @property
    def is_header(self) -> bool:
        return all(cell.tag == "th" or cell.role == "columnheader" for cell in self.cells)


def _rows(survey: Survey, table: Spot) -> list[_Row]:
    rows: list[_Row] = []
    place = table.place + 1
    while place < table.end and len(rows) < _MOST_ROWS:
        spot = survey.spots[place]
        is_row = spot.tag == "tr" or spot.role == "row"
        place = spot.end if is_row or _is_table(spot) else place + 1
        if is_row:
            cells = [each for each in survey.children(spot) if each.tag in ("td", "th") or each.role in _CELLS]
            rows.append(_Row(spot, cells))
    return [row for row in rows if row.cells]


def _is_table(spot: Spot) -> bool:
    """Return whether an element is a table by its tag or, as a grid of `div`, by its role."""
    return spot.tag == "table" or spot.role in _TABLES


def _is_title_of_some(row: _Row) -> bool:
    """Return whether a row is one cell over several columns, above those that it tells of: `Morning`."""
    return len(row.cells) == 1 and _spanned(row.cells[0], "colspan") > 1


def _without_title(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Return the rows without those at the top that have but one cell, over all columns."""
    start = next((number for number, row in enumerate(rows[:3]) if len(row.cells) > 1), 0)
    return rows[start:]


def _header(survey: Survey, rows: Sequence[_Row]) -> list[str] | None:
    """Return the names of the columns; None where nothing names them."""
    if len(rows) < 1 + _LEAST_ROWS or len(rows[0].cells) < 2:
        return None
    named = next((row for row in rows[:3] if row.is_header and len(row.cells) >= 2), None)
    if named is None and not _is_like_header(survey, rows):
        return None
    cells = (named or rows[0]).cells
    names = [survey.text(cell)[:_HEADER_CHARACTERS] for cell in cells]
    if any(_spanned(cell, "colspan") != 1 for cell in cells):
        names = _of_two_rows(survey, rows, named) if named is not None else []
    return names if any(names) else None


def _of_two_rows(survey: Survey, rows: Sequence[_Row], first: _Row) -> list[str]:
    """Return the names of columns of which some stand below one for several: `Matches` above `Won` and `Lost`."""
    second = next(iter(rows[rows.index(first) + 1 :]), None)
    if second is None or not second.is_header:
        return []
    below = iter(second.cells)
    names: list[str] = []
    for cell in first.cells:
        is_whole = _spanned(cell, "colspan") == 1 and _spanned(cell, "rowspan") > 1
        parts = [None] if is_whole else islice(below, _spanned(cell, "colspan"))
        names += [" ".join(survey.text(each) for each in (cell, part) if each is not None) for part in parts]
    return [name[:_HEADER_CHARACTERS] for name in names] if next(below, None) is None else []


def _spanned(cell: Spot, name: str) -> int:
    """Return how many columns or rows a cell takes."""
    told = cell.element.attr(name) or "1"
    return int(told) if told.isdecimal() and len(told) < _SPAN_DIGITS else 1


def _is_unwatched(survey: Survey, table: Spot, rows: Sequence[_Row], names: Sequence[str]) -> bool:
    cells = [row.cells for row in rows]
    if is_unwatched_table(names) or is_calendar(survey, cells) or _is_of_facts(survey, rows):
        return True
    whole = (row.cells for row in rows if len(row.cells) == len(names) and not _is_header(survey, row, names))
    below = list(islice(whole, _SAMPLE_ROWS))
    found = [column_of(survey, [row[number] for row in below], name) for number, name in enumerate(names)]
    columns = [column for column in found if column is not None]
    if is_directory(columns):
        return not is_of_duties(survey)
    if is_computed(columns) and _is_worthless(survey, columns):
        return True
    has_links = _has_own_links(survey, below, names)
    return not may_change(survey, table, columns, width=len(names), has_links=has_links)


def _has_own_links(survey: Survey, rows: Sequence[Sequence[Spot]], names: Sequence[str]) -> bool:
    """Return whether each row links to something of its own."""
    return link_column([[_link(survey, row[number]) for row in rows] for number in range(len(names))]) is not None


def _is_worthless(survey: Survey, columns: Sequence[Column]) -> bool:
    """Return whether what looks computed is no list of prices by quantity, as that of oil is."""
    has_prices = any(column.type is ValueType.MONEY for column in columns)
    return not has_prices or kind_of(survey) is PageKind.CALCULATOR


def _is_header(survey: Survey, row: _Row, names: Sequence[str]) -> bool:
    return row.is_header or _says(survey, row, names)


def _says(survey: Survey, row: _Row, names: Sequence[str]) -> bool:
    """Return whether a row says the names of the columns, as those of a long table do now and then."""
    return len(row.cells) == len(names) and all(
        survey.text(cell) == name for cell, name in zip(row.cells, names, strict=True)
    )


def _is_of_facts(survey: Survey, rows: Sequence[_Row]) -> bool:
    """Return whether each row is a name and what it is, of different kinds: a firm's register entry, opening hours."""
    if any(cell.tag == "th" or cell.role == "columnheader" for row in rows for cell in row.cells) or any(
        len(row.cells) != 2 for row in rows
    ):
        return False
    column = column_of(survey, [row.cells[1] for row in rows[1:]], "")
    return column is None or column.type is ValueType.TEXT


def _is_like_header(survey: Survey, rows: Sequence[_Row]) -> bool:
    first = [survey.text(cell) for cell in rows[0].cells]
    below = [survey.text(cell) for row in rows[1:] for cell in row.cells]
    is_short = all(0 < len(text) <= _HEADER_CHARACTERS for text in first) and len(set(first)) == len(first)
    return (
        is_short
        and not any(map(str.isdigit, "".join(first)))
        and any(map(str.isdigit, "".join(below)))
        and all(len(row.cells) == len(first) for row in rows)
        and not any(row.spot.link_chars for row in rows[:1])
    )


def _without_spanned(names: list[str], rows: Sequence[_Row]) -> tuple[list[str], Sequence[_Row]]:
    """Return the columns and rows without the first columns, where their cells stand for several rows."""
    spanned = 0
    for row in rows:
        spans = [_spanned(cell, "rowspan") != 1 for cell in row.cells]
        if len(row.cells) == len(names) and any(spans):
            first = next((number for number, is_spanned in enumerate(spans) if not is_spanned), 0)
            spanned = max(spanned, 0 if any(spans[first:]) else first)
    left = len(names) - spanned
    if not spanned or left < _LEAST_ROWS:
        return names, rows
    return names[spanned:], [_Row(row.spot, row.cells[-left:]) for row in rows]


def _columns(survey: Survey, rows: Sequence[_Row], names: Sequence[str]) -> Table | None:
    spots = [row.spot for row in rows]
    columns: list[Column] = []
    for number, name in enumerate(names):
        column = column_of(survey, [row.cells[number] for row in rows], name)
        if column is not None:
            columns.append(column)
    links = [[_link(survey, row.cells[number]) for row in rows] for number in range(len(names))]
    link = link_column(links)
    return Table(rows=spots, columns=columns, link=link) if columns else None


def _link(survey: Survey, cell: Spot) -> Spot | None:
    return next((each for each in survey.within(cell) if each.tag == "a" and each.element.attr("href")), None)


def _score(survey: Survey, table: Spot, found: Table) -> float:
    share = table.chars / max(1, survey.content_chars)
    typed = sum(column.type is not ValueType.TEXT for column in found.columns)
    return min(86, scores.TABLE + min(10, len(found.rows)) + 3 * min(4, typed) + 14 * min(1.0, share))
