"""Mirrors: places besides its subscribers' own into which all messages of a topic are posted, such as group chats."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from watcher.core.channels import Address
from watcher.core.push import DeliveryState

MAX_MIRRORS: Final = 5
"""Of one topic."""
MIRROR_PREFIX: Final = "BOT_"
"""What a mirror's UID begins with; a subscriber's is never so."""


class LastPost(Struct, frozen=True, kw_only=True):
    """
    What became of the newest message to a mirror.

    Attributes:
        at: when it was taken; None: it was not, or not yet.
        reason: why it was given up; None: it was not. A channel's own words, which name no secret.
    """

    message_id: int
    state: DeliveryState
    at: datetime | None
    reason: str | None


class Mirror(Struct, frozen=True, kw_only=True):
    """
    One place into which a topic is posted: a subscriber of the topic that nobody reads, with one address.

    So a post is a delivery as all others are, settled, tried again and kept over a kill in the same way.

    Attributes:
        uid: `BOT_…`, by which deliveries name it. It opens nothing.
        name: what the topic's owner knows it by.
        address: where it is; None: its service said that it does not exist any more.
        last: None: nothing was posted yet.
    """

    subscriber_id: int
    uid: str
    name: str
    address: Address | None
    created_at: datetime
    last: LastPost | None
