"""Access tokens of our own API."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from watcher.core.access import AccessToken, Scope
from watcher.core.push import Slice
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import access_tokens


class Tokens(Rows):
    """The table of access tokens. They are passed in, and looked up, as hashes."""

    def add(
        self,
        *,
        token_hash: str,
        name: str,
        scopes: Collection[Scope],
        app_id: int | None,
        account_id: int | None,
        created_at: datetime,
    ) -> AccessToken:
        """Store a new token; its application and its account, if any, must exist."""
        row = {"token_hash": token_hash, "name": name, "scopes": " ".join(sorted(scopes)), "app_id": app_id}
        row["account_id"] = account_id
        made = self._run(insert(access_tokens).values(row | {"created_at": created_at}).returning(access_tokens))
        return _token(made.one())

    def all(self) -> Sequence[AccessToken]:
        """Return all tokens, by id."""
        return self._all(select(access_tokens).order_by(access_tokens.c.id), _token)

    def slice(self, cut: Slice, *, account_id: int | None) -> Sequence[AccessToken]:
        """
        Return a stretch of the tokens, by id.

        Args:
            account_id: those of this account; None: all.
        """
        query = select(access_tokens)
        if account_id is not None:
            query = query.where(access_tokens.c.account_id == account_id)
        return self._all(stretch(query, access_tokens.c.id, cut), _token)

    def of_account(self, account_id: int) -> Sequence[AccessToken]:
        """Return an account's tokens, by id."""
        query = select(access_tokens).where(access_tokens.c.account_id == account_id)
        return self._all(query.order_by(access_tokens.c.id), _token)

    def count_of(self, account_id: int) -> int:
        """Return how many tokens an account has."""
        query = select(func.count()).select_from(access_tokens).where(access_tokens.c.account_id == account_id)
        return int(self._run(query).scalar_one())

    def of_id(self, token_id: int) -> AccessToken | None:
        """Return the token with this id."""
        return self._one(select(access_tokens).where(access_tokens.c.id == token_id), _token)

    def of_hash(self, token_hash: str) -> AccessToken | None:
        """Return the token with this hash."""
        return self._one(select(access_tokens).where(access_tokens.c.token_hash == token_hash), _token)

    def remove_of(self, account_id: int) -> None:
        """Remove all tokens of an account."""
        self._run(delete(access_tokens).where(access_tokens.c.account_id == account_id))

    def remove(self, token_id: int) -> bool:
        """Remove a token; return whether it was there."""
        removed = self._connection.scalars(
            delete(access_tokens).where(access_tokens.c.id == token_id).returning(access_tokens.c.id)
        )
        return removed.first() is not None


def _token(row: Row[Any]) -> AccessToken:
    # A scope that a newer version knows opens nothing here.
    scopes = frozenset(Scope(scope) for scope in row.scopes.split() if scope in set(Scope))
    return AccessToken(
        id=row.id, name=row.name, scopes=scopes, app_id=row.app_id, account_id=row.account_id, created_at=row.created_at
    )
