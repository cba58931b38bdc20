"""
What speaks for it that a table changes, in ways that somebody wants to be told: without it no table is suggested.

Most tables stay as they are: torques in a manual, a conjugation, what a firm is called and where, who pays how. None of
them has to be known by its words, since none has what tables that change have, in any language:

| evidence | as in |
|---|---|
| each row links to something of its own | notices, courses, releases |
| a column of days, or of moments | hearings, measured levels, power cuts |
| a column of single times, not from one to another | departures, a programme |
| a column of states of stock, or one that is called a status | tickets, lifts |
| money, but a few fees in two or three columns | prices of scrap |
| a column of changes: `+7.01` | gold |
| a column of percents to the hundredth, `0.325%`, for terms or of a day | interest |
| one column of states that look different: `<b class=ok>open</b>`, `<b class=off>closed</b>` | lifts, services |
| whole numbers in a column that counts by its name | seats, posts |
| results that need not rise, as ranges do: `2:1`, `0:0` | matches |
| ranks, with what falls from one to the next | a league, a hit parade |
| figures in no order, or states, where the page says of which day it is | exchange rates, levels, who is closed |
| a caption, or a line right above, that says a day which is not past | who stands in for whom |
| something crossed out or inserted in half of the rows | likewise |
| months of a year that is told, or columns of weekdays with words below | collections of waste, lessons |
| figures without a unit, in no order, beside names | points, stocks |
| figures beside the codes of currencies | rates |

What is of a past year changes no more: there links, prices and states alone count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise, takewhile

from watcher.core.values import ValueType
from watcher.extract.count_words import COUNT_LABEL, what_is_counted
from watcher.extract.currencies import CODES
from watcher.extract.suggesting.columns import SHARE, Column
from watcher.extract.suggesting.days import are_days_to_come, are_months, are_weekdays, folded, says_day, years_of
from watcher.extract.suggesting.moments import (
    TIME,
    has_moment,
    is_of_moment,
    is_of_past,
    is_report,
    last_year,
    this_year,
)
from watcher.extract.suggesting.region_words import STATE_NAMES, words_of
from watcher.extract.suggesting.row_cells import HEADINGS
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.unwatched_tables import is_monotone

_VERSION = re.compile(r"(?<![\d.])v?(\d{1,4}(?:\.\d{1,4}){1,3})(?![\d.]*\d)")
_HALF = 0.5
MAIN_SHARE = 0.4
"""A table with so much of the page's text is what the page is about."""
_LARGE_SHARE = 0.25
"""One with so much stands out from what is said around it."""
_FEES = 8
"""So many rows of a name and an amount are fees; more are a list of prices."""
_FEE_COLUMNS = 3
_FEES_SHARE = 0.3
_LEAST_ROWS = 3
_LEAST_TIMED = 3
"""Columns: times beside one other are those of opening."""
_LEAST_FIGURES = 2
_LEAST_STATES = 5
_STATE_CHARACTERS = 40
_CATEGORIES = frozenset({"tag", "tags", "category", "cat", "topic", "genre", "subject"})
_MOST_STATES = 0.7
"""Of things that have a state fewer than so many have one of their own."""
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_CODE_DIGITS = 5
_ROUND = 50
_LEAST_DAYS = 3
_MOST_YEARS = 10
_LEAST_YEAR = 2000
_TITLE_CHARACTERS = 80
_MOST_WRAPPERS = 3
_WRAPPER_SHARE = 1.1
"""What holds a table and little else has no more text than this."""
_CORRECTIONS = frozenset({"s", "del", "ins", "strike"})
_WORD = re.compile(r"[^\W\d_]{3}|[^\x00-\u024f\W\d_]")
_UNITS = (
    r"(?:[kcmdµ]?m[²³23]?|[kmµ]?g|[mcdh]?[lL]|k?W|kWh|[mk]?V|m?A|mAh|[kMG]?Hz|N|N[·.⋅ ]?m|k?J|k?cal|bar|[hkM]?Pa|psi|dB"
    r"|rpm|min|[sh]|°[CF]?|inch|in|ft|lbs?|oz|[kMGT]B|px|pt|мм|см|м|кг|г|мл|л|Вт|[″\"′Ø])"
)
_UNIT = re.compile(rf"\d ?{_UNITS}(?![^\W\d_])")
_UNIT_OF_ALL = re.compile(rf"(?:[(\[/,] ?|\A){_UNITS}[)\]]?\Z|\d ?{_UNITS}\Z")
"""Of the International System, and others that measure things."""
_QUARTER = 15
_ZERO = re.compile(r"0\d")
_CHANGE = re.compile(r"[-+−±▲▼↑↓]\s?\d[\d.,]*\s?%?|0(?:[.,]0+)?\s?%?")
_BELOW_ONE = re.compile(r"0\Z|[-−–]\s?\d")
_SIGNED = re.compile(r"[-+−▲▼↑↓]\s?\d")
_FIGURE = re.compile(r"\d[\d.,]*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
_DECIMAL = re.compile(r"\d{1,15}[.,]\d{1,15}")
_RATE = re.compile(r"(?:[%％] ?)?\d{1,2}[.,]\d{2,4} ?[%％](?: ?[^\W\d]{1,4}\.?){0,2}")
_HUNDREDTH = re.compile(r"\d{1,2}[.,]\d{2,4}")
_TERM = re.compile(r"\b\d{1,3}[ -]?(?:[^\W\d]{3,}|[^\x00-\u2e80])")
_MEASURED = re.compile(r"\W{0,2}\d[\d.,]{0,9}(?: [-–] )? ?[^\W\d_]{0,12}\.?")
_WAIT = re.compile(r"(?:in )?(\d{1,3}) ?(?:min|мин|хв|分|분|dk|λεπ|perc|phút)[^\W\d]{0,5}\.?")
_SOON = 20
_RESULT = re.compile(r"(?P<first>\d{1,3})\s?(?:[-–]\s?(?=\d{1,3}\Z)|:\s?(?=\d\Z))(?P<second>\d{1,3})")
_POINTS = re.compile(r"\d{1,4}(?:[.,]\d{1,2}|½)?")
_LEAST_ORDERED = 5
_LEAST_RANKS = 4
_MOST_POINTS = 1_000
_NUMBERS = frozenset({ValueType.INTEGER, ValueType.NUMBER})


def may_change(survey: Survey, table: Spot, columns: Sequence[Column], *, width: int, has_links: bool) -> bool:
    """
    Return whether something speaks for it that somebody wants to be told of changes in a table.

    Args:
        columns: of those rows that have all cells, those that say something.
        width: how many columns the table has.
        has_links: each row links to something of its own.
    """
    is_told = any(column.type is ValueType.STOCK or is_state(survey, column, table) for column in columns)
    if has_links or is_told or _has_prices(survey, table, columns):
        return True
    return not is_of_past(survey) and (
        any(map(has_days, columns))
        or (width >= _LEAST_TIMED and has_times(columns))
        or any(map(_is_of_changes, columns))
        or _is_of_rates(survey, table, columns)
        or is_of_currencies(columns)
        or any(map(_is_of_results, columns))
        or any(map(_is_count, columns))
        or _is_ranking(columns)
        or _is_of_bare_figures(survey, table, columns)
        or (_may_be_measured(survey, table, columns) and is_of_moment(survey, table))
        or _is_dated_above(survey, table)
        or _is_of_months(survey, table, columns)
        or _is_of_week(survey, table, columns)
        or _is_corrected(survey, table, columns)
    )


def is_measured(survey: Survey, rows: Sequence[Spot], columns: Sequence[Column]) -> bool:
    """Return whether figures in rows that lead nowhere count something, or are of a day that the page names."""
    told = [column for column in columns if not _counts_rows(column)]
    if any(_is_of_changes(column) or any(map(what_is_counted, column.texts)) for column in told):
        return True
    if any(map(_is_of_waits, columns)) or any(map(_is_of_results, columns)):
        return True
    has_figures = any(
        _is_of_figures(column) for column in columns[1:] if column in told
    )  # a quantity before its name is that of a recipe
    if has_figures and any(are_days_to_come(column.texts) for column in columns):
        return True
    return has_figures and (_is_ranking(columns) or (not _is_in_order(columns) and is_of_moment(survey, *rows)))


def _counts_rows(column: Column) -> bool:
    """Return whether a column but numbers the rows: `1st place`, `2nd place`."""
    numbers = [re.sub(r"\D", "", text) for text in column.texts]
    return numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _is_of_figures(column: Column) -> bool:
    """Return whether each row has a figure, of one unit or of several: `6 weeks`, `19 months`."""
    return column.type in _NUMBERS or _share(column, _MEASURED) == 1


def _is_of_waits(column: Column) -> bool:
    """Return whether a column says in how many minutes something comes, the soonest first."""
    waits = [int(found[1]) for text in column.texts if (found := _WAIT.fullmatch(text))]
    is_whole = len(waits) == len(column.texts) >= _LEAST_ROWS
    return is_whole and len(set(waits)) > 1 and waits == sorted(waits) and waits[0] < _SOON


def _is_ranking(columns: Sequence[Column]) -> bool:
    """Return whether a column counts the rows, and another falls that counts something: the table of a league."""
    counts = [_figures(column.texts) for column in columns if all(map(_POINTS.fullmatch, column.texts))]
    ranks = list(range(1, max(map(len, counts), default=0) + 1))
    if len(ranks) < _LEAST_RANKS or ranks not in [list(column) for column in counts]:
        return False
    others = [list(column) for column in counts if list(column) != ranks and max(column, default=0) < _MOST_POINTS]
    return any(column == sorted(column, reverse=True) for column in others)


def _may_be_measured(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether a table has figures that are not computed, or is what the page is about and has states."""
    if _is_in_order(columns):
        return False
    told = (column for column in columns if _has_figures(column) and not is_of_years(column))
    figures = sum(column.type in _NUMBERS or _is_bare(column) for column in told)
    is_main = table.chars >= MAIN_SHARE * survey.chars_around(table)
    has_told = any(map(has_states, columns)) or _are_of_one_kind(columns)
    return figures >= _LEAST_FIGURES or (is_main and (figures > 0 or has_told))


def _are_of_one_kind(columns: Sequence[Column]) -> bool:
    """Return whether two columns say the same few things of the rows: how it is today, and how tomorrow."""
    told = [set(column.texts) for column in columns if column.type is ValueType.TEXT and column.distinctness < 1]
    return any(len(one & other) >= _HALF * max(len(one), len(other)) for one, other in combinations(told, 2))


def _is_of_bare_figures(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """
    Return whether the page is about names with figures, which have no unit and are in no order.

    What is measured of a thing has a unit, and stays; sizes rise together. What is counted changes: a league’s points.
    """
    if not _is_large(survey, table) or is_report(survey) or survey.is_read():
        return False
    figures = [column for column in columns if _has_figures(column) and not _is_of_codes(column)]
    bare = list(filter(_is_bare, figures))
    if not bare or not any(map(_is_of_names, columns)):
        return False
    if all(is_monotone(_figures(column.texts)) for column in bare):
        return len(bare) >= _LEAST_FIGURES and _is_falling(bare) and not _are_ranges(bare)
    is_left_or_cold = any(map(_BELOW_ONE.match, bare[0].texts))
    return len(bare) >= _LEAST_FIGURES or (len(figures) == 1 and is_left_or_cold)


def _is_of_codes(column: Column) -> bool:
    """Return whether numbers but count the rows, or are all of one length, as those of post offices are."""
    lengths = {len(text) for text in column.texts}
    are_codes = len(lengths) == 1 and lengths.pop() >= _CODE_DIGITS and all(map(str.isdecimal, column.texts))
    is_round = are_codes and all(int(text) % _ROUND == 0 for text in column.texts)
    return (are_codes and not is_round) or is_of_years(column) or _counts_rows(column)


def _has_figures(column: Column) -> bool:
    """Return whether half of the rows have a figure, with a word behind or without, and the others nothing: `–`."""
    told = [text for text in column.texts if any(map(str.isalnum, text))]
    is_figure = column.type in _NUMBERS or (bool(told) and all(map(_MEASURED.fullmatch, told)))
    return is_figure and len(told) >= _HALF * len(column.texts)


def _is_bare(column: Column) -> bool:
    """Return whether neither the header nor a cell has a unit beside the figures."""
    return _UNIT_OF_ALL.search(column.name) is None and not any(map(_UNIT.search, column.texts))


def _is_of_names(column: Column) -> bool:
    """Return whether each cell has a name: a word that is no size as `XL`, nor in small letters as a parameter."""
    texts = list(map(folded, column.texts))
    are_words = all(map(_WORD.search, texts)) and not any(map(_UNIT.search, texts))
    is_measured = any(map(_MEASURED.fullmatch, texts)) or all(text[:1].islower() for text in texts)
    return are_words and column.distinctness == 1 and not is_measured


def _is_falling(columns: Sequence[Column]) -> bool:
    """Return whether few points, which are whole, fall along the rows: who has most of them is first."""
    points = [list(_figures(column.texts)) for column in columns if all(map(str.isdecimal, column.texts))]
    return any(
        len(column) >= _LEAST_RANKS and max(column) < _MOST_POINTS and column == sorted(column, reverse=True)
        for column in points
        if len(set(column)) > 1
    )


def _is_large(survey: Survey, table: Spot) -> bool:
    return table.chars >= _LARGE_SHARE * survey.chars_around(table)


def _are_ranges(columns: Sequence[Column]) -> bool:
    """Return whether the figures of each row are all above those of the next: from 81 to 91 points it is a B."""
    rows = list(zip(*(_figures(column.texts) for column in columns), strict=False))
    return all(min(row) > max(below) for row, below in pairwise(rows))


def _is_of_months(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether the page is about the months of a year that it names, as a plan of what is collected when."""
    return (
        _is_large(survey, table) and any(are_months(column.texts) for column in columns) and has_moment(survey, table)
    )


def _is_of_week(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether columns are days of the week, and words stand below them: lessons, and no hours of opening."""
    named = [column for column in columns if column.name][1:]
    words = [text for column in named for text in column.texts if any(map(str.isalpha, text))]
    is_told = len(words) >= _HALF * sum(len(column.texts) for column in named) and not any(map(TIME.search, words))
    is_week = len(named) >= _LEAST_DAYS and are_weekdays([column.name for column in named])
    return is_week and is_told and len(set(words)) > _LEAST_DAYS and _is_large(survey, table)


def _is_dated_above(survey: Survey, table: Spot) -> bool:
    """Return whether the caption, or what stands right above, says a day that is not past: a plan of that day."""
    if not _is_large(survey, table):
        return False
    first = next((each for each in survey.within(table) if each.tag in ("caption", "tr")), None)
    oldest = this_year(survey) - 1
    title = first if first is not None and _is_title(survey, first) else None
    titles = (spot for spot in (title, _right_above(survey, table)) if spot is not None)
    return not is_report(survey) and any(
        spot.chars <= _TITLE_CHARACTERS and says_day(text := survey.text(spot)) and last_year(text, oldest) >= oldest
        for spot in titles
    )


def _is_title(survey: Survey, spot: Spot) -> bool:
    """Return whether what begins a table is a title: a caption, or a row of one cell."""
    return spot.tag == "caption" or sum(1 for _ in survey.children(spot)) == 1


def _right_above(survey: Survey, spot: Spot) -> Spot | None:
    """Return what stands right before an element, or before what it alone fills."""
    for each in (spot, *islice(survey.above(spot), _MOST_WRAPPERS)):
        before = survey.before(each)
        if before is not None or each.chars > _WRAPPER_SHARE * spot.chars:
            return before
    return None


def _is_corrected(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether something is crossed out or inserted in half of the rows, as in a plan of who stands in."""
    rows = max((len(column.texts) for column in columns), default=0)
    corrections = sum(each.tag in _CORRECTIONS and each.chars > 0 for each in survey.within(table))
    return corrections >= max(_LEAST_ROWS, _HALF * rows)


def is_dated(column: Column) -> bool:
    """Return whether half of the cells have a day, which may lack its year."""
    told = [text for text in column.texts if text]
    return column.type is ValueType.DATE or (bool(told) and sum(map(says_day, told)) >= _HALF * len(told))


def has_days(column: Column) -> bool:
    """Return whether a column is of days, which are not those of history."""
    years = [year for text in column.texts for year in years_of(text)]
    is_history = bool(years) and (max(years) < _LEAST_YEAR or max(years) - min(years) > _MOST_YEARS)
    return is_dated(column) and not is_history


def _has_words(column: Column) -> bool:
    words = [text for text in column.texts if any(map(str.isalpha, text))]
    return len(words) >= _HALF * len(column.texts)


def has_times(columns: Sequence[Column]) -> bool:
    """Return whether a column has times of their own, or one beside what takes place: a shop opens at nine each day."""
    timed = [column for column in columns if is_timed(column)]
    if len(timed) == len(columns) >= _LEAST_TIMED:
        return True  # the stops of a line, each with its times
    are_distinct = any(map(_has_words, columns)) and any(column.distinctness >= _MOST_STATES for column in timed)
    takes_place = any(_has_words(column) and column.distinctness > _HALF for column in columns[1:])
    return bool(timed) and (are_distinct or takes_place)


def is_timed(column: Column) -> bool:
    """Return whether the cells have one time each, as that of a departure."""
    if column.type in _NUMBERS and not any(map(_ZERO.match, column.texts)):
        return False
    times = [len(TIME.findall(text)) for text in column.texts if text]
    return len(times) >= _LEAST_ROWS and times.count(1) >= _HALF * len(times)


def are_in_turn(columns: Sequence[Column]) -> bool:
    """Return whether a column has times that only go on, or only go back: what is on, or what was played."""
    times = [[found[0].rjust(5, "0") for text in column.texts if (found := TIME.search(text))] for column in columns]
    return any(len(set(found)) == len(found) and is_monotone([*map(_whole, found)]) for found in times)


def are_round(columns: Sequence[Column]) -> bool:
    """Return whether all times are those of a quarter of an hour, as in what is done each day."""
    minutes = [found[0][-2:] for column in columns for text in column.texts if (found := TIME.search(text))]
    return all(int(each) % _QUARTER == 0 for each in minutes)


def is_state(survey: Survey, column: Column, row: Spot) -> bool:
    """
    Return whether the page calls a column a status, in its header or its classes.

    What a cell alone fills may be called so, too: `<td class=status><b>Closed</b>`.

    Args:
        row: one of the rows, or what they stand in; it may be called so for other reasons: `status-publish`.
    """
    cell = next((spot for spot in column.spots if spot is not None), None)
    names = () if cell is None else _names(survey, cell, row)
    return any(STATE_NAMES.intersection(words_of(name)) for name in (column.name.lower(), *names))


def is_shown_as_state(survey: Survey, column: Column, rows: Sequence[Spot]) -> bool:
    """
    Return whether a column says the same of several rows, and what it says is shown by a class of its own.

    `<li class=off>closed` and `<b class="badge bg-danger">closed</b>` are shown so; what is striped is not.
    """
    told = [
        (row, spot, text) for row, spot, text in zip(rows, column.spots, column.texts, strict=True) if spot and text
    ]
    texts = {text for _, _, text in told}
    if any(_CATEGORIES.intersection(words_of(name)) for _, spot, _ in told for name in spot.names):
        return False
    if not 1 < len(texts) < len(told) or any(len(text) > _STATE_CHARACTERS for text in texts):
        return False
    looks = {(text, _look(survey, row, spot)) for row, spot, text in told}
    return len(looks) == len(texts) and len({look for _, look in looks}) > 1


def _look(survey: Survey, row: Spot, cell: Spot) -> tuple[str, ...]:
    """Return the classes of a cell, of what it alone fills, and of its row."""
    above = takewhile(lambda each: each.place > row.place and each.chars == cell.chars, survey.above(cell))
    return tuple(name for spot in (row, cell, *above) for name in spot.names)


def is_of_years(column: Column) -> bool:
    """Return whether a column is of years, as a chronicle has."""
    return all(map(_YEAR.fullmatch, column.texts))


def has_states_of_moment(survey: Survey, columns: Sequence[Column], rows: Sequence[Spot]) -> bool:
    """Return whether many rows say the same of a few things, on a page that says of which day it is."""
    return any(map(has_states, columns)) and is_of_moment(survey, *rows)


def _names(survey: Survey, cell: Spot, row: Spot) -> Iterator[str]:
    """Yield the classes of a cell, and of the elements in its row that show nothing but it."""
    yield from cell.names
    for above in takewhile(lambda each: each.path != row.path and each.chars == cell.chars, survey.above(cell)):
        yield from above.names


def _has_prices(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    if not any(column.type is ValueType.MONEY for column in columns):
        return False
    is_of_fees = len(columns) <= _FEE_COLUMNS and len(columns[0].texts) <= _FEES
    return not is_of_fees or table.chars >= _FEES_SHARE * survey.content_chars


def _is_of_changes(column: Column) -> bool:
    return _share(column, _CHANGE) >= 1 and any(map(_SIGNED.match, column.texts))


def _is_of_rates(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether a column is of rates: percents to the hundredth, for certain terms, or of a day that is told."""
    has_rates = any(_share(column, _RATE) == 1 or _is_named_rate(column) for column in columns)
    return has_rates and (_share(columns[0], _TERM) >= _HALF or has_moment(survey, table))


def is_of_currencies(columns: Sequence[Column]) -> bool:
    """Return whether each row names another currency by its code, beside figures: what they are worth."""
    codes = [[*filter(CODES.__contains__, _CODE.findall(text))] for column in columns for text in column.texts]
    named = {found[0] for found in codes if len(found) == 1}
    rows = max((len(column.texts) for column in columns), default=0)
    return len(named) >= max(_LEAST_ROWS, _MOST_STATES * rows) and any(map(_has_figures, columns))


def _is_named_rate(column: Column) -> bool:
    """Return whether the header says that figures to the hundredth are percents: `Rate (%)`."""
    is_percent = "%" in column.name or "％" in column.name
    return is_percent and all(map(_HUNDREDTH.fullmatch, column.texts))


def _is_of_results(column: Column) -> bool:
    """Return whether a column has results, as of matches: `2:1`, `0 - 3`; ranges rise, and formats fall: `16:9`."""
    told = [text for text in column.texts if text]
    found = [(int(each["first"]), int(each["second"])) for text in told if (each := _RESULT.fullmatch(text))]
    are_mixed = any(first <= second for first, second in found) or len(told) < len(column.texts)
    return len(found) >= _HALF * len(told) and are_mixed and any(first > second for first, second in found)


def _is_count(column: Column) -> bool:
    is_whole = column.type is ValueType.INTEGER and not _counts_rows(column)
    return is_whole and COUNT_LABEL.search(column.name) is not None


def _is_in_order(columns: Sequence[Column]) -> bool:
    """Return whether all figures rise or fall along many rows, as where one is computed from another."""
    figures = [_figures(column.texts) for column in columns if column.type in _NUMBERS]
    longest = max(map(len, figures), default=0)
    is_long = longest >= _LEAST_ORDERED or (longest == _LEAST_ORDERED - 1 and len(figures) > _LEAST_FIGURES)
    return is_long and all(map(is_monotone, figures))


def _figures(texts: Sequence[str]) -> Sequence[float]:
    """Return the numbers; a lone separator is that of decimals, unless all have three digits behind it."""
    found = [number[0] for text in texts if (number := _FIGURE.search(text))]
    is_whole = all(map(_THOUSANDS.fullmatch, found))
    told = (
        float(text.replace(",", ".")) if not is_whole and _DECIMAL.fullmatch(text) else _whole(text) for text in found
    )
    halves = [_HALF * ("½" in text) for text in texts if _FIGURE.search(text)]
    return [number + half for number, half in zip(told, halves, strict=True)]


def _whole(text: str) -> float:
    return float(re.sub(r"\D", "", text))


def has_states(column: Column) -> bool:
    """Return whether many rows say the same of a few things: open, open, closed."""
    told = [text for text in column.texts if any(map(str.isalpha, text))]
    return len(told) >= _LEAST_STATES and 1 < len(set(told)) <= _MOST_STATES * len(told)


def _share(column: Column, pattern: re.Pattern[str]) -> float:
    """Return in how many of the cells a pattern begins or stands; a change or a measure is the whole cell."""
    told = [text for text in column.texts if text]
    found = pattern.fullmatch if pattern in (_CHANGE, _MEASURED, _RATE) else pattern.search
    return sum(found(text) is not None for text in told) / len(told) if told else 0


def are_releases(tag: str, columns: Sequence[Column]) -> bool:
    """Return whether headings tell versions, the newest first, as a changelog does: sections are numbered upwards."""
    texts = columns[0].texts if columns and tag in HEADINGS else ()
    told = [[int(number) for number in found[1].split(".")] for text in texts if (found := _VERSION.search(text))]
    return bool(told) and len(told) >= SHARE * len(texts) and told[0] > told[-1]
