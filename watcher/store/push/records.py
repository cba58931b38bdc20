"""What callers hand to the store, rows to write and filters to read by, and what it says of what it stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from watcher.core.channels import ChannelName
from watcher.core.message_log import Unreached
from watcher.core.push import Draft, TargetResult


class Quota(Struct, frozen=True, kw_only=True):
    """How many messages of one application a subscriber may get after `since`."""

    app_id: int
    since: datetime
    messages: int


class Readers(Struct, frozen=True, kw_only=True):
    """
    Some of a message's readers, by subscriber id.

    Attributes:
        after, until: those above the one, up to the other; None: up to the last.
        ids: only these, where it is given.
    """

    after: int = 0
    until: int | None = None
    ids: Collection[int] | None = None


class Sighting(Struct, frozen=True, kw_only=True):
    """A device asked for something."""

    device_id: int
    kind: str
    is_hosted: bool
    at: datetime


class Unconfirmed(Struct, frozen=True, kw_only=True):
    """
    An address that a subscriber gave, before its owner has said yes.

    Attributes:
        fingerprint: what is unique about it, hashed, as of an address.
        mailbox: of whoever reads what is sent there, hashed; several addresses can lead to one.
        asker: the network that it was given from, hashed; empty when it is unknown.
    """

    subscriber_id: int
    channel: ChannelName
    value: str
    fingerprint: str
    mailbox: str
    asker: str = ""


class SentQuestions(Struct, frozen=True, kw_only=True):
    """How many mails to a mailbox are unconfirmed: in all, and those that the same subscriber or network asked for."""

    in_all: int
    of_asker: int


class NewTarget(Struct, frozen=True, kw_only=True):
    """
    One target of a message, judged already: `code` is `GOOD` or that of its failure.

    Attributes:
        status: the answer, in the API's words.
        why: it gets nothing; None of a good one.
    """

    uid: str | None = None
    topic_id: int | None = None
    code: int
    status: str
    why: Unreached | None = None


class NewMessage(Struct, frozen=True, kw_only=True):
    """A message to be stored; at least one of its targets is good."""

    slug: str
    idempotency_key: str | None
    draft: Draft
    targets: Sequence[NewTarget]
    collapse_key: str | None = None
    request_digest: str | None = None


class Added(Struct, frozen=True, kw_only=True):
    """
    Messages that were just stored.

    Attributes:
        answers: of each message's targets in the order asked, by its id, in the order given.
        have_webhooks: their application has endpoints that are enabled.
    """

    answers: Mapping[int, Sequence[TargetResult]]
    have_webhooks: bool = False


class Reached(Struct, frozen=True, kw_only=True):
    """
    Who got a message into the inbox.

    Attributes:
        subscriber_ids: theirs.
        have_addresses: some of them have an address, of whatever channel.
    """

    subscriber_ids: Collection[int] = frozenset()
    have_addresses: bool = False


class Earlier(Struct, frozen=True, kw_only=True):
    """A message that was sent under an idempotency key; `request_digest` is None where it was not kept."""

    message_id: int
    request_digest: str | None
