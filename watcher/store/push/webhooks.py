"""Endpoints of webhooks, what is queued for each, and how far the changes of watches were told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from watcher.core.callbacks import Callback, CallbackState
from watcher.core.event_streams import Position
from watcher.core.push import Slice
from watcher.core.webhooks import Webhook, WebhookEvent
from watcher.store.push.apps import is_in_use
from watcher.store.push.callbacks import Outbound, callback_of, type_alone
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import apps, callbacks, told_changes, webhooks

_pending = callbacks.c.state == CallbackState.PENDING
# Each send of an application that has any asks this: building a statement anew costs more than running it.
_enabled: Final = (
    select(webhooks)
    .join(apps, apps.c.id == webhooks.c.app_id)
    .where(webhooks.c.app_id == bindparam("of_app"), webhooks.c.disabled == "", is_in_use)
    .order_by(webhooks.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far the changes of watches were told, and when."""

    position: Position
    at: datetime = field(compare=False)


class Webhooks(Rows):
    """The endpoints of all applications."""

    def add(
        self,
        *,
        app_id: int,
        topic_id: int | None,
        url: str,
        events: Collection[WebhookEvent],
        secret: str,
        created_at: datetime,
    ) -> Webhook:
        """Store a new endpoint of an application that exists."""
        row = {"app_id": app_id, "topic_id": topic_id, "url": url, "events": " ".join(sorted(events))}
        made = insert(webhooks).values(row | {"secret": secret, "disabled": "", "created_at": created_at})
        return _webhook(self._run(made.returning(webhooks)).one())

    def of_id(self, webhook_id: int) -> Webhook | None:
        """Return the endpoint with this id."""
        return self._one(select(webhooks).where(webhooks.c.id == webhook_id), _webhook)

    def slice(self, cut: Slice, *, app_id: int | None = None, topic_id: int | None = None) -> Sequence[Webhook]:
        """Return a stretch of the endpoints by id; those of an application, or of a topic alone."""
        query = select(webhooks)
        if app_id is not None:
            query = query.where(webhooks.c.app_id == app_id)
        if topic_id is not None:
            query = query.where(webhooks.c.topic_id == topic_id)
        return self._all(stretch(query, webhooks.c.id, cut), _webhook)

    def wanting(self, app_id: int, event: WebhookEvent) -> Sequence[Webhook]:
        """Return the endpoints of an application in use that are enabled and want such an event, of any topic."""
        found = [_webhook(row) for row in self._run(_enabled, {"of_app": app_id})]
        return [each for each in found if event in each.events]

    def save(self, webhook: Webhook) -> None:
        """Store since when an endpoint fails, and why it is disabled."""
        state = {"failing_since": webhook.failing_since, "disabled": webhook.disabled}
        self._run(update(webhooks).where(webhooks.c.id == webhook.id).values(state))

    def replace_secret(self, webhook_id: int, secret: str, *, old_until: datetime) -> None:
        """Replace the secret; the present one signs as well until then, and one before it no more."""
        old = {"old_secret": webhooks.c.secret, "old_secret_until": old_until}
        self._run(update(webhooks).where(webhooks.c.id == webhook_id).values(old | {"secret": secret}))

    def remove(self, webhook_id: int) -> None:
        """Remove an endpoint, with all that is queued for it and its log."""
        self._run(delete(callbacks).where(callbacks.c.webhook_id == webhook_id))
        self._run(delete(webhooks).where(webhooks.c.id == webhook_id))

    def remove_of_topic(self, topic_id: int) -> None:
        """Remove the endpoints of a topic."""
        for row in self._run(select(webhooks.c.id).where(webhooks.c.topic_id == topic_id)).all():
            self.remove(row.id)

    def hand_over(self, topic_id: int, into_id: int) -> None:
        """Let the endpoints of a topic be those of the one that it is merged into."""
        self._run(update(webhooks).where(webhooks.c.topic_id == topic_id).values(topic_id=into_id))

    def queue(self, webhook: Webhook, body: str, *, created_at: datetime, most: int) -> bool:
        """
        Store what an endpoint is to be told, due at once; return whether there was room for it.

        Args:
            most: that wait for all endpoints of the application. For one no more wait than are still free, so endpoints
                that take nothing leave room for the others: half of them, when it is the only one.
        """
        waiting = self._waiting(webhook.app_id)
        if waiting.get(webhook.id, 0) >= most - sum(waiting.values()):
            return False
        row = {"app_id": webhook.app_id, "webhook_id": webhook.id, "body": body, "state": CallbackState.PENDING}
        times = {"created_at": created_at, "due_at": created_at}
        self._run(insert(callbacks).values(row | times | {"attempts": 0, "reason": ""}))
        return True

    def heads(self) -> Sequence[Outbound]:
        """Return for each enabled endpoint of an application in use what is due there next, whether due or not."""
        soonest = (
            select(callbacks.c.id)
            .where(callbacks.c.webhook_id == webhooks.c.id, _pending)
            .order_by(callbacks.c.due_at, callbacks.c.id)
            .limit(1)
            .correlate(webhooks)
            .scalar_subquery()
        )
        heads = select(soonest).where(webhooks.c.disabled == "")
        ours = (webhooks.c.url, webhooks.c.secret, webhooks.c.old_secret, webhooks.c.old_secret_until)
        found = self._run(
            select(callbacks, *ours, apps.c.account_id)
            .join(webhooks, webhooks.c.id == callbacks.c.webhook_id)
            .join(apps, apps.c.id == callbacks.c.app_id)
            .where(callbacks.c.id.in_(heads), is_in_use)
        )
        return [
            Outbound(
                callback=callback_of(row),
                url=row.url,
                key=row.secret,
                old_key=row.old_secret or "",
                old_key_until=row.old_secret_until,
                account_id=row.account_id,
            )
            for row in found
        ]

    def deliveries(self, webhook_id: int, cut: Slice) -> Sequence[Callback]:
        """Return a stretch of what an endpoint was told, or is to be, by id."""
        query = select(callbacks).where(callbacks.c.webhook_id == webhook_id)
        return self._all(stretch(query, callbacks.c.id, cut), callback_of)

    def give_up(self, webhook_id: int, reason: str) -> None:
        """Give up all that is pending for an endpoint; of the bodies their types are kept."""
        pending = (callbacks.c.webhook_id == webhook_id, _pending)
        dead = {"state": CallbackState.DEAD, "reason": reason, "body": type_alone}
        self._run(update(callbacks).where(*pending).values(dead))

    def count(self, app_id: int) -> int:
        """Return how many endpoints an application has."""
        query = select(func.count()).select_from(webhooks).where(webhooks.c.app_id == app_id)
        return int(self._run(query).scalar_one())

    def told(self) -> Told | None:
        """Return how far the changes of watches were told; None: nobody wanted to know."""
        return self._one(select(told_changes), _told)

    def set_told(self, position: Position, *, at: datetime) -> None:
        """Note how far the changes of watches were told."""
        self.forget_told()
        row = {"single": 1, "epoch": position.epoch, "number": position.number, "told_at": at}
        self._run(insert(told_changes).values(row))

    def forget_told(self) -> None:
        """Forget it: nobody wants to know any more."""
        self._run(delete(told_changes))

    def _waiting(self, app_id: int) -> Mapping[int, int]:
        """Return how many wait for each endpoint of an application, for which any waits."""
        its = select(webhooks.c.id).where(webhooks.c.app_id == app_id)
        query = (
            select(callbacks.c.webhook_id, func.count().label("waiting"))
            .where(callbacks.c.webhook_id.in_(its), _pending)
            .group_by(callbacks.c.webhook_id)
        )
        return {row.webhook_id: row.waiting for row in self._run(query)}


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(
        id=row.id,
        app_id=row.app_id,
        topic_id=row.topic_id,
        url=row.url,
        events=frozenset(WebhookEvent(event) for event in row.events.split() if event in set(WebhookEvent)),
        created_at=row.created_at,
        failing_since=row.failing_since,
        disabled=row.disabled,
        old_secret_until=row.old_secret_until,
    )


def _told(row: Row[Any]) -> Told:
    return Told(position=Position(epoch=row.epoch, number=row.number), at=row.told_at)
