"""
The steps in which a watch is made or changed: the form or its YAML, what it finds, what would change, and the file.

| `act` of the form | what comes of it |
|---|---|
| `point` | the page, to be pointed at; of a watch that is there, as its file has it, what it reads |
| `look`, `take-2` | what the page suggests; the form with the third of that |
| `try` | what it finds on the page, which is fetched once |
| `yaml`, `form` | the same watch in YAML, or in the form where that can say it |
| `check` | what is wrong with the YAML |
| `rules` | what would change with other `notify_when`, as they were replayed |
| `review` | what would change in which file, to be saved |
| `save` | the file, if it still is what was reviewed |

What is sent is one watch in both: the form's fields become its body, and the body the text that the file gets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from watcher.config.reachable import out_of_reach
from watcher.errors import ConfigError, UsageError
from watcher.web.console.editing.content import begun_text, turned, with_rules
from watcher.web.console.editing.desk import Desk, desk_of, nobody_here
from watcher.web.console.editing.form import MOST_URL, WatchForm
from watcher.web.console.editing.looking import looked_at, point_at, tried_on
from watcher.web.console.editing.review import review, save
from watcher.web.console.editing.sheet import RefusedError, Sheet, sheet_in, sheet_of
from watcher.web.console.editing.writing import refusal_words
from watcher.web.console.mistakes import told
from watcher.web.forms import form_texts

_DIGITS: Final = 4


async def show_new_watch(request: web.Request) -> web.Response:
    """`GET /console/watches/new?url=&as=yaml`: which page? Or the YAML of a new watch."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    if request.query.get("as") == "yaml":
        return desk.page(Sheet(watch="", text=begun_text()))
    gone = "pick_gone" if "gone" in request.query else ""
    return desk.page(Sheet(watch="", form=WatchForm(url=request.query.get("url", "")[:MOST_URL]), problem=gone))


async def show_watch_edit(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/edit`: a watch as its file has it."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    try:
        written = await asyncio.to_thread(desk.writer.written, desk.watch)
    except (ConfigError, UsageError) as error:
        return desk.refused(told(error))
    if found := out_of_reach(written.body):
        return desk.page(Sheet(watch=desk.watch, refused=found, file=str(written.path)), status=403)
    return desk.page(sheet_of(desk.watch, written))


async def edit_watch(request: web.Request) -> web.Response:
    """`POST /console/watches/new` and `…/{watch}/edit`: the next step, by the button that was pressed."""
    desk = desk_of(request)
    if desk is None:
        return nobody_here(request)
    fields = await form_texts(request)
    try:
        return await _next(desk, sheet_in(desk.watch, fields), fields)
    except RefusedError as refused:
        return desk.page(refused.sheet, status=422)


async def _next(desk: Desk, sheet: Sheet, fields: Mapping[str, str]) -> web.Response:
    """Return what comes of the button. Raises RefusedError."""
    act, _, number = fields.get("act", "review").partition("-")
    match act:
        case "point":
            return await point_at(desk, sheet)
        case "look" | "take":
            taken = int(number) if number.isdecimal() and len(number) < _DIGITS else None
            return desk.page(await looked_at(desk, sheet, taken))
        case "fields":
            return desk.page(sheet)
        case "try":
            return desk.page(await tried_on(desk, sheet))
        case "yaml" | "form" | "check":
            return desk.page(await turned(desk, sheet, act))
        case "rules" if desk.watch:
            return await review(desk, await asyncio.to_thread(with_rules, desk, fields.get("rules", "")))
        case "save":
            return await save(desk, sheet)
        case _:
            return await review(desk, sheet)


async def check_watch_text(request: web.Request) -> web.Response:
    """`POST /console/watches/check`: what is wrong with YAML, while it is typed; lines and sentences as JSON."""
    desk = desk_of(request)
    if desk is None:
        raise web.HTTPServiceUnavailable
    fields = await form_texts(request)
    sheet = await turned(desk, Sheet(watch=fields.get("watch", ""), text=fields.get("written", "")), "check")
    refused = [{"line": 0, "text": refusal_words(desk.words, each)} for each in sheet.refused]
    return web.json_response({"lines": [*refused, *({"line": each.line, "text": each.text} for each in sheet.lines)]})
