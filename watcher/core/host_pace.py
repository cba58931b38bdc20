"""How a host stands, for the process that asks it next."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct


class HostPace(Struct, frozen=True, kw_only=True):
    """
    What is remembered of a host when another process asks it from now on, whatever the clocks of the two say.

    Attributes:
        failures: in a row.
        pause: nobody asks it for so long from now; None, or what is not above 0: at once.
        why: what failed last.
    """

    host: str
    failures: int
    pause: timedelta | None
    why: str
