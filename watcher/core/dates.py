"""
Dates in URLs: `https://x.example/day?d={today+14d:%Y-%m-%d}`.

    {today}              2026-11-24, in the watch's timezone
    {today+14d}          in 14 days; `-` is ago. Units: d, w, m (months), y (years)
    {today-1m:%Y-%m}     in a format of its own
    %Y %y %m %d          2026, 26, 11, 24
    %B %b %A %a          November, Nov, Tuesday, Tue: in English whatever the machine speaks
    %j %H %%             day of the year, hour now, a percent sign

31 January and a month is the last day of February.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta, tzinfo

DEFAULT_FORMAT = "%Y-%m-%d"
_START = "{today"
_DATE = re.compile(r"\{today(?:([+-])([0-9]{1,5})([dwmy]))?(?::([^{}]*))?\}", re.ASCII)
_DIRECTIVE = re.compile("%(.?)", re.DOTALL)
_ADVICE = "write {today}, {today+14d}, {today-1m:%Y-%m} (units d, w, m, y)"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dated(url: str, now: datetime, timezone: tzinfo) -> str:
    """
    Return the URL with its dates filled in.

    Raises:
        ValueError: a date is not written as at the head of this module, or lies outside the years 1 to 9999;
            the text says what to write.
    """
    if _START not in url:
        return url
    today = now.astimezone(timezone)
    filled = _DATE.sub(lambda match: _filled(match, today), url)
    if _START in filled:
        begin = filled.index(_START)
        raise ValueError(f"{_shown(filled[begin:])} is no date: {_ADVICE}")
    return filled


def _filled(match: re.Match[str], today: datetime) -> str:
    sign, count, unit, pattern = match.groups()
    try:
        day = _moved(today, int(sign + count), unit) if sign else today
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{match[0]} lies outside of the calendar") from error
    return _formatted(day, DEFAULT_FORMAT if pattern is None else pattern)


def _moved(day: datetime, count: int, unit: str) -> datetime:
    match unit:
        case "d":
            return day + timedelta(days=count)
        case "w":
            return day + timedelta(weeks=count)
        case _:
            return _moved_by_months(day, count * 12 if unit == "y" else count)


def _moved_by_months(day: datetime, months: int) -> datetime:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _formatted(day: datetime, pattern: str) -> str:
    if not pattern:
        raise ValueError(f"{{today:}} has no format: {_ADVICE}")
    return _DIRECTIVE.sub(lambda match: _part(match[1], day), pattern)


def _part(directive: str, day: datetime) -> str:
    # Not strftime, whose names are the locale's and whose years have no leading zeros on some systems.
    parts = {
        "Y": f"{day.year:04}",
        "y": f"{day.year % 100:02}",
        "m": f"{day.month:02}",
        "d": f"{day.day:02}",
        "B": _MONTHS[day.month - 1],
        "b": _MONTHS[day.month - 1][:3],
        "A": _DAYS[day.weekday()],
        "a": _DAYS[day.weekday()][:3],
        "j": f"{day.timetuple().tm_yday:03}",
        "H": f"{day.hour:02}",
        "%": "%",
    }
    if directive not in parts:
        raise ValueError(f"%{directive} is no part of a date here: write {', '.join(f'%{name}' for name in parts)}")
    return parts[directive]


def _shown(text: str) -> str:
    end = text.find("}")
    return text[: end + 1] if 0 < end < 40 else f"{text[:40]}…"
