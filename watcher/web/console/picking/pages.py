"""The pages of the picker: the page that was fetched, and what is chosen on it. The operator's."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from watcher.core.wording import said_by
from watcher.core.words import clean, one_line
from watcher.errors import CheckError, UsageError
from watcher.translations import reworded
from watcher.web.addresses import known
from watcher.web.console.fetched import FETCHED, Fetched
from watcher.web.console.picking.frame import HEAD, frame_of
from watcher.web.console.picking.picker import ALL_WELL, path_of, picker
from watcher.web.console.watch_list import NEW
from watcher.web.keys import LOCAL, LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import render, see_other, words_in

_MOST_TEXT: Final = 200


async def show_picker(request: web.Request) -> web.Response:
    """`GET /console/watches/pick/{pick}`: the page in its frame, and what is chosen beside it."""
    page = request.app[FETCHED].find(request)
    return _gone() if page is None else picker(request, page)


async def show_copy(request: web.Request) -> web.Response:
    """`GET /console/watches/pick/{pick}/page?dressed=`: the document of the frame."""
    from watcher.extract.page_copy import copy_of, dressed_copy_of  # the parser

    local, page = _found(request)
    is_dressed = "dressed" in request.query
    try:
        copy = await local.made(page.watch, page.response, dressed_copy_of if is_dressed else copy_of, HEAD)
    except CheckError as error:
        return frame_of(
            f"<!DOCTYPE html><html><head>{HEAD}</head><body>",
            reworded(language_of(request), said_by(error)),
            is_dressed=False,
        )
    page.title = page.title or one_line(clean(copy.title))
    note = words_in(language_of(request))("pick_cut") if copy.is_cut else ""
    return frame_of(copy.markup, note, is_dressed=is_dressed)


async def show_candidates(request: web.Request) -> web.Response:
    """`GET /console/watches/pick/{pick}/candidates`: what the page suggests, as a part of the picker."""
    from watcher.web.console.picking.choosing import suggested

    local, page = _found(request)
    try:
        found = await suggested(local, page)
    except CheckError as error:
        return render(request, "console/pick-candidates.html", found=None, problem=said_by(error))
    return render(request, "console/pick-candidates.html", found=found, problem=found.suggestions.problem)


async def show_choice(request: web.Request) -> web.Response:
    """`GET /console/watches/pick/{pick}/choice?of=&without=`: what is chosen, and the form that saves it."""
    from watcher.web.console.picking.choosing import choice_of, offer_of
    from watcher.web.console.picking.mending import mending_of
    from watcher.web.console.picking.saving import form_of

    local, page = _found(request)
    choice = known(choice_of(request.query.get("of", ""), request.query.get("without", "")))
    try:
        offer = await offer_of(local, page, choice)
        mending = await mending_of(local, page) if page.mends else None
    except (CheckError, UsageError) as error:
        return render(request, "console/pick-choice.html", offer=None, problem=said_by(error), wrong=ALL_WELL)
    form = None if mending else await asyncio.to_thread(form_of, local, page, offer)
    return render(
        request,
        "console/pick-choice.html",
        offer=offer,
        form=form,
        mending=mending,
        wrong=ALL_WELL,
        text="",
        refusals=(),
        problem="",
        base=path_of(page),
    )


async def show_showing(request: web.Request) -> web.Response:
    """`GET /console/watches/pick/{pick}/showing?q=`: what on the page shows a text."""
    from watcher.extract.suggesting.pointed import showing

    local, page = _found(request)
    wanted = request.query.get("q", "").strip()[:_MOST_TEXT]
    try:
        found = await local.made(page.watch, page.response, showing, wanted) if wanted else ()
    except CheckError:
        found = ()
    return render(request, "console/pick-showing.html", found=found, wanted=wanted)


async def save_choice(request: web.Request) -> web.Response:
    """`POST /console/watches/pick/{pick}`: write the watch of what is chosen, or show how another one would change."""
    from watcher.web.console.picking.saving import save

    page = request.app[FETCHED].find(request)
    if page is None:
        return _gone()
    return await save(request, _local(request), page)


def _found(request: web.Request) -> tuple[LocalWatcher, Fetched]:
    """Return the watcher and the page that the address names. Raises HTTPNotFound where it is gone."""
    page = known(request.app[FETCHED].find(request))
    return _local(request), page


def _local(request: web.Request) -> LocalWatcher:
    return known(request.app.get(LOCAL))


def _gone() -> web.Response:
    return see_other(f"{NEW}?gone")
