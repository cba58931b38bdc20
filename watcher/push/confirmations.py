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

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.caps import Made
from watcher.core.channels import Address, AddressDraft, ChannelName
from watcher.core.push import Subscriber
from watcher.errors import RefusedError
from watcher.push.addresses import add_address
from watcher.push.channels.asking import Confirmation, Question
from watcher.push.context import Resource
from watcher.push.ids import hash_digits, hash_token, new_digits, new_secret
from watcher.store.push.records import Unconfirmed

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

LIFE: Final = timedelta(days=1)
MOST_OF_ONE: Final = 2
"""Questions to one mailbox that are not answered yet, for one network, and for one subscriber."""
MOST_WRONG_CODES: Final = 5


class Confirmations(Resource):
    """Addresses that wait for their owners, over one push store. Each method raises StoreError."""

    async def ask(
        self,
        channel: ChannelName,
        subscriber: Subscriber,
        address: str,
        *,
        page: Callable[[str], str],
        lang: str,
        asker: str = "",
    ) -> Question | None:
        """
        Return the question that is to be sent; None: the mailbox was asked often enough today.

        Args:
            channel: one whose kind has a `CONFIRMATION`.
            page: gives the address of the page for a secret: which a link opens, or where a code is typed.
            lang: `zh` or `en`.
            asker: the network that the address was given from; empty: unknown.

        Raises:
            InvalidRequestError: it is no address of the channel.
            CapReachedError: strangers have asked too much today.
        """
        how, now = _how(channel), self._now()
        wanted = _wanted(how, channel, subscriber, address, asker)
        secret = new_secret() if how.is_by_link else new_digits()
        secret_hash = hash_token(secret) if how.is_by_link else hash_digits(subscriber.uid, secret)
        work = partial(_ask, how=how, wanted=wanted, secret_hash=secret_hash, now=now)
        if not await self._strangers.make(Made.QUESTIONS, work, counts=lambda is_sent: is_sent):
            return None
        return Question(
            address=wanted.value,
            uid=subscriber.uid,
            secret=secret,
            secret_hash=secret_hash,
            page=page(secret),
            lang=lang,
            asked_at=now,
            expires_at=now + LIFE,
        )

    async def withdraw(self, question: Question) -> None:
        """Remove a question that was not sent, so that it counts for nobody."""
        await self._store.write(lambda tx: tx.confirmations.withdraw(question.secret_hash))
        await self._strangers.give_back(Made.QUESTIONS, at=question.asked_at)

    async def find(self, channel: ChannelName, token: str, reader: Subscriber | None = None) -> Unconfirmed | None:
        """
        Return what the token of a link confirms, unless that has happened, or its day is over.

        Args:
            reader: whose device opens it; what this one asked of the same mailbox comes first.
        """
        work = partial(_find, channel=channel, token=token, reader=reader, now=self._now())
        return await self._store.read(work)

    async def confirm(self, channel: ChannelName, token: str, reader: Subscriber | None = None) -> Address:
        """Reach a subscriber at the address that `find` returns. Raises RefusedError."""
        work = partial(_confirm, channel=channel, token=token, reader=reader, now=self._now())
        return await self._store.write(work)

    async def confirm_code(self, channel: ChannelName, subscriber: Subscriber, code: str) -> Address | None:
        """Reach the subscriber where this code was sent to; None where there is none, or not any more."""
        work = partial(_confirm_code, channel=channel, subscriber=subscriber, code=code, now=self._now())
        return await self._store.write(work)


def _how(channel: ChannelName) -> Confirmation:
    from watcher.push.channels.kinds import KINDS  # all the channels: a command that asks nobody needs none of them

    how = KINDS[channel].CONFIRMATION
    if how is None:
        raise ValueError(f"addresses of the channel {channel} are confirmed by nobody")
    return how


def _wanted(how: Confirmation, channel: ChannelName, subscriber: Subscriber, text: str, asker: str) -> Unconfirmed:
    address = how.valid(text)
    return Unconfirmed(
        subscriber_id=subscriber.id,
        channel=channel,
        value=address,
        fingerprint=hash_token(how.canonical(address)),
        mailbox=hash_token(how.mailbox_of(address)),
        asker=hash_token(asker) if asker else "",
    )


def _ask(tx: Transaction, how: Confirmation, wanted: Unconfirmed, secret_hash: str, now: datetime) -> bool:
    """Note a question, and return whether it is to be sent."""
    sent = tx.confirmations.count(wanted, at=now)
    is_sent = sent.in_all < how.most_a_day and sent.of_asker < MOST_OF_ONE
    if is_sent:
        tx.confirmations.add(wanted, secret_hash=secret_hash, expires_at=now + LIFE, at=now)
    elif how.is_by_link:
        # Under a secret that nobody was sent, once for each subscriber and mailbox.
        tx.confirmations.remove_unsent(wanted)
        unsent = hash_token(new_secret())
        tx.confirmations.add(wanted, secret_hash=unsent, expires_at=now + LIFE, at=now, is_sent=False)
    return is_sent


def _find(
    tx: Transaction, channel: ChannelName, token: str, reader: Subscriber | None, now: datetime
) -> Unconfirmed | None:
    found = tx.confirmations.find(channel, hash_token(token), at=now)
    if found is None or reader is None or found.subscriber_id == reader.id:
        return found
    return tx.confirmations.newest(reader.id, channel, found.mailbox, at=now) or found


def _confirm(tx: Transaction, channel: ChannelName, token: str, reader: Subscriber | None, now: datetime) -> Address:
    found = _find(tx, channel, token, reader, now)
    taken = _take(tx, channel, hash_token(token), now)
    if found is None or taken is None:
        raise RefusedError("this link was used already, or its day is over; give the address once more")
    tx.confirmations.remove_unsent(found)
    return _add(tx, found, now)


def _confirm_code(
    tx: Transaction, channel: ChannelName, subscriber: Subscriber, code: str, now: datetime
) -> Address | None:
    taken = _take(tx, channel, hash_digits(subscriber.uid, code), now)
    if taken is None:
        tx.confirmations.note_wrong_code(subscriber.id, channel)
        return None
    return _add(tx, taken, now)


def _take(tx: Transaction, channel: ChannelName, secret_hash: str, now: datetime) -> Unconfirmed | None:
    # A code is short, so it is good only where wrong ones are counted, and nowhere in the place of a link's token.
    return tx.confirmations.take(channel, secret_hash, at=now, wrong_codes=MOST_WRONG_CODES)


def _add(tx: Transaction, wanted: Unconfirmed, now: datetime) -> Address:
    """Reach the subscriber in this mailbox once, however often and under whatever spellings it was given."""
    mailbox_of = _how(wanted.channel).mailbox_of
    for address in tx.addresses.of_subscriber(wanted.subscriber_id):
        is_other = address.channel is wanted.channel and address.value != wanted.value
        if is_other and hash_token(mailbox_of(address.value)) == wanted.mailbox:
            tx.addresses.remove(address.id)
    draft = AddressDraft(channel=wanted.channel, fingerprint=_fingerprint(tx, wanted), value=wanted.value)
    return add_address(tx, wanted.subscriber_id, draft, now=now)


def _fingerprint(tx: Transaction, taken: Unconfirmed) -> str:
    """Return the fingerprint of this subscriber's address: several subscribers may be reached at one."""
    own = hash_token(f"{taken.subscriber_id} {taken.fingerprint}")
    if tx.addresses.of_fingerprint(taken.channel, own) is not None:
        return own
    first = tx.addresses.of_fingerprint(taken.channel, taken.fingerprint)
    return taken.fingerprint if first is None or first.subscriber_id == taken.subscriber_id else own
