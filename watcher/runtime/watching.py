"""The parts of a watcher at work, opened and closed in order."""

from __future__ import annotations

import logging
import random
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from watcher.core.check import OutboxMessage
from watcher.core.judge import message_id
from watcher.core.protocols import Publisher
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, Topic, WatchFile
from watcher.errors import ConfigError
from watcher.fetch import SharedFetcher
from watcher.net.sessions import Sessions
from watcher.outbox.dispatch import Dispatcher
from watcher.runtime.backups import open_watches, tell_notices
from watcher.runtime.fetching import fetcher, lanes, readers
from watcher.runtime.process.files import file_budget, raise_limit
from watcher.runtime.service import LazyService
from watcher.runtime.settings import utc_now
from watcher.store.lock import RoleLock
from watcher.watching.check import Bench
from watcher.watching.committer import Committer
from watcher.watching.runner import Runner

if TYPE_CHECKING:
    from watcher.fetch import HttpFetcher, Lanes
    from watcher.net.sockets import SocketBudget
    from watcher.store.watch_store import DiskWatchStore

_log = logging.getLogger(__name__)


class Watching(Struct, frozen=True, kw_only=True):
    """
    The parts of a watcher at work.

    Attributes:
        lanes: the fetcher's.
        topics: by key; the publisher looks topics up here, so that a reload can change them.
        sockets: outbound ones.
    """

    store: DiskWatchStore
    runner: Runner
    committer: Committer
    dispatcher: Dispatcher
    lanes: Lanes
    fetcher: HttpFetcher
    topics: dict[str, Topic]
    sockets: SocketBudget


@asynccontextmanager
async def watching(settings: Settings, file: WatchFile, holder: str) -> AsyncIterator[tuple[Watching, LazyService]]:
    """
    Open everything a watcher needs, and close it; the caller holds no lock before and none after.

    Raises:
        ConfigError: a topic has no id, and the push server is elsewhere.
        LockedError: another watcher runs on the data directory.
        StoreError: the state cannot be read or written.
    """
    refuse_topics_without_id(settings, file)
    raise_limit()
    async with AsyncExitStack() as stack:
        stack.enter_context(RoleLock(settings.data, "watcher", holder))
        store, is_lost = await open_watches(settings.data)
        stack.push_async_callback(store.close)
        await tell_notices(settings.data, partial(_into_the_outbox, store))
        if is_lost:
            await _tell_lost_state(store)
        if store.damaged:
            await _tell_damaged_records(store)
        files = file_budget(settings)
        sessions = await stack.enter_async_context(Sessions(most=files.sockets, lookups=files.lookups))
        workers = await stack.enter_async_context(readers())
        topics = dict(file.topics)
        service = LazyService(settings, topics)
        stack.push_async_callback(service.aclose)
        publisher = _publisher(settings, topics, sessions, service)
        dispatcher = Dispatcher(store, publisher, now=utc_now, chance=random.random)
        committer = Committer(store, on_messages=dispatcher.wake)
        lanes_of_hosts = lanes(file.watches.values(), sockets=sessions.sockets.at_once)
        http = fetcher(sessions, lanes_of_hosts)
        bench = Bench(fetcher=SharedFetcher(http), readers=workers, epoch=store.epoch)
        runner = Runner(
            file.watches,
            await store.states(),
            bench,
            committer,
            now=utc_now,
            chance=random.random,
            all_well=file.all_well,
        )
        yield (
            Watching(
                store=store,
                runner=runner,
                committer=committer,
                dispatcher=dispatcher,
                lanes=lanes_of_hosts,
                fetcher=http,
                topics=topics,
                sockets=sessions.sockets,
            ),
            service,
        )


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


def _publisher(settings: Settings, topics: Mapping[str, Topic], sessions: Sessions, service: LazyService) -> Publisher:
    if settings.push is None:
        from watcher.outbox.embedded import EmbeddedPublisher

        return EmbeddedPublisher(service, topics)
    from watcher.outbox.remote import RemotePublisher

    # The operator named this server, so it may stand on a private address.
    session = sessions.of(allow_private=True)
    token = settings.app_token or ""
    return RemotePublisher(session, settings.push, token, topics, now=utc_now, seconds=time.monotonic)


async def _into_the_outbox(store: DiskWatchStore, message: OutboxMessage) -> None:
    await store.settle([], [], [message])


async def _tell_lost_state(store: DiskWatchStore) -> None:
    text = (
        "The state of all watches was lost: the database is not the one that was here before. "
        "Each watch takes a new baseline."
    )
    _log.error(text)
    now = utc_now()
    notice = OutboxMessage(
        id=message_id(store.epoch, "", 0, ADMIN_TOPIC),
        watch="",
        topic=ADMIN_TOPIC,
        summary="The state of all watches was lost",
        content=text,
        url=None,
        created_at=now,
    )
    await _into_the_outbox(store, notice)


async def _tell_damaged_records(store: DiskWatchStore) -> None:
    text = f"What the disk has is not what was written: {', '.join(_damage(key) for key in store.damaged)}."
    _log.error(text)
    notice = OutboxMessage(
        id=secrets.token_hex(16),  # it is saved once: together with what it tells of
        watch="",
        topic=ADMIN_TOPIC,
        summary=f"{len(store.damaged)} damaged record{'s' if len(store.damaged) > 1 else ''}",
        content=text,
        url=None,
        created_at=utc_now(),
    )
    await store.mend(notice)


def _damage(key: str) -> str:
    """Return what it means that a record is damaged, by its key (`store/records.py`)."""
    kind, _, name = key.partition("/")
    match kind:
        case "state":
            return f"the state of {name} (it takes a new baseline, and what changed since its last check is not told)"
        case "checked":
            return f"when {name} was last checked (it is checked now)"
        case "outbox":
            return f"a message that was to be told (`watcher outbox` shows it as {key}; it is not tried again)"
        case _:
            return f"the record {key}"
