"""Exponential backoff with jitter, on a wall clock that may be set back: of the outbox and of callbacks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

Chance: TypeAlias = float
"""A random number that the caller has drawn: 0 ≤ chance < 1."""


def is_waiting(
    attempts: int, tried_at: datetime | None, due_at: datetime, *, longest: timedelta, now: datetime
) -> bool:
    """
    Return whether what failed so often waits for its next try.

    One tried in the future, or due later than the longest wait, does not: the clock was set back since.
    """
    if attempts == 0 or (tried_at is not None and now < tried_at):
        return False
    return now < due_at <= now + longest


def backed_off(attempts: int, *, longest: timedelta, chance: Chance) -> timedelta:
    """Return the wait after the nth attempt: 1 s doubling to the longest, of which a random half is taken off."""
    return min(longest, timedelta(seconds=2.0 ** min(attempts - 1, 20))) * (1 - chance / 2)
