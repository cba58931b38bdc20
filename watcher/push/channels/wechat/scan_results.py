"""What becomes of somebody who came to the account: what it is called, and whose openid it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.core.channels import AddressDraft, ChannelName
from watcher.core.push import InboxSummary, Subscriber
from watcher.push.addresses import add_address
from watcher.push.ids import hash_token
from watcher.push.subscribers import add_without_device

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class ScanOutcome(StrEnum):
    """The result of a scan, or of the answer to a question."""

    FOLLOWING = "following"
    WAITING = "waiting"
    """for the approval of the topic's owner"""
    REJECTED = "rejected"
    """its owner does not let this subscriber follow it"""
    CLOSED = "closed"
    """it takes no new followers"""
    PAUSED = "paused"
    """the account of its owner is blocked"""
    MISSING = "missing"
    """what the code led to is not there any more"""
    ASKED = "asked"
    """linked only after the follower confirms it"""
    UNCLEAR = "unclear"
    """a question is open, and this is no answer to it"""
    LINKED = "linked"
    """the subscriber of the claim is reached in WeChat as well"""
    TAKEN = "taken"
    """this follower is reached for another subscriber, and stays so"""
    EXPIRED = "expired"
    """the claim was taken already, or its time is over"""
    WELCOME = "welcome"
    """there was no code of ours"""


class ScanResult(Struct, frozen=True, kw_only=True):
    """
    What came of somebody who scanned a code, or came without one.

    Attributes:
        subscriber: whose openid it is; None while it is nobody's.
        place: name of the topic or application; empty when the code led to none.
        prompt: what its owner says to who follows it; may be empty.
        inbox: the one that the question is about.
        answer: the number that says yes to it, 6 digits.
        leaves: the UID whose subscriptions WeChat brings no more after a yes; empty when there is none.
    """

    outcome: ScanOutcome
    subscriber: Subscriber | None
    place: str = ""
    prompt: str = ""
    inbox: InboxSummary | None = None
    answer: str = ""
    leaves: str = ""


def reached(tx: Transaction, openid: str, now: datetime) -> Subscriber:
    """Return whose openid this is, made if nobody's, and reached there from now on."""
    fingerprint = hash_token(openid)
    subscriber = tx.subscribers.of_openid(fingerprint)
    if subscriber is None:
        subscriber, _ = add_without_device(tx, now=now)
        tx.subscribers.note_openid(subscriber.id, openid_hash=fingerprint)
    draft = AddressDraft(channel=ChannelName.WECHAT, fingerprint=fingerprint, value=openid)
    add_address(tx, subscriber.id, draft, now=now)
    return subscriber


def reached_id(tx: Transaction, fingerprint: str) -> int | None:
    """Return the id of the subscriber who is reached at this openid."""
    address = tx.addresses.of_fingerprint(ChannelName.WECHAT, fingerprint)
    return None if address is None else address.subscriber_id
