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
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile

from watcher.core.values import ValueType
from watcher.extract.dates import names_day
from watcher.extract.suggesting.count_words import COUNT_LABEL, what_is_counted
from watcher.extract.suggesting.page_kinds import is_article
from watcher.extract.suggesting.region_words import STATE_NAMES, words_of
from watcher.extract.suggesting.rows import Column
from watcher.extract.suggesting.survey import Spot, Survey

_HALF = 0.5
_MAIN_SHARE = 0.4
"""A table with so much of the page's text is what the page is about."""
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
_DAY = re.compile(
    r"(?:19|20)\d\d[-./年년]\s?\d{1,2}[-./月월]\s?\d{1,2}|\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|\b\d{1,2}[./-]\s?\d{1,2}[./-](?:\s?(?:19|20)\d\d|\d\d\b)|\b\d{1,2}[./]\d{1,2}\.?,? \d{1,2}[:.]\d\d\b"
    r"|\A\d{1,2}\.\s?\d{1,2}\.\Z|[^\W\d]{2}[.,]? \d{1,2}[./]\s?\d{1,2}\.?\Z"
    r"|\b\d{1,2}\.?(?: de)? ?[^\W\d_]{3,12}(?:\.?(?: de)? ?20\d\d|\d\d\b)|\b[^\W\d_]{3,9}\.? \d{1,2},? (?:19|20)\d\d"
)
"""A day, of any year where a time or a word in its notation says that it is one."""
_TIME = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)(?![:.]\d)")
_YEAR = re.compile(r"(?<!\d)(?:1\d|20)\d\d(?!\d)")
_MOST_YEARS = 10
_LEAST_YEAR = 2000
_MOMENT_CHARACTERS = 120
_ALL_SHARE = 0.9
_HEADINGS = frozenset({"h1", "h2", "h3", "caption"})
_NEAR = 10
"""Elements before and behind the heading."""
_CONTROLS = frozenset({"button", "input", "select", "meter", "progress", "output"})
_TITLES = frozenset({"th", "caption"})
"""A moment in a cell is one of many, but not one in a header."""
_NOW = re.compile(
    r"(?<!\d)20\d\d(?!\d)|\b(?:today|now|live|current|heute|jetzt|aktuell|aujourd|actuel|hoy|ahora|actual|oggi|hoje|agora"
    r"|vandaag|actueel|idag|i dag|nå|nyt|tänään|dziś|dzisiaj|aktuáln|dnes|ma\b|azi|σήμερα|сегодня|сейчас|сьогодні|bugün"
    r"|hari ini|hôm nay|اليوم|היום)|今日|今天|现在|現在|本日|实时|實時|最新|오늘|현재|วันนี้",
    re.IGNORECASE,
)
"""A year, today or now, in a heading."""
_ZERO = re.compile(r"0\d")
_CHANGE = re.compile(r"[-+−±▲▼↑↓]\s?\d[\d.,]*\s?%?|0(?:[.,]0+)?\s?%?")
_SIGNED = re.compile(r"[-+−▲▼↑↓]\s?\d")
_FIGURE = re.compile(r"\d[\d.,]*")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})*")
_DECIMAL = re.compile(r"\d{1,15}[.,]\d{1,15}")
_RATE = re.compile(r"(?:[%％] ?)?\d{1,2}[.,]\d{2,4} ?[%％](?: ?[^\W\d]{1,4}\.?){0,2}")
_HUNDREDTH = re.compile(r"\d{1,2}[.,]\d{2,4}")
_TERM = re.compile(r"\b\d{1,3}[ -]?(?:[^\W\d]{3,}|[^\x00-\u2e80])")
_MEASURED = re.compile(r"\W{0,2}\d[\d.,]{0,9} ?[^\W\d_]{1,12}\.?")
_SENTENCE_WORDS = 8
_WAIT = re.compile(r"(?:in )?(\d{1,3}) ?(?:min|мин|хв|分|분|dk|λεπ|perc|phút)[^\W\d]{0,5}\.?")
_SOON = 20
_RESULT = re.compile(r"(?P<first>\d{1,3})\s?(?:[-–]\s?(?=\d{1,3}\Z)|:\s?(?=\d\Z))(?P<second>\d{1,3})")
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
    return (
        has_links
        or any(map(has_days, columns))
        or (width >= _LEAST_TIMED and has_times(columns) and not is_of_past(survey))
        or any(column.type is ValueType.STOCK or is_state(survey, column, table) for column in columns)
        or _has_prices(survey, table, columns)
        or any(map(_is_of_changes, columns))
        or _is_of_rates(survey, table, columns)
        or any(map(_is_of_results, columns))
        or any(map(_is_count, columns))
        or _is_ranking(columns)
        or (_may_be_measured(survey, table, columns) and _is_of_moment(survey, table))
    )


def is_measured(survey: Survey, rows: Sequence[Spot], columns: Sequence[Column]) -> bool:
    """Return whether figures in rows that lead nowhere count something, or are of a day that the page names."""
    told = [column for column in columns if not _counts_rows(column)]
    if any(_is_of_changes(column) or any(map(what_is_counted, column.texts)) for column in told):
        return True
    if any(map(_is_of_waits, columns)):
        return True
    has_figures = any(
        _is_of_figures(column) for column in columns[1:] if column in told
    )  # a quantity before its name is that of a recipe
    return has_figures and (_is_ranking(columns) or (not _is_in_order(columns) and _is_of_moment(survey, *rows)))


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
    counts = [_figures(column.texts) for column in columns if all(map(str.isdecimal, column.texts))]
    ranks = list(range(1, max(map(len, counts), default=0) + 1))
    if len(ranks) < _LEAST_RANKS or ranks not in [list(column) for column in counts]:
        return False
    others = [list(column) for column in counts if list(column) != ranks and max(column, default=0) < _MOST_POINTS]
    return any(column == sorted(column, reverse=True) for column in others)


def _may_be_measured(survey: Survey, table: Spot, columns: Sequence[Column]) -> bool:
    """Return whether a table has figures that are not computed, or is what the page is about and has states."""
    if _is_in_order(columns):
        return False
    figures = sum(column.type in _NUMBERS for column in columns)
    is_main = table.chars >= _MAIN_SHARE * survey.content_chars
    return figures >= _LEAST_FIGURES or (is_main and (figures > 0 or any(map(has_states, columns))))


def _is_of_moment(survey: Survey, *shown: Spot) -> bool:
    """Return whether the page says of which day or time it is, not in a sentence, or shows nothing but these."""
    is_all = sum(spot.chars for spot in shown) >= _ALL_SHARE * survey.content_chars
    return (is_all and not is_of_past(survey)) or has_moment(survey, *shown)


def has_moment(survey: Survey, *shown: Spot) -> bool:
    """Return whether the page says of which day or time it is, not in a sentence, nor in what it shows of several."""
    first, end = (shown[0].place, shown[-1].end) if shown else (0, 0)
    told = moments_of(survey)
    cells = [spot.own for spot in told if first <= spot.place < end and spot.tag not in _TITLES]
    same = max(Counter(cells).values(), default=0)
    is_told = len(told) > len(cells) or (same >= _LEAST_ROWS and same >= _HALF * len(cells))
    return is_told or any(
        _is_titled(survey, spot) for spot in survey.spots if spot.tag in _HEADINGS and not spot.is_out
    )


def moments_of(survey: Survey) -> Sequence[Spot]:
    """Return what says a day or one time, in short; a report says when it was written, not of when its figures are."""
    if survey.moments is None:
        survey.moments = () if is_report(survey) else list(_current_moments(survey))
    return survey.moments


def _current_moments(survey: Survey) -> Iterator[Spot]:
    oldest = _copyright_year(survey) - 1
    told = (spot for spot in survey.spots if not spot.is_out and is_told_moment(spot))
    return (spot for spot in told if _last_year(spot.own, oldest) >= oldest)


def _last_year(text: str, default: int) -> int:
    return max(map(int, _YEAR.findall(text)), default=default)


def _is_titled(survey: Survey, heading: Spot) -> bool:
    """Return whether a heading has a year that is not past, or says that it is of today."""
    is_short = heading.chars <= _MOMENT_CHARACTERS
    return is_short and _NOW.search(survey.text(heading)) is not None and not is_of_past(survey)


def is_told_moment(spot: Spot) -> bool:
    """Return whether a short text says a day or one time."""
    if spot.tag == "time":
        return True
    is_sentence = spot.own.endswith((".", "。")) and len(spot.own.split()) >= _SENTENCE_WORDS
    is_short = 0 < len(spot.own) <= _MOMENT_CHARACTERS and not is_sentence
    if not is_short or not any(map(str.isdigit, spot.own)):
        return False
    return says_day(spot.own) or len(_TIME.findall(spot.own)) == 1


def says_day(text: str) -> bool:
    """Return whether a day stands in a text, which may lack its year."""
    return _DAY.search(text) is not None or names_day(text)


def is_dated(column: Column) -> bool:
    """Return whether half of the cells have a day, which may lack its year."""
    return column.type is ValueType.DATE or _share(column, _DAY) >= _HALF


def has_days(column: Column) -> bool:
    """Return whether a column is of days, which are not those of history."""
    years = [int(year) for text in column.texts for year in _YEAR.findall(text)]
    is_history = bool(years) and (max(years) < _LEAST_YEAR or max(years) - min(years) > _MOST_YEARS)
    return is_dated(column) and not is_history


def _has_words(column: Column) -> bool:
    words = [text for text in column.texts if any(map(str.isalpha, text))]
    return len(words) >= _HALF * len(column.texts)


def has_times(columns: Sequence[Column]) -> bool:
    """Return whether a column has times of their own, or one beside what takes place: a shop opens at nine each day."""
    timed = [column for column in columns if _is_timed(column)]
    if len(timed) == len(columns) >= _LEAST_TIMED:
        return True  # the stops of a line, each with its times
    are_distinct = any(map(_has_words, columns)) and any(column.distinctness >= _MOST_STATES for column in timed)
    takes_place = any(_has_words(column) and column.distinctness > _HALF for column in columns[1:])
    return bool(timed) and (are_distinct or takes_place)


def _is_timed(column: Column) -> bool:
    """Return whether the cells have one time each, as that of a departure."""
    if column.type in _NUMBERS and not any(map(_ZERO.match, column.texts)):
        return False
    times = [len(_TIME.findall(text)) for text in column.texts if text]
    return len(times) >= _LEAST_ROWS and times.count(1) >= _HALF * len(times)


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


def is_of_past(survey: Survey) -> bool:
    """Return whether the page’s heading has a year before that of its copyright."""
    headings = (survey.text(spot) for spot in survey.spots if spot.tag == "h1")
    years = [int(year) for text in headings for year in _YEAR.findall(text)]
    return bool(years) and max(years) < _copyright_year(survey)


def is_report(survey: Survey) -> bool:
    """Return whether the page is one article, or long text, of a certain day, with nothing to do: its figures stay."""
    heading = next((spot.place for spot in survey.spots if spot.tag == "h1" and not spot.is_out), None)
    if heading is None or not (is_article(survey) or survey.is_read()):
        return False
    near = survey.spots[max(0, heading - _NEAR) : heading + _NEAR]
    is_dated = any(is_told_moment(spot) for spot in near if not spot.is_out)
    return is_dated and not any(spot.tag in _CONTROLS and not spot.is_out for spot in survey.spots)


def _copyright_year(survey: Survey) -> int:
    lines = (spot.own for spot in reversed(survey.spots) if "©" in spot.own)
    return max((int(year) for text in islice(lines, 2) for year in _YEAR.findall(text)), default=0)


def has_states_of_moment(survey: Survey, columns: Sequence[Column], rows: Sequence[Spot]) -> bool:
    """Return whether many rows say the same of a few things, on a page that says of which day it is."""
    return any(map(has_states, columns)) and _is_of_moment(survey, *rows)


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
    return column.type is ValueType.INTEGER and COUNT_LABEL.search(column.name) is not None


def _is_in_order(columns: Sequence[Column]) -> bool:
    """Return whether all figures rise or fall along many rows, as where one is computed from another."""
    figures = [_figures(column.texts) for column in columns if column.type in _NUMBERS]
    longest = max(map(len, figures), default=0)
    is_long = longest >= _LEAST_ORDERED or (longest == _LEAST_ORDERED - 1 and len(figures) > _LEAST_FIGURES)
    return is_long and all(map(_is_monotone, figures))


def _figures(texts: Sequence[str]) -> Sequence[float]:
    """Return the numbers; a lone separator is that of decimals, unless all have three digits behind it."""
    found = [number[0] for text in texts if (number := _FIGURE.search(text))]
    is_whole = all(map(_THOUSANDS.fullmatch, found))
    return [
        float(text.replace(",", ".")) if not is_whole and _DECIMAL.fullmatch(text) else _whole(text) for text in found
    ]


def _whole(text: str) -> float:
    return float(re.sub(r"\D", "", text))


def _is_monotone(numbers: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(numbers)]
    return all(step >= 0 for step in steps) or all(step <= 0 for step in steps)


def has_states(column: Column) -> bool:
    """Return whether many rows say the same of a few things: open, open, closed."""
    told = [text for text in column.texts if any(map(str.isalpha, text))]
    return len(told) >= _LEAST_STATES and 1 < len(set(told)) <= _MOST_STATES * len(told)


def _share(column: Column, pattern: re.Pattern[str]) -> float:
    """Return in how many of the cells a pattern begins or stands; a change or a measure is the whole cell."""
    told = [text for text in column.texts if text]
    found = pattern.fullmatch if pattern in (_CHANGE, _MEASURED, _RATE) else pattern.search
    return sum(found(text) is not None for text in told) / len(told) if told else 0
