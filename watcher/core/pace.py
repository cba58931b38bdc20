"""How often, and for how long: the defaults of what the operator can set. Light, for every command reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from msgspec import Struct


class RateLimit(Struct, frozen=True, kw_only=True):
    """So many calls within any stretch of so long."""

    calls: int
    per: timedelta


APP_CALLS: Final = 20
"""Sends of one application within any stretch of `APP_CALLS_PER`: WxPusher's own limit."""
APP_CALLS_PER: Final = timedelta(seconds=10)
APP_QUESTIONS: Final = 100
"""Whatever else an application asks within as long: who follows it, say, a page of 100 at a time."""

FAILOVER_AFTER: Final = timedelta(minutes=5)
"""What a subscriber was not shown by then goes to its next channel."""
LEAST_FAILOVER_AFTER: Final = timedelta(seconds=30)
"""So soon is looked for the first time, and then again: who sends may not know how long the server is to wait."""

CALLBACKS: Final = 10_000
"""That wait for the owner of one application; and as many that are settled are kept. Each has 10 KB at most.

As many wait for all endpoints of one application together, each of 20 KB at most.
"""

CONNECTIONS: Final = 10_000
"""Open at once, of all addresses."""
CONNECTIONS_PER_ADDRESS: Final = 256
"""Of one: a school or an office is one address to us."""
