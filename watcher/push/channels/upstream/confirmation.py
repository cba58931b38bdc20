"""What asks the owner of a UID whether messages may be sent there: a code of 6 digits, good for a day."""

from __future__ import annotations

from typing import Final

from watcher.core.channels import ChannelName
from watcher.core.push import Subscriber
from watcher.push.channels.upstream.address import valid_uid
from watcher.push.ids import hash_token
from watcher.store.push.records import Unconfirmed

MOST_A_DAY: Final = 6
"""Questions to one UID that are not answered yet."""
MOST_WRONG_CODES: Final = 5


def wanted(subscriber: Subscriber, text: str) -> Unconfirmed:
    """Return what the subscriber asks for. Raises InvalidRequestError: it is no UID."""
    uid = valid_uid(text)
    return Unconfirmed(
        subscriber_id=subscriber.id,
        channel=ChannelName.UPSTREAM,
        value=uid,
        fingerprint=hash_token(uid),
        mailbox=hash_token(uid),
    )
