"""Where the one who is signed in is signed in, and which devices may approve that."""

from __future__ import annotations

from aiohttp import web

from watcher.core.accounts import Account, Approver, Purpose
from watcher.errors import RefusedError
from watcher.web.addresses import known, number_in
from watcher.web.console.confirming import require_recent
from watcher.web.console.login import often, shown_scan
from watcher.web.console.scanning import ME, seconds_to_next_code, show_a_code
from watcher.web.console.shell import Room, Said, ask, done, render_room
from watcher.web.forms import form_texts
from watcher.web.keys import ACCOUNT, SERVICE, SESSION
from watcher.web.pages.language import language_of
from watcher.web.pages.view import see_other, words_in
from watcher.web.sessions.account import ACCOUNT_COOKIE, LOGIN
from watcher.web.sessions.approver import APPROVER_COOKIE, approver_of
from watcher.web.sessions.device import device_name


async def show_me(request: web.Request) -> web.Response:
    """`GET /console/me`."""
    return await _page(request)


async def change_name(request: web.Request) -> web.Response:
    """`POST /console/me/name`: an owner's; the operator has none here."""
    account = request[ACCOUNT]
    if account.id is None:
        raise web.HTTPNotFound
    name = (await form_texts(request)).get("name", "")
    try:
        await request.app[SERVICE].accounts.rename(account.id, name)
    except RefusedError:
        return await _page(request, status=422, name=name, wrong_name="register_name")
    return done(ME, Said.NAME_CHANGED)


async def show_phone_code(request: web.Request) -> web.Response:
    """`POST /console/me/phone`: a code; the phone that opens it may approve from then on."""
    await require_recent(request, back=ME)
    if wait := seconds_to_next_code(request):
        return often(await _page(request, status=429, wrong_phone="me_code_often"), wait)
    return await show_a_code(request, Purpose.APPROVER, request[ACCOUNT].id, back=f"{ME}#phones")


async def approve_here(request: web.Request) -> web.Response:
    """`POST /console/me/approve-here`: this very browser may approve from now on."""
    await require_recent(request, back=ME)
    here = await approver_of(request)
    gives_up = (await form_texts(request)).get("gives_up")
    if here is not None and here[1].id != request[ACCOUNT].id and gives_up != str(here[0].id):
        return _ask_to_give_up(request, *here)
    kind = device_name(request.headers.get("User-Agent", ""))
    try:
        token = await request.app[SERVICE].approvers.let_approve(
            request[ACCOUNT].id, kind=kind, replacing=APPROVER_COOKIE.of(request)
        )
    except RefusedError:  # blocked just now, and signed out with it
        return see_other(LOGIN)
    response = done(ME, Said.APPROVER_ADDED)
    APPROVER_COOKIE.put(request, response, token)
    return response


async def end_approver(request: web.Request) -> web.Response:
    """
    `POST /console/me/approvers/{id}/end`: that device approves nothing more.

    Who found a browser signed in must not lock its person out: another device, or the last one, ends for who is known.
    An owner, who has no password, is asked before the last one goes.
    """
    number, account, approvers = number_in(request, "id"), request[ACCOUNT], request.app[SERVICE].approvers
    ids = [each.id for each in await approvers.of_account(account.id)]
    if number not in ids:
        raise web.HTTPNotFound
    here = await approver_of(request)
    if here is None or here[0].id != number or ids == [number]:
        await require_recent(request, back=ME)
    if ids == [number] and account.id is not None and (await form_texts(request)).get("sure") != "yes":
        return _ask_to_end_the_last(request)
    known(await approvers.end(account.id, number))
    return done(ME, Said.APPROVER_ENDED)


def _ask_to_give_up(request: web.Request, approver: Approver, former: Account) -> web.Response:
    t = words_in(language_of(request))
    name, of = [
        t("the_operator") if each.is_operator else each.safe_name or t("owner_number", id=each.id)
        for each in (former, request[ACCOUNT])
    ]
    means = t("in_loss_means", name=name, of=of)
    return _ask(request, t("in_loss", name=name), means, t("in_loss_yes"), gives_up=str(approver.id))


def _ask_to_end_the_last(request: web.Request) -> web.Response:
    t = words_in(language_of(request))
    return _ask(request, t("me_last_ask"), t("me_last_means"), t("me_last_do"), sure="yes")


def _ask(request: web.Request, question: str, means: str, label: str, **hidden: str) -> web.Response:
    return ask(
        request,
        Room.ME,
        question=question,
        what=[means],
        label=label,
        back=ME,
        is_final=False,
        hidden=hidden,
    )


async def end_session(request: web.Request) -> web.Response:
    """`POST /console/me/sessions/{id}/end`: that browser is signed out, be it this one."""
    number = number_in(request, "id")
    known(await request.app[SERVICE].sessions.end_one(request[ACCOUNT].id, number))
    if number != request[SESSION].id:
        return done(ME, Said.SESSION_ENDED)
    response = see_other(LOGIN)
    ACCOUNT_COOKIE.drop(request, response)
    return response


async def end_other_sessions(request: web.Request) -> web.Response:
    """`POST /console/me/sessions/end-others`: all browsers but this one are signed out."""
    await request.app[SERVICE].sessions.end_all(request[ACCOUNT].id, but=request[SESSION].id)
    return done(ME, Said.OTHERS_ENDED)


async def ask_to_delete_me(request: web.Request) -> web.Response:
    """`GET /console/me/delete`: what ends with an owner's account; or that it has applications."""
    account = request[ACCOUNT]
    if account.id is None:
        raise web.HTTPNotFound
    await require_recent(request, back=request.path)
    if await request.app[SERVICE].accounts.app_count(account.id):
        return await _page(request, status=422, wrong_delete="delete_has_apps")
    t = words_in(language_of(request))
    return ask(
        request,
        Room.ME,
        question=t("me_delete_ask"),
        what=[t("me_delete_means")],
        label=t("me_delete"),
        back=ME,
    )


async def delete_me(request: web.Request) -> web.Response:
    """`POST /console/me/delete`: removes an owner's account, unless it has applications."""
    account = request[ACCOUNT]
    if account.id is None:
        raise web.HTTPNotFound
    await require_recent(request, back=request.path)
    try:
        await request.app[SERVICE].accounts.remove(account.id)
    except RefusedError:
        return await _page(request, status=422, wrong_delete="delete_has_apps")
    response = see_other(LOGIN)
    ACCOUNT_COOKIE.drop(request, response)
    return response


async def _page(
    request: web.Request,
    *,
    status: int = 200,
    name: str | None = None,
    wrong_name: str = "",
    wrong_phone: str = "",
    wrong_delete: str = "",
) -> web.Response:
    service, account = request.app[SERVICE], request[ACCOUNT]
    here = await approver_of(request)
    return render_room(
        request,
        "me.html",
        Room.ME,
        status=status,
        sessions=await service.sessions.of_account(account.id),
        here=request[SESSION].id,
        approvers=await service.approvers.of_account(account.id),
        approver_here=None if here is None or here[1].id != account.id else here[0].id,
        scan=await shown_scan(request, Purpose.APPROVER),
        name=account.name if name is None else name,
        wrong_name=wrong_name,
        wrong_phone=wrong_phone,
        wrong_delete=wrong_delete,
        app_count=0 if account.id is None else await service.accounts.app_count(account.id),
        wanted=ME,
    )
