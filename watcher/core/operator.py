"""The operator: who runs this server."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Totals(Struct, frozen=True, kw_only=True):
    """
    How many there are of what the push service keeps.

    Attributes:
        queued: messages on their way to a channel other than the inbox.
        waiting_accounts: people who asked for an account, and wait for the operator.
    """

    counted_at: datetime
    apps: int
    topics: int
    subscribers: int
    queued: int
    waiting_accounts: int
