"""Columns → the fields of a list, and what each is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from turbohtml import Element

from watcher.core.values import ValueType
from watcher.core.watch import Language, Query, Selector
from watcher.extract.count_words import COUNT_OF_ALL, is_of_all
from watcher.extract.lasting import is_lasting
from watcher.extract.selector_of import field_selector
from watcher.extract.suggesting.columns import MOST_FIELDS, Column, Table
from watcher.extract.suggesting.naming import name_of_classes, named
from watcher.extract.suggesting.survey import Spot, Survey

BY_TEXT = Query(Language.XPATH, ".")
"""The key of rows that all of their text tells apart, and nothing less."""
_OWN_TEXT = "text()[normalize-space()]"
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARTIES = frozenset({"author", "creator", "contributor", "publisher", "brand", "manufacturer", "seller", "organizer"})
"""Properties of schema.org whose value is a person or an organization, with a `name` and a `url` of its own."""
_AMOUNTS = frozenset({"fare", "cost", "fee", "rent", "total", "salary", "bid", "deposit", "shipping", "amount", "rate"})


def fields_of(survey: Survey, table: Table) -> Iterator[tuple[str, Selector]]:
    """Yield the fields with their names, eight of the columns at most, and the link."""
    taken: set[str] = set()
    title = _title(table)
    ranked = sorted(table.columns, key=lambda each: (each is not title, -each.weight))[:MOST_FIELDS]
    for column in (each for each in table.columns if each in ranked):
        wanted = column.name or ("title" if column is title else name_of_column(column))
        name = named(wanted, taken)
        yield name, field_of(survey, table, column, type=column.type)
    if table.link is not None:
        yield named("link", taken), field_of(survey, table, table.link, attr="href", type=ValueType.URL)


def field_of(
    survey: Survey,
    table: Table,
    column: Column,
    *,
    attr: str | None = None,
    regex: str | None = None,
    type: ValueType = ValueType.TEXT,  # noqa: A002  the operator's word
) -> Selector:
    """Return what reads a column within its row."""
    row, spot = next((row, spot) for row, spot in zip(table.rows, column.spots, strict=True) if spot is not None)
    is_optional = any(each is None for each in column.spots) or (type is not ValueType.TEXT and not all(column.texts))
    if column.is_own:
        query = Query(Language.XPATH, _OWN_TEXT)
    elif spot is row:
        query = BY_TEXT
    elif not row.place < spot.place < row.end:
        query = Query(Language.XPATH, _beside(survey, table.rows, column))
    elif css := _from_end(survey, table.rows, column):
        query = Query.css(css)
    else:
        others = [each.element for each in table.rows[:40]]
        query = Query.css(field_selector(survey.document, spot.element, row.element, others))
    if type is ValueType.INTEGER and all(map(is_of_all, filter(None, column.texts))):
        regex = COUNT_OF_ALL
    is_key = regex is not None and type is ValueType.TEXT
    return Selector(query=query, attr=attr, regex=regex, type=type, optional=is_optional and not is_key)


def name_of_column(column: Column) -> str:
    """Return what a column may be called: by `itemprop`, a label for small screens, a class, or by its type."""
    return name_of_element(next(spot for spot in column.spots if spot is not None), column.type)


def name_of_element(spot: Spot, kind: ValueType) -> str:
    """Return what the value of an element may be called."""
    for attribute in ("itemprop", "data-label", "data-title", "data-th"):
        if (value := spot.element.attr(attribute)) and len(value) <= 40:
            return (_party(spot) or value) if value in ("url", "name") else value
    named_so = name_of_classes(spot.names)
    if kind is ValueType.MONEY and named_so not in _AMOUNTS:
        return "price"
    if named_so:
        return named_so
    if kind is ValueType.TEXT and spot.tag in _HEADINGS:
        return "title"
    return {ValueType.MONEY: "price", ValueType.INTEGER: "count"}.get(kind, kind)


def _party(spot: Spot) -> str:
    """Return whose name or link this is by its microdata: `author`; empty where it is that of the thing itself."""
    above = (each.attr("itemprop") or "" for each in spot.element.ancestors if isinstance(each, Element))
    own = next(filter(None, above), "")
    return own if own in _PARTIES else ""


def _title(table: Table) -> Column | None:
    """Return what the rows are called: the text of their link, of a heading, or the one that is longest."""
    texts = [column for column in table.columns if column.type is ValueType.TEXT and column.distinctness > 0.5]
    links = () if table.link is None else table.link.spots
    return max(texts, key=lambda column: (_is_title(column, links), sum(map(len, column.texts))), default=None)


def _is_title(column: Column, links: Sequence[Spot | None]) -> bool:
    spot = next(spot for spot in column.spots if spot is not None)
    link = next((link for link in links if link is not None), None)
    return spot is link or spot.tag in _HEADINGS or (link is not None and link.place < spot.place < link.end)


def _from_end(survey: Survey, rows: Sequence[Spot], column: Column) -> str | None:
    """Return what finds a cell by its place from the row's end, where that from the start differs."""
    pairs = [(row, spot) for row, spot in islice(zip(rows, column.spots, strict=True), 40) if spot is not None]
    cells = [spot if spot.parent == row.place else survey.spots[spot.parent] for row, spot in pairs]
    are_cells = all(
        row.tag == "tr" == survey.spots[cell.parent].tag for (row, _), cell in zip(pairs, cells, strict=True)
    )
    if not are_cells or len({count_before(cell.element) for cell in cells}) == 1:
        return None
    behind = {sum(isinstance(one, Element) for one in cell.element.next_siblings) for cell in cells}
    inner = "" if pairs[0][1] is cells[0] else f" {pairs[0][1].tag}"
    return f":scope > :nth-last-child({behind.pop() + 1}){inner}" if len(behind) == 1 else None


def _beside(survey: Survey, rows: Sequence[Spot], column: Column) -> str:
    """Return what leads from a row to a value in the element behind it: by a class or a tag, by positions at last."""
    pairs = [(row, spot) for row, spot in islice(zip(rows, column.spots, strict=True), 40) if spot is not None]
    row, spot = pairs[0]
    second = survey.spots[row.end]
    start = f"following-sibling::{second.tag}[1]"
    if spot is second:
        return start
    name = spot.element.attr("class") or ""
    if name and "'" not in name and is_lasting(name) and all(_is_only(survey, *pair, name) for pair in pairs):
        return f"{start}//{spot.tag}[@class='{name}']"
    if all(_is_only(survey, *pair, None) for pair in pairs):
        return f"{start}//{spot.tag}"
    return f"{start}/{path_within(survey, second, spot)}"


def path_within(survey: Survey, row: Spot, spot: Spot) -> str:
    """Return the way from a row to an element within it, step by step: `div[1]/span[2]`."""
    path = [spot, *(above for above in survey.above(spot) if above.place > row.place)]
    return "/".join(f"{each.tag}[{count_before(each.element) + 1}]" for each in reversed(path))


def _is_only(survey: Survey, row: Spot, spot: Spot, name: str | None) -> bool:
    """Return whether the element behind the row holds but this one of its tag, and of its class if that is given."""
    alike = [each for each in survey.within(survey.spots[row.end]) if each.tag == spot.tag]
    return [each for each in alike if name is None or each.element.attr("class") == name] == [spot]


def count_before(row: Element) -> int:
    """Return how many elements of its kind stand before one in its parent."""
    return sum(isinstance(one, Element) and one.tag == row.tag for one in row.previous_siblings)
