"""
The push service as the rest of the house sees it: the API routes, the pages, the embedded publisher, the commands.

Every method is one transaction of the push store. Secrets are stored hashed and returned once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

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
)
from watcher.core.watch import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDraft:
    """
    A draft for one topic of the watcher's own application, as the outbox hands it over.

    Attributes:
        topic: its key, or its id for a topic that watches.yaml names by number.
    """

    idempotency_key: str
    topic: str | int
    draft: Draft


class PushService:
    """
    Applications, topics, subscribers, messages and deliveries, over one push store.

    Made by `open_push_service` (runtime only). Used from one event loop.
    """

    # Applications

    async def add_app(self, profile: AppProfile) -> tuple[App, str]:
        """Make an application; return it with its token `AT_…`, which is never shown again."""
        raise NotImplementedError

    async def apps(self) -> Sequence[App]:
        """Return all applications by id; the watcher's own is made at first use and is among them."""
        raise NotImplementedError

    async def app_of_token(self, token: str) -> App | None:
        """Return the application whose token this is."""
        raise NotImplementedError

    async def app_of_slug(self, slug: str) -> App | None:
        """Return the application whose follow page has this slug."""
        raise NotImplementedError

    # Topics

    async def declare_topics(self, topics: Sequence[Topic]) -> None:
        """
        Make the topics of watches.yaml in the watcher's application where they are missing, rename those that
        say `was`, and update names and descriptions. Topics with an `id` are elsewhere and are passed over.
        """
        raise NotImplementedError

    async def add_topic(self, name: str, *, app_id: int | None = None, description: str = "") -> PushTopic:
        """Make a topic by hand, in the watcher's application unless told otherwise. Raises RefusedError."""
        raise NotImplementedError

    async def topics(self) -> Sequence[PushTopic]:
        """Return all topics by id."""
        raise NotImplementedError

    async def topic_of_slug(self, slug: str) -> PushTopic | None:
        """Return the topic whose subscribe page has this slug."""
        raise NotImplementedError

    # Subscribers

    async def add_subscriber(self, *, app_ids: Sequence[int] = (), topic_ids: Sequence[int] = ()) -> NewSubscriber:
        """Make a subscriber that follows these. Raises RefusedError for an id that does not exist."""
        raise NotImplementedError

    async def subscribers(self) -> Sequence[tuple[Subscriber, Sequence[PushTopic], Sequence[App]]]:
        """Return all subscribers by id, with what they follow."""
        raise NotImplementedError

    async def subscriber_of_device(self, device_token: str) -> Subscriber | None:
        """Return whose device carries this cookie."""
        raise NotImplementedError

    async def follow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """Subscribe to one topic or application; again is no error. Raises RefusedError when it does not exist."""
        raise NotImplementedError

    async def unfollow(self, subscriber: Subscriber, *, topic_id: int | None = None, app_id: int | None = None) -> None:
        """End one subscription; without one is no error."""
        raise NotImplementedError

    async def following(self, subscriber: Subscriber) -> tuple[Sequence[PushTopic], Sequence[App]]:
        """Return the topics and applications that the subscriber follows."""
        raise NotImplementedError

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
        raise NotImplementedError

    async def publish(self, drafts: Sequence[TopicDraft]) -> Sequence[TargetResult]:
        """Send many drafts of the watcher's application in one transaction, each at most once per key, in order."""
        raise NotImplementedError

    async def status(self, send_record_id: int) -> SendStatus | None:
        """Return how one target of a send stands; None when there is no such record."""
        raise NotImplementedError

    async def message_of_slug(self, slug: str) -> Message | None:
        """Return the message whose page has this slug."""
        raise NotImplementedError

    async def reports(self, *, limit: int = 1000) -> Sequence[MessageReport]:
        """Return the newest messages with their delivery counts, oldest first."""
        raise NotImplementedError

    # Inbox

    async def inbox(self, subscriber: Subscriber, *, after: int = 0, limit: int = 100) -> Sequence[InboxItem]:
        """Return the inbox items with an id above `after`, oldest first."""
        raise NotImplementedError

    async def recent(self, subscriber: Subscriber, *, limit: int = 50) -> Sequence[InboxItem]:
        """Return the newest inbox items, newest first."""
        raise NotImplementedError

    async def acknowledge(self, subscriber: Subscriber, item_ids: Sequence[int]) -> None:
        """Note that the subscriber's device showed these; foreign ids are passed over."""
        raise NotImplementedError

    # Waking readers

    def on_delivery(self, wake: Callable[[Sequence[int]], None]) -> None:
        """Call `wake` with the ids of subscribers who have something new, after each commit that delivers."""
        raise NotImplementedError

    async def foreign_commit(self) -> bool:
        """Return whether another process has written since the last call (PRAGMA data_version)."""
        raise NotImplementedError

    async def close(self) -> None:
        """Let go of the database. Nothing may be called after."""
        raise NotImplementedError

    # Time is an argument of the service's maker, not of each method.
    _now: Callable[[], datetime]
