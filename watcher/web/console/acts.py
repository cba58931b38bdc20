"""The log of what was done: the operator reads all of it, an owner what they did."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from watcher.core.acts import Act
from watcher.web.console.shell import Room, render_room
from watcher.web.keys import ACCOUNT, SERVICE

_PAGE: Final = 50


async def show_acts(request: web.Request) -> web.Response:
    """`GET /console/acts?before=`."""
    service, account = request.app[SERVICE], request[ACCOUNT]
    before = number_given(request, "before")
    found = await service.acts.latest(before=before, account_id=account.id, limit=_PAGE + 1)
    entries, has_more = found[:_PAGE], len(found) > _PAGE
    numbers = {entry.actor.account_id for entry in entries} - {None, account.id}
    named = {number: await service.accounts.of_id(number) for number in numbers if number is not None}
    return render_room(
        request,
        "acts.html",
        Room.ACTS,
        entries=entries,
        named={number: each.name for number, each in named.items() if each is not None},
        known=set(Act),
        newer="/console/acts" if before is not None else "",
        older=f"/console/acts?before={entries[-1].id}" if has_more else "",
    )


def number_given(request: web.Request, name: str) -> int | None:
    """Return a number in the query; None without one, and for anything odd."""
    given = request.query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None
