"""What there is, in pages, for our own API: of everybody, or of one application alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from watcher.core.callbacks import Callback
from watcher.core.push import (
    App,
    Delivery,
    DeliveryCounts,
    MessageReport,
    PushTopic,
    Subscriber,
    Subscription,
)
from watcher.store.push.records import Slice, SubscriptionFilter

if TYPE_CHECKING:
    from watcher.core.push import Message
    from watcher.store.push.store import PushStore, Transaction

_T = TypeVar("_T", App, PushTopic)


class Catalog:
    """
    The nouns of one push store, one page or one of them at a time.

    With `app_id` what belongs to another application is not there. Each method raises StoreError.
    """

    def __init__(self, store: PushStore) -> None:
        self._store = store

    async def apps(self, cut: Slice, *, app_id: int | None = None) -> Sequence[App]:
        """Return applications by id."""
        found = await self._store.read(lambda tx: tx.apps.all())
        return _cut([app for app in found if app_id in (None, app.id)], cut)

    async def app(self, id_: int) -> App | None:
        """Return one application."""
        return await self._store.read(lambda tx: tx.apps.of_id(id_))

    async def callbacks(self, app_id: int, cut: Slice) -> Sequence[Callback]:
        """Return an application's callbacks by id: settled ones are kept for 30 days."""
        return await self._store.read(lambda tx: tx.callbacks.slice(app_id, cut))

    async def topics(self, cut: Slice, *, app_id: int | None = None) -> Sequence[PushTopic]:
        """Return topics by id."""
        found = await self._store.read(lambda tx: tx.topics.all() if app_id is None else tx.topics.of_app(app_id))
        return _cut(found, cut)

    async def topic(self, id_: int, *, app_id: int | None = None) -> PushTopic | None:
        """Return one topic."""
        topic = await self._store.read(lambda tx: tx.topics.of_id(id_))
        return topic if topic is not None and app_id in (None, topic.app_id) else None

    async def subscribers(
        self, cut: Slice, *, app_id: int | None = None, uid: str | None = None
    ) -> Sequence[Subscriber]:
        """Return subscribers by id: with `app_id` those who have to do with it or a topic of it."""
        return await self._store.read(lambda tx: tx.subscribers.slice(cut, app_id=app_id, uid=uid))

    async def subscriptions(self, only: SubscriptionFilter, cut: Slice) -> Sequence[Subscription]:
        """Return subscriptions by id."""
        return await self._store.read(lambda tx: tx.subscriptions.slice(only, cut))

    async def subscription(self, id_: int, *, app_id: int | None = None) -> Subscription | None:
        """Return one subscription."""
        return await self._store.read(lambda tx: tx.subscriptions.of_id(id_, app_id=app_id))

    async def messages(self, cut: Slice, *, app_id: int | None = None) -> Sequence[MessageReport]:
        """Return messages with their delivery counts, by id; deleted ones are not there."""

        def look(tx: Transaction) -> Sequence[MessageReport]:
            return _reports(tx, tx.messages.slice(cut, app_id=app_id))

        return await self._store.read(look)

    async def message(self, id_: int, *, app_id: int | None = None) -> MessageReport | None:
        """Return one message with its delivery counts."""

        def look(tx: Transaction) -> MessageReport | None:
            found = _reports(tx, tx.messages.slice(Slice(after=id_ - 1, limit=1), app_id=app_id))
            return next((report for report in found if report.message.id == id_), None)

        return await self._store.read(look)

    async def deliveries(self, message_id: int, cut: Slice) -> Sequence[Delivery]:
        """Return a message's deliveries by id."""
        return await self._store.read(lambda tx: tx.deliveries.slice(message_id, cut))


def _reports(tx: Transaction, messages: Sequence[Message]) -> Sequence[MessageReport]:
    counts = tx.deliveries.counts([message.id for message in messages])
    return [MessageReport(message=message, deliveries=counts.get(message.id, DeliveryCounts())) for message in messages]


def _cut(found: Sequence[_T], cut: Slice) -> Sequence[_T]:
    """Return the stretch of a list that is short: operators make what is on it, one by one."""
    return [one for one in found if one.id > cut.after][: cut.limit]
