"""The callbacks of an application: what was sent to its owner's server, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from aiohttp import web
from msgspec import Struct

from watcher.core.callbacks import Callback, CallbackState
from watcher.core.push import App, Slice
from watcher.core.words import cut
from watcher.errors import RefusedError
from watcher.web.addresses import number_in
from watcher.web.console.apps import own_made_app, path_of
from watcher.web.console.paging import page_of
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.keys import SERVICE, SETTINGS

_BODY_CHARACTERS: Final = 400
"""Of a body that are shown: a command of 10 KB may stand in it."""


class Line(Struct, frozen=True, kw_only=True):
    """
    One callback in the log.

    Attributes:
        action: what it tells of; empty where its body does not say.
        body: its beginning.
        next_at: when it is tried next; None unless it is pending.
    """

    callback: Callback
    action: str
    body: str
    next_at: datetime | None

    @property
    def id(self) -> int:
        """The callback's number."""
        return self.callback.id

    @property
    def tone(self) -> str:
        """How its state is coloured."""
        match self.callback.state:
            case CallbackState.DELIVERED:
                return "good"
            case CallbackState.DEAD:
                return "bad"
            case CallbackState.PENDING:
                return "warn" if self.callback.attempts else "calm"


async def show_callbacks(request: web.Request) -> web.Response:
    """`GET /console/apps/{app}/callbacks?before=&after=`: newest first."""
    return await _log(request, await own_made_app(request))


async def test_callback(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/callbacks/test`: one that tells nothing else is sent as all are."""
    app = await own_made_app(request)
    try:
        await request.app[SERVICE].callbacks.send_test(app.id)
    except RefusedError:
        return await _log(request, app, refused=True)
    return done(_path(app), Said.CALLBACK_TESTED)


async def retry_callback(request: web.Request) -> web.Response:
    """`POST /console/apps/{app}/callbacks/{callback}/retry`: one that was given up is tried again."""
    app, number = await own_made_app(request), number_in(request, "callback")
    callbacks = request.app[SERVICE].callbacks
    if not any(one.id == number for one in await callbacks.slice(app.id, Slice(after=number - 1, limit=1))):
        raise web.HTTPNotFound
    try:
        await callbacks.retry(app.id, number)
    except RefusedError:
        return await _log(request, app, refused=True)
    return done(_path(app), Said.CALLBACK_RETRIED)


async def _log(request: web.Request, app: App, *, refused: bool = False) -> web.Response:
    """Return the page; `refused`: nothing was sent, for there is no URL or too many callbacks wait."""

    async def read(stretch: Slice) -> Sequence[Line]:
        return [line_of(one, "action") for one in await request.app[SERVICE].callbacks.slice(app.id, stretch)]

    page = await page_of(request, read, lambda line: line.id)
    return render_room(
        request,
        "callbacks.html",
        Room.APPS,
        status=422 if refused else 200,
        app=app,
        page=page,
        refused=refused,
        has_private_callbacks=app.account_id is None and request.app[SETTINGS].private_callbacks,
    )


def line_of(callback: Callback, member: str) -> Line:
    """Return what the log says of a callback; `member`: of its body, which says what it tells of."""
    return Line(
        callback=callback,
        action=str(json.loads(callback.body).get(member, "")),
        body=cut(callback.body, _BODY_CHARACTERS),
        next_at=callback.due_at if callback.state is CallbackState.PENDING and callback.attempts else None,
    )


def _path(app: App) -> str:
    return f"{path_of(app)}/callbacks"
