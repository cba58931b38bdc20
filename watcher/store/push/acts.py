"""The log of what people did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Delete, Row, delete, func, insert, select, update

from watcher.core.acts import BY_HAND_OVER, Act, ActEntry, Actor
from watcher.core.push import Slice
from watcher.store.push import dialect
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import acts

KEPT: Final = 10_000
"""Of each account, and of the operator; older ones go. So nobody can push out what others did."""


class Acts(Rows):
    """The newest KEPT of each account, and of the operator."""

    def add(self, actor: Actor, act: Act, subject: str, *, app_id: int | None, at: datetime) -> None:
        """Store what was done, and let the oldest of the same account go."""
        row = {"at": at, "account_id": actor.account_id, "by": actor.by, "app_id": app_id, "subject": subject}
        self._run(insert(acts).values(row | {"act": act}))
        self._run(_prune(actor.account_id))

    def forget_naming(self, uid: str) -> None:
        """Take a UID out of what was stored."""
        found = update(acts).where(dialect.position_of(acts.c.subject, uid) > 0)
        self._run(found.values(subject=func.replace(acts.c.subject, uid, "UID_…")))

    def slice(self, cut: Slice, *, account_id: int | None) -> Sequence[ActEntry]:
        """
        Return a stretch of them, by id.

        Args:
            account_id: what this account did; None: what anybody did.
        """
        query = select(acts)
        if account_id is not None:
            query = query.where(acts.c.account_id == account_id)
        return self._all(stretch(query, acts.c.id, cut), _entry)

    def of_hand_over(self, app_id: int) -> Sequence[ActEntry]:
        """Return what ended as an application was handed over last, in order."""
        noted = select(acts).where(acts.c.app_id == app_id, acts.c.by == BY_HAND_OVER)
        last = select(func.max(acts.c.id)).where(acts.c.app_id == app_id, acts.c.act == Act.APP_RECEIVED)
        return self._all(noted.where(acts.c.id > last.scalar_subquery()).order_by(acts.c.id), _entry)


def _prune(account_id: int | None) -> Delete:
    is_its = acts.c.account_id == account_id
    oldest = select(acts.c.id).where(is_its).order_by(acts.c.id.desc()).offset(KEPT).limit(1).scalar_subquery()
    return delete(acts).where(is_its, acts.c.id <= oldest)


def _entry(row: Row[Any]) -> ActEntry:
    return ActEntry(
        id=row.id,
        at=row.at,
        actor=Actor(account_id=row.account_id, by=row.by),
        app_id=row.app_id,
        act=row.act,
        subject=row.subject,
    )
