"""
Which days, weekdays and years a text says, in any language and script: what tells of something that comes or is past.

| the text | says a day by |
|---|---|
| `2026-11-24`, `24.11.26`, `1405/09/07`, `11月24日` | its notation |
| `15 फरवरी`, `марта 15`, `3 Jul` | the name of a month, as CLDR has it for each language |
| `28 آبان 1405`, `24 ธันวาคม 2569`, `ጥር 5 2019` | a number, a word and a year of a calendar that is in use |

Signs that are written above, below or behind letters count as no letters: `मार्च` is compared without its vowels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import category

from watcher.extract.dates import names_day
from watcher.extract.suggesting.calendar_names import MONTHS, SHORT_MONTHS, WEEKDAYS

_CHARACTERS = 400
_YEAR = r"(?:(?:19|20)\d\d|25[67]\d|14[0-5]\d)"
"""Of our calendar, that of Buddhists, and those of Persians and Muslims."""
_NAME = r"(?:[^\W\d_]{3,12}|[^\x00-\u024f\W\d_]{1,12}|(?:[^\W\d_]{1,4}\.){2})"
"""What may be a month: a word, in Latin script of three letters or more, or two that are cut off: `พ.ค.`."""
_DAY = re.compile(
    rf"(?<!\d){_YEAR}[-./年년]\s?\d{{1,2}}[-./月월]\s?\d{{1,2}}|\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]"
    rf"|\b\d{{1,2}}[./-]\s?\d{{1,2}}[./-](?:\s?{_YEAR}|\d\d\b)|\b\d{{1,2}}[./]\d{{1,2}}\.?,? \d{{1,2}}[:.]\d\d\b"
    r"|\A\d{1,2}\.\s?\d{1,2}\.\Z|[^\W\d]{2}[.,]? \d{1,2}[./]\s?\d{1,2}\.?\Z"
    r"|\b\d{1,2}\.?(?: de)? ?[^\W\d_]{3,12}\d\d\b"
    rf"|\b\d{{1,2}}\.?[ -]{{0,2}}(?:[^\W\d_]{{1,4}}[’' ] ?)?{_NAME}[’.,]{{0,2}}[ -]?(?:de |del )?{_YEAR}"
    rf"|\b{_NAME}\.? \d{{1,2}},? {_YEAR}|(?<!\d){_YEAR} [^\x00-\u024f\W\d_]{{1,12}} \d{{1,2}}\b"
)
"""A day, of any year where a time or a word in its notation says that it is one."""
_WORD_BEHIND = re.compile(
    r"(?<![\d.,:])\d{1,2}(?:\.|st|nd|rd|th|er|[ºª°])? ?[-/ ]? ?(?:de |of |den |d’|d')?([^\W\d_]{1,20})"
)
_WORD_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})\.? \d{1,2}(?![\d:])")
"""What stands beside a number that may be a day."""
_WEEKDAY_DATE = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,20})[.,]? \d{1,2}[./] ?\d{1,2}(?:[./]|\b)")
_LEAST_STEM = 5
_MOST_ENDING = 3
_NUMBERED_MONTH = re.compile(r"\d{1,2} (?:tháng|thg) \d{1,2}\b")
_YEARS = re.compile(r"(?<!\d)((?:1\d|2[05])\d\d)(?:[-/–](\d\d)(?![\d-]))?(?!\d)")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ETHIOPIC = re.compile("[\u1200-\u139f]")
_BUDDHIST = range(2500, 2600)
_PERSIAN = range(1390, 1430)
_MUSLIM = range(1430, 1470)
_WORD = re.compile(r"[^\W\d_]{1,20}")
_WEEK = 7


class _Unmarked(dict[int, int | None]):
    """What each character becomes: nothing, if it is a sign that combines with the letter before it."""

    def __missing__(self, code: int) -> int | None:
        kept = None if category(chr(code)).startswith("M") else code
        return self.setdefault(code, kept)


_UNMARKED = _Unmarked()


def folded(text: str) -> str:
    """Return a text without signs that combine with letters, by which words are no words to an expression."""
    return text if text.isascii() else text.translate(_UNMARKED)


@lru_cache(maxsize=4_000)
def says_day(text: str) -> bool:
    """Return whether a day stands in a text, which may lack its year."""
    if not any(map(str.isdigit, text)):
        return False
    line = folded(text[:_CHARACTERS])
    return _DAY.search(line) is not None or _NUMBERED_MONTH.search(text[:_CHARACTERS]) is not None or _is_named(line)


def _is_named(line: str) -> bool:
    """Return whether the name of a month stands beside a number that may be a day."""
    small = line.casefold()
    words = (*_WORD_BEHIND.findall(small), *_WORD_BEFORE.findall(small))
    return names_day(line) or any(map(_is_month, words)) or any(map(_is_weekday, _WEEKDAY_DATE.findall(small)))


def _is_weekday(word: str) -> bool:
    return any(word in names for names in WEEKDAYS)


def _is_month(word: str) -> bool:
    """Return whether a word is the name of a month, or one with an ending: `abenduak`, of `abendua`."""
    ends = range(max(_LEAST_STEM, len(word) - _MOST_ENDING), len(word))
    return word in MONTHS or any(word[:end] in MONTHS for end in ends)


def years_of(text: str) -> list[int]:
    """Return the years in a text as our calendar has them; of a season, `2025/26`, the later one."""
    return [_our_year(text, int(first), second) for first, second in _YEARS.findall(text)]


def _our_year(text: str, year: int, second: str) -> int:
    if year in _BUDDHIST:
        return year - 543
    if year in _PERSIAN and _ARABIC.search(text):
        return year + 621
    if year in _MUSLIM and _ARABIC.search(text):
        return year + 579
    if _ETHIOPIC.search(text):
        return year + 7
    is_season = second != "" and int(second) == (year + 1) % 100
    return year + is_season


def are_months(texts: Sequence[str]) -> bool:
    """Return whether each text begins with the name of a month."""
    words = [_WORD.search(folded(text[:_CHARACTERS]).casefold()) for text in texts]
    return all(word is not None and (word[0] in SHORT_MONTHS or _is_month(word[0])) for word in words)


def are_weekdays(texts: Sequence[str]) -> bool:
    """Return whether texts are days of the week in their order."""
    days = [_weekdays_of(text) for text in texts]
    return any(all((start + number) % _WEEK in each for number, each in enumerate(days)) for start in range(_WEEK))


def are_days_to_come(texts: Sequence[str]) -> bool:
    """Return whether texts begin with days of the week in their order, but not from its first: from today, then."""
    days = [_weekdays_of(text) for text in texts]
    starts = range(1, _WEEK - 1)  # from Monday, or from Sunday, they may be those of each week
    return any(all((start + number) % _WEEK in each for number, each in enumerate(days)) for start in starts)


def _weekdays_of(text: str) -> frozenset[int]:
    found = _WORD.search(folded(text[:_CHARACTERS]).casefold())
    return frozenset(day for day, names in enumerate(WEEKDAYS) if found is not None and found[0] in names)
