"""The watches in the console: which there are, and how each stands. The operator's."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from aiohttp import web

from watcher.core.phrases import phrases_in
from watcher.errors import StoreError
from watcher.web.console.numbers import id_in
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_lines import lines_of
from watcher.web.keys import LIVE, WATCHES
from watcher.web.pages.language import language_of
from watcher.web.sessions.account import CONSOLE

PATH: Final = f"{CONSOLE}/watches"
_PAGE: Final = 50
"""Watches on a page."""
_log = logging.getLogger(__name__)


def path_of(watch: str) -> str:
    """Return the address of a watch's page; its id may hold dots and letters of any script."""
    return f"{PATH}/{quote(watch, safe='')}"


async def show_watches(request: web.Request) -> web.Response:
    """`GET /console/watches?page=`: trouble first; for anything odd the first page."""
    reader, live, phrases = request.app[WATCHES], request.app[LIVE](), phrases_in(language_of(request))
    try:
        lines = await asyncio.to_thread(lines_of, reader, live, phrases, now=datetime.now(UTC))
    except StoreError as error:
        _log.warning("the console cannot show the watches: %s", error)
        return render_room(request, "watches.html", Room.WATCHES, lines=None)
    pages = max(1, -(-len(lines) // _PAGE))
    page = min(max(1, id_in(request.query.get("page", ""))), pages)
    shown = lines[(page - 1) * _PAGE : page * _PAGE]
    return render_room(request, "watches.html", Room.WATCHES, lines=shown, page=page, pages=pages, path_of=path_of)
