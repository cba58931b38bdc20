"""
Lists: elements of one path that repeat, with what stands at the same place in each.

A group of elements is a list when there are three and more of them, they are content, each leads somewhere of its own,
has a typed value or takes turns (times with buttons, states in their colours, ranks), and they tell different things.
Paragraphs, cells, plain links and what shows off a service are none. A row may go on in the element behind it, as a
`dt` in its `dd`. Its score grows with the rows, with what is known of each, with how distinct they are, and with how
much of the page's text they hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from math import log2, sqrt

from msgspec.structs import replace

from watcher.core.values import ValueType
from watcher.core.wording import listed, worded
from watcher.extract.reader import MAX_ROWS
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.columns import SHARE, Column, Table, column_of, link_column, own_column_of
from watcher.extract.suggesting.evidence import are_releases
from watcher.extract.suggesting.list_verdicts import LEAST_ROWS, SAMPLE_ROWS, are_sold, may_be_list, tell_change
from watcher.extract.suggesting.row_cells import BLOCKS, DATE_CHARACTERS, HEADINGS, OWN, Place, is_one_text, placed
from watcher.extract.suggesting.rows import items_of, plainer
from watcher.extract.suggesting.survey import Spot, Survey

_MOST_GROUPS = 14
_MOST_OFFERED = 5
_MOST_PARENTS = 2
_NO_ROWS = frozenset(
    {"td", "th", "thead", "tbody", "option", "br", "dt", "dd", "col", "img", "source", "input", "path"}
    | {"b", "i", "em", "strong", "small", "sup", "sub", "h1", "h5", "h6", "html", "body", "head"}
)
_BELOW_HEADING = frozenset({"p", "ul"})
_SECOND = {"tr": frozenset({"tr"}), "dt": frozenset({"dd"})} | dict.fromkeys(("h2", "h3", "h4"), _BELOW_HEADING)
"""What may stand behind a row and belong to it, by the row's tag."""
_CELLS = frozenset({"td", "th"})
_DIGITLESS = re.compile(r"\D")
_LEAST_COLUMNS = 2
_INNER = 2


def lists_of(survey: Survey, tables: Sequence[Spot]) -> Iterator[CandidateDraft]:
    """Yield the lists of the page, at most five, the best first; what stands in these tables is suggested by them."""
    groups = [
        group for group in _groups(survey) if not any(table.place < group[0].place < table.end for table in tables)
    ]
    found = [(_score(survey, group), group) for group in groups[:_MOST_GROUPS] if not survey.is_over()]
    found.sort(key=lambda pair: -pair[0])
    for score, group in found[:_MOST_OFFERED]:
        if score >= scores.LEAST_LIST and not survey.is_over() and (draft := list_of(survey, group, score)) is not None:
            yield draft


def list_of(
    survey: Survey,
    rows: Sequence[Spot],
    score: float = scores.POINTED,
    *,
    least: int = LEAST_ROWS,
    may_be_by_text: bool = False,
) -> CandidateDraft | None:
    """
    Return the list of these rows; None where they show nothing, or nothing tells them apart.

    Args:
        least: so many rows are a list.
        may_be_by_text: where nothing else tells them apart, all of their text does.
    """
    table = _table(survey, rows, least)
    items = None if table is None else items_of(survey, table, may_be_by_text=may_be_by_text)
    if table is None or items is None:
        return None
    count, each = len(table.rows), _said(table)
    why = worded("suggest_list", "{number} elements of the page look alike, each with {what}.", number=count, what=each)
    return CandidateDraft(kind=Kind.LIST, why=why, extraction=items, plainer=plainer(items), score=score)


def may_be_rows(survey: Survey, spots: Sequence[Spot], parents: Sequence[Spot], *, least: int = LEAST_ROWS) -> bool:
    """Return whether elements of one path may be the rows of a list; `parents`: the elements of their parents' path."""
    first = spots[0]
    if not least <= len(spots) <= MAX_ROWS or first.parent < 0:
        return False
    is_row = (first.tag == "dt" and partners_of(survey, spots[:SAMPLE_ROWS])) or _is_of_one_term(survey, first)
    if first.tag in _NO_ROWS and not is_row:
        return False
    is_one_in_each = len(parents) == len(spots) == len({spot.parent for spot in spots})  # the outer ones are the rows
    return not is_one_in_each or survey.spots[first.parent].tag in _NO_ROWS


def _is_of_one_term(survey: Survey, first: Spot) -> bool:
    """Return whether several `dd` follow one `dt`, or none: a list with a title, and no facts."""
    if first.tag != "dd":
        return False
    beside = list(islice(survey.children(survey.spots[first.parent]), SAMPLE_ROWS))
    return sum(each.tag == "dt" for each in beside) < LEAST_ROWS - 1 <= len(beside) - LEAST_ROWS + 1


def _groups(survey: Survey) -> list[Sequence[Spot]]:
    """Return the groups of elements that may be rows, those with most text first."""
    paths = survey.by_path()
    found: list[tuple[int, Sequence[Spot]]] = []
    for spots in paths.values():
        parents = paths.get(survey.spots[spots[0].parent].path, ())
        if not may_be_rows(survey, spots, parents):
            continue
        found += [(sum(spot.chars for spot in group), group) for group in (spots, *_by_parent(spots))]
    found.sort(key=lambda pair: -pair[0])
    return [spots for _, spots in found]


def _by_parent(spots: Sequence[Spot]) -> list[Sequence[Spot]]:
    """Return the groups of those that stand in one parent, where there are several such parents."""
    groups: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        groups[spot.parent].append(spot)
    largest = sorted(groups.values(), key=lambda group: -sum(spot.chars for spot in group))
    return [group for group in largest[:_MOST_PARENTS] if len(group) >= LEAST_ROWS] if len(groups) > 1 else []


def _table(survey: Survey, rows: Sequence[Spot], least: int = LEAST_ROWS) -> Table | None:
    """Return the rows with their columns; those that hold nothing are no rows."""
    rows = [row for row in rows if row.chars]
    if len(rows) < least:
        return None
    cells, links = _cells_of(survey, rows)
    if sum(len(found) >= SHARE * len(rows) for found in cells.values()) < _LEAST_COLUMNS:
        cells, links = _cells_of(survey, rows, by_name=False)  # `<b class=open>`, `<b class=closed>` are the same cell
    shared = {place: found for place, found in cells.items() if len(found) >= SHARE * len(rows)}
    ordered = sorted(shared, key=lambda place: _distance(rows, shared[place]))
    told = {place: _column(survey, place, _spread(shared[place], rows)) for place in ordered}
    whole = told.get(())
    told |= {(): replace(whole, type=ValueType.TEXT)} if whole and _is_sentence(whole, rows[0].tag) else {}
    columns = _outer(survey, {place: column for place, column in told.items() if column is not None})
    link = link_column([_spread(found, rows) for found in links.values()])
    return None if columns is None else Table(rows=rows, columns=_without_twins(columns), link=link)


def _cells_of(
    survey: Survey, rows: Sequence[Spot], *, by_name: bool = True
) -> tuple[dict[Place, dict[int, Spot]], dict[Place, dict[int, Spot]]]:
    """Return what stands at each place, by the numbers of the rows, and the links. `by_name`: classes count."""
    cells: dict[Place, dict[int, Spot]] = defaultdict(dict)
    links: dict[Place, dict[int, Spot]] = defaultdict(dict)
    partners = partners_of(survey, rows)
    for number, row in enumerate(rows):
        for place, spot in _with_partner(survey, row, partners[number] if partners else None, by_name=by_name):
            if spot.tag == "a" and spot.element.attr("href"):
                links[place].setdefault(number, spot)
            if spot.tag != "a" or is_one_text(survey, spot):
                cells[place].setdefault(number, spot)
    return cells, links


def _column(survey: Survey, place: Place, spots: Sequence[Spot | None]) -> Column | None:
    return own_column_of(spots) if place == OWN else column_of(survey, spots)


def partners_of(survey: Survey, rows: Sequence[Spot]) -> Sequence[Spot]:
    """Return what stands behind each row and belongs to it: a `dd`, `p` or `tr` of other cells; all or none."""
    tags = _SECOND.get(rows[0].tag, frozenset())
    found: list[Spot] = []
    for row in rows if tags else ():
        other = _behind(survey, row)
        third = None if other is None else _behind(survey, other)
        if other is None or other.tag not in tags or other.path == row.path or (third and third.path == other.path):
            return ()
        found.append(other)
    is_striped = rows[0].tag == "tr" and any(
        _cells(survey, row) == _cells(survey, other) for row, other in zip(rows, found, strict=False)
    )
    are_mixed = len({other.tag for other in found}) > 1 or any(_is_long(survey, other) for other in found)
    return () if is_striped or are_mixed else found


def _is_long(survey: Survey, spot: Spot) -> bool:
    """Return whether what stands behind a row is a list of its own, of more than one or two."""
    return spot.tag == "ul" and sum(1 for _ in survey.children(spot)) > _INNER


def _behind(survey: Survey, spot: Spot) -> Spot | None:
    """Return the next element in the same parent."""
    other = survey.spots[spot.end] if spot.end < len(survey.spots) else None
    return other if other is not None and other.parent == spot.parent else None


def _cells(survey: Survey, row: Spot) -> int:
    return sum(each.tag in _CELLS for each in survey.children(row))


def _with_partner(survey: Survey, row: Spot, partner: Spot | None, *, by_name: bool) -> Iterator[tuple[Place, Spot]]:
    """Yield what a row and its partner show, each with its place."""
    yield from placed(survey, row, by_name=by_name)
    for place, spot in placed(survey, partner, by_name=by_name) if partner else ():
        yield (("+", "", 1), *place), spot


def _outer(survey: Survey, columns: Mapping[Place, Column]) -> list[Column] | None:
    """Return the columns without those of a list within each row; None where that list is most of what a row has."""
    outer = [
        column
        for place, column in columns.items()
        if not _is_of_inner_list(place) or _is_in_named_cell(survey, place, column) or _is_labelled(survey, column)
    ]
    if any(column.type is not ValueType.TEXT for column in outer):
        return outer
    return list(columns.values()) if 2 * len(outer) > len(columns) or len(outer) == len(columns) else None


def _is_of_inner_list(place: Place) -> bool:
    """Return whether a cell stands in the third or a later of elements alike: the row is a list itself."""
    return any(count > _INNER and tag in BLOCKS for tag, _, count in place[:-1] or place)


def _is_in_named_cell(survey: Survey, place: Place, column: Column) -> bool:
    """Return whether a cell stands among others that each have a class of their own: `field field-date`."""
    spot = next(spot for spot in column.spots if spot is not None)
    for each in islice((spot, *survey.above(spot)), len(place)):
        beside = [other for other in survey.children(survey.spots[each.parent]) if other.tag == each.tag]
        alike = [other.names for other in beside if other.name == each.name]
        if len(alike) > _INNER:
            return len(set(alike)) == len(alike)
    return False


def _is_labelled(survey: Survey, column: Column) -> bool:
    """Return whether the same words stand before a cell in each row: `Rent` and `8 412 kr`."""
    before = [survey.before(spot) for spot in column.spots if spot is not None]
    labels = {survey.text(each) if each is not None else "" for each in before}
    return len(labels) == 1 and bool(labels.pop())


def _distance(rows: Sequence[Spot], found: Mapping[int, Spot]) -> int:
    """Return how far behind the beginning of its row a cell stands."""
    return min(spot.place - rows[number].place for number, spot in islice(found.items(), 5))


def _spread(found: dict[int, Spot], rows: Sequence[Spot]) -> list[Spot | None]:
    return [found.get(number) for number in range(len(rows))]


def _without_twins(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, each text and each price once, and one state of stock: one that is not always the same."""
    kept: dict[tuple[str, ...], Column] = {}
    for column in columns:
        is_price = column.type is ValueType.MONEY
        kept.setdefault(tuple(_DIGITLESS.sub("", text) if is_price else text for text in column.texts), column)
    stocks = [column for column in kept.values() if column.type is ValueType.STOCK]
    best = max(stocks, key=lambda column: len(set(column.texts)), default=None)
    return [column for column in kept.values() if column.type is not ValueType.STOCK or column is best]


def _is_sentence(column: Column, tag: str) -> bool:
    """Return whether texts with a date say more than the date."""
    is_long = all(len(text) > DATE_CHARACTERS for text in column.texts)
    return column.type is ValueType.DATE and (is_long or are_releases(tag, [column]))


def _score(survey: Survey, group: Sequence[Spot]) -> float:
    """Return how good a list they are, from 0 to 80, by some of them."""
    table = _table(survey, group[:SAMPLE_ROWS])
    if table is None:
        return 0
    is_told = tell_change(survey, group, table)
    if not may_be_list(survey, group, table, is_told=is_told):
        return 0
    rows = min(1.0, log2(len(group) + 1) / 4.5)
    known = min(1.0, 0.35 + table.weight / 12 + 0.3 * is_told)
    chars = sum(row.chars for row in (*group, *partners_of(survey, group)))
    has_typed = any(column.type is not ValueType.TEXT for column in table.columns)
    around = survey.chars_around(group[0]) if is_told or has_typed else survey.content_chars
    share = 1.0 if group[0].tag in HEADINGS else sqrt(chars / max(1, around))
    score = 82 * sqrt(rows) * known * table.distinctness * (0.4 + 0.6 * min(1.0, share))
    return max(score, scores.PRICED_ROWS) if are_sold(survey, table) else score


def _said(table: Table) -> str:
    kinds = [column.type for column in table.columns if column.type is not ValueType.TEXT]
    said = list(dict.fromkeys(_KINDS.get(kind, _NUMBER) for kind in kinds))[:3]
    said += [worded("suggest_a_link", "a link of its own")] if table.link else []
    if not said:
        return worded("suggest_texts", "texts of its own")
    *others, last = said
    if not others:
        return last
    return worded("suggest_and", "{one} and {other}", one=listed(others), other=last)


_KINDS = {
    ValueType.MONEY: worded("suggest_a_price", "a price"),
    ValueType.DATE: worded("suggest_a_date", "a date"),
    ValueType.STOCK: worded("suggest_a_stock", "a state of stock"),
}
_NUMBER = worded("suggest_a_number", "a number")
