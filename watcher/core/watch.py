"""What the operator declares: topics, watches, selectors, conditions. Made by `config`, read by all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from watcher.core.values import ValueType

ADMIN_TOPIC = "admin"
"""The operator's own topic; it exists always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """
    A topic as watches.yaml names it.

    Attributes:
        key: how watches refer to it, and its identity in the push service.
        was: the key it had before; its subscribers stay.
        id: the number of a topic of a push server elsewhere (`run --push`).
        is_declared: it stands under `topics:`, and is not merely used by a watch.
    """

    key: str
    name: str
    description: str = ""
    was: str | None = None
    id: int | None = None
    is_declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """
    How to find one value in a page or in a row.

    Attributes:
        css: a CSS selector; None is the text of the whole page.
        attr: the attribute to read in place of the text.
        optional: absent is a value (None), not an error.
    """

    css: str | None = None
    attr: str | None = None
    type: ValueType = ValueType.TEXT
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """
    A list on the page, whose rows have identity.

    Attributes:
        css: matches each row.
        key: within a row; the identity of the row.
        fields: value name → selector within the row.
        where: a row counts when all of these hold; `key` is a value name here.
        empty_when: a selector that must match for an empty list to be believed; None: an empty list is an error.
    """

    css: str
    key: Selector
    fields: Mapping[str, Selector]
    where: tuple[Condition, ...] = ()
    empty_when: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
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
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def is_event(self) -> bool:
        """True for an event, False for a state."""
        return self in _EVENTS


_EVENTS = frozenset({Operator.CHANGES, Operator.ADDED, Operator.REMOVED, Operator.CHANGED})

Operand: TypeAlias = Decimal | tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """
    One test of one value.

    Attributes:
        subject: the value's name; None where the operator needs none (`added`, `removed`) or means any (`changes`).
        operand: a number for `below` and `above`; texts for `is`, `contains`, `not_contains` and
            `matches` (any of them; for `not_contains` none of them) and the fields of `changed` (empty: any);
            else None.
    """

    operator: Operator
    subject: str | None = None
    operand: Operand = None

    def __str__(self) -> str:
        match self.operand:
            case None | ():
                operand = ""
            case Decimal():
                operand = f" {self.operand:f}"
            case _:
                operand = " " + " or ".join(self.operand)
        return f"{self.subject + ' ' if self.subject else ''}{self.operator.replace('_', ' ')}{operand}"


class Already(StrEnum):
    """What an entry does when it holds at the first check."""

    NOTIFY = "notify"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    One entry of `notify_when`: it holds when all its conditions hold.

    Attributes:
        already: None is the default of DESIGN §6: notify for states of single values, else ignore.
    """

    conditions: tuple[Condition, ...]
    already: Already | None = None

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """How one host may be asked: requests at a time (≥ 1), and the least time between two starts."""

    concurrency: int = 1
    min_delay: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """
    How to ask for a page.

    Attributes:
        timeout: for the whole answer, redirects included.
        encoding: overrides the page's own charset; a name that Python or the WHATWG knows.
        max_body_bytes: after decompression.
        allow_private: the address guard lets private and loopback addresses through.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: timedelta = timedelta(seconds=20)
    encoding: str | None = None
    max_body_bytes: int = 10_000_000
    allow_private: bool = False
    lane: Lane = Lane()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """The operator's own words, in Jinja2; None keeps the default of that part."""

    summary: str | None = None
    content: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """
    A page, and what to look for.

    Attributes:
        id: its key in watches.yaml; its state survives everything else.
        every: between two checks, before jitter.
        jitter: 0 ≤ jitter < 1, the share of `every` by which a wait may be longer.
        confirm: good checks in a row in which an entry must hold before it fires (≥ 1).
        rules: never empty; without `notify_when` any change is told.
        link: what its messages link to: a URL, a selector of one, or None for the page itself.
    """

    id: str
    name: str
    request: Request
    topics: tuple[str, ...]
    extraction: Extraction
    rules: tuple[Rule, ...]
    every: timedelta = timedelta(minutes=10)
    jitter: float = 0.1
    confirm: int = 1
    page_must_contain: tuple[str, ...] = ()
    link: str | Selector | None = None
    message: MessageTemplate = MessageTemplate()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFile:
    """All of watches.yaml: topics by key (`admin` and merely used ones included), watches by id."""

    topics: Mapping[str, Topic]
    watches: Mapping[str, Watch]
