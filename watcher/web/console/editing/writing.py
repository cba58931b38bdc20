"""What all ways to write a watch share: the id of a new one, why it is refused, and what follows once it is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from aiohttp import web

from watcher.config.edits import WatchEdit
from watcher.config.reachable import OutOfReach
from watcher.config.suggested_watch import id_of
from watcher.config.writing import Writer, taken_ids, unique
from watcher.core.acts import Act
from watcher.core.watch import Watch
from watcher.web.console.kept import KEPT_EDITS
from watcher.web.console.taking_up import taken_up
from watcher.web.console.watch_list import NO_WATCHES, PATH
from watcher.web.keys import SERVICE, LocalWatcher
from watcher.web.pages.view import see_other

_ACTS: Final = {"made": Act.WATCH_MADE, "changed": Act.WATCH_CHANGED, "removed": Act.WATCH_REMOVED}

Words: TypeAlias = Callable[..., str]


def new_id(local: LocalWatcher, title: str, url: str) -> str:
    """Return an id that is free."""
    return unique(id_of(title, url), {*NO_WATCHES, *taken_ids(local.watches)})


def refusal_words(t: Words, found: OutOfReach) -> str:
    """Return why the console does not write what is out of its reach."""
    words = t(f"out_of_reach_{found.reach}", name=found.key)
    return f"{words} {t('out_of_reach_by_default')}" if found.is_default else words


def kind_of(edit: WatchEdit) -> str:
    """Return what becomes of the watch, as keys of words name it."""
    if edit.before is None:
        return "made"
    return "removed" if edit.after is None else "changed"


def mended_by(writer: Writer, watch: str, selectors: Mapping[str, str]) -> tuple[WatchEdit, Watch]:
    """Return the edit that gives a watch other selectors, and the watch after it. Raises ConfigError, UsageError."""
    edit = writer.with_selectors(watch, selectors)
    mended = writer.judge(edit)
    assert mended is not None  # noqa: S101 - its id stays
    return edit, mended


async def saved(request: web.Request, local: LocalWatcher, edit: WatchEdit) -> web.Response:
    """Note that a watch was written, wait until the watcher knows of it, and lead to what was written."""
    await request.app[SERVICE].acts.note(_ACTS[kind_of(edit)], f"{edit.watch} ({edit.path})")
    name = request.app[KEPT_EDITS].add(request, edit)
    await taken_up(local, edit.watch, is_there=edit.after is not None)
    return see_other(f"{PATH}/saved/{name}")
