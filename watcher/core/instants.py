"""Points in time as WxPusher's API and our own signed links write them."""

from __future__ import annotations

from datetime import datetime


def epoch_milliseconds(at: datetime) -> int:
    """Return the whole milliseconds since 1970; what is less than one is cut off."""
    return int(at.timestamp() * 1000)
