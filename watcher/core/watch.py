"""What the operator declares: topics, watches, selectors, conditions. Made by `config`, read by all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, time, timedelta, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from watcher.core.locale import Locale
from watcher.core.values import ValueType

ADMIN_TOPIC = "admin"
"""The operator's own topic; it exists always."""


class Topic(Struct, frozen=True, kw_only=True):
    """
    A topic as watches.yaml names it.

    Attributes:
        key: how watches refer to it, and its identity in the push service.
        was: the key it had before; its subscribers stay.
        id: the number of a topic of a push server elsewhere (`run --push`).
        app: the application of this push service that the topic belongs to; None: the watcher's own.
        language: of its messages, and of its pages for readers whose browser names none; None: nobody said.
        is_declared: it stands under `topics:`, and is not merely used by a watch.
    """

    key: str
    name: str
    description: str = ""
    was: str | None = None
    id: int | None = None
    app: str | None = None
    language: Locale | None = None
    is_declared: bool = True


Languages: TypeAlias = tuple[tuple[str, Locale], ...]
"""The topics whose messages are in a language that was named, and which one that is."""


class Language(StrEnum):
    """What an expression that finds something on a page is written in."""

    CSS = "css"
    XPATH = "xpath"
    JSONPATH = "jsonpath"
    FEED = "feed"
    """Of a list: the entries of a feed, with an empty expression. Within one: the name of a part of an entry."""
    PRODUCT = "product"
    """`price` or `availability` of the offer that the page embeds for machines."""


class Query(Struct, frozen=True):
    """An expression, and the language it is in."""

    language: Language
    expression: str

    @classmethod
    def css(cls, expression: str) -> Query:
        """Return a query in CSS."""
        return cls(Language.CSS, expression)

    def __str__(self) -> str:
        return self.expression or self.language.value


class Pick(StrEnum):
    """Which of several matches counts."""

    FIRST = "first"
    LAST = "last"
    ALL = "all"
    """Each on a line of its own."""
    JOINED = "joined"
    """All in one line, with a space between."""


class Step(Struct, frozen=True, kw_only=True):
    """A difference between two numbers: an amount (≥ 0), or a share of the older one (5 % is 0.05)."""

    amount: Decimal
    is_share: bool

    def __str__(self) -> str:
        return f"{(self.amount * 100).normalize():f}%" if self.is_share else f"{self.amount:f}"


class Selector(Struct, frozen=True, kw_only=True):
    """
    How to find one value in a page or in a row.

    The steps, in this order: `query` finds nodes, `attr` or their text is read, `regex` narrows each text (its first
    group, or all of the match; a node without a match is none), `pick` chooses, `mapping` replaces a whole text,
    `type` reads the value, `scale` multiplies it.

    Attributes:
        query: None is the text of the whole page or row.
        attr: the attribute to read in place of the text.
        pick: None is the first, and that there are several is worth a note.
        mapping: text on the page → text that is meant.
        default: what all other texts mean; None: themselves.
        scale: for numbers and money.
        currency: that amounts of money are in (ISO 4217); None is what the page says.
        optional: absent is a value (None), not an error.
        max_step: a number that differs from the last one by more is suspicious.
    """

    query: Query | None = None
    attr: str | None = None
    regex: str | None = None
    pick: Pick | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    default: str | None = None
    type: ValueType = ValueType.TEXT
    scale: Decimal | None = None
    currency: str | None = None
    optional: bool = False
    max_step: Step | None = None


class Difference(StrEnum):
    """What `ignore_differences` may leave out of a comparison."""

    CASE = "case"
    PUNCTUATION = "punctuation"
    LINE_BREAKS = "line_breaks"


class KnownValues(StrEnum):
    """What `changes` makes of a value that was seen before."""

    TELL = "tell"
    IGNORE = "ignore"


class Scope(Struct, frozen=True, kw_only=True):
    """
    The part of a page that a watch reads; by itself, all of it.

    Attributes:
        exclude: what these find is cut out first.
        start: what stands before the first element that it finds is cut off; `is_after_start`: that one too.
        end: what stands behind the first that it finds after the start is cut off; `is_before_end`: that one too.
        json_in: the text of the first element that it finds is JSON, and all that is read; nothing else is cut out.
    """

    exclude: tuple[Query, ...] = ()
    start: Query | None = None
    is_after_start: bool = False
    end: Query | None = None
    is_before_end: bool = False
    json_in: Query | None = None

    @property
    def queries(self) -> tuple[Query, ...]:
        """All that is looked for."""
        return (*self.exclude, *(query for query in (self.start, self.end, self.json_in) if query is not None))


WHOLE_PAGE = Scope()


class NextPages(Struct, frozen=True, kw_only=True):
    """The pages of a list that link to one another. `link`: of the next page; the last one has none."""

    link: Selector
    max_pages: int


class NumberedPages(Struct, frozen=True, kw_only=True):
    """The pages of a list that differ in one parameter of the query; the list ends at the first without new rows."""

    param: str
    first: int
    max_pages: int


Pages: TypeAlias = NextPages | NumberedPages


class Items(Struct, frozen=True, kw_only=True):
    """
    A list on the page, whose rows have identity.

    Attributes:
        query: matches each row.
        key: within a row; the identity of the row.
        fields: value name → selector within the row.
        where: a row counts when all of these hold; `key` is a value name here.
        empty_when: must match for an empty list to be believed; None: an empty list is an error.
        rolling: the page shows the newest rows only: one that leaves is not gone, and one that comes back is not new.
        pages: where the rest of the list is; all pages make one list.
    """

    query: Query
    key: Selector
    fields: Mapping[str, Selector]
    where: tuple[Condition, ...] = ()
    empty_when: Query | None = None
    rolling: bool = False
    pages: Pages | None = None


class Values(Struct, frozen=True, kw_only=True):
    """Single values of a page: value name → selector."""

    selectors: Mapping[str, Selector]


Extraction: TypeAlias = Values | Items


class Operator(StrEnum):
    """The conditions of `notify_when` and `where`."""

    # States hold or do not.
    IS = "is"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    MATCHES = "matches"
    BELOW = "below"
    ABOVE = "above"
    APPEARS = "appears"
    DISAPPEARS = "disappears"
    # Events hold only in the check in which they occur.
    CHANGES = "changes"
    DROPS_BY = "drops_by"
    RISES_BY = "rises_by"
    NEW_LOW = "new_low"
    NEW_HIGH = "new_high"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def is_event(self) -> bool:
        """True for an event, False for a state."""
        return self in _EVENTS


_EVENTS = frozenset(Operator) - {
    Operator.IS,
    Operator.CONTAINS,
    Operator.NOT_CONTAINS,
    Operator.MATCHES,
    Operator.BELOW,
    Operator.ABOVE,
    Operator.APPEARS,
    Operator.DISAPPEARS,
}

Operand: TypeAlias = Decimal | date | Step | timedelta | tuple[str, ...] | None


class Condition(Struct, frozen=True, kw_only=True):
    """
    One test of one value.

    Attributes:
        subject: the value's name; None where the operator needs none (`added`, `removed`) or means any (`changes`).
        operand: a number, or a date, for `below` and `above`; texts for `is`, `contains`, `not_contains` and
            `matches` (any of them; for `not_contains` none of them) and the fields of `changed` (empty: any);
            a step for `drops_by` and `rises_by`; a length of time for `new_low` and `new_high`; else None.
    """

    operator: Operator
    subject: str | None = None
    operand: Operand = None

    def __str__(self) -> str:
        return f"{self.subject + ' ' if self.subject else ''}{self.operator.replace('_', ' ')}{self._operand_text()}"

    def _operand_text(self) -> str:
        match self.operand:
            case None | ():
                return ""
            case Decimal():
                return f" {self.operand:f}"
            case timedelta():
                return f" in {shown_duration(self.operand)}"
            case tuple():
                return " " + " or ".join(self.operand)
            case _:
                return f" {self.operand}"


def shown_duration(length: timedelta) -> str:
    """Return a length of time as watches.yaml writes it: `1d12h`, `30s`, `500ms`."""
    milliseconds = round(length / timedelta(milliseconds=1))
    parts = []
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        count, milliseconds = divmod(milliseconds, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


class Already(StrEnum):
    """What an entry does when it holds at the first check."""

    NOTIFY = "notify"
    IGNORE = "ignore"


class Rule(Struct, frozen=True, kw_only=True):
    """
    One entry of `notify_when`: it holds when all its conditions hold.

    Attributes:
        already: None is the default: notify for states of single values, else ignore.
        topics: who is told by this entry; empty: the watch's own.
    """

    conditions: tuple[Condition, ...]
    already: Already | None = None
    topics: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """An id that depends on the content alone, so that reordering entries keeps their state."""
        return _rule_id(self.conditions)

    @property
    def is_event(self) -> bool:
        """True when any condition is an event: then the entry can only fire in a check in which it occurs."""
        return any(condition.operator.is_event for condition in self.conditions)

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))


@lru_cache(maxsize=4096)
def _rule_id(conditions: tuple[Condition, ...]) -> str:
    return hashlib.blake2b("|".join(sorted(map(str, conditions))).encode(), digest_size=6).hexdigest()


class Lane(Struct, frozen=True, kw_only=True):
    """How one host may be asked: requests at a time (≥ 1), and the least time between two starts."""

    concurrency: int = 1
    min_delay: timedelta = timedelta(seconds=1)


MASK = "***"
"""Stands for a secret wherever one would be shown."""


class Secrets(Struct, frozen=True, kw_only=True):
    """
    What of a request came from the environment, and is shown to nobody; `core.redaction` keeps it back.

    Attributes:
        values: name and value of each `${NAME}`, in the order in which they are filled in.
        url: the watch's `url` with `***` in place of each.
        in_url: the names that stand in it.
    """

    values: tuple[tuple[str, str], ...]
    url: str
    in_url: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Secrets({', '.join(dict.fromkeys(name for name, _ in self.values))})"


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """
    How to ask for a page.

    Attributes:
        url: may hold dates, as `{today+14d:%Y-%m-%d}`; `core.dates.dated` fills them in before the page is asked for.
        headers: all that is sent besides what every request has; cookies and `User-Agent` have keys of their own.
        body: sent as it is; its Content-Type is among the headers.
        user_agent: None: our own.
        proxy: an http URL; None: none.
        timeout: for the whole answer, redirects included.
        encoding: overrides the page's own charset; a name that Python or the WHATWG knows.
        max_body_bytes: after decompression.
        verify: the certificate of an https server is checked.
        allow_private: the address guard lets private and loopback addresses through.
        secrets: what of all this is shown to nobody; None: all of it stands in watches.yaml.
        unset: variables of the environment that it needs and that are not set: the page is not asked for.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    user_agent: str | None = None
    proxy: str | None = None
    timeout: timedelta = timedelta(seconds=20)
    encoding: str | None = None
    max_body_bytes: int = 10_000_000
    verify: bool = True
    allow_private: bool = False
    lane: Lane = Lane()
    secrets: Secrets | None = None
    unset: tuple[str, ...] = ()

    @property
    def shown_url(self) -> str:
        """The URL with `***` in place of secrets."""
        return self.url if self.secrets is None else self.secrets.url

    def __repr__(self) -> str:
        return f"Request({self.method} {self.shown_url})"  # not what is sent: a traceback or a log may show it


class MessageTemplate(Struct, frozen=True, kw_only=True):
    """The operator's own words, in Jinja2; None keeps the default of that part."""

    summary: str | None = None
    content: str | None = None


EVERY_DAY = frozenset(range(7))


class ActiveHours(Struct, frozen=True, kw_only=True):
    """
    When a watch may be checked.

    Attributes:
        start, end: wall-clock times in the watch's timezone; an `end` that is not after `start` lies on the next day.
            The same time twice is the whole day.
        days: on which it starts, Monday is 0.
    """

    start: time
    end: time
    days: frozenset[int] = EVERY_DAY


class OnError(Struct, frozen=True, kw_only=True):
    """
    When the operator is told that a watch has stopped working, once, and once more when it works again.

    Attributes:
        after: failed checks in a row (≥ 1), or for how long they have failed; None: never. Walls are told at once.
    """

    after: int | timedelta | None = 5
    topics: tuple[str, ...] = (ADMIN_TOPIC,)


class Watch(Struct, frozen=True, kw_only=True, gc=False):
    """
    A page, and what to look for.

    Attributes:
        id: its key in watches.yaml; its state survives everything else.
        every: between two checks, before jitter. With `cron` it is the shortest time between two of its times.
        jitter: 0 ≤ jitter < 1, the share of `every` by which a wait may be longer.
        cron: when to check, in place of `every`; in the watch's timezone.
        timezone: of `cron`, `active_hours` and dates in URLs.
        confirm: good checks in a row in which an entry must hold before it fires (≥ 1).
        remind_every: a state that was told is told again after this time while it holds; None: never.
        ignore_text: expressions whose matches are cut out of a text before it is compared.
        ignore_differences: what else is no difference between two texts.
        known_values: whether a single value that was seen before is told when it comes back.
        accept_after: suspicious checks in agreement that make the operator's truth (≥ 1).
        stale_after: without a good check for so long, the operator is told; None: three intervals without any check.
        group_within: its messages may wait this long for others of their topic; None: they do not.
        scope: the part of the page in which all of this is looked for.
        rules: never empty; without `notify_when` any change is told.
        keep_page: the last page of note is kept for the operator to see.
        link: what its messages link to: a URL, a selector of one, or None for the page itself.
        languages: of the topics that it tells.
        was: the id that it had before; None: it had no other.
    """

    id: str
    name: str
    request: Request
    topics: tuple[str, ...]
    extraction: Extraction
    rules: tuple[Rule, ...]
    scope: Scope = WHOLE_PAGE
    every: timedelta = timedelta(minutes=10)
    jitter: float = 0.1
    cron: str | None = None
    active_hours: ActiveHours | None = None
    timezone: tzinfo = UTC
    confirm: int = 1
    remind_every: timedelta | None = None
    ignore_text: tuple[str, ...] = ()
    ignore_differences: frozenset[Difference] = frozenset()
    known_values: KnownValues = KnownValues.TELL
    accept_after: int = 3
    on_error: OnError = OnError()
    stale_after: timedelta | None = None
    group_within: timedelta | None = None
    page_must_contain: tuple[str, ...] = ()
    page_must_not_contain: tuple[str, ...] = ()
    keep_page: bool = True
    link: str | Selector | None = None
    message: MessageTemplate = MessageTemplate()
    tags: tuple[str, ...] = ()
    languages: Languages = ()
    is_enabled: bool = True
    was: str | None = None

    def language_of(self, topic: str) -> Locale | None:
        """Return the language in which the watch tells a topic; None: nobody named one."""
        for key, language in self.languages:
            if key == topic:
                return language
        return None


class AllWell(Struct, frozen=True, kw_only=True):
    """A word to the operator each day: all is well, or what is not. `at`: a wall-clock time in `timezone`."""

    at: time
    timezone: tzinfo
    topics: tuple[str, ...] = (ADMIN_TOPIC,)


class WatchFile(Struct, frozen=True, kw_only=True):
    """
    All of watches.yaml.

    Attributes:
        topics: by key, `admin` and merely used ones included.
        watches: by id, those that are not enabled included.
        files: what was read, the file itself first; included ones follow.
        folders: of its `include`, where further files may come; there need be none yet.
    """

    topics: Mapping[str, Topic]
    watches: Mapping[str, Watch]
    all_well: AllWell | None = None
    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()


class TopicLanguages(Struct, frozen=True):
    """The language of each topic's messages, as its mapping of topics is now: a reload changes that."""

    topics: Mapping[str, Topic] = field(default_factory=dict)

    def __call__(self, topic: str) -> Locale | None:
        """Return the language of a topic; None: nobody named one."""
        known = self.topics.get(topic)
        return known.language if known else None


NO_LANGUAGES = TopicLanguages()
