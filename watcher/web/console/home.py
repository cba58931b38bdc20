"""The console's first page: the operator's looks after the whole server, an owner's after what is theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from watcher.core.message_log import LoggedMessage
from watcher.core.push import App, AppFigures, MessageFilter, Slice
from watcher.web.console.overview import show_overview
from watcher.web.console.scope import newest_apps
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import ACCOUNT, SERVICE

_APPS: Final = 5
_MESSAGES: Final = 8
"""On the page, the newest."""


async def show_home(request: web.Request) -> web.Response:
    """`GET /console`."""
    messages = await _newest_messages(request)
    if request[ACCOUNT].is_operator:
        return await show_overview(request, messages)
    apps = await newest_apps(request, _APPS)
    figures = await request.app[SERVICE].apps.figures([app.id for app in apps])
    return render_room(
        request,
        "home.html",
        Room.OVERVIEW,
        apps=apps,
        figures=figures,
        messages=messages,
        steps=_steps(apps, figures, messages),
    )


async def _newest_messages(request: web.Request) -> Sequence[LoggedMessage]:
    cut, only = Slice(limit=_MESSAGES, is_newest_first=True), MessageFilter(account_id=request[ACCOUNT].id)
    return await request.app[SERVICE].message_log.slice(cut, only)


def _steps(
    apps: Sequence[App], figures: Mapping[int, AppFigures], messages: Sequence[LoggedMessage]
) -> Sequence[tuple[str, str, bool]]:
    """Return what to do first, as (name, address, whether it is done); nothing once all is done."""
    has_followers = any(each.subscriptions for each in figures.values())
    steps = (
        ("app", "/console/apps/new", bool(apps)),
        ("code", f"/console/apps/{apps[0].id}" if apps else "", has_followers),
        ("message", "/console/compose" if apps else "", bool(messages)),
    )
    return () if all(is_done for _, _, is_done in steps) else steps
