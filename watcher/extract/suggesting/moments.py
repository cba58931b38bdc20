"""
Of which day or year a page is: its figures are of that moment, it is a report of a day, or what it tells of is over.

What is asked of a page as a whole is found out once and kept with its survey.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from watcher.extract.suggesting.days import says_day, years_of
from watcher.extract.suggesting.page_kinds import is_article
from watcher.extract.suggesting.survey import Spot, Survey

TIME = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?!\d)(?![:.]\d)")
_LEAST_SAME = 3
"""So many cells of one moment, and half of all, say that the table is of it."""
_HALF = 0.5
_SENTENCE_WORDS = 8
_COPYRIGHT = re.compile(r"©|\(c\) \d|copyright", re.IGNORECASE)
_FIRST_YEAR = 1900
"""A lesser number in a heading is that of a stop, or of a house."""
_SURELY_OVER_YEARS = 2
"""What is of a year so long past is over, whatever its page says; what is of last year may be a season that goes on."""
_MOMENT_CHARACTERS = 120
_DAY_CHARACTERS = 6
"""The least that a day with its year has."""
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


def is_of_moment(survey: Survey, *shown: Spot) -> bool:
    """Return whether the page says of which day or time it is, not in a sentence, or shows nothing but these."""
    is_all = sum(spot.chars for spot in shown) >= _ALL_SHARE * survey.content_chars
    return (is_all and not is_of_past(survey)) or has_moment(survey, *shown)


def has_moment(survey: Survey, *shown: Spot) -> bool:
    """Return whether the page says of which day or time it is, not in a sentence, nor in what it shows of several."""
    first, end = (shown[0].place, shown[-1].end) if shown else (0, 0)
    told = moments_of(survey)
    cells = [spot.own for spot in told if first <= spot.place < end and spot.tag not in _TITLES]
    same = max(Counter(cells).values(), default=0)
    is_told = len(told) > len(cells) or (same >= _LEAST_SAME and same >= _HALF * len(cells))
    shown_titles = (each for spot in shown for each in survey.within(spot) if each.tag in _TITLES)
    titles = (spot for spot in survey.spots if spot.tag in _HEADINGS and not spot.is_out)
    return is_told or any(_is_titled(survey, spot) for spot in (*titles, *shown_titles))


def moments_of(survey: Survey) -> Sequence[Spot]:
    """Return what says a day or one time, in short; a report says when it was written, not of when its figures are."""
    if survey.moments is None:
        survey.moments = () if is_report(survey) else list(_current_moments(survey))
    return survey.moments


def _current_moments(survey: Survey) -> Iterator[Spot]:
    oldest = this_year(survey) - 1
    told = (spot for spot in survey.spots if not spot.is_out and is_told_moment(spot))
    return (spot for spot in told if last_year(spot.own, oldest) >= oldest)


def last_year(text: str, default: int) -> int:
    return max(years_of(text), default=default)


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
    return says_day(spot.own) or len(TIME.findall(spot.own)) == 1


def is_of_past(survey: Survey) -> bool:
    """Return whether the page’s heading has a year before this one, or all days on it are of years long past."""
    if survey.is_past is None:
        survey.is_past = _is_of_past(survey)
    return survey.is_past


def _is_of_past(survey: Survey) -> bool:
    headings = (survey.text(spot) for spot in survey.spots if spot.tag == "h1")
    years = [year for text in headings for year in years_of(text) if year >= _FIRST_YEAR]
    if years:
        return max(years) < this_year(survey)
    shown = (
        spot.own for spot in survey.spots if not spot.is_out and _DAY_CHARACTERS <= len(spot.own) <= _MOMENT_CHARACTERS
    )
    last = this_year(survey) - 1
    days = (max(years) < last for text in shown if (years := years_of(text)) and says_day(text))
    return next(days, False) and all(days)


def is_closed(survey: Survey) -> bool:
    """Return whether a page is of the past, and nothing can be done there any more: no single value of it changes."""
    return is_of_past(survey) and not _has_controls(survey)


def _has_controls(survey: Survey) -> bool:
    return any(spot.tag in _CONTROLS and not spot.is_out for spot in survey.spots)


def is_of_other_years(survey: Survey, text: str) -> bool:
    """Return whether a text says a year that is past by more than one."""
    years = years_of(text)
    return bool(years) and max(years) < this_year(survey) - 1


def this_year(survey: Survey) -> int:
    """Return in which year the page is, at the least: that of its copyright, or one well before it was fetched."""
    return max(_copyright_year(survey), survey.year - _SURELY_OVER_YEARS)


def is_report(survey: Survey) -> bool:
    """Return whether the page is one article, or long text, of a certain day, with nothing to do: its figures stay."""
    if survey.is_report is None:
        survey.is_report = _is_report(survey)
    return survey.is_report


def _is_report(survey: Survey) -> bool:
    heading = next((spot.place for spot in survey.spots if spot.tag == "h1" and not spot.is_out), None)
    if heading is None or not (is_article(survey) or survey.is_read()):
        return False
    near = survey.spots[max(0, heading - _NEAR) : heading + _NEAR]
    is_dated = any(is_told_moment(spot) for spot in near if not spot.is_out)
    return is_dated and not _has_controls(survey)


def _copyright_year(survey: Survey) -> int:
    if survey.copyright_year is None:
        lines = (spot.own for spot in reversed(survey.spots) if _COPYRIGHT.search(spot.own))
        survey.copyright_year = max((year for text in islice(lines, 2) for year in years_of(text)), default=0)
    return survey.copyright_year
