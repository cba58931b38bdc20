"""Webhooks: the endpoints of applications and topics, which `background/callback_sender` tells what happens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from watcher.core.acts import Act
from watcher.core.callbacks import Callback
from watcher.core.check import NotedEvent
from watcher.core.event_streams import Position
from watcher.core.push import Slice
from watcher.core.urls import host_of, is_web_url
from watcher.core.wakeups import wakes_callbacks
from watcher.core.webhooks import GRACE, MOST, Webhook, WebhookEvent
from watcher.errors import RefusedError
from watcher.push.apps import MAX_NOTE_CHARS, known_app, running_app
from watcher.push.context import Context, Resource
from watcher.push.ids import new_webhook_secret
from watcher.push.topics import known_topic
from watcher.push.webhook_events import tell_change, tell_test

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction
    from watcher.store.push.webhooks import Told

_FULL: Final = (
    "webhook: too many deliveries wait for it, or for its application's others; none is added until some are taken"
)

ALL: Final = Slice(limit=10_000)
"""More than an application or a topic may have."""


class Webhooks(Resource):
    """The webhooks of one push store; of what was told type and answer are kept. Each method raises StoreError."""

    def __init__(self, context: Context, *, own_app_id: int) -> None:
        """`own_app_id`: the watcher's own application, the only one that is told of changes."""
        super().__init__(context)
        self.own_app_id = own_app_id

    async def add(
        self, app_id: int, url: str, events: Collection[WebhookEvent], *, topic_id: int | None = None
    ) -> tuple[Webhook, str]:
        """
        Add an endpoint; return it with its secret `whsec_…` (32 bytes), which is not shown again.

        Args:
            topic_id: it is told what concerns this topic of the application alone.

        Raises:
            RefusedError: no http or https address, no event, changes of another application than the watcher's, no
                such application or topic, or the application has 20 endpoints.
        """
        url, secret, now = _checked_url(url), new_webhook_secret(), self._now()
        if not events:
            raise RefusedError(f"name at least one of {', '.join(WebhookEvent)}", field="events")
        if WebhookEvent.CHANGE in events and app_id != self.own_app_id:
            raise RefusedError(f"{WebhookEvent.CHANGE} is of the watcher's own application alone", field="events")

        def work(tx: Transaction) -> Webhook:
            known_app(tx, app_id)
            if topic_id is not None and known_topic(tx, topic_id).app_id != app_id:
                raise RefusedError(f"there is no topic {topic_id} of application {app_id}", field="topic_id")
            if tx.webhooks.count(app_id) >= MOST:
                raise RefusedError(f"application {app_id} has {MOST} webhooks; remove one first", field="app_id")
            made = tx.webhooks.add(
                app_id=app_id, topic_id=topic_id, url=url, events=events, secret=secret, created_at=now
            )
            self._note(tx, Act.WEBHOOK_MADE, named(made), app_id=app_id)
            return made

        return await self._store.write(work), secret

    async def slice(self, cut: Slice, *, app_id: int | None = None) -> Sequence[Webhook]:
        """Return a stretch of the webhooks by id; with `app_id` those of that application only."""
        return await self._store.read(lambda tx: tx.webhooks.slice(cut, app_id=app_id))

    async def of_topic(self, topic_id: int) -> Sequence[Webhook]:
        """Return the webhooks of a topic alone, by id."""
        return await self._store.read(lambda tx: tx.webhooks.slice(ALL, topic_id=topic_id))

    async def of_id(self, webhook_id: int, *, app_id: int | None = None) -> Webhook | None:
        """Return the webhook with this id; with `app_id` one of that application only."""
        found = await self._store.read(lambda tx: tx.webhooks.of_id(webhook_id))
        return found if found is not None and app_id in (None, found.app_id) else None

    async def renew_secret(self, webhook_id: int) -> str:
        """Return a new secret of a webhook; for 24 hours the present one signs as well. Raises RefusedError."""
        secret, until = new_webhook_secret(), self._now() + GRACE

        def work(tx: Transaction) -> None:
            webhook = _known(tx, webhook_id)
            tx.webhooks.replace_secret(webhook_id, secret, old_until=until)
            self._note(tx, Act.WEBHOOK_SECRET_RENEWED, named(webhook), app_id=webhook.app_id)

        await self._store.write(work)
        return secret

    async def enable(self, webhook_id: int) -> Webhook:
        """Tell a webhook again what happens from now on; one that is enabled stays so. Raises RefusedError."""

        def work(tx: Transaction) -> Webhook:
            webhook = _known(tx, webhook_id)
            if webhook.is_enabled:
                return webhook
            enabled = replace(webhook, disabled="", failing_since=None)
            tx.webhooks.save(enabled)
            self._note(tx, Act.WEBHOOK_ENABLED, named(webhook), app_id=webhook.app_id)
            return enabled

        return await self._store.write(work)

    async def send_test(self, webhook_id: int) -> None:
        """
        Tell a webhook nothing but that webhooks arrive (`test`).

        Raises RefusedError: there is none, it is disabled, its application is paused, or too many deliveries wait.
        """
        now = self._now()

        def work(tx: Transaction) -> None:
            webhook = _known(tx, webhook_id)
            if not webhook.is_enabled:
                raise RefusedError("webhook: it is disabled; enable it first")
            running_app(tx, webhook.app_id)
            if not tell_test(tx, webhook, now=now):
                raise RefusedError(_FULL)
            self._note(tx, Act.WEBHOOK_TESTED, named(webhook), app_id=webhook.app_id)

        await self._store.write(work, wakes=wakes_callbacks)

    async def remove(self, webhook_id: int) -> None:
        """Remove a webhook, with what waits for it. Raises RefusedError: there is none."""

        def work(tx: Transaction) -> None:
            webhook = _known(tx, webhook_id)
            tx.webhooks.remove(webhook_id)
            self._note(tx, Act.WEBHOOK_REMOVED, named(webhook), app_id=webhook.app_id)

        await self._store.write(work)

    async def deliveries(self, webhook_id: int, cut: Slice) -> Sequence[Callback]:
        """Return a stretch of what a webhook was told, or is to be, by id."""
        return await self._store.read(lambda tx: tx.webhooks.deliveries(webhook_id, cut))

    async def told(self) -> tuple[bool, Told | None]:
        """Return whether any webhook wants changes of watches, and how far they were told; None: not begun."""
        own = self.own_app_id
        return await self._store.read(
            lambda tx: (bool(tx.webhooks.wanting(own, WebhookEvent.CHANGE)), tx.webhooks.told())
        )

    async def tell_changes(self, found: Sequence[NotedEvent], position: Position) -> None:
        """Queue changes for those who want them, and note how far that is, in one transaction."""
        now = self._now()

        def work(tx: Transaction) -> None:
            for noted in found:
                tell_change(tx, self.own_app_id, noted, now=now)
            tx.webhooks.set_told(position, at=now)

        await self._store.write(work, wakes=wakes_callbacks)

    async def forget_told(self) -> None:
        """Note that nobody wants to know of changes."""
        await self._store.write(lambda tx: tx.webhooks.forget_told())


def _known(tx: Transaction, webhook_id: int) -> Webhook:
    if (found := tx.webhooks.of_id(webhook_id)) is None:
        raise RefusedError(f"there is no webhook {webhook_id}", field="webhook_id")
    return found


def named(webhook: Webhook) -> str:
    """Return what the log calls it: the address may hold a secret, its host does not."""
    return f"#{webhook.id} {host_of(webhook.url)}"


def _checked_url(text: str) -> str:
    url = text.strip()
    if len(url) > MAX_NOTE_CHARS:
        raise RefusedError(f"{len(url)} characters; at most {MAX_NOTE_CHARS}", field="url")
    if not is_web_url(url):
        raise RefusedError(f"{url[:100]!r} is no http or https address", field="url")
    return url
