"""
Deleting all that is kept of a subscriber.

| what | becomes |
|---|---|
| UID and simple push token, devices, claims, subscriptions, addresses and questions about them, openids | deleted |
| what is in the inbox, and what is on its way | deleted |
| a message that was sent to this subscriber alone | wiped, as by its sender: its id and its answer to a repeat stay |
| a message to a topic, or one that others have too | stays theirs |
| callbacks that name the UID, sent or not | deleted |
| a parametric QR code that this subscriber scanned last | no longer says so |
| that a sender named the UID | stays in the record of the send, and leads to nobody |
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.push import Subscriber

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

STRANGER_LIFE: Final = timedelta(days=30)
"""Of a subscriber whom a form made, until its browser comes back for the first time."""


def forget(tx: Transaction, subscriber: Subscriber, *, now: datetime) -> None:
    """Delete a subscriber with all their data."""
    tx.messages.wipe_private(subscriber.id, at=now)
    tx.handovers.forget_subscriber(subscriber.id)
    tx.deliveries.forget_subscriber(subscriber.id)
    tx.callbacks.forget_naming(subscriber.uid)
    tx.codes.forget_scanner(subscriber.uid)
    tx.subscribers.forget(subscriber.id)


def forget_strangers(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Delete the oldest subscribers that a form made before this and whose browser never came back; return how many."""
    ids = tx.subscribers.strangers(before=before, limit=limit)
    for id_ in ids:
        # Callbacks that name them expire after a month, as all do: searching all of them for each takes too long.
        tx.handovers.forget_subscriber(id_)
        tx.deliveries.forget_subscriber(id_)
        tx.subscribers.forget(id_)
    return len(ids)
