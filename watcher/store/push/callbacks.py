"""Callbacks, saved in the transaction of the event that they report, and kept for a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, case, delete, func, insert, select, update

from watcher.core.callbacks import Callback, CallbackState
from watcher.core.pace import CALLBACKS
from watcher.core.push import Slice
from watcher.store.push import dialect
from watcher.store.push.apps import is_in_use
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import apps, callbacks

KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """
    The callback that goes next to an application's owner, or to an endpoint, with what it takes to send it.

    Attributes:
        url: where it goes now; empty when the owner has taken the URL away.
        key: signs it; empty for none.
        old_key, old_key_until: of an endpoint: signs it as well until then.
        account_id: whose application it is; None: the operator's own.
    """

    callback: Callback
    url: str
    key: str = field(repr=False)
    account_id: int | None
    old_key: str = field(default="", repr=False)
    old_key_until: datetime | None = None

    @property
    def is_operators(self) -> bool:
        """Whether the application is the operator's own, and not an owner's."""
        return self.account_id is None


_is_owners: Final = callbacks.c.webhook_id.is_(None)
"""For the application's callback URL; others are for endpoints (`webhooks`)."""
type_alone: Final = dialect.type_alone(callbacks.c.body)
"""What is kept of the body for an endpoint, once it is settled: 20 KB each would fill the disk, and no try follows."""
_settled_body: Final = case((_is_owners, callbacks.c.body), else_=type_alone)


class Callbacks(Rows):
    """The callbacks of all applications. Of those for endpoints: what is settled, forgotten and counted."""

    def add(self, app_id: int, body: str, *, created_at: datetime) -> None:
        """Store a new callback, due at once."""
        row = {"app_id": app_id, "body": body, "created_at": created_at, "due_at": created_at}
        self._run(insert(callbacks).values(row | {"attempts": 0, "state": CallbackState.PENDING, "reason": ""}))

    def heads(self) -> Sequence[Outbound]:
        """Return the oldest pending callback of each application in use, due or not, the soonest due first."""
        oldest = (
            select(func.min(callbacks.c.id))
            .where(callbacks.c.state == CallbackState.PENDING, _is_owners)
            .group_by(callbacks.c.app_id)
        )
        found = self._run(
            select(callbacks, apps.c.callback_url, apps.c.signing_key, apps.c.account_id)
            .join(apps, apps.c.id == callbacks.c.app_id)
            .where(callbacks.c.id.in_(oldest), is_in_use)
            .order_by(callbacks.c.due_at, callbacks.c.id)
        )
        return [
            Outbound(
                callback=callback_of(row),
                url=row.callback_url,
                key=row.signing_key or "",
                account_id=row.account_id,
            )
            for row in found
        ]

    def settle(self, callback: Callback) -> None:
        """Store the state of a callback after an attempt; one for an endpoint that is settled keeps its type alone."""
        is_settled = callback.state is not CallbackState.PENDING
        body = {"body": _settled_body} if is_settled else {}
        # What was given up meanwhile, and has lost its body, is not tried again.
        still = () if is_settled else (callbacks.c.state == CallbackState.PENDING,)
        self._run(
            update(callbacks)
            .where(callbacks.c.id == callback.id, *still)
            .values(
                attempts=callback.attempts,
                due_at=callback.due_at,
                tried_at=callback.tried_at,
                state=callback.state,
                status=callback.status,
                reason=callback.reason,
                **body,
            )
        )

    def of_id(self, callback_id: int) -> Callback | None:
        """Return the callback with this id."""
        return self._one(select(callbacks).where(callbacks.c.id == callback_id), callback_of)

    def revive(self, callback_id: int, *, at: datetime) -> None:
        """Let a callback that was given up be tried again, as often as a new one; it keeps its id and its body."""
        is_dead = (callbacks.c.id == callback_id, callbacks.c.state == CallbackState.DEAD)
        anew = {"state": CallbackState.PENDING, "attempts": 0, "due_at": at, "tried_at": None}
        self._run(update(callbacks).where(*is_dead).values(anew))

    def give_up(self, app_id: int, reason: str, *, older_than: datetime | None = None) -> None:
        """Give up pending callbacks of an application: all of them, or those made before this time."""
        pending = (callbacks.c.app_id == app_id, callbacks.c.state == CallbackState.PENDING, _is_owners)
        old = () if older_than is None else (callbacks.c.created_at < older_than,)
        dead = {"state": CallbackState.DEAD, "reason": reason}
        self._run(update(callbacks).where(*pending, *old).values(dead))

    def give_up_of(self, account_id: int, reason: str) -> None:
        """Give up pending callbacks of an account's applications."""
        its_apps = select(apps.c.id).where(apps.c.account_id == account_id)
        pending = (callbacks.c.app_id.in_(its_apps), callbacks.c.state == CallbackState.PENDING)
        dead = {"state": CallbackState.DEAD, "reason": reason, "body": _settled_body}
        self._run(update(callbacks).where(*pending).values(dead))

    def has_room(self, app_id: int, *, most: int) -> bool:
        """Return whether fewer than so many callbacks of an application are pending."""
        pending = (callbacks.c.state == CallbackState.PENDING, callbacks.c.app_id == app_id, _is_owners)
        return self._first(select(callbacks.c.id).where(*pending).limit(1).offset(most - 1)) is None

    def forget(self, *, at: datetime, most: int = CALLBACKS) -> None:
        """Remove settled callbacks older than a month, and of each owner and endpoint all but the newest ones."""
        settled = callbacks.c.state != CallbackState.PENDING
        self._run(delete(callbacks).where(settled, callbacks.c.created_at < at - KEPT_FOR))
        place = func.row_number().over(
            partition_by=(callbacks.c.app_id, callbacks.c.webhook_id), order_by=callbacks.c.id.desc()
        )
        ranked = select(callbacks.c.id, place.label("place")).where(settled).subquery()
        too_many = select(ranked.c.id).where(ranked.c.place > most)
        self._run(delete(callbacks).where(callbacks.c.id.in_(too_many)))

    def count_full(self, *, most: int) -> int:
        """Return how many applications have so many pending callbacks that no more are taken."""
        pending = (callbacks.c.state == CallbackState.PENDING, _is_owners)
        full = select(callbacks.c.app_id).where(*pending).group_by(callbacks.c.app_id).having(func.count() >= most)
        return int(self._run(select(func.count()).select_from(full.subquery())).scalar_one())

    def forget_naming(self, uid: str) -> None:
        """Remove the callbacks about the subscriber with this UID, settled or not."""
        self._run(delete(callbacks).where(callbacks.c.body.contains(uid, autoescape=True)))

    def count(self) -> int:
        """Return how many callbacks are pending."""
        pending = select(func.count()).where(callbacks.c.state == CallbackState.PENDING)
        return int(self._run(pending).scalar_one())

    def slice(self, app_id: int, cut: Slice) -> Sequence[Callback]:
        """Return a stretch of an application's callbacks, by id."""
        query = select(callbacks).where(callbacks.c.app_id == app_id, _is_owners)
        return self._all(stretch(query, callbacks.c.id, cut), callback_of)


def callback_of(row: Row[Any]) -> Callback:
    """Return the callback in a row."""
    return Callback(
        id=row.id,
        app_id=row.app_id,
        body=row.body,
        created_at=row.created_at,
        attempts=row.attempts,
        due_at=row.due_at,
        state=CallbackState(row.state),
        status=row.status,
        reason=row.reason,
        tried_at=row.tried_at,
        webhook_id=row.webhook_id,
    )
