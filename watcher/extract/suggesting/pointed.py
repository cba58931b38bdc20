"""
What somebody points at: an element as a value to watch, with the list that it is in, and what lies around it.

An element is known by its place in the page, from 0, as in the page's copy (`page_copy.py`). Of what it lies in, the
nearest that repeats is a row of a list, but for what stands once in each of others: there the outer ones are the rows.
Nothing is left out for where it stands: whoever points at the navigation means it.

| what is alike                                           | is                                                      |
|---------------------------------------------------------|---------------------------------------------------------|
| three and more                                          | a list                                                  |
| two, of a list's own tag, or with a link or a type      | a list                                                  |
| rows that nothing but all of their text tells apart     | a list with that as its key                             |
| rows of which some say exactly the same                 | the lines of the block that they are in (`lines`)       |
| lines between `<br>`, which are no elements             | the lines of the block that they are in (`lines`)       |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import ValueType
from watcher.core.watch import Items, Pick, Query, Selector, Values
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.count_words import COUNT_OF_ALL, are_of_all
from watcher.extract.element_names import tag_of
from watcher.extract.lasting import is_lasting
from watcher.extract.reader import MAX_ROWS
from watcher.extract.selector_of import field_selector, selector_of
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.by_value import Wanted, spots_showing
from watcher.extract.suggesting.candidate import Candidate, CandidateDraft, Kind
from watcher.extract.suggesting.list_verdicts import LEAST_ROWS
from watcher.extract.suggesting.lists import list_of, may_be_rows
from watcher.extract.suggesting.naming import named
from watcher.extract.suggesting.reading import candidates_of
from watcher.extract.suggesting.row_fields import BY_TEXT, name_of_element
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.tables import table_of
from watcher.extract.suggesting.types import type_of
from watcher.extract.text import text_of

MOST_EXCLUDED: Final = 20
_MOST_LISTS: Final = 2
_MOST_TRIED: Final = 4
_MOST_BELOW: Final = 12
_MOST_CELLS: Final = 12
_SAMPLE: Final = 60
"""So many rows are looked at."""
_TEXT_CHARACTERS: Final = 200
_OF_LISTS: Final = frozenset({"li", "article", "dt"})
"""Two of them are a list, for the page says so."""
ByPath: TypeAlias = Mapping[int, Sequence[Spot]]
"""Elements that may be alike, by their path."""
_LEAST_POINTED: Final = 2
_LEAST_BREAKS: Final = 2
_MOST_INLINE: Final = 3
"""So far above what is pointed at, `<br>` may separate what it says from the next line."""
_NO_TARGET: Final = frozenset({"html", "head", "body", "script", "style", "meta", "link", "title", "base"})


class Neighbour(Struct, frozen=True, kw_only=True):
    """An element near the one that is pointed at; `label` is its tag with a name that lasts: `span.price`."""

    number: int
    label: str
    text: str


class NoList(StrEnum):
    """Why what looks like rows is no list, but lines of a text."""

    BREAKS = "breaks"
    SAME = "same"


class Lines(Struct, frozen=True, kw_only=True):
    """A block whose text is read line by line, for its lines are no rows of a list."""

    block: Neighbour
    why: NoList


class Pointed(Struct, frozen=True, kw_only=True):
    """
    An element that somebody points at.

    Attributes:
        selector: finds it alone, as the page is now.
        is_counted: the selector counts places, for the page has nothing that would last longer.
        above: what it lies in, the nearest first, up to the body.
        below: what lies in it directly; at most 12.
        value: a watch of it; None where there is nothing to read.
        as_text: a watch of its whole text, where that value is a part of it: a price, a number.
        lists: watches of the lists that it is in, the nearest first.
        first: a watch of whatever comes first in the nearest list, where this stands in its row; None outside of one.
        has_lines: its own text has several.
        is_too_long: it is in no list, since there is more of it than is looked at.
        lines: the block around it whose lines are no rows; None where they are, or where there are none.
        excluded: what these leave out.
    """

    number: int
    label: str
    text: str
    selector: str
    is_counted: bool
    above: tuple[Neighbour, ...] = ()
    below: tuple[Neighbour, ...] = ()
    value: Candidate | None = None
    as_text: Candidate | None = None
    lists: tuple[Candidate, ...] = ()
    first: Candidate | None = None
    has_lines: bool = False
    is_too_long: bool = False
    lines: Lines | None = None
    excluded: tuple[Neighbour, ...] = ()


def pointed_at(page: Page, budget: CpuBudget, number: int, excluded: Sequence[int] = ()) -> Pointed | None:
    """
    Return what an element is; None where the page has none with this number that shows anything.

    Args:
        excluded: numbers of elements that a watch shall leave out.

    Raises:
        CheckError: the page cannot be opened.
    """
    body = open_body(page)
    if not isinstance(body, HtmlBody):
        return None
    document = body.document
    elements = list(document.elements())
    if not 0 <= number < len(elements) or elements[number].tag in _NO_TARGET:
        return None
    element = elements[number]
    places = {each: place for place, each in enumerate(elements)}
    survey = Survey(document, lambda: budget.is_spent)
    spot = survey.spots[number] if number < len(survey.spots) else None
    css = selector_of(document, element)
    left_out = [elements[each] for each in excluded[:MOST_EXCLUDED] if 0 <= each < len(elements)]
    exclude = tuple(Query.css(selector_of(document, each)) for each in left_out if each.tag not in _NO_TARGET)
    draft = _value(survey, spot, css)
    by_path = _by_path(survey)
    lists = () if spot is None else tuple(_lists(page, survey, spot, by_path, budget, exclude))
    first = None if spot is None or not lists else _first_of(survey, spot, lists[0])
    return Pointed(
        number=number,
        label=label_of(element),
        text=_text(element),
        selector=css,
        is_counted=":nth-" in css,
        above=tuple(_neighbours(_above(element), places)),
        below=tuple(_neighbours([one for one in element.children if isinstance(one, Element)][:_MOST_BELOW], places)),
        value=_read(page, draft, budget, exclude),
        as_text=None if draft.plainer is None else _read(page, _as_text(css), budget, exclude),
        lists=lists,
        first=None if first is None else _read(page, first, budget, exclude),
        has_lines="\n" in text_of(element),
        is_too_long=not lists
        and (budget.is_spent or len(survey.spots) < len(elements) or _is_one_of_too_many(survey, spot, by_path)),
        lines=None if spot is None else _broken_lines(survey, spot) or _same_rows(survey, spot, by_path, lists),
        excluded=tuple(_neighbours(left_out, places)),
    )


def showing(page: Page, budget: CpuBudget, text: str) -> tuple[Neighbour, ...]:
    """Return what on the page shows a text, or a number that is as much; the likeliest first, at most eight."""
    body = open_body(page)
    if not isinstance(body, HtmlBody):
        return ()
    survey = Survey(body.document, lambda: budget.is_spent)
    return tuple(
        Neighbour(number=spot.place, label=label_of(spot.element), text=cut(survey.text(spot), _TEXT_CHARACTERS))
        for spot in spots_showing(survey, Wanted(text))
    )


def label_of(element: Element) -> str:
    """Return what people may call an element: `span.price`, `h2#title`, `td`."""
    tag = tag_of(element)
    start = tag.css if tag else element.tag
    if (name := element.attr("id")) and is_lasting(name):
        return f"{start}#{name}"
    names = [name for name in (element.attr("class") or "").split()[:20] if is_lasting(name)]
    return f"{start}.{names[0]}" if names else start


def _above(element: Element) -> Iterator[Element]:
    for one in element.ancestors:
        if not isinstance(one, Element) or one.tag in _NO_TARGET:
            return
        yield one


def _neighbours(elements: Iterator[Element] | Sequence[Element], places: dict[Element, int]) -> Iterator[Neighbour]:
    for one in elements:
        if one.tag not in _NO_TARGET:
            yield Neighbour(number=places[one], label=label_of(one), text=_text(one))


def _text(element: Element) -> str:
    return cut(" ".join(element.text[: 20 * _TEXT_CHARACTERS].split()), _TEXT_CHARACTERS)


def _value(survey: Survey, spot: Spot | None, css: str) -> CandidateDraft:
    kind = ValueType.TEXT if spot is None else type_of(survey, [spot])
    is_of = spot is not None and kind is ValueType.TEXT and are_of_all([survey.text(spot)], spot.name)
    kind, regex = (ValueType.INTEGER, COUNT_OF_ALL) if is_of else (kind, None)
    name = named(kind if spot is None else name_of_element(spot, kind), set())
    draft = CandidateDraft(
        kind=Kind.VALUE,
        why=worded("suggest_pointed", "It was pointed at."),
        extraction=Values(selectors={name: Selector(query=Query.css(css), regex=regex, type=kind)}),
        score=scores.POINTED,
    )
    return draft if kind is ValueType.TEXT else replace(draft, plainer=_as_text(css).extraction)


def _as_text(css: str) -> CandidateDraft:
    extraction = Values(selectors={ValueType.TEXT: Selector(query=Query.css(css))})
    return CandidateDraft(
        kind=Kind.VALUE,
        why=worded("suggest_pointed", "It was pointed at."),
        extraction=extraction,
        score=scores.POINTED,
    )


def _read(page: Page, draft: CandidateDraft, budget: CpuBudget, exclude: tuple[Query, ...]) -> Candidate | None:
    return next(candidates_of(page, [draft], budget, exclude=exclude), None)


def _lists(
    page: Page, survey: Survey, spot: Spot, by_path: ByPath, budget: CpuBudget, exclude: tuple[Query, ...]
) -> Iterator[Candidate]:
    """Yield the lists that an element is in, the nearest first, each of other rows."""
    with_keys = list(islice(_readable(page, _drafts(survey, spot, by_path), budget, exclude), _MOST_LISTS))
    by_text = _drafts_by_text(survey, spot, by_path, _row_in(survey, spot, with_keys[0]) if with_keys else None)
    yield from islice((*_readable(page, by_text, budget, exclude), *with_keys), _MOST_LISTS)


def _readable(
    page: Page, drafts: Iterator[CandidateDraft], budget: CpuBudget, exclude: tuple[Query, ...]
) -> Iterator[Candidate]:
    for draft in drafts:
        if budget.is_spent:
            return
        if (candidate := _read(page, draft, budget, exclude)) is not None:
            yield candidate


def _drafts(survey: Survey, spot: Spot, by_path: ByPath) -> Iterator[CandidateDraft]:
    tried = 0
    for one in map(partial(_term_of, survey), (spot, *survey.above(spot))):
        if one.tag == "table" and (draft := table_of(survey, one)) is not None:
            yield draft
        rows = _rows_like(survey, by_path, one)
        if tried < _MOST_TRIED and rows:
            tried += 1
            if (draft := _list_around(survey, one, rows)) is not None:
                yield draft


def _drafts_by_text(survey: Survey, spot: Spot, by_path: ByPath, row: Row | None) -> Iterator[CandidateDraft]:
    """
    Yield the list of rows that nothing but their text tells apart, if those around the element are such.

    Args:
        row: of the nearest list that has keys; a list by text is one within it.
    """
    rows = _nearest_rows(survey, spot, by_path)
    if not rows or (row is not None and sum(row.has(each) for each in rows) < _LEAST_POINTED):
        return
    if list_of(survey, rows, least=_LEAST_POINTED) is not None:
        return
    table = next((one for one in survey.above(rows[0]) if one.tag == "table"), None) if rows[0].tag == "tr" else None
    draft = None if table is None else table_of(survey, table, may_be_by_text=True)
    draft = draft or list_of(survey, rows, least=_LEAST_POINTED, may_be_by_text=True)
    if draft is not None and (len(rows) >= LEAST_ROWS or _may_be_two(rows[0], draft)):
        yield draft


def _nearest_rows(survey: Survey, spot: Spot, by_path: ByPath) -> Sequence[Spot]:
    """Return the rows of which the nearest of what an element lies in, or itself, may be one; nothing without."""
    around = (_rows_like(survey, by_path, one) for one in (spot, *survey.above(spot)))
    return next(filter(None, around), ())


def _rows_like(survey: Survey, by_path: ByPath, one: Spot) -> Sequence[Spot]:
    """Return the elements that are rows as this one may be; nothing where it is none."""
    rows = by_path[one.path]
    parents = by_path[survey.spots[one.parent].path] if one.parent >= 0 else []
    is_row = may_be_rows(survey, rows, parents, least=_LEAST_POINTED) and not _are_cells(survey, rows)
    return rows if is_row else ()


def _is_one_of_too_many(survey: Survey, spot: Spot | None, by_path: ByPath) -> bool:
    return spot is not None and any(len(by_path[one.path]) > MAX_ROWS for one in (spot, *survey.above(spot)))


def _by_path(survey: Survey) -> ByPath:
    found: dict[int, list[Spot]] = {}
    for each in survey.spots:
        found.setdefault(each.path, []).append(each)
    return found


def _term_of(survey: Survey, spot: Spot) -> Spot:
    """Return the `dt` before a `dd`, with which its row begins; else the element itself."""
    before = survey.before(spot) if spot.tag == "dd" else None
    return before if before is not None and before.tag == "dt" else spot


def _are_cells(survey: Survey, spots: Sequence[Spot]) -> bool:
    """Return whether each parent holds as many of these, of other kinds or with labels among them: cells of rows."""
    held = Counter(spot.parent for spot in spots)
    count = held[spots[0].parent]
    if not 1 < count <= _MOST_CELLS or {*held.values()} != {count} or len(held) < _LEAST_POINTED:
        return False
    columns = [spots[at::count][:_SAMPLE] for at in range(count)]
    has_labels = any(len({survey.text(spot) for spot in column}) == 1 for column in columns)
    return has_labels or len({type_of(survey, column) for column in columns}) > 1


def _list_around(survey: Survey, row: Spot, rows: Sequence[Spot]) -> CandidateDraft | None:
    """Return the list of these rows; of those made as the one that was meant, where the others are something else."""
    draft = list_of(survey, rows, least=_LEAST_POINTED)
    if draft is not None and len(rows) < LEAST_ROWS and not _may_be_two(row, draft):
        return None
    if row.tag == "tr" or (draft is not None and not _is_of_whole_texts(draft)):
        return draft
    tags = [each.tag for each in survey.children(row)]
    alike = [each for each in rows if [inner.tag for inner in survey.children(each)] == tags] if len(tags) > 1 else []
    if not LEAST_ROWS <= len(alike) < len(rows):
        return draft
    return list_of(survey, alike) or draft


def _may_be_two(row: Spot, draft: CandidateDraft) -> bool:
    """Return whether two alike are a list: by their tag, or since each leads somewhere or has a value of a type."""
    items = draft.extraction
    types = [each.type for each in items.fields.values()] if isinstance(items, Items) else []
    return row.tag in _OF_LISTS or any(each is not ValueType.TEXT for each in types)


def _is_of_whole_texts(draft: CandidateDraft) -> bool:
    """Return whether nothing is read of a row but its whole text."""
    items = draft.extraction
    queries = [each.query for each in items.fields.values()] if isinstance(items, Items) else []
    return all(query == BY_TEXT for query in queries)


class Row(Struct, frozen=True, kw_only=True):
    """A row of a list: `css` finds it and its `others`, itself among them."""

    spot: Spot
    css: str
    others: Sequence[Element]

    def has(self, other: Spot) -> bool:
        """Return whether another element stands in the row."""
        return self.spot.place < other.place < self.spot.end


def _row_in(survey: Survey, spot: Spot, found: Candidate) -> Row | None:
    """Return the row of a list in which an element stands; None where it stands in none."""
    items = found.watch.get("items")
    css = items.get("css") if isinstance(items, dict) else None
    rows = list(survey.document.select(css)) if isinstance(css, str) else []
    own = {*rows}
    row = next((one for one in (spot, *survey.above(spot)) if one.element in own), None)
    return None if row is None or not isinstance(css, str) else Row(spot=row, css=css, others=rows)


def _first_of(survey: Survey, spot: Spot, found: Candidate) -> CandidateDraft | None:
    """Return what reads the same place of whichever row comes first; None where it stands in no row of the list."""
    row = _row_in(survey, spot, found)
    if row is None:
        return None
    document, place = survey.document, row.spot.place
    field = "" if place == spot.place else field_selector(document, spot.element, row.spot.element, row.others)
    css = f"{row.css}{field.removeprefix(':scope')}" if field[:6] in ("", ":scope") else f"{row.css} {field}"
    order = document.order()
    places = [order[each] for each in document.select(css)]
    return _of_first(survey, css, [survey.spots[each] for each in places if each < len(survey.spots)])


def _of_first(survey: Survey, css: str, spots: Sequence[Spot]) -> CandidateDraft | None:
    if len(spots) < _LEAST_POINTED:  # of a single one it would be where that stands
        return None
    kind = type_of(survey, spots[:_SAMPLE])
    name = named(name_of_element(spots[0], kind), set())
    found = Selector(query=Query.css(css), pick=Pick.FIRST)
    return CandidateDraft(
        kind=Kind.VALUE,
        why=worded("suggest_pointed", "It was pointed at."),
        extraction=Values(selectors={name: replace(found, type=kind)}),
        plainer=Values(selectors={ValueType.TEXT: found}),
        score=scores.POINTED,
    )


def _broken_lines(survey: Survey, spot: Spot) -> Lines | None:
    """Return the block around an element whose lines `<br>` separates; None where it is that block."""
    if _breaks_in(spot) >= _LEAST_BREAKS:
        return None
    near = islice(survey.above(spot), _MOST_INLINE)
    block = next((one for one in near if _breaks_in(one) >= _LEAST_BREAKS), None)
    return _lines_of(block, NoList.BREAKS)


def _same_rows(survey: Survey, spot: Spot, by_path: ByPath, lists: Sequence[Candidate]) -> Lines | None:
    """Return the block of rows that are no list, for some of them say exactly the same."""
    rows = () if lists else _nearest_rows(survey, spot, by_path)
    if len(rows) < LEAST_ROWS or len({survey.text(row) for row in rows}) == len(rows):
        return None
    block = next((one for one in survey.above(rows[0]) if rows[-1].place < one.end), None)
    return _lines_of(block, NoList.SAME)


def _lines_of(block: Spot | None, why: NoList) -> Lines | None:
    if block is None or block.tag in _NO_TARGET:
        return None
    neighbour = Neighbour(number=block.place, label=label_of(block.element), text=_text(block.element))
    return Lines(block=neighbour, why=why)


def _breaks_in(spot: Spot) -> int:
    return sum(isinstance(each, Element) and each.tag == "br" for each in spot.element.children)
