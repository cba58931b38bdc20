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

from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.push import Subscriber

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


async def forget(tx: Transaction, subscriber: Subscriber, *, now: datetime) -> None:
    """Delete all that is kept of a subscriber."""
    await tx.messages.wipe_private(subscriber.id, at=now)
    await tx.handovers.forget_subscriber(subscriber.id)
    await tx.deliveries.forget_subscriber(subscriber.id)
    await tx.callbacks.forget_naming(subscriber.uid)
    await tx.codes.forget_scanner(subscriber.uid)
    await tx.subscribers.forget(subscriber.id)
