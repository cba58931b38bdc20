"""
Secrets that a page shows once: a new token on the page that its form leads to.

They are kept in memory, for the session that asked, until that page is shown, for two minutes at most. So a secret
stands in no address, and to load the page again neither shows it nor makes another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from aiohttp import web

from watcher.web.keys import SESSION

KEPT_SECONDS: Final = 120.0
MOST: Final = 1_000
"""Of all sessions; the oldest makes room."""


class Secrets:
    """What is to be shown once, by session and by what it is of."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: monotonic seconds."""
        self._clock = clock
        self._kept: dict[tuple[int, str], tuple[float, str]] = {}

    def keep(self, request: web.Request, what: str, secret: str) -> None:
        """Keep a secret for the session that asks."""
        key = (request[SESSION].id, what)
        self._kept.pop(key, None)  # so that the oldest stays first
        while len(self._kept) >= MOST or self._is_first_too_old():
            del self._kept[next(iter(self._kept))]
        self._kept[key] = (self._clock(), secret)

    def take(self, request: web.Request, what: str) -> str:
        """Return the secret that was kept for the session that asks, for the last time; empty where there is none."""
        at, secret = self._kept.pop((request[SESSION].id, what), (0.0, ""))
        return secret if secret and self._clock() - at <= KEPT_SECONDS else ""

    def _is_first_too_old(self) -> bool:
        oldest = next(iter(self._kept.values()), None)
        return oldest is not None and self._clock() - oldest[0] > KEPT_SECONDS


SECRETS = web.AppKey("secrets", Secrets)
