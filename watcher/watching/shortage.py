"""Whether this process can open no more files, as far as its checks show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

_OVER_AFTER: Final = timedelta(minutes=1)


class Shortage:
    """Follows the checks that fail because no more files can be opened."""

    def __init__(self) -> None:
        self._last_at: datetime | None = None
        self._told_on: date | None = None

    def note(self, today: date, *, now: datetime) -> bool:
        """Take note of such a check; return whether the operator is to be told, which is once a day."""
        self._last_at = now
        is_news, self._told_on = today != self._told_on, today
        return is_news

    def has_ended(self, *, now: datetime) -> bool:
        """Return, once, that there was no such check for a minute."""
        if self._last_at is None or timedelta(0) <= now - self._last_at < _OVER_AFTER:
            return False
        self._last_at = None
        return True
