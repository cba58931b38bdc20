"""
Single values as people write them: durations, percentages, numbers, texts.

Every function returns the value or raises ValueError with a sentence that is told as it stands.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeGuard

from watcher.config import yaml_advice
from watcher.config.number_advice import plain_number
from watcher.core.watch import Step

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds", "ms": "milliseconds"}
_DURATION = re.compile(
    r"(?:(?P<d>\d{1,5})d)?(?:(?P<h>\d{1,6})h)?(?:(?P<m>\d{1,7})m)?(?:(?P<s>\d{1,8})s)?(?:(?P<ms>\d{1,9})ms)?", re.ASCII
)
DURATION_PATTERN = r"^(?=\d)(\d{1,5}d)?(\d{1,6}h)?(\d{1,7}m)?(\d{1,8}s)?(\d{1,9}ms)?$"
"""A duration for JSON Schema."""
_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?) ?%", re.ASCII)
PERCENTAGE_PATTERN = r"^\d{1,3}(\.\d{1,3})? ?%$"
_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}.*")
_OTHER_DATE = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{1,4}|(?:\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?[日号號]")

_SHOWN_CHARACTERS = 60


def duration(value: object) -> timedelta:
    """Return `30s`, `10m`, `2h`, `1d` or `1h30m` as a length of time."""
    wanted = "must be a duration such as 30s, 10m or 2h"
    if _is_number(value):
        raise ValueError(f"{wanted}; got {value} without a unit: write {value}s or {value}m")
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match and match.lastgroup:
        return timedelta(**{_UNITS[unit]: int(number) for unit, number in match.groupdict(default="0").items()})
    raise ValueError(f"{wanted}; got {shown(value)}{_duration_advice(value)}")


def share(value: object) -> float:
    """Return a percentage as a share: `10%` is 0.1."""
    wanted = "must be a percentage such as 10%"
    if _is_number(value):
        raise ValueError(f"{wanted}; got {value}: write {value}%")
    match = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        advice = yaml_advice.wide_characters(value) if isinstance(value, str) else ""
        raise ValueError(f"{wanted}; got {shown(value)}{advice}")
    return float(match[1]) / 100


def number(value: object) -> Decimal:
    """Return a number with the digits that were written."""
    if _is_number(value):
        return Decimal(value)
    raise ValueError(f"must be a number; got {shown(value)}{_number_advice(value)}")


def bound(value: object) -> Decimal | date:
    """Return what a value is compared with: a number, or a date such as 2026-12-12."""
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return number(value)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"must be a number, or a date such as 2026-12-12; got {shown(value)}") from error


def step(value: object) -> Step:
    """Return a difference: an amount, or a percentage of the older value. It is more than 0."""
    is_share = isinstance(value, str)
    match = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    if match is None and (is_share or not _is_number(value)):
        raise ValueError(f"must be a number, or a percentage such as 5%; got {shown(value)}{_number_advice(value)}")
    amount = Decimal(match[1]) / 100 if match else number(value)
    if amount <= 0:
        raise ValueError(f"must be more than 0; got {shown(value)}")
    return Step(amount=amount, is_share=is_share)


def text(value: object) -> str:
    """Return a text; a number is one too."""
    if isinstance(value, str):
        return value
    if _is_number(value):
        return str(value)
    raise ValueError(f"must be a text; got {shown(value)}{text_advice(value)}")


def flag(value: object) -> bool:
    """Return true or false."""
    if isinstance(value, bool):
        return value
    advice = yaml_advice.boolean_word(value) if isinstance(value, str) else ""
    raise ValueError(f"must be true or false; got {shown(value)}{advice}")


def whole_number(value: object) -> int:
    """Return a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"must be a whole number; got {shown(value)}{_number_advice(value)}")


def shown(value: object) -> str:
    """Return the value as a message quotes it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return repr(value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…")
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return str(value)


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def text_advice(value: object) -> str:
    """Return what to write where a text was wanted and YAML made something else of it; empty when that is unknown."""
    match value:
        case bool():
            return f': write "{shown(value)}" if the word is meant'
        case [str(only)]:
            return yaml_advice.bare_list(f"[{only}]")
        case _:
            return ""


def _duration_advice(value: object) -> str:
    if not isinstance(value, str):
        return ""
    if advice := yaml_advice.wide_characters(value) or yaml_advice.chinese_unit(value):
        return advice
    if hours := _HOURS.fullmatch(value):
        return f": write {int(hours[1])}h{int(hours[2])}m or {int(hours[1])}m{int(hours[2])}s"
    if re.fullmatch(r"\d+", value):
        return f": write {value}s or {value}m"
    if re.fullmatch(r"(\d+ ?[a-zA-Z]+ ?)+", value):
        return ": the units are d, h, m, s and ms, in this order and without spaces"
    return ""


def _number_advice(value: object) -> str:
    if not isinstance(value, str):
        return ""
    if narrow := yaml_advice.wide_characters(value):
        return narrow
    if _DATE.fullmatch(value):
        return ", which is a date"
    if _HOURS.fullmatch(value):
        return ", which is a time of day"
    if _OTHER_DATE.fullmatch(value):
        return ": a date is written 2026-12-31"
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
        return ": write it without quotes and leading zeros"
    if written := plain_number(value):
        return f": write {written}"
    return ""
