"""
What watches.yaml may say: the shape of every key, for the loader and for JSON Schema alike.

A key with a short form (`extract: "#x"`, `notify_when: added`) is spelled out before it is read, so that one mistake
is one error. What depends on two keys at once is judged in `watches`, `selectors` and `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from typing import ClassVar, Final, TypeVar

from watcher.config import kinds, scalars
from watcher.config.keys import (
    NOTHING,
    Kind,
    Model,
    any_of,
    described,
    list_of,
    mapping_of,
    may_be,
    member_of,
    model_of,
    must_be,
    word,
)
from watcher.core.locale import Locale
from watcher.core.values import SINGLE_VALUE, ValueType
from watcher.core.watch import Already, Difference, KnownValues, Operator, Pick, Step

_M = TypeVar("_M", bound=Model)

OPERATORS = frozenset(Operator)
_WORDS = frozenset({Operator.CHANGES, Operator.APPEARS, Operator.DISAPPEARS})
"""Conditions that need no operand, and so may stand alone as one word."""


class TopicModel(Model):
    """What people subscribe to."""

    name: str | None = may_be(kinds.FILLED_TEXT)
    """How people see it; its key, when left out."""
    description: str = may_be(kinds.TEXT, "")
    """Shown on the page where people subscribe."""
    was: str | None = may_be(kinds.FILLED_TEXT)
    """The key that it had before; its subscribers stay."""
    id: int | None = may_be(kinds.whole_number(1, 2**53))
    """The number of a topic of a push server elsewhere."""
    app: str | None = may_be(kinds.FILLED_TEXT)
    """The application of this push service that it belongs to; the watcher's own, when left out."""
    language: Locale | None = may_be(member_of(Locale))
    """The language of its messages: `en` or `zh`; that of `defaults`, or English, when left out."""


class LaneModel(Model):
    """How one host may be asked."""

    concurrency: int = may_be(kinds.whole_number(1, 1000), 1)
    """Requests at a time."""
    min_delay: timedelta = may_be(kinds.DELAY, timedelta(seconds=1), written="1s")
    """The least time between the starts of two requests."""


class AuthModel(Model):
    """What HTTP Basic asks for: a browser opens a window for it."""

    user: str = must_be(kinds.FILLED_TEXT)
    """The user's name."""
    password: str = must_be(kinds.FILLED_TEXT)
    """The password, as `${NAME}`, a secret from the environment."""


class MessageModel(Model):
    """The message in your own words, as Jinja2 templates."""

    summary: str | None = may_be(kinds.FILLED_TEXT)
    """One line."""
    content: str | None = may_be(kinds.FILLED_TEXT)
    """The whole text."""


class ActiveHoursModel(Model):
    """When a watch may be checked; outside of it, it rests."""

    from_: time | None = may_be(kinds.CLOCK, name="from")
    """The time of day at which it begins; midnight, when left out."""
    to: time | None = may_be(kinds.CLOCK)
    """The time of day at which it ends; before `from`, it lies on the next day. Midnight, when left out."""
    timezone: tzinfo | None = may_be(kinds.TIMEZONE)
    """The timezone of these times, and of the watch."""
    days: frozenset[int] | None = may_be(kinds.DAYS)
    """The days on which it begins, such as `mon-fri` or `[sat, sun]`; every day, when left out."""


class OnErrorModel(Model):
    """When failed checks are told, and to whom."""

    after: int | timedelta | None = may_be(kinds.PATIENCE, 5)
    """Failed checks in a row, or for how long they have failed, or `never`."""
    topic: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """Who is told; `admin`, when left out."""


class AllWellModel(Model):
    """A word each day: all is well, or what is not."""

    at: time = must_be(kinds.CLOCK)
    """The time of day."""
    timezone: tzinfo | None = may_be(kinds.TIMEZONE)
    """The timezone of this time; that of `defaults`, when left out."""
    topic: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """Who is told; `admin`, when left out."""


class SelectorModel(Model):
    """How to find one value: by one of `css`, `xpath`, `jsonpath`, `product` and `part`, or by `regex` alone."""

    one_of = ("css", "xpath", "jsonpath", "product", "part", "regex")

    css: str | None = may_be(kinds.EXPRESSION)
    """A CSS selector."""
    xpath: str | None = may_be(kinds.EXPRESSION)
    """An XPath expression."""
    jsonpath: str | None = may_be(kinds.EXPRESSION)
    """A JSONPath expression (RFC 9535), for a page that is JSON."""
    product: str | None = may_be(word("price", "availability"))
    """What the page says of its product for machines: its price, or whether it is in stock."""
    part: str | None = may_be(kinds.FILLED_TEXT)
    """In the rows of a feed: the name of a part of an entry."""
    regex: str | None = may_be(kinds.PATTERN)
    """A regular expression that narrows the text to its first group, or to its match; alone, that of the page."""
    attr: str | None = may_be(kinds.FILLED_TEXT)
    """Read this attribute, not the text."""
    type: ValueType | None = may_be(member_of(ValueType))
    """What the value is; when left out, what the conditions leave as the one choice, or text."""
    pick: Pick | None = may_be(member_of(Pick))
    """Which of several matches counts; the first, when left out."""
    map: Mapping[str, str] = may_be(mapping_of(kinds.TEXT), NOTHING)
    """Text on the page → text that is meant."""
    default: str | None = may_be(kinds.TEXT)
    """What all texts mean that `map` does not name."""
    scale: Decimal | None = may_be(kinds.FACTOR)
    """A number is multiplied by this."""
    currency: str | None = may_be(kinds.CURRENCY)
    """The currency of an amount of money, where the page does not tell it: a code such as EUR."""
    optional: bool = may_be(kinds.FLAG, False)
    """Being absent is a value, not an error."""
    max_step: Step | None = may_be(kinds.STEP_SIZE)
    """A number that differs by more from the last one is suspicious."""


def _text_or(model: type[_M]) -> Kind[str | _M]:
    """Return the kind of an expression, or of a mapping that says more."""

    def read(value: object) -> str | _M:
        if isinstance(value, str):
            return kinds.EXPRESSION.read(value)
        if isinstance(value, dict):
            return model.read(value)
        advice = scalars.text_advice(value)
        raise ValueError(f"must be a CSS selector, or a mapping with `css`; got {scalars.shown(value)}{advice}")

    return Kind(read, {"oneOf": [kinds.EXPRESSION.schema, model]})


SELECTOR: Final = _text_or(SelectorModel)
"""A text is in CSS, or in the language of its list."""


class PlaceModel(Model):
    """Elements of a page: exactly one of these."""

    one_of: ClassVar[tuple[str, ...]] = ("css", "xpath")

    css: str | None = may_be(kinds.EXPRESSION)
    """A CSS selector."""
    xpath: str | None = may_be(kinds.EXPRESSION)
    """An XPath expression."""


PLACE: Final = _text_or(PlaceModel)


class QueryModel(PlaceModel):
    """What must be on the page: exactly one of these."""

    one_of = ("css", "xpath", "jsonpath")

    jsonpath: str | None = may_be(kinds.EXPRESSION)
    """A JSONPath expression."""


QUERY: Final = _text_or(QueryModel)

_FINDS = frozenset({"css", "xpath", "jsonpath", "product", "regex"})


def is_single_selector(extract: Mapping[str, object]) -> bool:
    """Return whether the mapping under `extract` is one selector, and not the names of several."""
    return any(isinstance(extract.get(key), str) for key in _FINDS & extract.keys())


def _spelled_out_extract(value: object) -> object:
    if isinstance(value, dict) and value.get("feed") is True:
        raise ValueError("a feed is a list; write `items: {feed: true}`")
    if not isinstance(value, dict) or is_single_selector(value):
        return {SINGLE_VALUE: value}
    if not value:
        raise ValueError("must name at least one value; leave the key out to watch the text of the page")
    return value


_SELECTORS = mapping_of(SELECTOR)
_PLAIN_SELECTOR = any_of({"type": "string"}, SelectorModel)
EXTRACT: Final = Kind(
    lambda value: _SELECTORS.read(_spelled_out_extract(value)),
    any_of(_PLAIN_SELECTOR, {"type": "object", "additionalProperties": _PLAIN_SELECTOR}),
)


class PagesModel(Model):
    """Where the rest of a list is: `next`, or `param`."""

    one_of = ("next", "param")

    next: str | SelectorModel | None = may_be(SELECTOR)
    """The selector of the link to the next page."""
    param: str | None = may_be(kinds.FILLED_TEXT)
    """The parameter of the URL that counts the pages."""
    from_: int = may_be(kinds.whole_number(0, 1_000_000), 1, name="from")
    """The number of the first page."""
    until: str = may_be(word("empty"), "empty")
    """Where the list ends: at the first page without a new row."""
    max: int = may_be(kinds.whole_number(1, 100), 10)
    """How many pages are read at most."""


class TestModel(Model):
    """Conditions on one value; all of them must hold."""

    __test__ = False  # it is no test of pytest's

    is_: tuple[str, ...] | None = may_be(kinds.TEXTS, name="is")
    """It is one of these texts or numbers."""
    contains: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """It contains one of these texts."""
    not_contains: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """It contains none of these texts."""
    matches: tuple[str, ...] | None = may_be(kinds.PATTERNS)
    """It matches one of these regular expressions."""
    below: Decimal | date | None = may_be(kinds.BOUND)
    """It is less than this number, or before this date."""
    above: Decimal | date | None = may_be(kinds.BOUND)
    """It is more than this number, or after this date."""
    appears: bool = may_be(kinds.YES, False)
    """An optional value is there."""
    disappears: bool = may_be(kinds.YES, False)
    """An optional value is absent."""
    changes: bool = may_be(kinds.YES, False)
    """It is not what it was."""
    drops_by: Step | None = may_be(kinds.STEP_SIZE)
    """It is less by so much than the highest number since people were told of it."""
    rises_by: Step | None = may_be(kinds.STEP_SIZE)
    """It is more by so much than the lowest number since people were told of it."""
    new_low: timedelta | None = may_be(kinds.WINDOW)
    """It is less than at any time within this time."""
    new_high: timedelta | None = may_be(kinds.WINDOW)
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


TEST: Final = Kind(lambda value: TestModel.read(_spelled_out_test(value)), any_of({"enum": sorted(_WORDS)}, TestModel))


class ItemsModel(Model):
    """A list on the page, whose rows have identity: found by one of `css`, `xpath`, `jsonpath` and `feed`."""

    one_of = ("css", "xpath", "jsonpath", "feed")

    css: str | None = may_be(kinds.EXPRESSION)
    """A CSS selector that matches each row."""
    xpath: str | None = may_be(kinds.EXPRESSION)
    """An XPath expression that matches each row."""
    jsonpath: str | None = may_be(kinds.EXPRESSION)
    """A JSONPath expression that matches each row."""
    feed: bool = may_be(kinds.YES, False)
    """The rows are the entries of a feed (RSS, Atom, JSON Feed)."""
    key: str | SelectorModel | None = may_be(SELECTOR)
    """Within a row: what tells it from the others, and stays when it is edited or moved."""
    fields: Mapping[str, str | SelectorModel] = may_be(mapping_of(SELECTOR), NOTHING)
    """Value name → selector, within a row."""
    rolling: bool | None = may_be(kinds.FLAG)
    """The page shows the newest rows only: one that leaves it is not gone, and one that comes back is not new."""
    where: Mapping[str, TestModel] = may_be(mapping_of(TEST), NOTHING)
    """Only rows for which all of this holds count."""
    empty_when: str | QueryModel | None = may_be(QUERY)
    """Matches when the list is really empty."""
    pages: PagesModel | None = may_be(model_of(PagesModel))
    """Where the rest of the list is."""


_FIELDS = list_of(kinds.FILLED_TEXT)
CHANGED: Final[Kind[tuple[str, ...]]] = Kind(
    lambda value: () if value is True or value == [] else _FIELDS.read(value),
    any_of({"type": "boolean"}, {"type": "string"}, {"type": "array", "items": {"type": "string"}}),
)
"""Fields of a row; none are any."""


class EntryModel(Model):
    """One entry of `notify_when`: value name → conditions. All of them must hold."""

    other_keys = TEST
    others: Mapping[str, TestModel] = NOTHING

    changes: bool = may_be(kinds.YES, False)
    """Any value is not what it was."""
    added: bool = may_be(kinds.YES, False)
    """The row is new."""
    removed: bool = may_be(kinds.YES, False)
    """The row is gone."""
    changed: tuple[str, ...] | None = may_be(CHANGED)
    """One of these fields of the row is not what it was; `true` for any field."""
    topic: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """Who is told by this entry; the topic of the watch, when left out."""
    already: Already | None = may_be(member_of(Already))
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


ENTRY: Final = Kind(
    lambda value: EntryModel.read(_spelled_out_entry(value)), any_of({"enum": sorted(_EVENT_WORDS)}, EntryModel)
)
ENTRIES: Final = list_of(ENTRY)


class SettingsModel(Model):
    """What `defaults` may say for all watches, and a watch for itself."""

    topic: tuple[str, ...] | None = may_be(kinds.FILLED_TEXTS)
    """Who is told: a topic, or a list of topics."""
    every: timedelta = may_be(kinds.INTERVAL, timedelta(minutes=10), written="10m")
    """The time between two checks."""
    cron: str | None = may_be(kinds.CRON)
    """When to check, in place of `every`: minute, hour, day of month, month and day of week."""
    active_hours: ActiveHoursModel = may_be(model_of(ActiveHoursModel), ActiveHoursModel())
    """When it may be checked; always, when left out."""
    timezone: tzinfo | None = may_be(kinds.TIMEZONE)
    """The timezone of `cron`, `active_hours` and dates in URLs; the machine's, when left out."""
    jitter: float = may_be(kinds.JITTER, 0.1, written="10%")
    """By how much a wait may be longer, so that watches drift apart."""
    confirm: int = may_be(kinds.whole_number(1, 100), 1)
    """In how many checks in a row an entry must hold before it is told."""
    remind_every: timedelta | None = may_be(kinds.REMINDER)
    """What was told is told again after this time, as long as it holds; `never` is the default."""
    already: Already | None = may_be(member_of(Already))
    """Whether what holds at the first check is told; for states of single values it is, when left out."""
    exclude: tuple[str | PlaceModel, ...] = may_be(list_of(PLACE), ())
    """Elements that are cut out of the page before anything is found; a watch adds its own."""
    ignore_text: tuple[str, ...] = may_be(kinds.PATTERNS, ())
    """Regular expressions whose matches are cut out of a text before it is compared; a watch adds its own."""
    ignore_differences: tuple[Difference, ...] = may_be(list_of(member_of(Difference)), ())
    """Two texts that differ only in these are the same: `case`, `punctuation`, `line_breaks`."""
    known_values: KnownValues = may_be(member_of(KnownValues), KnownValues.TELL)
    """`ignore`: a single value that was seen before is no news when it comes back."""
    accept_after: int = may_be(kinds.whole_number(1, 100), 3)
    """After so many suspicious checks that agree, what they show is accepted."""
    on_error: OnErrorModel = may_be(model_of(OnErrorModel), OnErrorModel())
    """When you are told that a watch has stopped working."""
    stale_after: timedelta | None = may_be(kinds.INTERVAL)
    """You are told after this time without a good check; after three intervals without any, when left out."""
    group_within: timedelta | None = may_be(kinds.DELAY)
    """Messages may wait this long for others of their topic, to travel as one."""
    keep_page: bool | None = may_be(kinds.FLAG)
    """The page is kept as it was read last; when left out, unless cookies or headers that may be a login are sent."""
    page_must_contain: tuple[str, ...] = may_be(kinds.FILLED_TEXTS, ())
    """The page must contain all of these texts; else the check fails."""
    page_must_not_contain: tuple[str, ...] = may_be(kinds.FILLED_TEXTS, ())
    """The page must contain none of these texts; else the check fails."""
    max_step: Step | None = may_be(kinds.STEP_SIZE)
    """The `max_step` of all numbers and amounts that have none of their own."""
    enabled: bool = may_be(kinds.FLAG, True)
    """`false`: it is not checked, and keeps what it knows."""
    tags: tuple[str, ...] = may_be(kinds.FILLED_TEXTS, ())
    """Words of your own, to choose watches by."""
    method: str | None = may_be(word("GET", "POST", "PUT", "PATCH"))
    """The HTTP method; GET, or POST where there is a `body`."""
    auth: AuthModel | None = may_be(model_of(AuthModel))
    """The user and the password of a page that asks for both by HTTP Basic."""
    headers: Mapping[str, str] = may_be(mapping_of(kinds.TEXT), NOTHING)
    """Request headers; `${NAME}` is a secret from the environment."""
    cookies: Mapping[str, str] = may_be(mapping_of(kinds.TEXT), NOTHING)
    """Cookies by name; `${NAME}` is a secret from the environment."""
    body: object = may_be(described(kinds.ANYTHING, {"type": ["string", "object", "array"]}))
    """What is sent: a text, or a mapping or a list, which is sent as JSON."""
    user_agent: str | None = may_be(kinds.FILLED_TEXT)
    """What the request calls itself; our own name, when left out."""
    proxy: str | None = may_be(kinds.FILLED_TEXT)
    """The URL of an HTTP proxy; `none` for none."""
    timeout: timedelta = may_be(kinds.TIMEOUT, timedelta(seconds=20), written="20s")
    """For the whole answer."""
    max_bytes: int = may_be(kinds.whole_number(1_000, 100_000_000), 10_000_000)
    """How long a page may be, after decompression."""
    encoding: str | None = may_be(kinds.ENCODING)
    """The page's charset, when it names a wrong one."""
    verify: bool = may_be(kinds.FLAG, True)
    """The certificate of the server is checked."""
    allow_private: bool = may_be(kinds.FLAG, False)
    """Private and loopback addresses may be asked."""
    per_host: LaneModel = may_be(model_of(LaneModel), LaneModel())
    """How the page's host may be asked; the strictest watch of a host counts."""
    message: MessageModel = may_be(model_of(MessageModel), MessageModel())
    """The message in your own words."""


class DefaultsModel(SettingsModel):
    """What holds for all watches and topics that do not say otherwise."""

    language: Locale | None = may_be(member_of(Locale))
    """The language of all messages: `en` or `zh`; a topic may have its own. English, when left out."""


class WatchModel(SettingsModel):
    """A page, and what to look for."""

    url: str = must_be(kinds.FILLED_TEXT)
    """The page: http or https; `${NAME}` is a secret from the environment, `{today+1d:%Y-%m-%d}` a date."""
    name: str | None = may_be(kinds.FILLED_TEXT)
    """What messages call it; its key, when left out."""
    for_each: object = may_be(described(kinds.ANYTHING, {"type": ["array", "object"], "minItems": 1}))
    """A watch for each of these values, which `{each}` and `{each.name}` stand for."""
    extract: Mapping[str, str | SelectorModel] | None = may_be(EXTRACT)
    """The values to watch; the text of the page, when left out."""
    items: ItemsModel | None = may_be(model_of(ItemsModel))
    """The list to watch, in place of `extract`."""
    where: Mapping[str, TestModel] = may_be(mapping_of(TEST), NOTHING)
    """Only rows for which all of this holds count."""
    empty_when: str | QueryModel | None = may_be(QUERY)
    """Matches when the list is really empty."""
    pages: PagesModel | None = may_be(model_of(PagesModel))
    """Where the rest of the list is."""
    notify_when: tuple[EntryModel, ...] | None = may_be(ENTRIES)
    """When to tell: any of the entries; any change, when left out."""
    link: str | SelectorModel | None = may_be(SELECTOR)
    """What messages link to: a URL, or the selector of one; the page, when left out."""
    json_in: str | PlaceModel | None = may_be(PLACE)
    """The text of the first element that this finds is JSON, which is read in place of the page."""
    start_at: str | PlaceModel | None = may_be(PLACE)
    """The page begins at the first element that this finds."""
    start_after: str | PlaceModel | None = may_be(PLACE)
    """The page begins behind the first element that this finds."""
    end_at: str | PlaceModel | None = may_be(PLACE)
    """The page ends with the first element that this finds after its start."""
    end_before: str | PlaceModel | None = may_be(PLACE)
    """The page ends before the first element that this finds after its start."""
    was: str | None = may_be(kinds.FILLED_TEXT)
    """The key that it had before; what it has seen and told stays."""


ALL_WELL: Final = Kind(
    lambda value: AllWellModel.read({"at": value} if isinstance(value, str) else value),
    any_of({"type": "string"}, AllWellModel),
)


class FileModel(Model):
    """A file of watches."""

    include: tuple[str, ...] = may_be(kinds.FILLED_TEXTS, ())
    """Other files with `topics` and `watches`: paths from this file, in which `*` stands for any name."""
    topics: Mapping[str, TopicModel] = may_be(mapping_of(model_of(TopicModel)), NOTHING)
    """Names for topics; a topic may also be just used."""
    defaults: DefaultsModel = may_be(model_of(DefaultsModel), DefaultsModel())
    """What holds for all watches that do not say otherwise."""
    all_well: AllWellModel | None = may_be(ALL_WELL)
    """A word each day that all is well: a time of day, or a mapping."""
    watches: Mapping[str, WatchModel] = may_be(mapping_of(model_of(WatchModel)), NOTHING)
    """Watch id → watch."""
