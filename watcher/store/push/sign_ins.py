"""Codes that browsers show for a phone to scan."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from watcher.core.accounts import Purpose, SignIn, SignInState
from watcher.store.push.rows import Rows
from watcher.store.push.tables import sign_ins


class SignIns(Rows):
    """The table of codes. They are looked up by the hash of the code, and by that of what the browser keeps."""

    def add(
        self,
        purpose: Purpose,
        *,
        code_hash: str,
        browser_hash: str,
        kind: str,
        address: str,
        account_id: int | None,
        expires_at: datetime,
    ) -> None:
        """Store an open code."""
        row = {"code_hash": code_hash, "browser_hash": browser_hash, "purpose": purpose, "kind": kind}
        row |= {"address": address, "state": SignInState.OPEN}
        self._run(insert(sign_ins).values(row | {"account_id": account_id, "expires_at": expires_at}))

    def of_code(self, code_hash: str) -> SignIn | None:
        """Return the code with this hash, expired or not."""
        return self._one(select(sign_ins).where(sign_ins.c.code_hash == code_hash), _sign_in)

    def of_browser(self, code_hash: str, browser_hash: str) -> SignIn | None:
        """Return the code that this browser shows, expired or not."""
        is_its = (sign_ins.c.code_hash == code_hash, sign_ins.c.browser_hash == browser_hash)
        return self._one(select(sign_ins).where(*is_its), _sign_in)

    def decide(self, sign_in_id: int, state: SignInState, *, account_id: int | None, expires_at: datetime) -> None:
        """Store what has become of a code, and for whom, until when."""
        row = {"state": state, "account_id": account_id, "expires_at": expires_at}
        self._run(update(sign_ins).where(sign_ins.c.id == sign_in_id).values(row))

    def remove(self, sign_in_id: int) -> None:
        """Remove a code, which is used up."""
        self._run(delete(sign_ins).where(sign_ins.c.id == sign_in_id))

    def end_of(self, account_id: int | None) -> None:
        """Remove the codes by which an account would be signed in, or a device get a right of it."""
        is_its = sign_ins.c.account_id == account_id
        # One that nobody answered is of no account yet.
        is_of_somebody = or_(sign_ins.c.purpose != Purpose.SIGN_IN, sign_ins.c.state == SignInState.APPROVED)
        self._run(delete(sign_ins).where(is_its, is_of_somebody))

    def remove_of(self, purpose: Purpose, account_id: int | None) -> None:
        """Remove an account's codes for this purpose."""
        is_its = sign_ins.c.account_id == account_id
        self._run(delete(sign_ins).where(sign_ins.c.purpose == purpose, is_its))

    def forget_over(self, *, before: datetime) -> None:
        """Remove the codes that had expired by then."""
        self._run(delete(sign_ins).where(sign_ins.c.expires_at <= before))

    def count(self) -> int:
        """Return how many there are."""
        return int(self._run(select(func.count()).select_from(sign_ins)).scalar_one())


def _sign_in(row: Row[Any]) -> SignIn:
    return SignIn(
        id=row.id,
        purpose=Purpose(row.purpose),
        kind=row.kind,
        address=row.address,
        state=SignInState(row.state),
        account_id=row.account_id,
        expires_at=row.expires_at,
    )
