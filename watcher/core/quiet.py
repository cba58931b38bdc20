"""Quiet hours: when a subscriber's devices are left alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct


class QuietHours(Struct, frozen=True, kw_only=True):
    """
    Every day from `start` to before `end`, on the clocks of the timezone; an `end` before `start` is on the next day.

    Attributes:
        timezone: an IANA name, like `Asia/Shanghai`.
    """

    start: time
    end: time
    timezone: str

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M} {self.timezone}"


class QuietPart(StrEnum):
    """A part of quiet hours that can be wrong."""

    START = "start"
    END = "end"
    TIMEZONE = "timezone"


class QuietHoursError(ValueError):
    """Says what is wrong, and in which part."""

    def __init__(self, part: QuietPart, problem: str) -> None:
        super().__init__(problem)
        self.part = part


def parse_quiet_hours(text: str) -> QuietHours:
    """Read `22:00-07:00 Asia/Shanghai`. Raises QuietHoursError."""
    hours, _, timezone = text.strip().partition(" ")
    start, _, end = hours.partition("-")
    quiet = QuietHours(start=_clock(QuietPart.START, start), end=_clock(QuietPart.END, end), timezone=timezone.strip())
    if quiet.start == quiet.end:
        raise QuietHoursError(QuietPart.END, "quiet hours begin and end at the same time; leave them out")
    if not is_timezone(quiet.timezone):
        problem = f"{quiet.timezone[:40]!r} is no timezone; write one like Asia/Shanghai"
        raise QuietHoursError(QuietPart.TIMEZONE, problem)
    return quiet


def is_timezone(name: str) -> bool:
    """Return whether there is a timezone of this name, as Asia/Shanghai."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def quiet_until(quiet: QuietHours, *, now: datetime) -> datetime | None:
    """
    Return when the quiet that holds now ends, in UTC; None when it is not quiet.

    An end that clocks skip is moved on by the gap; hours that they show twice are quiet both times.
    """
    zone = ZoneInfo(quiet.timezone)
    local = now.astimezone(zone)
    at = local.time().replace(tzinfo=None)
    over_midnight = quiet.end <= quiet.start
    is_quiet = at >= quiet.start or at < quiet.end if over_midnight else quiet.start <= at < quiet.end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and at >= quiet.start else 0)
    end = datetime.combine(day, quiet.end, zone)
    # Of a time that comes twice the later one; of a skipped one the reading that lies after the gap.
    return max(end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _clock(part: QuietPart, text: str) -> time:
    try:
        return datetime.strptime(text.strip(), "%H:%M").replace(tzinfo=UTC).time()
    except ValueError as error:
        raise QuietHoursError(part, f"{text[:20]!r} is no time of day; write one like 22:00") from error
