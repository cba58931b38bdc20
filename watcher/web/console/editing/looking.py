"""What the page of a watch shows: pointed at, suggested, and what the watch of a sheet finds there."""

from __future__ import annotations

import asyncio

from aiohttp import web
from msgspec.structs import replace

from watcher.config.literal import literal_body
from watcher.config.suggested_watch import body_of as suggested_body
from watcher.core.urls import looks_like_web_url
from watcher.extract.suggesting import Candidate
from watcher.web.console.editing.content import as_written, body_in
from watcher.web.console.editing.desk import Desk
from watcher.web.console.editing.form import MOST_URL, WatchForm, form_of, read_from
from watcher.web.console.editing.sheet import RefusedError, Sheet
from watcher.web.console.editing.trying import TryError, fetched, fetched_for, suggested, tried
from watcher.web.console.editing.writing import new_id
from watcher.web.console.picking.picker import path_of as path_to_point_at
from watcher.web.console.telling_form import topic_at_first
from watcher.web.keys import LocalWatcher
from watcher.web.pages.view import see_other


async def point_at(desk: Desk, sheet: Sheet) -> web.Response:
    """Return the redirect to the page, to be pointed at. Raises RefusedError."""
    try:
        if desk.watch:
            sheet, body = await asyncio.to_thread(as_written, desk)
            page = await fetched_for(desk.request, desk.local, desk.watch, body)
        else:
            page = await fetched(desk.request, desk.local, _with_url(sheet).url)
    except TryError as error:
        raise _not_tried(sheet, error) from error
    return see_other(path_to_point_at(page))


async def looked_at(desk: Desk, sheet: Sheet, number: int | None) -> Sheet:
    """
    Return the sheet with what its page suggests. Raises RefusedError.

    Args:
        number: of the candidate that the form takes, from 0.
    """
    form = _with_url(sheet)
    try:
        found = await suggested(desk.request, desk.local, form.url, anew=number is None)
    except TryError as error:
        raise _not_tried(sheet, error) from error
    problem = "" if found.candidates else "edit_nothing_suggested"
    sheet = replace(sheet, candidates=found.candidates, problem=problem, said=found.problem or "")
    if number is None and not form.values and not form.rows.find:
        number = 0
    if number is None or number >= len(found.candidates):
        return sheet
    taken_form = await asyncio.to_thread(_taken, desk.local, form, found.candidates[number], found.title)
    taken = replace(sheet, form=read_from(form, taken_form) if sheet.watch else taken_form)
    try:
        return await tried_on(desk, taken)
    except RefusedError:  # it is shown without what it finds, and a try says why
        return taken


def _taken(local: LocalWatcher, form: WatchForm, candidate: Candidate, title: str) -> WatchForm:
    """Return the form of a candidate; what was typed beside it stays."""
    candidate = replace(candidate, watch=literal_body(candidate.watch))
    topic = form.topic or topic_at_first(local)
    body = suggested_body(candidate, title, topic=topic, every=None)
    watch = form.watch or new_id(local, title, form.url)
    found = form_of(watch, {key: part for key, part in body.items() if key != "allow_private"})
    return replace(found, name=form.name or found.name, every=form.every)


async def tried_on(desk: Desk, sheet: Sheet) -> Sheet:
    """Return the sheet with what its watch finds. Raises RefusedError."""
    try:
        body = await asyncio.to_thread(body_in, desk, sheet)
        found = await tried(desk.request, desk.local, body)
    except TryError as error:
        raise _not_tried(sheet, error) from error
    return replace(sheet, tried=found)


def _with_url(sheet: Sheet) -> WatchForm:
    """Return the form of a sheet that says which page. Raises RefusedError."""
    form = sheet.form or WatchForm()
    if not looks_like_web_url(form.url) or len(form.url) > MOST_URL:
        raise RefusedError(replace(sheet, wrong={"url": "edit_wrong_url"}))
    return form


def _not_tried(sheet: Sheet, error: TryError) -> RefusedError:
    return RefusedError(replace(sheet, problem=error.words, said=error.text, refused=error.refused))
