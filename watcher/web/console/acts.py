"""The log of what was done: the operator reads all of it, an owner what they did."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from watcher.core.acts import Act
from watcher.web.console.numbers import number
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import ACCOUNT, SERVICE

_PAGE: Final = 50


async def show_acts(request: web.Request) -> web.Response:
    """`GET /console/acts?before=`."""
    service, account = request.app[SERVICE], request[ACCOUNT]
    before = number(request.query.get("before", ""))
    found = await service.acts.latest(before=before, account_id=account.id, limit=_PAGE + 1)
    entries, has_more = found[:_PAGE], len(found) > _PAGE
    others = {entry.actor.account_id for entry in entries} - {None, account.id}
    return render_room(
        request,
        "acts.html",
        Room.ACTS,
        entries=entries,
        named=await service.apps.owner_names([each for each in others if each is not None]),
        known=set(Act),
        newer="/console/acts" if before is not None else "",
        older=f"/console/acts?before={entries[-1].id}" if has_more else "",
    )
