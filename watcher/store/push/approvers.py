"""The devices that may approve sign-ins, each to one account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from watcher.core.accounts import Approver
from watcher.store.push.rows import Rows
from watcher.store.push.tables import approvers

_NEWEST_FIRST: Final = (approvers.c.seen_at.desc(), approvers.c.id.desc())


class Approvers(Rows):
    """The table of approving devices. They are looked up by the hash of their cookie; account None: the operator's."""

    def add(self, *, account_id: int | None, token_hash: str, kind: str, at: datetime) -> None:
        """Store a device."""
        row = {"account_id": account_id, "token_hash": token_hash, "kind": kind, "created_at": at, "seen_at": at}
        self._run(insert(approvers).values(row))

    def of_hash(self, token_hash: str) -> Approver | None:
        """Return the device with this hash."""
        return self._one(select(approvers).where(approvers.c.token_hash == token_hash), _approver)

    def of_account(self, account_id: int | None) -> Sequence[Approver]:
        """Return an account's devices, the one used last first."""
        query = select(approvers).where(approvers.c.account_id == account_id).order_by(*_NEWEST_FIRST)
        return self._all(query, _approver)

    def are_any(self) -> bool:
        """Return whether there is one, of whatever account."""
        return self._first(select(approvers.c.id).limit(1)) is not None

    def note_seen(self, approver_id: int, *, at: datetime) -> None:
        """Store when a device approved something."""
        self._run(update(approvers).where(approvers.c.id == approver_id).values(seen_at=at))

    def end(self, account_id: int | None, approver_id: int) -> Approver | None:
        """Remove one of an account's devices, and return it."""
        its = (approvers.c.account_id == account_id, approvers.c.id == approver_id)
        gone = delete(approvers).where(*its).returning(approvers)
        return self._one(gone, _approver)

    def end_hash(self, token_hash: str) -> None:
        """Remove the device with this hash, if it is there."""
        self._run(delete(approvers).where(approvers.c.token_hash == token_hash))

    def end_all(self, account_id: int | None) -> Sequence[str]:
        """Remove every device of an account; return what they are known by."""
        gone = delete(approvers).where(approvers.c.account_id == account_id).returning(approvers.c.kind)
        return [row.kind for row in self._run(gone)]

    def make_room(self, account_id: int | None, kept: int) -> None:
        """Remove all but so many devices of an account: those that were used last stay."""
        newest = select(approvers.c.id).where(approvers.c.account_id == account_id)
        newest = newest.order_by(*_NEWEST_FIRST).limit(kept)
        self._run(delete(approvers).where(approvers.c.account_id == account_id, approvers.c.id.not_in(newest)))


def _approver(row: Row[Any]) -> Approver:
    return Approver(id=row.id, account_id=row.account_id, kind=row.kind, created_at=row.created_at, seen_at=row.seen_at)
