"""The parts of a watcher at work, opened and closed in order."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from msgspec import Struct

from watcher.core.check import OutboxEntry, WatchState
from watcher.core.figures import Pulse
from watcher.core.phrases import phrases_in
from watcher.core.renaming import renames
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC, TopicLanguages, WatchFile
from watcher.errors import ConfigError
from watcher.outbox.control import OutboxControl
from watcher.outbox.dispatch import Dispatcher
from watcher.runtime.checker import Checker, Surroundings, checker, surroundings
from watcher.runtime.serving.service import LazyService
from watcher.runtime.settings import note_watches_file, utc_now
from watcher.runtime.watch_store import watch_store
from watcher.store.kept_pages import KeptPages
from watcher.store.lock import RoleLock
from watcher.store.watch_store import DiskWatchStore

_log = logging.getLogger(__name__)


class Watching(Struct, frozen=True, kw_only=True):
    """
    The parts of a watcher at work.

    Attributes:
        pages: as they were read last.
    """

    checker: Checker
    store: DiskWatchStore
    dispatcher: Dispatcher
    outbox: OutboxControl
    pages: KeptPages

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
        yield from (self.checker.runner.loop.pulse, self.checker.committer.loop.pulse, self.dispatcher.loop.pulse)


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
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(RoleLock(settings.data, "watcher", holder))
        for main in file.files[:1]:
            note_watches_file(settings.data, main)
        phrases = phrases_in(TopicLanguages(file.topics)(ADMIN_TOPIC))
        store = await stack.enter_async_context(watch_store(settings.data, phrases))
        around = await stack.enter_async_context(surroundings(settings, file.topics, is_served=is_served))
        yield await _parts(settings, file, store, around, _asked_until(lock)), around.service


def _asked_until(lock: RoleLock) -> float:
    """Return until when the process before this one may have asked hosts, by the monotonic clock."""
    since = lock.free_since
    return float("-inf") if since is None else time.monotonic() - (utc_now() - since).total_seconds()


async def _parts(
    settings: Settings, file: WatchFile, store: DiskWatchStore, around: Surroundings, asked_until: float
) -> Watching:
    pages, states = KeptPages(settings.data), await store.states()
    states = {**states, **await rename(store, pages, due_renames(file, states))}
    await asyncio.to_thread(pages.keep_only, kept_of(file))
    dispatcher = Dispatcher(
        store.outbox, around.publisher, now=utc_now, chance=random.random, language_of=around.language_of
    )
    return Watching(
        checker=checker(
            around,
            store,
            pages,
            on_messages=dispatcher.loop.wake,
            file=file,
            states=states,
            asked_until=lambda _: asked_until,
        ),
        store=store,
        dispatcher=dispatcher,
        outbox=OutboxControl(store.outbox, dispatcher, now=utc_now),
        pages=pages,
    )


def due_renames(file: WatchFile, states: Mapping[str, WatchState]) -> Mapping[str, str]:
    """Return the new id of each watch that is to be renamed, by its former one; log those of which nothing is known."""
    for watch in file.watches.values():
        if watch.was is not None and states.keys().isdisjoint((watch.was, watch.id)):
            _log.warning("%s: `was: %s` has no effect: no watch of that id was ever checked", watch.id, watch.was)
    return renames(file.watches, states)


async def rename(store: DiskWatchStore, pages: KeptPages, renamed: Mapping[str, str]) -> Mapping[str, WatchState]:
    """Give watches what is kept under their former ids, former id → new id; return their states. Raises StoreError."""
    states = {}
    for old, new in renamed.items():
        await asyncio.to_thread(pages.rename, old, new)
        states[new] = await store.rename(old, new)
        _log.info("%s goes on as %s", old, new)
    return states


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
