"""What a check sees, remembers and decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

from msgspec import Struct, field

from watcher.core.event_kinds import EventKind
from watcher.core.page import Validators
from watcher.core.page_profile import NO_PROFILE, Examined
from watcher.core.proposal import Proposal
from watcher.core.values import Row, Rows
from watcher.core.witness import NO_WITNESSES
from watcher.core.wording import Wording


class Observation(Struct, frozen=True, kw_only=True, gc=False):
    """
    What this check saw.

    Attributes:
        rows: the rows of interest by key; single values are the one row `SINGLE`.
        engine: name and version of what selected them; of what another one reads otherwise, see `rereading`.
        link: where `link:` of the watch points, when it is a selector.
        row_count: of a list, before `where`; None for single values. Not stored: None in a snapshot that was read back.
        ending: of a page that may have been cut, a digest of where it ends; empty: it is closed. Not stored either.
        notes: what the operator should know of how the page was read, one line each. Not stored either.
    """

    rows: Rows
    engine: str
    link: str | None = None
    row_count: int | None = None
    ending: str | None = None
    notes: tuple[str, ...] = ()


class Snapshot(Struct, frozen=True, kw_only=True, gc=False):
    """
    What the last good check saw.

    Attributes:
        plan: fingerprint of the watch's extraction; another plan takes a new baseline silently.
        digest: of the body on the wire, and of what was asked for: the same answer to another question is news.
        fetched_at: when the body was last really read, not answered with 304.
    """

    observation: Observation
    plan: str
    digest: str
    validators: Validators
    fetched_at: datetime


class Progress(Struct, frozen=True, kw_only=True):
    """
    How far one rule has come with one row. A rule that does not hold and awaits nothing has none.

    Attributes:
        streak: good checks in a row in which the rule held, at most the watch's `confirm`.
        has_fired: the state has been told, or was there before anyone listened; it fires again after it ended. Of an
            event: there is nothing to tell, but that the row came or went awaits its confirmation.
        told_at: when the state was last told; None when it was there before anyone listened.
        basis, candidate: of an event that awaits its confirmation: the row before it and the row it must stay
            (None: the row is absent).
    """

    streak: int
    has_fired: bool = False
    told_at: datetime | None = None
    basis: Row | None = None
    candidate: Row | None = None


NOTHING: Final[Mapping[str, Any]] = {}
"""The one empty mapping that all states share: 100,000 of them stay in memory."""


@lru_cache(maxsize=1_000)
def idle(rules: tuple[str, ...]) -> Mapping[str, Mapping[str, Progress]]:
    """Return the progress of rules none of which has any, one mapping for all states with these rules."""
    return dict.fromkeys(rules, NOTHING)


class CheckFailure(Struct, frozen=True, kw_only=True):
    """
    Why a check failed: one stable word and one line.

    Attributes:
        wording: of the line, for readers of other languages; None where only its text is known.
        retry_after: how long the server asked us to stay away, if it did. Not stored.
    """

    kind: str
    text: str
    wording: Wording | None = None
    retry_after: timedelta | None = None


class Peak(Struct, frozen=True, kw_only=True):
    """The lowest and the highest that a number was since subscribers were last told it. `currency`: of money."""

    low: Decimal
    high: Decimal
    currency: str | None = None


class Past(Struct, frozen=True, kw_only=True):
    """A number that stood until then. `currency`: of money."""

    value: Decimal
    until: datetime
    currency: str | None = None


class Suspect(Struct, frozen=True, kw_only=True):
    """
    What suspicious checks in a row have seen.

    Attributes:
        odd: its kind and a digest of it: only checks in agreement count.
        is_accepted: the operator says that it is true (`watcher accept`); the next check takes it.
    """

    odd: str
    checks: int
    is_accepted: bool = False


class WatchState(Struct, frozen=True, kw_only=True, gc=False):
    """
    Everything that is remembered of a watch.

    Attributes:
        sequence: decisions saved so far; part of each message's id, and the version that a commit compares.
        progress: rule id → row key → progress. A rule id that is present with no rows is known and idle.
        told: row key → the values that subscribers were last told, or that stood at baseline. Of a rolling list,
            rows that have left the page are among them.
        peaks: row key → value name → how far it went since told, of the values that an entry measures.
        pasts: condition (`new_low`, `new_high`) → row key → the numbers that its window still holds, oldest first.
        recent: the numbers that a page without a list showed before, packed (`recent`).
        fresh: row key → value name → for how many good checks it has stood, of the numbers that an entry measures and
            that have stood for fewer than `confirm`.
        row_count: of the last list that was believed, before `where`.
        empty: names of single values that were believed empty since the baseline.
        profile: how the page usually looks, and when that was last taken from it, packed (`page_profile`).
        witnesses: of the values and the rows, packed (`witness`).
        prefix_kib: so much of the page's source decided its values when they were last looked at closely; 0: all of it.
        is_closed: when it may have been cut last, it was closed.
        unsettled: how often a change awaited its confirmation in vain (`unsettled`).
        known_values: value name → digests of the values seen before, newest last (`known_values`).
        failures: failed checks in a row; 0 after a good one.
        failing_since: when the first of them was.
        counted_at: when the last check was that counted towards `accept_after`, `on_error` or `confirm` (`counting`).
        is_error_told: the operator knows that the watch does not work.
        good_at: when the last good check was.
        paused_until, muted_until: when that ends, or ended since the last check that was judged (`pausing`).
        left_alone_since: since when it is paused or muted without a break.
    """

    sequence: int = 0
    snapshot: Snapshot | None = None
    progress: Mapping[str, Mapping[str, Progress]] = field(default_factory=dict)
    told: Rows = field(default_factory=dict)
    peaks: Mapping[str, Mapping[str, Peak]] = field(default_factory=dict)
    pasts: Mapping[str, Mapping[str, tuple[Past, ...]]] = field(default_factory=dict)
    recent: str = ""
    fresh: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    row_count: int | None = None
    empty: tuple[str, ...] = ()
    profile: bytes = NO_PROFILE
    witnesses: bytes = NO_WITNESSES
    prefix_kib: int = 0
    is_closed: bool = False
    suspect: Suspect | None = None
    unsettled: int = 0
    known_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    failures: int = 0
    failure: CheckFailure | None = None
    failing_since: datetime | None = None
    counted_at: datetime | None = None
    is_error_told: bool = False
    good_at: datetime | None = None
    checked_at: datetime | None = None
    changed_at: datetime | None = None
    next_check_at: datetime | None = None
    paused_until: datetime | None = None
    muted_until: datetime | None = None
    left_alone_since: datetime | None = None

    @property
    def rows(self) -> Rows:
        """What the page shows, as far as it was believed; nothing before the first good check."""
        return self.snapshot.observation.rows if self.snapshot else {}


class Seen(Struct, frozen=True, kw_only=True):
    """
    Outcome of a check: the page was read.

    Attributes:
        examined: what came of a closer look; None when nothing asked for one.
        proposals: where the values that witnesses doubt may be now, when that is to be told.
        reread: the rows that this engine reads from the page of the snapshot, which another one read; None where that
            page is not at hand.
    """

    observation: Observation
    digest: str
    validators: Validators
    plan: str
    examined: Examined | None = None
    proposals: tuple[Proposal, ...] = ()
    reread: Rows | None = None


class Same(Struct, frozen=True, kw_only=True):
    """
    Outcome of a check: the page is the one the snapshot was read from.

    Attributes:
        by_server: True after a 304, False when the same bytes came again.
    """

    validators: Validators
    by_server: bool


class Lost(Struct, frozen=True, kw_only=True):
    """
    Outcome of a check: the page was read, and what is watched is not on it.

    Attributes:
        proposals: where the values may be now, when that is to be told.
    """

    failure: CheckFailure
    proposals: tuple[Proposal, ...] = ()


CheckOutcome: TypeAlias = Seen | Same | Lost | CheckFailure


class Verdict(StrEnum):
    """What a check came to, in the words of `check --json`."""

    BASELINE = "baseline"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"
    MUTED = "muted"


class Change(Struct, frozen=True, kw_only=True):
    """
    One entry of a watch's history: the rows that differ, before and after (absent: not there).

    Attributes:
        messages: ids of those that tell of it.
        untold: keys of the rows that they leave out, since no rule asked for them.
        is_baseline: not the page is another, but how it is read; no rule was asked of the difference.
    """

    watch: str
    sequence: int
    changed_at: datetime
    old: Rows
    new: Rows
    messages: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    is_baseline: bool = False


class OutboxMessage(Struct, frozen=True, kw_only=True):
    """
    A message to one topic, saved with the decision that made it.

    Attributes:
        id: 32 hex digits, a function of the state's epoch, the watch, its sequence, the kind and the topic:
            a repeat is recognised by the push service and dropped.
        topic: a topic key of watches.yaml.
        summary: one line, at most 100 characters.
        content: plain text.
        hold_until: it may wait so long for other messages of its topic, to travel as one; None: it goes at once.
    """

    id: str
    watch: str
    topic: str
    summary: str
    content: str
    url: str | None
    created_at: datetime
    hold_until: datetime | None = None


class OutboxEntry(Struct, frozen=True, kw_only=True):
    """
    A message in the outbox, and how its delivery to the push service stands.

    Attributes:
        order: increases with each saved message; the order within a topic.
        attempts: failed so far.
        due_at: not to be tried before.
        dead: why it was given up; None while it is alive.
        tried_at: when the last attempt failed; None when none did, or an older version noted it.
        waited: the sum of the waits between attempts, which no clock that jumps can make longer.
    """

    message: OutboxMessage
    order: int
    attempts: int
    due_at: datetime
    dead: str | None = None
    tried_at: datetime | None = None
    waited: timedelta = timedelta(0)


class OutboxAct(StrEnum):
    """What the operator may do with a message in the outbox."""

    TRY = "try"
    DROP = "drop"


TOLD_ROWS = 100


class Announced(Struct, frozen=True, kw_only=True):
    """What an event says of a message that was put into the outbox, or was given up there."""

    id: str
    topic: str
    summary: str


class WatchEvent(Struct, frozen=True, kw_only=True):
    """
    Something of note about a watch, saved with the decision that it tells of.

    Attributes:
        watch: its id; empty of a message that belongs to none.
        sequence: of the decision; 0 of an undelivered message. What a change or a new baseline brought is in the
            history under it.
        failure: why it fails, or why a message was given up; of what was accepted: what was odd.
        failures: failed checks in a row, this one included; of a watch that recovered: those that there were.
        rules: of values: the entries of `notify_when` that fired, as conditions.
        link: of values: what the first message links to, or would.
        old, new: of what was told without a change: the rows, at most TOLD_ROWS.
        by: from where somebody did it: a browser's kind, or `acts.BY_COMMAND`.
        until: when a pause or a mute ends.
    """

    kind: EventKind
    at: datetime
    watch: str
    sequence: int = 0
    failure: CheckFailure | None = None
    failures: int = 0
    messages: tuple[Announced, ...] = ()
    rules: tuple[str, ...] = ()
    link: str | None = None
    old: Rows = field(default_factory=dict)
    new: Rows = field(default_factory=dict)
    by: str = ""
    until: datetime | None = None


class NotedEvent(Struct, frozen=True, kw_only=True):
    """
    An event with its number.

    Attributes:
        change: what a change or a new baseline brought; None of others, of one that is gone, and of a baseline with the
            same values.
    """

    number: int
    event: WatchEvent
    change: Change | None = None

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at


class Decision(Struct, frozen=True, kw_only=True):
    """
    The whole effect of a check, saved in one transaction or not at all.

    Attributes:
        is_durable: something besides the times of the check is new. Then the state's sequence is one more than
            before, and the decision must be on disk before its watch is checked again; else it may be written
            late, and lost in a kill.
        has_new_page: of one that is not durable: the same values were read from other bytes, or came with other
            validators. The state is written late with the times; lost in a kill, the page is read once more.
        is_other_page: of a check that judges nothing, for its watch is muted: the page shows other values.
        is_confirming: an entry awaits its confirmation, so the next look comes sooner.
    """

    watch: str
    verdict: Verdict
    state: WatchState
    change: Change | None = None
    messages: tuple[OutboxMessage, ...] = ()
    events: tuple[WatchEvent, ...] = ()
    is_durable: bool = True
    has_new_page: bool = False
    is_other_page: bool = False
    is_confirming: bool = False
