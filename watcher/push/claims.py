"""Claims: links by which one other device, or one follower of the WeChat account, comes to a subscriber's inbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.caps import Made
from watcher.core.push import DeviceDraft, InboxSummary, Subscriber
from watcher.errors import RefusedError
from watcher.push.context import Resource
from watcher.push.ids import hash_token, is_secret, new_secret, new_slug
from watcher.push.subscribers import UNKNOWN_DEVICE, summary_of_id

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

CLAIM_LIFE: Final = timedelta(minutes=10)
"""Of a claim that is shown as a QR code."""
HOME_SCREEN_CLAIM_LIFE: Final = timedelta(days=1)
"""Of the one in a manifest: between adding to the home screen and opening it for the first time."""


class Claims(Resource):
    """The claims of all subscribers; each is good once."""

    async def add(self, subscriber: Subscriber, *, life: timedelta = CLAIM_LIFE) -> str:
        """
        Return a token (190 bits) by which one other device becomes the subscriber's, once.

        Raises CapReachedError.
        """
        return await self._add(subscriber, new_secret(), life)

    async def add_for_wechat(self, subscriber: Subscriber) -> str:
        """
        Return a claim (166 bits, as a scene takes it) by which one openid may be linked; it makes no device.

        Raises CapReachedError.
        """
        return await self._add(subscriber, new_slug(), CLAIM_LIFE)

    async def inbox_of(self, token: str) -> InboxSummary | None:
        """Return the inbox that a device can take with this claim; None for one of WeChat, and where it is over."""
        if not is_secret(token):
            return None
        return await self._store.read(partial(_claimed, token_hash=hash_token(token), now=self._now()))

    async def take(self, token: str, device: DeviceDraft = UNKNOWN_DEVICE) -> str:
        """Use a claim up; return the cookie of the device that took it. Raises RefusedError: taken, or expired."""
        return await self._store.write(partial(_take, token=token, device=device, now=self._now()))

    async def _add(self, subscriber: Subscriber, token: str, life: timedelta) -> str:
        now = self._now()
        work = partial(_add, subscriber_id=subscriber.id, token=token, expires_at=now + life, now=now)
        await self._strangers.make(Made.CLAIMS, work)
        return token


def _add(tx: Transaction, subscriber_id: int, token: str, *, expires_at: datetime, now: datetime) -> None:
    tx.claims.add(subscriber_id, token_hash=hash_token(token), expires_at=expires_at, at=now)


def _claimed(tx: Transaction, token_hash: str, now: datetime) -> InboxSummary | None:
    subscriber_id = tx.claims.subscriber_id(token_hash, at=now)
    return None if subscriber_id is None else summary_of_id(tx, subscriber_id)


def _take(tx: Transaction, token: str, device: DeviceDraft, now: datetime) -> str:
    subscriber_id = tx.claims.take(hash_token(token), at=now) if is_secret(token) else None
    if subscriber_id is None:
        raise RefusedError("this link was used already, or has expired; show a new one on the other device")
    device_token = new_secret()
    tx.devices.add(subscriber_id, device, token_hash=hash_token(device_token), at=now)
    tx.moves.claim(subscriber_id, at=now)
    return device_token
