"""
The operator's login: one password, and who may try it how often.

| who | tries it |
|---|---|
| an address (IPv6: its /64; a /56 twice, a /48 four times as often), this machine as one | 10 times in 10 minutes |
| all addresses together, but for this machine's own | 30 times in 10 minutes |
| a browser in which the operator signed in before (`sessions/account.py`) | 10 times in 10 minutes, for it alone |
| a session, to confirm who is there | 10 times in 10 minutes, for it alone |

Tries are counted before a form is read and anything is computed. So a flood can keep the operator from logging in by a
browser that is new, but not by one that is known, nor on the machine itself (over ssh), and it ends no session.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from aiohttp import web
from markupsafe import Markup
from msgspec import Struct

from watcher.core.accounts import Purpose, Registration, SignInState
from watcher.core.pace import RateLimit
from watcher.push.actor import acting
from watcher.push.qr import qr_svg
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE, SESSION, SETTINGS
from watcher.web.middleware.limits import LIMITER, Charge, charges_of_address
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.account import (
    ACCOUNT_COOKIE,
    CONSOLE,
    LOGIN,
    mark_of,
    remember_session,
    signed_in,
)
from watcher.web.sessions.approver import shown_code
from watcher.web.sessions.device import device_name
from watcher.web.transport.client import CLIENT, is_from_here, is_here

_OF_ADDRESS: Final = RateLimit(calls=10, per=timedelta(minutes=10))
_OF_ALL: Final = RateLimit(calls=30, per=timedelta(minutes=10))
_ALL: Final = "all"
_HERE: Final = "this machine"
"""One caller, for it has all of 127.0.0.0/8 to call from."""
_OUR_PATH: Final = re.compile(rf"{CONSOLE}(?:[/?][\w\-./?=&%~]*)?", re.ASCII)
_log = logging.getLogger(__name__)


class Scan(Struct, frozen=True, kw_only=True):
    """A code on a page: what has become of it, the four characters to compare, and the picture."""

    state: SignInState
    letters: str
    picture: Markup


async def show_login(request: web.Request) -> web.Response:
    """`GET /console/login`: the form; whoever is logged in already is redirected."""
    wanted = console_path(request.query.get("next", ""))
    if await signed_in(request) is not None:
        return see_other(wanted)
    return await login_page(request, wanted=wanted)


async def log_in(request: web.Request) -> web.Response:
    """`POST /console/login`: a new session, whatever the browser came with."""
    if wait := await _seconds_to_wait(request):
        return often(await login_page(request, status=429, wrong="login_often", minutes=math.ceil(wait / 60)), wait)
    form = await form_texts(request)
    wanted = console_path(form.get("next", ""))
    operator = request.app[SERVICE].operator
    kind = device_name(request.headers.get("User-Agent", ""))
    with acting(None, kind):
        token = await operator.log_in(form.get("password", ""), kind=kind, replacing=ACCOUNT_COOKIE.of(request))
    if token is None:
        _log.warning("a wrong password for the console came from %s", request.get(CLIENT, request.remote))
        return await login_page(request, status=401, wanted=wanted, wrong="login_wrong")
    response = see_other(wanted)
    await remember_session(request, response, token, None)
    return response


async def log_out(request: web.Request) -> web.Response:
    """`POST /console/logout`: the session ends, here and in the database."""
    if token := ACCOUNT_COOKIE.of(request):
        await request.app[SERVICE].sessions.end(token)
    return _logged_out(request)


async def log_out_everywhere(request: web.Request) -> web.Response:
    """`POST /console/logout/all`: every session of who asks ends, in this browser and all others."""
    await request.app[SERVICE].sessions.end_all(request[ACCOUNT].id)
    return _logged_out(request)


def console_path(path: str) -> str:
    """Return the path where it is one of the console's, so that nobody is led to another site; else its first page."""
    return path if _OUR_PATH.fullmatch(path) else CONSOLE


async def login_page(
    request: web.Request, *, status: int = 200, wanted: str = CONSOLE, wrong: str = "", minutes: int = 0
) -> web.Response:
    """
    Return the form.

    Args:
        wanted: the page of the console to lead on to.
        wrong: key of the words that say why it is shown again.
    """
    settings = request.app[SETTINGS]
    can_scan = settings.registration is not Registration.CLOSED
    can_scan = can_scan or await request.app[SERVICE].approvers.are_any()
    scan = await shown_scan(request, Purpose.SIGN_IN) if can_scan else None
    return render(
        request,
        "login.html",
        status=status,
        wanted=wanted,
        wrong=wrong,
        minutes=minutes,
        can_scan=can_scan,
        scan=scan,
        can_be_overheard=not (settings.is_https or is_from_here(request)),
    )


def often(page: web.Response, seconds: float) -> web.Response:
    """Return the page with how long to wait."""
    page.headers["Retry-After"] = str(math.ceil(seconds))
    return page


async def shown_scan(request: web.Request, purpose: Purpose) -> Scan | None:
    """Return the code for this purpose that the browser shows, to be drawn; None: it shows none."""
    shown = await shown_code(request, purpose)
    if shown is None:
        return None
    code, found = shown
    link = request.app[SETTINGS].link(f"/console/in/{code.code}")
    picture = Markup(qr_svg(link) if found.state is SignInState.OPEN else "")  # noqa: S704 our own drawing
    return Scan(state=found.state, letters=code.letters, picture=picture)


def seconds_to_confirm(request: web.Request) -> float:
    """Count a try of who is signed in and return 0; over the limit of the session return the seconds to wait."""
    return _seconds(request, [Charge("confirm", request[SESSION].id, _OF_ADDRESS)])


async def _seconds_to_wait(request: web.Request) -> float:
    """Count a try and return 0; over a limit return the seconds to wait."""
    marked = await mark_of(request)
    if marked is not None and marked[0].is_operator:
        charges = [Charge("log in again", marked[1], _OF_ADDRESS)]
    elif is_here(request):
        charges = [Charge("log in here", _HERE, _OF_ADDRESS)]
    else:
        # An address that is over its own limit takes nothing from all others.
        charges = [*charges_of_address(request, "log in", _OF_ADDRESS), Charge("log in, all", _ALL, _OF_ALL)]
    return _seconds(request, charges)


def _seconds(request: web.Request, charges: Sequence[Charge]) -> float:
    refusal = request.app[LIMITER].take(*charges)
    return 0.0 if refusal is None else refusal.seconds


def _logged_out(request: web.Request) -> web.Response:
    response = see_other(LOGIN)
    ACCOUNT_COOKIE.drop(request, response)
    return response
