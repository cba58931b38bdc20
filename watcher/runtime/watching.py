"""The parts of a watcher at work, opened and closed in order."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from msgspec import Struct

from watcher.core.check import OutboxEntry
from watcher.core.figures import Pulse
from watcher.core.phrases import phrases_in
from watcher.core.protocols import Publisher
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, Topic, TopicLanguages, WatchFile
from watcher.errors import ConfigError
from watcher.fetch import HttpFetcher, SharedFetcher
from watcher.net.sessions import Sessions
from watcher.net.sockets import SocketBudget
from watcher.outbox.control import OutboxControl
from watcher.outbox.dispatch import Dispatcher
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.runtime.fetching import follow, lanes
from watcher.runtime.process.files import file_budget, raise_limit
from watcher.runtime.serving.service import LazyService
from watcher.runtime.settings import utc_now
from watcher.runtime.watch_store import watch_store
from watcher.store.kept_pages import KeptPages
from watcher.store.lock import RoleLock
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.keeping import KeptPageWriter
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks


class Watching(Struct, frozen=True, kw_only=True):
    """
    The parts of a watcher at work.

    Attributes:
        topics: by key; the publisher looks topics up here, so that a reload can change them.
        pool: reads pages beside the event loop.
        pages: as they were read last.
        sockets: outbound ones.
    """

    store: DiskWatchStore
    runner: Runner
    committer: Committer
    dispatcher: Dispatcher
    outbox: OutboxControl
    fetcher: HttpFetcher
    topics: dict[str, Topic]
    pool: PagePool
    pages: KeptPages
    sockets: SocketBudget

    async def answer(self) -> None:
        """Return when the store has answered something. Raises StoreError."""
        await self.store.answer()

    @property
    def living(self) -> Sequence[OutboxEntry]:
        """The messages that wait to be published."""
        return self.store.outbox.living

    @property
    def dead(self) -> int:
        """How many messages were given up."""
        return self.store.outbox.dead

    @property
    def published(self) -> Mapping[str, int]:
        """Attempts by how they went, since the start."""
        return self.dispatcher.published

    def pulses(self) -> Iterator[Pulse]:
        """Yield what each loop says of itself."""
        yield from (self.runner.loop.pulse, self.committer.loop.pulse, self.dispatcher.loop.pulse)


@asynccontextmanager
async def watching(
    settings: Settings, file: WatchFile, holder: str, *, is_served: bool = False
) -> AsyncIterator[tuple[Watching, LazyService]]:
    """
    Open everything a watcher needs, and close it; the caller holds no lock before and none after.

    Args:
        is_served: this process serves the subscribers as well.

    Raises:
        ConfigError: a topic has no id, and the push server is elsewhere.
        LockedError: another watcher runs on the data directory.
        StoreError: the state cannot be read or written.
    """
    refuse_topics_without_id(settings, file)
    raise_limit()
    async with AsyncExitStack() as stack:
        stack.enter_context(RoleLock(settings.data, "watcher", holder))
        phrases = phrases_in(TopicLanguages(file.topics)(ADMIN_TOPIC))
        store = await stack.enter_async_context(watch_store(settings.data, phrases))
        files = file_budget(settings)
        sessions = await stack.enter_async_context(Sessions(most=files.sockets, lookups=files.lookups))
        pool = await stack.enter_async_context(PagePool())
        topics = dict(file.topics)
        service = LazyService(settings, topics, is_served=is_served)
        stack.push_async_callback(service.aclose)
        dispatcher = Dispatcher(
            store.outbox,
            publisher_of(settings, topics, sessions, service),
            now=utc_now,
            chance=random.random,
            language_of=TopicLanguages(topics),
        )
        committer = Committer(store, store.outbox, on_messages=dispatcher.loop.wake)
        lanes_of_hosts = lanes(sockets=sessions.sockets.at_once)
        http = HttpFetcher(sessions, lanes_of_hosts, now=utc_now)
        pages = KeptPages(settings.data)
        await asyncio.to_thread(pages.keep_only, kept_of(file))
        tools = CheckTools(fetcher=SharedFetcher(http), readers=pool, epoch=store.epoch, pages=KeptPageWriter(pages))
        clocks = Clocks(now=utc_now, chance=random.random)
        parts = Watching(
            store=store,
            runner=Runner(
                file.watches,
                await store.states(),
                tools,
                committer,
                clocks,
                all_well=file.all_well,
                language_of=TopicLanguages(topics),
                followers=[partial(follow, lanes_of_hosts)],
            ),
            committer=committer,
            dispatcher=dispatcher,
            outbox=OutboxControl(store.outbox, dispatcher, now=utc_now),
            fetcher=http,
            topics=topics,
            pool=pool,
            pages=pages,
            sockets=sessions.sockets,
        )
        yield parts, service


def kept_of(file: WatchFile) -> Collection[str]:
    """Return the watches whose pages are kept."""
    return {watch.id for watch in file.watches.values() if watch.keep_page}


def refuse_topics_without_id(settings: Settings, file: WatchFile) -> None:
    """Raise ConfigError when a topic has no number at the push server elsewhere."""
    if settings.push is None:
        return
    if not settings.app_token:
        raise ConfigError("--push needs --app-token (or WATCHER_APP_TOKEN): the token of an application there")
    rules = [(watch, rule) for watch in file.watches.values() for rule in watch.rules]
    told = dict.fromkeys(topic for watch, rule in rules for topic in rule.topics or watch.topics)
    missing = [key for key in told if file.topics[key].id is None]
    if missing:
        raise ConfigError(
            f"with --push each topic needs its number there; write `{missing[0]}: {{id: 103}}` under `topics:`"
            + (f" (missing: {', '.join(missing)})" if len(missing) > 1 else "")
        )


def publisher_of(
    settings: Settings, topics: Mapping[str, Topic], sessions: Sessions, service: LazyService
) -> Publisher:
    """Return what takes messages to the push service, here or elsewhere."""
    if settings.push is None:
        return EmbeddedPublisher(service, topics)
    from watcher.outbox.remote import RemotePublisher  # and with it what knows WxPusher, which few need

    # The operator named this server, so it may stand on a private address.
    session = sessions.of(allow_private=True)
    token = settings.app_token or ""
    return RemotePublisher(session, settings.push, token, topics, now=utc_now, seconds=time.monotonic)
