"""Subscriptions: who follows which topic or application."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, select

from watcher.store.push.records import Place
from watcher.store.push.rows import Rows
from watcher.store.push.tables import subscribers, subscriptions


class Subscriptions(Rows):
    """One row per subscriber and topic, or subscriber and application."""

    async def add(self, subscriber_id: int, place: Place, *, created_at: datetime) -> None:
        """Subscribe; one that is there stays as it is. The place must exist."""
        if await self._first(select(subscriptions.c.id).where(_is(subscriber_id, place))) is None:
            row = {"subscriber_id": subscriber_id, "topic_id": place.topic_id, "app_id": place.app_id}
            await self._connection.execute(insert(subscriptions).values(row | {"created_at": created_at}))

    async def remove(self, subscriber_id: int, place: Place) -> None:
        """End the subscription if there is one."""
        await self._connection.execute(delete(subscriptions).where(_is(subscriber_id, place)))

    async def all(self, *, subscriber_id: int | None = None) -> Sequence[tuple[int, Place]]:
        """Return the subscriptions of one subscriber, or of all: subscriber's id and place, by subscription id."""
        query = select(subscriptions).order_by(subscriptions.c.id)
        if subscriber_id is not None:
            query = query.where(subscriptions.c.subscriber_id == subscriber_id)
        return [
            (row.subscriber_id, Place(topic_id=row.topic_id, app_id=row.app_id))
            for row in await self._connection.execute(query)
        ]

    async def followers(self, app_id: int, uids: Collection[str]) -> set[str]:
        """Return those of the uids whose subscribers follow the application itself."""
        found = await self._connection.scalars(
            select(subscribers.c.uid)
            .join(subscriptions)
            .where(subscriptions.c.app_id == app_id, subscribers.c.uid.in_(uids))
        )
        return set(found)


def _is(subscriber_id: int, place: Place) -> ColumnElement[bool]:
    # None compares as IS NULL here.
    return and_(
        subscriptions.c.subscriber_id == subscriber_id,
        subscriptions.c.topic_id == place.topic_id,
        subscriptions.c.app_id == place.app_id,
    )
