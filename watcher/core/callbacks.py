"""Callbacks: what an application's owner is told when someone scans, follows or writes to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.backoff import Chance, backed_off, is_waiting

LONGEST_WAIT: Final = timedelta(hours=1)
LONGEST_WEBHOOK_WAIT: Final = timedelta(days=1)
GIVE_UP_AFTER: Final = timedelta(days=1)
GIVE_UP_ATTEMPTS: Final = 12
"""Made in 17 to 34 minutes: fewer mean that the wall clock has jumped, not that a day of trying was in vain."""


class Source(StrEnum):
    """How someone came to follow an application."""

    SCAN = "scan"
    LINK = "link"
    COMMAND = "command"


class Origin(Struct, frozen=True, kw_only=True):
    """
    Where a subscription comes from.

    Attributes:
        code, extra: of the parametric QR code that was scanned; empty for any other way.
    """

    source: Source = Source.LINK
    code: str = ""
    extra: str = ""


class QrCode(Struct, frozen=True, kw_only=True):
    """
    A parametric QR code of an application.

    Attributes:
        code: 64 letters and digits; whoever has it may ask who scanned last.
        slug: its first 28; the page behind the picture is `/q/{slug}`, so a scanner does not learn the code.
        extra: 1–64 characters of the sender's, handed back with each scan.
        uid: of the last scan, None before.
    """

    code: str
    slug: str
    app_id: int
    extra: str
    expires_at: datetime
    uid: str | None = None


class CallbackState(StrEnum):
    """How far a callback has come."""

    PENDING = "pending"
    """not yet taken by the owner's server"""
    DELIVERED = "delivered"
    """answered with 2xx"""
    DEAD = "dead"
    """given up, with a reason"""


class Callback(Struct, frozen=True, kw_only=True):
    """
    One event for an application's owner.

    Attributes:
        body: JSON, sent exactly so at each attempt.
        due_at: of the next attempt.
        tried_at: when it was last tried; None before, and in a row that an older version left.
        status: of the last answer, None when there was none.
        reason: why the last attempt failed; empty before the first and after a success.
        webhook_id: the endpoint that it is for; None: the application's callback URL.
    """

    id: int
    app_id: int
    body: str
    created_at: datetime
    attempts: int
    due_at: datetime
    state: CallbackState
    status: int | None
    reason: str
    tried_at: datetime | None = None
    webhook_id: int | None = None


class CallbackAnswer(Struct, frozen=True, kw_only=True):
    """What came of one attempt: the HTTP status if there was an answer, and why it is no success, else empty."""

    status: int | None = None
    reason: str = ""


def is_due(callback: Callback, *, now: datetime) -> bool:
    """Return whether to try now."""
    longest = LONGEST_WAIT if callback.webhook_id is None else LONGEST_WEBHOOK_WAIT
    return not is_waiting(callback.attempts, callback.tried_at, callback.due_at, longest=longest, now=now)


def after_attempt(callback: Callback, answer: CallbackAnswer, *, now: datetime, chance: Chance) -> Callback:
    """
    Return how the callback stands after an attempt.

    A failure waits 1 s doubling to 1 h, of which a random half is taken off; after a day it is dead.
    """
    tried = replace(callback, attempts=callback.attempts + 1, status=answer.status, reason=answer.reason)
    if not answer.reason:
        return replace(tried, state=CallbackState.DELIVERED)
    if tried.attempts >= GIVE_UP_ATTEMPTS and now - callback.created_at > GIVE_UP_AFTER:
        return replace(tried, state=CallbackState.DEAD, reason=f"given up after a day: {answer.reason}")
    wait = backed_off(tried.attempts, longest=LONGEST_WAIT, chance=chance)
    return replace(tried, due_at=now + wait, tried_at=now)
