"""Messages as whoever sent them looks at them: whom each reached, over which ways, and why not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from watcher.core.push import Delivery, Message


class Reach(Struct, frozen=True, kw_only=True):
    """
    Whom a message came to, in people.

    Attributes:
        readers: who have it in the inbox.
        seen: those of them whose device has shown it.
        opened: those of them who have opened it.
        failed: to whom it failed over some channel, and who have not seen it.
        waiting: to whom it is to be handed over some channel.
        is_under_way: it is still being brought to its readers.
        version: another one as soon as something became of the message.
    """

    readers: int = 0
    seen: int = 0
    opened: int = 0
    failed: int = 0
    waiting: int = 0
    is_under_way: bool = False
    version: str = ""


class LoggedMessage(Struct, frozen=True, kw_only=True):
    """A message in the log. `uid`: of the first person that it was sent to, if it was sent to no topic."""

    message: Message
    reach: Reach
    uid: str | None = None


class LoggedTarget(Struct, frozen=True, kw_only=True):
    """
    One target of a send, and what was answered for it.

    Attributes:
        topic: the topic's name; None for a person, and for a topic that is gone.
        status: the answer, as the API gave it.
        why: it got nothing; None of a good one, and where an older release did not store it.
    """

    uid: str | None
    topic_id: int | None
    topic: str | None
    code: int
    status: str
    why: Unreached | None = None


class LoggedWay(Struct, frozen=True, kw_only=True):
    """
    One channel by which a message goes to a reader.

    Attributes:
        attempts: failed so far, of what is to be handed over.
        due_at: when that is tried next; None: nothing is to be handed over.
    """

    delivery: Delivery
    attempts: int = 0
    due_at: datetime | None = None


class LoggedReader(Struct, frozen=True, kw_only=True):
    """
    One reader of a message.

    Attributes:
        id: of the delivery to the inbox, by which readers are paged.
        remark: what the application's owner calls them; may be empty.
        ways: the inbox first.
    """

    id: int
    uid: str
    remark: str
    ways: Sequence[LoggedWay]


class Repeat(Struct, frozen=True, kw_only=True):
    """That a message was sent again, as another one."""

    message_id: int
    created_at: datetime


class ChannelQueue(Struct, frozen=True, kw_only=True):
    """What waits to be handed over a channel. `oldest_at`: when the oldest of these messages was sent."""

    channel: str
    count: int
    oldest_at: datetime


class FailureCount(Struct, frozen=True, kw_only=True):
    """How many deliveries failed over a channel for one reason."""

    channel: str
    reason: str
    count: int


class ChannelTroubles(Struct, frozen=True, kw_only=True):
    """What waits for the channels, and what failed there of late, the most frequent reason first."""

    waiting: Sequence[ChannelQueue]
    failures: Sequence[FailureCount]


class Unreached(StrEnum):
    """Why somebody has nothing of a message; `unreached_…` in the translations says it."""

    UNDER_WAY = "under_way"
    """It is still being brought to its readers, and this one may be among those to come."""
    NOT_FOLLOWING = "not_following"
    """They follow nothing that it was sent to."""
    LATER = "later"
    """They followed after it was sent."""
    WAITING = "waiting"
    """Their wish to follow waits for a yes."""
    REJECTED = "rejected"
    MUTED = "muted"
    """They switched messages off, here or altogether."""
    OVER_LIMIT = "over_limit"
    """They had as many of this application's messages in a day as they get."""
    NO_TOPIC = "no_topic"
    OTHER = "other"
    """Nothing that is stored says why."""


class Again(Struct, frozen=True, kw_only=True):
    """
    Whom a message did not reach, and what sending it again would do.

    Attributes:
        subscriber_ids: of those who would get it now, at most as many as one send takes.
        uids: of those among them who follow none of its topics, and are named.
        more: how many besides, for a further send.
        full: how many it did not reach who have as many of the application's messages as one gets in 24 hours.
        lost: how many it did not reach who would not get it now either, and for no passing reason.
        is_under_way: it is still being brought to its readers: it is too early to tell.
    """

    subscriber_ids: Collection[int] = ()
    uids: Collection[str] = ()
    more: int = 0
    full: int = 0
    lost: int = 0
    is_under_way: bool = False
