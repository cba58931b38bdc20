"""
What makes elements alike a list that somebody watches, and what makes them none.

Each leads somewhere of its own, has a price or a day, or tells that it changes: by a state, by times with buttons, by
gauges, by figures of a day. Navigation, facts, pictures, people and sums to choose from are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from watcher.core.values import ValueType
from watcher.extract.suggesting.columns import SHARE, Column, Table
from watcher.extract.suggesting.days import folded, says_day
from watcher.extract.suggesting.evidence import (
    MAIN_SHARE,
    are_in_turn,
    are_releases,
    are_round,
    has_days,
    has_states,
    has_states_of_moment,
    has_times,
    is_dated,
    is_measured,
    is_of_currencies,
    is_of_years,
    is_shown_as_state,
    is_state,
    is_timed,
    may_change,
)
from watcher.extract.suggesting.moments import has_moment, is_of_past
from watcher.extract.suggesting.page_kinds import is_of_duties
from watcher.extract.suggesting.survey import Spot, Survey

LEAST_ROWS = 3
SAMPLE_ROWS = 60
_DIGITLESS = re.compile(r"\D")
_CENTS = re.compile(r"\d[.,]\d\d(?!\d)")
_SUM_DIGITS = 9
_VALUE_CHARACTERS = 40
_GAUGES = frozenset({"meter", "progress", "output", "data"})
_CARD_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_CHOICES = frozenset({"radio", "checkbox", "submit"})
_LINK_CHARACTERS = 12
"""A link with a shorter text, on average, and nothing beside it, is navigation; a Han character counts twice."""
_LEAST_LINKS = 5
_LINE_CHARACTERS = 80
_LABELLED = re.compile(r"[^\d:：]{2,40}[:：]|.{0,60} [–—-] ")
_TIME_CHARACTERS = 24
_LEAST_PROGRAMME = 5
_WORD = re.compile(r"[^\W\d_]{3,30}")
_DAY_WORDS = 2
"""That of the week, and the month."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|\Z)", re.IGNORECASE)


def tell_change(survey: Survey, group: Sequence[Spot], table: Table) -> bool:
    """Return whether rows, whatever they lead to, tell that they change."""
    texts = (column for column in table.columns if column.type is ValueType.TEXT)
    return (
        are_releases(group[0].tag, table.columns)
        or any(is_state(survey, column, table.rows[0]) for column in texts)
        or _has_days(table)
        or _takes_turns(survey, table)
        or _is_of_duties(survey, group)
        or (not table.link and is_measured(survey, group, table.columns))
    )


def may_be_list(survey: Survey, group: Sequence[Spot], table: Table, *, is_told: bool) -> bool:
    """Return whether rows are worth watching, and no navigation, facts, pictures or people."""
    typed = [column for column in table.columns if column.type is not ValueType.TEXT]
    texts = [column for column in table.columns if column.type is ValueType.TEXT]
    has_names = bool(texts or table.link) or is_of_currencies(table.columns)
    if not has_names or not (table.link or is_told or _has_prices_or_days(typed)):
        return False
    if group[0].tag == "dt" and not _may_be_terms(table, typed, is_told=is_told):
        return False
    if group[0].tag == "tr" and not (is_told or _may_change(survey, group[0], table)):
        return False
    if not typed and len(texts) <= 1 and table.link and not _is_worth_reading(table):
        return False
    if not (typed or is_told or _are_cards(survey, group)) and _is_of_short_links(survey, group):
        return False
    return not (_is_of_pictures(survey, table) or _is_of_people(survey, group, typed) or _are_sums(survey, table))


def are_sold(survey: Survey, table: Table) -> bool:
    """Return whether each row has a price and a button, and leads nowhere: tickets of several kinds."""
    has_prices = any(column.type is ValueType.MONEY for column in table.columns)
    return has_prices and table.link is None and _has_buttons(survey, table.rows)


def _may_be_terms(table: Table, typed: Sequence[Column], *, is_told: bool) -> bool:
    """Return whether terms with their texts are a list, and no facts of one thing: by a link, a state or a day."""
    are_days = any(column.type is ValueType.DATE and has_days(column) for column in typed)
    return bool(typed and table.link) or (is_told and not typed) or are_days


def _has_days(table: Table) -> bool:
    """Return whether a column has days that are read as none, for they lack a year, beside another text."""
    others = [column for column in table.columns if column.type is not ValueType.DATE]
    dated = [column for column in others if is_dated(column)]
    if any(has_days(column) and all(map(_is_dated_line, column.texts)) for column in dated):
        return True
    return bool(dated) and any(column.type is ValueType.TEXT for column in others if column not in dated)


def _is_dated_line(text: str) -> bool:
    """Return whether a text says a day and something more, and is no sentence: `Paper – Thursday 3 December`."""
    is_line = len(text) <= _LINE_CHARACTERS and not text.endswith((".", "。", "?"))
    words = len(_WORD.findall(folded(text))) + bool(_LABELLED.match(text))
    return is_line and words > _DAY_WORDS and says_day(text)


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
    if _is_programme(survey, table):
        return not is_of_past(survey)
    shown = [column for column in texts if is_shown_as_state(survey, column, table.rows)]
    return len(shown) == 1 or has_states_of_moment(survey, texts, table.rows)


def _is_timetable(survey: Survey, table: Table) -> bool:
    """Return whether beside times there are figures or states, or a day of which they are: not those of every day."""
    has_more = any(column.type is not ValueType.TEXT or has_states(column) for column in table.columns)
    has_more = has_more or table.link is not None
    return len(table.columns) > 2 and (has_more or has_moment(survey, *table.rows))


def _is_programme(survey: Survey, table: Table) -> bool:
    """Return whether what the page shows is when things take place, one after the other, or at several times each."""
    share = sum(row.chars for row in table.rows) / max(1, survey.chars_around(table.rows[0]))
    timed = [column for column in table.columns if is_timed(column) and max(map(len, column.texts)) <= _TIME_CHARACTERS]
    least = LEAST_ROWS if len(table.columns) > 2 else _LEAST_PROGRAMME
    is_long = len(table.rows) >= least and are_in_turn(timed)
    is_set = is_long and not are_round(timed)
    return share >= MAIN_SHARE and has_times(table.columns) and (is_set or len(timed) > 1)


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
    rows = group[:SAMPLE_ROWS]
    if sum(row.link_chars for row in rows) < SHARE * sum(row.chars for row in rows):
        return False
    links = [spot for row in rows for spot in (row, *survey.within(row)) if spot.tag == "a"]
    return sum(map(_length, map(survey.text, links))) < 2 * _LINK_CHARACTERS * len(links)


def _are_cards(survey: Survey, group: Sequence[Spot]) -> bool:
    """Return whether each row shows a picture and a heading, and leads to one of several things: `/dogs/rex`."""
    parents = {(row.element.attr("href") or "//").rpartition("/")[0] for row in group[:SAMPLE_ROWS] if row.tag == "a"}
    if parents == {""}:
        return False  # parts of the site
    tags = [{spot.tag for spot in survey.within(row)} for row in group[:SAMPLE_ROWS]]
    return all("img" in each and _CARD_HEADINGS & each for each in tags)


def _length(text: str) -> int:
    """Return how long a text is; a Han character counts twice."""
    return len(text) + sum(ch > "\u2e80" for ch in text)


def _is_of_pictures(survey: Survey, table: Table) -> bool:
    """
    Return whether the rows lead to pictures, but not of what is sold, by a price or a state of stock: a gallery.

    A picture with a caption, of which the picture alone is a link, leads to the same picture, only larger.
    """
    if any(column.type in (ValueType.MONEY, ValueType.STOCK) for column in table.columns):
        return False
    targets = () if table.link is None else [target for target in table.link.texts if target]
    if bool(targets) and all(map(_PICTURE.search, targets)):
        return True
    has_days = any(column.type is ValueType.DATE for column in table.columns)
    return not has_days and all(_is_captioned(survey, row) for row in table.rows[:SAMPLE_ROWS])


def _is_captioned(survey: Survey, row: Spot) -> bool:
    return not row.link_chars and {"img", "figcaption"} <= {spot.tag for spot in survey.within(row)}


def _is_of_people(survey: Survey, group: Sequence[Spot], typed: Sequence[Column]) -> bool:
    """Return whether each row has a telephone or an address of mail, and neither price nor day: a team, branches."""
    if any(column.type in (ValueType.MONEY, ValueType.DATE, ValueType.STOCK) for column in typed):
        return False
    return _are_reached(survey, group) and not is_of_duties(survey)


def _is_of_duties(survey: Survey, group: Sequence[Spot]) -> bool:
    """Return whether each row says how to reach somebody who is on duty just now."""
    return _are_reached(survey, group) and is_of_duties(survey)


def _are_reached(survey: Survey, group: Sequence[Spot]) -> bool:
    rows = group[:SAMPLE_ROWS]
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
