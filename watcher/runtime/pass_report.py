"""What came of a pass over some watches, whoever made it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class PassReport(Struct, frozen=True, kw_only=True):
    """
    The result of a pass over watches.

    Attributes:
        failed: checks.
        undelivered: messages still in the outbox.
        missing: watches whose check did not end in time, or that the watcher that runs does not know.
        paused: watches that were not checked because they are paused.
    """

    failed: int
    undelivered: int
    missing: Sequence[str] = ()
    paused: Sequence[str] = ()
