"""The push service of the data directory, and whom its topics reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, Topic, WatchFile
from watcher.runtime.mending import back_up_before_migration
from watcher.runtime.settings import utc_now
from watcher.store.files import make_private_directory
from watcher.store.moves import finish_moves

if TYPE_CHECKING:
    # SQLAlchemy costs 0.3 s to import, and the push service's entities 10 ms; most commands never need them.
    from watcher.core.push import PushTopic
    from watcher.push.service import PushService


@asynccontextmanager
async def push_service(settings: Settings, topics: Iterable[Topic] = ()) -> AsyncIterator[PushService]:
    """Open the push service of the data directory, with these topics declared. Any number of processes may."""
    from watcher.push.opening import open_push_service

    make_private_directory(settings.data)
    finish_moves(settings.data)
    await asyncio.to_thread(back_up_before_migration, settings.data)
    service = await open_push_service(
        settings.data / "push.db",
        now=utc_now,
        daily_messages=settings.daily_limit,
        caps=settings.caps,
        max_callbacks=settings.max_callbacks,
    )
    try:
        await service.topics.declare([topic for topic in topics if topic.id is None])
        yield service
    finally:
        await service.close()


async def make_admin_topic(service: PushService) -> None:
    """Make the operator's topic, which channels tell of what only the operator can mend, unless it is there."""
    if not any(topic.key == ADMIN_TOPIC for topic in await service.topics.all()):
        await service.topics.declare([Topic(key=ADMIN_TOPIC, name=ADMIN_TOPIC)])


class LazyService:
    """The push service of this process, opened by whoever first needs it."""

    def __init__(self, settings: Settings, topics: Mapping[str, Topic]) -> None:
        self._settings = settings
        self._topics = topics
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._service: PushService | None = None

    async def __call__(self) -> PushService:
        async with self._opening:
            if self._service is None:
                opened = push_service(self._settings, self._topics.values())
                self._service = await self._stack.enter_async_context(opened)
            return self._service

    async def declare(self, topics: Iterable[Topic]) -> None:
        """Declare other topics, if it was ever opened. Raises ConfigError, PushError, StoreError."""
        if self._service is not None:
            await self._service.topics.declare([topic for topic in topics if topic.id is None])

    async def aclose(self) -> None:
        """Close it, if it was ever opened."""
        await self._stack.aclose()


async def unheard_topics(service: PushService, file: WatchFile) -> list[PushTopic]:
    """Return the topics that watches, or single entries of theirs, tell and nobody listens to."""
    rules = [(watch, rule) for watch in file.watches.values() if watch.is_enabled for rule in watch.rules]
    told = {topic for watch, rule in rules for topic in rule.topics or watch.topics}
    return [topic for topic in await service.topics.all() if topic.key in told and not topic.subscribers]


async def untold_topics(service: PushService, file: WatchFile) -> list[PushTopic]:
    """Return the watcher's own topics that people follow and no watch tells."""
    from watcher.core.push import WATCHER_APP_KEY

    told = {ADMIN_TOPIC, *(file.all_well.topics if file.all_well else ())}
    for watch in file.watches.values():
        told.update(watch.topics, watch.on_error.topics, *(rule.topics for rule in watch.rules))
    own = {app.id for app in await service.apps.all() if app.key == WATCHER_APP_KEY}
    followed = [topic for topic in await service.topics.all() if topic.app_id in own and topic.subscribers]
    return [topic for topic in followed if topic.key is not None and topic.key not in told]
