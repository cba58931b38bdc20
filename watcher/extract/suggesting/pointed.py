"""
What somebody points at: an element as a value to watch, with the list that it is in, and what lies around it.

An element is known by its place in the page, from 0, as in the page's copy (`page_copy.py`). Of what it lies in, the
nearest that repeats is a row of a list, but for what stands once in each of others: there the outer ones are the rows.
Nothing is left out for where it stands: whoever points at the navigation means it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element

from watcher.core.cpu_budget import CpuBudget
from watcher.core.page import Page
from watcher.core.values import ValueType
from watcher.core.watch import Items, Query, Selector, Values
from watcher.core.wording import worded
from watcher.core.words import cut
from watcher.extract.body import HtmlBody, open_body
from watcher.extract.element_names import tag_of
from watcher.extract.lasting import is_lasting
from watcher.extract.selector_of import selector_of
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.by_value import Wanted, spots_showing
from watcher.extract.suggesting.candidate import Candidate, CandidateDraft, Kind
from watcher.extract.suggesting.list_verdicts import LEAST_ROWS
from watcher.extract.suggesting.lists import list_of, may_be_rows
from watcher.extract.suggesting.naming import named
from watcher.extract.suggesting.reading import candidates_of
from watcher.extract.suggesting.rows import name_of_element
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.tables import table_of
from watcher.extract.suggesting.types import type_of

MOST_EXCLUDED: Final = 20
_MOST_LISTS: Final = 2
_MOST_TRIED: Final = 4
_MOST_BELOW: Final = 12
_MOST_CELLS: Final = 12
_SAMPLE: Final = 60
"""So many rows are looked at."""
_TEXT_CHARACTERS: Final = 200
_NO_TARGET: Final = frozenset({"html", "head", "body", "script", "style", "meta", "link", "title", "base"})


class Neighbour(Struct, frozen=True, kw_only=True):
    """An element near the one that is pointed at; `label` is its tag with a name that lasts: `span.price`."""

    number: int
    label: str
    text: str


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
        lists=() if spot is None else tuple(_lists(page, survey, spot, budget, exclude)),
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
    name = named(kind if spot is None else name_of_element(spot, kind), set())
    draft = CandidateDraft(
        kind=Kind.VALUE,
        why=worded("suggest_pointed", "It was pointed at."),
        extraction=Values(selectors={name: Selector(query=Query.css(css), type=kind)}),
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
    page: Page, survey: Survey, spot: Spot, budget: CpuBudget, exclude: tuple[Query, ...]
) -> Iterator[Candidate]:
    """Yield the lists that an element is in, the nearest first, each of other rows."""
    found = 0
    for draft in _drafts(survey, spot):
        if budget.is_spent or found == _MOST_LISTS:
            return
        if (candidate := _read(page, draft, budget, exclude)) is not None:
            found += 1
            yield candidate


def _drafts(survey: Survey, spot: Spot) -> Iterator[CandidateDraft]:
    by_path: dict[int, list[Spot]] = {}
    for each in survey.spots:
        by_path.setdefault(each.path, []).append(each)
    tried = 0
    for one in map(partial(_term_of, survey), (spot, *survey.above(spot))):
        if one.tag == "table" and (draft := table_of(survey, one)) is not None:
            yield draft
        rows = by_path[one.path]
        parents = by_path[survey.spots[one.parent].path] if one.parent >= 0 else []
        if tried < _MOST_TRIED and may_be_rows(survey, rows, parents) and not _are_cells(survey, rows):
            tried += 1
            if (draft := _list_around(survey, one, rows)) is not None:
                yield draft


def _term_of(survey: Survey, spot: Spot) -> Spot:
    """Return the `dt` before a `dd`, with which its row begins; else the element itself."""
    before = survey.before(spot) if spot.tag == "dd" else None
    return before if before is not None and before.tag == "dt" else spot


def _are_cells(survey: Survey, spots: Sequence[Spot]) -> bool:
    """Return whether each parent holds as many of these, of other kinds or with labels among them: cells of rows."""
    held = Counter(spot.parent for spot in spots)
    count = held[spots[0].parent]
    if not 1 < count <= _MOST_CELLS or {*held.values()} != {count} or len(held) < LEAST_ROWS:
        return False
    columns = [spots[at::count][:_SAMPLE] for at in range(count)]
    has_labels = any(len({survey.text(spot) for spot in column}) == 1 for column in columns)
    return has_labels or len({type_of(survey, column) for column in columns}) > 1


def _list_around(survey: Survey, row: Spot, rows: Sequence[Spot]) -> CandidateDraft | None:
    """Return the list of these rows; of those made as the one that was meant, where the others are something else."""
    draft = list_of(survey, rows)
    if row.tag == "tr" or (draft is not None and not _is_of_whole_texts(draft)):
        return draft
    tags = [each.tag for each in survey.children(row)]
    alike = [each for each in rows if [inner.tag for inner in survey.children(each)] == tags] if len(tags) > 1 else []
    if not LEAST_ROWS <= len(alike) < len(rows):
        return draft
    return list_of(survey, alike) or draft


def _is_of_whole_texts(draft: CandidateDraft) -> bool:
    """Return whether nothing is read of a row but its whole text."""
    items = draft.extraction
    queries = [each.query for each in items.fields.values()] if isinstance(items, Items) else []
    return all(query is not None and query.expression == "." for query in queries)
