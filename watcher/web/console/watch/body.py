"""
The page of a watch as its last check of note read it.

| what        | how                                                                                      |
|-------------|------------------------------------------------------------------------------------------|
| as it looks | a copy without anything that runs, sends or fetches (`extract.page_copy`), in a frame of |
|             | an opaque origin whose policy allows styles alone; what the watch finds has an outline   |
| its source  | as plain text, which no browser takes for a page                                         |
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, assert_never

from aiohttp import web

from watcher.core.page import Response
from watcher.core.values import Json
from watcher.core.watch import Items, Query, Values, Watch
from watcher.core.wording import said_by
from watcher.core.words import clean
from watcher.errors import CheckError
from watcher.translations import reworded
from watcher.web.addresses import known
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.watch.acts import driven_watch
from watcher.web.console.watch.reading import Reading, kept_reading
from watcher.web.console.watch_list import path_of
from watcher.web.keys import LocalWatcher
from watcher.web.middleware.headers import FRAMING_POLICY, framed
from watcher.web.pages.language import language_of

_POLICY: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_HEAD: Final = "<meta charset=utf-8><meta name=viewport content='width=device-width'><style>{}</style>"
_MARK: Final = "{}{{outline:3px solid #0f766e!important;outline-offset:1px}}"
_MOST_MARKS: Final = 200


async def show_kept_page(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/page`: when it was read and by which check, and the frame with it."""
    asked, local = await driven_watch(request)
    page = await asyncio.to_thread(local.kept_page, asked.id)
    if page is None:
        return done(path_of(asked.id), Said.WATCH_NO_PAGE)
    response = render_room(
        request, "watch-page.html", Room.WATCHES, id=asked.id, path_here=path_of(asked.id), page=page
    )
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response


async def show_kept_copy(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/page/copy`: the document of the frame."""
    from watcher.extract.page_copy import copy_of  # the parser

    reading, local = await _kept(request)
    watch, response = reading.watch, reading.response
    try:
        head = _HEAD.format(_MARK.format(", ".join(await _found(local, watch, response)) or "watcher-nothing"))
        copy = await local.made(watch, response, copy_of, head)
    except CheckError as error:
        raise web.HTTPUnprocessableEntity(text=clean(reworded(language_of(request), said_by(error)))) from error
    return framed(f"{copy.markup}</body></html>", _POLICY)


async def show_kept_source(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/page/source`: as it came, secrets aside."""
    reading, _ = await _kept(request)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return web.Response(text=reading.page.text, content_type="text/plain", charset="utf-8", headers=headers)


async def _kept(request: web.Request) -> tuple[Reading, LocalWatcher]:
    """Return the watch as it reads what is kept, and that. Raises HTTPNotFound, HTTPSeeOther."""
    asked, local = await driven_watch(request)
    reading = known(await kept_reading(local, asked.watch) if asked.watch is not None else None)
    return reading, local


async def _found(local: LocalWatcher, watch: Watch, response: Response) -> Sequence[str]:
    """Return selectors of what the watch finds in the copy; none where it finds nothing any more."""
    from watcher.extract.page_copy import NUMBER
    from watcher.extract.suggesting.places import places_of  # as above

    try:
        (places,) = await local.made(watch, response, places_of, [_asked(watch)])
    except CheckError:
        return []
    return [f'[{NUMBER}="{place:d}"]' for place in places[:_MOST_MARKS]]


def _asked(watch: Watch) -> dict[str, Json]:
    """Return what the watch looks for, in the words of a file."""
    match watch.extraction:
        case Values(selectors=selectors):
            queries = {name: selector.query for name, selector in selectors.items()}
            return {"extract": {name: _written(query) for name, query in queries.items() if query is not None}}
        case Items(query=query):
            return {"items": _written(query)}
        case _:
            assert_never(watch.extraction)


def _written(query: Query) -> dict[str, Json]:
    return {query.language.value: query.expression}
