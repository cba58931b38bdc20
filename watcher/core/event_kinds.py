"""
What is worth noting, for who follows it (`watcher events`).

| kind        | of a watch                                                                              |
|-------------|-----------------------------------------------------------------------------------------|
| changed     | its page shows other values                                                             |
| told        | an entry fired and nothing changed: at the first look, confirmed, or as a reminder      |
| failing     | a check failed, and the one before did not, or was suspicious; or the operator is told  |
| suspicious  | the same, of a page that is too odd to be believed                                      |
| stale       | there was no good check for too long                                                    |
| recovered   | a check was good, and the one before was not, or the operator was told                  |
| undelivered | a message in the outbox was given up                                                    |
| paused, muted, resumed | somebody let it be, or ended that                                            |
| accepted    | somebody took what was suspicious as true                                               |
| baseline    | it reads its page in another way (it was edited or mended, or by a newer version): what |
|             | it shows then is told to nobody; of a newer version only where it shows something else  |

| kind        | of the push service                                                                     |
|-------------|-----------------------------------------------------------------------------------------|
| message     | something was sent, by whomever                                                         |
| delivery    | a message was taken by a channel, shown, opened, or failed; that it came into inboxes   |
|             | is said by `message`                                                                    |

| kind        | of who reads                                                                            |
|-------------|-----------------------------------------------------------------------------------------|
| dropped     | there were others, which are gone                                                       |

A check that finds nothing new makes none. Each event has a number in its stream, which rises by one, and is given in
the transaction of what the event tells of: who knows the number of the last one that they read misses none.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

KEPT_EVENTS: Final = 10_000
"""Of each stream; the oldest go when others come."""


class EventKind(StrEnum):
    """What happened, as the tables say."""

    CHANGED = "changed"
    TOLD = "told"
    FAILING = "failing"
    SUSPICIOUS = "suspicious"
    STALE = "stale"
    RECOVERED = "recovered"
    UNDELIVERED = "undelivered"
    PAUSED = "paused"
    MUTED = "muted"
    RESUMED = "resumed"
    ACCEPTED = "accepted"
    BASELINE = "baseline"
    MESSAGE = "message"
    DELIVERY = "delivery"
    DROPPED = "dropped"


BY_HAND: Final = frozenset({EventKind.PAUSED, EventKind.MUTED, EventKind.RESUMED, EventKind.ACCEPTED})
"""What somebody did with a watch."""


class Stream(StrEnum):
    """Where events are numbered: those of all watches, messages, and deliveries."""

    WATCHES = "watches"
    MESSAGES = "messages"
    DELIVERIES = "deliveries"
