"""
Access tokens of our own API: who made them may do what their scopes say, everywhere or in one application.

| token | scopes | of |
|---|---|---|
| `WT_…` (`watcher tokens add`) | those it was made with | every application, or the one it was made for |
| `WT_…` of an owner | the same, but for `GLOBAL_SCOPES` | the one it was made for, while it is theirs |
| `AT_…`, an application's own | `APP_SCOPES`: to send, to read | that application |
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from watcher.core.access import APP_SCOPES, AccessToken, Caller, Scope
from watcher.core.acts import Act
from watcher.core.push import App, Slice
from watcher.errors import RefusedError
from watcher.push.apps import checked_name, known_app, with_senders
from watcher.push.context import Resource
from watcher.push.ids import hash_token, new_access_token
from watcher.push.limits import check_token

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

_PREFIX: Final = "WT_"
_MAX_TOKEN_CHARS: Final = 200

GLOBAL_SCOPES: Final = frozenset({Scope.WATCHES_READ, Scope.METRICS_READ})
"""What belongs to no application."""


class AccessTokens(Resource):
    """The access tokens of one push store. Each method raises StoreError when the database refuses."""

    async def add(
        self, name: str, scopes: Collection[Scope], *, app_id: int | None = None, account_id: int | None = None
    ) -> tuple[AccessToken, str]:
        """
        Make a token; return it with its secret `WT_…` (190 bits), which is never shown again.

        Args:
            name: what it is for.
            app_id: the one application that it is for.
            account_id: whose it is; None: the operator's. An owner's is for one application, which is theirs.

        Raises:
            RefusedError: no scope, no such application of that account, one that nobody sends by, or for one
                application or an owner what belongs to none: watches, metrics; or the owner is blocked, or has 50
                tokens.
        """
        name, now = checked_name("name", name), self._now()
        if not scopes:
            raise RefusedError(f"give at least one of {', '.join(Scope)}", field="scope")
        global_ones = sorted(GLOBAL_SCOPES & set(scopes))
        if global_ones and app_id is not None:
            raise RefusedError(
                f"{global_ones[0]} cannot be for one application; leave the application out", field="scope"
            )
        if global_ones and account_id is not None:
            raise RefusedError(f"{global_ones[0]} is the operator's alone", field="scope")
        if account_id is not None and app_id is None:
            raise RefusedError("name the application; a token for all of them is the operator's alone", field="app_id")
        secret = new_access_token()

        def work(tx: Transaction) -> AccessToken:
            if app_id is not None:
                _check_app(tx, app_id, account_id)
            if account_id is not None:
                check_token(tx, account_id)
            token = tx.tokens.add(
                token_hash=hash_token(secret),
                name=name,
                scopes=scopes,
                app_id=app_id,
                account_id=account_id,
                created_at=now,
            )
            self._note(tx, Act.TOKEN_MADE, name, app_id=app_id)
            return token

        return await self._store.write(work), secret

    async def all(self) -> Sequence[AccessToken]:
        """Return all tokens, by id."""
        return await self._store.read(lambda tx: tx.tokens.all())

    async def page(self, cut: Slice, *, account_id: int | None = None) -> Sequence[AccessToken]:
        """
        Return a stretch of the tokens, by id.

        Args:
            account_id: those of this account; None: all.
        """
        return await self._store.read(lambda tx: tx.tokens.slice(cut, account_id=account_id))

    async def of_id(self, token_id: int) -> AccessToken | None:
        """Return the token with this id."""
        return await self._store.read(lambda tx: tx.tokens.of_id(token_id))

    async def remove(self, token_id: int) -> None:
        """Remove a token, which stops working at once. Raises RefusedError when there is none."""

        def work(tx: Transaction) -> bool:
            token = tx.tokens.of_id(token_id)
            if token is not None:
                self._note(tx, Act.TOKEN_REMOVED, token.name, app_id=token.app_id)
            return tx.tokens.remove(token_id)

        if not await self._store.write(work):
            raise RefusedError(f"there is no token {token_id}; `watcher tokens` lists them", field="token")

    async def caller(self, secret: str) -> Caller | None:
        """Return the holder of this token; None when it is not valid."""
        if not 0 < len(secret) <= _MAX_TOKEN_CHARS:
            return None
        token_hash, now = hash_token(secret), self._now()

        def look(tx: Transaction) -> Caller | None:
            if secret.startswith(_PREFIX):
                return _of_token(tx, tx.tokens.of_hash(token_hash))
            return _of_app(tx.apps.of_token(token_hash, now=now))

        return await self._store.read(look)


def _of_token(tx: Transaction, token: AccessToken | None) -> Caller | None:
    if token is None or not _reaches_its_owners_alone(tx, token):
        return None
    return Caller(key=f"token {token.id}", scopes=token.scopes, app_id=token.app_id, account_id=token.account_id)


def _reaches_its_owners_alone(tx: Transaction, token: AccessToken) -> bool:
    """
    Return whether a token reaches nothing that is another's.

    An owner's does while their account may do something and the application that it is for is still theirs.
    """
    if token.account_id is None:
        return True
    app = None if token.app_id is None else tx.apps.of_id(token.app_id)
    is_theirs = app is not None and app.account_id == token.account_id
    return is_theirs and tx.accounts.active(token.account_id) is not None


def _of_app(app: App | None) -> Caller | None:
    if app is None:
        return None
    return Caller(key=f"app {app.id}", scopes=APP_SCOPES, app_id=app.id, account_id=app.account_id)


def _check_app(tx: Transaction, app_id: int, account_id: int | None) -> None:
    """Raise RefusedError for an application that is not there, is not the account's, or has no senders."""
    app = known_app(tx, app_id)
    if account_id not in (None, app.account_id):
        raise RefusedError(f"there is no application {app_id}", field="app_id")
    with_senders(app)
