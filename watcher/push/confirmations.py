"""
Confirmations: an address is used only after whoever reads it has confirmed it (double opt-in).

| address | what is sent there | what is said back |
|---|---|---|
| mail | a link, good for a day | the button on its page, pressed on any device |
| a UID of another server | a code of 6 digits, good for a day or 5 wrong tries | the code, typed where the UID was |

What is sent names the inbox that asks. A yes adds the address to that inbox, and takes it from no other that has it:
a yes to a stranger's question brings unwanted messages, and never costs wanted ones.

Nobody floods a mailbox, and nobody locks one out:

| a mailbox, or UID | in a day, not answered yet |
|---|---|
| is written to, whoever asks | 3 times; a UID 6 times |
| the same, for one network or one subscriber that asks | 2 times |

So a stranger leaves room for the owner. Where many have used it up, the owner's own request waits without a mail:
whoever opens a link that did come, on the device that asked, has shown to read this mailbox, and confirms what that
device asked for. A code cannot do that, for it is short; a UID, unlike a mailbox, is known to few.
What the relay did not take is not counted (`withdraw`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.caps import Made
from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.push import Draft, Message, Subscriber
from watcher.errors import RefusedError
from watcher.push.addresses import add_address
from watcher.push.channels.email import confirmation as of_mail
from watcher.push.channels.email.letter import Letter
from watcher.push.channels.upstream import confirmation as of_upstream
from watcher.push.context import Noun
from watcher.push.ids import hash_token, new_device_token, new_slug
from watcher.store.push.records import Unconfirmed

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

LIFE: Final = timedelta(days=1)
MOST_A_DAY: Final = {ChannelName.EMAIL: of_mail.MOST_A_DAY, ChannelName.UPSTREAM: of_upstream.MOST_A_DAY}
"""Questions to one mailbox that are not answered yet."""
MOST_OF_ONE: Final = 2
"""Of them for one network, and for one subscriber."""


class Asked(Struct, frozen=True, kw_only=True):
    """A question that is to be sent, and counts until it is withdrawn."""

    secret_hash: str
    at: datetime


class MailQuestion(Asked, frozen=True, kw_only=True):
    """By mail."""

    letter: Letter


class Question(Asked, frozen=True, kw_only=True):
    """
    Over a channel, to an address that is nobody's yet.

    Both have the id 0: they are stored nowhere.
    """

    notification: Notification
    address: Address


class Confirmations(Noun):
    """Addresses that wait for their owners, over one push store. Each method raises StoreError."""

    async def ask_by_mail(
        self, subscriber: Subscriber, address: str, *, link: Callable[[str], str], lang: str, asker: str = ""
    ) -> MailQuestion | None:
        """
        Return the mail that asks; None: the mailbox was written to often enough, and a link that it has will do.

        Args:
            link: gives the address of the page for a token (190 bits), which confirms.
            lang: `zh` or `en`.
            asker: the network that the address was given from; empty: unknown.

        Raises:
            InvalidRequestError: it is no mail address.
            CapReachedError: strangers have asked too much today.
        """
        token, now = new_device_token(), self._now()
        wanted = replace(of_mail.wanted(subscriber, address), asker=_asker(asker))
        if not await self._ask(wanted, hash_token(token), now):
            return None
        letter = of_mail.confirmation(wanted.value, link(token), lang, uid=subscriber.uid, now=now)
        return MailQuestion(letter=letter, secret_hash=hash_token(token), at=now)

    async def ask_upstream(
        self, subscriber: Subscriber, uid: str, *, draft: Callable[[str], Draft], link: str, asker: str = ""
    ) -> Question | None:
        """
        Return the message that asks a UID of another server; None: it was asked often enough today.

        Args:
            draft: gives what to say of a code.
            link: address of the page where the code is typed.
            asker: as in `ask_by_mail`.

        Raises:
            InvalidRequestError: it is no UID.
            CapReachedError: strangers have asked too much today.
        """
        code, now = f"{secrets.randbelow(10**6):06}", self._now()
        wanted = replace(of_upstream.wanted(subscriber, uid), asker=_asker(asker))
        secret_hash = _hash_code(subscriber, code)
        if not await self._ask(wanted, secret_hash, now):
            return None
        return _question(wanted, draft(code), link, secret_hash, now=now)

    async def withdraw(self, asked: Asked) -> None:
        """Remove a question that was not sent, so that it counts for nobody."""
        await self._store.write(lambda tx: tx.confirmations.withdraw(asked.secret_hash))
        await self._strangers.give_back(Made.QUESTIONS, at=asked.at)

    async def find(self, token: str, reader: Subscriber | None = None) -> Unconfirmed | None:
        """
        Return what the token from a mail confirms, unless that has happened, or its day is over.

        Args:
            reader: whose device opens it; what this one asked of the same mailbox comes first.
        """
        return await self._store.read(partial(_find, token=token, reader=reader, now=self._now()))

    async def confirm(self, token: str, reader: Subscriber | None = None) -> Address:
        """Reach a subscriber at the mail address that `find` returns. Raises RefusedError."""
        return await self._store.write(partial(_confirm, token=token, reader=reader, now=self._now()))

    async def confirm_code(self, subscriber: Subscriber, code: str) -> Address | None:
        """Reach the subscriber at the UID that this code was sent to; None where there is none, or not any more."""
        return await self._store.write(partial(_confirm_code, subscriber=subscriber, code=code, now=self._now()))

    async def _ask(self, wanted: Unconfirmed, secret_hash: str, now: datetime) -> bool:
        work = partial(_ask, wanted=wanted, secret_hash=secret_hash, now=now)
        return await self._strangers.make(Made.QUESTIONS, work, counts=lambda is_sent: is_sent)


def _asker(network: str) -> str:
    return hash_token(network) if network else ""


def _question(wanted: Unconfirmed, draft: Draft, link: str, secret_hash: str, *, now: datetime) -> Question:
    message = Message(id=0, slug=new_slug(), app_id=0, app_name="", topic=None, draft=draft, created_at=now)
    return Question(
        secret_hash=secret_hash,
        at=now,
        notification=Notification(item_id=0, message=message, link=link, expires_at=now + LIFE),
        address=Address(
            id=0, subscriber_id=wanted.subscriber_id, channel=wanted.channel, value=wanted.value, created_at=now
        ),
    )


def _hash_code(subscriber: Subscriber, code: str) -> str:
    # Codes are few, so each is one only together with who has to type it.
    return hash_token(f"{subscriber.uid} {code}")


def _ask(tx: Transaction, wanted: Unconfirmed, secret_hash: str, now: datetime) -> bool:
    """Note a question, and return whether it is to be sent."""
    sent = tx.confirmations.count(wanted, at=now)
    is_sent = sent.in_all < MOST_A_DAY[wanted.channel] and sent.of_asker < MOST_OF_ONE
    if is_sent:
        tx.confirmations.add(wanted, secret_hash=secret_hash, expires_at=now + LIFE, at=now)
    elif wanted.channel is ChannelName.EMAIL:
        # Under a secret that nobody was sent, once for each subscriber and mailbox.
        tx.confirmations.remove_unsent(wanted)
        unsent = hash_token(new_device_token())
        tx.confirmations.add(wanted, secret_hash=unsent, expires_at=now + LIFE, at=now, is_sent=False)
    return is_sent


def _find(tx: Transaction, token: str, reader: Subscriber | None, now: datetime) -> Unconfirmed | None:
    found = tx.confirmations.find(ChannelName.EMAIL, hash_token(token), at=now)
    if found is None or reader is None or found.subscriber_id == reader.id:
        return found
    return tx.confirmations.newest(reader.id, found.channel, found.mailbox, at=now) or found


def _confirm(tx: Transaction, token: str, reader: Subscriber | None, now: datetime) -> Address:
    found = _find(tx, token, reader, now)
    taken = _take(tx, ChannelName.EMAIL, hash_token(token), now)
    if found is None or taken is None:
        raise RefusedError("this link was used already, or its day is over; give the address once more")
    tx.confirmations.remove_unsent(found)
    _leave_same_mailbox(tx, found)
    return _add(tx, found, now)


def _leave_same_mailbox(tx: Transaction, wanted: Unconfirmed) -> None:
    """Reach the subscriber in this mailbox once, however often and under whatever spellings it was given."""
    for address in tx.addresses.of_subscriber(wanted.subscriber_id):
        if of_mail.is_same_mailbox(address, wanted):
            tx.addresses.remove(address.id)


def _confirm_code(tx: Transaction, subscriber: Subscriber, code: str, now: datetime) -> Address | None:
    taken = _take(tx, ChannelName.UPSTREAM, _hash_code(subscriber, code), now)
    if taken is None:
        tx.confirmations.note_wrong_code(subscriber.id, ChannelName.UPSTREAM)
        return None
    return _add(tx, taken, now)


def _take(tx: Transaction, channel: ChannelName, secret_hash: str, now: datetime) -> Unconfirmed | None:
    # A code is short, so it is good only where wrong ones are counted, and nowhere in the place of a link's token.
    return tx.confirmations.take(channel, secret_hash, at=now, wrong_codes=of_upstream.MOST_WRONG_CODES)


def _add(tx: Transaction, wanted: Unconfirmed, now: datetime) -> Address:
    return add_address(
        tx,
        wanted.subscriber_id,
        wanted.channel,
        fingerprint=_fingerprint(tx, wanted),
        value=wanted.value,
        now=now,
    )


def _fingerprint(tx: Transaction, taken: Unconfirmed) -> str:
    """Return by what this subscriber's address is known: several subscribers may be reached at one."""
    own = hash_token(f"{taken.subscriber_id} {taken.fingerprint}")
    if tx.addresses.of_fingerprint(taken.channel, own) is not None:
        return own
    first = tx.addresses.of_fingerprint(taken.channel, taken.fingerprint)
    return taken.fingerprint if first is None or first.subscriber_id == taken.subscriber_id else own
