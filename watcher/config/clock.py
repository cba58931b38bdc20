"""When a watch is checked, as people write it: cron, timezones, times of the day and days of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from watcher.config import yaml_advice
from watcher.config.scalars import shown

_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-4]):(?P<minute>[0-5]\d)", re.ASCII)
TIME_PATTERN = r"^([01]?\d|2[0-3]):[0-5]\d$|^24:00$"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAX_CRON_CHARS = 200
_CRON_FIELDS = 5
_SAMPLE = 100
_LONGEST_LOOK = timedelta(days=400)
_FIXED = datetime(2026, 1, 1)  # noqa: DTZ001 - cron counts in wall-clock time, and any day will do


def time_of_day(value: object) -> time:
    """Return `07:00` as a wall-clock time; `24:00` is midnight. Raises ValueError."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None or (match["hour"] == "24" and match["minute"] != "00"):
        advice = yaml_advice.wide_characters(value) if isinstance(value, str) else ""
        raise ValueError(f"must be a time of day such as 07:00 or 23:30; got {shown(value)}{advice}")
    return time(int(match["hour"]) % 24, int(match["minute"]))


def days_of_week(value: object) -> frozenset[int]:
    """Return `mon-fri`, `sat,sun` or a list of these as days, Monday is 0; `fri-mon` goes round. Raises ValueError."""
    texts = value if isinstance(value, list) else [value]
    days: set[int] = set()
    for text in texts:
        parts = text.split(",") if isinstance(text, str) else [""]
        for part in parts:
            days.update(_span(part.strip().lower(), value))
    if not days:
        raise ValueError("must name at least one day")
    return frozenset(days)


def _span(text: str, value: object) -> Iterator[int]:
    first, dash, last = (part.strip() for part in text.partition("-"))
    if first not in _DAYS or (dash and last not in _DAYS):
        raise ValueError(f"must be days such as mon-fri or sat,sun; got {shown(text or value)}")
    begin = _DAYS.index(first)
    count = (_DAYS.index(last) - begin) % 7 if dash else 0
    yield from ((begin + step) % 7 for step in range(count + 1))


@lru_cache(maxsize=1_000)
def zone(name: str) -> ZoneInfo:
    """Return the timezone of an IANA name. Raises ValueError."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise ValueError(f"must be a timezone such as Asia/Shanghai or UTC; got {shown(name)}") from error


@lru_cache(maxsize=10_000)
def shortest_gap(cron: str) -> timedelta:
    """
    Return the shortest time between two of the next 100 times of a cron expression, as wall clocks count.

    Raises:
        ValueError: it is none.
    """
    from cronsim import CronSim, CronSimError  # only few watches have one

    if len(cron) > _MAX_CRON_CHARS:
        raise ValueError(f"must be a cron expression of at most {_MAX_CRON_CHARS} characters")
    if len(cron.split()) != _CRON_FIELDS:  # cronsim takes a sixth, of seconds, for which nothing here is quick enough
        fields = "five fields: minute, hour, day of month, month, day of week"
        raise ValueError(f"must have {fields}; got {shown(cron)}")
    try:
        times = list(_sample(CronSim(cron, _FIXED)))
    except CronSimError as error:
        raise ValueError(
            f"must be a cron expression such as `*/5 9-18 * * mon-fri`; got {shown(cron)}: {error}"
        ) from error
    if not times:
        raise ValueError(f"must be a cron expression that comes true; got {shown(cron)}")
    return min((later - earlier for earlier, later in pairwise(times)), default=timedelta(days=365))


def _sample(times: Iterator[datetime]) -> Iterator[datetime]:
    """Yield the next times: not all of a hundred leap days, which take seconds to find."""
    for moment in islice(times, _SAMPLE):
        yield moment
        if moment - _FIXED > _LONGEST_LOOK:
            return
