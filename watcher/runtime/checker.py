"""
What checks watches, and all that is around it: the same for the watcher of a data directory and a worker of a cluster.

| of | `watching` has | `cluster.working` has |
|---|---|---|
| the store | the data directory's | the cluster's: what is written is behind the leases of shards |
| the watches | those of the file, from the start | those of each shard, for as long as its lease lasts |
| what is published | by one dispatcher | by one for each shard of topics |

So each opens its store, then the surroundings, and then builds its checker from both.
"""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final, Protocol

from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.protocols import OutboxAppender, Publisher, WatchStore
from watcher.core.settings import Settings
from watcher.core.watch import Topic, TopicLanguages, WatchFile
from watcher.fetch import HttpFetcher, SharedFetcher
from watcher.fetch.lanes import Lanes
from watcher.net.sessions import Sessions
from watcher.net.sockets import SocketBudget
from watcher.outbox.embedded import EmbeddedPublisher
from watcher.runtime.fetching import follow, lanes
from watcher.runtime.process.files import file_budget, raise_limit
from watcher.runtime.serving.service import LazyService
from watcher.runtime.settings import utc_now
from watcher.watching.check import CheckTools
from watcher.watching.committer import Committer
from watcher.watching.keeping import KeptPageWriter, PageStore
from watcher.watching.page_pool import PagePool
from watcher.watching.runner import Runner
from watcher.watching.timetable import Clocks

NO_WATCHES: Final = WatchFile(topics={}, watches={})


class Surroundings(Struct, frozen=True, kw_only=True):
    """
    What checking and publishing need around them.

    Attributes:
        pool: reads pages beside the event loop.
        topics: by key; the publisher looks topics up here, so that a reload can change them.
        service: the push service of this process; it is opened by whoever first needs it.
        publisher: takes messages to the push service, here or elsewhere.
    """

    sessions: Sessions
    pool: PagePool
    topics: dict[str, Topic]
    service: LazyService
    publisher: Publisher

    @property
    def language_of(self) -> TopicLanguages:
        """In which language a topic is told something."""
        return TopicLanguages(self.topics)


class Checker(Struct, frozen=True, kw_only=True):
    """
    What checks watches.

    Attributes:
        topics: as of `Surroundings`, and so is `pool`.
        lanes: in which hosts are asked.
        sockets: outbound ones.
    """

    runner: Runner
    committer: Committer
    fetcher: HttpFetcher
    lanes: Lanes
    topics: dict[str, Topic]
    pool: PagePool
    sockets: SocketBudget


class OpenedStore(WatchStore, Protocol):
    """A watch store, with the outbox that messages to the operator go to."""

    @property
    def outbox(self) -> OutboxAppender: ...


@asynccontextmanager
async def surroundings(
    settings: Settings, topics: Mapping[str, Topic], *, is_served: bool
) -> AsyncIterator[Surroundings]:
    """Open what is around a checker, and close it. `is_served`: this process serves the subscribers as well."""
    raise_limit()
    files, known = file_budget(settings), dict(topics)
    async with AsyncExitStack() as stack:
        sessions = await stack.enter_async_context(Sessions(most=files.sockets, lookups=files.lookups))
        pool = await stack.enter_async_context(PagePool())
        service = LazyService(settings, known, is_served=is_served)
        stack.push_async_callback(service.aclose)
        publisher = _publisher(settings, known, sessions, service)
        yield Surroundings(sessions=sessions, pool=pool, topics=known, service=service, publisher=publisher)


def checker(
    around: Surroundings,
    store: OpenedStore,
    pages: PageStore,
    *,
    on_messages: Callable[[], None],
    file: WatchFile = NO_WATCHES,
    states: Mapping[str, WatchState] | None = None,
    may_start: Callable[[str], object] | None = None,
    asked_until: Callable[[str], float] | None = None,
) -> Checker:
    """
    Return what checks the watches of a file, and those that join later.

    Args:
        pages: where those are kept that are read.
        on_messages: as of `Committer`.
        states: the newest of these watches.
        may_start, asked_until: as `Lanes` takes them.
    """
    committer = Committer(store, store.outbox, on_messages=on_messages)
    hosts = lanes(sockets=around.sessions.sockets.at_once, may_start=may_start, asked_until=asked_until)
    fetcher = HttpFetcher(around.sessions, hosts, now=utc_now)
    tools = CheckTools(
        fetcher=SharedFetcher(fetcher), readers=around.pool, epoch=lambda: store.epoch, pages=KeptPageWriter(pages)
    )
    runner = Runner(
        file.watches,
        states or {},
        tools,
        committer,
        Clocks(now=utc_now, chance=random.random),
        all_well=file.all_well,
        language_of=around.language_of,
        followers=[partial(follow, hosts)],
    )
    return Checker(
        runner=runner,
        committer=committer,
        fetcher=fetcher,
        lanes=hosts,
        topics=around.topics,
        pool=around.pool,
        sockets=around.sessions.sockets,
    )


def _publisher(settings: Settings, topics: Mapping[str, Topic], sessions: Sessions, service: LazyService) -> Publisher:
    if settings.push is None:
        return EmbeddedPublisher(service, topics)
    from watcher.outbox.remote import RemotePublisher  # and with it what knows WxPusher, which few need

    # The operator named this server, so it may stand on a private address.
    session = sessions.of(allow_private=True)
    token = settings.app_token or ""
    return RemotePublisher(session, settings.push, token, topics, now=utc_now, seconds=time.monotonic)
