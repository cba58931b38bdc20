"""
Text → a date, or a date with its time of day, as pages write it.

| text | value |
|---|---|
| `2026-11-24`, `2026/11/24`, `20261124` | 2026-11-24 |
| `2026-11-24T19:30:00+08:00` | 2026-11-24 19:30 +08:00 |
| `Tue, 24 Nov 2026 19:30:00 GMT` | 2026-11-24 19:30 UTC |
| `2026年11月24日 19:30`, `2026년 11월 24일 오후 7시 30분` | 2026-11-24 19:30 |
| `24.11.2026`, `24. November 2026 um 19:30 Uhr` | 2026-11-24, with 19:30 |
| `Nov 24, 2026 7:30 PM`, `24 novembre 2026 à 19h30` | 2026-11-24 19:30 |
| `13/04/2026`, `04/13/2026`, `05/05/2026` | 2026-04-13, 2026-04-13, 2026-05-05 |
| `03/04/2026` | refused: April or March |
| `24 Nov`, `24.11.26`, `tomorrow`, `3 days ago` | refused: no year, or another date on another day |
| two dates, `31 Feb 2026` | refused |

Months by name: English, German, French, Spanish, Italian, Portuguese, Dutch, Danish, Norwegian, Swedish, Polish, Czech,
Russian. A time is aware when an offset stands behind it (`+08:00`, `Z`, `UTC`, `GMT`); a named zone (`CST` is three) is
not read. Of `19:30–22:00` the beginning is the time.

Not dateparser: its first refusal takes 1.2 s on the event loop, 1,000 hostile characters 0.3 s, and `03/04/2026` and
`10 12 2026` become dates by its guess at the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import pairwise

from watcher.core.wording import worded
from watcher.errors import UnparsableError
from watcher.extract.numbers import plain, quoted

_MONTH_NAMES = (
    "jan january januar janvier janv enero ene gennaio gen janeiro januari jänner stycznia styczeń sty leden ledna led"
    " января январь янв",
    "feb february februar feber février févr fév febrero febbraio fevereiro fev februari luty lutego lut únor února úno"
    " февраля февраль фев",
    "mar march märz mrz mars marzo março maart mrt marts marca marzec březen března bře марта март мар",
    "apr april avril avr abril abr aprile kwietnia kwiecień kwi duben dubna dub апреля апрель апр",
    "may mai mayo maggio mag maio mei maj maja květen května kvě мая май",
    "jun june juni juin junio giugno giu junho czerwca czerwiec cze červen června čvn июня июнь июн",
    "jul july juli juillet juil julio luglio lug julho lipca lipiec lip červenec července čvc июля июль июл",
    "aug august août aout agosto ago augustus augusti sierpnia sierpień sie srpen srpna srp августа август авг",
    "sep sept september septembre septiembre setiembre settembre set setembro wrzesień września wrz září zář"
    " сентября сентябрь сен сент",
    "oct october oktober okt octobre octubre ottobre ott outubro out października październik paź říjen října říj"
    " октября октябрь окт",
    "nov november novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб",
    "dec december dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień gru prosinec prosince pro"
    " декабря декабрь дек desember des",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ENGLISH_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)

_YEAR_FIRST = re.compile(
    r"(?<![\d.,/-])(?P<year>\d{4})(?: ?年 ?| ?년 ?|(?P<mark>[-/.]) ?)(?P<month>\d{1,2})(?: ?月 ?| ?월 ?|(?P=mark) ?)"
    r"(?P<day>\d{1,2})(?![\d/])(?: ?[日号號일])?"
)
_YEAR_LAST = re.compile(
    r"(?<![\d.,/-])(?P<first>\d{1,2})(?P<mark>[./-]) ?(?P<second>\d{1,2})(?P=mark) ?(?P<year>\d{4})(?!\d)"
)
_DAY_MONTH = re.compile(
    rf"(?<![\d.,])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.ºª°])?(?: ?[-/ ] ?(?:de |of |den )?| ?)"
    rf"(?P<month>{_MONTH})\b\.?,?"
    r"(?: ?[-/ ] ?(?:de |del )?)(?P<year>\d{4})(?!\d)"
)
_DAY_OF_MONTH = re.compile(
    rf"(?<![\d.,])\d{{1,2}}(?:\.|st|nd|rd|th)? (?:de |of )?(?:{_MONTH})\b|\b(?:{_ENGLISH_MONTH})\.? \d{{1,2}}(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_ENGLISH_MONTH})\b\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)"
)
_COMPACT = re.compile(r"^(?P<year>[12]\d{3})(?P<month>\d{2})(?P<day>\d{2})(?=t\d{4}|$)")

_TIME = re.compile(
    r"(?<![\d:.,])(?P<half>上午|早上|凌晨|中午|下午|晚上|午前|午後|오전|오후)? ?"
    r"(?P<hour>\d{1,2})(?:(?::|h|点|點|时|時|시 ?)(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?:分|분)?"
    r"|(?=[点點时時시]| ?uhr\b| ?[ap]\.?m\b)(?:[点點时時시])?| ?h(?=$| ))(?![\d:])"
    r"(?: ?(?P<pm>[ap])\.?m\b\.?)?(?: ?uhr\b)?"
    r"(?: ?(?P<offset>z\b|(?:utc|gmt)\b(?! ?[+-]\d)|(?:utc|gmt) ?[+-]\d{1,2}(?::?\d{2})?(?![\d:])"
    r"|[+-]\d{2}:?\d{2}(?![\d:])))?"
)
_COMPACT_TIME = re.compile(r"t(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<offset>z|[+-]\d{2}:?\d{2})?$")
_AFTERNOON = frozenset({"下午", "晚上", "午後", "오후", "p"})
_MORNING = frozenset({"上午", "早上", "凌晨", "午前", "오전", "a"})
_TIMES_RANGE = re.compile(r" ?(?:-|–|—|~|〜|至|to|bis|à|until|till) ?")
_MAX_TIMES = 8  # two that differ are refused already


def date_of(text: str) -> date:
    """
    Return the one date in the text, a `datetime` when a time of day stands there: aware when an offset does.

    Raises:
        UnparsableError: there is no whole date, more than one, an impossible one, or one that can be read two ways.
    """
    line = plain(text, "date").lower()
    found = list(_dates(line, text))
    days = {day for _, day in found}
    if not days:
        raise UnparsableError(
            worded(
                "error_no_date",
                "{text} holds no whole date: it takes a day, a month and a year of four digits, as in 2026-11-24; read"
                " a date without a year as `type: text`",
                text=quoted(text),
            )
        )
    if len(days) > 1:
        shown = ", ".join(sorted(day.isoformat() for day in days)[:4])
        raise UnparsableError(
            worded(
                "error_dates",
                "{text} holds more than one date ({found}); select only the one that counts",
                text=quoted(text),
                found=shown,
            )
        )
    at = _time(_without(line, [span for span, _ in found]), text)
    day = found[0][1]
    return datetime.combine(day, at) if at is not None else day


def names_day(text: str) -> bool:
    """Return whether a text names a day by its month, of whatever year: `27. november`, `Nov 27`."""
    return _DAY_OF_MONTH.search(text.casefold()) is not None


def _dates(line: str, text: str) -> Iterator[tuple[tuple[int, int], date]]:
    """Yield every date, and where it stands."""
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], date]], ...] = (
        (_YEAR_FIRST, _numbered),
        (_YEAR_LAST, _year_last),
        (_DAY_MONTH, _named),
        (_MONTH_DAY, _named),
        (_COMPACT, _numbered),
    )
    for pattern, read in readers:
        for match in pattern.finditer(line):
            yield match.span(), read(match, text)


def _numbered(match: re.Match[str], text: str) -> date:
    return _day(int(match["year"]), int(match["month"]), int(match["day"]), text)


def _named(match: re.Match[str], text: str) -> date:
    month = _MONTHS[match["month"]]
    return _day(int(match["year"]), month, int(match["day"]), text)


def _year_last(match: re.Match[str], text: str) -> date:
    """Return the date of `24.11.2026`, day first, or of `13/04/2026`, where only one order is a date."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    if match["mark"] == "." or first == second or first > 12:
        return _day(year, second, first, text)
    if second > 12:
        return _day(year, first, second, text)
    raise UnparsableError(
        worded(
            "error_which_day",
            "{text}: day {first} of month {second}, or day {second} of month {first}? Select what names the month,"
            " such as `time` with `attr: datetime`, or read it as `type: text`",
            text=quoted(text),
            first=first,
            second=second,
        )
    )


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnparsableError(
            worded("error_impossible_date", "{text} holds no date: {reason}", text=quoted(text), reason=error)
        ) from error


def _without(line: str, spans: list[tuple[int, int]]) -> str:
    """Return the line with its dates blanked, so that no time is read from them."""
    for start, end in spans:
        line = line[:start] + ";" * (end - start) + line[end:]
    return line


def _time(line: str, text: str) -> time | None:
    """Return the one time of day in the text; of a range its beginning."""
    compact = _COMPACT_TIME.search(line)
    if compact:
        return _clock(compact, text)
    times = list(_TIME.finditer(line))[:_MAX_TIMES]
    ends = [match for last, match in pairwise(times) if _TIMES_RANGE.fullmatch(line, last.end(), match.start())]
    clocks = list(dict.fromkeys(_clock(match, text) for match in times if match not in ends))
    if len(clocks) > 1:
        raise UnparsableError(
            worded(
                "error_times",
                "{text} holds more than one time of day; select only the one that counts",
                text=quoted(text),
            )
        )
    return clocks[0] if clocks else None


def _clock(match: re.Match[str], text: str) -> time:
    named = match.groupdict()
    half = named.get("half") or named.get("pm")
    hour = int(match["hour"])
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and hour < 4):
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    try:
        if half == "晚上" and hour == 12:
            raise ValueError("12 in the evening is midnight of one day or another")  # noqa: TRY301  one message for all
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=_zone(_offset(match)))
    except ValueError as error:
        raise UnparsableError(
            worded("error_impossible_time", "{text} holds no time of day: {reason}", text=quoted(text), reason=error)
        ) from error


def _offset(match: re.Match[str]) -> str | None:
    """Return the offset behind a time: that of `10:00:00-12:00` and `T10:00-12:00`; `10:00-12:00` has none."""
    offset: str | None = match["offset"]
    if not offset or not re.fullmatch(r"-\d{2}:\d{2}", offset) or match["second"]:
        return offset
    return offset if match.string[: match.start()].endswith("t") else None


def _zone(offset: str | None) -> tzinfo | None:
    """Return the zone of `+08:00`, `+0800`, `z`, `utc`; ValueError when there is no such zone."""
    if not offset:
        return None
    digits = re.sub(r"[^\d]", "", offset)
    if not digits:
        return UTC
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead > timedelta(hours=14):
        raise ValueError(f"no zone is {offset} from UTC")
    return timezone(-ahead if "-" in offset else ahead)
