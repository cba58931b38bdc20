"""
What is asked of the watcher that runs, and what it answers, however the two are brought to each other.

A question is of the moment: whoever asked is told that there is no answer, and may ask again. What must be carried
out even when that watcher ends before is none (`control_requests`); in a cluster, where the watcher that runs is the
workers, `AskToAccept` is the one question that lasts until it was carried out.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from watcher.core.acts import BY_COMMAND
from watcher.core.check import CheckFailure, Decision, OutboxAct, OutboxMessage, Verdict
from watcher.core.live import LiveWatch
from watcher.core.pausing import PauseAct


class AskForLive(Struct, frozen=True, kw_only=True, tag="live"):
    """When is each watch checked?"""


class AskToCheck(Struct, frozen=True, kw_only=True, tag="check"):
    """Check these watches now; answer after `limit_seconds` at the latest, with what has come by then."""

    watches: tuple[str, ...]
    limit_seconds: float


class AskOfOutbox(Struct, frozen=True, kw_only=True, tag="outbox"):
    """Do this with these messages of the outbox."""

    act: OutboxAct
    messages: tuple[str, ...]


class AskToPause(Struct, frozen=True, kw_only=True, tag="pause"):
    """Pause or mute these watches until then, or resume them. `by`: from where somebody does it."""

    act: PauseAct
    watches: tuple[str, ...]
    until: datetime | None = None
    by: str = BY_COMMAND


class AskToAccept(Struct, frozen=True, kw_only=True, tag="accept"):
    """Take what is suspicious of this watch as true, and check it; `by` as above."""

    watch: str
    by: str = BY_COMMAND


Question: TypeAlias = AskForLive | AskToCheck | AskOfOutbox | AskToPause | AskToAccept


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of one check; the values are on the disk by then."""

    watch: str
    verdict: Verdict
    failure: CheckFailure | None
    messages: tuple[OutboxMessage, ...]

    @classmethod
    def of(cls, decision: Decision) -> Outcome:
        """Return that of a decision."""
        return cls(
            watch=decision.watch,
            verdict=decision.verdict,
            failure=decision.state.failure,
            messages=decision.messages,
        )


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What the watcher says.

    Attributes:
        live: of each watch.
        outcomes: of the watches that were checked.
        done: ids of the messages of the outbox, or of the watches, with which something was done.
        defect: why there is no answer; the log says more.
    """

    live: dict[str, LiveWatch] = {}
    outcomes: tuple[Outcome, ...] = ()
    done: tuple[str, ...] = ()
    defect: str = ""
