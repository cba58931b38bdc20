"""The log of what was done: the operator reads all of it, an owner what they did."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from watcher.core.acts import Act
from watcher.web.console.paging import page_of
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import ACCOUNT, SERVICE


async def show_acts(request: web.Request) -> web.Response:
    """`GET /console/acts?before=&after=`."""
    service, account = request.app[SERVICE], request[ACCOUNT]
    page = await page_of(request, partial(service.acts.latest, account_id=account.id), lambda entry: entry.id)
    others = {entry.actor.account_id for entry in page.items} - {None, account.id}
    apps = await service.apps.of_ids({entry.app_id for entry in page.items if entry.app_id is not None})
    return render_room(
        request,
        "acts.html",
        Room.ACTS,
        page=page,
        named=await service.apps.owner_names([each for each in others if each is not None]),
        apps={app.id: app.profile.name for app in apps if account.owns(app.account_id)},
        known=set(Act),
    )
