"""
What on a page shows a value that somebody reads there: `1299` is shown by `1,299.00 €`, and `Dune` by a heading.

The innermost elements that show it count, the more exactly the better. Where there is more around a number than its
label, an expression narrows the text to it by the words before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from watcher.core.values import Money, Value, ValueType, show
from watcher.core.watch import Query, Selector, Values
from watcher.core.word_diff import SOLID
from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.dates import date_of
from watcher.extract.numbers import NUMBER, amount, with_plain_digits
from watcher.extract.selector_of import selector_of
from watcher.extract.suggesting.candidate import CandidateDraft, Kind
from watcher.extract.suggesting.naming import named
from watcher.extract.suggesting.row_fields import name_of_element
from watcher.extract.suggesting.survey import Spot, Survey
from watcher.extract.suggesting.types import MONEY_MARK, type_of

_MOST_OFFERED = 8
_MOST_CHARACTERS = 300
_LIKELY_CHARACTERS = 60
_UNIT_CHARACTERS = 3
_SPACED = rf"[^\W{SOLID}\uac00-\ud7a3]"
"""A letter of a script that parts words by blanks; Korean does, and hangs endings on its words."""
_WORDS_BEFORE = re.compile(r"([^\W\d]+[:：]? ?)$")


class Wanted:
    """A value that somebody looks for."""

    def __init__(self, text: str) -> None:
        self.text = with_plain_digits(" ".join(text.split()).casefold())
        self._as_words = _as_words(self.text)
        self.number = _number(self.text)
        self.date = _date(self.text)

    def is_shown_by(self, text: str) -> bool:
        """Return whether the text is it, has it as words of its own, or has a number that is as much."""
        line = with_plain_digits(text.casefold())
        if self.text == line or self._as_words.search(line):
            return True
        return self.number is not None and any(_amount(found) == self.number for found in NUMBER.finditer(line))

    def is_value(self, value: Value) -> bool:
        """Return whether a value that was read is it, or shows it."""
        number = value.amount if isinstance(value, Money) else value
        if self.number is not None and isinstance(number, (int, Decimal)):
            return Decimal(number) == self.number
        if isinstance(value, date):
            return self.date is not None and str(value)[:10] == str(self.date)[:10]
        return value is not None and self.is_shown_by(show(value))


def _as_words(text: str) -> re.Pattern[str]:
    """Return what finds a text that neither begins nor ends within a word: `2月3日` stands in `于2月3日上午`."""
    before = rf"(?<!{_SPACED})" if re.match(_SPACED, text) else ""
    after = rf"(?!{_SPACED})" if re.match(_SPACED, text[-1:]) else ""
    return re.compile(f"{before}{re.escape(text)}{after}")


def shown_values(survey: Survey, wanted: Wanted) -> Iterator[CandidateDraft]:
    """Yield what shows the value, at most eight, the likeliest first."""
    for spot in spots_showing(survey, wanted):
        text = survey.text(spot)
        kind = type_of(survey, [spot])
        regex = _narrowing(text, wanted) if kind is ValueType.TEXT else None
        selector = Selector(
            query=Query.css(selector_of(survey.document, spot.element)),
            regex=regex,
            type=ValueType.NUMBER if regex else kind,
        )
        name = named(name_of_element(spot, kind), set())
        yield CandidateDraft(
            kind=Kind.VALUE,
            why=worded("suggest_value", "The page shows the value here."),
            extraction=Values(selectors={name: selector}),
            score=_score(survey, spot, wanted),
            is_wanted=True,
        )


def spots_showing(survey: Survey, wanted: Wanted) -> Sequence[Spot]:
    """Return the innermost elements that show the value, at most eight, the likeliest first."""
    found = [spot for spot in survey.spots if _shows(survey, spot, wanted)]
    inner = [spot for spot, behind in zip(found, [*found[1:], None], strict=False) if not _holds(spot, behind)]
    return sorted(inner, key=lambda spot: -_score(survey, spot, wanted))[:_MOST_OFFERED]


def _shows(survey: Survey, spot: Spot, wanted: Wanted) -> bool:
    return 0 < spot.chars <= _MOST_CHARACTERS and spot.tag != "title" and wanted.is_shown_by(survey.text(spot))


def _holds(spot: Spot, behind: Spot | None) -> bool:
    return behind is not None and behind.place < spot.end


def _score(survey: Survey, spot: Spot, wanted: Wanted) -> float:
    text = survey.text(spot)
    is_exact = text.casefold() == wanted.text
    is_short = len(text) <= _LIKELY_CHARACTERS
    is_typed = type_of(survey, [spot]) is not ValueType.TEXT
    return 50 + 10 * is_exact + 10 * is_short + 15 * is_typed - 25 * spot.is_out - min(9.0, spot.place / 1_000)


def _narrowing(text: str, wanted: Wanted) -> str | None:
    """Return an expression for the number, by the word before it; None where the text is the value, or none."""
    if wanted.number is None or NUMBER.fullmatch(text):
        return None
    match = next((found for found in NUMBER.finditer(text) if _amount(found) == wanted.number), None)
    if match is None:
        return None
    word = _WORDS_BEFORE.search(text[: match.start()])
    return rf"{re.escape(word[1])}(\d[\d.,]*)" if word else None


def _number(text: str) -> Decimal | None:
    found = list(NUMBER.finditer(text))
    letters = sum(map(str.isalpha, MONEY_MARK.sub("", NUMBER.sub("", text).upper())))
    return _amount(found[0]) if len(found) == 1 and letters <= _UNIT_CHARACTERS else None


def _date(text: str) -> date | None:
    try:
        return date_of(text)
    except UnparsableError:
        return None


def _amount(found: re.Match[str]) -> Decimal | None:
    try:
        return amount(found, is_point_decimal=False)
    except UnparsableError:
        return None
