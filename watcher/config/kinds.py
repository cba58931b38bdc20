"""The kinds of values that keys of watches.yaml take: how each is read, and how JSON Schema describes it."""

from __future__ import annotations

import re
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from math import prod
from typing import Annotated, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema

from watcher.config import clock, scalars
from watcher.core.page import Page
from watcher.core.watch import Step
from watcher.errors import BodyError

_TextInput: TypeAlias = str | int | float
_TextsInput: TypeAlias = _TextInput | list[_TextInput]

_T = TypeVar("_T")

MAX_PATTERN_CHARS = 1_000
MAX_REPEATS = 100_000
"""`regex` spells out counted repeats: `(a{1000}){1000}` takes 270 MB to compile."""
_REPEATS = re.compile(r"\{([1-9][0-9]*)")
_EACH_PATTERN = r"^\{each(\.[\w-]+)?\}$"
"""In a watch with `for_each`, such a text may stand where a number or a duration is wanted."""


def spelled_out_list(value: object) -> object:
    """Return the value as a list: one may stand for a list of one."""
    return value if isinstance(value, list) else [value]


def filled(several: tuple[_T, ...]) -> tuple[_T, ...]:
    """Return what is not empty."""
    if not several:
        raise ValueError("must not be an empty list")
    return several


def _not_blank(text: str) -> str:
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
    if prod(int(count) for count in _REPEATS.findall(text)) > MAX_REPEATS:
        raise ValueError(f"must be an expression that repeats less; got {scalars.shown(text)}")
    try:
        regex.compile(text)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"must be a regular expression; got {scalars.shown(text)}: {error}") from error
    return text


def _cron(text: str) -> str:
    clock.shortest_gap(text)
    return text


def _within(low: timedelta, high: timedelta, words: str) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if not low <= value <= high:
            raise ValueError(f"must be {words}")
        return value

    return AfterValidator(check)


def _true(value: bool) -> bool:
    if not value:
        raise ValueError("must be true, or left out")
    return value


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
            return _long_patience(scalars.duration(value))
        case _:
            raise ValueError(f"must be a number of checks, a duration such as 1h, or never; got {scalars.shown(value)}")


def _long_patience(length: timedelta) -> timedelta:
    if not timedelta(seconds=1) <= length <= timedelta(days=365):
        raise ValueError("must be from 1s to 365d")
    return length


def _counted(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"must be from {low:,} to {high:,}; got {value}")
    return value


def _zone(value: object) -> tzinfo:
    return clock.zone(scalars.text(value))


def _reminder(value: object) -> timedelta | None:
    return None if value == "never" else scalars.duration(value)


def _reminder_within(value: timedelta | None) -> timedelta | None:
    if value is not None and not timedelta(minutes=1) <= value <= timedelta(days=365):
        raise ValueError("must be from 1m to 365d")
    return value


_DURATION_SCHEMA = {
    "anyOf": [{"type": "string", "pattern": scalars.DURATION_PATTERN}, {"type": "string", "pattern": _EACH_PATTERN}]
}
_PERCENTAGE_SCHEMA = {"type": "string", "pattern": scalars.PERCENTAGE_PATTERN}
_NUMBER_SCHEMA = {"type": "number"}
_EACH_SCHEMA = {"type": "string", "pattern": _EACH_PATTERN}
_DATE_SCHEMA = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TIME_SCHEMA = {"type": "string", "pattern": clock.TIME_PATTERN}

Text: TypeAlias = Annotated[str, BeforeValidator(scalars.text, json_schema_input_type=_TextInput)]
FilledText: TypeAlias = Annotated[Text, AfterValidator(_not_blank)]
Expression: TypeAlias = Annotated[
    str, PlainValidator(scalars.text), AfterValidator(_not_blank), WithJsonSchema({"type": "string", "minLength": 1})
]
Flag: TypeAlias = Annotated[bool, PlainValidator(scalars.flag, json_schema_input_type=bool)]
Yes: TypeAlias = Annotated[Flag, AfterValidator(_true), WithJsonSchema({"const": True})]


def whole_number(low: int, high: int) -> tuple[PlainValidator, WithJsonSchema]:
    """Return what makes an `int` of an annotation a whole number within these bounds."""
    return (
        PlainValidator(lambda value: _counted(scalars.whole_number(value), low, high)),
        WithJsonSchema({"type": "integer", "minimum": low, "maximum": high}),
    )


def duration(low: timedelta, high: timedelta, words: str) -> tuple[PlainValidator, AfterValidator, WithJsonSchema]:
    """Return what makes a `timedelta` of an annotation a duration within these bounds."""
    return PlainValidator(scalars.duration), _within(low, high, words), WithJsonSchema(_DURATION_SCHEMA)


_SECOND, _HOUR, _YEAR = timedelta(seconds=1), timedelta(hours=1), timedelta(days=365)

Interval: TypeAlias = Annotated[timedelta, *duration(_SECOND, _YEAR, "from 1s to 365d")]
Timeout: TypeAlias = Annotated[timedelta, *duration(_SECOND, _HOUR, "from 1s to 1h")]
Delay: TypeAlias = Annotated[timedelta, *duration(timedelta(), timedelta(days=1), "from 0s to 1d")]
Window: TypeAlias = Annotated[timedelta, *duration(_HOUR, _YEAR, "from 1h to 365d")]
Reminder: TypeAlias = Annotated[
    timedelta | None,
    PlainValidator(_reminder),
    AfterValidator(_reminder_within),
    WithJsonSchema({"anyOf": [_DURATION_SCHEMA, {"const": "never"}]}),
]
Patience: TypeAlias = Annotated[
    int | timedelta | None,
    PlainValidator(_patience),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 1000}, _DURATION_SCHEMA, {"const": "never"}]}
    ),
]
Number: TypeAlias = Annotated[
    Decimal, PlainValidator(scalars.number), WithJsonSchema({"anyOf": [_NUMBER_SCHEMA, _EACH_SCHEMA]})
]
Factor: TypeAlias = Annotated[
    Decimal, PlainValidator(_factor), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})
]
Bound: TypeAlias = Annotated[
    Decimal | date,
    PlainValidator(scalars.bound),
    WithJsonSchema({"anyOf": [_NUMBER_SCHEMA, _DATE_SCHEMA, _EACH_SCHEMA]}),
]
StepSize: TypeAlias = Annotated[
    Step,
    PlainValidator(scalars.step),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, _PERCENTAGE_SCHEMA, _EACH_SCHEMA]}),
]
Jitter: TypeAlias = Annotated[float, PlainValidator(_jitter), WithJsonSchema(_PERCENTAGE_SCHEMA)]
Clock: TypeAlias = Annotated[time, PlainValidator(clock.time_of_day), WithJsonSchema(_TIME_SCHEMA)]
Days: TypeAlias = Annotated[frozenset[int], PlainValidator(clock.days_of_week, json_schema_input_type=str | list[str])]
Timezone: TypeAlias = Annotated[tzinfo, PlainValidator(_zone), WithJsonSchema({"type": "string", "minLength": 1})]
Cron: TypeAlias = Annotated[FilledText, AfterValidator(_cron), WithJsonSchema({"type": "string", "minLength": 1})]
Encoding: TypeAlias = Annotated[FilledText, AfterValidator(_encoding)]
Pattern: TypeAlias = Annotated[FilledText, AfterValidator(pattern)]
Texts: TypeAlias = Annotated[
    tuple[Text, ...],
    BeforeValidator(spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(filled),
]
FilledTexts: TypeAlias = Annotated[
    tuple[FilledText, ...],
    BeforeValidator(spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(filled),
]
Patterns: TypeAlias = Annotated[
    tuple[Pattern, ...],
    BeforeValidator(spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(filled),
]
