"""Topics: declared by the operator against those that are there, and made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.push import PushTopic
from watcher.core.watch import Topic
from watcher.errors import RefusedError
from watcher.push.draft import clean_text
from watcher.push.ids import new_slug

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction


async def declare(tx: Transaction, app_id: int, declared: Sequence[Topic], *, now: datetime) -> None:
    """
    Make, rename and update the application's topics as declared.

    Where both `was` and `key` exist, each stays what it is. None is removed, for people may follow it.
    """
    here = [topic for topic in declared if topic.id is None]
    present = await tx.topics.keyed(app_id)
    # First, so that a key that became free may be declared anew, wherever it stands in the file.
    for topic in here:
        if topic.was in present and topic.key not in present:
            present[topic.key] = await _rename(tx, present.pop(topic.was), topic.key)
    for topic in here:
        await _declare(tx, app_id, topic, present.get(topic.key), now=now)


async def add_topic(tx: Transaction, app_id: int, name: str, description: str, *, now: datetime) -> PushTopic:
    """Make a topic by hand. Raises RefusedError when there is no such application."""
    if await tx.apps.of_id(app_id) is None:
        raise RefusedError(f"app_id: there is no application {app_id}")
    return await tx.topics.add(app_id=app_id, slug=new_slug(), name=name, description=description, created_at=now)


async def _rename(tx: Transaction, topic: PushTopic, key: str) -> PushTopic:
    await tx.topics.declare(topic.id, key=key, name=topic.name, description=topic.description)
    return replace(topic, key=key)


async def _declare(tx: Transaction, app_id: int, topic: Topic, old: PushTopic | None, *, now: datetime) -> None:
    name, description = clean_text("name", topic.name), clean_text("description", topic.description)
    if old is None:
        await tx.topics.add(
            app_id=app_id, key=topic.key, slug=new_slug(), name=name, description=description, created_at=now
        )
    elif (old.name, old.description) != (name, description):
        await tx.topics.declare(old.id, key=topic.key, name=name, description=description)
