"""The operator: who runs this server, and where they are logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSession:
    """
    One browser in which the operator is logged in; of its token only the hash is kept.

    Attributes:
        seen_at: when it was last used, to within the hour.
    """

    id: int
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """
    How many there are of what the push service keeps.

    Attributes:
        queued: on their way to a channel other than the inbox.
    """

    counted_at: datetime
    apps: int
    topics: int
    subscribers: int
    queued: int
