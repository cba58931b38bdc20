"""
Confirmations: an address is used only after whoever reads it has said so (double opt-in).

| address | what is sent there | what is said back |
|---|---|---|
| mail | a link, good for a day | the button on its page, pressed on any device |
| a UID of another server | a code of 6 digits, good for a day or 5 wrong tries | the code, typed where the UID was |

What is sent names the inbox that asks. A yes adds the address to that inbox, and takes it from no other that has it:
a yes to a stranger's question brings unwanted messages, and never costs wanted ones.

A mailbox is asked at most 3 times a day, whoever gives its address: nobody can flood a stranger with questions.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.channels import Address, ChannelName, Notification
from watcher.core.push import Draft, Message, Subscriber
from watcher.errors import RefusedError
from watcher.push.channels.email.address import valid_mail_address
from watcher.push.channels.email.letter import Letter, confirmation
from watcher.push.channels.upstream import valid_uid
from watcher.push.ids import hash_token, new_device_token, new_slug
from watcher.push.reach import add_address
from watcher.store.push.records import Unconfirmed

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore, Transaction

LIFE: Final = timedelta(days=1)
MOST_A_DAY: Final = 3
"""Questions to one mailbox that are not answered yet."""
MOST_WRONG_CODES: Final = 5


class Question(Struct, frozen=True, kw_only=True):
    """What is sent over a channel to an address that is nobody's yet. Both have the id 0: they are stored nowhere."""

    notification: Notification
    address: Address


class Confirmations:
    """Addresses that wait for their owners, over one push store. Each method raises StoreError."""

    def __init__(self, store: PushStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    async def ask_by_mail(
        self, subscriber: Subscriber, address: str, *, link: Callable[[str], str], lang: str
    ) -> Letter | None:
        """
        Return the mail that asks; None: the mailbox was asked often enough today.

        Args:
            link: gives the address of the page for a token (190 bits), which confirms.
            lang: `zh` or `en`.

        Raises:
            InvalidRequestError: it is no mail address.
        """
        token, now = new_device_token(), self._now()
        wanted = _by_mail(subscriber, address)
        if not await self._ask(wanted, hash_token(token)):
            return None
        return confirmation(wanted.value, link(token), lang, uid=subscriber.uid, now=now)

    async def ask_upstream(
        self, subscriber: Subscriber, uid: str, *, draft: Callable[[str], Draft], link: str
    ) -> Question | None:
        """
        Return the message that asks a UID of another server; None: it was asked often enough today.

        Args:
            draft: gives what to say of a code.
            link: address of the page where the code is typed.

        Raises:
            InvalidRequestError: it is no UID.
        """
        code = f"{secrets.randbelow(10**6):06}"
        wanted = _upstream(subscriber, uid)
        if not await self._ask(wanted, _hash_code(subscriber, code)):
            return None
        return _question(wanted, draft(code), link, now=self._now())

    async def find(self, token: str) -> Unconfirmed | None:
        """Return what the token from a mail confirms, unless that has happened, or its day is over."""
        secret_hash, now = hash_token(token), self._now()
        return await self._store.read(lambda tx: tx.confirmations.find(ChannelName.EMAIL, secret_hash, at=now))

    async def confirm(self, token: str) -> Address:
        """Reach the subscriber at the mail address that this token was sent to. Raises RefusedError."""
        return await self._store.write(partial(_confirm, token=token, now=self._now()))

    async def confirm_code(self, subscriber: Subscriber, code: str) -> Address | None:
        """Reach the subscriber at the UID that this code was sent to; None where there is none, or not any more."""
        return await self._store.write(partial(_confirm_code, subscriber=subscriber, code=code, now=self._now()))

    async def _ask(self, wanted: Unconfirmed, secret_hash: str) -> bool:
        return await self._store.write(partial(_ask, wanted=wanted, secret_hash=secret_hash, now=self._now()))


def _by_mail(subscriber: Subscriber, text: str) -> Unconfirmed:
    address = valid_mail_address(text)
    local, _, domain = address.lower().partition("@")
    return Unconfirmed(
        subscriber_id=subscriber.id,
        channel=ChannelName.EMAIL,
        value=address,
        # No server in use tells names apart by their case, though RFC 5321 §2.4 would let it.
        fingerprint=hash_token(address.lower()),
        mailbox=hash_token(f"{local.partition('+')[0]}@{domain}"),
    )


def _upstream(subscriber: Subscriber, text: str) -> Unconfirmed:
    uid = valid_uid(text)
    return Unconfirmed(
        subscriber_id=subscriber.id,
        channel=ChannelName.UPSTREAM,
        value=uid,
        fingerprint=hash_token(uid),
        mailbox=hash_token(uid),
    )


def _question(wanted: Unconfirmed, draft: Draft, link: str, *, now: datetime) -> Question:
    message = Message(id=0, slug=new_slug(), app_id=0, app_name="", topic=None, draft=draft, created_at=now)
    return Question(
        notification=Notification(item_id=0, message=message, link=link, expires_at=now + LIFE),
        address=Address(
            id=0, subscriber_id=wanted.subscriber_id, channel=wanted.channel, value=wanted.value, created_at=now
        ),
    )


def _hash_code(subscriber: Subscriber, code: str) -> str:
    # Codes are few, so each is one only together with who has to type it.
    return hash_token(f"{subscriber.uid} {code}")


async def _ask(tx: Transaction, wanted: Unconfirmed, secret_hash: str, now: datetime) -> bool:
    if await tx.confirmations.count(wanted.channel, wanted.mailbox, at=now) >= MOST_A_DAY:
        return False
    await tx.confirmations.add(wanted, secret_hash=secret_hash, expires_at=now + LIFE, at=now)
    return True


async def _confirm(tx: Transaction, token: str, now: datetime) -> Address:
    address = await _take(tx, ChannelName.EMAIL, hash_token(token), now)
    if address is None:
        raise RefusedError("this link was used already, or its day is over; give the address once more")
    return address


async def _confirm_code(tx: Transaction, subscriber: Subscriber, code: str, now: datetime) -> Address | None:
    address = await _take(tx, ChannelName.UPSTREAM, _hash_code(subscriber, code), now)
    if address is None:
        await tx.confirmations.note_wrong_code(subscriber.id, ChannelName.UPSTREAM)
    return address


async def _take(tx: Transaction, channel: ChannelName, secret_hash: str, now: datetime) -> Address | None:
    # A code is short, so it is good only where wrong ones are counted, and nowhere in the place of a link's token.
    taken = await tx.confirmations.take(channel, secret_hash, at=now, wrong_codes=MOST_WRONG_CODES)
    if taken is None:
        return None
    return await add_address(
        tx, taken.subscriber_id, taken.channel, fingerprint=await _fingerprint(tx, taken), value=taken.value, now=now
    )


async def _fingerprint(tx: Transaction, taken: Unconfirmed) -> str:
    """Return by what this subscriber's address is known: several subscribers may be reached at one."""
    own = hash_token(f"{taken.subscriber_id} {taken.fingerprint}")
    if await tx.addresses.of_fingerprint(taken.channel, own) is not None:
        return own
    first = await tx.addresses.of_fingerprint(taken.channel, taken.fingerprint)
    return taken.fingerprint if first is None or first.subscriber_id == taken.subscriber_id else own
