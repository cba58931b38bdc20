"""
A move: an application with its topics and followers comes here from another server, and keeps what scripts name it by.

| a follower there of | until the UID is claimed here | afterwards |
|---|---|---|
| the application | is told there, by UID | is told here, and there where nothing was shown in time |
| a topic | is told there, by the topic there | is told here, and has left the topic there |

Whatever is sent waits in the inbox here from the first day. Who follows a topic alone cannot be reached there by UID,
so nobody can send them a claim: the topic's link, sent to all of them, invites them instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from watcher.core.push import SubscriptionState

INVITATION_LIFE: Final = timedelta(days=3)
"""Of the link by which a UID is claimed: over a weekend."""


class MovedFollower(Struct, frozen=True, kw_only=True):
    """
    One subscription on the other server.

    Attributes:
        topic_id: of the topic that is followed; None: the application itself is.
    """

    uid: str
    topic_id: int | None
    is_rejected: bool
    since: datetime


class Move(Struct, frozen=True, kw_only=True):
    """
    What is to come here.

    Attributes:
        topics: names by number.
    """

    app_id: int
    name: str
    topics: Mapping[int, str]
    followers: Sequence[MovedFollower]


class MoveReport(Struct, frozen=True, kw_only=True):
    """
    What a move writes, or what stands in its way.

    Attributes:
        taken: a line for each number, token or UID that somebody else has here; then nothing is written.
        is_new: the application was not here yet.
        topic_ids: of the topics that were not.
        subscribers: who were not.
        subscriptions: that were not.
        by_topic_alone: those who follow topics and not the application, of all that were read.
    """

    taken: Sequence[str] = ()
    is_new: bool = False
    topic_ids: Sequence[int] = ()
    subscribers: int = 0
    subscriptions: int = 0
    by_topic_alone: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether all of it was here already."""
        return not (self.is_new or self.topic_ids or self.subscribers or self.subscriptions)


class Invited(Struct, frozen=True, kw_only=True):
    """
    A subscriber who came from another server and has not claimed the UID yet, or of whose topics not all.

    Attributes:
        app_id: an application that it follows on both servers.
        invited_at: when last; None: not yet.
    """

    subscriber_id: int
    uid: str
    app_id: int
    app_name: str
    invited_at: datetime | None


class KnownUid(Struct, frozen=True, kw_only=True):
    """
    A subscriber who is here already.

    Attributes:
        moved_from: URL of the server that the subscriber came from; None: from none, or it is not known.
    """

    subscriber_id: int
    is_moved: bool
    moved_from: str | None
    is_claimed: bool


class NewSubscription(Struct, frozen=True, kw_only=True):
    """A subscription that is to be there; exactly one of `topic_id` and `app_id` is given."""

    subscriber_id: int
    topic_id: int | None
    app_id: int | None
    state: SubscriptionState
    created_at: datetime
    is_carried: bool
