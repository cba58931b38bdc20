"""Feeds of topics: whoever has the secret link reads what is sent there, without being a subscriber."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from watcher.core.acts import Act
from watcher.core.feeds import ENTRIES
from watcher.core.push import App, Message, PushTopic
from watcher.push.apps import known_app
from watcher.push.context import Resource
from watcher.push.ids import is_slug, new_slug
from watcher.push.topics import known_topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from watcher.store.push.store import Transaction


_SETTLED_AFTER: Final = timedelta(minutes=1)


class FeedHead(Struct, frozen=True, kw_only=True):
    """
    What is known of a feed before its messages are read.

    Attributes:
        app: which sends.
        message_ids: newest first.
        changed_at: when the last message was sent, or one of them withdrawn, once that is a minute ago: a message may
            follow in the same second (RFC 9110 §8.8.2.2). None: there was none, or it is too new.
    """

    topic: PushTopic
    app: App
    message_ids: Sequence[int]
    changed_at: datetime | None


class Feeds(Resource):
    """The feeds of one push store. Each method raises StoreError."""

    async def make(self, topic_id: int) -> PushTopic:
        """Give a topic a feed at a new link; the link before it ends. Raises RefusedError: there is no such topic."""

        def work(tx: Transaction) -> PushTopic:
            topic = known_topic(tx, topic_id)
            tx.topics.set_feed(topic_id, new_slug())
            self._note(tx, Act.FEED_MADE, topic.name, app_id=topic.app_id)
            return known_topic(tx, topic_id)

        return await self._store.write(work)

    async def end(self, topic_id: int) -> PushTopic:
        """End a topic's feed; again is no error. Raises RefusedError: there is no such topic."""

        def work(tx: Transaction) -> PushTopic:
            topic = known_topic(tx, topic_id)
            tx.topics.set_feed(topic_id, None)
            if topic.feed_slug is not None:
                self._note(tx, Act.FEED_ENDED, topic.name, app_id=topic.app_id)
            return known_topic(tx, topic_id)

        return await self._store.write(work)

    async def look(self, feed_slug: str) -> FeedHead | None:
        """Return what the feed at this link has; None: there is none, or its application is paused."""
        if not is_slug(feed_slug):
            return None
        now = self._now()

        def work(tx: Transaction) -> FeedHead | None:
            topic = tx.topics.of_feed(feed_slug)
            app = None if topic is None else known_app(tx, topic.app_id)
            if topic is None or app is None or app.is_paused:
                return None
            newest = tx.feeds.newest(topic.id, limit=ENTRIES)
            is_settled = newest.changed_at is not None and now - newest.changed_at >= _SETTLED_AFTER
            return FeedHead(
                topic=topic,
                app=app,
                message_ids=newest.ids,
                changed_at=newest.changed_at if is_settled else None,
            )

        return await self._store.read(work)

    async def messages(self, head: FeedHead) -> Sequence[Message]:
        """Return the messages of a feed, newest first; without those that were withdrawn meanwhile."""
        return await self._store.read(lambda tx: tx.feeds.messages(head.message_ids))
