"""What would change in which file, before a watch is made, changed or removed; and the file, if it still is that."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.config.edits import WatchEdit
from watcher.config.written import read_written
from watcher.core.watch import Watch
from watcher.errors import ConfigError, UsageError
from watcher.web.console.editing.already import AlreadyTrue, already_true
from watcher.web.console.editing.content import other_id, text_in
from watcher.web.console.editing.desk import Desk, desk_of, form_path, nobody_here, page_path
from watcher.web.console.editing.sheet import Line, RefusedError, Sheet, lines_of
from watcher.web.console.editing.writing import kind_of, saved
from watcher.web.console.mistakes import told
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_list import NO_WATCHES, path_of
from watcher.web.forms import form_texts

if TYPE_CHECKING:
    from watcher.extract.noise import SecondLook

_NOTHING_HELD: Final = AlreadyTrue()


class Reviewed(Struct, frozen=True, kw_only=True):
    """
    An edit that may be saved.

    Attributes:
        text: the lines of the watch as they were sent; empty of one that is removed.
        watch: as it is judged; None of one that is removed, or of `for_each`.
    """

    edit: WatchEdit
    text: str = ""
    watch: Watch | None = None


async def review_of(request: web.Request, watch: str, text: str, second: SecondLook | None = None) -> web.Response:
    """Return the page with what would change where another page wrote the lines of a watch, and looked at its page."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    try:
        return await review(desk, Sheet(watch=watch, text=text), second)
    except RefusedError as refused:
        return desk.page(refused.sheet, status=422)


async def review(desk: Desk, sheet: Sheet, second: SecondLook | None = None) -> web.Response:
    """Return the page with what would change, and what a second look showed. Raises RefusedError."""
    reviewed = await asyncio.to_thread(_reviewed, desk, sheet)
    edit = reviewed.edit
    if sheet.digest and edit.before is not None and sheet.digest != edit.digest:
        raise RefusedError(replace(sheet, problem="edit_changed_meanwhile", digest=edit.digest))
    already = await already_true(desk.request, desk.local, edit.watch, reviewed.watch)
    return _page(desk, reviewed, already=already, second=second)


async def save(desk: Desk, sheet: Sheet) -> web.Response:
    """Write what was reviewed, and lead to what was written. Raises RefusedError."""
    return await _save(desk, await asyncio.to_thread(_reviewed, desk, sheet), sheet.digest)


async def ask_to_remove_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/remove`: what would change."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    try:
        return _page(desk, await asyncio.to_thread(_removal, desk))
    except RefusedError as refused:
        return desk.page(refused.sheet, status=403)
    except (ConfigError, UsageError) as error:
        return desk.refused(told(error))


async def remove_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/remove`: take it out of its file, if that is as it was shown."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    fields = await form_texts(request)
    try:
        return await _save(desk, await asyncio.to_thread(_removal, desk), fields.get("digest", ""))
    except RefusedError as refused:
        return desk.page(refused.sheet, status=403)
    except (ConfigError, UsageError) as error:
        return desk.refused(told(error))


def _page(
    desk: Desk,
    reviewed: Reviewed,
    *,
    status: int = 200,
    wrong: str = "",
    already: AlreadyTrue = _NOTHING_HELD,
    second: SecondLook | None = None,
) -> web.Response:
    edit = reviewed.edit
    own = edit.watch if edit.before is not None else ""
    return render_room(
        desk.request,
        "watch-review.html",
        Room.WATCHES,
        status=status,
        watch=edit.watch,
        what=kind_of(edit),
        files=[(str(each.path), each.changed_lines) for each in edit.files],
        text=reviewed.text,
        digest=edit.digest,
        is_by_hand=edit.is_by_hand,
        action=f"{path_of(own)}/remove" if edit.after is None else form_path(own),
        back=page_path(own),
        wrong=wrong,
        already=already,
        second=second,
    )


async def _save(desk: Desk, reviewed: Reviewed, digest: str) -> web.Response:
    """Write an edit, if the files are as they were shown. `digest`: of the files then."""
    edit = reviewed.edit
    if edit.is_by_hand:
        return _page(desk, reviewed, status=403 if edit.after is None else 409)
    if digest != edit.digest:
        return _page(desk, reviewed, status=409, wrong=desk.words("edit_changed_meanwhile"))
    try:
        await asyncio.to_thread(desk.writer.write, edit)
    except (ConfigError, UsageError) as error:
        return _page(desk, reviewed, status=409, wrong=told(error))
    return await saved(desk.request, desk.local, edit)


def _removal(desk: Desk) -> Reviewed:
    """Return the edit that removes the watch. Blocks. Raises ConfigError, RefusedError, UsageError."""
    edit = desk.writer.removing(desk.watch)
    if found := edit.out_of_reach:
        raise RefusedError(Sheet(watch=desk.watch, refused=found, file=str(edit.path)))
    return Reviewed(edit=edit)


def _reviewed(desk: Desk, sheet: Sheet) -> Reviewed:
    """Return the edit that a sheet asks for. Blocks. Raises RefusedError."""
    text = text_in(desk, sheet)
    try:
        written = read_written(text)
    except ConfigError as error:
        raise RefusedError(replace(sheet, lines=lines_of(error.problems))) from error
    if sheet.watch and written.watch != sheet.watch:
        raise RefusedError(replace(sheet, lines=[other_id(desk, sheet)]))
    if not sheet.watch and written.watch in NO_WATCHES:
        raise RefusedError(replace(sheet, problem="edit_reserved"))
    try:
        edit = desk.writer.changing(sheet.watch, text) if sheet.watch else desk.writer.adding(written.watch, text)
    except (ConfigError, UsageError) as error:
        raise RefusedError(replace(sheet, problem="edit_unwritable", said=told(error))) from error
    return Reviewed(edit=edit, text=text, watch=_judged(desk, sheet, edit, written.text.count("\n")))


def _judged(desk: Desk, sheet: Sheet, edit: WatchEdit, lines: int) -> Watch | None:
    """
    Return the watch as the loader judges it. Blocks.

    Args:
        lines: how many it has.

    Raises:
        RefusedError: it is out of reach, changes nothing or would be wrong.
    """
    if refused := edit.out_of_reach:
        raise RefusedError(replace(sheet, refused=refused))
    if not any(each.changed_lines for each in edit.files):
        raise RefusedError(replace(sheet, problem="edit_no_change"))
    try:
        return desk.writer.judge(edit)
    except ConfigError as error:
        own = range(edit.line, edit.line + lines)
        found = lines_of(error.problems, file=str(edit.path), lines=own)
        raise RefusedError(replace(sheet, lines=found or [Line(line=0, text=str(error))])) from error
    except UsageError as error:
        raise RefusedError(replace(sheet, problem="edit_unwritable", said=str(error))) from error
