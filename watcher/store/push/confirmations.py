"""Confirmations: addresses that subscribers gave, until the owners of the addresses confirm them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Row, case, delete, func, insert, select, update

from watcher.core.channels import ChannelName
from watcher.store.push.records import SentQuestions, Unconfirmed
from watcher.store.push.rows import Rows
from watcher.store.push.tables import confirmations


class Confirmations(Rows):
    """Unconfirmed addresses, found by the hash of the secret that was sent to the address."""

    def add(
        self, wanted: Unconfirmed, *, secret_hash: str, expires_at: datetime, at: datetime, is_sent: bool = True
    ) -> None:
        """Store a new confirmation, and remove those that have expired."""
        self._run(delete(confirmations).where(confirmations.c.expires_at <= at))
        row = asdict(wanted) | {"secret_hash": secret_hash, "expires_at": expires_at, "is_sent": is_sent}
        self._run(insert(confirmations).values(row))

    def count(self, wanted: Unconfirmed, *, at: datetime) -> SentQuestions:
        """Return how many were sent to a mailbox and wait for its owner, whoever gave it, and who gives it now."""
        ours = confirmations.c.subscriber_id == wanted.subscriber_id
        if wanted.asker:
            ours |= confirmations.c.asker == wanted.asker
        query = select(func.count().label("in_all"), func.count(case((ours, 1))).label("of_asker")).where(
            *_to_mailbox(wanted.channel, wanted.mailbox, at), confirmations.c.is_sent.is_(True)
        )
        row = self._run(query).one()
        return SentQuestions(in_all=row.in_all, of_asker=row.of_asker)

    def withdraw(self, secret_hash: str) -> None:
        """Remove the confirmation with this secret."""
        self._run(delete(confirmations).where(confirmations.c.secret_hash == secret_hash))

    def remove_unsent(self, wanted: Unconfirmed) -> None:
        """Forget what this subscriber asked of the mailbox and nothing was sent for."""
        self._run(
            delete(confirmations).where(
                confirmations.c.subscriber_id == wanted.subscriber_id,
                confirmations.c.channel == wanted.channel,
                confirmations.c.mailbox == wanted.mailbox,
                confirmations.c.is_sent.is_(False),
            )
        )

    def newest(self, subscriber_id: int, channel: ChannelName, mailbox: str, *, at: datetime) -> Unconfirmed | None:
        """Return what this subscriber asked of the mailbox last."""
        return self._one(
            select(confirmations)
            .where(confirmations.c.subscriber_id == subscriber_id, *_to_mailbox(channel, mailbox, at))
            .order_by(confirmations.c.id.desc())
            .limit(1),
            _unconfirmed,
        )

    def find(self, channel: ChannelName, secret_hash: str, *, at: datetime) -> Unconfirmed | None:
        """Return what waits in the channel for this secret, unless it was taken or has expired."""
        return self._one(
            select(confirmations).where(
                confirmations.c.channel == channel,
                confirmations.c.secret_hash == secret_hash,
                confirmations.c.expires_at > at,
            ),
            _unconfirmed,
        )

    def take(self, channel: ChannelName, secret_hash: str, *, at: datetime, wrong_codes: int) -> Unconfirmed | None:
        """Use it up, and return what waited in the channel for it; None where as many wrong codes came before."""
        good = (
            (confirmations.c.channel == channel)
            & (confirmations.c.secret_hash == secret_hash)
            & (confirmations.c.expires_at > at)
            & (confirmations.c.wrong_codes < wrong_codes)
        )
        return self._one(delete(confirmations).where(good).returning(confirmations), _unconfirmed)

    def note_wrong_code(self, subscriber_id: int, channel: ChannelName) -> None:
        """Count a wrong code against all that the subscriber has waiting in the channel."""
        self._run(
            update(confirmations)
            .where(confirmations.c.subscriber_id == subscriber_id, confirmations.c.channel == channel)
            .values(wrong_codes=confirmations.c.wrong_codes + 1)
        )


def _to_mailbox(channel: ChannelName, mailbox: str, at: datetime) -> Sequence[ColumnElement[bool]]:
    return (confirmations.c.channel == channel, confirmations.c.mailbox == mailbox, confirmations.c.expires_at > at)


def _unconfirmed(row: Row[Any]) -> Unconfirmed:
    return Unconfirmed(
        subscriber_id=row.subscriber_id,
        channel=ChannelName(row.channel),
        value=row.value,
        fingerprint=row.fingerprint,
        mailbox=row.mailbox,
        asker=row.asker,
    )
