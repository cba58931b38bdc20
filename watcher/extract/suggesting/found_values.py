"""
Values that were found on a page, and where they are looked for: short texts that are no cells of a list.

What stands in the rows of a list is none of the page's values, not even where one row alone has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from watcher.core.values import ValueType
from watcher.extract.suggesting.columns import link_column
from watcher.extract.suggesting.survey import Spot, Survey

VALUE_CHARACTERS = 60
LABEL_CHARACTERS = 40
BOX_CHARACTERS = 160
"""Of an element with a value and what says which one it is."""
_PROSE_CHARACTERS = 80
LEAST_ROWS = 3
"""Of one path: what stands so often is a cell of a list."""
MOST_BESIDE = 6
"""So many figures may stand beside each other, each with a label of its own."""
SAMPLE = 40
"""So many rows are looked at."""
NEAR = 60
"""Elements behind the heading: so near stands what the page is about."""
_ROW_TAGS = frozenset({"a", "li", "div", "article", "section", "tr"})
_INTERACTIVE = frozenset(
    {"a", "button", "input", "select", "label", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "table", "ul"}
)


class Found(Struct, frozen=True, kw_only=True):
    """A value on the page, and how much speaks for it."""

    spot: Spot
    name: str
    type: ValueType
    label: str = ""
    regex: str | None = None
    score: float


class Rows(Struct, frozen=True, kw_only=True):
    """The elements of content by path, how many each path has, and those whose path has few."""

    alike: Mapping[int, Sequence[Spot]]
    counts: Mapping[int, int]
    few: Sequence[Spot]


def rows_of(survey: Survey) -> Rows:
    """Return the elements of content by path."""
    alike = survey.by_path()
    counts = {path: len(spots) for path, spots in alike.items()}
    few = [spot for spot in survey.spots if not spot.is_out and counts[spot.path] <= MOST_BESIDE]
    return Rows(alike=alike, counts=counts, few=few)


def alone(survey: Survey, rows: Rows, *, most: int = LEAST_ROWS - 1) -> Iterator[Spot]:
    """Yield the elements of content that are no cells of a list, as long as there is time."""
    for spot in rows.few:
        if rows.counts[spot.path] <= most:
            if survey.is_over():
                return
            yield spot


def outside_rows(survey: Survey, rows: Rows, found: Iterable[Found]) -> Iterator[Found]:
    """Yield what does not stand in one of several rows that lead each to its own: of five doctors two have no time."""
    for each in found:
        if not any(_is_row(survey, above, rows) for above in survey.above(each.spot)):
            yield each


def _is_row(survey: Survey, spot: Spot, rows: Rows) -> bool:
    """Return whether an element is one of three and more beside each other, each with a button or a link of its own."""
    if spot.tag not in _ROW_TAGS or len(rows.alike.get(spot.path, ())) < LEAST_ROWS:
        return False
    beside = [each for each in rows.alike[spot.path] if each.parent == spot.parent][:SAMPLE]
    if len(beside) < LEAST_ROWS or any(each.has_main for each in beside):
        return False
    links = [_first_link(survey, each) for each in beside]
    has_buttons = all(any(other.tag == "button" for other in survey.within(each)) for each in beside)
    return has_buttons or (len({link.path for link in links if link}) == 1 and link_column([links]) is not None)


def _first_link(survey: Survey, spot: Spot) -> Spot | None:
    return next((each for each in (spot, *survey.within(spot)) if each.tag == "a" and each.element.attr("href")), None)


def heading_of(survey: Survey) -> int | None:
    """Return the place of the page's heading."""
    return next((spot.place for spot in survey.spots if spot.tag == "h1" and not spot.is_out), None)


def inner(survey: Survey, spot: Spot) -> Spot:
    """Return the element without wrappers that hold nothing else."""
    while not spot.own and spot.end > spot.place + 1 and survey.spots[spot.place + 1].end == spot.end:
        spot = survey.spots[spot.place + 1]
    return spot


def is_short_value(survey: Survey, spot: Spot) -> bool:
    """Return whether an element of content has a short text, and nothing that is pressed or that parts a page."""
    return (
        not spot.is_out
        and 0 < spot.chars <= VALUE_CHARACTERS
        and spot.tag not in _INTERACTIVE - {"p", "li"}
        and not any(each.tag in _INTERACTIVE for each in survey.within(spot))
    )


def is_in_prose(survey: Survey, spot: Spot) -> bool:
    """Return whether an element stands amid a longer text."""
    return spot.parent >= 0 and len(survey.spots[spot.parent].own) > _PROSE_CHARACTERS


def names_of(spot: Spot) -> Iterator[str]:
    """Yield what the site calls an element: its classes, its id, and what machines and tests know it by."""
    yield from spot.names
    for attribute in ("id", "itemprop", "data-testid", "name"):
        if value := spot.element.attr(attribute):
            yield value


def as_label(text: str) -> str:
    """Return the text without the colon that ends it."""
    return text.strip().rstrip(":：").strip()
