"""How the outbox tries again: which entries are due, and what an answer makes of an entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from watcher.core.backoff import Chance, backed_off, is_waiting
from watcher.core.check import OutboxEntry
from watcher.errors import PassingPublishError, PermanentPublishError, PublishError

LONGEST_WAIT = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=3)
"""Of waits between attempts, not of age: neither a clock that jumps nor a process that rests gives anything up."""
LONGEST_ASKED_WAIT = timedelta(days=1)  # by Retry-After


def due_entries(entries: Iterable[OutboxEntry], *, now: datetime, limit: int) -> list[OutboxEntry]:
    """
    Return the entries to publish now, in order.

    A topic whose oldest entry waits for its next try holds back its later ones, so its order is kept.

    Args:
        entries: the living ones, in order.
    """
    due: list[OutboxEntry] = []
    waiting: set[str] = set()
    for entry in entries:
        if is_waiting(entry.attempts, entry.tried_at, entry.due_at, longest=LONGEST_ASKED_WAIT, now=now):
            waiting.add(entry.message.topic)
        elif entry.message.topic not in waiting and len(due) < limit:
            due.append(entry)
    return due


def next_due_at(entries: Iterable[OutboxEntry]) -> datetime | None:
    """Return when the outbox has work next; None for never. Only each topic's oldest entry counts."""
    heads: dict[str, datetime] = {}
    for entry in entries:
        heads.setdefault(entry.message.topic, entry.due_at)
    return min(heads.values(), default=None)


def tried_anew(entry: OutboxEntry, *, now: datetime) -> OutboxEntry:
    """Return the entry as if it had never been tried, due now; a dead one lives again."""
    return replace(entry, attempts=0, due_at=now, dead=None, tried_at=None, waited=timedelta(0))


def after_failure(entry: OutboxEntry, error: PublishError, *, now: datetime, chance: Chance) -> OutboxEntry:
    """
    Return how the entry stands after it was not taken.

    A permanent error makes it dead at once, a passing one after 3 days of waits. Else it waits 1 s doubling to 15 min
    of which a random half is taken off, and at least what the service asked for, up to a day.
    """
    attempts = entry.attempts + 1
    match error:
        case PermanentPublishError():
            return replace(entry, attempts=attempts, dead=str(error))
        case PassingPublishError():
            if entry.waited >= GIVE_UP_AFTER:
                return replace(entry, attempts=attempts, dead=f"given up after 3 days: {error}")
            wait = backed_off(attempts, longest=LONGEST_WAIT, chance=chance)
            wait = max(wait, min(error.retry_after or wait, LONGEST_ASKED_WAIT))
            return replace(entry, attempts=attempts, due_at=now + wait, tried_at=now, waited=entry.waited + wait)
        case PublishError():
            raise TypeError(f"a publish error is passing or permanent, not {type(error).__name__}")
        case _:
            assert_never(error)
