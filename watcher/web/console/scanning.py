"""
Signing in by scanning (`push/sign_in_codes.py`): a browser shows a code, a phone opens it and answers.

| who | makes codes |
|---|---|
| an address (IPv6: its /64; a /56 twice, a /48 four times as often) | 30 in 10 minutes |
| all addresses together | 10,000 alive (`MAX_CODES`), and no more than that: whoever fills them has 1,700 addresses |
| browsers in which an account signed in before, and its devices that may approve | 30 in 10 minutes, before the above |
| a session | 30 in 10 minutes, and no others |

What strangers may do is counted by address; who is known by a session, a device or a code, by that.

A GET writes nothing: the code is made, answered and taken by POST.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiohttp import web

from watcher.core.accounts import OPERATOR, AccountState, Purpose, Registration, SignIn, SignInState
from watcher.core.caps import Made
from watcher.core.pace import RateLimit
from watcher.core.urls import host_of
from watcher.errors import CapReachedError, RefusedError
from watcher.push.sign_in_codes import letters_of, letters_of_request, life_of
from watcher.web.console.confirming import CONFIRM, confirm_page
from watcher.web.console.login import console_path, login_page, often
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE, SESSION, SETTINGS
from watcher.web.middleware.limits import LIMITER, Charge, charges_of_address, count_address, count_caller, count_making
from watcher.web.pages.view import render, see_other
from watcher.web.sessions.account import ACCOUNT_COOKIE, LOGIN, leading_on, mark_of, remember_session, signed_in
from watcher.web.sessions.approver import APPROVER_COOKIE, CODE_COOKIE, approver_of, code_of, remember_code
from watcher.web.sessions.device import device_name
from watcher.web.transport.client import CLIENT

ME: Final = "/console/me"
_OF_ADDRESS: Final = RateLimit(calls=30, per=timedelta(minutes=10))
_WAIT_SECONDS: Final = 20.0
_WAITS: Final = "waits"
"""In the query of the page of a device that asked for an account: its code is over long before it is granted."""
_YES: Final = "yes"
"""In that of a device that said yes: the browser may have used the code up before the page is asked for."""
_UNANSWERED: Final = {
    SignInState.OPEN: "code_not_yet",
    SignInState.ASKED: "code_asked",
    SignInState.REFUSED: "code_refused",
}


async def make_code(request: web.Request) -> web.Response:
    """`POST /console/code`: a code to sign in, which the login then shows."""
    form = await form_texts(request)
    wanted = console_path(form.get("next", ""))
    is_known = await _has_own_share(request)
    if not is_known and (wait := seconds_to_next_code(request)):
        return often(await login_page(request, status=429, wanted=wanted, wrong="code_often"), wait)
    try:
        return await show_a_code(request, Purpose.SIGN_IN, None, back=leading_on(LOGIN, wanted), is_known=is_known)
    except CapReachedError as full:
        page = await login_page(request, status=503, wanted=wanted, wrong="code_often")
        return often(page, full.retry_after.total_seconds())


async def make_confirm_code(request: web.Request) -> web.Response:
    """`POST /console/confirm/code`: a code to show once more who is there."""
    form = await form_texts(request)
    wanted = console_path(form.get("next", ""))
    if wait := seconds_to_next_code(request):
        return often(await confirm_page(request, status=429, wanted=wanted, wrong="code_often"), wait)
    return await show_a_code(request, Purpose.CONFIRM, request[ACCOUNT].id, back=leading_on(CONFIRM, wanted))


async def show_a_code(
    request: web.Request, purpose: Purpose, account_id: int | None, *, back: str, is_known: bool = False
) -> web.Response:
    """Make a code, and lead to the page that shows it. Raises CapReachedError, unless who asks `is_known`."""
    code = await request.app[SERVICE].sign_in_codes.make(
        purpose, kind=_kind(request), address=_address(request), account_id=account_id, is_known=is_known
    )
    response = see_other(back)
    remember_code(request, response, code)
    return response


async def wait_for_answer(request: web.Request) -> web.Response:
    """`GET /console/code/state`: what has become of the code that the browser shows, once it was answered, or soon."""
    codes, code = request.app[SERVICE].sign_in_codes, code_of(request)
    found = None if code is None else await codes.shown(code)
    _count(request, "sign-in state", None if found is None else found.id)
    if code is not None and found is not None:
        found = await codes.change(code, seconds=_WAIT_SECONDS)
    state = "over" if found is None else found.state.value
    return web.json_response({"state": state}, headers={"Cache-Control": "no-store"})


async def go_on(request: web.Request) -> web.Response:
    """`POST /console/code/go`: signs in the browser whose code was approved; the code is used up."""
    form = await form_texts(request)
    wanted = console_path(form.get("next", ""))
    service, code = request.app[SERVICE], code_of(request)
    found = None if code is None else await service.sign_in_codes.shown(code)
    if code is None or found is None:
        return await login_page(request, status=422, wanted=wanted, wrong="code_over")
    if found.purpose is Purpose.APPROVER:
        return see_other(ME)
    if found.purpose is Purpose.CONFIRM:
        return await _go_on_confirmed(request, found, wanted)
    if wrong := _UNANSWERED.get(found.state):
        return await login_page(request, status=422, wanted=wanted, wrong=wrong)
    token = await service.sign_ins.finish(code, kind=_kind(request), replacing=ACCOUNT_COOKIE.of(request))
    if token is None:
        return await login_page(request, status=422, wanted=wanted, wrong="code_over")
    response = see_other(wanted)
    await remember_session(request, response, token, found.account_id)
    CODE_COOKIE.drop(request, response)
    return response


async def _go_on_confirmed(request: web.Request, found: SignIn, wanted: str) -> web.Response:
    known, code = await signed_in(request), code_of(request)
    if known is None or code is None:
        raise web.HTTPUnauthorized
    request[ACCOUNT], request[SESSION] = known
    if wrong := _UNANSWERED.get(found.state):
        return await confirm_page(request, status=422, wanted=wanted, wrong=wrong)
    if not await request.app[SERVICE].sign_ins.confirm(code, known[1].id, known[0].id):
        return await confirm_page(request, status=422, wanted=wanted, wrong="code_over")
    response = see_other(wanted)
    CODE_COOKIE.drop(request, response)
    return response


async def show_question(request: web.Request) -> web.Response:
    """`GET /console/in/{code}`: what the phone that opened a code is asked."""
    await _count_device(request, "sign-in question")
    return await _question(request)


async def answer_question(request: web.Request) -> web.Response:
    """`POST /console/in/{code}`: yes, no, or a name to register by."""
    await _count_device(request, "sign-in answer")
    code, form = request.match_info["code"], await form_texts(request)
    response = see_other(f"/console/in/{code}")
    try:
        match form.get("answer", ""):
            case "yes":
                await request.app[SERVICE].sign_ins.approve(code, APPROVER_COOKIE.of(request))
                response.headers["Location"] += f"?{_YES}"
            case "no":
                await request.app[SERVICE].sign_ins.refuse(code)
            case "approver" if await _loses_another(request, code, form.get("gives_up", "")):
                return await _question(request, is_loss=True)
            case "approver":
                token = await request.app[SERVICE].approvers.let_approve_by(
                    code, kind=_kind(request), replacing=APPROVER_COOKIE.of(request)
                )
                APPROVER_COOKIE.put(request, response, token)
            case "register":
                await _register(request, response, code, form.get("name", ""))
                response.headers["Location"] += f"?{_WAITS}"
            case _:
                raise web.HTTPBadRequest(reason="no answer")
    except RefusedError:
        # Late, used, foreign: the page says which. What is left is a name that is none.
        is_name = form.get("answer") == "register"
        return await _question(request, status=422, name=form.get("name", ""), wrong="register_name" if is_name else "")
    return response


async def _register(request: web.Request, response: web.Response, code: str, name: str) -> None:
    if await approver_of(request) is not None:
        raise RefusedError("this device has an account")
    registration = request.app[SETTINGS].registration
    if registration is not Registration.CLOSED:
        count_making(request, Made.ACCOUNTS)
    token = await request.app[SERVICE].registrations.register(
        code, name, registration, kind=_kind(request), replacing=APPROVER_COOKIE.of(request)
    )
    APPROVER_COOKIE.put(request, response, token)


async def _loses_another(request: web.Request, code: str, gives_up: str) -> bool:
    """Return whether this device approves for another account than the code's, and was not asked to give that up."""
    found, known = await request.app[SERVICE].sign_in_codes.asked(code), await approver_of(request)
    if found is None or found.state is not SignInState.OPEN or known is None:
        return False
    return found.account_id != known[1].id and gives_up != str(known[0].id)


async def _question(
    request: web.Request, *, status: int = 200, name: str = "", wrong: str = "", is_loss: bool = False
) -> web.Response:
    service, code = request.app[SERVICE], request.match_info["code"]
    found, known = await service.sign_in_codes.asked(code), await approver_of(request)
    account = None if known is None else known[1]
    view = _view(request, found, None if account is None else account.state)
    is_foreign = found is not None and account is not None and found.account_id != account.id
    if found is not None and view == "ask" and found.purpose is Purpose.CONFIRM and is_foreign:
        view = "foreign"
    if view in ("unknown", "late", "recovery_late") and status == 200:
        status = 404
    of = None
    if found is not None and view in ("approver", "recovery"):
        of = OPERATOR if found.account_id is None else await service.accounts.of_id(found.account_id)
        view = "unknown" if of is None else "loss" if is_loss else view
    return render(
        request,
        "console/in.html",
        status=status,
        view=view,
        code=found,
        letters=letters_of(code),
        made_at=None if found is None else found.expires_at - life_of(found.purpose),
        console=request.app[SETTINGS].operator_name or host_of(request.app[SETTINGS].public_url),
        account=account,
        of=of,
        gives_up=None if known is None else known[0].id,
        own_letters="" if account is None else letters_of_request(account),
        own_address=_address(request),
        registration=request.app[SETTINGS].registration,
        name=name,
        wrong=wrong if view == "register" else "",
    )


def _view(request: web.Request, found: SignIn | None, state: AccountState | None) -> str:
    """Return which of the views of the page is shown to a device, whose account is in this state; None: it has none."""
    if view := _view_of_newcomer(request, found, state):
        return view
    if found is None:
        return "yes" if _YES in request.query and state is AccountState.ACTIVE else "unknown"
    if not request.app[SERVICE].sign_in_codes.is_alive(found):
        return "recovery_late" if found.purpose is Purpose.RECOVERY else "late"
    if found.purpose is Purpose.RECOVERY and found.state is SignInState.APPROVED:
        return "recovered"
    if found.state is not SignInState.OPEN:
        return {SignInState.APPROVED: "yes", SignInState.REFUSED: "no"}.get(found.state, "asked")
    if found.purpose in (Purpose.APPROVER, Purpose.RECOVERY):
        return found.purpose.value
    if state is not None:
        return {AccountState.ACTIVE: "ask", AccountState.BLOCKED: "blocked"}.get(state, "waiting")
    is_closed = request.app[SETTINGS].registration is Registration.CLOSED or found.purpose is Purpose.CONFIRM
    return "closed" if is_closed else "register"


def _view_of_newcomer(request: web.Request, found: SignIn | None, state: AccountState | None) -> str | None:
    """Return what a device is shown whose request for an account waits, or was granted; None: it has not asked here."""
    is_over = found is None or (
        found.purpose is Purpose.SIGN_IN and not request.app[SERVICE].sign_in_codes.is_alive(found)
    )
    has_asked = found is not None and found.state is SignInState.ASKED
    match state:
        case AccountState.WAITING if is_over:
            return "waiting"
        case AccountState.ACTIVE if has_asked or (is_over and _WAITS in request.query):
            return "welcome"
        case _:
            return None


def seconds_to_next_code(request: web.Request) -> float:
    """Count a code, of the session or else of the address, and return 0; over its limit return the seconds to wait."""
    session = request.get(SESSION)
    of_address = charges_of_address(request, "sign-in code", _OF_ADDRESS)
    charges = of_address if session is None else [Charge("codes of a session", session.id, _OF_ADDRESS)]
    refusal = request.app[LIMITER].take(*charges)
    return 0.0 if refusal is None else refusal.seconds


async def _has_own_share(request: web.Request) -> bool:
    """
    Count a code in the share of an active account that signed in here before, or whose sign-ins this device approves.

    Returns False where there is none, or its share is used up.
    """
    known, device = await mark_of(request), await approver_of(request)
    account = known[0] if known is not None else device[1] if device is not None else None
    if account is None or account.state is not AccountState.ACTIVE:
        return False
    return request.app[LIMITER].take(Charge("codes of an account", account.id, _OF_ADDRESS)) is None


async def _count_device(request: web.Request, purpose: str) -> None:
    known = await approver_of(request)
    _count(request, purpose, None if known is None else known[0].id)


def _count(request: web.Request, purpose: str, known_id: int | None) -> None:
    """Count a call of what is known by this number, or else of the address. Raises HTTPTooManyRequests."""
    limit = request.app[SETTINGS].address_calls
    if known_id is None:
        count_address(request, purpose, limit)
    else:
        count_caller(request, purpose, known_id, limit)


def _kind(request: web.Request) -> str:
    return device_name(request.headers.get("User-Agent", ""))


def _address(request: web.Request) -> str:
    return (request.get(CLIENT, request.remote) or "")[:64]
