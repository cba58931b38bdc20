"""Parametric QR codes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, delete, func, insert, select, update

from watcher.core.callbacks import QrCode
from watcher.store.push.apps import is_for_its_owner
from watcher.store.push.rows import Rows
from watcher.store.push.tables import apps, qr_codes

# Clients ask by it again and again: building a statement anew costs more than running it.
_of_code: Final = (
    select(*(column for column in qr_codes.c if column is not qr_codes.c.uid))
    .add_columns(case((is_for_its_owner(qr_codes.c.created_at), qr_codes.c.uid)).label("uid"))
    .join(apps, apps.c.id == qr_codes.c.app_id)
    .where(qr_codes.c.code == bindparam("code"), qr_codes.c.expires_at > bindparam("now"))
)


class Codes(Rows):
    """The codes of all applications; one that has expired is not found, and goes when others come."""

    def add(self, code: QrCode, *, created_at: datetime) -> None:
        """Store a new code, and remove those that have expired."""
        self._run(delete(qr_codes).where(qr_codes.c.expires_at <= created_at))
        row = {"code": code.code, "slug": code.slug, "app_id": code.app_id, "extra": code.extra}
        self._run(insert(qr_codes).values(row | {"expires_at": code.expires_at, "created_at": created_at}))

    def count_of(self, app_id: int) -> int:
        """Return how many codes of an application there are."""
        return int(self._run(select(func.count()).where(qr_codes.c.app_id == app_id)).scalar_one())

    def of_code(self, code: str, *, at: datetime) -> QrCode | None:
        """Return the parametric QR code with this code, unless it has expired; who scanned it only to its owner."""
        row = self._run(_of_code, {"code": code, "now": at}).first()
        return None if row is None else _code(row)

    def of_slug(self, slug: str, *, at: datetime) -> QrCode | None:
        """Return the parametric QR code whose page has this slug, unless it has expired."""
        return self._one(select(qr_codes).where(qr_codes.c.slug == slug, qr_codes.c.expires_at > at), _code)

    def note_scan(self, code: QrCode, uid: str) -> None:
        """Store who scanned a code last."""
        self._run(update(qr_codes).where(qr_codes.c.code == code.code).values(uid=uid))

    def forget_scanner(self, uid: str) -> None:
        """Forget of all codes that this subscriber scanned them last."""
        self._run(update(qr_codes).where(qr_codes.c.uid == uid).values(uid=None))


def _code(row: Row[Any]) -> QrCode:
    return QrCode(
        code=row.code,
        slug=row.slug,
        app_id=row.app_id,
        extra=row.extra,
        expires_at=row.expires_at,
        uid=row.uid,
    )
