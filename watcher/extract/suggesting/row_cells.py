"""
The cells of a row that is no row of a table: which of its elements are read as one text, and where each stands.

A cell is an element that has most of its text itself, a price in parts, a button or a time. A date beside other things
is one too, and so is the one short text that stands in the row itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from turbohtml import Text

from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE, MONEY_MARK

_MOST_CELLS = 60
DATE_CHARACTERS = 24
_VALUE_CHARACTERS = 40
_WORD_CHARACTERS = 8
"""So many letters a price may have beside its currency: `from`, `incl. VAT`."""
_LEAST_BESIDE = 2
HEADINGS = frozenset({"h2", "h3", "h4"})
"""They stand for what follows them."""
BLOCKS = frozenset({"li", "div", "article", "section", "tr", "a", "dd", "ul"})

Place: TypeAlias = tuple[tuple[str, str, int], ...]
"""Where something stands in a row: the tag, the class and the number among its like of each step."""
OWN: Place = (("#text", "", 1),)
"""What stands in the row itself, beside elements."""


def placed(survey: Survey, row: Spot, *, by_name: bool = True) -> Iterator[tuple[Place, Spot]]:
    """
    Yield what a row shows, each with its place in it: an element that has a text of its own, and links.

    Args:
        by_name: elements of another class are another cell.
    """
    places: dict[int, Place] = {row.place: ()}
    counts: defaultdict[object, int] = defaultdict(int)
    skip, count = 0, 0
    has_own = _has_own_beside(survey, row)
    if has_own:
        yield OWN, row
    for spot in survey.within(row) if has_own else (row, *survey.within(row)):
        if spot is not row:
            step = (spot.parent, spot.tag, spot.name if by_name else "")
            counts[step] += 1
            places[spot.place] = (*places.get(spot.parent, ()), (spot.tag, step[2], counts[step]))
        is_link = spot.tag == "a" and spot.element.attr("href") is not None
        is_dated = spot.place >= skip and _is_date_beside(spot)
        is_row_of_cells = spot is row and _has_cells(survey, row)
        is_cell = spot.place >= skip and (is_dated or (not is_row_of_cells and _is_cell(survey, spot)))
        if is_cell and not is_dated and not (spot is row and _has_date_within(survey, row)):
            skip = spot.end
        if is_link or (is_cell and spot.chars):
            yield places[spot.place], spot
            count += 1
        if count == _MOST_CELLS:
            return


def _has_own_beside(survey: Survey, row: Spot) -> bool:
    """Return whether a row has one short text of its own, and behind or before it elements with others."""
    if not 0 < len(row.own) <= _VALUE_CHARACTERS or row.link_chars or row.tag == "tr" or _is_date_beside(row):
        return False
    if row.chars - len(row.own) < _LEAST_BESIDE or not any(map(str.isalnum, row.own)):
        return False
    texts = [one.data for one in row.element.children if isinstance(one, Text) and one.data.strip()]
    return len(texts) == 1 and (row.tag in HEADINGS or not _has_date_within(survey, row))


def _has_cells(survey: Survey, row: Spot) -> bool:
    """Return whether a row says nothing itself, and a name and a figure in two boxes: no price in parts."""
    texts = [] if row.own else [survey.text(each) for each in survey.children(row) if each.tag in BLOCKS and each.chars]
    has_digits = [any(map(str.isdigit, text)) for text in texts]
    return len(texts) > 1 and any(has_digits) and not all(has_digits) and not any(map(MONEY_MARK.search, texts[:1]))


def is_one_text(survey: Survey, spot: Spot) -> bool:
    """Return whether all that an element shows is one text, as a link's mostly is."""
    return bool(spot.own) or sum(bool(each.own) for each in survey.within(spot)) == 1


def _is_date_beside(spot: Spot) -> bool:
    """Return whether an element has a date itself, beside other things: `2026-05-01 <a>Title</a>`."""
    is_short = len(spot.own) <= DATE_CHARACTERS and 2 * len(spot.own) < spot.chars
    return is_short and DATE.search(spot.own) is not None


def _has_date_within(survey: Survey, row: Spot) -> bool:
    """Return whether a row is a sentence with a date marked in it: `<p><b>3. 5. 2026</b> Lipová street</p>`."""
    within = survey.within(row)[:_MOST_CELLS]
    return any(len(each.own) <= DATE_CHARACTERS and DATE.search(each.own) for each in within)


def _is_cell(survey: Survey, spot: Spot) -> bool:
    """Return whether an element is read as one: it has most of its text itself, or it is a price in parts."""
    if spot.tag in ("button", "time"):
        return True
    if spot.tag == "tr":  # its cells are read: a short name and a price look like a price in parts
        return False
    if spot.own and 2 * len(spot.own) >= spot.chars:
        return True
    if not 0 < spot.chars <= _VALUE_CHARACTERS or spot.link_chars or (not spot.own and is_one_text(survey, spot)):
        return False
    if any(_is_amount(each) and spot.chars - len(each.own) >= _LEAST_BESIDE for each in survey.within(spot)):
        return bool(spot.own)
    text = survey.text(spot)
    letters = sum(map(str.isalpha, MONEY_MARK.sub("", text)))
    is_price = any(map(str.isdigit, text)) and len(MONEY_MARK.findall(text)) == 1 and letters <= _WORD_CHARACTERS
    return is_price or bool(spot.own)


def _is_amount(spot: Spot) -> bool:
    """Return whether an element says an amount: what it lies in is none in parts, as `BTC <b>€ 71,380</b>`."""
    return any(map(str.isdigit, spot.own)) and MONEY_MARK.search(spot.own) is not None
