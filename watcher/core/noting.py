"""Which events a decision makes (`event_kinds` has the table)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from watcher.core.check import TOLD_ROWS, Announced, CheckFailure, OutboxEntry, OutboxMessage, WatchEvent, WatchState
from watcher.core.event_kinds import EventKind
from watcher.core.pausing import PauseAct
from watcher.core.suspicion import ODD
from watcher.core.watch import Rule
from watcher.core.words import Firing, cut, one_line

MOST_RULES: Final = 20
"""So many entries that fired are named."""
_RULE_CHARACTERS: Final = 200
_BY_CHARACTERS: Final = 64
_OF_ACTS: Final = {
    PauseAct.PAUSE: EventKind.PAUSED,
    PauseAct.MUTE: EventKind.MUTED,
    PauseAct.RESUME: EventKind.RESUMED,
}


def of_failure(
    watch: str, before: WatchState, failed: WatchState, messages: Sequence[OutboxMessage]
) -> Iterator[WatchEvent]:
    """Yield that a watch began to fail, or that the operator is told; nothing of one that goes on failing."""
    kind = _kind(failed.failure)
    if failed.checked_at is not None and (messages or before.failure is None or _kind(before.failure) is not kind):
        yield WatchEvent(
            kind=kind,
            at=failed.checked_at,
            watch=watch,
            sequence=failed.sequence,
            failure=failed.failure,
            failures=failed.failures,
            messages=announced(messages),
        )


def of_success(
    watch: str,
    before: WatchState,
    after: WatchState,
    *,
    has_changed: bool,
    subscribers: Sequence[OutboxMessage],
    operator: Sequence[OutboxMessage],
    firings: Sequence[Firing] = (),
    link: str | None = None,
    is_new_baseline: bool = False,
) -> Iterator[WatchEvent]:
    """
    Yield what a good check of note brought.

    Args:
        is_new_baseline: it was compared with nothing, though there was something.
        subscribers, operator: the messages to them.
        firings: what the first of these tell.
        link: where what changed is shown.
    """
    at = after.checked_at
    if at is None:
        return
    if before.failures or before.is_error_told:
        yield WatchEvent(
            kind=EventKind.RECOVERED,
            at=at,
            watch=watch,
            sequence=after.sequence,
            failures=before.failures,
            messages=announced(operator),
        )
    if is_new_baseline:
        yield WatchEvent(kind=EventKind.BASELINE, at=at, watch=watch, sequence=after.sequence)
    if has_changed or subscribers:
        told = {} if has_changed else {firing.key: firing for firing in firings[:TOLD_ROWS]}
        yield WatchEvent(
            kind=EventKind.CHANGED if has_changed else EventKind.TOLD,
            at=at,
            watch=watch,
            sequence=after.sequence,
            messages=announced(subscribers),
            rules=_named(firings),
            link=link,
            old={key: firing.old for key, firing in told.items() if firing.old is not None},
            new={key: firing.new for key, firing in told.items() if firing.new is not None},
        )


def of_pause(
    watch: str, act: PauseAct, after: WatchState, *, until: datetime | None, by: str, now: datetime
) -> WatchEvent:
    """Return that somebody paused, muted or resumed a watch."""
    return WatchEvent(
        kind=_OF_ACTS[act], at=now, watch=watch, sequence=after.sequence, until=until, by=cut(by, _BY_CHARACTERS)
    )


def of_acceptance(watch: str, after: WatchState, *, by: str, now: datetime) -> WatchEvent:
    """Return that somebody took what is suspicious of a watch as true."""
    return WatchEvent(
        kind=EventKind.ACCEPTED,
        at=now,
        watch=watch,
        sequence=after.sequence,
        failure=after.failure,
        by=cut(by, _BY_CHARACTERS),
    )


def of_dead(entries: Iterable[OutboxEntry]) -> Iterator[WatchEvent]:
    """Yield that messages were given up: those of these entries that were."""
    for entry in entries:
        if entry.dead is not None:
            yield WatchEvent(
                kind=EventKind.UNDELIVERED,
                at=entry.tried_at or entry.due_at,
                watch=entry.message.watch,
                failure=CheckFailure(kind="undelivered", text=entry.dead),
                messages=announced([entry.message]),
            )


def announced(messages: Iterable[OutboxMessage]) -> tuple[Announced, ...]:
    """Return what an event says of messages."""
    return tuple(Announced(id=each.id, topic=each.topic, summary=each.summary) for each in messages)


def _named(firings: Sequence[Firing]) -> tuple[str, ...]:
    rules = dict.fromkeys(firing.rule for firing in firings)
    return tuple(rule_name(rule) for rule in islice(rules, MOST_RULES))


def rule_name(rule: Rule) -> str:
    """Return what an event calls an entry of `notify_when`."""
    return cut(one_line(str(rule)), _RULE_CHARACTERS)


def _kind(failure: CheckFailure | None) -> EventKind:
    return EventKind.SUSPICIOUS if failure is not None and failure.kind in ODD else EventKind.FAILING
