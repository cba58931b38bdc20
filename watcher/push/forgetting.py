"""
Deleting all that is kept of a subscriber, or of an application.

| of a subscriber | becomes |
|---|---|
| UID and simple push token, devices, claims, subscriptions, addresses and questions about them, openids | deleted |
| what owners call the subscriber | deleted |
| what is in the inbox, and what is on its way | deleted |
| a message that was sent to this subscriber alone | wiped, as by its sender: its id and its answer to a repeat stay |
| a message to a topic, or one that others have too | stays theirs |
| callbacks that name the UID, sent or not | deleted |
| a parametric QR code that this subscriber scanned last | no longer says so |
| what the log of the console says of the UID | stays, without it |
| that a sender named the UID | stays in the record of the send, and leads to nobody |

| of an application | becomes |
|---|---|
| tokens, QR codes, callbacks, sent or not | deleted first |
| subscriptions to it and its topics | deleted, some at a time |
| messages, those in inboxes and those on their way too, and their idempotency keys | deleted, some at a time |
| topics, one at a time, what its owner calls subscribers, and the application itself | deleted last |
| subscribers | stay, with what they follow elsewhere |

A deletion that was cut short leaves an application that can neither send nor be followed; asked again, it goes on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.push import Subscriber

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

STRANGER_LIFE: Final = timedelta(days=30)
"""Of a subscriber whom a form made, until its browser comes back for the first time."""


MESSAGES_AT_ONCE: Final = 500
"""Of an application, deleted in one transaction; so are its subscriptions."""


def forget(tx: Transaction, subscriber: Subscriber, *, now: datetime) -> None:
    """Delete a subscriber with all their data."""
    tx.messages.wipe_private(subscriber.id, at=now)
    tx.handovers.forget_subscriber(subscriber.id)
    tx.deliveries.forget_subscriber(subscriber.id)
    tx.callbacks.forget_naming(subscriber.uid)
    tx.codes.forget_scanner(subscriber.uid)
    tx.acts.forget_naming(subscriber.uid)
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


def forget_app(tx: Transaction, app_id: int, *, limit: int = MESSAGES_AT_ONCE) -> bool:
    """Delete some of what an application has; return whether that was the last of it."""
    tx.apps.close(app_id)
    if tx.apps.forget_subscriptions(app_id, limit=limit) == limit:
        return False
    ids = tx.messages.oldest_of(app_id, limit=limit)
    forget_messages(tx, ids)
    if len(ids) == limit or tx.apps.forget_topic(app_id):
        return False
    tx.apps.forget(app_id)
    return True


def forget_messages(tx: Transaction, ids: Collection[int]) -> None:
    """Delete messages with all that hangs on them."""
    tx.fan_outs.remove(ids)
    tx.handovers.forget(ids)
    tx.deliveries.forget(ids)
    tx.messages.forget(ids)
