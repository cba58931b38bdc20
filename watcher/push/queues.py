"""How much waits in the database of the push service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class Queues(Struct, frozen=True, kw_only=True):
    """
    How many wait.

    Attributes:
        fan_outs: messages that not all of their readers have.
        handovers: deliveries that a channel is still to take.
        callbacks: that an owner's server is still to take.
        full: applications for which so many callbacks wait that no more are taken.
    """

    fan_outs: int
    handovers: int
    callbacks: int
    full: int


def queues(tx: Transaction) -> Queues:
    """Return how much waits now."""
    return Queues(
        fan_outs=tx.fan_outs.count(),
        handovers=tx.handovers.count(),
        callbacks=tx.callbacks.count(),
        full=tx.callbacks.count_full(most=tx.max_callbacks),
    )
