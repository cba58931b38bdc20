"""
Who asks for something dangerous shows once more who they are, unless they did within 10 minutes.

| what it does | it asks |
|---|---|
| nothing brings back what it ends: a message, an outbox entry, a topic, an application, an account | yes |
| it gives or takes a right to get in to what is there: an account, an approving device, a token, a printed code | yes |
| it has what a topic gets, or what its subscribers write, sent somewhere else | yes |
| it shows a link by which whoever has it reads a topic | yes |
| it signs somebody out: they sign in again, and who lost a device is in a hurry | no |
| anything else: it is undone, changed back, or the daily work, such as to send | no |

The page that asks for a yes asks for this first, and its form asks again: ten minutes may pass in between.
"""

from __future__ import annotations

import math
from typing import Final

from aiohttp import web

from watcher.core.accounts import Purpose
from watcher.web.console.login import console_path, often, seconds_to_confirm, shown_scan
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE, SESSION
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.account import CONSOLE, leading_on

CONFIRM: Final = f"{CONSOLE}/confirm"


async def require_recent(request: web.Request, *, back: str) -> None:
    """
    Raise HTTPSeeOther, to a page that asks who is there and leads back, unless they showed it within 10 minutes.

    Args:
        back: an address of the console that GET may ask for: of the page with the form, or that asks for a yes.
    """
    if not request.app[SERVICE].sessions.is_recent(request[SESSION]):
        raise web.HTTPSeeOther(leading_on(CONFIRM, back))


async def show_confirm(request: web.Request) -> web.Response:
    """`GET /console/confirm?next=`: the question who is there."""
    wanted = console_path(request.query.get("next", ""))
    if request.app[SERVICE].sessions.is_recent(request[SESSION]):
        return see_other(wanted)
    return await confirm_page(request, wanted=wanted)


async def confirm(request: web.Request) -> web.Response:
    """`POST /console/confirm`: the password, which each session may try ten times in ten minutes."""
    if wait := seconds_to_confirm(request):
        return often(await confirm_page(request, status=429, wrong="login_often", minutes=math.ceil(wait / 60)), wait)
    form = await form_texts(request)
    wanted = console_path(form.get("next", ""))
    is_right = request[ACCOUNT].is_operator and await request.app[SERVICE].operator.confirm(
        form.get("password", ""), request[SESSION].id
    )
    return (
        see_other(wanted) if is_right else await confirm_page(request, status=422, wanted=wanted, wrong="login_wrong")
    )


async def confirm_page(
    request: web.Request, *, status: int = 200, wanted: str = CONSOLE, wrong: str = "", minutes: int = 0
) -> web.Response:
    """
    Return the question who is there.

    Args:
        wanted: the page of the console to lead on to.
        wrong: key of the words that say why it is shown again.
    """
    account = request[ACCOUNT]
    can_scan = bool(await request.app[SERVICE].approvers.of_account(account.id))
    return render(
        request,
        "console/again.html",
        status=status,
        wanted=wanted,
        wrong=wrong,
        minutes=minutes,
        account=account,
        can_scan=can_scan,
        scan=await shown_scan(request, Purpose.CONFIRM) if can_scan else None,
    )
