"""
Lists: elements of one path that repeat, with what stands at the same place in each.

A group of elements is a list when there are three and more of them, they are content, each leads somewhere of its own
or has a typed value, and they tell different things. Paragraphs, cells, plain links and what shows off a service are
none. Its score grows with the rows, with what is known of each, with how distinct they are, and with how much of the
page's text they hold.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import log2, sqrt

from watcher.core.values import ValueType
from watcher.extract.suggesting.candidate import Kind, Offer
from watcher.extract.suggesting.rows import SHARE, Column, Table, column_of, items_of, link_column, plainer
from watcher.extract.suggesting.survey import Spot, Survey, first_name
from watcher.extract.suggesting.types import MONEY_MARK

LEAST_ROWS = 3
_MOST_GROUPS = 14
_MOST_OFFERED = 5
_SAMPLE_ROWS = 40
_MOST_ROWS = 2_000
_MOST_CELLS = 60
_NO_ROWS = frozenset(
    {"td", "th", "thead", "tbody", "option", "p", "br", "dt", "dd", "col", "img", "source", "input", "label", "path"}
    | {"b", "i", "em", "strong", "small", "sup", "sub", "h1", "h2", "h3", "h4", "h5", "h6", "html", "body", "head"}
)
_LINK_CHARACTERS = 12
"""A link with a shorter text, on average, and nothing beside it, is navigation; a Han character counts twice."""
_LEAST_LINKS = 5
_VALUE_CHARACTERS = 40
_LEAST_SCORE = 30


def lists_of(survey: Survey) -> Iterator[Offer]:
    """Yield the lists of the page, at most five, the best first."""
    tables = (_table(survey, group) for group in _groups(survey) if not survey.is_over())
    found = [(_score(survey, table), table) for table in tables if table is not None]
    found.sort(key=lambda pair: -pair[0])
    for score, table in found[:_MOST_OFFERED]:
        items = None if score < _LEAST_SCORE or survey.is_over() else items_of(survey, table)
        if items is not None:
            why = f"{len(table.rows)} elements of the page look alike, each with {_said(table)}."
            yield Offer(kind=Kind.LIST, why=why, extraction=items, plainer=plainer(items), score=score)


def _groups(survey: Survey) -> list[Sequence[Spot]]:
    """Return the groups of elements that may be rows, those with most text first."""
    paths = survey.by_path()
    found = []
    for spots in paths.values():
        first = spots[0]
        if not LEAST_ROWS <= len(spots) <= _MOST_ROWS or first.tag in _NO_ROWS or first.parent < 0:
            continue
        parents = paths.get(survey.spots[first.parent].path, ())
        if len(parents) == len(spots) and survey.spots[first.parent].tag not in _NO_ROWS:
            continue  # one in each: the outer ones are the rows
        found.append((sum(spot.chars for spot in spots), spots))
    found.sort(key=lambda pair: -pair[0])
    return [spots for _, spots in found[:_MOST_GROUPS]]


def _table(survey: Survey, rows: Sequence[Spot]) -> Table | None:
    """Return the rows with their columns; those that hold nothing are no rows."""
    rows = [row for row in rows if row.chars]
    if len(rows) < LEAST_ROWS:
        return None
    cells: dict[object, dict[int, Spot]] = defaultdict(dict)
    links: dict[object, dict[int, Spot]] = defaultdict(dict)
    for number, row in enumerate(rows):
        for place, spot in _placed(survey, row):
            (links if spot.tag == "a" and spot.element.attr("href") else cells)[place].setdefault(number, spot)
            if spot.tag == "a":
                cells[place].setdefault(number, spot)
    ordered = sorted((found for found in cells.values() if len(found) >= SHARE * len(rows)), key=_place_in_row(rows))
    columns = [column for found in ordered if (column := column_of(survey, _spread(found, rows))) is not None]
    link = link_column([_spread(found, rows) for found in links.values()])
    return Table(rows=rows, columns=_without_twins(columns), link=link)


def _place_in_row(rows: Sequence[Spot]) -> Callable[[dict[int, Spot]], int]:
    """Return what tells how far behind the beginning of its row a cell stands."""
    return lambda found: min(spot.place - rows[number].place for number, spot in list(found.items())[:5])


def _spread(found: dict[int, Spot], rows: Sequence[Spot]) -> list[Spot | None]:
    return [found.get(number) for number in range(len(rows))]


def _without_twins(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, each text once."""
    kept: dict[tuple[str, ...], Column] = {}
    for column in columns:
        kept.setdefault(tuple(column.texts), column)
    return list(kept.values())


def _placed(survey: Survey, row: Spot) -> Iterator[tuple[object, Spot]]:
    """Yield what a row shows, each with its place in it: an element that has a text of its own, and links."""
    places: dict[int, tuple[object, ...]] = {row.place: ()}
    counts: Counter[object] = Counter()
    skip, count = 0, 0
    for spot in (row, *survey.within(row)):
        if spot is not row:
            step = (spot.parent, spot.tag, first_name(spot.names))
            counts[step] += 1
            places[spot.place] = (*places.get(spot.parent, ()), (spot.tag, step[2], counts[step]))
        is_link = spot.tag == "a" and spot.element.attr("href") is not None
        is_cell = spot.place >= skip and _is_cell(survey, spot)
        if is_cell:
            skip = spot.end
        if is_link or (is_cell and spot.chars):
            yield places[spot.place], spot
            count += 1
        if count == _MOST_CELLS:
            return


def _is_cell(survey: Survey, spot: Spot) -> bool:
    """Return whether an element is read as one: it has most of its text itself, or it is a price in parts."""
    if spot.tag in ("button", "time"):
        return True
    if spot.own and 2 * len(spot.own) >= spot.chars:
        return True
    if not 0 < spot.chars <= _VALUE_CHARACTERS or spot.link_chars:
        return False
    text = survey.text(spot)
    return bool(spot.own) or (any(map(str.isdigit, text)) and len(MONEY_MARK.findall(text)) == 1)


def _score(survey: Survey, table: Table) -> float:
    """Return how good a list it is, from 0 to 80."""
    typed = [column for column in table.columns if column.type is not ValueType.TEXT]
    texts = [column for column in table.columns if column.type is ValueType.TEXT]
    if not (texts or table.link) or not (typed or table.link):
        return 0
    if not typed and len(texts) <= 1 and not _is_worth_reading(table):
        return 0
    rows = min(1.0, log2(len(table.rows) + 1) / 4.5)
    known = min(1.0, 0.35 + table.weight / 12)
    share = sqrt(sum(row.chars for row in table.rows) / max(1, survey.content_chars))
    return 82 * sqrt(rows) * known * table.distinctness * (0.4 + 0.6 * min(1.0, share))


def _is_worth_reading(table: Table) -> bool:
    """Return whether rows that are but a link each are a list of headlines, and no navigation."""
    texts = [text for column in table.columns for text in column.texts]
    length = sum(len(text) + sum(ch > "\u2e80" for ch in text) for text in texts) / max(1, len(texts))
    return len(table.rows) >= _LEAST_LINKS and length >= 2 * _LINK_CHARACTERS


def _said(table: Table) -> str:
    kinds = [column.type for column in table.columns if column.type is not ValueType.TEXT]
    words = {ValueType.MONEY: "a price", ValueType.DATE: "a date", ValueType.STOCK: "a state of stock"}
    said = list(dict.fromkeys(words.get(kind, "a number") for kind in kinds))[:3]
    said += ["a link of its own"] if table.link else []
    return " and ".join((", ".join(said[:-1]), said[-1]) if len(said) > 1 else said) or "texts of its own"
