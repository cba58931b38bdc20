"""The kinds of values that keys of watches.yaml take: how each is read, and how JSON Schema describes it."""

from __future__ import annotations

import re
from datetime import timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from math import prod
from typing import Final

from watcher.config import clock, scalars
from watcher.config.keys import Kind, list_of
from watcher.core.page import Page
from watcher.errors import BodyError

MAX_PATTERN_CHARS = 1_000
MAX_REPEATED_CHARS = 200_000
"""`regex` spells out counted repeats, in up to 200 bytes for each repeated character: `(a{1000}){1000}` in 270 MB."""
_REPEATS = re.compile(r"\{([^},]*)")
_SECOND, _HOUR, _YEAR = timedelta(seconds=1), timedelta(hours=1), timedelta(days=365)
_EACH_PATTERN = r"^\{each(\.[\w-]+)?\}$"
"""In a watch with `for_each`, such a text may stand where a number or a duration is wanted."""


def _filled_text(value: object) -> str:
    text = scalars.text(value)
    if not text.strip():
        raise ValueError("must not be empty")
    return text


@lru_cache(maxsize=1_000)
def _encoding(text: str) -> str:
    from watcher.extract.charset import decode  # only few watches name one

    try:
        decode(Page(url="", body=b"", encoding=text))
    except BodyError as error:
        raise ValueError(f"must be a charset such as gbk or utf-8; got {scalars.shown(text)}") from error
    return text


@lru_cache(maxsize=10_000)
def pattern(text: str) -> str:
    """Return a regular expression that can be used. Raises ValueError."""
    import regex  # only few watches have one

    if len(text) > MAX_PATTERN_CHARS:
        raise ValueError(f"must be an expression of at most {MAX_PATTERN_CHARS:,} characters; got {len(text):,}")
    if _repeated_chars(text) > MAX_REPEATED_CHARS:
        raise ValueError(f"must be an expression that repeats less; got {scalars.shown(text)}")
    try:
        regex.compile(text, cache_pattern=False)  # what is only judged is not kept
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"must be a regular expression; got {scalars.shown(text)}: {error}") from error
    return text


def _repeated_chars(pattern: str) -> int:
    """Return how many characters it has at most once its repeats are spelled out; among their digits may be spaces."""
    counts = ("".join(filter(str.isdecimal, count)) for count in _REPEATS.findall(pattern))
    return len(pattern) * prod(max(1, int(count)) for count in counts if count)


def _currency(value: object) -> str:
    from watcher.extract.currencies import CODES  # only few watches name one

    text = _filled_text(value)
    if text not in CODES:
        raise ValueError(f"must be a code of ISO 4217 such as EUR or USD; got {scalars.shown(text)}")
    return text


def _cron(value: object) -> str:
    text = _filled_text(value)
    clock.shortest_gap(text)
    return text


def _yes(value: object) -> bool:
    if not scalars.flag(value):
        raise ValueError("must be true, or left out")
    return True


def _jitter(value: object) -> float:
    share = scalars.share(value)
    if share > 0.5:
        raise ValueError(f"must be from 0% to 50%; got {share:.0%}")
    return share


def _factor(value: object) -> Decimal:
    factor = scalars.number(value)
    if factor <= 0:
        raise ValueError(f"must be more than 0; got {factor}")
    return factor


def _patience(value: object) -> int | timedelta | None:
    """Return what `on_error.after` says: checks in a row, a length of time, or None for never."""
    match value:
        case "never":
            return None
        case int() if not isinstance(value, bool):
            return _counted(value, 1, 1_000)
        case str():
            return _length(value, _SECOND, _YEAR, "from 1s to 365d")
        case _:
            raise ValueError(f"must be a number of checks, a duration such as 1h, or never; got {scalars.shown(value)}")


def _length(value: object, low: timedelta, high: timedelta, words: str) -> timedelta:
    length = scalars.duration(value)
    if not low <= length <= high:
        raise ValueError(f"must be {words}")
    return length


def _counted(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"must be from {low:,} to {high:,}; got {value}")
    return value


def _reminder(value: object) -> timedelta | None:
    return None if value == "never" else _length(value, timedelta(minutes=1), _YEAR, "from 1m to 365d")


_DURATION_SCHEMA = {
    "anyOf": [{"type": "string", "pattern": scalars.DURATION_PATTERN}, {"type": "string", "pattern": _EACH_PATTERN}]
}
_PERCENTAGE_SCHEMA = {"type": "string", "pattern": scalars.PERCENTAGE_PATTERN}
_NUMBER_SCHEMA = {"type": "number"}
_EACH_SCHEMA = {"type": "string", "pattern": _EACH_PATTERN}
_DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TIME_SCHEMA = {"type": "string", "pattern": clock.TIME_PATTERN}

_TEXT_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "number"}]}
_FILLED_SCHEMA = {"type": "string", "minLength": 1}

ANYTHING: Final[Kind[object]] = Kind(lambda value: value, {})
TEXT: Final = Kind(scalars.text, _TEXT_SCHEMA)
FILLED_TEXT: Final = Kind(_filled_text, _TEXT_SCHEMA)
EXPRESSION: Final = Kind(_filled_text, _FILLED_SCHEMA)
FLAG: Final = Kind(scalars.flag, {"type": "boolean"})
YES: Final = Kind(_yes, {"const": True})


def whole_number(low: int, high: int) -> Kind[int]:
    """Return the kind of whole numbers within these bounds."""
    return Kind(
        lambda value: _counted(scalars.whole_number(value), low, high),
        {"type": "integer", "minimum": low, "maximum": high},
    )


def duration(low: timedelta, high: timedelta, words: str) -> Kind[timedelta]:
    """Return the kind of lengths of time within these bounds; `words` say them."""
    return Kind(lambda value: _length(value, low, high, words), _DURATION_SCHEMA)


INTERVAL: Final = duration(_SECOND, _YEAR, "from 1s to 365d")
TIMEOUT: Final = duration(_SECOND, _HOUR, "from 1s to 1h")
DELAY: Final = duration(timedelta(), timedelta(days=1), "from 0s to 1d")
WINDOW: Final = duration(_HOUR, _YEAR, "from 1h to 365d")
REMINDER: Final = Kind(_reminder, {"anyOf": [_DURATION_SCHEMA, {"const": "never"}]})
PATIENCE: Final = Kind(
    _patience, {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1000}, _DURATION_SCHEMA, {"const": "never"}]}
)
FACTOR: Final = Kind(_factor, {"type": "number", "exclusiveMinimum": 0})
BOUND: Final = Kind(scalars.bound, {"anyOf": [_NUMBER_SCHEMA, _DATE_SCHEMA, _EACH_SCHEMA]})
STEP_SIZE: Final = Kind(
    scalars.step, {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _PERCENTAGE_SCHEMA, _EACH_SCHEMA]}
)
CURRENCY: Final = Kind(_currency, {"type": "string", "pattern": "^[A-Z]{3}$"})
JITTER: Final = Kind(_jitter, _PERCENTAGE_SCHEMA)
CLOCK: Final = Kind(clock.time_of_day, _TIME_SCHEMA)
DAYS: Final = Kind(clock.days_of_week, {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
TIMEZONE: Final[Kind[tzinfo]] = Kind(lambda value: clock.zone(scalars.text(value)), _FILLED_SCHEMA)
CRON: Final = Kind(_cron, _FILLED_SCHEMA)
ENCODING: Final = Kind(lambda value: _encoding(_filled_text(value)), _TEXT_SCHEMA)
PATTERN: Final = Kind(lambda value: pattern(_filled_text(value)), _TEXT_SCHEMA)
TEXTS: Final = list_of(TEXT)
FILLED_TEXTS: Final = list_of(FILLED_TEXT)
PATTERNS: Final = list_of(PATTERN)
