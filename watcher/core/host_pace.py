"""How a host stands, for the process that asks it next."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class HostPace(Struct, frozen=True, kw_only=True):
    """
    What is remembered of a host when another process asks it from now on.

    Attributes:
        failures: in a row.
        paused_until: nobody asks it before; None: at once.
        why: what failed last.
    """

    host: str
    failures: int
    paused_until: datetime | None
    why: str
