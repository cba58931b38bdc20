"""The operator: who runs this server, and where they are logged in."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class OperatorSession(Struct, frozen=True, kw_only=True):
    """
    One browser in which the operator is logged in; of its token only the hash is kept.

    Attributes:
        seen_at: when it was last used, to within the hour.
    """

    id: int
    created_at: datetime
    seen_at: datetime


class Totals(Struct, frozen=True, kw_only=True):
    """How many there are of what the push service keeps. `queued`: on their way to a channel other than the inbox."""

    counted_at: datetime
    apps: int
    topics: int
    subscribers: int
    queued: int
