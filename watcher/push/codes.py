"""Parametric QR codes: made by a sender for one purpose, told back with each scan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.callbacks import Origin, QrCode, Source
from watcher.core.push import App, DeviceDraft, NewSubscriber, Subscriber
from watcher.errors import RefusedError
from watcher.push.draft import clean_text
from watcher.push.ids import new_code, slug_of_code
from watcher.push.subscribers import UNKNOWN_DEVICE, add_subscriber, follow
from watcher.store.push.records import Place

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_EXTRA_CHARS: Final = 64
DEFAULT_SECONDS: Final = 1_800
MAX_SECONDS: Final = 2_592_000
"""30 days."""


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
        raise RefusedError(f"extra: {len(extra)} characters; 1 to {MAX_EXTRA_CHARS}")
    if clean_text("extra", extra) != extra:
        raise RefusedError("extra: has control characters; send printable ones")
    if not 1 <= seconds <= MAX_SECONDS:
        raise RefusedError(f"validTime: {seconds} seconds; 1 to {MAX_SECONDS} (30 days)")
    code = new_code()
    expires_at = now + timedelta(seconds=seconds)
    return QrCode(code=code, slug=slug_of_code(code), app_id=app.id, extra=extra, expires_at=expires_at)


def join(
    tx: Transaction,
    subscriber: Subscriber | None,
    app_id: int,
    origin: Origin,
    *,
    now: datetime,
    device: DeviceDraft = UNKNOWN_DEVICE,
) -> tuple[Subscriber, NewSubscriber | None]:
    """
    Let a subscriber follow an application, or a new one, who is returned with its secrets.

    Raises:
        RefusedError: there is no such application, or its owner rejected the subscriber.
    """
    made = None
    if subscriber is None:
        made = add_subscriber(tx, [], now=now, device=device, is_stranger=True)
        subscriber = made.subscriber
    follow(tx, subscriber.id, Place(app_id=app_id), origin=origin, now=now)
    return subscriber, made


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
