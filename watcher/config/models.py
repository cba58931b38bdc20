"""
What watches.yaml may say: the shape of every key, for the loader and for JSON Schema alike.

A key with a short form (`extract: "#x"`, `notify_when: added`) is spelled out before it is validated, so that one
mistake is one error. What depends on two keys at once is judged in `watches` and `rules`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from math import prod
from typing import Annotated, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    WrapValidator,
)

from watcher.config import scalars
from watcher.core.page import Page
from watcher.core.values import ValueType
from watcher.core.watch import Operator
from watcher.errors import BodyError
from watcher.extract.selectors import check_selector

_TextInput: TypeAlias = str | int | float
_TextsInput: TypeAlias = _TextInput | list[_TextInput]

_T = TypeVar("_T")

MAX_PATTERN_CHARS = 1_000
MAX_REPEATS = 100_000
"""`regex` spells out counted repeats: `(a{1000}){1000}` takes 270 MB to compile."""
_REPEATS = re.compile(r"\{([1-9][0-9]*)")
OPERATORS = frozenset(Operator)
_WORDS = frozenset({Operator.CHANGES, Operator.APPEARS, Operator.DISAPPEARS})
"""Conditions that need no operand, and so may stand alone as one word."""


def _spelled_out_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _filled(several: tuple[_T, ...]) -> tuple[_T, ...]:
    if not several:
        raise ValueError("must not be an empty list")
    return several


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _css(text: str) -> str:
    check_selector(text)
    return text


def _encoding(text: str) -> str:
    from watcher.extract.charset import decode  # only few watches name one

    try:
        decode(Page(url="", body=b"", encoding=text))
    except BodyError as error:
        raise ValueError(f"must be a charset such as gbk or utf-8; got {scalars.shown(text)}") from error
    return text


def _pattern(text: str) -> str:
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


def _jitter(value: float) -> float:
    if value > 0.5:
        raise ValueError(f"must be from 0% to 50%; got {value:.0%}")
    return value


def _between(low: int, high: int) -> AfterValidator:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high:,}; got {value}")
        return value

    return AfterValidator(check)


Text: TypeAlias = Annotated[str, BeforeValidator(scalars.text, json_schema_input_type=_TextInput)]
FilledText: TypeAlias = Annotated[Text, AfterValidator(_not_blank)]
Flag: TypeAlias = Annotated[bool, BeforeValidator(scalars.flag, json_schema_input_type=bool)]
Yes: TypeAlias = Annotated[Flag, AfterValidator(_true)]
Number: TypeAlias = Annotated[Decimal, BeforeValidator(scalars.number, json_schema_input_type=float)]
WholeNumber: TypeAlias = Annotated[int, BeforeValidator(scalars.whole_number, json_schema_input_type=int)]
_Duration: TypeAlias = Annotated[
    timedelta,
    BeforeValidator(scalars.duration),
    WithJsonSchema({"type": "string", "pattern": scalars.DURATION_PATTERN}),
]
Interval: TypeAlias = Annotated[_Duration, _within(timedelta(seconds=1), timedelta(days=365), "from 1s to 365d")]
Timeout: TypeAlias = Annotated[_Duration, _within(timedelta(seconds=1), timedelta(hours=1), "from 1s to 1h")]
Delay: TypeAlias = Annotated[_Duration, _within(timedelta(), timedelta(days=1), "from 0s to 1d")]
Jitter: TypeAlias = Annotated[
    float,
    BeforeValidator(scalars.share),
    AfterValidator(_jitter),
    WithJsonSchema({"type": "string", "pattern": scalars.PERCENTAGE_PATTERN}),
]
Texts: TypeAlias = Annotated[
    tuple[Text, ...],
    BeforeValidator(_spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(_filled),
]
FilledTexts: TypeAlias = Annotated[
    tuple[FilledText, ...],
    BeforeValidator(_spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(_filled),
]
Patterns: TypeAlias = Annotated[
    tuple[Annotated[FilledText, AfterValidator(_pattern)], ...],
    BeforeValidator(_spelled_out_list, json_schema_input_type=_TextsInput),
    AfterValidator(_filled),
]
Css: TypeAlias = Annotated[
    Text, AfterValidator(_not_blank), AfterValidator(_css), WithJsonSchema({"type": "string", "minLength": 1})
]


class Model(BaseModel):
    """A mapping of the file. What stands under a key is its description in JSON Schema."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class TopicModel(Model):
    """What people subscribe to."""

    name: FilledText | None = None
    """How people see it; its key, when left out."""
    description: Text = ""
    """Shown on the page where people subscribe."""
    was: FilledText | None = None
    """The key that it had before; its subscribers stay."""
    id: Annotated[WholeNumber, _between(1, 2**53)] | None = None
    """The number of a topic of a push server elsewhere."""


class LaneModel(Model):
    """How one host may be asked."""

    concurrency: Annotated[WholeNumber, _between(1, 1000)] = 1
    """Requests at a time."""
    min_delay: Delay = Field(default=timedelta(seconds=1), json_schema_extra={"default": "1s"})
    """The least time between the starts of two requests."""


class MessageModel(Model):
    """The message in your own words, as Jinja2 templates."""

    summary: FilledText | None = None
    """One line."""
    content: FilledText | None = None
    """The whole text."""


class SelectorModel(Model):
    """How to find one value."""

    css: Css
    """A CSS selector."""
    attr: FilledText | None = None
    """Read this attribute, not the text."""
    type: ValueType | None = None
    """What the value is; text, when left out, or number where a condition compares it."""
    optional: Flag = False
    """Being absent is a value, not an error."""


def _spelled_out_selector(value: object) -> object:
    if isinstance(value, str):
        return {"css": value}
    if isinstance(value, dict | SelectorModel):
        return value
    advice = scalars.text_advice(value)
    raise ValueError(f"must be a CSS selector, or a mapping with `css`; got {scalars.shown(value)}{advice}")


SelectorField: TypeAlias = Annotated[
    SelectorModel, BeforeValidator(_spelled_out_selector, json_schema_input_type=str | SelectorModel)
]


_URL, _SELECTOR = TAGS = ("<url>", "<selector>")
"""What pydantic puts into an error's path to say which form of `link` it means."""


def _kind_of_link(value: object) -> str:
    return _URL if isinstance(value, str) and value.startswith(("http://", "https://")) else _SELECTOR


Link: TypeAlias = Annotated[
    Annotated[str, Tag(_URL)] | Annotated[SelectorField, Tag(_SELECTOR)],
    Discriminator(_kind_of_link),
    WrapValidator(lambda value, validate: validate(value), json_schema_input_type=str | SelectorModel),
]
SINGLE_VALUE = "value"
"""The name of the value of `extract: "#x"`."""


def _spelled_out_extract(value: object) -> object:
    if isinstance(value, dict) and "css" not in value:
        if not value:
            raise ValueError("must name at least one value; leave the key out to watch the text of the page")
        return value
    return {SINGLE_VALUE: value}


Extract: TypeAlias = Annotated[
    dict[str, SelectorField],
    BeforeValidator(_spelled_out_extract, json_schema_input_type=str | SelectorModel | dict[str, str | SelectorModel]),
]


class ItemsModel(Model):
    """A list on the page, whose rows have identity."""

    css: Css
    """Matches each row."""
    key: SelectorField
    """Within a row: what tells it from the others, and stays when it is edited or moved."""
    fields: dict[str, SelectorField] = Field(default_factory=dict)
    """Value name → selector, within a row."""


class TestModel(Model):
    """Conditions on one value; all of them must hold."""

    __test__ = False  # it is no test of pytest's

    is_: Texts | None = Field(default=None, alias="is")
    """It is one of these texts or numbers."""
    contains: FilledTexts | None = None
    """It contains one of these texts."""
    not_contains: FilledTexts | None = None
    """It contains none of these texts."""
    matches: Patterns | None = None
    """It matches one of these regular expressions."""
    below: Number | None = None
    """It is less than this number."""
    above: Number | None = None
    """It is more than this number."""
    appears: Yes = False
    """An optional value is there."""
    disappears: Yes = False
    """An optional value is absent."""
    changes: Yes = False
    """It is not what it was."""


def _spelled_out_test(value: object) -> object:
    if isinstance(value, str) and value in _WORDS:
        return {value: True}
    if isinstance(value, dict) and value:
        return value
    raise ValueError(
        "must be `changes`, `appears`, `disappears` or a mapping such as `{below: 10}` or `{contains: sold out}`;"
        f" got {scalars.shown(value)}"
    )


_Word: TypeAlias = Annotated[str, WithJsonSchema({"enum": sorted(_WORDS)})]
Test: TypeAlias = Annotated[TestModel, BeforeValidator(_spelled_out_test, json_schema_input_type=_Word | TestModel)]


def _spelled_out_fields(value: object) -> object:
    return [] if value is True else _spelled_out_list(value)


class EntryModel(BaseModel):
    """One entry of `notify_when`: value name → conditions. All of them must hold."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)
    __pydantic_extra__: dict[str, Test] = Field(init=False)

    changes: Yes = False
    """Any value is not what it was."""
    added: Yes = False
    """The row is new."""
    removed: Yes = False
    """The row is gone."""
    changed: (
        Annotated[
            tuple[FilledText, ...],
            BeforeValidator(_spelled_out_fields, json_schema_input_type=bool | str | list[str]),
        ]
        | None
    ) = None
    """One of these fields of the row is not what it was; `true` for any field."""


_EVENT_WORDS = (Operator.CHANGES, Operator.ADDED, Operator.REMOVED, Operator.CHANGED)


def _spelled_out_entry(value: object) -> object:
    if isinstance(value, str) and value in _EVENT_WORDS:
        return {value: True}
    if not isinstance(value, dict) or not value:
        raise ValueError(
            "must be `changes`, `added`, `removed`, `changed` or a mapping such as `{price: {below: 10}}`;"
            f" got {scalars.shown(value)}"
        )
    for name in value:
        if name in OPERATORS and name not in _EVENT_WORDS:
            raise ValueError(f"`{name}` needs the name of a value before it; write `price: {{{name}: …}}`")
    return value


_EventWord: TypeAlias = Annotated[str, WithJsonSchema({"enum": sorted(_EVENT_WORDS)})]
Entry: TypeAlias = Annotated[
    EntryModel, BeforeValidator(_spelled_out_entry, json_schema_input_type=_EventWord | EntryModel)
]
_EntryInput: TypeAlias = _EventWord | EntryModel
Entries: TypeAlias = Annotated[
    tuple[Entry, ...],
    BeforeValidator(_spelled_out_list, json_schema_input_type=_EntryInput | list[_EntryInput]),
    AfterValidator(_filled),
]


class SettingsModel(Model):
    """What `defaults` may say for all watches, and a watch for itself."""

    topic: FilledTexts | None = None
    """Who is told: a topic, or a list of topics."""
    every: Interval = Field(default=timedelta(minutes=10), json_schema_extra={"default": "10m"})
    """The time between two checks."""
    jitter: Jitter = Field(default=0.1, json_schema_extra={"default": "10%"})
    """By how much a wait may be longer, so that watches drift apart."""
    confirm: Annotated[WholeNumber, _between(1, 100)] = 1
    """In how many checks in a row an entry must hold before it is told."""
    timeout: Timeout = Field(default=timedelta(seconds=20), json_schema_extra={"default": "20s"})
    """For the whole answer."""
    per_host: LaneModel = Field(default_factory=LaneModel)
    """How the page's host may be asked; the strictest watch of a host counts."""
    headers: dict[str, Text] = Field(default_factory=dict)
    """Request headers; `${NAME}` is a secret from the environment."""
    encoding: Annotated[FilledText, AfterValidator(_encoding)] | None = None
    """The page's charset, when it names a wrong one."""
    allow_private: Flag = False
    """Private and loopback addresses may be asked."""
    message: MessageModel = Field(default_factory=MessageModel)
    """The message in your own words."""


class WatchModel(SettingsModel):
    """A page, and what to look for."""

    url: FilledText
    """The page: http or https; `${NAME}` is a secret from the environment."""
    name: FilledText | None = None
    """How messages call it; its key, when left out."""
    extract: Extract | None = None
    """The values to watch; the text of the page, when left out."""
    items: ItemsModel | None = None
    """The list to watch, in place of `extract`."""
    where: dict[str, Test] = Field(default_factory=dict)
    """Only rows for which all of this holds count."""
    empty_when: Css | None = None
    """Matches when the list is really empty."""
    notify_when: Entries | None = None
    """When to tell: any of the entries; any change, when left out."""
    page_must_contain: FilledTexts = ()
    """The page must contain all of these texts; else the check fails."""
    link: Link | None = None
    """What messages link to: a URL, or the selector of one; the page, when left out."""


class FileModel(Model):
    """A file of watches."""

    topics: dict[str, TopicModel] = Field(default_factory=dict)
    """Names for topics; a topic may also be just used."""
    defaults: SettingsModel = Field(default_factory=SettingsModel)
    """What holds for all watches that do not say otherwise."""
    watches: dict[str, WatchModel]
    """Watch id → watch."""
