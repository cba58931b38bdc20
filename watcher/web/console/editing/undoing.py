"""What was written of a watch, and the button that takes it back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web

from watcher.config.edits import WatchEdit
from watcher.config.writing import Writer
from watcher.core.acts import Act
from watcher.errors import ConfigError, UsageError
from watcher.web.console.editing.desk import desk_of
from watcher.web.console.editing.writing import kind_of
from watcher.web.console.kept import KEPT_EDITS
from watcher.web.console.mistakes import told
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.taking_up import taken_up
from watcher.web.console.topics import links_of_keys
from watcher.web.console.watch_list import PATH, path_of
from watcher.web.keys import LOCAL, SERVICE
from watcher.web.pages.view import see_other


async def show_saved_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/saved/{edit}`: what was written, and the button that takes it back."""
    edit = request.app[KEPT_EDITS].get(request, request.match_info["edit"])
    return see_other(PATH) if edit is None else await _page(request, edit)


async def undo_watch_edit(request: web.Request) -> web.Response:
    """`POST /console/watches/saved/{edit}`: put back what was there before, unless somebody wrote since."""
    desk, name = desk_of(request), request.match_info["edit"]
    edit = request.app[KEPT_EDITS].get(request, name)
    if desk is None or edit is None:
        return see_other(PATH)
    try:
        await asyncio.to_thread(_write, desk.writer, edit)
    except (ConfigError, UsageError) as error:
        return await _page(request, edit, status=409, wrong=told(error))
    request.app[KEPT_EDITS].pop(request, name)
    await request.app[SERVICE].acts.note(Act.WATCH_RESTORED, edit.watch)
    await taken_up(desk.local, edit.watch, is_there=edit.before is not None)
    return done(PATH if edit.before is None else path_of(edit.watch), Said.WATCH_RESTORED)


def _write(writer: Writer, edit: WatchEdit) -> None:
    writer.write(writer.undoing(edit))


async def _page(request: web.Request, edit: WatchEdit, *, status: int = 200, wrong: str = "") -> web.Response:
    return render_room(
        request,
        "watch-saved.html",
        Room.WATCHES,
        status=status,
        edit=edit,
        what=kind_of(edit),
        files=[(str(each.path), each.changed_lines) for each in edit.files],
        topics=await links_of_keys(request, _topics(request, edit)),
        wrong=wrong,
        home=path_of(edit.watch),
        action=request.path,
    )


def _topics(request: web.Request, edit: WatchEdit) -> Sequence[str]:
    """Return whom the watch tells, once the watcher has read it."""
    local = request.app.get(LOCAL)
    watch = local.watches.get(edit.watch) if local is not None and edit.after is not None else None
    return watch.topics if watch is not None else ()
