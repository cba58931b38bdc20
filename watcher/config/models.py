"""
What watches.yaml may say: the shape of every key, for the loader and for JSON Schema alike.

A key with a short form (`extract: "#x"`, `notify_when: added`) is spelled out before it is validated, so that one
mistake is one error. What depends on two keys at once is judged in `watches`, `selectors` and `rules`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, WithJsonSchema

from watcher.config import scalars
from watcher.config.kinds import (
    Bound,
    Clock,
    Cron,
    Days,
    Delay,
    Encoding,
    Expression,
    Factor,
    FilledText,
    FilledTexts,
    Flag,
    Interval,
    Jitter,
    Patience,
    Pattern,
    Patterns,
    Reminder,
    StepSize,
    Text,
    Texts,
    Timeout,
    Timezone,
    Window,
    Yes,
    filled,
    spelled_out_list,
    whole_number,
)
from watcher.core.values import ValueType
from watcher.core.watch import Already, Operator, Pick

OPERATORS = frozenset(Operator)
_WORDS = frozenset({Operator.CHANGES, Operator.APPEARS, Operator.DISAPPEARS})
"""Conditions that need no operand, and so may stand alone as one word."""


class Model(BaseModel):
    """A mapping of the file. What stands under a key is its description in JSON Schema."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def _one_of(*keys: str) -> ConfigDict:
    """Return what tells JSON Schema that one of these keys must be there."""
    return ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in keys]})


class TopicModel(Model):
    """What people subscribe to."""

    name: FilledText | None = None
    """How people see it; its key, when left out."""
    description: Text = ""
    """Shown on the page where people subscribe."""
    was: FilledText | None = None
    """The key that it had before; its subscribers stay."""
    id: Annotated[int, *whole_number(1, 2**53)] | None = None
    """The number of a topic of a push server elsewhere."""
    app: FilledText | None = None
    """The application of this push service that it belongs to; the watcher's own, when left out."""


class LaneModel(Model):
    """How one host may be asked."""

    concurrency: Annotated[int, *whole_number(1, 1000)] = 1
    """Requests at a time."""
    min_delay: Delay = Field(default=timedelta(seconds=1), json_schema_extra={"default": "1s"})
    """The least time between the starts of two requests."""


class MessageModel(Model):
    """The message in your own words, as Jinja2 templates."""

    summary: FilledText | None = None
    """One line."""
    content: FilledText | None = None
    """The whole text."""


class ActiveHoursModel(Model):
    """When a watch may be checked; outside of it, it rests."""

    from_: Clock | None = Field(default=None, alias="from")
    """The time of day at which it begins; midnight, when left out."""
    to: Clock | None = None
    """The time of day at which it ends; before `from`, it lies on the next day. Midnight, when left out."""
    timezone: Timezone | None = None
    """The timezone of these times, and of the watch."""
    days: Days | None = None
    """The days on which it begins, such as `mon-fri` or `[sat, sun]`; every day, when left out."""


class OnErrorModel(Model):
    """When failed checks are told, and to whom."""

    after: Patience = Field(default=5)
    """Failed checks in a row, or for how long they have failed, or `never`."""
    topic: FilledTexts | None = None
    """Who is told; `admin`, when left out."""


class AllWellModel(Model):
    """A word each day: all is well, or what is not."""

    at: Clock
    """The time of day."""
    timezone: Timezone | None = None
    """The timezone of this time; that of `defaults`, when left out."""
    topic: FilledTexts | None = None
    """Who is told; `admin`, when left out."""


class SelectorModel(Model):
    """How to find one value: by one of `css`, `xpath`, `jsonpath`, `product` and `part`, or by `regex` alone."""

    model_config = _one_of("css", "xpath", "jsonpath", "product", "part", "regex")

    css: Expression | None = None
    """A CSS selector."""
    xpath: Expression | None = None
    """An XPath expression."""
    jsonpath: Expression | None = None
    """A JSONPath expression (RFC 9535), for a page that is JSON."""
    product: Literal["price", "availability"] | None = None
    """What the page says of its product for machines: its price, or whether it can be had."""
    part: FilledText | None = None
    """In the rows of a feed: the name of a part of an entry."""
    regex: Pattern | None = None
    """A regular expression that narrows the text to its first group, or to its match; alone, that of the page."""
    attr: FilledText | None = None
    """Read this attribute, not the text."""
    type: ValueType | None = None
    """What the value is; when left out, what the conditions leave as the one choice, or text."""
    pick: Pick | None = None
    """Which of several matches counts; the first, when left out."""
    map: dict[str, Text] = Field(default_factory=dict)
    """Text on the page → text that is meant."""
    scale: Factor | None = None
    """A number is multiplied by this."""
    optional: Flag = False
    """Being absent is a value, not an error."""
    max_step: StepSize | None = None
    """A number that differs by more from the last one is not believed at once."""


_TEXT, _MAPPING = TAGS = ("<text>", "<mapping>")
"""What pydantic puts into an error's path to say which form of a selector it means."""


def _form(value: object) -> str:
    return _TEXT if isinstance(value, str) else _MAPPING


def _text_or_mapping(value: object) -> object:
    if isinstance(value, str | dict | BaseModel):
        return value
    advice = scalars.text_advice(value)
    raise ValueError(f"must be a CSS selector, or a mapping with `css`; got {scalars.shown(value)}{advice}")


SelectorField: TypeAlias = Annotated[
    Annotated[Expression, Tag(_TEXT)] | Annotated[SelectorModel, Tag(_MAPPING)],
    Discriminator(_form),
    BeforeValidator(_text_or_mapping),
]
"""A text is in CSS, or in the language of its list."""


class QueryModel(Model):
    """What must be on the page: exactly one of these."""

    model_config = _one_of("css", "xpath", "jsonpath")

    css: Expression | None = None
    """A CSS selector."""
    xpath: Expression | None = None
    """An XPath expression."""
    jsonpath: Expression | None = None
    """A JSONPath expression."""


QueryField: TypeAlias = Annotated[
    Annotated[Expression, Tag(_TEXT)] | Annotated[QueryModel, Tag(_MAPPING)],
    Discriminator(_form),
    BeforeValidator(_text_or_mapping),
]

SINGLE_VALUE = "value"
"""The name of the value of `extract: "#x"`."""
_FINDS = frozenset({"css", "xpath", "jsonpath", "product", "regex"})


def _spelled_out_extract(value: object) -> object:
    if isinstance(value, dict) and value.get("feed") is True:
        raise ValueError("a feed is a list; write `items: {feed: true}`")
    if not isinstance(value, dict) or any(isinstance(value.get(key), str) for key in _FINDS & value.keys()):
        return {SINGLE_VALUE: value}
    if not value:
        raise ValueError("must name at least one value; leave the key out to watch the text of the page")
    return value


Extract: TypeAlias = Annotated[
    dict[str, SelectorField],
    BeforeValidator(_spelled_out_extract, json_schema_input_type=str | SelectorModel | dict[str, str | SelectorModel]),
]


class PagesModel(Model):
    """Where the rest of a list is: `next`, or `param`."""

    model_config = _one_of("next", "param")

    next: SelectorField | None = None
    """The selector of the link to the next page."""
    param: FilledText | None = None
    """The parameter of the URL that counts the pages."""
    from_: Annotated[int, *whole_number(0, 1_000_000)] = Field(default=1, alias="from")
    """The number of the first page."""
    until: Literal["empty"] = "empty"
    """Where the list ends: at the first page without a new row."""
    max: Annotated[int, *whole_number(1, 100)] = 10
    """How many pages are read at most."""


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
    below: Bound | None = None
    """It is less than this number, or before this date."""
    above: Bound | None = None
    """It is more than this number, or after this date."""
    appears: Yes = False
    """An optional value is there."""
    disappears: Yes = False
    """An optional value is absent."""
    changes: Yes = False
    """It is not what it was."""
    drops_by: StepSize | None = None
    """It is less by so much than the highest number since people were told of it."""
    rises_by: StepSize | None = None
    """It is more by so much than the lowest number since people were told of it."""
    new_low: Window | None = None
    """It is less than at any time within this time."""
    new_high: Window | None = None
    """It is more than at any time within this time."""


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


class ItemsModel(Model):
    """A list on the page, whose rows have identity: found by one of `css`, `xpath`, `jsonpath` and `feed`."""

    model_config = _one_of("css", "xpath", "jsonpath", "feed")

    css: Expression | None = None
    """A CSS selector that matches each row."""
    xpath: Expression | None = None
    """An XPath expression that matches each row."""
    jsonpath: Expression | None = None
    """A JSONPath expression that matches each row."""
    feed: Yes = False
    """The rows are the entries of a feed (RSS, Atom, JSON Feed)."""
    key: SelectorField | None = None
    """Within a row: what tells it from the others, and stays when it is edited or moved."""
    fields: dict[str, SelectorField] = Field(default_factory=dict)
    """Value name → selector, within a row."""
    rolling: Flag | None = None
    """The page shows the newest rows only: one that leaves it is not gone, and one that comes back is not new."""
    where: dict[str, Test] = Field(default_factory=dict)
    """Only rows for which all of this holds count."""
    empty_when: QueryField | None = None
    """Matches when the list is really empty."""
    pages: PagesModel | None = None
    """Where the rest of the list is."""


def _spelled_out_fields(value: object) -> object:
    return [] if value is True else spelled_out_list(value)


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
    topic: FilledTexts | None = None
    """Who is told by this entry; the topic of the watch, when left out."""
    already: Already | None = None
    """Whether it is told when it holds at the first check."""


_EVENT_WORDS = (Operator.CHANGES, Operator.ADDED, Operator.REMOVED, Operator.CHANGED)
ENTRY_SETTINGS = frozenset({"topic", "already"})
"""Keys of an entry that are no conditions."""


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
    if value.keys() <= ENTRY_SETTINGS:
        raise ValueError("does not say when; add `changes` or a condition such as `price: {below: 10}`")
    return value


_EventWord: TypeAlias = Annotated[str, WithJsonSchema({"enum": sorted(_EVENT_WORDS)})]
Entry: TypeAlias = Annotated[
    EntryModel, BeforeValidator(_spelled_out_entry, json_schema_input_type=_EventWord | EntryModel)
]
_EntryInput: TypeAlias = _EventWord | EntryModel
Entries: TypeAlias = Annotated[
    tuple[Entry, ...],
    BeforeValidator(spelled_out_list, json_schema_input_type=_EntryInput | list[_EntryInput]),
    AfterValidator(filled),
]


class SettingsModel(Model):
    """What `defaults` may say for all watches, and a watch for itself."""

    topic: FilledTexts | None = None
    """Who is told: a topic, or a list of topics."""
    every: Interval = Field(default=timedelta(minutes=10), json_schema_extra={"default": "10m"})
    """The time between two checks."""
    cron: Cron | None = None
    """When to check, in place of `every`: minute, hour, day of month, month and day of week."""
    active_hours: ActiveHoursModel = Field(default_factory=ActiveHoursModel)
    """When it may be checked; always, when left out."""
    timezone: Timezone | None = None
    """The timezone of `cron`, `active_hours` and dates in URLs; the machine's, when left out."""
    jitter: Jitter = Field(default=0.1, json_schema_extra={"default": "10%"})
    """By how much a wait may be longer, so that watches drift apart."""
    confirm: Annotated[int, *whole_number(1, 100)] = 1
    """In how many checks in a row an entry must hold before it is told."""
    remind_every: Reminder = None
    """What was told is told again after this time, as long as it holds; `never` is the default."""
    already: Already | None = None
    """Whether what holds at the first check is told; for states of single values it is, when left out."""
    accept_after: Annotated[int, *whole_number(1, 100)] = 3
    """Suspicious checks in agreement after which what they show is believed."""
    on_error: OnErrorModel = Field(default_factory=OnErrorModel)
    """When you are told that a watch has stopped working."""
    stale_after: Interval | None = None
    """You are told after this time without a good check; after three intervals without any, when left out."""
    group_within: Delay | None = None
    """Messages may wait this long for others of their topic, to travel as one."""
    page_must_contain: FilledTexts = ()
    """The page must contain all of these texts; else the check fails."""
    page_must_not_contain: FilledTexts = ()
    """The page must contain none of these texts; else the check fails."""
    max_step: StepSize | None = None
    """The `max_step` of all numbers and amounts that have none of their own."""
    enabled: Flag = True
    """`false`: it is not checked, and keeps what it knows."""
    tags: FilledTexts = ()
    """Words of your own, to choose watches by."""
    method: Literal["GET", "POST", "PUT", "PATCH"] | None = None
    """The HTTP method; GET, or POST where there is a `body`."""
    headers: dict[str, Text] = Field(default_factory=dict)
    """Request headers; `${NAME}` is a secret from the environment."""
    cookies: dict[str, Text] = Field(default_factory=dict)
    """Cookies by name; `${NAME}` is a secret from the environment."""
    body: object = Field(default=None, json_schema_extra={"type": ["string", "object", "array"]})
    """What is sent: a text, or a mapping or a list, which is sent as JSON."""
    user_agent: FilledText | None = None
    """What the request calls itself; our own name, when left out."""
    proxy: FilledText | None = None
    """The URL of an HTTP proxy; `none` for none."""
    timeout: Timeout = Field(default=timedelta(seconds=20), json_schema_extra={"default": "20s"})
    """For the whole answer."""
    max_bytes: Annotated[int, *whole_number(1_000, 100_000_000)] = 10_000_000
    """How long a page may be, after decompression."""
    encoding: Encoding | None = None
    """The page's charset, when it names a wrong one."""
    verify: Flag = True
    """The certificate of the server is checked."""
    allow_private: Flag = False
    """Private and loopback addresses may be asked."""
    per_host: LaneModel = Field(default_factory=LaneModel)
    """How the page's host may be asked; the strictest watch of a host counts."""
    message: MessageModel = Field(default_factory=MessageModel)
    """The message in your own words."""


class WatchModel(SettingsModel):
    """A page, and what to look for."""

    url: FilledText
    """The page: http or https; `${NAME}` is a secret from the environment, `{today+1d:%Y-%m-%d}` a date."""
    name: FilledText | None = None
    """How messages call it; its key, when left out."""
    for_each: object = Field(default=None, json_schema_extra={"type": ["array", "object"], "minItems": 1})
    """A watch for each of these values, which `{each}` and `{each.name}` stand for."""
    extract: Extract | None = None
    """The values to watch; the text of the page, when left out."""
    items: ItemsModel | None = None
    """The list to watch, in place of `extract`."""
    where: dict[str, Test] = Field(default_factory=dict)
    """Only rows for which all of this holds count."""
    empty_when: QueryField | None = None
    """Matches when the list is really empty."""
    pages: PagesModel | None = None
    """Where the rest of the list is."""
    notify_when: Entries | None = None
    """When to tell: any of the entries; any change, when left out."""
    link: SelectorField | None = None
    """What messages link to: a URL, or the selector of one; the page, when left out."""


def _spelled_out_all_well(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


class FileModel(Model):
    """A file of watches."""

    include: FilledTexts = ()
    """Other files with `topics` and `watches`: paths from this file, in which `*` stands for any name."""
    topics: dict[str, TopicModel] = Field(default_factory=dict)
    """Names for topics; a topic may also be just used."""
    defaults: SettingsModel = Field(default_factory=SettingsModel)
    """What holds for all watches that do not say otherwise."""
    all_well: (
        Annotated[AllWellModel, BeforeValidator(_spelled_out_all_well, json_schema_input_type=str | AllWellModel)]
        | None
    ) = None
    """A word each day that all is well: a time of day, or a mapping."""
    watches: dict[str, WatchModel] = Field(default_factory=dict)
    """Watch id → watch."""
