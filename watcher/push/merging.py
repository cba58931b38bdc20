"""Two topics that become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.core.acts import Act
from watcher.core.push import PushTopic
from watcher.core.watch import ADMIN_TOPIC
from watcher.errors import ConflictError, RefusedError
from watcher.push.context import Resource
from watcher.push.topics import known_topic

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


class Merging(Resource):
    """Merges topics of one push store."""

    async def merge(self, topic_id: int, into_id: int) -> Merged:
        """Merge a topic into another one (see `merge_topics`). Raises RefusedError, ConflictError, StoreError."""

        def work(tx: Transaction) -> Merged:
            merged = merge_topics(tx, topic_id, into_id)
            what = f"{merged.topic.name} → {merged.into.name}"
            self._note(tx, Act.TOPIC_MERGED, what, app_id=merged.into.app_id)
            return merged

        return await self._store.write(work)


class Merged(Struct, frozen=True, kw_only=True):
    """
    What came of it.

    Attributes:
        topic: the one that was merged, as it was.
        into: the other one, as it is now.
        moved: subscribers, those who wait or are rejected too, who were not subscribed to the other one.
    """

    topic: PushTopic
    into: PushTopic
    moved: int


def check_mergeable(topic: PushTopic, into: PushTopic) -> None:
    """Raise RefusedError for what can never be merged: a topic into itself, of two applications, or `admin`."""
    if topic.id == into.id:
        raise RefusedError(f"{topic.key or topic.name} is merged into itself; name two topics", field="topic_id")
    if topic.app_id != into.app_id:
        names = f"{topic.key or topic.name} and {into.key or into.name}"
        raise RefusedError(f"the topics {names} are of two applications", field="topic_id")
    if topic.key == ADMIN_TOPIC:
        raise RefusedError(
            f"{ADMIN_TOPIC} is where you are told what goes wrong; merge others into it", field="topic_id"
        )


def merge_topics(tx: Transaction, topic_id: int, into_id: int) -> Merged:
    """
        Merge a topic into another one of the same application.

        | what | becomes |
        |---|---|
        | its subscriptions | those of the other one, each as it stands; nobody has two |
        | its link, its QR code, its number | lead to the other one: a printed poster goes on working |
        | its feed's link, and its webhooks | are of the other one; where both have a feed, its link leads there |
    | its key, and whoever sends to its key or number | tell the other one's subscribers |
        | what was sent to it | stays with those who have it; what is queued for their other channels still goes out |

        Raises:
            RefusedError: one is not there, both are the same, of two applications, or it is `admin`.
            ConflictError: a message to one of them is still being brought to its readers.
    """
    topic, into = known_topic(tx, topic_id), known_topic(tx, into_id)
    check_mergeable(topic, into)
    for each in (topic, into):
        if tx.fan_outs.are_waiting_for(each.id):
            raise ConflictError(
                f"a message is still being brought to the readers of topic {each.id}; try again in a minute",
                field="topic_id",
            )
    moved = tx.subscriptions.move(topic.id, into.id)
    tx.webhooks.hand_over(topic.id, into.id)
    tx.topics.merge(topic.id, into.id)
    return Merged(topic=topic, into=known_topic(tx, into.id), moved=moved)
