"""What asks whoever reads a mailbox whether messages may be sent there: a link, good for a day."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from watcher.core.channels import Address, ChannelName
from watcher.core.push import Subscriber
from watcher.push.channels.email.address import mailbox_of, valid_mail_address
from watcher.push.channels.email.letter import Letter, key_of, language_of
from watcher.push.ids import hash_token
from watcher.store.push.records import Unconfirmed
from watcher.translations import text

MOST_A_DAY: Final = 3
"""Questions to one mailbox that are not answered yet."""


def wanted(subscriber: Subscriber, address: str) -> Unconfirmed:
    """Return what the subscriber asks for. Raises InvalidRequestError: it is no mail address."""
    address = valid_mail_address(address)
    return Unconfirmed(
        subscriber_id=subscriber.id,
        channel=ChannelName.EMAIL,
        value=address,
        # No server in use tells names apart by their case, though RFC 5321 §2.4 would let it.
        fingerprint=hash_token(address.lower()),
        mailbox=hash_token(mailbox_of(address)),
    )


def confirmation(address: str, link: str, lang: str, *, uid: str, now: datetime) -> Letter:
    """
    Return the mail that asks the owner of an address whether messages may be sent there.

    Args:
        link: opens a page that asks once more; a GET must not confirm, for scanners of mail open links.
        lang: `zh`, or anything else for English.
        uid: of the subscriber who wants its messages sent there.

    Raises:
        InvalidRequestError: `address` is no mail address.
    """
    language = language_of(lang)
    return Letter(
        to=valid_mail_address(address),
        subject=text(language, "letter_confirm_subject"),
        text=text(language, "letter_confirm", link=link, uid=uid),
        html=None,
        repeat_key=key_of("confirm", address, link),
        written_at=now,
    )


def is_same_mailbox(address: Address, wanted: Unconfirmed) -> bool:
    """Return whether the address is another spelling of the mailbox that is wanted."""
    is_mail = address.channel is ChannelName.EMAIL
    return is_mail and address.value != wanted.value and hash_token(mailbox_of(address.value)) == wanted.mailbox
