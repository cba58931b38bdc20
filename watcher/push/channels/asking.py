"""
Asking whoever reads what is sent to an address whether a subscriber's messages may be sent there.

`Confirmations` keeps the questions; the channel sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from watcher.core.channels import Channel, SendResult


class Confirmation(Struct, frozen=True, kw_only=True):
    """
    How an address of a channel is confirmed.

    Attributes:
        is_by_link: the question has a link, which confirms on any device; else a code of 6 digits, which confirms where
            it is typed in.
        most_a_day: questions to one mailbox that are not answered yet.
        valid: returns an address as it is stored. Raises InvalidRequestError for a text that is none.
        canonical: returns what is the same for two spellings of one address.
        mailbox_of: returns what is the same for all addresses that lead to one mailbox.
    """

    is_by_link: bool
    most_a_day: int
    valid: Callable[[str], str]
    canonical: Callable[[str], str]
    mailbox_of: Callable[[str], str]


class Question(Struct, frozen=True, kw_only=True):
    """
    A question that is to be sent.

    Attributes:
        address: it goes there.
        uid: of the subscriber whose messages would.
        secret: what says yes: the token in the link (190 bits), or the code.
        secret_hash: by which it is stored; it counts until it is withdrawn.
        page: what the link opens, or where the code is typed in. A GET of it must confirm nothing, for scanners of mail
            open links.
        lang: `zh`, or anything else for English.
    """

    address: str
    uid: str
    secret: str
    secret_hash: str
    page: str
    lang: str
    asked_at: datetime
    expires_at: datetime


class AskingChannel(Channel, Protocol):
    """A channel whose addresses are used only after their owners have confirmed them."""

    async def ask(self, question: Question) -> SendResult:
        """Send a question, within the channel's own limits of time."""
