"""
Who is woken after a commit: in the process that made it, and in all others that use the same database.

Whoever is woken looks into the database, so a wake-up too many does no harm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeAlias


class Wakeup(StrEnum):
    """What a commit has for whom, by the ids that are named with it."""

    DELIVERY = "delivery"
    """something new in the inboxes of these subscribers: live inboxes"""
    HANDED_OVER = "handed_over"
    """something that these subscribers fetch from us: connections of ntfy's apps"""
    UNFETCHED = "unfetched"
    """something waits until these subscribers fetch it: servers that hold a connection of theirs"""
    SENT = "sent"
    """something was sent to these topics: connections that follow them"""
    SIGN_IN = "sign_in"
    """these sign-in codes were answered: browsers that show one"""
    HANDOVER = "handover"
    """something is queued for a channel: the deliverer"""
    CALLBACK = "callback"
    """a callback may be queued: the sender of callbacks"""
    FAN_OUT = "fan_out"
    """a message waits for its many readers: the fan-out"""


Woken: TypeAlias = Mapping[Wakeup, Collection[int] | None]
"""Who is woken: for each kind the ids; None: all who wait for it."""
NOBODY: Final[Woken] = MappingProxyType({})
EVERYBODY: Final[Woken] = MappingProxyType(dict.fromkeys(Wakeup))


def wakes_callbacks(_: object) -> Woken:
    """Return whom a transaction wakes that may have queued a callback, whatever it returned."""
    return {Wakeup.CALLBACK: None}


def together(several: Iterable[Woken]) -> Woken:
    """Return whom all of these wake."""
    found: dict[Wakeup, set[int] | None] = {}
    for woken in several:
        for kind, ids in woken.items():
            known = found.setdefault(kind, set())
            if ids is None:
                found[kind] = None
            elif known is not None:
                known.update(ids)
    return found
