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
from functools import reduce
from itertools import islice, pairwise
from math import log2, sqrt
from typing import TypeAlias

from msgspec.structs import replace
from turbohtml import Text

from watcher.core.values import ValueType
from watcher.core.wording import worded
from watcher.extract.suggesting import scores
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.evidence import (
    has_days,
    has_moment,
    has_states,
    has_states_of_moment,
    has_times,
    is_dated,
    is_measured,
    is_of_past,
    is_of_years,
    is_shown_as_state,
    is_state,
    may_change,
)
from watcher.extract.suggesting.page_kinds import is_of_duties
from watcher.extract.suggesting.rows import (
    SHARE,
    Column,
    Table,
    column_of,
    items_of,
    link_column,
    own_column_of,
    plainer,
)
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import DATE, MONEY_MARK

LEAST_ROWS = 3
_MOST_GROUPS = 14
_MOST_OFFERED = 5
_SAMPLE_ROWS = 60
_MOST_ROWS = 5_000
_MOST_CELLS = 60
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
_CENTS = re.compile(r"\d[.,]\d\d(?!\d)")
_SUM_DIGITS = 9
_DATE_CHARACTERS = 24
_HEADINGS = frozenset({"h2", "h3", "h4"})
"""They stand for what follows them."""
_BLOCKS = frozenset({"li", "div", "article", "section", "tr", "a", "dd", "ul"})
_GAUGES = frozenset({"meter", "progress", "output", "data"})
_CARD_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_LEAST_COLUMNS = 2
_CHOICES = frozenset({"radio", "checkbox", "submit"})
_INNER = 2
_LEAST_BESIDE = 2
_LINK_CHARACTERS = 12
"""A link with a shorter text, on average, and nothing beside it, is navigation; a Han character counts twice."""
_LEAST_LINKS = 5
_VALUE_CHARACTERS = 40
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|\Z)", re.IGNORECASE)
_WORD_CHARACTERS = 8
"""So many letters a price may have beside its currency: `from`, `incl. VAT`."""


_Place: TypeAlias = tuple[tuple[str, str, int], ...]
"""Where something stands in a row: the tag, the class and the number among its like of each step."""
_OWN: _Place = (("#text", "", 1),)
"""What stands in the row itself, beside elements."""


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


def list_of(survey: Survey, rows: Sequence[Spot], score: float = scores.POINTED) -> CandidateDraft | None:
    """Return the list of these rows; None where they show nothing, or nothing tells them apart."""
    table = _table(survey, rows)
    items = None if table is None else items_of(survey, table)
    if table is None or items is None:
        return None
    count, each = len(table.rows), _said(table)
    why = worded("suggest_list", "{number} elements of the page look alike, each with {what}.", number=count, what=each)
    return CandidateDraft(kind=Kind.LIST, why=why, extraction=items, plainer=plainer(items), score=score)


def may_be_rows(survey: Survey, spots: Sequence[Spot], parents: Sequence[Spot]) -> bool:
    """Return whether elements of one path may be the rows of a list; `parents`: the elements of their parents' path."""
    first = spots[0]
    if not LEAST_ROWS <= len(spots) <= _MOST_ROWS or first.parent < 0:
        return False
    is_row = (first.tag == "dt" and partners_of(survey, spots[:_SAMPLE_ROWS])) or _is_of_one_term(survey, first)
    if first.tag in _NO_ROWS and not is_row:
        return False
    # One in each: the outer ones are the rows.
    return len(parents) != len(spots) or survey.spots[first.parent].tag in _NO_ROWS


def _is_of_one_term(survey: Survey, first: Spot) -> bool:
    """Return whether several `dd` follow one `dt`, or none: a list with a title, and no facts."""
    if first.tag != "dd":
        return False
    beside = list(islice(survey.children(survey.spots[first.parent]), _SAMPLE_ROWS))
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


def _table(survey: Survey, rows: Sequence[Spot]) -> Table | None:
    """Return the rows with their columns; those that hold nothing are no rows."""
    rows = [row for row in rows if row.chars]
    if len(rows) < LEAST_ROWS:
        return None
    cells, links = _cells_of(survey, rows)
    if sum(len(found) >= SHARE * len(rows) for found in cells.values()) < _LEAST_COLUMNS:
        cells, links = _cells_of(survey, rows, by_name=False)  # `<b class=open>`, `<b class=closed>` are the same cell
    shared = {place: found for place, found in cells.items() if len(found) >= SHARE * len(rows)}
    ordered = sorted(shared, key=lambda place: _distance(rows, shared[place]))
    told = {place: _column(survey, place, _spread(shared[place], rows)) for place in ordered}
    told |= {(): replace(whole, type=ValueType.TEXT)} if (whole := told.get(())) and _is_sentence(whole) else {}
    columns = _outer(survey, {place: column for place, column in told.items() if column is not None})
    link = link_column([_spread(found, rows) for found in links.values()])
    return None if columns is None else Table(rows=rows, columns=_without_twins(columns), link=link)


def _cells_of(
    survey: Survey, rows: Sequence[Spot], *, by_name: bool = True
) -> tuple[dict[_Place, dict[int, Spot]], dict[_Place, dict[int, Spot]]]:
    """Return what stands at each place, by the numbers of the rows, and the links. `by_name`: classes count."""
    cells: dict[_Place, dict[int, Spot]] = defaultdict(dict)
    links: dict[_Place, dict[int, Spot]] = defaultdict(dict)
    partners = partners_of(survey, rows)
    for number, row in enumerate(rows):
        for named, spot in _with_partner(survey, row, partners[number] if partners else None):
            place = named if by_name else tuple((tag, "", count) for tag, _, count in named)
            if spot.tag == "a" and spot.element.attr("href"):
                links[place].setdefault(number, spot)
            if spot.tag != "a" or _is_one_text(survey, spot):
                cells[place].setdefault(number, spot)
    return cells, links


def _column(survey: Survey, place: _Place, spots: Sequence[Spot | None]) -> Column | None:
    return own_column_of(spots) if place == _OWN else column_of(survey, spots)


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


def _with_partner(survey: Survey, row: Spot, partner: Spot | None) -> Iterator[tuple[_Place, Spot]]:
    """Yield what a row and its partner show, each with its place."""
    yield from _placed(survey, row)
    for place, spot in _placed(survey, partner) if partner else ():
        yield (("+", "", 1), *place), spot


def _outer(survey: Survey, columns: Mapping[_Place, Column]) -> list[Column] | None:
    """Return the columns without those of a list within each row; None where that list is most of what a row has."""
    outer = [
        column
        for place, column in columns.items()
        if not _is_of_inner_list(place) or _is_in_named_cell(survey, place, column)
    ]
    if any(column.type is not ValueType.TEXT for column in outer):
        return outer
    return list(columns.values()) if 2 * len(outer) > len(columns) or len(outer) == len(columns) else None


def _is_of_inner_list(place: _Place) -> bool:
    """Return whether a cell stands in the third or a later of elements alike: the row is a list itself."""
    return any(count > _INNER and tag in _BLOCKS for tag, _, count in place[:-1] or place)


def _is_in_named_cell(survey: Survey, place: _Place, column: Column) -> bool:
    """Return whether a cell stands among others that each have a class of their own: `field field-date`."""
    spot = next(spot for spot in column.spots if spot is not None)
    for each in islice((spot, *survey.above(spot)), len(place)):
        beside = [other for other in survey.children(survey.spots[each.parent]) if other.tag == each.tag]
        alike = [other.names for other in beside if other.name == each.name]
        if len(alike) > _INNER:
            return len(set(alike)) == len(alike)
    return False


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


def _placed(survey: Survey, row: Spot) -> Iterator[tuple[_Place, Spot]]:
    """Yield what a row shows, each with its place in it: an element that has a text of its own, and links."""
    places: dict[int, _Place] = {row.place: ()}
    counts: defaultdict[object, int] = defaultdict(int)
    skip, count = 0, 0
    has_own = _has_own_beside(survey, row)
    if has_own:
        yield _OWN, row
    for spot in survey.within(row) if has_own else (row, *survey.within(row)):
        if spot is not row:
            step = (spot.parent, spot.tag, spot.name)
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
    return len(texts) == 1 and (row.tag in _HEADINGS or not _has_date_within(survey, row))


def _has_cells(survey: Survey, row: Spot) -> bool:
    """Return whether a row says nothing itself, and a name and a figure in two boxes: no price in parts."""
    texts = (
        [] if row.own else [survey.text(each) for each in survey.children(row) if each.tag in _BLOCKS and each.chars]
    )
    has_digits = [any(map(str.isdigit, text)) for text in texts]
    return len(texts) > 1 and any(has_digits) and not all(has_digits) and not any(map(MONEY_MARK.search, texts[:1]))


def _is_one_text(survey: Survey, spot: Spot) -> bool:
    """Return whether all that an element shows is one text, as a link's mostly is."""
    return bool(spot.own) or sum(bool(each.own) for each in survey.within(spot)) == 1


def _is_date_beside(spot: Spot) -> bool:
    """Return whether an element has a date itself, beside other things: `2026-05-01 <a>Title</a>`."""
    is_short = len(spot.own) <= _DATE_CHARACTERS and 2 * len(spot.own) < spot.chars
    return is_short and DATE.search(spot.own) is not None


def _is_sentence(column: Column) -> bool:
    """Return whether texts with a date say more than the date."""
    return column.type is ValueType.DATE and all(len(text) > _DATE_CHARACTERS for text in column.texts)


def _has_date_within(survey: Survey, row: Spot) -> bool:
    """Return whether a row is a sentence with a date marked in it: `<p><b>3. 5. 2026</b> Lipová street</p>`."""
    within = survey.within(row)[:_MOST_CELLS]
    return any(len(each.own) <= _DATE_CHARACTERS and DATE.search(each.own) for each in within)


def _is_cell(survey: Survey, spot: Spot) -> bool:
    """Return whether an element is read as one: it has most of its text itself, or it is a price in parts."""
    if spot.tag in ("button", "time"):
        return True
    if spot.tag == "tr":  # its cells are read: a short name and a price look like a price in parts
        return False
    if spot.own and 2 * len(spot.own) >= spot.chars:
        return True
    if not 0 < spot.chars <= _VALUE_CHARACTERS or spot.link_chars or (not spot.own and _is_one_text(survey, spot)):
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


def _score(survey: Survey, group: Sequence[Spot]) -> float:
    """Return how good a list they are, from 0 to 80, by some of them."""
    table = _table(survey, group[:_SAMPLE_ROWS])
    if table is None:
        return 0
    is_told = _is_told(survey, group, table)
    if not _may_be_list(survey, group, table, is_told=is_told):
        return 0
    rows = min(1.0, log2(len(group) + 1) / 4.5)
    known = min(1.0, 0.35 + table.weight / 12 + 0.3 * is_told)
    chars = sum(row.chars for row in (*group, *partners_of(survey, group)))
    share = 1.0 if group[0].tag in _HEADINGS else sqrt(chars / max(1, survey.content_chars))
    score = 82 * sqrt(rows) * known * table.distinctness * (0.4 + 0.6 * min(1.0, share))
    return max(score, scores.PRICED_ROWS) if _are_sold(survey, table) else score


def _are_sums(survey: Survey, table: Table) -> bool:
    """Return whether rows are sums to choose from, as of a gift: whole and rising, each before what it is good for."""
    kinds = [column.type for column in table.columns]
    if table.link or kinds[:1] != [ValueType.MONEY] or not set(kinds[1:]) <= {ValueType.TEXT}:
        return False
    texts = table.columns[0].texts
    sums = [int(digits) for text in texts if 0 < len(digits := _DIGITLESS.sub("", text)) <= _SUM_DIGITS]
    is_whole = len(sums) == len(table.rows) and not any(map(_CENTS.search, texts))
    is_rising = all(earlier < later for earlier, later in pairwise(sums))
    return is_whole and is_rising and _has_buttons(survey, table.rows)


def _are_sold(survey: Survey, table: Table) -> bool:
    """Return whether each row has a price and a button, and leads nowhere: tickets of several kinds."""
    has_prices = any(column.type is ValueType.MONEY for column in table.columns)
    return has_prices and table.link is None and _has_buttons(survey, table.rows)


def _is_told(survey: Survey, group: Sequence[Spot], table: Table) -> bool:
    """Return whether rows, whatever they lead to, tell that they change."""
    texts = (column for column in table.columns if column.type is ValueType.TEXT)
    return (
        any(is_state(survey, column, table.rows[0]) for column in texts)
        or _has_days(table)
        or _takes_turns(survey, table)
        or _is_of_duties(survey, group)
        or (not table.link and is_measured(survey, group, table.columns))
    )


def _may_be_list(survey: Survey, group: Sequence[Spot], table: Table, *, is_told: bool) -> bool:
    """Return whether rows are worth watching, and no navigation, facts, pictures or people."""
    typed = [column for column in table.columns if column.type is not ValueType.TEXT]
    texts = [column for column in table.columns if column.type is ValueType.TEXT]
    if not (texts or table.link) or not (table.link or is_told or _has_prices_or_days(typed)):
        return False
    if group[0].tag == "dt" and not _may_be_terms(table, typed, is_told=is_told):
        return False
    if group[0].tag == "tr" and not (is_told or _may_change(survey, group[0], table)):
        return False
    if not typed and len(texts) <= 1 and table.link and not _is_worth_reading(table):
        return False
    if not (typed or is_told or _are_cards(survey, group)) and _is_of_short_links(survey, group):
        return False
    return not (_is_of_pictures(table) or _is_of_people(survey, group, typed) or _are_sums(survey, table))


def _may_be_terms(table: Table, typed: Sequence[Column], *, is_told: bool) -> bool:
    """Return whether terms with their texts are a list, and no facts of one thing: by a link, a state or a day."""
    are_days = any(column.type is ValueType.DATE and has_days(column) for column in typed)
    return bool(typed and table.link) or (is_told and not typed) or are_days


def _has_days(table: Table) -> bool:
    """Return whether a column has days that are read as none, for they lack a year, beside another text."""
    others = [column for column in table.columns if column.type is not ValueType.DATE]
    dated = [column for column in others if is_dated(column)]
    return bool(dated) and any(column.type is ValueType.TEXT for column in others if column not in dated)


def _takes_turns(survey: Survey, table: Table) -> bool:
    """
    Return whether rows that may lead nowhere show that they change: by times, by buttons, by gauges, or by states.

    A time beside one other text is that of a programme or of opening, unless a button takes it, or the page has a day.
    """
    texts = [column for column in table.columns if column.type is ValueType.TEXT]
    if any(spot.tag in _GAUGES for row in table.rows[:LEAST_ROWS] for spot in survey.within(row)):
        return bool(texts)
    if len(texts) < 2:
        return False
    if has_times(table.columns) and (_has_buttons(survey, table.rows) or _is_timetable(survey, table)):
        return not is_of_past(survey)
    if any(map(is_of_years, table.columns)):
        return False
    shown = [column for column in texts if is_shown_as_state(survey, column, table.rows)]
    return len(shown) == 1 or has_states_of_moment(survey, texts, table.rows)


def _is_timetable(survey: Survey, table: Table) -> bool:
    """Return whether beside times there are figures or states, or a day of which they are: not those of every day."""
    has_more = any(column.type is not ValueType.TEXT or has_states(column) for column in table.columns)
    has_more = has_more or table.link is not None
    return len(table.columns) > 2 and (has_more or has_moment(survey, *table.rows))


def _has_buttons(survey: Survey, rows: Sequence[Spot]) -> bool:
    """Return whether each row has a button to take it, which says the same in most; one that unfolds a row does not."""
    found = [next(filter(_takes, survey.within(row)), None) for row in rows]
    texts = [survey.text(button) for button in found if button is not None]
    return len(texts) >= SHARE * len(rows) and len(set(texts)) <= max(2, len(texts) // 2)


def _takes(spot: Spot) -> bool:
    if spot.tag == "input":
        return (spot.element.attr("type") or "").lower() in _CHOICES
    return spot.tag == "button" and spot.element.attr("aria-expanded") is None and spot.chars <= _VALUE_CHARACTERS


def _has_prices_or_days(columns: Sequence[Column]) -> bool:
    """Return whether what has a type is more than figures, and than fees, of which some are nothing."""
    return any(
        column.type not in (ValueType.INTEGER, ValueType.NUMBER) and not _is_of_fees(column) for column in columns
    )


def _is_of_fees(column: Column) -> bool:
    return column.type is ValueType.MONEY and any(set(re.sub(r"\D", "", text)) == {"0"} for text in column.texts)


def _may_change(survey: Survey, row: Spot, table: Table) -> bool:
    """Return whether something speaks for it that a table without a header changes."""
    around = next((spot for spot in survey.above(row) if spot.tag == "table"), row)
    has_links = table.link is not None
    return may_change(survey, around, table.columns, width=0, has_links=has_links)  # times are judged by their day


def _is_of_short_links(survey: Survey, group: Sequence[Spot]) -> bool:
    """Return whether the rows are little but links of a word or two: countries, each with its languages."""
    rows = group[:_SAMPLE_ROWS]
    if sum(row.link_chars for row in rows) < SHARE * sum(row.chars for row in rows):
        return False
    links = [spot for row in rows for spot in (row, *survey.within(row)) if spot.tag == "a"]
    return sum(map(_length, map(survey.text, links))) < 2 * _LINK_CHARACTERS * len(links)


def _are_cards(survey: Survey, group: Sequence[Spot]) -> bool:
    """Return whether each row shows a picture and a heading, and leads to one of several things: `/dogs/rex`."""
    parents = {(row.element.attr("href") or "//").rpartition("/")[0] for row in group[:_SAMPLE_ROWS] if row.tag == "a"}
    if parents == {""}:
        return False  # parts of the site
    tags = [{spot.tag for spot in survey.within(row)} for row in group[:_SAMPLE_ROWS]]
    return all("img" in each and _CARD_HEADINGS & each for each in tags)


def _length(text: str) -> int:
    """Return how long a text is; a Han character counts twice."""
    return len(text) + sum(ch > "\u2e80" for ch in text)


def _is_of_pictures(table: Table) -> bool:
    """Return whether the rows lead to pictures, but not of what is sold, by a price or a state of stock: a gallery."""
    if any(column.type in (ValueType.MONEY, ValueType.STOCK) for column in table.columns):
        return False
    targets = () if table.link is None else [target for target in table.link.texts if target]
    return bool(targets) and all(map(_PICTURE.search, targets))


def _is_of_people(survey: Survey, group: Sequence[Spot], typed: Sequence[Column]) -> bool:
    """Return whether each row has a telephone or an address of mail, and neither price nor day: a team, branches."""
    if any(column.type in (ValueType.MONEY, ValueType.DATE, ValueType.STOCK) for column in typed):
        return False
    return _are_reached(survey, group) and not is_of_duties(survey)


def _is_of_duties(survey: Survey, group: Sequence[Spot]) -> bool:
    """Return whether each row says how to reach somebody who is on duty just now."""
    return _are_reached(survey, group) and is_of_duties(survey)


def _are_reached(survey: Survey, group: Sequence[Spot]) -> bool:
    rows = group[:_SAMPLE_ROWS]
    return sum(any(_reaches(spot) for spot in survey.within(row)) for row in rows) >= SHARE * len(rows)


def _reaches(spot: Spot) -> bool:
    return spot.tag == "a" and (spot.element.attr("href") or "").startswith(("mailto:", "tel:"))


def _is_worth_reading(table: Table) -> bool:
    """Return whether rows that are but a link each are a list of headlines, and no navigation; others have a text."""
    if 2 * sum(row.link_chars for row in table.rows) < sum(row.chars for row in table.rows):
        return True
    texts = [text for column in table.columns for text in column.texts]
    length = sum(map(_length, texts)) / max(1, len(texts))
    return len(table.rows) >= _LEAST_LINKS and length >= 2 * _LINK_CHARACTERS


def _said(table: Table) -> str:
    kinds = [column.type for column in table.columns if column.type is not ValueType.TEXT]
    said = list(dict.fromkeys(_KINDS.get(kind, _NUMBER) for kind in kinds))[:3]
    said += [worded("suggest_a_link", "a link of its own")] if table.link else []
    if not said:
        return worded("suggest_texts", "texts of its own")
    *others, last = said
    if not others:
        return last
    first = reduce(lambda one, other: worded("suggest_comma", "{one}, {other}", one=one, other=other), others)
    return worded("suggest_and", "{one} and {other}", one=first, other=last)


_KINDS = {
    ValueType.MONEY: worded("suggest_a_price", "a price"),
    ValueType.DATE: worded("suggest_a_date", "a date"),
    ValueType.STOCK: worded("suggest_a_stock", "a state of stock"),
}
_NUMBER = worded("suggest_a_number", "a number")
