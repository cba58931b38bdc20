"""A cache whose entries expire."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

MOST: Final = 100_000
"""Some 20 MB of hashes."""


class Memory:
    """A TTL cache of texts by key, each kept for `lasts`; when there are `most` of them, the oldest makes room."""

    def __init__(self, *, lasts: timedelta, most: int = MOST) -> None:
        self._lasts = lasts
        self._most = most
        self._kept: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def get(self, key: str, now: datetime) -> str | None:
        """Return the text that is kept for the key."""
        self._forget(now)
        found = self._kept.get(key)
        return found[0] if found else None

    def put(self, key: str, text: str, now: datetime) -> str:
        """Keep the text unless one is kept for this key; return the one that is."""
        self._forget(now)
        kept, _ = self._kept.setdefault(key, (text, now))
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return kept

    def _forget(self, now: datetime) -> None:
        while self._kept:
            _, at = next(iter(self._kept.values()))
            if timedelta(0) <= now - at < self._lasts:  # one from the future is of a clock that was wrong
                return
            self._kept.popitem(last=False)
