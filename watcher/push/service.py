"""
The push service as the rest of the house sees it: the API routes, the pages, the embedded publisher, the commands.

Every method is one transaction of the push store. Secrets are stored hashed and returned once.
The rules are in the modules of each noun; this one says where a transaction begins and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.core.push import (
    App,
    AppProfile,
    Draft,
    InboxItem,
    Message,
    MessageReport,
    NewSubscriber,
    PushTopic,
    SendStatus,
    Subscriber,
    TargetResult,
    TopicDraft,
)
from watcher.core.watch import Topic
from watcher.push.apps import add_app, checked_name, checked_note, checked_profile, own_app
from watcher.push.ids import hash_token, is_slug
from watcher.push.messages import Order, Sent, publish, reports, send, status_of
from watcher.push.subscribers import add_subscriber, all_following, follow, following
from watcher.push.topics import add_topic, declare
from watcher.store.push.records import Place

if TYPE_CHECKING:
    from watcher.store.push.store import PushStore


class PushService:
    """
    Applications, topics, subscribers, messages and deliveries, over one push store.

    Made by `open_push_service` (runtime only). Used from one event loop. Each method raises StoreError when the
    disk or the database refuses; then nothing was saved.
    """

    def __init__(self, store: PushStore, *, app_id: int, now: Callable[[], datetime]) -> None:
        self._store = store
        self._app_id = app_id
        self._now = now
        self._wakes: list[Callable[[Sequence[int]], None]] = []

    # Applications

    async def add_app(self, profile: AppProfile) -> tuple[App, str]:
        """Make an application; return it with its token `AT_…`, which is never shown again."""
        return await self._store.write(partial(add_app, profile=checked_profile(profile), now=self._now()))

    async def apps(self) -> Sequence[App]:
        """Return all applications by id; the watcher's own is made at first use and is among them."""
        return await self._store.read(lambda tx: tx.apps.all())

    async def app_of_token(self, token: str) -> App | None:
        """Return the application whose token this is."""
        return await self._store.read(lambda tx: tx.apps.of_token(hash_token(token)))

    async def app_of_slug(self, slug: str) -> App | None:
        """Return the application whose follow page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.apps.of_slug(slug))

    # Topics

    async def declare_topics(self, topics: Sequence[Topic]) -> None:
        """
        Make the topics of watches.yaml in the watcher's application where they are missing, rename those that
        say `was`, and update names and descriptions. Topics with an `id` are elsewhere and are passed over; those of
        another application (`app`) must be there.

        Raises:
            ConfigError: an application, or a topic in it, is not there; nothing was declared.
        """
        await self._store.write(partial(declare, app_id=self._app_id, declared=topics, now=self._now()))

    async def add_topic(self, name: str, *, app_id: int | None = None, description: str = "") -> PushTopic:
        """Make a topic by hand, in the watcher's application unless told otherwise. Raises RefusedError."""
        name, description = checked_name("name", name), checked_note("description", description)
        app_id = self._app_id if app_id is None else app_id
        return await self._store.write(
            partial(add_topic, app_id=app_id, name=name, description=description, now=self._now())
        )

    async def topics(self) -> Sequence[PushTopic]:
        """Return all topics by id."""
        return await self._store.read(lambda tx: tx.topics.all())

    async def topic_of_slug(self, slug: str) -> PushTopic | None:
        """Return the topic whose subscribe page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.topics.of_slug(slug))

    # Subscribers

    async def add_subscriber(self, *, app_ids: Sequence[int] = (), topic_ids: Sequence[int] = ()) -> NewSubscriber:
        """Make a subscriber that follows these. Raises RefusedError for an id that does not exist."""
        places = [Place(app_id=id_) for id_ in app_ids] + [Place(topic_id=id_) for id_ in topic_ids]
        return await self._store.write(partial(add_subscriber, places=places, now=self._now()))

    async def subscribers(self) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
        """Return all subscribers by id, with what they follow."""
        return await self._store.read(lambda tx: all_following(tx))

    async def subscriber_of_device(self, device_token: str) -> Subscriber | None:
        """Return whose device carries this cookie."""
        return await self._store.read(lambda tx: tx.subscribers.of_device(hash_token(device_token)))

    async def follow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """Subscribe to one topic or application; again is no error. Raises RefusedError when it does not exist."""
        place = Place(topic_id=topic_id, app_id=app_id)
        await self._store.write(partial(follow, subscriber_id=subscriber.id, place=place, now=self._now()))

    async def unfollow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """End one subscription; without one is no error."""
        place = Place(topic_id=topic_id, app_id=app_id)
        await self._store.write(lambda tx: tx.subscriptions.remove(subscriber.id, place))

    async def following(self, subscriber: Subscriber) -> tuple[Sequence[PushTopic], Sequence[App]]:
        """Return the topics and applications that the subscriber follows."""
        return await self._store.read(lambda tx: following(tx, subscriber.id))

    # Messages

    async def send(
        self,
        app: App,
        draft: Draft,
        *,
        uids: Sequence[str] = (),
        topic_ids: Sequence[int] = (),
        idempotency_key: str | None = None,
    ) -> Sequence[TargetResult]:
        """
        Send a message; return one result per uid, then per topic, in the order asked.

        A target that fails has its own code; a subscriber reached twice gets one delivery. When no target is good
        nothing is stored. A known idempotency key of this application returns the first answer and sends nothing.
        """
        order = Order(draft=draft, uids=uids, topic_ids=topic_ids, idempotency_key=idempotency_key)
        work = partial(send, app_id=app.id, order=order, now=self._now())
        return (await self._store.write(work, then=self._wake)).results

    async def publish(self, drafts: Sequence[TopicDraft]) -> Sequence[TargetResult]:
        """
        Send many drafts in one transaction, each at most once per key, in order: of the watcher's application, or of
        the one that a draft names.
        """
        work = partial(publish, own_app_id=self._app_id, drafts=drafts, now=self._now())
        return (await self._store.write(work, then=self._wake)).results

    async def status(self, send_record_id: int) -> SendStatus | None:
        """Return how one target of a send stands; None when there is no such record."""
        states = await self._store.read(lambda tx: tx.deliveries.states_of_record(send_record_id))
        return None if states is None else status_of(states)

    async def message_of_slug(self, slug: str) -> Message | None:
        """Return the message whose page has this slug."""
        if not is_slug(slug):
            return None
        return await self._store.read(lambda tx: tx.messages.of_slug(slug))

    async def reports(self, *, limit: int = 1000) -> Sequence[MessageReport]:
        """Return the newest messages with their delivery counts, oldest first."""
        return await self._store.read(lambda tx: reports(tx, limit=limit))

    # Inbox

    async def inbox(self, subscriber: Subscriber, *, after: int = 0, limit: int = 100) -> Sequence[InboxItem]:
        """Return the inbox items with an id above `after`, oldest first."""
        return await self._store.read(lambda tx: tx.deliveries.inbox(subscriber.id, after=after, limit=limit))

    async def recent(self, subscriber: Subscriber, *, limit: int = 50) -> Sequence[InboxItem]:
        """Return the newest inbox items, newest first."""
        return await self._store.read(lambda tx: tx.deliveries.recent(subscriber.id, limit=limit))

    async def acknowledge(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber's device showed these; foreign ids are passed over."""
        now = self._now()
        await self._store.write(lambda tx: tx.deliveries.mark_shown(subscriber.id, item_ids, at=now))

    # Waking readers

    def on_delivery(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of subscribers who have something new, after each commit that delivers."""
        self._wakes.append(wake)

    async def foreign_commit(self) -> bool:
        """Return whether another process has written since the last call (PRAGMA data_version)."""
        return await self._store.foreign_commit()

    async def close(self) -> None:
        """Let go of the database. Nothing may be called after."""
        await self._store.close()

    def _wake(self, sent: Sent) -> None:
        if sent.reached:
            for wake in self._wakes:
                wake(sorted(sent.reached))


async def open_push_service(database: Path, *, now: Callable[[], datetime]) -> PushService:
    """
    Open the push service over a database file, made and migrated where needed. Close it after use.

    Args:
        database: private to its user; its directory is made where missing. Other processes may use it too.
        now: gives the time, aware.

    Raises:
        StoreError: the file is no database, is from a newer watcher, or the disk refuses.
    """
    # SQLAlchemy costs 0.3 s to import: commands that only know this module need not pay it.
    from watcher.store.push.store import open_push_store

    store = await open_push_store(database)
    try:
        app = await own_app(store, now=now())
    except BaseException:
        await store.close()
        raise
    return PushService(store, app_id=app.id, now=now)
