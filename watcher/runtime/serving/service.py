"""The push service, and whom its topics reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from watcher.core.databases import ANSWER_SECONDS, ClusterDatabase, DatabasePlace
from watcher.core.phrases import phrases_in
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, Topic, WatchFile
from watcher.errors import ConfigError
from watcher.runtime.mending import back_up_before_migration
from watcher.runtime.settings import utc_now
from watcher.store.damage import PUSH
from watcher.store.files import make_private_directory
from watcher.store.moves import finish_moves

if TYPE_CHECKING:
    # SQLAlchemy costs 0.3 s to import, and the push service's entities 10 ms; most commands never need them.
    from watcher.push.listeners import Listeners
    from watcher.push.service import PushService


@asynccontextmanager
async def push_service(
    settings: Settings, topics: Iterable[Topic] = (), *, is_served: bool = False, may_migrate: bool = False
) -> AsyncIterator[PushService]:
    """
    Open the push service of these settings, with these topics declared. Any number of processes may.

    Args:
        is_served: by this process, which holds the server's lock of the data directory.
        may_migrate: the database of a cluster with older tables, though the data directory does not know it.
    """
    from watcher.push.opening import open_push_service

    make_private_directory(settings.data)
    finish_moves(settings.data)
    if settings.database is None:
        await asyncio.to_thread(back_up_before_migration, settings.data)
    service = await open_push_service(
        database_of(settings, is_served=is_served, may_migrate=may_migrate),
        now=utc_now,
        daily_messages=settings.daily_limit,
        caps=settings.caps,
        max_callbacks=settings.max_callbacks,
        account_limits=settings.account_limits,
    )
    if is_served and settings.database is not None:
        service.messages.share_fan_out()
    try:
        await service.topics.declare([topic for topic in topics if topic.id is None])
        yield service
    finally:
        await service.close()


def database_of(settings: Settings, *, is_served: bool = False, may_migrate: bool = False) -> DatabasePlace:
    """Return where the push service keeps what it knows."""
    if settings.database is None:
        return settings.data / PUSH
    return ClusterDatabase(url=settings.database, data=settings.data, is_served=is_served, may_migrate=may_migrate)


async def make_admin_topic(service: PushService) -> None:
    """Make the operator's topic, which channels tell of what only the operator can mend, unless it is there."""
    if not any(topic.key == ADMIN_TOPIC for topic in await service.topics.all()):
        await service.topics.declare([Topic(key=ADMIN_TOPIC, name=phrases_in(None).operator_topic)])


class LazyService:
    """The push service of this process, opened by whoever first needs it."""

    def __init__(self, settings: Settings, topics: Mapping[str, Topic], *, is_served: bool) -> None:
        self._settings = settings
        self._is_served = is_served
        self._topics = topics
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._service: PushService | None = None

    async def __call__(self) -> PushService:
        async with self._opening:
            if self._service is None:
                opened = push_service(self._settings, self._topics.values(), is_served=self._is_served)
                self._service = await self._stack.enter_async_context(opened)
            return self._service

    async def declare(self, topics: Iterable[Topic]) -> None:
        """Declare other topics, if it was ever opened. Raises PushError, StoreError."""
        if self._service is not None:
            await self._service.topics.declare([topic for topic in topics if topic.id is None])

    async def aclose(self) -> None:
        """Close it, if it was ever opened."""
        await self._stack.aclose()


def look_for_listeners(settings: Settings, file: WatchFile, *, answer_seconds: float = ANSWER_SECONDS) -> Listeners:
    """
    Return whom a file of watches tells in vain, without making or changing anything.

    `answer_seconds`: how long it waits for a PostgreSQL that stands still.

    Raises:
        ConfigError: an application of the file, or a topic in it, is not there.
        StoreError: the database cannot be read as it is.
    """
    from watcher.push.listeners import listeners
    from watcher.push.topics import missing_foreign
    from watcher.store.push.looking import looking

    with looking(database_of(settings), answer_seconds=answer_seconds) as tx:
        if missing := missing_foreign(tx, file.topics.values()):
            raise ConfigError(missing[0])
        return listeners(tx, file)
