"""Parametric QR codes: made by a sender with a parameter, which each scan reports back."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from watcher.core.callbacks import Origin, QrCode, Source
from watcher.core.push import App, DeviceDraft, NewSubscriber, Subscriber
from watcher.core.wakeups import wakes_callbacks
from watcher.errors import RefusedError
from watcher.push.context import Resource
from watcher.push.draft import clean_text
from watcher.push.ids import is_code, is_slug, new_code, slug_of_code
from watcher.push.subscribers import UNKNOWN_DEVICE, join

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_EXTRA_CHARS: Final = 64
DEFAULT_SECONDS: Final = 1_800
MAX_SECONDS: Final = 2_592_000
"""30 days."""
MAX_CODES: Final = 10_000
"""Of one application, that have not expired."""


class Codes(Resource):
    """The parametric QR codes of one push store. Each method raises StoreError."""

    async def add(self, app: App, extra: str, *, seconds: int = DEFAULT_SECONDS) -> QrCode:
        """Make a parametric QR code that expires in so many seconds. Raises a PushError when a limit is broken."""
        now = self._now()
        code = new_qr_code(app, extra, seconds, now=now)

        def work(tx: Transaction) -> None:
            tx.codes.add(code, created_at=now)
            if tx.codes.count_of(app.id) > MAX_CODES:
                raise RefusedError(
                    f"{MAX_CODES:,} QR codes of this application are valid already; wait until some expire, or give "
                    "new ones a shorter validTime · 有效二维码数已达上限，请缩短有效期或等待过期"
                )

        await self._store.write(work)
        return code

    async def of_code(self, code: str) -> QrCode | None:
        """Return the parametric QR code with this code, unless it has expired."""
        if not is_code(code):
            return None
        now = self._now()
        return await self._store.read(lambda tx: tx.codes.of_code(code, at=now))

    async def of_slug(self, slug: str) -> QrCode | None:
        """Return the parametric QR code whose page has this slug, unless it has expired."""
        if not is_slug(slug):
            return None
        now = self._now()
        return await self._store.read(lambda tx: tx.codes.of_slug(slug, at=now))

    async def scan(
        self, slug: str, subscriber: Subscriber | None, *, device: DeviceDraft = UNKNOWN_DEVICE
    ) -> NewSubscriber | None:
        """
        Let a subscriber follow the application of a parametric QR code, or a new one, who is returned.

        The owner is told of each scan, and `of_code(code).uid` says who came last.

        Raises:
            RefusedError: the code has expired, or the owner rejected the subscriber.
            CapReachedError: too many strangers came today.
        """
        work = partial(scan, slug=slug, subscriber=subscriber, now=self._now(), device=device)
        return await self._strangers.make_for(subscriber, work, wakes=wakes_callbacks)


def new_qr_code(app: App, extra: str, seconds: int, *, now: datetime) -> QrCode:
    """
    Return a new code, not stored yet.

    Args:
        extra: 1–64 characters, none of them a control character: it comes back exactly as it is.
        seconds: until it expires, 1–2,592,000.

    Raises:
        RefusedError: a limit is broken.
        InvalidRequestError: half a surrogate pair, which is no text.
    """
    if not 1 <= len(extra) <= MAX_EXTRA_CHARS:
        raise RefusedError(f"{len(extra)} characters; 1 to {MAX_EXTRA_CHARS}", field="extra")
    if clean_text("extra", extra) != extra:
        raise RefusedError("has control characters; send printable ones", field="extra")
    if not 1 <= seconds <= MAX_SECONDS:
        raise RefusedError(f"{seconds} seconds; 1 to {MAX_SECONDS} (30 days)", field="validTime")
    code = new_code()
    expires_at = now + timedelta(seconds=seconds)
    return QrCode(code=code, slug=slug_of_code(code), app_id=app.id, extra=extra, expires_at=expires_at)


def scan(
    tx: Transaction,
    slug: str,
    subscriber: Subscriber | None,
    *,
    now: datetime,
    device: DeviceDraft = UNKNOWN_DEVICE,
) -> NewSubscriber | None:
    """
    Let a subscriber follow the application of a code, or a new one who is returned, and keep who scanned last.

    Raises:
        RefusedError: the code has expired, or the owner rejected this subscriber.
    """
    code = tx.codes.of_slug(slug, at=now)
    if code is None:
        raise RefusedError("the QR code does not exist, or has expired")
    origin = Origin(source=Source.SCAN, code=code.code, extra=code.extra)
    scanner, made = join(tx, subscriber, code.app_id, origin, now=now, device=device)
    tx.codes.note_scan(code, scanner.uid)
    return made
