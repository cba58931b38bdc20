"""What happened to a watch, newest first: what checks of note found, what was told and why, and what people did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from time import thread_time
from typing import Final, Literal

from msgspec import Struct

from watcher.core.check import Announced, Change, NotedEvent, WatchEvent
from watcher.core.cpu_budget import CpuBudget
from watcher.core.event_kinds import BY_HAND, EventKind
from watcher.core.lines import is_difference, label_of
from watcher.core.locale import Locale
from watcher.core.phrases import phrases_in
from watcher.core.shown import shown
from watcher.core.trouble import OF_THE_NETWORK
from watcher.core.values import SINGLE, SINGLE_VALUE, Row, Rows
from watcher.core.watch import Watch
from watcher.core.why import Answer, former, told, why
from watcher.core.word_diff import Mark, Piece, word_diff
from watcher.core.words import RowChange, clean, cut
from watcher.errors import PageError
from watcher.web.console.failures import line_of

Untold = Literal["waits", "never", "unknown"]
"""Why the operator was not told of a failure; unknown: the network may have been down, or too few checks failed."""
PER_PAGE: Final = 20
_ROWS: Final = 20
"""Of a check that are shown; how many more there were is said."""
_VALUES: Final = 12
_TEXT_CHARACTERS: Final = 300
_BEGINNING_CHARACTERS: Final = 30
_PAGE_CHARACTERS: Final = 15_000
"""Of differences on a page; of later ones only the beginnings."""
_REGEX_SECONDS: Final = 0.2


class ValueDiff(Struct, frozen=True, kw_only=True):
    """A value that differs, as pieces to mark. `name`: empty of a page's only value."""

    name: str
    pieces: Sequence[Piece]


class RowDiff(Struct, frozen=True, kw_only=True):
    """A row that differs. `label`: empty of a page without a list; `mark`: it came, it went, or it changed (`kept`)."""

    label: str
    mark: Mark
    values: Sequence[ValueDiff]


class Entry(Struct, frozen=True, kw_only=True):
    """
    A check of note, or what somebody did.

    Attributes:
        kinds: what it was, in the words of the events; where those are gone, as the history has it.
        more_rows: that are not shown.
        messages: ids in the outbox, with topic and summary as far as they are known.
        failure: why it failed, or was not believed.
        failures: in a row.
        answers: why each entry of `notify_when` was told or not; None: nobody can say.
        former: entries that were told, as conditions, and that the watch has no more.
        untold: why the operator was not told of a failure.
        is_by_hand: somebody did it.
        by: from where (`WatchEvent.by`).
        until: when a pause or a mute ends.
    """

    sequence: int
    at: datetime
    kinds: Sequence[EventKind]
    rows: Sequence[RowDiff] = ()
    more_rows: int = 0
    messages: Sequence[Announced] = ()
    failure: str = ""
    failures: int = 0
    answers: Sequence[Answer] | None = None
    former: Sequence[str] = ()
    is_by_hand: bool = False
    by: str = ""
    until: datetime | None = None
    untold: Untold = "unknown"


def entries_of(
    changes: Sequence[Change], events: Sequence[NotedEvent], watch: Watch | None, language: Locale, *, before: int
) -> Sequence[Entry]:
    """
    Return a page of what happened, and one entry more where there is more.

    Args:
        changes, events: newest first, with sequences below `before`, as far as they are kept; 0: from the newest on.
    """
    found = _by_sequence(changes, [each.event for each in events if not before or each.event.sequence < before])
    writer = _Writer(watch, language)
    return [writer.entry(*each) for each in islice(found, PER_PAGE + 1)]


def _by_sequence(
    changes: Sequence[Change], events: Sequence[WatchEvent]
) -> Iterator[tuple[int, Change | None, Sequence[WatchEvent]]]:
    """Yield what each check brought, newest first. A message that was given up has no check: it is in the outbox."""
    of_check: dict[int, list[WatchEvent]] = {}
    for event in events:
        if event.kind is not EventKind.UNDELIVERED:
            of_check.setdefault(event.sequence, []).append(event)
    of_change = {change.sequence: change for change in changes}
    for sequence in sorted({*of_change, *of_check}, reverse=True):
        yield sequence, of_change.get(sequence), of_check.get(sequence, ())


class _Writer:
    """Words entries, within what a page may have of text and may take of time."""

    def __init__(self, watch: Watch | None, language: Locale) -> None:
        self._watch = watch
        self._language = language
        self._phrases = phrases_in(language)
        self._characters = _PAGE_CHARACTERS
        self._budget = CpuBudget(thread_time, regex_seconds=_REGEX_SECONDS)

    def entry(self, sequence: int, change: Change | None, events: Sequence[WatchEvent]) -> Entry:
        messages = {message.id: message for event in events for message in event.messages}
        ids = change.messages if change is not None else ()
        failed = next((event for event in events if event.failure is not None), None)
        old, new = _rows(change, events)
        keys = [*dict.fromkeys((*new, *old))]
        rows = [self._row(RowChange(key=key, old=old.get(key), new=new.get(key))) for key in keys[:_ROWS]]
        return Entry(
            sequence=sequence,
            at=change.changed_at if change is not None else events[0].at,
            kinds=tuple(dict.fromkeys(each.kind for each in events)) or (_kind_of(change),),
            rows=[row for row in rows if row.values or row.label],
            more_rows=max(0, len(keys) - _ROWS),
            messages=[
                *messages.values(),
                *(Announced(id=each, topic="", summary="") for each in ids if each not in messages),
            ],
            failure=line_of(failed.failure, self._language, _TEXT_CHARACTERS) if failed and failed.failure else "",
            failures=max((event.failures for event in events), default=0),
            answers=self._answers(change, events),
            former=self._former(events),
            is_by_hand=any(event.kind in BY_HAND for event in events),
            by=next((event.by for event in events if event.by), ""),
            untold=self._untold(failed),
            until=next((event.until for event in events if event.until), None),
        )

    def _untold(self, failed: WatchEvent | None) -> Untold:
        if self._watch is None or failed is None or failed.failure is None:
            return "unknown"
        after = self._watch.on_error.after
        if after is None:
            return "never"
        is_early = isinstance(after, int) and failed.failures < after
        return "waits" if is_early or failed.failure.kind not in OF_THE_NETWORK else "unknown"

    def _former(self, events: Sequence[WatchEvent]) -> Sequence[str]:
        fired = dict.fromkeys(rule for event in events for rule in event.rules)
        return former(self._watch, fired) if self._watch is not None else ()

    def _answers(self, change: Change | None, events: Sequence[WatchEvent]) -> Sequence[Answer] | None:
        fired = {rule for event in events for rule in event.rules}
        if self._watch is None or (change is not None and change.messages and not events):
            return None
        if change is None or change.is_baseline:
            return told(self._watch, fired)
        try:
            return why(self._watch, change, fired, self._budget)
        except PageError:  # the expressions of `matches` have had their time
            return None

    def _row(self, change: RowChange) -> RowDiff:
        mark = Mark.NEW if change.old is None else Mark.GONE if change.new is None else Mark.KEPT
        names = _names(change.old or {}, change.new or {})
        return RowDiff(
            label="" if change.key == SINGLE else clean(label_of(change)),
            mark=mark,
            values=[self._value(name, change) for name in islice(names, _VALUES)],
        )

    def _value(self, name: str, change: RowChange) -> ValueDiff:
        before, after = (change.old or {}).get(name), (change.new or {}).get(name)
        old, new = (clean(shown(value, self._phrases)) for value in (before, after))
        label = "" if name == SINGLE_VALUE else name
        if change.old is None or change.new is None or old == new:
            mark = Mark.GONE if change.new is None else Mark.KEPT if old == new else Mark.NEW
            return ValueDiff(name=label, pieces=self._short([Piece(mark, old if change.new is None else new)]))
        if is_difference(before, after) and self._characters > 0:
            return ValueDiff(name=label, pieces=self._bounded(word_diff(old, new)))
        return ValueDiff(name=label, pieces=self._short([Piece(Mark.GONE, old), Piece(Mark.NEW, new)]))

    def _short(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        return self._bounded([Piece(piece.mark, cut(piece.text, _TEXT_CHARACTERS)) for piece in pieces])

    def _bounded(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Count what is shown; once the page has enough, only beginnings are."""
        self._characters -= sum(len(piece.text) for piece in pieces)
        if self._characters > 0:
            return pieces
        return [Piece(piece.mark, cut(piece.text, _BEGINNING_CHARACTERS)) for piece in pieces[:_VALUES]]


def _kind_of(change: Change | None) -> EventKind:
    """Return what a check was whose events are gone."""
    return EventKind.BASELINE if change is not None and change.is_baseline else EventKind.CHANGED


def _rows(change: Change | None, events: Sequence[WatchEvent]) -> tuple[Rows, Rows]:
    """Return the rows before and after; of what was told without a change, those that were told."""
    if change is not None:
        return change.old, change.new
    found = next((event for event in events if event.kind is EventKind.TOLD), None)
    return (found.old, found.new) if found is not None else ({}, {})


def _names(old: Row, new: Row) -> Sequence[str]:
    """Return the names of the values that differ, or all of a row that came or went."""
    names = [*dict.fromkeys((*new, *old))]
    differing = [name for name in names if old.get(name) != new.get(name)]
    return differing or names
