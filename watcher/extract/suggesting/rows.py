"""
Rows and their columns → a list as a watch reads it: a selector of the rows, a key (`row_keys`), and fields.

Columns are fields where four fifths of the rows have them (`columns`, `row_fields`).
Where nothing short tells rows apart that somebody pointed at, all of their text is the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress, islice

from msgspec.structs import replace
from turbohtml import Element

from watcher.core.values import ValueType
from watcher.core.watch import Items, Query, Selector
from watcher.extract.lasting import STATE_WORDS, is_lasting, stem_of
from watcher.extract.selector_of import selector_of
from watcher.extract.suggesting.columns import Column, Table
from watcher.extract.suggesting.naming import is_generic
from watcher.extract.suggesting.region_words import words_of
from watcher.extract.suggesting.row_fields import BY_TEXT, count_before, fields_of
from watcher.extract.suggesting.row_keys import ID_NAME, are_identities, key_of
from watcher.extract.suggesting.survey import Spot, Survey

_PLAIN = re.compile(r"[A-Za-z][\w-]{1,30}")
_MOST_CLASS_CHARACTERS = 400
_MOST_COMPARED = 60
_MOST_CHILDREN = 20


def items_of(survey: Survey, table: Table, *, may_be_by_text: bool = False) -> Items | None:
    """
    Return the list that reads the rows; None when no selector finds just them, or nothing tells them apart.

    Args:
        may_be_by_text: rows that nothing else tells apart are told apart by all of their text.
    """
    table = _tightened(survey, table)
    for each in (table, *_linked(table)):
        css = rows_selector(survey, [row.element for row in each.rows])
        key = None if css is None else key_of(survey, each)
        if css is not None and key is not None:
            return Items(query=Query.css(css), key=key, fields=dict(fields_of(survey, each)))
    css = rows_selector(survey, [row.element for row in table.rows]) if may_be_by_text else None
    if css is None or not are_identities([survey.text(row) for row in table.rows], may_count=True):
        return None
    return Items(query=Query.css(css), key=Selector(query=BY_TEXT), fields=dict(fields_of(survey, table)))


def _linked(table: Table) -> Iterator[Table]:
    """Yield those of the rows that have a link, where others are such as rules and advertisements."""
    if table.link is None or all(table.link.texts):
        return
    wanted = [bool(text) for text in table.link.texts]
    columns = [_filtered(column, wanted) for column in (*table.columns, table.link)]
    yield Table(rows=list(compress(table.rows, wanted)), columns=columns[:-1], link=columns[-1])


def _filtered(column: Column, wanted: Sequence[bool]) -> Column:
    spots, texts = list(compress(column.spots, wanted)), list(compress(column.texts, wanted))
    return replace(column, spots=spots, texts=texts)


def _tightened(survey: Survey, table: Table) -> Table:
    """Return the same rows without wrappers that have no telling name, where what they wrap has one."""
    rows = table.rows
    while not _has_name(rows):
        inner = [survey.spots[row.place + 1] for row in rows if _is_wrapper(survey, row)]
        if len(inner) < len(rows):
            return table
        rows = inner
    return Table(rows=rows, columns=table.columns, link=table.link) if rows[0].tag != "a" else table


def _has_name(rows: Sequence[Spot]) -> bool:
    return any(css[0] != "." or not is_generic(css[1:]) for css in _shared([row.element for row in rows]))


def _is_wrapper(survey: Survey, row: Spot) -> bool:
    return not row.own and row.end > row.place + 1 and survey.spots[row.place + 1].end == row.end


def plainer(items: Items) -> Items:
    """Return the list with fields that are texts and need not be there: what can be read where types cannot."""
    fields = {
        name: Selector(query=each.query, attr=each.attr, optional=True, type=_plain_type(each.type))
        for name, each in items.fields.items()
    }
    return Items(query=items.query, key=items.key, fields=fields, pages=items.pages)


def _plain_type(kind: ValueType) -> ValueType:
    return kind if kind is ValueType.URL else ValueType.TEXT


def rows_selector(survey: Survey, rows: Sequence[Element]) -> str | None:
    """Return a selector that finds these elements and no others, made of what is likely to stay."""
    for css in _rows_selectors(survey, rows):
        if list(survey.document.probe(css)) == list(rows):
            return css
    return None


def _rows_selectors(survey: Survey, rows: Sequence[Element]) -> Iterator[str]:
    tag = rows[0].tag
    own = list(_shared(rows))
    yield from own
    yield from (f"{tag}{name}" for name in own)
    yield from (f"{name}:has(a[href])" for name in own)
    if rows[0].attr("role") == "row":
        yield from (f"{name}:has(> {cell})" for name in own for cell in ('[role="cell"]', '[role="gridcell"]'))
    around = _ancestors_of_all(rows)
    for depth, (ancestor, path) in enumerate(around):
        place = selector_of(survey.document, ancestor)
        yield from (f"{place} {tag}{name}" for name in own)
        steps = " > ".join((*path, tag))
        yield f"{place} {tag}"
        yield f"{place} > {steps}"
        if tag == "tr":
            yield f"{place} > {steps}:has(> td)"
            yield f"{place} > {steps}:has(> td + td)"
        yield f"{place} > {steps}:has(a[href])"
        if not depth and (before := count_before(rows[0])):
            yield f"{place} > {steps}:nth-of-type(n+{before + 1})"
        yield from (f"{place} > {steps}.{name}" for name in _looks(rows))
        yield from (f"{place} > {steps}:has(> .{name})" for name in _held(rows))
        if depth == 2:
            return


def _looks(rows: Sequence[Element]) -> Iterator[str]:
    """Yield the classes of all rows that say how they look, as `row` does: a separator beside them has another one."""
    shared = set.intersection(*({*(row.attr("class") or "")[:_MOST_CLASS_CHARACTERS].split()} for row in rows))
    yield from sorted(name for name in shared if _PLAIN.fullmatch(name) and name.lower() not in STATE_WORDS)


def _held(rows: Sequence[Element]) -> Iterator[str]:
    """Yield the classes that are likely to stay of what each row holds: an advertisement among them holds none."""
    shared = set.intersection(*(set(_names_within(row)) for row in rows[:_MOST_COMPARED]))
    yield from sorted(filter(is_lasting, shared))


def _names_within(row: Element) -> Iterator[str]:
    for child in islice(row.children, _MOST_CHILDREN):
        if isinstance(child, Element):
            yield from (child.attr("class") or "")[:_MOST_CLASS_CHARACTERS].split()


def _shared(rows: Sequence[Element]) -> Iterator[str]:
    """Yield what all rows have, each as a selector."""
    first = rows[0]
    for attribute in ("data-testid", "itemprop", "data-component-type", "role"):
        value = first.attr(attribute)
        if value and is_lasting(value) and all(row.attr(attribute) == value for row in rows):
            yield f'[{attribute}="{value}"]'
    shared = set((first.attr("class") or "").split()).intersection(*((row.attr("class") or "").split() for row in rows))
    names = [name for name in (first.attr("class") or "").split()[:20] if name in shared]
    lasting = sorted(filter(is_lasting, names), key=lambda name: (is_generic(name), len(words_of(name)) < 2))
    yield from (f".{name}" for name in lasting)
    yield from (f'[class*="{stem}"]' for name in names if (stem := stem_of(name)))
    yield from (f"[{name}]" for name in first.attrs if ID_NAME.fullmatch(name) and all(row.attr(name) for row in rows))


def _ancestors_of_all(rows: Sequence[Element]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield what all rows lie in, the nearest first, each with the tags between it and a row."""
    ends = set(rows[-1].ancestors)
    path: list[str] = []
    for ancestor in rows[0].ancestors:
        if not isinstance(ancestor, Element) or ancestor.tag == "html":
            return
        if ancestor in ends:
            yield ancestor, tuple(path)
        path.insert(0, ancestor.tag)
