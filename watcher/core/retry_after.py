"""What an HTTP answer's Retry-After asks for. Hostile text, like every header."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

MAX_RETRY_AFTER: Final = timedelta(days=1)  # a slip of the server's must not silence a watch for good


def retry_after(header: str | None, *, now: datetime) -> timedelta | None:
    """
    Return how long Retry-After asks us to wait, 1 day at most; None when it says nothing that can be read.

    Seconds or an HTTP date (RFC 9110 §10.2.3); a date in the past is no wait.
    """
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        # A longer number is over a day anyway, and its int() may be refused.
        return min(timedelta(seconds=int(text[:9])), MAX_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        return None
    wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)
