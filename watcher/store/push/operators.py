"""The operator's password, and what the operator sees counted."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, func, insert, select

from watcher.core.accounts import AccountState
from watcher.core.operator import Totals
from watcher.store.push import dialect
from watcher.store.push.rows import Rows
from watcher.store.push.tables import accounts, apps, handovers, operators, subscribers, topics

_ONLY: Final = 1
"""The id of the one operator."""


class Operators(Rows):
    """The one operator."""

    def password_hash(self) -> str | None:
        """Return the stored hash of the password; None when none was set yet."""
        row = self._first(select(operators.c.password_hash).where(operators.c.id == _ONLY))
        return None if row is None else row.password_hash

    def set_password(self, password_hash: str, *, at: datetime) -> None:
        """Store a new hash of the password."""
        self._run(delete(operators).where(operators.c.id == _ONLY))
        row = {"id": _ONLY, "password_hash": password_hash, "changed_at": at}
        self._run(insert(operators).values(row))

    def set_first_password(self, password_hash: str, *, at: datetime) -> bool:
        """Store the hash of the first password; return whether there was none: who comes meanwhile waits for us."""
        row = {"id": _ONLY, "password_hash": password_hash, "changed_at": at}
        first = dialect.insert(operators).values(row).on_conflict_do_nothing().returning(operators.c.id)
        return self._first(first) is not None

    def totals(self, *, at: datetime) -> Totals:
        """Return how many rows there are of each noun."""
        return Totals(
            counted_at=at,
            apps=self._count(apps),
            topics=self._count(topics, topics.c.merged_into.is_(None)),
            subscribers=self._count(subscribers),
            queued=self._count(handovers),
            waiting_accounts=self._count(accounts, accounts.c.state == AccountState.WAITING),
        )

    def _count(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        return int(self._run(select(func.count()).select_from(table).where(*conditions)).scalar_one())
