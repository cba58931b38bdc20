"""The file of watches, read again while the watcher runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from watcher.core.settings import Settings
from watcher.core.watch import TopicLanguages, WatchFile
from watcher.errors import StoreError
from watcher.push.listeners import Listeners
from watcher.runtime.process.health import Health
from watcher.runtime.process.signals import has_terminal
from watcher.runtime.serving.service import LazyService
from watcher.runtime.settings import utc_now
from watcher.runtime.watching import Watching, due_renames, kept_of, refuse_topics_without_id, rename
from watcher.watching.reload import Files, Reloader
from watcher.watching.roster import Applied

_PAUSE_SECONDS = 5.0
"""After a defect."""
_log = logging.getLogger(__name__)


class Live(Struct, frozen=True, kw_only=True):
    """
    How the file of watches is read again.

    Attributes:
        asked: set to have it read at once.
        is_hangup_a_request: SIGHUP asks for that; else it ends the process. To a process at a terminal it says that
            the terminal closes; a daemon, whose input and output are no terminal, is told to read its files again.
        told: the warnings of topics that the operator has read at the start, and that are not repeated.
    """

    read: Callable[[], WatchFile]
    files: Files
    asked: asyncio.Event
    is_hangup_a_request: bool
    told: frozenset[str] = frozenset()

    @property
    def on_hangup(self) -> asyncio.Event | None:
        """What SIGHUP sets; None: it ends the process."""
        return self.asked if self.is_hangup_a_request else None


def follow(file: WatchFile, read: Callable[[], WatchFile]) -> Live:
    """Return how this file is read again; from now on it counts as read."""
    return Live(
        read=read,
        files=Files(file.files, file.folders),
        asked=asyncio.Event(),
        is_hangup_a_request=not has_terminal(),
    )


async def reload_for_ever(
    settings: Settings, parts: Watching, service: LazyService, live: Live, health: Health
) -> None:
    """Take the file into use whenever it was saved, until cancelled."""
    reloader = Reloader(
        partial(asyncio.to_thread, live.read),
        partial(use, settings, parts, service),
        parts.checker.committer.tell,
        epoch=parts.store.epoch,
        now=utc_now,
        language_of=TopicLanguages(parts.checker.topics),
    )
    await reload_whenever_saved(settings, reloader, service, live, health)


async def reload_whenever_saved(
    settings: Settings, reloader: Reloader, service: LazyService, live: Live, health: Health
) -> None:
    """Let the file be read again whenever it was saved, and log what is new of its topics, until cancelled."""
    told = live.told
    while True:
        try:
            await live.files.saved(live.asked)
            live.asked.clear()
            health.systemd.reloading()
            file = await reloader.reload()
            health.is_file_used = file is not None
            health.systemd.ready(health.status())
            if file is not None:
                live.files.follow(file.files, file.folders)
                told = await _warn_of_topics(settings, service, file, told)
        except Exception:
            _log.exception("a defect in watcher: the file of watches was not reloaded, or not whole")
            await asyncio.sleep(_PAUSE_SECONDS)


async def use(settings: Settings, parts: Watching, service: LazyService, file: WatchFile) -> Applied:
    """Watch what this file says from now on. Raises ConfigError, PushError, StoreError: nothing has changed."""
    refuse_topics_without_id(settings, file)
    await service.declare(file.topics.values())
    parts.checker.topics.update(file.topics)  # those that are gone stay: what waits in the outbox still goes to them
    await _rename(parts, file)
    applied = parts.checker.runner.apply(file)
    await asyncio.to_thread(parts.pages.keep_only, kept_of(file))
    return applied


async def _rename(parts: Watching, file: WatchFile) -> None:
    """Let watches of the file go on as those that they were, which leave first. Raises StoreError: they are back."""
    runner, states = parts.checker.runner, parts.checker.runner.states
    renamed = due_renames(file, states.known())
    left = {one: runner.watches[one] for one in (*renamed, *renamed.values()) if one in runner.watches}
    known = {one: states.of(one) for one in left}
    await runner.leave(left)
    try:
        states.join({**known, **await rename(parts.store, parts.pages, renamed)})
    except StoreError:
        runner.join(left, known)
        raise


def topic_warnings(found: Listeners) -> Iterator[str]:
    """Return a line for each topic that lacks subscribers or watches, without its link, which the log would mask."""
    for each in found.unheard:
        yield f"nobody listens to {each.called}; `watcher qr {each.key}` shows the code to scan"
    yield from found.untold_lines


async def _warn_of_topics(
    settings: Settings, service: LazyService, file: WatchFile, told: frozenset[str]
) -> frozenset[str]:
    """Log what was not told before, and return all that holds now."""
    if settings.push is not None:
        return told
    try:
        found = await (await service()).listeners(file)
    except StoreError as error:
        _log.warning("whether somebody listens to each topic is not known: %s", error)
        return told
    holding = list(topic_warnings(found))
    for warning in holding:
        if warning not in told:
            _log.warning("%s", warning)
    return frozenset(holding)
